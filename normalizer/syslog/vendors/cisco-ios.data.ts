import { type EventRow, type MessageRow, event, session } from './rows';

/**
 * IOS, IOS-XE, IOS-XR, NX-OS and EOS messages by facility and mnemonic, as the vendors' system message guides write them
 * ("Cisco IOS System Message Guide", "System Message Guide for Cisco IOS XE", "Cisco IOS XR System Error Messages",
 * "Cisco Nexus System Messages", "Arista EOS User Manual, Logging"). `*` stands for any facility. Slots: `event-slots.ts`
 * and `cisco-ios-slots.ts`.
 */
/** Behind the count: the tag or hash of the entry (`logging ip access-list hash-generation`, `log TAG`). */
const P = ', {srcPackets} packet{? s}{? [{@ascribe.acl.tag}]}';
/** Hardware-switched platforms say which processor logged it: `R0/0: fman_fp_image: list …`. */
const acl = (tail: string): string[] => [`list ${tail}`, `{_} {_} list ${tail}`, `{_} list ${tail}`];
const XR_ACL = 'access-list {acl} ({ruleId}) {verdict}';

const FLOW = session(
  'allowed',
  'unknown',
  ...acl(`{acl} {verdict} {proto} {aclFrom} -> {aclTo} ({icmpType}/{icmpCode})${P}`),
  ...acl(`{acl} {verdict} {proto} {aclFrom} -> {aclTo}${P}`),
  ...acl(`{acl} {verdict} {proto} {aclFrom} -> {aclTo} ({_})${P}`),
  ...acl('{acl} {verdict} {srcip} {srcPackets} packet'),
  `${XR_ACL} {proto} {aclFrom} -> {aclTo} ({icmpType}/{icmpCode})${P}`,
  `${XR_ACL} {proto} {aclFrom} -> {aclTo}${P}`,
  `access-list {acl} {verdict} {proto} {aclFrom} -> {aclTo} ({icmpType}/{icmpCode})${P}`,
  `access-list {acl} {verdict} {proto} {aclFrom} -> {aclTo}${P}`,
);
const LOGIN_OK = event(
  'authentication',
  'login',
  'success',
  'Login Success [user: {user}] [Source: {srcip}] [localport: {dstport}]',
  'Login Success [user: ] [Source: {srcip}] [localport: {dstport}]',
);
const LOGIN_BAD = event(
  'authentication',
  'login',
  'failure',
  'Login failed [user: {user}] [Source: {srcip}] [localport: {dstport}] [Reason: {reason}]',
  'Login failed [user: ] [Source: {srcip}] [localport: {dstport}] [Reason: {reason}]',
);
const LOGOUT = event(
  'authentication',
  'logout',
  undefined,
  'User {user} has exited tty session {@ascribe.line}({srcip})',
  'User {user} has exited tty session {@ascribe.line}',
);
const CONFIG_I = event(
  'configuration',
  'config_change',
  undefined,
  'Configured from {@ascribe.config_source+} by {user} on {@ascribe.line} ({srcip})',
  'Configured from {srcip} by snmp',
  'Configured from {@ascribe.config_source+} by {user} on {atLine}',
  'Configured from {@ascribe.config_source+} by {lineNoUser} ({srcip})',
  'Configured from {@ascribe.config_source+} by {user}',
  'Configured from {@ascribe.config_source+}',
);
const LINK = event(
  'network',
  'interface_change',
  undefined,
  'Interface {interface}, changed state to {@ascribe.state.cause} {ifState}{? from {srcip}}',
  'Interface {interface}, changed state to {ifState}',
  'Interface {interface} changed state to {ifState}',
  'Line protocol on Interface {@interface.name} ({...}), changed state to {ifState}',
  'Line protocol on Interface {interface}, changed state to {ifState}',
  'Line Protocol on Interface {interface}, changed state to {ifState}',
);
const IF_DOWN = event(
  'network',
  'interface_down',
  undefined,
  'Interface {interface} is down ({reason})',
  'Interface {interface} is down',
  'individual port {interface} is down',
);
const IF_UP = event(
  'network',
  'interface_up',
  undefined,
  'Interface {interface} is up in mode {@ascribe.mode}',
  'Interface {interface} is up',
  'Interface {interface} is admin up',
);
const ssh = (session: string): string[] => [
  `${session} from {srcip} (tty = {@ascribe.line}) for user '{user}' using crypto cipher {...} {succeeded}`,
];
const SSH_SESSION = event(
  'authentication',
  'connection_attempt',
  undefined,
  ...['SSH2', 'SSH'].map(
    (v) =>
      `${v} Session request from {srcip} (tty = {@ascribe.line}) using crypto cipher '{@ascribe.cipher}' {sshOutcome}`,
  ),
  'SSH2 Session request from {srcip} {sshOutcome}',
  'SSH Session request from {srcip} {sshOutcome}',
);
const SSH_AUTH = event(
  'authentication',
  'login',
  undefined,
  "User '{user}' authentication for SSH2 Session from {srcip} (tty = {@ascribe.line}) using crypto cipher '{@ascribe.cipher}' {sshOutcome}",
  "User '{user}' authentication for SSH Session from {srcip} (tty = {@ascribe.line}) using crypto cipher '{@ascribe.cipher}' {sshOutcome}",
);
const SSH_CLOSE = event(
  'authentication',
  'logout',
  undefined,
  "SSH2 Session from {srcip} (tty = {@ascribe.line}) for user '{user}' using crypto cipher '{@ascribe.cipher}'",
  "SSH Session from {srcip} (tty = {@ascribe.line}) for user '{user}' using crypto cipher '{@ascribe.cipher}'",
  ...ssh('SSH2 Session'),
);
const DROP = ' due to {reason} with ip ident';
const CLASS = '({_}:{_}){? -}({@ascribe.zone_pair}:{@ascribe.class})';
const ADJACENCY = 'network';
const NAT_PARTS = '{proto} {srcColon} {natSrcColon} {dstColon} {natDstColon}';

