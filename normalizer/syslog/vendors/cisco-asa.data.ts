import { type EventRow, type SessionRow, event, session } from './rows';
import type { Outcome } from './reading';

/*
 * ASA and FTD messages by id, as "Cisco Secure Firewall ASA Series Syslog Messages" writes them. Slots are in
 * `cisco-asa-slots.ts`; of several templates the first that fits is taken.
 */

const icmp = (row: SessionRow, protocol = 1): SessionRow => ({ ...row, protocol });
const tcp = (row: SessionRow): SessionRow => ({ ...row, protocol: 6 });
/** Call ids stand in the ports' places. */
const gre = (row: SessionRow): SessionRow => ({ ...row, protocol: 47 });
const block = (state: 'begin' | 'end', ...templates: string[]): SessionRow =>
  nat(session(state === 'begin' ? 'nat_create' : 'nat_delete', 'unknown', ...templates), state);
const udp = (row: SessionRow): SessionRow => ({ ...row, protocol: 17 });
const nat = (row: SessionRow, state: 'begin' | 'end'): SessionRow => ({ ...row, nat: state });

/** `Group <g> User <u> IP <a>` in its three spellings, then `tail`. */
const vpn = (tail: string): string[] => [
  `Group <{group}> User <{user}> IP <{srcip}> ${tail}`,
  `Group <{group}> User IP <{srcip}> ${tail}`,
  `Group {group} User {user} IP {srcip} ${tail}`,
];
/** `Group = g, Username = u, IP = a,` of the IKE messages, then `tail`. */
const ike = (tail: string): string[] => [
  `Group = {group}, Username = {user}, IP = {srcip}, ${tail}`,
  `Group = {group}, Username = {user}, IP = {srcip} ${tail}`,
  `Group = {group}, IP = {srcip}, ${tail}`,
  `IP = {srcip}, ${tail}`,
];
const vpnEvent = (action: string, outcome: Outcome | undefined, ...templates: string[]): EventRow =>
  event('session', action, outcome, ...templates);
const assigning = (row: EventRow, state: 'begin' | 'end'): EventRow => ({ ...row, vpn: state });

const TEARDOWN = 'duration {duration} bytes {bytes}{? {tail}}';
const STUB_TEARDOWN = 'duration {duration} forwarded bytes {bytes}{? {tail}}';
const BUILT = 'Built {dir} {proto} connection {conn} for {src} to {dst}{? ({sessionUser})}';
const TORN = `Teardown {proto} connection {conn} for {src} to {dst} ${TEARDOWN}`;
/** Before 8.4.2 the users stood behind a space, without parentheses. */
const TORN_USERS = [
  `Teardown {proto} connection {conn} for {src} {srcUser} to {dst} {dstUser} ${TEARDOWN}`,
  `Teardown {proto} connection {conn} for {src} {srcUser} to {dst} ${TEARDOWN}`,
  `Teardown {proto} connection {conn} for {src} to {dst} {dstUser} ${TEARDOWN}`,
];
const ICMP_ENDS = 'faddr {faddr} gaddr {gaddr} laddr {laddr}{? ({sessionUser})}{? type {icmpType} code {icmpCode}}';
const STUB_BUILT = 'Built {_} stub {proto} connection for {src} to {dst}';
const STUB_TORN = `Teardown stub {proto} connection for {src} to {dst} ${STUB_TEARDOWN}`;
/** The first hash names the entry of the access list, in `show access-list` too. */
const ACL_TAIL = 'hit-cnt {hits} {? {_} interval [{aceHash}, {_}]}{? first hit [{aceHash}, {_}]}';
const FILTERED =
  '{proto} traffic from {src} to {dst}, {_} {_} resolved from {_} list: {listed}{? , threat-level: {threat}, category: {category}}';

const IPSEC_REFUSED = session(
  'dropped',
  'unknown',
  'IPSEC: Received an {proto} packet (SPI= {_}, sequence number= {_}) from {src} (user= {quotedUser}) to {dst}{? that failed {reason}}',
);

function fragments(ids: readonly string[]): Readonly<Record<string, SessionRow>> {
  const row = session('dropped', 'unknown', '{reason}: src = {src}, dest = {dst}, proto = {proto}, id');
  return Object.fromEntries(ids.map((id) => [id, row]));
}

/** Signatures of the built-in intrusion detection, 400000-400051. */
function signatures(): Readonly<Record<string, SessionRow>> {
  const row = session(
    'session_update',
    'unknown',
    'IDS:{#ascribe.signature_id} {signature} from {src} to {dst} on interface {srcif}',
  );
  return Object.fromEntries(Array.from({ length: 52 }, (_, i) => [String(400_000 + i), row]));
}

