import { type EventRow, type SessionRow, event, session } from './rows';

/*
 * ASA and FTD messages about packets that inspections, limits, other modules and missing routes refused, and about users of
 * the cut-through proxy; ids and wording of "Cisco Secure Firewall ASA Series Syslog Messages". None says who began, unless
 * the row does.
 */

const tcp = (row: SessionRow): SessionRow => ({ ...row, protocol: 6 });
const udp = (row: SessionRow): SessionRow => ({ ...row, protocol: 17 });
const icmp = (row: SessionRow): SessionRow => ({ ...row, protocol: 1 });
const dropped = (...templates: string[]): SessionRow => session('dropped', 'unknown', ...templates);
const denied = (...templates: string[]): SessionRow => session('denied', 'unknown', ...templates);
const seen = (...templates: string[]): SessionRow => session('session_update', 'unknown', ...templates);
const login = (outcome: 'success' | 'failure', ...templates: string[]): EventRow =>
  event('authentication', 'login', outcome, ...templates);

const vpn = (action: string, state: 'begin' | undefined, ...templates: string[]): EventRow => ({
  ...event('session', action, state === undefined ? undefined : 'success', ...templates),
  ...(state === undefined ? undefined : { vpn: state }),
});
const lease = (action: string, state: 'begin' | 'end', template: string): EventRow => ({
  ...event('network', action, 'success', template),
  lease: state,
});

const LISTED =
  '{proto} traffic from {src} to {dst}, {_} {_} resolved from {_} list: {listed}{? , threat-level: {threat}, category: {category}}';
const ENDS = 'from {src} to {dst}';

