import type { DeviceCommand, Platform } from '../platform';
import { NEW_PASSWORD, PRESS_ENTER } from './shared.data';

const table = (purpose: DeviceCommand['purpose'], id: string, ...lines: [string, ...string[]]): DeviceCommand => ({
  id,
  purpose,
  lines,
  output: 'text',
});

/**
 * MikroTik RouterOS: Command Line Interface, section "Login options": the suffix of the user name turns off colours (c),
 * the detection of the terminal (t), and sets its size. Version 7 hides secrets in `/export`, version 6 when told; 7 does
 * not know the word, so it is tried first.
 */
export const mikrotik: Platform = {
  platform: 'mikrotik',
  summary: 'MikroTik RouterOS',
  prompt: /^\[[\w.+-]{1,64}@[^\]\n]{1,128}\] ?(?:\/[\w /-]{0,64})?> ?$/,
  privileged: /> ?$/,
  login: [{ shows: /^[^\n]{0,200}software license\? \[Y\/n\]: ?$/, answer: { press: 'no' } }, PRESS_ENTER],
  stop: [NEW_PASSWORD, { shows: /^new password> ?$/i, reason: 'the device asks for a new password' }],
  prepare: [],
  pagers: [{ shows: /^-- \[[^\]\n]{1,80}\] ?$/, press: 'space' }],
  refused: [/^(?:not enough permissions|failure: [^\n]{0,80}permission|you do not have [^\n]{0,40}permission)/i],
  unknown: [/^(?:bad command name|expected end of command|syntax error|no such item|expected )/i],
  version: /^\s{0,40}version: ([\w.]{1,40})/,
  changes: 'history',
  userSuffix: '+ct511w4098h',
  logout: '/quit',
  commands: [
    table('identity', 'clock', '/system clock print without-paging', '/system clock print'),
    table('identity', 'version', '/system resource print without-paging', '/system resource print'),
    table('state', 'connections', '/ip firewall connection print terse without-paging'),
    table('state', 'arp', '/ip arp print terse without-paging'),
    table('state', 'mac_table', '/interface bridge host print terse without-paging'),
    table('state', 'neighbours', '/ip neighbor print terse without-paging'),
    table('state', 'dhcp_leases', '/ip dhcp-server lease print terse without-paging'),
    table('state', 'vpn_sessions', '/ip ipsec active-peers print terse without-paging'),
    table('state', 'ppp_sessions', '/ppp active print terse without-paging'),
    table('standing', 'license', '/system license print without-paging', '/system license print'),
    table('standing', 'cloud_management', '/ip cloud print without-paging', '/ip cloud print'),
    table('state', 'history', '/system history print without-paging'),
    table('configuration', 'running_config', '/export hide-sensitive', '/export'),
  ],
};