/** Access lists, zone-based firewall, NAT. */
const SESSIONS: Readonly<Record<string, MessageRow>> = {
  '*-IPACCESSLOGP': FLOW,
  '*-IPACCESSLOGDP': FLOW,
  '*-IPACCESSLOGNP': FLOW,
  '*-IPACCESSLOGRP': FLOW,
  '*-IPACCESSLOGSP': FLOW,
  '*-IPACCESSLOGS': FLOW,
  '*-IPV6ACCESSLOGP': FLOW,
  '*-IPV6ACCESSLOGDP': FLOW,
  '*-IPV6ACCESSLOGNP': FLOW,
  '*-IPV6ACCESSLOGSP': FLOW,
  '*-ACCESSLOGP': FLOW,
  '*-ACCESSLOGDP': FLOW,
  '*-ACCESSLOGNP': FLOW,
  '*-ACCESSLOGSP': FLOW,
  'IPS-SIGNATURE': session(
    'session_update',
    'unknown',
    'Sig: {#ascribe.signature_id} Subsig: {_} Sev: {_} {@ascribe.signature+} [{srcColon} -> {dstColon}]',
  ),
  'FW-SESS_AUDIT_TRAIL_START': session(
    'session_start',
    'stated',
    `${CLASS}:Start {sessionWord} session: initiator ({srcColon}) -- responder ({dstColon}){? from {inIf}}`,
    'Start {sessionWord} session: initiator ({srcColon}) -- responder ({dstColon}){? from {inIf}}',
  ),
  'FW-SESS_AUDIT_TRAIL': session(
    'session_end',
    'stated',
    `${CLASS}:Stop {sessionWord} session: initiator ({srcColon}) sent {srcBytes} bytes -- responder ({dstColon}) sent {dstBytes} bytes{? ,}{? from {inIf}}`,
    'Stop {sessionWord} session: initiator ({srcColon}) sent {srcBytes} bytes -- responder ({dstColon}) sent {dstBytes} bytes{? ,}{? from {inIf}}',
  ),
  'FW-DROP_PKT': session(
    'dropped',
    'unknown',
    `Dropping {sessionWord} pkt from {inIf} {srcColon} => {dstColon} ${CLASS}${DROP}`,
    `Dropping {sessionWord} pkt {srcColon} => {dstColon} ${CLASS}${DROP}`,
    `Dropping {sessionWord} pkt {srcColon} => {dstColon}${DROP}`,
    `Dropping {sessionWord} session {srcColon} {dstColon} on zone-pair {@ascribe.zone_pair} class {@ascribe.class}${DROP}`,
    `Dropping {sessionWord} session {srcColon} {dstColon}${DROP}`,
    'Dropping {sessionWord} pkt {srcColon} => {dstColon}{? due to {reason}}',
    'Dropping {sessionWord} session {srcColon} {dstColon}{? due to {reason}}',
  ),
  'FW-PASS_PKT': session(
    'allowed',
    'unknown',
    `Passing {sessionWord} pkt from {inIf} {srcColon} => {dstColon} ${CLASS}`,
    'Passing {sessionWord} pkt {srcColon} => {dstColon}',
    `${CLASS} Passing {sessionWord} pkt {srcColon} => {dstColon}`,
  ),
  'FW-LOG_SUMMARY': session(
    'dropped',
    'unknown',
    `{srcPackets} {sessionWord} packets were {packetVerb} from {inIf} {srcColon} => {dstColon} ${CLASS}`,
    `{srcPackets} {sessionWord} packets were {packetVerb} from {srcColon} => {dstColon}`,
  ),
  'CRYPTO-RECVD_PKT_INV_SPI': session(
    'dropped',
    'unknown',
    "decaps: rec'd IPSEC packet has invalid spi for destaddr={dstip}, prot={proto}, spi={_}, srcaddr={srcip}{? , input interface={inIf}}",
  ),
  'IPNAT-NAT_CREATED': {
    ...session('nat_create', 'unknown', `Created ${NAT_PARTS}`),
    nat: 'begin',
  },
  'IPNAT-NAT_DELETED': {
    ...session('nat_delete', 'unknown', `Deleted ${NAT_PARTS}`),
    nat: 'end',
  },
  'IPNAT-CREATED': {
    ...session('nat_create', 'unknown', `{? Created}${NAT_PARTS}`),
    nat: 'begin',
  },
  'IPNAT-DELETED': {
    ...session('nat_delete', 'unknown', `{? Deleted}${NAT_PARTS}`),
    nat: 'end',
  },
};