export const ASA_REFUSALS: Readonly<Record<string, SessionRow>> = {
  '106002': session(
    'denied',
    'first_packet',
    '{proto} Connection denied by outbound list {rule} src {src} dest {dst}',
    // PIX wrote ports behind a space.
    '{proto} connection denied by outbound list {rule} src {src} {srcPort} dest {dst} {dstPort}',
  ),
  '106011': denied('Deny inbound (No xlate) {proto} src {src} dst {dst}'),
  '106013': icmp(dropped('Dropping echo request from {src} to PAT address {dst}')),
  '108003': tcp(
    dropped(
      'Terminating ESMTP/SMTP connection; {reason} from {src} to {dst}. Data',
      `Terminating ESMTP/SMTP connection; {reason} ${ENDS}`,
    ),
  ),
  '108004': tcp(dropped('ESMTP Classification: Dropped connection for ESMTP {_} from {src} to {dst}; {reason}')),
  '113042': tcp(denied('Non-HTTP connection from {src} to {dst} denied by {reason}')),
  '201012': denied(
    'Per-client embryonic connection limit exceeded {_} for {_} packet from {src} to {dst} on interface {srcif}',
  ),
  '201013': denied('Per-client connection limit exceeded {_} for {_} packet from {src} to {dst} on interface {srcif}'),
  '209006': dropped(
    'Fragment queue threshold exceeded, dropped {proto} fragment from {src} to {dst} on {srcif} interface',
  ),
  '303004': tcp(
    dropped('FTP {_} command unsupported - failed strict inspection, terminating connection from {src} to {dst}'),
  ),
  '303005': tcp(dropped('Strict FTP inspection matched {...} from {src} to {dst}')),
  '305016': denied('Unable to create {proto} connection from {src} to {dst} due to {reason}'),
  '324000': udp(dropped('Drop {...} from {src} to {dst} Reason: {reason}')),
  '325004': dropped('IPv6 Extension Header {...} {proto} from {src} to {dst}'),
  '338101': session(
    'allowed',
    'unknown',
    `Dynamic Filter {filterWord} white listed ${LISTED}`,
    `Dynamic Filter {filterWord} whitelisted ${LISTED}`,
  ),
  '338102': session(
    'allowed',
    'unknown',
    `Dynamic Filter {filterWord} white listed ${LISTED}`,
    `Dynamic Filter {filterWord} whitelisted ${LISTED}`,
  ),
  '338103': session(
    'allowed',
    'unknown',
    `Dynamic Filter {filterWord} white listed ${LISTED}`,
    `Dynamic Filter {filterWord} whitelisted ${LISTED}`,
  ),
  '338104': session(
    'allowed',
    'unknown',
    `Dynamic Filter {filterWord} white listed ${LISTED}`,
    `Dynamic Filter {filterWord} whitelisted ${LISTED}`,
  ),
  '338201': session(
    'allowed',
    'unknown',
    `Dynamic Filter {filterWord} grey listed ${LISTED}`,
    `Dynamic Filter {filterWord} greylisted ${LISTED}`,
  ),
  '338202': session(
    'allowed',
    'unknown',
    `Dynamic Filter {filterWord} grey listed ${LISTED}`,
    `Dynamic Filter {filterWord} greylisted ${LISTED}`,
  ),
  '402114': dropped(
    'IPSEC: Received an {proto} packet (SPI= {_} sequence number= {_}) from {src} to {dst} with {reason}',
  ),
  '402115': dropped('IPSEC: Received a packet from {src} to {dst} containing {reason}'),
  '402118': dropped(
    'IPSEC: Received an {proto} packet (SPI= {_} sequence number= {_}) from {src} (user= {quotedUser}) to {dst} containing {reason}',
    'IPSEC: Received an {proto} packet (SPI= {_} sequence number {_}) from {src} ({quotedUser}) to {dst} containing {reason}',
  ),
  '402120': dropped(
    'IPSEC: Received an {proto} packet (SPI= {_} sequence number= {_}) from {src} (user= {quotedUser}) to {dst} that failed {reason}',
  ),
  '406001': tcp(dropped('FTP port command low port: {src} to {dst} on interface {srcif}')),
  '407002': denied('Embryonic limit {_} for through connections exceeded. {src} to {dst} on interface {srcif}'),
  '410002': udp(
    dropped('Dropped {_} DNS responses with mis-matched id in the past {_} second(s): from {src} to {dst}'),
  ),
  '410003': udp(
    dropped(
      'DNS Classification: Dropped DNS {_} (id {_}) from {src} to {dst}; {reason}',
      'DNS Classification: Dropped {...} from {src} to {dst}; {reason}',
    ),
  ),
  '416001': udp(dropped('Dropped UDP SNMP packet from {src} to {dst}; {reason}')),
  '418001': denied(
    'Through-the-device packet to/from management-only network is denied: {proto} src {src} dst {dst}',
    'Through-the-device packet to/from management-only network is denied: {proto} from {src} to {dst}',
  ),
  '419003': tcp(seen('Cleared TCP urgent flag from {src} to {dst}')),
  '420002': dropped(
    `IPS requested to drop {proto} packet ${ENDS}`,
    `IPS requested to drop {proto} packets ${ENDS}`,
    'IPS requested to drop {proto} packets {src} to {dst}',
  ),
  '420003': tcp(session('reset', 'unknown', `IPS requested to reset TCP connection ${ENDS}`)),
  '420007': seen(`{...} cannot be enabled for the virtual sensor {...} ${ENDS}`),
  '421001': dropped('{proto} flow from {src} to {dst} is dropped because {reason}'),
  '421002': seen('{proto} flow from {src} to {dst} bypassed application checking because {reason}'),
  '421007': seen('{proto} flow from {src} to {dst} is skipped because {reason}'),
  '424001': denied('Packet denied {proto} {src} {dst}. {reason}'),
  '424002': denied('Connection to the backup interface is denied: {proto} {src} {dst}'),
  '428002': tcp(seen('WAAS confirmed from {src} to {dst}, inspection services bypassed on this connection')),
  '429002': dropped(`CXSC service card requested to drop {proto} packet ${ENDS}`),
  '429003': tcp(session('reset', 'unknown', `CXSC service card requested to reset TCP connection ${ENDS}`)),
  '431002': udp(dropped('RTCP conformance: Dropping RTCP packet from {src} to {dst}, Drop reason: {reason}')),
  '434003': tcp(session('reset', 'unknown', `SFR requested to reset TCP connection ${ENDS}`)),
  '450001': denied('Deny traffic for protocol {proto} src {src} dst {dst}, {reason}'),
  '500001': tcp(seen('ActiveX content in java script is modified: src {src} dest {dst} on interface {srcif}')),
  '500002': tcp(
    seen(
      'Java content modified: src {src} dest {dst} on interface {srcif}',
      'Java content in java script is modified: src {src} dest {dst} on interface {srcif}',
    ),
  ),
  '500003': tcp(
    dropped('Bad TCP hdr length (hdrlen= {_} pktlen= {_} from {src} to {dst}, flags: {flags}, on interface {srcif}'),
  ),
  '500005': session(
    'session_end',
    'unknown',
    'connection terminated for {proto} from {src} to {dst} due to {reason}',
    'connection terminated {proto} from {src} to {dst} due to {reason}',
  ),
  '507001': tcp(session('session_end', 'unknown', 'Terminating TCP-Proxy connection from {src} to {dst} - {reason}')),
  '508001': tcp(dropped('DCERPC {_} non-standard {...} from {src} to {dst}, terminating connection')),
  '508002': tcp(dropped('DCERPC response has low endpoint port {_} from {src} to {dst}, terminating connection')),
  '509001': denied('Connection attempt from {src} to {dst} was prevented by {reason}'),
  '602101': dropped(
    'PMTU-D packet {_} bytes greater than effective mtu {_} dest_addr={dst}, src_addr={src}, prot={proto}',
  ),
  '607001': seen('Pre-allocate SIP {...} secondary channel for {dst} to {src} from {...}'),
  '767001': dropped('{_} Dropping an unsupported {_} packet from {src} to {dst}'),
};

