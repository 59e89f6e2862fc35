/**
 * Check Point log fields. Sources: "Log Exporter" sk122323, "Description of Fields in Check Point Logs" sk144192, the
 * exporter's CefFieldsMapping.xml and LeefFieldsMapping.xml, support.checkpoint.com.
 */

/** What the `action` of a connection means. */
export const ACTIONS: Readonly<Record<string, { readonly action: string; readonly outcome: 'success' | 'failure' }>> = {
  accept: { action: 'allowed', outcome: 'success' },
  allow: { action: 'allowed', outcome: 'success' },
  bypass: { action: 'allowed', outcome: 'success' },
  detect: { action: 'allowed', outcome: 'success' },
  monitor: { action: 'allowed', outcome: 'success' },
  inspect: { action: 'allowed', outcome: 'success' },
  'https inspect': { action: 'allowed', outcome: 'success' },
  'https bypass': { action: 'allowed', outcome: 'success' },
  encrypt: { action: 'allowed', outcome: 'success' },
  decrypt: { action: 'allowed', outcome: 'success' },
  'inform user': { action: 'allowed', outcome: 'success' },
  drop: { action: 'dropped', outcome: 'failure' },
  reject: { action: 'denied', outcome: 'failure' },
  block: { action: 'denied', outcome: 'failure' },
  prevent: { action: 'denied', outcome: 'failure' },
  quarantine: { action: 'denied', outcome: 'failure' },
  redirect: { action: 'denied', outcome: 'failure' },
  'ask user': { action: 'denied', outcome: 'failure' },
};

/** Actions that are about a person, not a connection. */
export const USER_ACTIONS: Readonly<
  Record<string, { readonly action: string; readonly outcome: 'success' | 'failure'; readonly state?: 'begin' | 'end' }>
> = {
  'log in': { action: 'login', outcome: 'success', state: 'begin' },
  'remote access': { action: 'login', outcome: 'success', state: 'begin' },
  'failed log in': { action: 'login', outcome: 'failure' },
  'log out': { action: 'logout', outcome: 'success', state: 'end' },
  update: { action: 'login', outcome: 'success', state: 'begin' },
  'ip changed': { action: 'login', outcome: 'success', state: 'begin' },
};

/** Audit `operation` words with a meaning of their own. */
export const OPERATIONS: Readonly<Record<string, { readonly category: string; readonly action: string }>> = {
  'Log In': { category: 'authentication', action: 'login' },
  'Log Out': { category: 'authentication', action: 'logout' },
  'Force Log Out': { category: 'authentication', action: 'logout' },
  'Install Policy': { category: 'configuration', action: 'config_commit' },
  Publish: { category: 'configuration', action: 'config_commit' },
  'Run One Time Script': { category: 'process', action: 'command' },
  'Run Script': { category: 'process', action: 'command' },
};

/** Beginnings of audit `objecttype` whose change is more than `config_change`. */
export const OBJECT_TYPES: readonly (readonly [prefix: string, action: string])[] = [
  ['Access Control', 'firewall_change'],
  ['Access Layer', 'firewall_change'],
  ['Access Rule', 'firewall_change'],
  ['NAT', 'firewall_change'],
  ['Threat', 'firewall_change'],
  ['HTTPS', 'firewall_change'],
  ['Log Exporter', 'log_config_change'],
  ['Administrator', 'account_change'],
  ['User', 'account_change'],
];

/** Other spellings of a field: CEF, LEEF, the SmartView syslog of old, and versions before R80. */
export const FIELD_ALIASES: Readonly<Record<string, string>> = {
  act: 'action',
  // CPLogToSyslog of R77.
  Action: 'action',
  UUid: 'loguid',
  rt: 'time',
  devTime: 'time',
  spt: 's_port',
  sport_svc: 's_port',
  srcPort: 's_port',
  dpt: 'service',
  svc: 'service',
  dport_svc: 'service',
  dstPort: 'service',
  sourceTranslatedAddress: 'xlatesrc',
  sourceTranslatedPort: 'xlatesport',
  destinationTranslatedAddress: 'xlatedst',
  destinationTranslatedPort: 'xlatedport',
  srcPostNAT: 'xlatesrc',
  srcPostNATPort: 'xlatesport',
  dstPostNAT: 'xlatedst',
  dstPostNATPort: 'xlatedport',
  xlatesport_svc: 'xlatesport',
  xlatedport_svc: 'xlatedport',
  suser: 'src_user_name',
  usrName: 'user',
  duser: 'dst_user_name',
  shost: 'src_machine_name',
  dhost: 'dst_machine_name',
  smac: 'mac_source_address',
  dmac: 'mac_destination_address',
  NAT_rulenum: 'nat_rulenum',
  NAT_addtnl_rulenum: 'nat_addtnl_rulenum',
  ProductName: 'product',
  orig: 'origin',
  orig_name: 'origin',
  'i/f_dir': 'ifdir',
  'i/f_name': 'ifname',
  security_inzone: 'inzone',
  security_outzone: 'outzone',
  out: 'client_outbound_bytes',
  in: 'server_outbound_bytes',
  'ICMP Type': 'icmp_type',
  'ICMP Code': 'icmp_code',
  icmp_type_code: 'icmp_type',
};

/** Labels of CEF `csN` / `cnN` fields. */
export const CEF_LABELS: Readonly<Record<string, string>> = {
  'Rule Name': 'rule_name',
  'Application Rule Name': 'app_rule_name',
  'Threat Prevention Rule Name': 'threat_rule_name',
  'Application Name': 'appi_name',
  'ICMP Type': 'icmp_type',
  'ICMP Code': 'icmp_code',
  'VPN Feature Name': 'vpn_feature_name',
  'Elapsed Time in Seconds': 'elapsed',
  Duration: 'elapsed',
};
