/**
 * FortiGate log knowledge. Sources: "FortiOS Log Message Reference" 6.0-7.6 (log field tables, message id lists, "CEF
 * support" with its field mapping tables), docs.fortinet.com.
 */

/** What `action` of a traffic log means. `reason` marks actions that say why a session ended. */
export interface TrafficAction {
  readonly action: string;
  readonly outcome: 'success' | 'failure';
  readonly reason?: boolean;
}

/** Traffic log `action` (Log Message Reference, "Traffic Log > action"). `accept` is written when a non-TCP session ends. */
export const TRAFFIC_ACTIONS: Readonly<Record<string, TrafficAction>> = {
  accept: { action: 'session_end', outcome: 'success' },
  close: { action: 'session_end', outcome: 'success' },
  'client-rst': { action: 'session_end', outcome: 'success', reason: true },
  'server-rst': { action: 'session_end', outcome: 'success', reason: true },
  timeout: { action: 'session_end', outcome: 'success', reason: true },
  start: { action: 'session_start', outcome: 'success' },
  deny: { action: 'denied', outcome: 'failure' },
  block: { action: 'denied', outcome: 'failure' },
  blocked: { action: 'denied', outcome: 'failure' },
  drop: { action: 'dropped', outcome: 'failure' },
  dropped: { action: 'dropped', outcome: 'failure' },
  'ip-conn': { action: 'connection_attempt', outcome: 'failure' },
  dns: { action: 'connection_attempt', outcome: 'failure' },
};

/** Message ids (last six digits of logid) that say more than `action`: start of a session, statistics of one that goes on. */
export const TRAFFIC_MESSAGES: Readonly<Record<string, string>> = {
  '000015': 'session_start',
  '000016': 'session_start',
  '000020': 'session_update',
  '000021': 'session_update',
};

/** What a UTM log's `action` means for the session. */
export const UTM_ACTIONS: Readonly<Record<string, TrafficAction>> = {
  pass: { action: 'allowed', outcome: 'success' },
  passthrough: { action: 'allowed', outcome: 'success' },
  passed: { action: 'allowed', outcome: 'success' },
  allow: { action: 'allowed', outcome: 'success' },
  allowed: { action: 'allowed', outcome: 'success' },
  permit: { action: 'allowed', outcome: 'success' },
  accept: { action: 'allowed', outcome: 'success' },
  monitored: { action: 'allowed', outcome: 'success' },
  monitor: { action: 'allowed', outcome: 'success' },
  detected: { action: 'allowed', outcome: 'success' },
  logged: { action: 'allowed', outcome: 'success' },
  'log-only': { action: 'allowed', outcome: 'success' },
  exempt: { action: 'allowed', outcome: 'success' },
  inspect: { action: 'allowed', outcome: 'success' },
  'ssl-exempt': { action: 'allowed', outcome: 'success' },
  block: { action: 'denied', outcome: 'failure' },
  blocked: { action: 'denied', outcome: 'failure' },
  deny: { action: 'denied', outcome: 'failure' },
  redirect: { action: 'denied', outcome: 'failure' },
  quarantine: { action: 'denied', outcome: 'failure' },
  drop: { action: 'dropped', outcome: 'failure' },
  dropped: { action: 'dropped', outcome: 'failure' },
  drop_session: { action: 'dropped', outcome: 'failure' },
  'drop-session': { action: 'dropped', outcome: 'failure' },
  clear_session: { action: 'dropped', outcome: 'failure' },
  reset: { action: 'reset', outcome: 'failure' },
  reset_client: { action: 'reset', outcome: 'failure' },
  reset_server: { action: 'reset', outcome: 'failure' },
};

/** An event log by its message id (last six digits of logid). */
export interface EventMeaning {
  readonly category: string;
  readonly action: string;
  readonly outcome?: 'success' | 'failure';
}

const login = (outcome: 'success' | 'failure'): EventMeaning => ({
  category: 'authentication',
  action: 'login',
  outcome,
});
const config: EventMeaning = { category: 'configuration', action: 'config_change', outcome: 'success' };
const started: EventMeaning = { category: 'host', action: 'service_start' };
const stopped: EventMeaning = { category: 'host', action: 'service_stop' };

/** Event messages with a meaning of their own (Log Message Reference, "Event > System / VPN / User"). */
export const EVENT_MESSAGES: Readonly<Record<string, EventMeaning>> = {
  '032001': login('success'),
  '032002': login('failure'),
  '032003': { category: 'authentication', action: 'logout', outcome: 'success' },
  '032021': login('failure'),
  '032009': started,
  '032138': stopped,
  '032200': stopped,
  '032102': config,
  '032095': { category: 'process', action: 'command' },
  '044544': config,
  '044545': config,
  '044546': config,
  '044547': config,
  '044548': { category: 'process', action: 'command' },
  '039424': { category: 'session', action: 'vpn_connect', outcome: 'success' },
  '039425': { category: 'session', action: 'vpn_disconnect', outcome: 'success' },
  '039426': { category: 'authentication', action: 'vpn_connect', outcome: 'failure' },
  '039947': { category: 'session', action: 'vpn_connect', outcome: 'success' },
  '039948': { category: 'session', action: 'vpn_disconnect', outcome: 'success' },
  '045057': { category: 'session', action: 'endpoint_connect', outcome: 'success' },
  '045058': { category: 'session', action: 'endpoint_disconnect', outcome: 'success' },
  '043008': login('success'),
  '043009': login('failure'),
  '043010': login('failure'),
  '043011': login('failure'),
};

