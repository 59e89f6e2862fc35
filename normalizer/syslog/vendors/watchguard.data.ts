/**
 * WatchGuard Firebox log knowledge. Source: "Fireware Log Catalog" 12.x and "Read a Log Message", watchguard.com.
 */

/** IP protocols as they stand in traffic messages: the token behind which the columns are counted. */
export const PROTOCOLS: ReadonlySet<string> = new Set([
  'tcp',
  'udp',
  'icmp',
  'icmpv6',
  'igmp',
  'gre',
  'esp',
  'ah',
  'ospf',
  'pim',
  'sctp',
  'ipip',
  'vrrp',
]);

/** First words of traffic messages. */
export const DISPOSITIONS: Readonly<
  Record<string, { readonly action: string; readonly outcome: 'success' | 'failure' }>
> = {
  Allow: { action: 'allowed', outcome: 'success' },
  Deny: { action: 'denied', outcome: 'failure' },
  Drop: { action: 'dropped', outcome: 'failure' },
  Block: { action: 'denied', outcome: 'failure' },
  Reset: { action: 'reset', outcome: 'failure' },
};

/** Texts about people and the device; the first found decides. */
export const EVENT_WORDS: readonly (readonly [
  word: string,
  category: string,
  action: string,
  outcome: 'success' | 'failure' | undefined,
])[] = [
  ['log in attempt was rejected', 'authentication', 'login', 'failure'],
  [' was rejected', 'authentication', 'login', 'failure'],
  [' was accepted', 'authentication', 'login', 'success'],
  [' logged in', 'authentication', 'login', 'success'],
  [' logged out', 'authentication', 'logout', 'success'],
  ['Authentication of', 'authentication', 'login', 'failure'],
  ['Deleted syslog server', 'configuration', 'log_config_change', 'success'],
  [' modified ', 'configuration', 'config_change', 'success'],
  ['configuration file', 'configuration', 'config_change', 'success'],
  [' policy from position ', 'configuration', 'firewall_change', 'success'],
  ['Administrative accounts were reset', 'iam', 'account_change', 'success'],
  ['link state becomes UP', 'network', 'interface_up', undefined],
  ['link status changed to UP', 'network', 'interface_up', undefined],
  ['link state becomes DOWN', 'network', 'interface_down', undefined],
  ['link status changed to DOWN', 'network', 'interface_down', undefined],
  ['System boot up', 'host', 'service_start', undefined],
  ['Shutdown requested', 'host', 'service_stop', undefined],
  ['System is rebooting', 'host', 'service_stop', undefined],
];

/** LEEF keys under the names of the syslog format. */
export const LEEF_FIELDS: Readonly<Record<string, string>> = {
  srcPostNAT: 'src_ip_nat',
  srcPostNATPort: 'src_port_nat',
  dstPostNAT: 'dst_ip_nat',
  dstPostNATPort: 'dst_port_nat',
};
