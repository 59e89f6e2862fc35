import type { DeviceCommand, Platform } from '../platform';
import { CISCO_REFUSED, CISCO_UNKNOWN, MORE, NEW_PASSWORD } from './shared.data';

const table = (purpose: DeviceCommand['purpose'], id: string, ...lines: [string, ...string[]]): DeviceCommand => ({
  id,
  purpose,
  lines,
  output: 'text',
});

/** Arista EOS: User Manual. */
export const aristaEos: Platform = {
  platform: 'arista_eos',
  summary: 'Arista EOS',
  prompt: /^[\w.@:()/-]{1,128}(?:\([^()\n]{1,64}\))?[#>] ?$/,
  privileged: /# ?$/,
  enable: { line: 'enable', password: /^[Pp]assword: ?$/ },
  login: [],
  stop: [NEW_PASSWORD],
  prepare: ['terminal length 0', 'terminal width 32767'],
  pagers: [MORE],
  refused: [...CISCO_REFUSED, /^% ?(?:Authorization denied for command|[^\n]{0,40}privileged mode required)/i],
  unknown: CISCO_UNKNOWN,
  version: /^Software image version: ([\w.-]{1,40})/,
  changes: 'config_changes',
  logout: 'exit',
  commands: [
    table('identity', 'clock', 'show clock'),
    table('identity', 'version', 'show version'),
    table('state', 'nat_translations', 'show ip nat translation', 'show ip nat translations'),
    table('state', 'arp', 'show ip arp vrf all', 'show ip arp'),
    table('state', 'mac_table', 'show mac address-table'),
    table('state', 'neighbours_lldp', 'show lldp neighbors detail'),
    table('state', 'config_changes', 'show logging | include SYS-5-CONFIG'),
    table('state', 'vpn_sessions', 'show ip security connection'),
    table('standing', 'telemetry', 'show management api gnmi'),
    table('standing', 'daemons', 'show daemon'),
    { ...table('configuration', 'running_config', 'show running-config | no-more'), terminator: /^end\s*$/ },
  ],
};
