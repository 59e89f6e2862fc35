import type { DeviceCommand, Platform } from '../platform';
import { LESS, LESS_END, MORE, NEW_PASSWORD } from './shared.data';

const table = (purpose: DeviceCommand['purpose'], id: string, ...lines: [string, ...string[]]): DeviceCommand => ({
  id,
  purpose,
  lines,
  output: 'text',
});

/**
 * PAN-OS: CLI Quick Start. `set cli` sets the session alone. `show config running` prints braces; keys are printed
 * encrypted or hashed.
 */
export const panos: Platform = {
  platform: 'panos',
  summary: 'Palo Alto Networks PAN-OS',
  prompt: /^[\w.@:()-]{1,128}[>#] ?$/,
  privileged: /> ?$/,
  login: [
    {
      shows: /^[^\n]{0,200}[Dd]o you accept and acknowledge the statement above\s?\?\s?\(?yes\/no\)?\s?: ?$/,
      answer: { line: 'yes' },
    },
  ],
  stop: [NEW_PASSWORD],
  prepare: ['set cli scripting-mode on', 'set cli pager off', 'set cli terminal width 500'],
  pagers: [MORE, LESS_END, LESS],
  refused: [/^(?:Server error ?: ?)?(?:Permission denied|You (?:do not have|need) (?:permission|superuser))/i],
  unknown: [/^(?:Unknown command|Invalid syntax)/i],
  version: /^sw-version: ([\w.-]{1,40})/,
  logout: 'exit',
  commands: [
    table('identity', 'clock', 'show clock'),
    table('identity', 'version', 'show system info'),
    table('state', 'connections', 'show session all'),
    table('state', 'nat_rules', 'show running nat-policy'),
    table('state', 'nat_pools', 'show running ippool'),
    table('state', 'ike_sa', 'show vpn ike-sa'),
    table('state', 'vpn_sessions', 'show vpn ipsec-sa'),
    table('state', 'gateway_users', 'show global-protect-gateway current-user'),
    table('state', 'arp', 'show arp all'),
    table('state', 'mac_table', 'show mac all'),
    table('state', 'neighbours_lldp', 'show lldp neighbors all'),
    table('state', 'sockets', 'show netstat numeric yes'),
    table('standing', 'policy', 'show running security-policy'),
    table('standing', 'panorama', 'show panorama-status'),
    table('standing', 'license', 'request license info'),
    table('standing', 'telemetry', 'show device-telemetry settings'),
    { ...table('configuration', 'running_config', 'show config running'), terminator: /^\}\s*$/ },
  ],
};
