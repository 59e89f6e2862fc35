import type { DeviceCommand, Platform } from '../platform';
import { ANY_KEY, CISCO_REFUSED, CISCO_UNKNOWN, MORE, NEW_PASSWORD, PRESS_ENTER } from './shared.data';

const state = (id: string, ...lines: [string, ...string[]]): DeviceCommand => ({
  id,
  purpose: 'state',
  lines,
  output: 'text',
});

const standing = (id: string, ...lines: [string, ...string[]]): DeviceCommand => ({
  id,
  purpose: 'standing',
  lines,
  output: 'text',
});

/** Cisco IOS and IOS-XE: Configuration Fundamentals, Security and Smart Licensing command references. */
export const ciscoIos: Platform = {
  platform: 'cisco_ios',
  summary: 'Cisco IOS and IOS-XE',
  prompt: /^[\w.@:()/-]{1,128}[#>] ?$/,
  privileged: /# ?$/,
  enable: { line: 'enable', password: /^(?:[\w.@ -]{0,64})?[Pp]assword: ?$/ },
  login: [ANY_KEY, PRESS_ENTER],
  stop: [NEW_PASSWORD],
  // `terminal length 0` may be refused by AAA; pagers are answered all the same.
  prepare: ['terminal length 0', 'terminal width 0'],
  pagers: [MORE],
  refused: CISCO_REFUSED,
  unknown: CISCO_UNKNOWN,
  version: /^Cisco IOS[^\n]{0,200}? Version ([\w.()]{1,40})/,
  changes: 'config_changes',
  logout: 'exit',
  commands: [
    { id: 'clock', purpose: 'identity', lines: ['show clock detail', 'show clock'], output: 'text' },
    { id: 'version', purpose: 'identity', lines: ['show version'], output: 'text' },
    state('nat_translations', 'show ip nat translations'),
    state('sockets', 'show tcp brief numeric', 'show tcp brief'),
    state('vpn_sessions', 'show crypto session detail', 'show crypto session'),
    state('arp', 'show arp', 'show ip arp'),
    state('mac_table', 'show mac address-table', 'show mac-address-table'),
    state('neighbours_cdp', 'show cdp neighbors detail'),
    state('neighbours_lldp', 'show lldp neighbors detail'),
    state('config_changes', 'show logging | include SYS-5-CONFIG_I'),
    standing('telemetry', 'show telemetry connection all', 'show telemetry ietf subscription all'),
    standing('call_home', 'show call-home detail', 'show call-home'),
    standing('license', 'show license all', 'show license status'),
    standing('cloud_management', 'show meraki connect'),
    {
      id: 'running_config',
      purpose: 'configuration',
      // Where a view or a privilege level hides the first, the second is what RBAC lets through.
      lines: ['show running-config', 'show running-config view full'],
      output: 'text',
      terminator: /^end\s*$/,
    },
  ],
};
