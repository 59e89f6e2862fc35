import { type EventRow, event } from './rows';

/**
 * Junos event messages by tag ("Junos OS System Log Explorer"). The templates read the unstructured text; structured
 * messages carry the same values by name (`JUNOS_DATA`). Slots: `event-slots.ts` and `juniper-junos.ts`.
 */
const user = "User '{user}'";
const neighbour = (...templates: string[]): EventRow => event('network', 'neighbor_change', undefined, ...templates);
const PEER = 'BGP peer {neighbor} ({@ascribe.peer_type} AS {#ascribe.as})';
const LIMITED = '{neighbor} ({@ascribe.peer_type} AS {#ascribe.as}): {...}({#ascribe.prefix_limit})';
const NLRI = 'for {@ascribe.address_family} nlri: {#ascribe.prefixes} (instance {@ascribe.instance})';
const LIMIT = [`${LIMITED} ${NLRI}`, `${LIMITED} exceeded ${NLRI}`];
const OSPF =
  'OSPF neighbor {neighbor} (realm {@ascribe.realm} {@interface.name} area {@ascribe.area}) state changed from {@ascribe.state.old} to {@ascribe.state.new} due to {@ascribe.event} (event reason: {reason})';
const LINK =
  'ifIndex {#interface.id}, ifAdminStatus {@ascribe.interface.admin_status}({_}), ifOperStatus {@ascribe.interface.oper_status}({_}), ifName {@interface.name}';
const IKE =
  'IKE Version: {_} {? VPN: {@ascribe.vpn} Gateway: {@ascribe.vpn_gateway},} Local: {dstSlash}, Remote: {srcSlash}{? ,}';

