import type { DeviceCommand, Platform } from '../platform';
import { LESS, LESS_END, MORE, NEW_PASSWORD } from './shared.data';

const table = (purpose: DeviceCommand['purpose'], id: string, ...lines: [string, ...string[]]): DeviceCommand => ({
  id,
  purpose,
  lines,
  output: 'text',
});

/** VyOS: User Guide. `set terminal` sets the session alone. */
export const vyos: Platform = {
  platform: 'vyos',
  summary: 'VyOS (and EdgeOS)',
  prompt: /^[\w.-]{1,64}@[\w.-]{1,64}(?::[^\n$>]{0,64}\$|>) ?$/,
  privileged: /[$>] ?$/,
  login: [],
  stop: [NEW_PASSWORD],
  prepare: ['set terminal length 0', 'set terminal width 511'],
  pagers: [LESS_END, LESS, MORE],
  refused: [/^(?:[^\n]{0,80}: )?Permission denied/i],
  unknown: [/^\s{0,4}(?:Invalid command|Incomplete command|Ambiguous command|[^\n]{1,80}: command not found)/i],
  changes: 'commits',
  version: /^Version:\s{1,20}(?:VyOS )?([\w.-]{1,60})/,
  logout: 'exit',
  commands: [
    table('identity', 'clock', 'show date'),
    table('identity', 'version', 'show version'),
    table('state', 'nat_translations', 'show nat source translations'),
    table('state', 'connections', 'show conntrack table ipv4'),
    table('state', 'vpn_sessions', 'show vpn ipsec sa'),
    table('state', 'ike_sa', 'show vpn ike sa'),
    table('state', 'arp', 'show arp', 'show protocols static arp'),
    table('state', 'mac_table', 'show bridge fdb', 'show bridge'),
    table('state', 'neighbours_lldp', 'show lldp neighbors'),
    table('state', 'dhcp_leases', 'show dhcp server leases'),
    table('state', 'commits', 'show system commit'),
    table('configuration', 'running_config', 'show configuration commands | no-more'),
  ],
};