/** IOS XE says in the text which end of the translation it logs. */
export const XE_NAT_ROWS: readonly MessageRow[] = [
  { ...session('nat_create', 'unknown', `Created Translation ${NAT_PARTS}`), nat: 'begin' },
  { ...session('nat_delete', 'unknown', `Deleted Translation ${NAT_PARTS}`), nat: 'end' },
];

/** 802.1X and MAC authentication of what is attached to a port. */
function networkLogin(facility: string): Readonly<Record<string, EventRow>> {
  return {
    [`${facility}-FAIL`]: event(
      'authentication',
      'network_login',
      'failure',
      'Authentication failed for client ({mac}) on Interface {@interface.name}',
      '{...}: Authentication failed for client ({mac}) on Interface {@interface.name}',
      'Authorization failed or unapplied for client ({mac}) on Interface {@interface.name}',
      'Authorization failed for client ({mac}) on Interface {@interface.name}',
      '{...}: Authorization failed or unapplied for client ({mac}) on Interface {@interface.name}',
      '{...}: Authorization failed for client ({mac}) on Interface {@interface.name}',
    ),
    [`${facility}-SUCCESS`]: event(
      'authentication',
      'network_login',
      'success',
      'Authentication successful for client ({mac}) on Interface {@interface.name}',
      '{...}: Authentication successful for client ({mac}) on Interface {@interface.name}',
      'Authorization succeeded for client ({mac}) on Interface {@interface.name}',
      '{...}: Authorization succeeded for client ({mac}) on Interface {@interface.name}',
    ),
  };
}