/** Event `action` words with a meaning of their own, whatever the message id. */
export const EVENT_ACTIONS: Readonly<Record<string, EventMeaning>> = {
  login: { category: 'authentication', action: 'login' },
  logout: { category: 'authentication', action: 'logout' },
  authentication: { category: 'authentication', action: 'login' },
  'auth-logon': { category: 'authentication', action: 'login', outcome: 'success' },
  'auth-logout': { category: 'authentication', action: 'logout', outcome: 'success' },
  'FSSO-logon': { category: 'authentication', action: 'login', outcome: 'success' },
  'FSSO-logoff': { category: 'authentication', action: 'logout', outcome: 'success' },
  'tunnel-up': { category: 'session', action: 'vpn_connect', outcome: 'success' },
  'tunnel-down': { category: 'session', action: 'vpn_disconnect', outcome: 'success' },
  'ssl-login-fail': { category: 'authentication', action: 'vpn_connect', outcome: 'failure' },
  reboot: stopped,
  shutdown: stopped,
};

/** Actions that begin or end the tie between an inner address and a user. */
export const USER_BINDING_STATES: Readonly<Record<string, 'begin' | 'end' | 'seen'>> = {
  'tunnel-up': 'begin',
  'tunnel-down': 'end',
  'tunnel-stats': 'seen',
  'FSSO-logon': 'begin',
  'FSSO-logoff': 'end',
  'auth-logon': 'begin',
  'auth-logout': 'end',
};

/** Category of events that no table names, by subtype. */
export const EVENT_CATEGORIES: Readonly<Record<string, string>> = {
  system: 'host',
  user: 'authentication',
  vpn: 'session',
  ha: 'host',
  'rest-api': 'configuration',
};

/** Configuration paths whose change is more than `config_change`; the longest matching beginning decides. */
export const CONFIG_PATHS: readonly (readonly [prefix: string, action: string])[] = [
  ['firewall.', 'firewall_change'],
  ['log.', 'log_config_change'],
  ['system.admin', 'account_change'],
  ['system.api-user', 'account_change'],
  ['system.accprofile', 'account_change'],
  ['user.', 'account_change'],
];

/** `level` as syslog severity. */
export const LEVELS: Readonly<Record<string, number>> = {
  emergency: 0,
  alert: 1,
  critical: 2,
  error: 3,
  warning: 4,
  notice: 5,
  information: 6,
  info: 6,
  debug: 7,
};

/** CEF extension keys that stand for FortiOS fields under another name ("CEF field mapping"). */
export const CEF_FIELDS: Readonly<Record<string, string>> = {
  deviceExternalId: 'devid',
  dvchost: 'devname',
  src: 'srcip',
  spt: 'srcport',
  smac: 'srcmac',
  shost: 'srcname',
  suser: 'user',
  deviceInboundInterface: 'srcintf',
  dst: 'dstip',
  dpt: 'dstport',
  dmac: 'dstmac',
  dhost: 'hostname',
  duser: 'duser',
  deviceOutboundInterface: 'dstintf',
  externalId: 'sessionid',
  act: 'action',
  app: 'service',
  out: 'sentbyte',
  in: 'rcvdbyte',
  sourceTranslatedAddress: 'transip',
  sourceTranslatedPort: 'transport',
  destinationTranslatedAddress: 'tranip',
  destinationTranslatedPort: 'tranport',
  sproc: 'ui',
  outcome: 'status',
  request: 'url',
};

/** Labels of `csN`/`cnN` fields in CEF. */
export const CEF_LABELS: Readonly<Record<string, string>> = {
  'Policy Id': 'policyid',
  Duration: 'duration',
  'Packets Sent': 'sentpkt',
  'Packets Received': 'rcvdpkt',
};

/** Beginnings of CEF keys that carry FortiOS's own field name behind them. */
export const CEF_PREFIXES: readonly string[] = ['FTNTFGT', 'FortinetFortiGate', 'FTNFGT'];

/** Field names of FortiManager and of UTM logs that older versions spell otherwise. */
export const FIELD_ALIASES: readonly (readonly [alias: string, field: string])[] = [
  ['log_id', 'logid'],
  ['device_id', 'devid'],
  ['session_id', 'sessionid'],
  ['src_port', 'srcport'],
  ['dst_port', 'dstport'],
  ['src_int', 'srcintf'],
  ['dst_int', 'dstintf'],
  ['policy_id', 'policyid'],
  ['remote_ip', 'remip'],
  ['remote_port', 'remport'],
  ['desc', 'logdesc'],
  ['pri', 'level'],
  ['userfrom', 'ui'],
  // FortiOS 3 and 4.
  ['src', 'srcip'],
  ['dst', 'dstip'],
  ['sent', 'sentbyte'],
  ['rcvd', 'rcvdbyte'],
  ['sent_pkt', 'sentpkt'],
  ['rcvd_pkt', 'rcvdpkt'],
  ['SN', 'sessionid'],
  ['tran_disp', 'trandisp'],
  ['tran_sip', 'transip'],
  ['tran_sport', 'transport'],
];