export const ASA_ACCESS: Readonly<Record<string, EventRow>> = {
  '109005': login(
    'success',
    "Authentication succeeded for user '{user}' from {src} to {dst} on interface {srcif}",
    'Authentication succeeded for user {user} from {src} to {dst} on interface {srcif}',
  ),
  '109006': login(
    'failure',
    "Authentication failed for user '{user}' from {src} to {dst} on interface {srcif}",
    'Authentication failed for user {user} from {src} to {dst} on interface {srcif}',
  ),
  '109007': event(
    'authentication',
    'authorization',
    'success',
    "Authorization permitted for user '{user}' from {src} to {dst} on interface {srcif}",
    'Authorization permitted for user {user} from {src} to {dst} on interface {srcif}',
  ),
  '109008': event(
    'authentication',
    'authorization',
    'failure',
    "Authorization denied for user '{user}' from {src} to {dst} on interface {srcif}",
    'Authorization denied for user {user} from {src} to {dst} on interface {srcif}',
  ),
  '109024': event(
    'authentication',
    'authorization',
    'failure',
    'Authorization denied from {src} to {dst} ({reason}) on interface {srcif} using {proto}',
  ),
  '109025': event(
    'authentication',
    'authorization',
    'failure',
    "Authorization denied (acl= {acl}) for user '{user}' from {src} to {dst} on interface {srcif} using {proto}",
  ),
  '307001': login('failure', 'Denied Telnet login session from {srcip} on interface {srcif}'),
  '307002': event('network', 'connection_attempt', undefined, 'Permitted Telnet login session from {srcip}'),
  '307003': login('failure', 'telnet login session failed from {srcip}'),
  '308001': login('failure', '{_} enable password incorrect for {_} tries (from {srcip}'),
  '315001': login('failure', 'Denied SSH session from {srcip} on interface {srcif}'),
  '315002': login(
    'success',
    'Permitted SSH session from {srcip} on interface {srcif} for user "{user}"',
    'Permitted SSH session from {srcip} on interface {srcif} for user {user}',
  ),
  '603104': vpn(
    'vpn_connect',
    'begin',
    'PPTP Tunnel created, tunnel_id is {_} remote_peer_ip is {srcip}, ppp_virtual_interface_id is {_} client_dynamic_ip is {assigned}, username is {user}, MPPE_key_strength',
  ),
  '603105': vpn('vpn_disconnect', undefined, 'PPTP Tunnel deleted, tunnel_id = {_} remote_peer_ip = {srcip}'),
  '603106': vpn(
    'vpn_connect',
    'begin',
    'L2TP Tunnel created, tunnel_id is {_} remote_peer_ip is {srcip}, ppp_virtual_interface_id is {_} client_dynamic_ip is {assigned}, username is {user}',
  ),
  '603107': vpn('vpn_disconnect', undefined, 'L2TP Tunnel deleted, tunnel_id = {_} remote_peer_ip = {srcip}'),
  '603108': vpn(
    'vpn_connect',
    'begin',
    'Built PPTP Tunnel at {srcif}, tunnel-id = {_} remote-peer = {srcip}, virtual-interface = {_} client-dynamic-ip = {assigned}, username = {user}, MPPE-key-strength',
  ),
  '603109': vpn(
    'vpn_disconnect',
    undefined,
    'Teardown {vpnTypeText} Tunnel at {srcif}, tunnel-id = {_} remote-peer = {srcip}',
  ),
  '604103': lease('dhcp_lease', 'begin', 'DHCP daemon interface {srcif}: address granted {leaseClient} ({leaseIp}'),
  '604104': lease('dhcp_release', 'end', 'DHCP daemon interface {srcif}: address released {leaseClient} ({leaseIp}'),
  '725012': event(
    'network',
    'tls_handshake',
    'unknown',
    'Device chooses cipher {? :} {@tls.cipher} for the SSL session with {tlsPeer} {src} to {dst}',
    'Device chooses cipher {? :} {@tls.cipher} for the SSL session with {tlsPeer} {src}',
    'Device chooses cipher {? :} {@tls.cipher}',
  ),
  '725013': event(
    'network',
    'tls_handshake',
    'unknown',
    'SSL {tlsPeer} {src} to {dst} chooses cipher: {@tls.cipher}',
    'SSL {tlsPeer} {src} chooses cipher: {@tls.cipher}',
  ),
};
