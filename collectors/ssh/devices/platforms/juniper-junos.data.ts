import type { DeviceCommand, Platform } from '../platform';
import { JUNOS_MORE, MORE, NEW_PASSWORD } from './shared.data';

const table = (purpose: DeviceCommand['purpose'], id: string, ...lines: [string, ...string[]]): DeviceCommand => ({
  id,
  purpose,
  lines,
  output: 'text',
});

/**
 * Junos: CLI User Guide. Root logs in to a shell and `cli` leads out of it. The configuration is read twice: in braces,
 * whose last line closes it, and as `set` lines, which name what is inactive.
 */
export const juniperJunos: Platform = {
  platform: 'juniper_junos',
  summary: 'Juniper Junos (SRX, MX, EX, QFX)',
  prompt: /^[\w.@:~ -]{1,128}[%>$#] ?$/,
  // `{master:0}`, `{primary:node0}`
  promptHead: /^\{[a-z-]{1,20}(?::[\w-]{1,20})?\}$/,
  privileged: /[>#] ?$/,
  login: [
    { shows: /^[\w.@-]{0,100}(?::[^\n%#]{1,64})?% ?$/, answer: { line: 'cli' } },
    { shows: /^root@[\w.-]{0,64}:[^\n#]{1,64}# ?$/, answer: { line: 'cli' } },
  ],
  stop: [NEW_PASSWORD],
  prepare: ['set cli screen-length 0', 'set cli screen-width 0', 'set cli complete-on-space off'],
  pagers: [JUNOS_MORE, MORE],
  refused: [/^error: permission denied/i, /^\s{0,64}\^\n(?:permission denied)/i, /^permission denied/i],
  unknown: [/^unknown command\.?/i, /^syntax error/i, /^error: (?:command is not valid|syntax error|unknown command)/i],
  changes: 'commits',
  version: /^(?:Junos|JUNOS)[^\n]{0,80}?[: [](\d{1,3}\.[\w.-]{1,40})/,
  logout: 'exit',
  commands: [
    table('identity', 'clock', 'show system uptime'),
    table('identity', 'version', 'show version'),
    table('state', 'connections', 'show security flow session'),
    table('state', 'nat_translations', 'show security nat source persistent-nat-table all'),
    table('state', 'sockets', 'show system connections'),
    table('state', 'ike_sa', 'show security ike security-associations detail', 'show security ike sa'),
    table('state', 'vpn_sessions', 'show security ipsec security-associations', 'show security ipsec sa'),
    table('state', 'arp', 'show arp no-resolve'),
    table('state', 'mac_table', 'show ethernet-switching table', 'show bridge mac-table'),
    table('state', 'neighbours_lldp', 'show lldp neighbors'),
    table('state', 'commits', 'show system commit'),
    table('standing', 'license', 'show system license'),
    {
      ...table('configuration', 'running_config', 'show configuration | display set | no-more'),
      parameters: { form: 'set' },
    },
    {
      ...table('configuration', 'running_config', 'show configuration | no-more'),
      parameters: { form: 'braces' },
      terminator: /^\}\s*$/,
    },
  ],
};
