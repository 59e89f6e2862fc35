import type { DeviceCommand, Platform } from '../platform';
import { CISCO_REFUSED, CISCO_UNKNOWN, MORE, NEW_PASSWORD } from './shared.data';

const table = (purpose: DeviceCommand['purpose'], id: string, ...lines: [string, ...string[]]): DeviceCommand => ({
  id,
  purpose,
  lines,
  output: 'text',
});

/** Cisco NX-OS: Fundamentals and Unicast Routing command references. Its configuration has no closing line. */
export const ciscoNxos: Platform = {
  platform: 'cisco_nxos',
  summary: 'Cisco NX-OS',
  prompt: /^[\w.@:()/-]{1,128}[#>] ?$/,
  privileged: /# ?$/,
  enable: { line: 'enable', password: /^[Pp]assword: ?$/ },
  login: [],
  stop: [NEW_PASSWORD],
  prepare: ['terminal length 0', 'terminal width 511'],
  pagers: [MORE],
  refused: CISCO_REFUSED,
  unknown: CISCO_UNKNOWN,
  version: /^ {0,4}(?:NXOS: version|system: {1,8}version) ([\w.()]{1,40})/,
  changes: 'config_changes',
  logout: 'exit',
  commands: [
    table('identity', 'clock', 'show clock'),
    table('identity', 'version', 'show version'),
    table('state', 'sockets', 'show sockets connection'),
    table('state', 'nat_translations', 'show ip nat translations'),
    table('state', 'arp', 'show ip arp detail vrf all', 'show ip arp vrf all', 'show ip arp'),
    table('state', 'mac_table', 'show mac address-table'),
    table('state', 'neighbours_cdp', 'show cdp neighbors detail'),
    table('state', 'neighbours_lldp', 'show lldp neighbors detail'),
    table('state', 'config_changes', 'show logging logfile | include CONFIG_I'),
    table('standing', 'interface_indexes', 'show interface snmp-ifindex'),
    table('standing', 'telemetry', 'show telemetry transport', 'show telemetry control database'),
    table('standing', 'call_home', 'show callhome'),
    table('standing', 'license', 'show license all'),
    table('configuration', 'running_config', 'show running-config'),
  ],
};