/** Configuration, commands, logins. */
const ACCESS: Readonly<Record<string, EventRow>> = {
  '*-CONFIG_I': CONFIG_I,
  'VSHD-VSHD_SYSLOG_CONFIG_I': CONFIG_I,
  '*-CONFIG_P': event(
    'configuration',
    'config_change',
    undefined,
    'Configured programmatically by process {process} from {@ascribe.config_source+} as {user} on {atLine}',
  ),
  '*-CONFIG_E': event(
    'configuration',
    'config_mode_enter',
    undefined,
    'Enter configuration mode from {@ascribe.config_source+} by {user} on {@ascribe.line} ({srcip})',
    'Enter configuration mode from {@ascribe.config_source+} by {user} on {@ascribe.line}',
  ),
  '*-CONFIG_STARTUP': event(
    'configuration',
    'config_save',
    undefined,
    'Startup config saved from {@ascribe.config_source+} by {user} on {@ascribe.line} ({srcip})',
    'Startup config saved from {@ascribe.config_source+} by {user}',
  ),
  '*-CONFIG_NV_I': event(
    'configuration',
    'config_save',
    undefined,
    'Nonvolatile storage configured from {@ascribe.config_source+} by {user} on {@ascribe.line} ({srcip})',
    'Nonvolatile storage configured from {@ascribe.config_source+} by {user}',
  ),
  'SYSMGR-CFGWRITE_DONE': event('configuration', 'config_save', 'success', 'Configuration copy successful'),
  'SYSMGR-CFGWRITE_ABORTED': event('configuration', 'config_save', 'failure', 'Configuration copy aborted'),
  'PARSER-CFGLOG_LOGGEDCMD': event(
    'configuration',
    'config_change',
    undefined,
    'User:{user} logged command:{loggedCommand}',
  ),
  'MGBL-CONFIG-DB_COMMIT': event(
    'configuration',
    'config_commit',
    'success',
    "Configuration committed by user '{user}'. Use 'show configuration commit changes {@ascribe.config_version}' to view",
  ),
  '*-LOGIN_SUCCESS': LOGIN_OK,
  '*-LOGIN_FAILED': {
    ...LOGIN_BAD,
    templates: [
      ...LOGIN_BAD.templates,
      'user {user} failed to login [from: {srcip}] [service: {@network.application}] [reason: {reason}]',
      'user {user} failed to login [from: {srcip}] [service: {@network.application}]',
    ],
  },
  'AAA-LOGIN': event(
    'authentication',
    'login',
    'success',
    'user {user} logged in [from: {srcip}] [service: {@network.application}]',
  ),
  'AAA-LOGOUT': event(
    'authentication',
    'logout',
    undefined,
    'user {user} logged out [from: {srcip}] [service: {@network.application}]',
  ),
  'ACCOUNTING-CMD': event(
    'process',
    'command',
    undefined,
    '{userWord} {@ascribe.line} {srcip} stop {...} cmd={command}',
    '{userWord} {@ascribe.line} {srcip} {...} cmd={command}',
  ),
  'ACCOUNTING-EXEC': event('authentication', 'login', 'success', '{userWord} {@ascribe.line} {srcip} start'),
  'SYS-LOGOUT': LOGOUT,
  'SYS-LOGOUT_C6K': LOGOUT,
  'SYS-TTY_EXPIRE_TIMER': event(
    'authentication',
    'logout',
    undefined,
    '({reason}, tty {@ascribe.line} ({srcip})), user {user}',
  ),
  ...networkLogin('DOT1X'),
  ...networkLogin('MAB'),
  ...networkLogin('AUTHMGR'),
  ...networkLogin('SESSION_MGR'),
  'SNMP-AUTHFAIL': event(
    'authentication',
    'snmp_request',
    'failure',
    'Authentication failure for SNMP req from host {srcip}',
  ),
  'AAA-USER_LOCKED': event('iam', 'account_locked', undefined, 'User {user} locked out on {reason}'),
  'SYS-PRIV_AUTH_PASS': event(
    'authentication',
    'privilege_change',
    'success',
    'Privilege level set to {@ascribe.privilege_level} by {user} on {@ascribe.line} ({srcip})',
    'Privilege level set to {@ascribe.privilege_level} by {user} on {@ascribe.line}',
  ),
  'SYS-PRIV_AUTH_FAIL': event(
    'authentication',
    'privilege_change',
    'failure',
    'Authentication to Privilege level {@ascribe.privilege_level} failed by {user} on {@ascribe.line} ({srcip})',
    'Authentication to Privilege level {@ascribe.privilege_level} failed by {user} on {@ascribe.line}',
  ),
  'SSH-SSH2_SESSION': SSH_SESSION,
  'SSH-SSH_SESSION': SSH_SESSION,
  'SSH-SSH2_USERAUTH': SSH_AUTH,
  'SSH-SSH_USERAUTH': SSH_AUTH,
  'SSH-SSH2_CLOSE': SSH_CLOSE,
  'SSH-SSH_CLOSE': SSH_CLOSE,
  'SSH-ENABLED': event('host', 'service_start', undefined, 'SSH {@ascribe.version} has been enabled'),
  'SSH-DISABLED': event('host', 'service_stop', undefined, 'SSH {@ascribe.version} has been disabled'),
  'SECURITY-SSHD-INFO_SUCCESS': event(
    'authentication',
    'login',
    'success',
    "Successfully authenticated user '{user}' from '{srcip}' on '{@ascribe.line}'",
  ),
  'SECURITY-SSHD-INFO_FAILURE': event(
    'authentication',
    'login',
    'failure',
    "Failed authentication attempt by user '{user}' from '{srcip}' on '{@ascribe.line}'",
  ),
  'SECURITY-SSHD-INFO_USER_LOGOUT': event(
    'authentication',
    'logout',
    undefined,
    "User '{user}' from '{srcip}' logged out on '{@ascribe.line}'",
  ),
  'SECURITY-LOGIN-AUTHEN_SUCCESS': event(
    'authentication',
    'login',
    'success',
    "Successfully authenticated user '{user}' from '{srcip}' on '{@ascribe.line}'",
    "Successfully authenticated user '{user}'",
  ),
  'SECURITY-LOGIN-AUTHEN_FAILED': event(
    'authentication',
    'login',
    'failure',
    "Failed authentication attempt by user '{user}' from '{srcip}' on '{@ascribe.line}'",
  ),
  'SECURITY-LOGIN-CLOSE': event('authentication', 'logout', undefined, "User '{user}' logged out"),
};

