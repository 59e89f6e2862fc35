import type { DeviceCommand, Platform } from '../platform';
import { ASA_MORE, CISCO_REFUSED, CISCO_UNKNOWN, MORE, NEW_PASSWORD, PRESS_ENTER } from './shared.data';

const state = (
  id: string,
  lines: readonly [string, ...string[]],
  parameters?: DeviceCommand['parameters'],
): DeviceCommand => ({
  id,
  purpose: 'state',
  lines,
  output: 'text',
  where: 'part',
  ...(parameters !== undefined && { parameters }),
});

/**
 * Cisco ASA: Command Reference. `more system:running-config` is not here: it prints pre-shared keys in clear.
 * `changeto` needs a context that exists and changes nothing.
 */
export const ciscoAsa: Platform = {
  platform: 'cisco_asa',
  summary: 'Cisco ASA and FTD in ASA mode',
  prompt: /^[\w.@:()/-]{1,128}[#>] ?$/,
  privileged: /# ?$/,
  enable: { line: 'enable', password: /^[Pp]assword: ?$/ },
  login: [PRESS_ENTER],
  stop: [NEW_PASSWORD],
  prepare: ['terminal pager 0', 'terminal width 511'],
  pagers: [ASA_MORE, MORE],
  refused: CISCO_REFUSED,
  unknown: CISCO_UNKNOWN,
  version: /^Cisco Adaptive Security Appliance Software Version ([\w.()]{1,40})/,
  changes: 'config_changes',
  logout: 'exit',
  parts: {
    parameter: 'context',
    detect: { line: 'show mode', shows: /^Security context mode: multiple/ },
    // `*admin   default   GigabitEthernet0/0   disk0:/admin.cfg`
    list: { line: 'show context', name: /^[* ]([\w.-]{1,32})\s{1,64}\S{1,64}\s/ },
    whole: 'changeto system',
    enter: 'changeto context {context}',
  },
  commands: [
    { id: 'clock', purpose: 'identity', lines: ['show clock detail', 'show clock'], output: 'text', where: 'whole' },
    { id: 'version', purpose: 'identity', lines: ['show version'], output: 'text', where: 'whole' },
    state('nat_translations', ['show xlate']),
    state('connections', ['show conn']),
    state('vpn_sessions', ['show vpn-sessiondb detail l2l', 'show vpn-sessiondb l2l'], { kind: 'l2l' }),
    state('vpn_sessions', ['show vpn-sessiondb anyconnect'], { kind: 'anyconnect' }),
    state('ike_sa', ['show crypto ikev1 sa detail', 'show crypto ikev1 sa', 'show crypto isakmp sa'], {
      version: 'ikev1',
    }),
    state('ike_sa', ['show crypto ikev2 sa detail', 'show crypto ikev2 sa'], { version: 'ikev2' }),
    state('arp', ['show arp']),
    state('mac_table', ['show mac-address-table']),
    state('nat_rules', ['show nat']),
    state('config_changes', ['show checksum']),
    { id: 'license', purpose: 'standing', lines: ['show license all'], output: 'text', where: 'whole' },
    { id: 'call_home', purpose: 'standing', lines: ['show call-home detail'], output: 'text', where: 'whole' },
    {
      id: 'running_config',
      purpose: 'configuration',
      lines: ['show running-config'],
      output: 'text',
      terminator: /^: end\s*$/,
    },
    // Behind the configuration, whose lines it gives the hashes that logs name.
    { id: 'access_lists', purpose: 'configuration', lines: ['show access-list'], output: 'text', where: 'part' },
  ],
};