export const JUNOS_ROWS: Readonly<Record<string, EventRow>> = {
  UI_COMMIT: event(
    'configuration',
    'config_commit',
    undefined,
    `${user} requested '{command}' operation (comment: {@ascribe.comment+})`,
    `${user} requested '{command}' operation`,
  ),
  UI_COMMIT_COMPLETED: event('configuration', 'config_commit', 'success', '{@ascribe.status+}'),
  UI_COMMIT_PROGRESS: event(
    'configuration',
    'config_commit_progress',
    undefined,
    'Commit operation in progress: {reason}',
  ),
  UI_COMMIT_CONFIRMED: event(
    'configuration',
    'config_commit',
    undefined,
    `${user} performed commit-confirmed ({reason})`,
  ),
  UI_COMMIT_ERROR: event('configuration', 'config_commit', 'failure', '{reason}'),
  UI_COMMIT_AT_COMPLETED: event('configuration', 'config_commit', 'success', '{reason}'),
  UI_COMMIT_NOT_CONFIRMED: event('configuration', 'config_rollback', undefined, '{reason}'),
  UI_CONFIGURATION_ERROR: event(
    'configuration',
    'config_change',
    'failure',
    'Process: {process}, path: {@ascribe.config_path+}, statement: {@ascribe.config_statement+}, {reason}',
  ),
  UI_CFG_AUDIT_SET: event('configuration', 'config_change', undefined, `${user} {command}`),
  UI_CFG_AUDIT_SET_SECRET: event('configuration', 'config_change', undefined, `${user} {command}`),
  UI_CFG_AUDIT_NEW: event('configuration', 'config_change', undefined, `${user} {command}`),
  UI_CFG_AUDIT_OTHER: event('configuration', 'config_change', undefined, `${user} {command}`),
  UI_LOAD_EVENT: event('configuration', 'config_change', undefined, `${user} is performing a '{command}'`),
  UI_LOAD_JUNOS_DEFAULT_FILE_EVENT: event('configuration', 'config_change', undefined, '{reason}'),
  UI_DBASE_LOGIN_EVENT: event('configuration', 'config_mode_enter', undefined, `${user} entering configuration mode`),
  UI_DBASE_LOGOUT_EVENT: event('configuration', 'config_mode_exit', undefined, `${user} exiting configuration mode`),
  UI_CMDLINE_READ_LINE: event('process', 'command', undefined, `${user}, command '{commandToQuote}`),
  UI_JUNOSCRIPT_CMD: event(
    'process',
    'command',
    undefined,
    `${user} used JUNOScript client to run command '{commandToQuote}`,
  ),
  UI_NETCONF_CMD: event(
    'process',
    'command',
    undefined,
    `${user} used NETCONF client to run command '{commandToQuote}`,
  ),
  UI_LOGIN_EVENT: event(
    'authentication',
    'login',
    'success',
    `${user} login, class '{@ascribe.class}' [{#process.pid}], ssh-connection '{sshConnection}', client-mode '{@ascribe.client_mode}'`,
    `${user} login, class '{@ascribe.class}'`,
  ),
  UI_LOGOUT_EVENT: event('authentication', 'logout', undefined, `${user} logout`),
  UI_AUTH_EVENT: event(
    'authentication',
    'login',
    'success',
    `Authenticated user '{user}' {...} class '{@ascribe.class}'`,
    `Authenticated user '{user}'`,
  ),
  UI_LOGIN_FAILED: event('authentication', 'login', 'failure', "Login failed for user '{user}'"),
  LOGIN_INFORMATION: event(
    'authentication',
    'login',
    'success',
    'User {user} logged in from host {srcip} on device {@ascribe.line}',
    'User {user} logged in from host {...} on device {@ascribe.line}',
  ),
  LOGIN_FAILED: event(
    'authentication',
    'login',
    'failure',
    'Login failed for user {userWord} from host {srcip}',
    'Login failed for user {userWord}',
  ),
  LOGIN_ROOT: event(
    'authentication',
    'login',
    'success',
    'User {user} logged in as root from host {...} on device {@ascribe.line}',
  ),
  LOGIN_PAM_AUTHENTICATION_ERROR: event(
    'authentication',
    'login',
    'failure',
    'Failed password for user {user}',
    'PAM authentication error for user {user}',
  ),
  SSHD_LOGIN_FAILED: event('authentication', 'login', 'failure', "Login failed for user '{user}' from host '{srcip}'"),
  SSHD_LOGIN_FAILED_LIMIT: event(
    'authentication',
    'login',
    'failure',
    'Specified number of login failures ({_}) for user {userText} reached from {srcip}',
  ),
  SSHD_LOGIN_ATTEMPTS_THRESHOLD: event(
    'authentication',
    'login',
    'failure',
    'Threshold for unsuccessful authentication attempts ({_}) reached by user {userText}',
  ),
  WEB_AUTH_SUCCESS: event('authentication', 'login', 'success', "Web user '{user}'", '{reason}'),
  WEB_AUTH_FAIL: event(
    'authentication',
    'login',
    'failure',
    'Unable to authenticate httpd client (username {user})',
    '{reason}',
  ),
  FWAUTH_WEBAUTH_SUCCESS: event('authentication', 'login', 'success', 'WebAuth user {user} at {srcip} is accepted'),
  SNMP_TRAP_LINK_DOWN: event('network', 'interface_down', undefined, LINK),
  SNMP_TRAP_LINK_UP: event('network', 'interface_up', undefined, LINK),
  RPD_BGP_NEIGHBOR_STATE_CHANGED: neighbour(
    `${PEER} changed state from {@ascribe.state.old} to {@ascribe.state.new} (event {@ascribe.event}) (instance {@ascribe.instance})`,
    `${PEER} changed state from {@ascribe.state.old} to {@ascribe.state.new} (event {@ascribe.event})`,
  ),
  RPD_OSPF_NBRDOWN: neighbour(OSPF),
  RPD_OSPF_NBRUP: neighbour(OSPF),
  RPD_ISIS_ADJDOWN: neighbour(
    'IS-IS lost {@ascribe.level} adjacency to {@ascribe.neighbor.id} on {@interface.name}, reason: {reason}',
  ),
  RPD_ISIS_ADJUP: neighbour('IS-IS new {@ascribe.level} adjacency to {@ascribe.neighbor.id} on {@interface.name}'),
  BGP_PREFIX_THRESH_EXCEEDED: event('network', 'prefix_limit', undefined, ...LIMIT),
  BGP_PREFIX_LIMIT_EXCEEDED: event('network', 'prefix_limit', undefined, ...LIMIT),
  BGP_CEASE_PREFIX_LIMIT_EXCEEDED: event('network', 'prefix_limit', undefined, ...LIMIT),
  ESWD_BPDU_BLOCK_ERROR_DISABLED: event(
    'network',
    'block_bpduguard',
    undefined,
    '{@interface.name}: bpdu-block disabled port',
  ),
  L2ALD_MAC_LIMIT_REACHED_IF: event(
    'network',
    'mac_limit',
    undefined,
    'Limit on learned MAC addresses reached for {@interface.name}; current count is {#ascribe.count}',
  ),
  LACP_INTF_DOWN: event(
    'network',
    'interface_down',
    undefined,
    '{@interface.name}: Interface marked down due to {reason}',
  ),
  LACPD_TIMEOUT: event('network', 'lacp_timeout', undefined, '{@interface.name}: {reason}'),
  DDOS_PROTOCOL_VIOLATION_SET: event(
    'network',
    'ddos_protocol_violation',
    undefined,
    'Warning: Host-bound traffic for protocol/exception {@ascribe.protocol_group} exceeded its allowed bandwidth at fpc {#ascribe.fpc} for {#ascribe.count} times, started at {@ascribe.started+}',
  ),
  KMD_VPN_UP_ALARM_USER: event('session', 'vpn_connect', 'success', 'VPN {@ascribe.vpn+} from {srcip} is up'),
  KMD_VPN_DOWN_ALARM_USER: event('session', 'vpn_disconnect', undefined, 'VPN {@ascribe.vpn+} from {srcip} is down'),
  DOT1XD_USR_AUTHENTICATED: event('authentication', 'network_login', 'success', '{...}'),
  KMD_PM_SA_ESTABLISHED: event('session', 'vpn_connect', 'success', 'Local gateway: {dstip} Remote gateway: {srcip}'),
  SYSTEM_SHUTDOWN: event('host', 'host_restart', undefined, '{reason}'),
  SYSTEM_REBOOT_EVENT: event('host', 'host_restart', undefined, '{reason}'),
};