/** `([sender MAC/sender IP/target MAC/target IP/time])`. */
const ARP_DENIED = event(
  'network',
  'arp_denied',
  'failure',
  '{#ascribe.packets} Invalid ARPs ({@ascribe.arp_operation}) on {interface}, vlan {#network.vlan.id}.([{mac}/{srcip}/{_}/{dstip}/{...}',
);

/** The device, its interfaces, neighbours and processes. */
const DEVICE: Readonly<Record<string, EventRow>> = {
  'PORT_SECURITY-PSECURE_VIOLATION': event(
    'network',
    'port_security_violation',
    'failure',
    'Security violation occurred, caused by MAC address {mac} on port {interfaceDot}',
  ),
  'IP-DUPADDR': event(
    'network',
    'duplicate_address',
    undefined,
    'Duplicate address {srcip} on {@interface.name+}, sourced by {mac}',
  ),
  'SW_DAI-DHCP_SNOOPING_DENY': ARP_DENIED,
  'SW_DAI-ACL_DENY': ARP_DENIED,
  'LINK-UPDOWN': LINK,
  'LINK-CHANGED': LINK,
  'LINEPROTO-UPDOWN': LINK,
  'INTERFACE_VLAN-UPDOWN': LINK,
  'PKT_INFRA-LINK-UPDOWN': LINK,
  'PKT_INFRA-LINK-CHANGED': LINK,
  'PKT_INFRA-LINEPROTO-UPDOWN': LINK,
  'ETHPORT-IF_DOWN_LINK_FAILURE': IF_DOWN,
  'ETHPORT-IF_DOWN_ERROR_DISABLED': IF_DOWN,
  'ETHPORT-IF_DOWN_ADMIN_DOWN': IF_DOWN,
  'ETHPORT-IF_DOWN_CFG_CHANGE': IF_DOWN,
  'ETHPORT-IF_DOWN_NONE': IF_DOWN,
  'ETHPORT-IF_DOWN_INITIALIZING': IF_DOWN,
  'ETHPORT-IF_DOWN_INACTIVE': IF_DOWN,
  'ETHPORT-IF_DOWN_PORT_CHANNEL_MEMBERS_DOWN': IF_DOWN,
  'ETHPORT-IF_DOWN_PARENT_ADMIN_DOWN': IF_DOWN,
  'ETHPORT-IF_DOWN_INTERFACE_REMOVED': IF_DOWN,
  'ETH_PORT_CHANNEL-PORT_INDIVIDUAL_DOWN': IF_DOWN,
  'ETH_PORT_CHANNEL-PORT_DOWN': event(
    'network',
    'interface_down',
    undefined,
    '{_}: {interface} is down',
    '{interface} is down',
  ),
  'ETH_PORT_CHANNEL-PORT_UP': event(
    'network',
    'interface_up',
    undefined,
    '{_}: {interface} is up',
    '{interface} is up',
  ),
  'ETHPORT-IF_UP': IF_UP,
  'ETHPORT-IF_ADMIN_UP': IF_UP,
  'ETHPORT-IF_DUPLEX': event(
    'network',
    'if_duplex',
    undefined,
    'Interface {interface}, operational duplex mode changed to {@ascribe.duplex}',
  ),
  'ETHPORT-SPEED': event(
    'network',
    'speed',
    undefined,
    'Interface {interface}, operational speed changed to {@ascribe.speed+}',
  ),
  'STP-BLOCK_BPDUGUARD': event(
    'network',
    'block_bpduguard',
    undefined,
    'Received BPDU on port {interface} with BPDU Guard enabled',
  ),
  'SPANTREE-BLOCK_BPDUGUARD': event(
    'network',
    'block_bpduguard',
    undefined,
    'Received BPDU on port {interface} with BPDU Guard enabled',
  ),
  'L2FM-L2FM_MAC_MOVE2': event(
    'network',
    'mac_move',
    undefined,
    'Mac {mac} in vlan {#network.vlan.id} has moved from {@ascribe.port.old} to {@ascribe.port.new}',
  ),
  'L2FM-L2FM_MAC_MOVE': event(
    'network',
    'mac_move',
    undefined,
    'Mac {mac} in vlan {#network.vlan.id} has moved from {@ascribe.port.old} to {@ascribe.port.new}',
  ),
  'SW_MATM-MACFLAP_NOTIF': event(
    'network',
    'mac_move',
    undefined,
    'Host {mac} in vlan {#network.vlan.id} is flapping between port {@ascribe.port.old} and port {@ascribe.port.new}',
  ),
  'OSPF-ADJCHG': event(
    ADJACENCY,
    'neighbor_change',
    undefined,
    'Process {@ascribe.routing_process}, Nbr {neighbor} on {@interface.name} from {@ascribe.state.old} to {@ascribe.state.new}, {reason}',
  ),
  'OSPFV3-ADJCHG': event(
    ADJACENCY,
    'neighbor_change',
    undefined,
    'Process {@ascribe.routing_process}, Nbr {neighbor} on {@interface.name} from {@ascribe.state.old} to {@ascribe.state.new}, {reason}',
  ),
  'BGP-ADJCHANGE': event(
    ADJACENCY,
    'neighbor_change',
    undefined,
    'peer {neighbor} (VRF {@ascribe.vrf} AS {#ascribe.as}) old state {@ascribe.state.old} event {@ascribe.event} new state {@ascribe.state.new}',
    'neighbor {neighbor} vpn vrf {@ascribe.vrf} {@ascribe.state.new}{? {reason}}',
    'neighbor {neighbor} {@ascribe.state.new} {reason}',
    'neighbor {neighbor} {@ascribe.state.new}',
  ),
  'BGP-NOTIFICATION': event(
    ADJACENCY,
    'bgp_notification',
    undefined,
    '{@ascribe.direction} from neighbor {neighbor} (AS {#ascribe.as}) {_} ({reason})',
    '{@ascribe.direction} to neighbor {neighbor} (AS {#ascribe.as}) {_} ({reason})',
    '{@ascribe.direction} from neighbor {neighbor} {_} ({reason})',
    '{@ascribe.direction} to neighbor {neighbor} {_} ({reason})',
  ),
  'ROUTING-BGP-ADJCHANGE': event(
    ADJACENCY,
    'neighbor_change',
    undefined,
    'neighbor {neighbor} {@ascribe.state.new} - {reason}',
    'neighbor {neighbor} {@ascribe.state.new}',
  ),
  'ROUTING-BGP-MAXPFX': event(
    ADJACENCY,
    'prefix_limit',
    undefined,
    'No. of {@ascribe.address_family+} prefixes received from {neighbor} has reached {#ascribe.prefixes}, max {#ascribe.prefix_limit}',
  ),
  'ROUTING-ISIS-ADJCHANGE': event(
    ADJACENCY,
    'neighbor_change',
    undefined,
    'Adjacency to {@ascribe.neighbor.id} ({@interface.name}) ({@ascribe.level}) {@ascribe.state.new}, {reason}',
  ),
  'ISIS-ISIS_ADJCHG': event(
    ADJACENCY,
    'neighbor_change',
    undefined,
    '{@ascribe.level} Neighbor State Change for SystemID {@ascribe.neighbor.id} on {@interface.name} to {@ascribe.state.new}: {reason}',
    '{@ascribe.level} Neighbor State Change for SystemID {@ascribe.neighbor.id} on {@interface.name} to {@ascribe.state.new}',
  ),
  'BFD-STATE_CHANGE': event(
    ADJACENCY,
    'neighbor_change',
    undefined,
    'peer (vrf:{@ascribe.vrf}, ip:{neighbor}, intf:{@interface.name}, srcIp:{_}, type:{_}) changed state from {@ascribe.state.old} to {@ascribe.state.new} diag {reason}',
  ),
  'IP-IP_NTP-SYNC_LOSS': event('host', 'ntp_sync_loss', undefined, 'Synchronization lost: {neighbor}: {reason}'),
  'CRYPTO-SESSION_STATUS': event(
    'session',
    'vpn_connect',
    undefined,
    'Crypto tunnel is {tunnelState}. Peer {srcColon} {? f_vrf: {_}}{? i_vrf: {_}}Id: {@ascribe.vpn_peer_id}',
    'Crypto tunnel is {tunnelState}. Peer {srcColon}',
  ),
  'SYS-RESTART': event('host', 'host_restart', undefined, 'System restarted'),
  'SYS-RELOAD': event(
    'host',
    'host_restart',
    undefined,
    'Reload requested by {user} on {@ascribe.line} ({srcip}). Reload {? R}{? r}eason: {reason}',
    'Reload requested by {user} on {@ascribe.line}. Reload {? R}{? r}eason: {reason}',
    'Reload requested by {user}. Reload {? R}{? r}eason: {reason}',
    'Reload requested',
  ),
  'SYS-LOGGINGHOST_STARTSTOP': event(
    'configuration',
    'log_config_change',
    undefined,
    'Logging to host {dstip} port {dstport} {reason}',
    'Logging to host {dstip} {reason}',
  ),
  'SYS-LOGGINGHOST_FAIL': event('host', 'log_loss', 'failure', 'Logging to host {dstip} port {dstport} {reason}'),
  'SYS-LOG_CONFIG_CHANGE': event('configuration', 'log_config_change', undefined, '{reason}'),
  'SYS-CLOCKUPDATE': event(
    'host',
    'clock_change',
    undefined,
    'System clock has been updated from {@ascribe.clock.old+} to {@ascribe.clock.new+}, configured from {@ascribe.config_source+} by {user} on {@ascribe.line} ({srcip})',
    'System clock has been updated from {@ascribe.clock.old+} to {@ascribe.clock.new+}, configured from {@ascribe.config_source+} by {user}',
  ),
  'AGENT-INITIALIZED': event(
    'process',
    'service_start',
    undefined,
    "Agent '{process}' initialized; pid={#process.pid}",
  ),
  'PROCMGR-PROCESS_RESTART': event(
    'process',
    'service_restart',
    undefined,
    "Restarting '{process}' immediately (it had PID={#process.pid})",
  ),
  'PROCMGR-PROCESS_STARTED': event(
    'process',
    'service_start',
    undefined,
    "'{process}' starting with PID={#process.pid} (PPID={#process.parent.pid}) -- execing '{@process.executable+}'",
  ),
  'PROCMGR-PROCESS_TERMINATED': event(
    'process',
    'service_stop',
    undefined,
    "'{process}' (PID={#process.pid}, status={#process.exit_code}) has terminated",
  ),
  'MMODE-MAINT_UNIT_STATE_CHANGE': event(
    'host',
    'maintenance_mode',
    undefined,
    'Maintenance unit state changed for unit {@ascribe.unit}. Old State {@ascribe.state.old}, New State {@ascribe.state.new}',
  ),
};

export const IOS_ROWS: Readonly<Record<string, MessageRow>> = { ...SESSIONS, ...ACCESS, ...DEVICE };

/** Facilities that only IOS-XR has: they are in two parts. */
export const XR_FACILITIES: readonly string[] = [
  'ACL-',
  'HA-',
  'INFRA-',
  'INSTALL-',
  'IP-',
  'L2-',
  'L3-',
  'MGBL-',
  'MPLS-',
  'OS-',
  'PKT_INFRA-',
  'PLATFORM-',
  'ROUTING-',
  'SECURITY-',
  'SYSDB-',
];

/** Facilities that only NX-OS has. */
export const NXOS_FACILITIES: ReadonlySet<string> = new Set([
  'ACLLOG',
  'AUTHPRIV',
  'DAEMON',
  'ETHPORT',
  'ETH_PORT_CHANNEL',
  'FEATURE-MGR',
  'FWM',
  'HMM',
  'INTERFACE_VLAN',
  'KERN',
  'L2FM',
  'LOCAL7',
  'NOHMS',
  'PFMA',
  'SYSMGR',
  'USER',
  'VDC_MGR',
  'VPC',
  'VSHD',
]);
