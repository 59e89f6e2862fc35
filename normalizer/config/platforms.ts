/** How a configuration is written. */
export type ConfigGrammar = 'indent' | 'braces' | 'set' | 'fortios' | 'routeros' | 'xml';

/** Network platforms whose configurations are read; `command` records name them. */
export const CONFIG_PLATFORMS = [
  'cisco_ios',
  'cisco_asa',
  'cisco_nxos',
  'arista_eos',
  'juniper_junos',
  'fortigate',
  'panos',
  'mikrotik',
  'vyos',
  'pfsense',
  'opnsense',
] as const;

export type ConfigPlatform = (typeof CONFIG_PLATFORMS)[number];

export function isConfigPlatform(text: string): text is ConfigPlatform {
  return (CONFIG_PLATFORMS as readonly string[]).includes(text);
}

/** Lines looked at to tell how a configuration is written. */
const LOOKED_AT = 400;

/** The grammar of a configuration of this platform: Junos, PAN-OS and VyOS print theirs in more than one. */
export function grammarOf(platform: ConfigPlatform, lines: readonly string[]): ConfigGrammar {
  switch (platform) {
    case 'cisco_ios':
    case 'cisco_asa':
    case 'cisco_nxos':
    case 'arista_eos':
      return 'indent';
    case 'fortigate':
      return 'fortios';
    case 'mikrotik':
      return 'routeros';
    case 'pfsense':
    case 'opnsense':
      return 'xml';
    case 'juniper_junos':
    case 'panos':
    case 'vyos':
      return pathGrammar(lines);
  }
}

function pathGrammar(lines: readonly string[]): ConfigGrammar {
  for (const line of lines.slice(0, LOOKED_AT)) {
    const text = line.trim();
    if (text.startsWith('set ') || text.startsWith('deactivate ')) return 'set';
    if (text.startsWith('<')) return 'xml';
    if (text.endsWith('{') || text.endsWith(';')) return 'braces';
  }
  return 'set';
}

/** Marks by which a configuration shows its platform; the platform with the most of them is taken. */
const MARKS: readonly (readonly [platform: ConfigPlatform, line: RegExp, weight: number])[] = [
  ['cisco_asa', /^ASA Version \d|^: Hardware: +ASA|^:? ?PIX Version/, 50],
  ['cisco_asa', /^ ?nameif \S+$|^ ?security-level \d+$|^tunnel-group \S+ |^access-group \S+ (?:in|out) interface /, 5],
  ['cisco_asa', /^access-list \S+ extended .* \d+\.\d+\.\d+\.\d+ 255\.|^object network \S+$|^nat \(/, 3],
  ['cisco_nxos', /^!Command: show running-config|^feature [a-z-]+$|^vdc \S+ id \d|^version \d+\.\d+\(\d+\)\S* Bios/, 8],
  [
    'arista_eos',
    /^! device: .*EOS-|^transceiver qsfp|^daemon TerminAttr|^! boot system flash:\/?EOS|^service routing protocols model/,
    10,
  ],
  [
    'arista_eos',
    /^management (?:api|ssh|telnet|console)|^spanning-tree mode mstp$|^interface (?:Ethernet\d+$|Management\d)/,
    3,
  ],
  [
    'cisco_ios',
    /^version \d\d\.\d+$|^Building configuration|^boot-start-marker|^service timestamps |^!RANCID-CONTENT-TYPE: cisco/,
    6,
  ],
  [
    'cisco_ios',
    /^aaa new-model|^ip (?:cef|forward-protocol|http|ssh|nat|access-list|domain)|^line (?:con|vty|aux) |^interface \S*Ethernet/,
    3,
  ],
  ['cisco_ios', /^hostname \S+$|^router (?:bgp|ospf)|^access-list |^crypto |^ipv6 |^route-map /, 1],
  ['fortigate', /^#config-version=|^config (?:system|firewall|vpn|router|log|user|global|vdom)/, 10],
  ['mikrotik', /^# .* by RouterOS|^\/(?:interface|ip|system|routing|ppp|tool|user|queue|snmp|ipv6)\b/, 10],
  [
    'vyos',
    /^set (?:interfaces (?:ethernet|bonding|wireguard|openvpn|loopback) \S+ |nat (?:source|destination) rule|service ssh|system config-management|firewall (?:name|ipv4|all-ping|group) |vpn ipsec (?:site-to-site|ike-group))/,
    6,
  ],
  ['vyos', /^set system (?:login user|name-server|host-name|syslog) .*'/, 3],
  [
    'panos',
    /^set (?:deviceconfig|rulebase|network (?:interface|virtual-router|ike|profiles)|vsys|shared|mgt-config|zone|template|device-group) /,
    5,
  ],
  [
    'panos',
    /^ *deviceconfig \{|^ *localhost\.localdomain \{|^<config .*(?:urldb|detail-version)=|^ *<deviceconfig>/,
    20,
  ],
  ['juniper_junos', /^## Last (?:commit|changed):|^version \d+\.\d[RXSBI-][^;]*;$|^\{(?:master|primary|backup)/, 20],
  [
    'juniper_junos',
    /^set (?:version|system host-name|interfaces (?:ge|xe|et|lo|fxp|em|irb|ae|st)[-\d]|routing-options|protocols|policy-options|security|firewall family|routing-instances|groups|snmp) ?/,
    3,
  ],
  ['juniper_junos', /^(?:system|interfaces|routing-options|protocols|policy-options|security|snmp|groups) \{$/, 5],
  ['pfsense', /^<pfsense>/, 50],
  ['opnsense', /^<opnsense>/, 50],
];

/** The platform whose configuration this looks like; undefined when it looks like none. Bounded: the first lines decide. */
export function platformOf(lines: readonly string[]): ConfigPlatform | undefined {
  const scores = new Map<ConfigPlatform, number>();
  for (const line of lines.slice(0, 5 * LOOKED_AT)) {
    const text = line.slice(0, 300);
    for (const [platform, mark, weight] of MARKS) {
      if (mark.test(text)) scores.set(platform, (scores.get(platform) ?? 0) + weight);
    }
  }
  let best: ConfigPlatform | undefined;
  for (const [platform, score] of scores) if (best === undefined || score > (scores.get(best) ?? 0)) best = platform;
  return best;
}