/** Connections, translations, denials. */
export const ASA_SESSIONS: Readonly<Record<string, SessionRow>> = {
  '302013': session('session_start', 'stated', BUILT),
  '302014': session('session_end', 'unknown', TORN, ...TORN_USERS),
  '302015': session('session_start', 'stated', BUILT),
  '302016': session('session_end', 'unknown', TORN, ...TORN_USERS),
  '302017': gre(
    session(
      'session_start',
      'unknown',
      'Built {dir0} GRE connection {conn} from {srcNoPort} to {dstNoPort}{? ({sessionUser})}',
    ),
  ),
  '302018': gre(
    session('session_end', 'unknown', `Teardown GRE connection {conn} from {srcNoPort} to {dstNoPort} ${TEARDOWN}`),
  ),
  '302020': icmp(session('session_start', 'stated', `Built {dir} {_} connection for ${ICMP_ENDS}`)),
  '302021': icmp(
    session(
      'session_end',
      'unknown',
      `Teardown {_} connection for ${ICMP_ENDS}`,
      `Teardown {_} connection {conn} for {srcNoPort} to {dstNoPort} ${TEARDOWN}`,
    ),
  ),
  '302022': session('session_start', 'unknown', STUB_BUILT),
  '302023': session('session_end', 'unknown', STUB_TORN),
  '302024': session('session_start', 'unknown', STUB_BUILT),
  '302025': session('session_end', 'unknown', STUB_TORN),
  '302026': icmp(session('session_start', 'unknown', 'Built {_} stub ICMP connection for {srcNoPort} to {dstNoPort}')),
  '302027': icmp(
    session('session_end', 'unknown', `Teardown stub ICMP connection for {srcNoPort} to {dstNoPort} ${STUB_TEARDOWN}`),
  ),
  '302035': session('session_start', 'stated', BUILT),
  '302036': session('session_end', 'unknown', TORN),
  '302303': session('session_start', 'stated', 'Built {proto} state-bypass connection {conn} from {src} to {dst}'),
  '302304': session(
    'session_end',
    'stated',
    `Teardown {proto} state-bypass connection {conn} from {src} to {dst} ${TEARDOWN}`,
  ),
  '302305': session('session_start', 'stated', 'Built {proto} state-bypass connection {conn} for {src} to {dst}'),
  '302306': session(
    'session_end',
    'stated',
    `Teardown {proto} state-bypass connection {conn} for {src} to {dst} ${TEARDOWN}`,
  ),
  '302033': session('session_start', 'unknown', 'Pre-allocated {_} {_} Connection for faddr {src} to laddr {dst}'),
  '303002': tcp(
    session(
      'session_update',
      'stated',
      'FTP connection from {src} to {dst}, user {sessionUserToken} {ftpVerb} file {file}',
    ),
  ),
  '305005': session('denied', 'first_packet', 'No translation group found for {? protocol}{proto} src {src} dst {dst}'),
  '305006': session(
    'denied',
    'first_packet',
    '{reasonUntilFor} for {? protocol}{proto} src {src} dst {dst}{? (type {icmpType}, code {icmpCode})}',
  ),
  '305009': nat(session('nat_create', 'unknown', 'Built {natType} translation from {src} to {mapped}'), 'begin'),
  '305010': nat(
    session('nat_delete', 'unknown', 'Teardown {natType} translation from {src} to {mapped} duration {duration}'),
    'end',
  ),
  '305011': nat(
    session('nat_create', 'unknown', 'Built {natType} {proto} translation from {src} to {mapped}'),
    'begin',
  ),
  '305012': nat(
    session(
      'nat_delete',
      'unknown',
      'Teardown {natType} {proto} translation from {src} to {mapped} duration {duration}',
    ),
    'end',
  ),
  '305014': block('begin', 'Allocated {proto} block of ports for translation from {src} to {mappedOnly}/{portBlock}'),
  '305015': block('end', 'Released {proto} block of ports for translation from {src} to {mappedOnly}/{portBlock}'),
  '305013': session(
    'denied',
    'first_packet',
    'Asymmetric NAT rules matched for forward and reverse flows; Connection for {proto} src {src} dst {dst}{? (type {icmpType}, code {icmpCode})} denied due to {reason}',
    'Asymmetric NAT rules matched for forward and reverse flows; Connection {? protocol}{proto} src {src} dst {dst} denied due to {reason}',
  ),
  '106001': tcp(
    session(
      'denied',
      'stated',
      'Inbound TCP connection denied from {src} to {dst} flags {flags} on interface {srcif}',
      'Inbound TCP connection denied from {src} to {dst} flags',
    ),
  ),
  '106006': udp(session('denied', 'stated', 'Deny inbound UDP from {src} to {dst} on interface {srcif}')),
  '106007': udp(session('denied', 'stated', 'Deny inbound UDP from {src} to {dst} due to {reason}')),
  '106010': session('denied', 'stated', 'Deny inbound {? protocol}{proto} src {src} dst {dst}'),
  '106012': session('denied', 'unknown', 'Deny IP from {src} to {dst}, {reason}'),
  '106014': icmp(
    session('denied', 'stated', 'Deny inbound icmp src {src} dst {dst}{? (type {icmpType}, code {icmpCode})}'),
  ),
  '106015': tcp(
    session(
      'denied',
      'unknown',
      'Deny TCP (no connection) from {src} to {dst} flags {flags} on interface {srcif}',
      'Deny TCP (no connection) from {src} to {dst} flags {flags}',
    ),
  ),
  '106016': session('denied', 'unknown', 'Deny IP spoof from ({src}) to {dst} on interface {srcif}'),
  '106017': session('denied', 'unknown', 'Deny IP due to {reasonUntilFrom} from {src} to {dst}'),
  '106018': icmp(
    session(
      'denied',
      'first_packet',
      'ICMP packet type {icmpType} denied by outbound list {rule} src {src} dest {dst}',
    ),
  ),
  '106020': session('denied', 'unknown', 'Deny IP teardrop fragment ({_} = {_} offset = {_}) from {src} to {dst}'),
  '106021': session('denied', 'unknown', 'Deny {proto} reverse path check from {src} to {dst} on interface {srcif}'),
  '106022': session('denied', 'unknown', 'Deny {proto} connection spoof from {src} to {dst} on interface {srcif}'),
  '106023': session(
    'denied',
    'first_packet',
    'Deny {? protocol}{proto} src {src} dst {dst}{? (type {icmpType}, code {icmpCode})}{? type {_} code {_}} by {_} {rule}{? [{aceHash}, {_}]}',
    'Deny {? protocol}{proto} src {src} dst {dst}{? (type {icmpType}, code {icmpCode})}',
  ),
  '106100': session(
    'allowed',
    'first_packet',
    `access-list {acl} {verdict} {? protocol}{proto} {aclSrc}{? ->} {aclDst} ${ACL_TAIL}`,
  ),
  '106102': session(
    'allowed',
    'first_packet',
    `access-list {acl} {verdict} {proto} for user {quotedUser} {aclSrc}{? ->} {aclDst} ${ACL_TAIL}`,
  ),
  '106103': session(
    'denied',
    'first_packet',
    `access-list {acl} {verdict} {proto} for user {quotedUser} {aclSrc}{? ->} {aclDst} ${ACL_TAIL}`,
  ),
  '107001': udp(session('denied', 'unknown', 'RIP auth failed from {src}: {reason}')),
  '110002': session('denied', 'unknown', 'Failed to locate egress interface for {proto} from {src} to {dst}'),
  '110003': session(
    'denied',
    'unknown',
    'Routing failed to locate next hop for {proto} from {src} to {dst}',
    'Routing failed to locate next-hop for {proto} from {src} to {dst}',
  ),
  '201010': tcp(
    session(
      'denied',
      'unknown',
      'Embryonic connection limit exceeded {_} for {_} packet from {src} to {dst} on interface {srcif}',
    ),
  ),
  '201011': session(
    'denied',
    'unknown',
    'Connection limit exceeded {_} for {_} packet from {src} to {dst} on interface {srcif}',
  ),
  '313001': icmp(
    session('denied', 'unknown', 'Denied ICMP type={icmpType}, code={icmpCode} from {src} on interface {srcif}'),
  ),
  '313004': icmp(
    session(
      'denied',
      'unknown',
      'Denied ICMP type={icmpType}, from laddr {src} on interface {srcif} to {dst}: {reason}',
      'Denied ICMP type={icmpType}, from {src} on interface {srcif} to {dst}: {reason}',
    ),
  ),
  '313005': icmp(
    session(
      'denied',
      'unknown',
      'No matching connection for ICMP error message: icmp src {src} dst {dst}{? (type {icmpType}, code {icmpCode})} on {_} interface',
    ),
  ),
  '313008': icmp(
    session('denied', 'unknown', 'Denied IPv6-ICMP type={icmpType}, code={icmpCode} from {src} on interface {srcif}'),
    58,
  ),
  '313009': icmp(
    session(
      'denied',
      'unknown',
      'Denied invalid ICMP code {icmpCode}, for {srcNoPort} to {dstNoPort}{? ({sessionUser})}, ICMP id {_} ICMP type {icmpType}',
    ),
  ),
  '322001': session('denied', 'unknown', 'Deny MAC address {srcMac}, possible spoof attempt on interface {srcif}'),
  '338001': session(
    'allowed',
    'unknown',
    `Dynamic Filter {filterWord} black listed ${FILTERED}`,
    `Dynamic Filter {filterWord} blacklisted ${FILTERED}`,
  ),
  '338002': session(
    'allowed',
    'unknown',
    `Dynamic Filter {filterWord} black listed ${FILTERED}`,
    `Dynamic Filter {filterWord} blacklisted ${FILTERED}`,
  ),
  '338003': session(
    'allowed',
    'unknown',
    `Dynamic Filter {filterWord} black listed ${FILTERED}`,
    `Dynamic Filter {filterWord} blacklisted ${FILTERED}`,
  ),
  '338004': session(
    'allowed',
    'unknown',
    `Dynamic Filter {filterWord} black listed ${FILTERED}`,
    `Dynamic Filter {filterWord} blacklisted ${FILTERED}`,
  ),
  '338005': session(
    'dropped',
    'unknown',
    `Dynamic Filter dropped black listed ${FILTERED}`,
    `Dynamic Filter dropped blacklisted ${FILTERED}`,
  ),
  '338006': session(
    'dropped',
    'unknown',
    `Dynamic Filter dropped black listed ${FILTERED}`,
    `Dynamic Filter dropped blacklisted ${FILTERED}`,
  ),
  '338007': session(
    'dropped',
    'unknown',
    `Dynamic Filter dropped black listed ${FILTERED}`,
    `Dynamic Filter dropped blacklisted ${FILTERED}`,
  ),
  '338008': session(
    'dropped',
    'unknown',
    `Dynamic Filter dropped black listed ${FILTERED}`,
    `Dynamic Filter dropped blacklisted ${FILTERED}`,
  ),
  '338203': session(
    'dropped',
    'unknown',
    `Dynamic Filter dropped grey listed ${FILTERED}`,
    `Dynamic Filter dropped greylisted ${FILTERED}`,
  ),
  '338204': session(
    'dropped',
    'unknown',
    `Dynamic Filter dropped grey listed ${FILTERED}`,
    `Dynamic Filter dropped greylisted ${FILTERED}`,
  ),
  '401004': session('denied', 'unknown', 'Shunned packet: {src} ==> {dst} on interface {srcif}'),
  '410001': session('dropped', 'unknown', 'Dropped {proto} DNS {_} from {src} to {dst}; {reason}'),
  '419001': tcp(session('dropped', 'unknown', 'Dropping TCP packet from {src} to {dst}, reason: {reason}')),
  '419002': tcp(
    session('dropped', 'unknown', '{_} duplicate TCP SYN from {src} to {dst}', 'Duplicate TCP SYN from {src} to {dst}'),
  ),
  '434002': session('dropped', 'unknown', 'SFR requested to drop {proto} packet from {src} to {dst}'),
  '434004': session(
    'allowed',
    'unknown',
    'SFR requested {_} to bypass further packet redirection and process {proto} flow from {src} to {dst} locally',
  ),
  '500004': session('dropped', 'unknown', 'Invalid transport field for protocol={proto}, from {src} to {dst}'),
  '507003': session(
    'session_end',
    'unknown',
    '{proto} flow from {src} to {dst} terminated by inspection engine, reason - {reason}.',
  ),
  '710001': session('connection_attempt', 'stated', '{proto} access requested from {src} to {dst}'),
  '710002': session('allowed', 'stated', '{proto} access permitted from {src} to {dst}'),
  '710003': session('denied', 'stated', '{proto} access denied by ACL from {src} to {dst}'),
  '710004': session('denied', 'stated', '{proto} connection limit exceeded from {src} to {dst} (current'),
  '710005': session('dropped', 'unknown', '{proto} request discarded from {src} to {dst}'),
  '710006': session('dropped', 'unknown', '{proto} request discarded from {src} to {dst}'),
  ...fragments(['209003', '209004', '209005']),
  ...signatures(),
  '402116': IPSEC_REFUSED,
  '402117': session('dropped', 'unknown', 'IPSEC: Received a non-IPSec packet (protocol= {proto}) from {src} to {dst}'),
  '402119': IPSEC_REFUSED,
  '202010': session(
    'denied',
    'unknown',
    'NAT pool exhausted. Unable to create {proto} connection from {src} to {dst}',
    'PAT pool exhausted. Unable to create {proto} connection from {src} to {dst}',
  ),
  '431001': udp(
    session('dropped', 'unknown', 'RTP conformance: Dropping RTP packet from {src} to {dst}, Drop reason: {reason}'),
  ),
  '852001': session(
    'session_update',
    'unknown',
    'Received Lightweight to full proxy event from application {@ascribe.inspector} for {proto} flow {src} to {dst}',
  ),
  '852002': session(
    'session_update',
    'unknown',
    'Received Full Proxy to Lightweight event from application {@ascribe.inspector} for {proto} flow {src} to {dst}',
  ),
  '805001': session('session_update', 'unknown', 'Offloaded {proto} Flow for connection {conn} from {src} to {dst}'),
  '805002': session(
    'session_update',
    'unknown',
    '{proto} Flow is no longer offloaded for connection {conn} from {src} to {dst}',
  ),
};