/** Messages without a tag, tried in this order. */
export const JUNOS_UNTAGGED: readonly EventRow[] = [
  event(
    'host',
    'alarm_set',
    undefined,
    '{@ascribe.alarm_level} alarm set, {reason}',
    'Alarm set: {@ascribe.alarm_source+} color={@ascribe.alarm_level}, class={@ascribe.alarm_class}, reason={reason}',
  ),
  event(
    'host',
    'alarm_clear',
    undefined,
    '{@ascribe.alarm_level} alarm cleared, {reason}',
    'Alarm cleared: {@ascribe.alarm_source+} color={@ascribe.alarm_level}, class={@ascribe.alarm_class}, reason={reason}',
  ),
  event('host', 'ntp_sync_loss', undefined, 'NTP Server {neighbor} is Unreachable'),
  event(
    'network',
    'bgp_notification',
    undefined,
    '{_}: NOTIFICATION received from {peer} ({@ascribe.peer_type} AS {#ascribe.as}): code {#ascribe.notification.code} ({_}) subcode {#ascribe.notification.subcode} ({reason})',
    '{_}: NOTIFICATION received from {peer} ({@ascribe.peer_type} AS {#ascribe.as}): code {#ascribe.notification.code} ({...}) subcode {#ascribe.notification.subcode} ({reason})',
    '{_}: NOTIFICATION sent to {peer} ({_}): code {#ascribe.notification.code} ({...}) subcode {#ascribe.notification.subcode} ({...}), Reason: {reason}',
    'bgp_recv: read from peer {peer} ({@ascribe.peer_type} AS {#ascribe.as}) failed: {reason}',
  ),
  event('session', 'vpn_connect', 'success', `IKE negotiation successfully completed. ${IKE}`),
  event(
    'session',
    'vpn_connect',
    'failure',
    `IKE negotiation failed with error: {reason} ${IKE}`,
    `IPSec negotiation failed with error: {reason} ${IKE}`,
  ),
  event('network', 'bgp_authentication', 'failure', 'tcp_auth_ok: Packet from {srcColon} {@event.reason} MD5 digest'),
];

/** Structured data of events: parameter → where its value goes. */
export const JUNOS_DATA: Readonly<Record<string, string>> = {
  'class-name': 'ascribe.class',
  'client-mode': 'ascribe.client_mode',
  'interface-name': 'interface.name',
  'local-address': 'destination.ip',
  'destination-address': 'destination.ip',
  'mac-address': 'ascribe.mac',
  'snmp-interface-index': 'interface.id',
  pathname: 'ascribe.config_path',
  message: 'event.reason',
  reason: 'event.reason',
  'error-message': 'event.reason',
  'peer-name': 'ascribe.neighbor.ip',
  'old-state': 'ascribe.state.old',
  'new-state': 'ascribe.state.new',
  instance: 'ascribe.instance',
  'status-code': 'ascribe.status',
  'vpn-name': 'ascribe.vpn',
  'attack-name': 'ascribe.signature',
  url: 'url.original',
  hostname: 'url.domain',
  category: 'ascribe.url_category',
};

