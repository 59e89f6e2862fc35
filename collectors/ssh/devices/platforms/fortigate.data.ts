import type { DeviceCommand, Platform } from '../platform';
import { ANY_KEY, MORE, NEW_PASSWORD } from './shared.data';

const state = (id: string, ...lines: [string, ...string[]]): DeviceCommand => ({
  id,
  purpose: 'state',
  lines,
  output: 'text',
  where: 'part',
});

const whole = (
  purpose: DeviceCommand['purpose'],
  id: string,
  line: string,
  parameters?: DeviceCommand['parameters'],
): DeviceCommand => ({
  id,
  purpose,
  lines: [line],
  output: 'text',
  where: 'whole',
  ...(parameters !== undefined && { parameters }),
});

/** What is not written in a configuration because it is the default, and yet makes the device open sessions. */
const DEFAULTS = [
  'system fortiguard',
  'system central-management',
  'system ntp',
  'system dns',
  'system ddns',
  'log syslogd setting',
  'log fortianalyzer setting',
  'log fortianalyzer-cloud setting',
  'log fortiguard setting',
];

/**
 * FortiOS: CLI Reference. Paging is a setting of the device here (`config system console`), so it stays as it is and the
 * pager is answered. VDOMs are read with `sudo`, which takes only `show`, `get`, `diagnose` and `execute`: `edit` with the
 * name of a VDOM that is gone would make one.
 */
export const fortigate: Platform = {
  platform: 'fortigate',
  summary: 'Fortinet FortiOS',
  prompt: /^(?:\(\w{1,8}\) )?[\w.~()-]{1,64}(?: \([^()\n]{1,64}\))?~? ?[#>$] ?$/,
  privileged: /[#>$] ?$/,
  login: [{ shows: /^[^\n]{0,200}\(Press 'a' to accept\):? ?$/i, answer: { press: 'accept' } }, ANY_KEY],
  stop: [NEW_PASSWORD],
  prepare: [],
  pagers: [MORE],
  refused: [
    /^(?:Command fail\. Return code -(?:37|61|160)|Permission denied|No permission|You do not have permission)/i,
  ],
  unknown: [/^(?:Unknown action|Command fail\.|command parse error|Parsing error)/i],
  version: /^Version: Forti[\w-]{1,40} (v[\w.,-]{1,40})/,
  logout: 'exit',
  parts: {
    parameter: 'vdom',
    detect: { line: 'get system status', shows: /^Virtual domain configuration: (?:enable|multiple|split-task)/ },
    // `name=root/root index=0 enabled …`
    list: { line: 'diagnose sys vd list', name: /^name=([A-Za-z0-9_-]{1,31})(?:\/[^\s]{1,31})? index=\d/ },
    wholePrefix: 'sudo global ',
    partPrefix: 'sudo {vdom} ',
  },
  commands: [
    { id: 'version', purpose: 'identity', lines: ['get system status'], output: 'keyvalue', where: 'whole' },
    state('connections', 'diagnose sys session list'),
    state('vpn_sessions', 'get vpn ipsec tunnel summary', 'diagnose vpn tunnel list'),
    state('arp', 'get system arp'),
    state('mac_table', 'diagnose netlink brctl name host root.b'),
    whole('state', 'sockets', 'diagnose sys tcpsock'),
    whole('state', 'neighbours_lldp', 'diagnose lldprx neighbor summary'),
    whole('standing', 'license', 'diagnose autoupdate versions'),
    whole('standing', 'telemetry', 'diagnose debug rating'),
    ...DEFAULTS.map((section) =>
      whole('configuration', 'configuration_defaults', `show full-configuration ${section}`, { section }),
    ),
    {
      id: 'running_config',
      purpose: 'configuration',
      lines: ['show'],
      output: 'text',
      where: 'whole',
      terminator: /^end\s*$/,
    },
  ],
};