/** Logins, commands, VPN, TLS, the device itself. */
export const ASA_EVENTS: Readonly<Record<string, EventRow>> = {
  '109201': assigning(
    vpnEvent(
      'vpn_connect',
      'success',
      'UAUTH: Session={vpnSession}, User={user}, Assigned IP={assigned}, Succeeded adding entry',
    ),
    'begin',
  ),
  '109210': assigning(
    vpnEvent(
      'vpn_disconnect',
      undefined,
      'UAUTH: Session={vpnSession}, User={user}, Assigned IP={assigned}, Successfully removed',
    ),
    'end',
  ),
  '111001': event('configuration', 'config_save', undefined, 'Begin configuration: {srcip} writing to {what}'),
  '111002': event('configuration', 'config_change', undefined, 'Begin configuration: {srcip} reading from {what}'),
  '111003': event('configuration', 'config_change', undefined, '{srcip} Erase configuration'),
  '111004': event('configuration', 'config_change', undefined, '{srcip} end configuration: {okFailed}'),
  '111005': event('configuration', 'config_change', undefined, '{srcip} end configuration: {okFailed}'),
  '111007': event('configuration', 'config_change', undefined, 'Begin configuration: {srcip} reading from {what}'),
  '111008': event(
    'process',
    'command',
    undefined,
    "User '{user}' executed the '{command}' command",
    'User {user} executed the command {command}',
  ),
  '111009': event(
    'process',
    'command',
    undefined,
    "User '{user}' executed cmd: {command}",
    'User {user} executed cmd: {command}',
  ),
  '111010': event(
    'process',
    'command',
    undefined,
    "User '{user}', running '{application}' from IP {srcip}, executed '{quotedCommand}",
    'User {user}, running {application} from IP {srcip}, executed {command}',
  ),
  '113003': event(
    'authentication',
    'group_policy',
    undefined,
    'AAA group policy for user {user} is being set to {policy}',
  ),
  '113004': event(
    'authentication',
    'login',
    'success',
    'AAA user {aaaType} Successful: server = {server}: user = {user}',
    'AAA user {aaaType} Successful: server = {server}, User = {user}',
  ),
  '113005': event(
    'authentication',
    'login',
    'failure',
    'AAA user {aaaType} Rejected: reason = {reason}: server = {server}: user = {user}: user IP = {srcip}',
    'AAA user {aaaType} Rejected: reason = {reason}: server = {server}: user = : user IP = {srcip}',
    'AAA user {aaaType} Rejected: reason = {reason}: server = {server}: user = {user}',
    'AAA user {aaaType} Rejected: reason = {reason}: server = {server}, User = {user}: user IP = {srcip}',
    'AAA user {aaaType} Rejected: reason = {reason}: server = {server}, User = {user}',
  ),
  '113006': event('iam', 'account_change', undefined, 'User {user} locked out on exceeding {reason}'),
  '113007': event('iam', 'account_change', undefined, 'User {user} unlocked by {actor}'),
  '113008': event('authentication', 'login', 'success', 'AAA transaction status ACCEPT: user = {user}'),
  '113009': event(
    'authentication',
    'group_policy',
    undefined,
    'AAA retrieved default group policy ({policy}) for user = {user}',
    'AAA retrieved default group policy {policy} for user {user}',
  ),
  '113011': event(
    'authentication',
    'group_policy',
    undefined,
    'AAA retrieved user specific group policy ({policy}) for user = {user}',
    'AAA retrieved user specific group policy {policy} for user {user}',
  ),
  '113012': event('authentication', 'login', 'success', 'AAA user {aaaType} Successful: local database: user = {user}'),
  '113013': event(
    'authentication',
    'login',
    'failure',
    'AAA unable to complete the request Error: reason = {reason}: user = {user}',
  ),
  '113014': event(
    'authentication',
    'login',
    'failure',
    'AAA authentication server not accessible: server = {server}: user = {user}',
  ),
  '113015': event(
    'authentication',
    'login',
    'failure',
    'AAA user {aaaType} Rejected: reason = {reason}: local database: user = {user}: user IP = {srcip}',
    'AAA user {aaaType} Rejected: reason = {reason}: local database: user = {user}',
  ),
  '113016': event(
    'authentication',
    'login',
    'failure',
    'AAA credentials rejected: reason = {reason}: server = {server}: user = {user}: user IP = {srcip}',
    'AAA credentials rejected: reason = {reason}: server = {server}: user = {user}',
  ),
  '113017': event(
    'authentication',
    'login',
    'failure',
    'AAA credentials rejected: reason = {reason}: local database: user = {user}: user IP = {srcip}',
    'AAA credentials rejected: reason = {reason}: local database: user = {user}',
  ),
  '113019': vpnEvent(
    'vpn_disconnect',
    undefined,
    ...ike(
      'Session disconnected. Session Type: {vpnType}, Duration: {duration}, Bytes xmt: {dstBytes}, Bytes rcv: {srcBytes}, Reason: {reason}',
    ),
  ),
  '113021': event(
    'authentication',
    'login',
    'failure',
    'Attempted console login failed. User {user} did NOT have appropriate Admin Rights',
  ),
  '113029': vpnEvent('vpn_connect', 'failure', ...vpn('Session could not be established: {reason}')),
  '113033': vpnEvent('vpn_connect', 'failure', ...vpn('AnyConnect session not allowed. {reason}')),
  '113035': vpnEvent('vpn_disconnect', undefined, ...vpn('Session terminated: {reason}')),
  '113038': vpnEvent('vpn_connect', 'failure', ...vpn('Unable to create AnyConnect parent session')),
  '113039': vpnEvent('vpn_connect', 'success', ...vpn('AnyConnect parent session started')),
  '199001': event('host', 'host_restart', undefined, 'Reload command executed from {_} (remote {srcip})'),
  '199002': event(
    'host',
    'host_start',
    undefined,
    '{? PIX }{_} startup completed. Beginning operation',
    'startup completed',
  ),
  '199005': event('host', 'host_start', undefined, '{? PIX }{_} Startup begin', 'Startup begin'),
  '199006': event(
    'host',
    'host_restart',
    undefined,
    'Orderly reload started at {...} by {user}. Reload reason: {reason}',
  ),
  '199007': event('host', 'host_restart', undefined, 'IP detected an attached application using port {...}'),
  '201008': event('host', 'log_loss', 'failure', '{reason}'),
  '304001': event(
    'network',
    'url_access',
    'success',
    '{srcip} Accessed JAVA URL {urlTarget}',
    '{srcip} Accessed URL {urlTarget}',
  ),
  '304002': event('network', 'url_access', 'failure', 'Access denied URL {url} SRC {srcip} DEST {dstip}'),
  '315011': event(
    'authentication',
    'logout',
    undefined,
    'SSH session from {srcip} on interface {srcif} for user "{user}" terminated normally',
    'SSH session from {srcip} on interface {srcif} for user "{user}" disconnected by SSH server, reason: {reason}',
    'SSH session from {srcip} on interface {srcif} for user {user} disconnected by SSH server, reason: {reason}',
    'SSH session from {? {srcip}} on interface {srcif} for user "{user}" disconnected by SSH server, reason: {reason}',
    'SSH session from on interface {srcif} for user "{user}" disconnected by SSH server, reason: {reason}',
    'SSH session from on interface {srcif} for user "{user}" terminated normally',
  ),
  '411001': event(
    'network',
    'interface_up',
    undefined,
    'Line protocol on Interface {interface}{? ,} changed state to up',
    'Line protocol on interface {interface}{? ,} changed state to up',
  ),
  '411002': event(
    'network',
    'interface_down',
    undefined,
    'Line protocol on Interface {interface}{? ,} changed state to down',
    'Line protocol on interface {interface}{? ,} changed state to down',
  ),
  '411003': event(
    'network',
    'interface_down',
    undefined,
    'Configuration status on interface {interface} changed state to {interfaceState}',
  ),
  '411004': event(
    'network',
    'interface_up',
    undefined,
    'Configuration status on interface {interface} changed state to {interfaceState}',
  ),
  '411005': event('network', 'interface_change', undefined, 'Interface {interface} experienced a {reason}'),
  '502101': event(
    'iam',
    'account_change',
    'success',
    'New user added to local dbase: Uname: {user} Priv: {@ascribe.privilege_level}',
  ),
  '502102': event(
    'iam',
    'account_change',
    'success',
    'User deleted from local dbase: Uname: {user} Priv: {@ascribe.privilege_level}',
  ),
  '502103': event(
    'iam',
    'account_change',
    'success',
    'User priv level changed: Uname: {user} From: {_} To: {@ascribe.privilege_level}',
  ),
  '502111': event('iam', 'account_change', 'success', 'New group policy added: name: {policy} Type: {_}'),
  '502112': event('iam', 'account_change', 'success', 'Group policy deleted: name: {policy} Type: {_}'),
  '602303': vpnEvent(
    'vpn_connect',
    'success',
    'IPSEC: An {_} {vpnTypeText} SA (SPI= {spi}) between {srcip} and {dstip} (user= {user}) has been created',
  ),
  '602304': vpnEvent(
    'vpn_disconnect',
    undefined,
    'IPSEC: An {_} {vpnTypeText} SA (SPI= {spi}) between {srcip} and {dstip} (user= {user}) has been deleted',
  ),
  '605004': event(
    'authentication',
    'login',
    'failure',
    'Login denied from {src} to {service} for user "{user}"',
    'Login denied from {src} to {service} for user ""',
    'Login denied from {_} to {_} for user "{user}"',
  ),
  '605005': event(
    'authentication',
    'login',
    'success',
    'Login permitted from serial to {_} for user "{user}"',
    'Login permitted from {src} to {service} for user "{user}"',
  ),
  '606001': event('authentication', 'login', 'success', 'ASDM session number {_} from {srcip} started'),
  '606002': event('authentication', 'logout', undefined, 'ASDM session number {_} from {srcip} ended'),
  '609001': event('network', 'local_host_start', undefined, 'Built local-host {src}'),
  '609002': event('network', 'local_host_end', undefined, 'Teardown local-host {src} duration {duration}'),
  '611101': event(
    'authentication',
    'login',
    'success',
    'User authentication succeeded: IP address: {srcip}, Uname: {user}',
    'User authentication succeeded: IP, {srcip}: Uname: {user}',
    'User authentication succeeded: Uname: {user}',
  ),
  '611102': event(
    'authentication',
    'login',
    'failure',
    'User authentication failed: IP address: {srcip}, Uname: {user}',
    'User authentication failed: IP = {srcip}, Uname: {user}',
    'User authentication failed: Uname: {user}',
  ),
  '611103': event('authentication', 'logout', undefined, 'User logged out: Uname: {user}'),
  '713049': vpnEvent(
    'vpn_connect',
    'success',
    ...ike('Security negotiation complete for {vpnTypeText} ({_}) {_} Inbound SPI = {_} Outbound SPI = {_}'),
  ),
  '713050': vpnEvent(
    'vpn_disconnect',
    undefined,
    ...ike('Connection terminated for peer {_} Reason: {reason}{? Remote Proxy}'),
  ),
  '713119': vpnEvent('vpn_connect', 'success', ...ike('PHASE 1 COMPLETED')),
  '713120': vpnEvent('vpn_connect', 'success', ...ike('PHASE 2 COMPLETED')),
  '713228': assigning(
    vpnEvent('vpn_connect', 'success', ...ike('Assigned private IP address {assigned} to remote user')),
    'begin',
  ),
  '713259': vpnEvent('vpn_disconnect', undefined, ...ike('Session is being torn down. Reason: {reason}')),
  '716001': vpnEvent('vpn_connect', 'success', ...vpn('WebVPN session started')),
  '716002': vpnEvent('vpn_disconnect', undefined, ...vpn('WebVPN session terminated: {reasonDot}')),
  '716003': event('network', 'url_access', 'success', ...vpn('WebVPN access {? "}GRANTED: {urlQuoted}')),
  '716004': event(
    'network',
    'url_access',
    'failure',
    ...vpn('WebVPN access DENIED to specified location: {urlQuoted}'),
  ),
  '716038': event(
    'authentication',
    'login',
    'success',
    ...vpn('Authentication: successful, Session Type: {vpnTypeDot}'),
  ),
  '716039': event(
    'authentication',
    'login',
    'failure',
    ...vpn('Authentication: rejected, Session Type: {vpnTypeDot}'),
    'Authentication: rejected, group = {group} user = {user}, Session Type: {vpnTypeDot}',
  ),
  '716058': vpnEvent('vpn_disconnect', undefined, ...vpn('AnyConnect session lost connection. {reason}')),
  '716059': vpnEvent(
    'vpn_connect',
    'success',
    ...vpn('AnyConnect session resumed connection from IP <{newSrcip}>'),
    ...vpn('AnyConnect session resumed. Connection from <{newSrcip}>'),
    ...vpn('AnyConnect session resumed. Connection from {newSrcip}'),
  ),
  '721016': vpnEvent(
    'vpn_connect',
    'success',
    '({_}) WebVPN session for client user {user}, {_} {srcip} has been created',
  ),
  '721018': vpnEvent(
    'vpn_disconnect',
    undefined,
    '({_}) WebVPN session for client user {user}, {_} {srcip} has been deleted',
  ),
  '722011': vpnEvent('vpn_message', undefined, ...vpn('SVC Message: {reason}')),
  '722012': vpnEvent('vpn_message', undefined, ...vpn('SVC Message: {reason}')),
  '722022': vpnEvent('vpn_connect', 'success', ...vpn('{? {vpnProto} }SVC connection established')),
  '722023': vpnEvent('vpn_disconnect', undefined, ...vpn('{? {vpnProto} }SVC connection terminated')),
  '722028': vpnEvent('vpn_disconnect', undefined, ...vpn('Stale SVC connection closed')),
  '722032': vpnEvent(
    'vpn_connect',
    'success',
    ...vpn('New SVC connection replacing old connection'),
    ...vpn('New {vpnProto} SVC connection replacing old connection'),
  ),
  '722033': vpnEvent(
    'vpn_connect',
    'success',
    ...vpn('First SVC connection established'),
    ...vpn('First {vpnProto} SVC connection established for SVC session'),
  ),
  '722034': vpnEvent(
    'vpn_connect',
    'success',
    ...vpn('New SVC connection, no existing connection'),
    ...vpn('New {vpnProto} SVC connection, no existing connection'),
  ),
  '722037': vpnEvent('vpn_disconnect', undefined, ...vpn('SVC closing connection: {reasonDot}')),
  '722051': assigning(
    vpnEvent(
      'vpn_connect',
      'success',
      ...vpn('IPv4 Address <{assigned}> IPv6 address <{assigned}> assigned to session'),
      ...vpn('IPv4 Address <{assigned}> IPv6 Address <{assigned}> assigned to session'),
      ...vpn('Address <{assigned}> assigned to session'),
      '({_}) WebVPN session for client user {user}, IP {srcip} has been created',
    ),
    'begin',
  ),
  '722055': vpnEvent('vpn_client', undefined, ...vpn('Client Type: {userAgent}')),
  '725001': event(
    'network',
    'tls_handshake',
    'unknown',
    'Starting SSL handshake with {tlsPeer} {src} to {dst} for {tlsVersion} session',
    'Starting SSL handshake with {tlsPeer} {src} for {tlsVersion} session',
    'Starting SSL handshake with {tlsPeer} {src}',
  ),
  '725002': event(
    'network',
    'tls_handshake',
    'success',
    'Device completed SSL handshake with {tlsPeer} {src} to {dst} for {tlsVersion} session',
    'Device completed SSL handshake with {tlsPeer} {src} to {dst}',
    'Device completed SSL handshake with {tlsPeer} {src}',
  ),
  '725003': event(
    'network',
    'tls_handshake',
    'unknown',
    'SSL {tlsPeer} {src} to {dst} request to resume previous session',
    'SSL {tlsPeer} {src} request to resume previous session',
  ),
  '725004': event(
    'network',
    'tls_handshake',
    'unknown',
    'Device requesting certificate from SSL {tlsPeer} {src} to {dst} for authentication',
    'Device requesting certificate from SSL {tlsPeer} {src} for authentication',
  ),
  '725005': event(
    'network',
    'tls_handshake',
    'unknown',
    'SSL {tlsPeer} {src} to {dst} requesting our device certificate',
    'SSL {tlsPeer} {src} requesting our device certificate',
  ),
  '725006': event(
    'network',
    'tls_handshake',
    'failure',
    'Device failed SSL handshake with {tlsPeer} {src} to {dst}',
    'Device failed SSL handshake with {tlsPeer} {src}',
  ),
  '725007': event(
    'network',
    'tls_session_end',
    undefined,
    'SSL session with {tlsPeer} {src} to {dst} terminated',
    'SSL session with {tlsPeer} {src} terminated',
  ),
  '725016': event(
    'network',
    'tls_handshake',
    'unknown',
    'Device selects trust-point {trustPoint} for {tlsPeer} {src} to {dst}',
    'Device selects trust-point {trustPoint} for {tlsPeer} {src}',
  ),
  '746012': assigning(
    event(
      'iam',
      'user_mapping_add',
      undefined,
      'user-identity: Add IP-User mapping {assigned} - {user} Succeeded - {reason}',
      'user-identity: Add IP-User mapping {_} - {user} {okFailed}',
    ),
    'begin',
  ),
  '746013': assigning(
    event(
      'iam',
      'user_mapping_remove',
      undefined,
      'user-identity: Delete IP-User mapping {assigned} - {user} Succeeded - {reason}',
      'user-identity: Delete IP-User mapping {_} - {user} {okFailed}',
    ),
    'end',
  ),
  '733100': event(
    'network',
    'threat_rate',
    'unknown',
    '[{threatObject}] drop {@ascribe.threat.rate} exceeded. Current burst rate is {#ascribe.threat.burst_rate} per second, max configured rate is {_}; Current average rate is {#ascribe.threat.average_rate} per second, max configured rate is {_}; Cumulative total count is {#ascribe.threat.count}',
  ),
  '733101': event(
    'network',
    'threat_detected',
    'unknown',
    'Host {srcip} is attacking. {message}',
    'Subnet {@ascribe.threat.object} is attacking. {message}',
    'Host {dstip} is targeted. {message}',
    'Subnet {@ascribe.threat.object} is targeted. {message}',
  ),
  '733102': event('network', 'shun', 'success', 'Threat-detection adds host {srcip} to shun list'),
  '733103': event('network', 'unshun', 'success', 'Threat-detection removes host {srcip} from shun list'),
  '401002': event('network', 'shun', 'success', 'Shun added: {srcip} {dstip}', 'Shun added: {srcip}'),
  '401003': event('network', 'unshun', 'success', 'Shun deleted: {srcip}'),
  '734001': vpnEvent(
    'vpn_connect',
    'success',
    'DAP: User {user}, Addr {srcip}, Connection {vpnType}: The following DAP records were selected for this connection: {dap}',
  ),
  '737016': vpnEvent(
    'vpn_address_release',
    undefined,
    'IPAA: {? Session={vpnSession}, }Freeing local pool {? {pool}} address {assigned}',
    'IPAA: {? Session={vpnSession}, }Freeing local pool address {assigned}',
  ),
  '737026': vpnEvent(
    'vpn_address_assign',
    undefined,
    'IPAA: {? Session={vpnSession}, }Client assigned {assigned} from local pool{? {pool}}',
    'IPAA: {? Session={vpnSession}, }Client assigned from local pool {assigned}',
  ),
  '750001': vpnEvent(
    'vpn_connect',
    'unknown',
    'Local:{dstIke} Remote:{srcIke} Username:{user} Received request to {reason}',
  ),
  '750002': vpnEvent(
    'vpn_connect',
    'unknown',
    'Local:{dstIke} Remote:{srcIke} Username:{user} Received a IKE_INIT_SA request',
  ),
  '750003': vpnEvent(
    'vpn_connect',
    'failure',
    'Local:{dstIke} Remote:{srcIke} Username:{user} {? IKEv2 }Negotiation aborted due to ERROR: {reason}',
  ),
  '750006': vpnEvent(
    'vpn_connect',
    'success',
    'Local:{dstIke} Remote:{srcIke} Username:{user} {? IKEv2 }SA UP. Reason: {reason}',
  ),
  '750007': vpnEvent(
    'vpn_disconnect',
    undefined,
    'Local:{dstIke} Remote:{srcIke} Username:{user} {? IKEv2 }SA DOWN. Reason: {reason}',
  ),
  '751025': assigning(
    vpnEvent(
      'vpn_connect',
      'success',
      'Local:{dstIke} Remote:{srcIke} Username:{user} {? IKEv2 }Group:{group} IPv4 Address={assigned} IPv6 address={assigned} assigned to session',
    ),
    'begin',
  ),
  '771002': event('host', 'clock_change', undefined, 'CLOCK: System clock set, source: {_} IP: {srcip}'),
};

const IKE2 = 'Local:{dstIke} Remote:{srcIke} Username:{user} IKEv2 {message}';

/** What other messages of the VPN begin with: who it is about, then free text. */
export const ASA_OTHER: EventRow = event('host', 'message', undefined, ...ike('{message}'), ...vpn('{message}'), IKE2);