/** What the device writes for "none": never a value. */
export const JUNOS_NOTHING: ReadonlySet<string> = new Set(['n/a', 'none', 'unknown', 'unknown-user', 'unset', '', '-']);

/** Flow messages: what they mean, without the `_LS` of logical systems. */
export const JUNOS_FLOW_ACTIONS: Readonly<Record<string, string>> = {
  RT_FLOW_SESSION_CREATE: 'session_start',
  RT_FLOW_SESSION_CLOSE: 'session_end',
  RT_FLOW_SESSION_DENY: 'denied',
  APPTRACK_SESSION_CREATE: 'session_start',
  APPTRACK_SESSION_CLOSE: 'session_end',
  APPTRACK_SESSION_VOL_UPDATE: 'session_update',
  APPTRACK_SESSION_ROUTE_UPDATE: 'session_update',
  APPTRACK_SESSION_APP_UPDATE: 'session_update',
  WEBFILTER_URL_PERMITTED: 'allowed',
  WEBFILTER_URL_BLOCKED: 'denied',
  WEBFILTER_URL_REDIRECTED: 'denied',
  AV_VIRUS_DETECTED_MT: 'denied',
  CONTENT_FILTERING_BLOCKED_MT: 'denied',
  RT_SCREEN_TCP: 'dropped',
  RT_SCREEN_UDP: 'dropped',
  RT_SCREEN_ICMP: 'dropped',
  RT_SCREEN_IP: 'dropped',
  RT_SCREEN_TCP_SRC_IP: 'dropped',
  RT_SCREEN_TCP_DST_IP: 'dropped',
  RT_SCREEN_SESSION_LIMIT: 'dropped',
  IDP_ATTACK_LOG_EVENT: 'session_update',
  SECINTEL_ACTION_LOG: 'session_update',
  AAMW_ACTION_LOG: 'session_update',
  SRX_AAMW_ACTION_LOG: 'session_update',
};

/** Protocol of messages that do not state it. */
export const JUNOS_TAG_PROTOCOLS: Readonly<Record<string, number>> = {
  RT_SCREEN_TCP: 6,
  RT_SCREEN_TCP_SRC_IP: 6,
  RT_SCREEN_TCP_DST_IP: 6,
  RT_SCREEN_UDP: 17,
  RT_SCREEN_ICMP: 1,
};

/** Daemons that only Junos has. */
export const JUNOS_PROCESSES: ReadonlySet<string> = new Set([
  'RT_FLOW',
  'RT_IDP',
  'RT_UTM',
  'RT_AAMW',
  'RT_SECINTEL',
  'RT_IDS',
  'alarmd',
  'authd',
  'bbe-smgd',
  'chassisd',
  'cosd',
  'craftd',
  'dcd',
  'dfwd',
  'eswd',
  'eventd',
  'fwauthd',
  'httpd-gk',
  'idpd',
  'jddosd',
  'jlaunchd',
  'jsrpd',
  'kmd',
  'iked',
  'l2ald',
  'l2cpd',
  'lacpd',
  'license-check',
  'mcsnoopd',
  'mgd',
  'mib2d',
  'mspd',
  'nsd',
  'pfed',
  'ppmd',
  'rmopd',
  'rpd',
  'rtlogd',
  'smgd',
  'useridd',
  'utmd',
  'vccpd',
  'vrrpd',
  'xntpd',
  'utmd',
]);

/** Prefixes of tags that only Junos has. */
export const JUNOS_TAG_PREFIXES: readonly string[] = [
  'RT_',
  'APPTRACK_',
  'FLOW_',
  'UI_',
  'SNMP_TRAP_LINK_',
  'RPD_',
  'CHASSISD_',
  'KMD_',
  'L2ALD_',
  'ESWD_',
  'SSHD_LOGIN_',
  'LOGIN_',
  'JSRPD_',
  'IDP_',
  'WEBFILTER_',
  'LIBJNX_',
  'PFE_',
  'DCD_',
  'FWAUTH_',
  'WEB_AUTH_',
  'AAMW_',
  'SRX_AAMW_',
  'SECINTEL_',
  'BGP_PREFIX_',
  'BGP_CEASE_',
  'DDOS_PROTOCOL_',
  'LACP_INTF_',
  'LACPD_',
  'USER_AUTH_',
];
