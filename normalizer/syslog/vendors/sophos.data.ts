/**
 * Sophos Firewall log knowledge. Source: "Sophos Firewall: Log file details" / "Syslog guide" for SFOS 17-21,
 * docs.sophos.com. Version 18 renamed most fields; both names are read.
 */

/** Old and new names of one field. */
export const FIELDS = {
  connection: ['con_id', 'connid'],
  event: ['con_event', 'connevent'],
  sourceIp: ['src_ip', 'sourceip'],
  destinationIp: ['dst_ip', 'destinationip'],
  natSourceIp: ['src_trans_ip', 'tran_src_ip'],
  natSourcePort: ['src_trans_port', 'tran_src_port'],
  natDestinationIp: ['dst_trans_ip', 'tran_dst_ip'],
  natDestinationPort: ['dst_trans_port', 'tran_dst_port'],
  bytesSent: ['bytes_sent', 'sent_bytes'],
  bytesReceived: ['bytes_received', 'recv_bytes'],
  packetsSent: ['packets_sent', 'sent_pkts'],
  packetsReceived: ['packets_received', 'recv_pkts'],
  sourceZone: ['src_zone', 'srczone'],
  destinationZone: ['dst_zone', 'dstzone'],
  application: ['app_name', 'application', 'application_name'],
  user: ['user_name', 'user'],
  domain: ['domain', 'domainname', 'dst_domainname', 'server_name'],
  serial: ['device_serial_id', 'device_id'],
  severity: ['severity', 'priority'],
} as const;

/** `con_event` of a connection that was let through. */
export const CONNECTION_EVENTS: Readonly<Record<string, string>> = {
  Start: 'session_start',
  Stop: 'session_end',
  Interim: 'session_update',
};

/** `log_subtype` as the verdict on a connection or its content. */
export const SUBTYPES: Readonly<Record<string, { readonly action: string; readonly outcome: 'success' | 'failure' }>> =
  {
    Allowed: { action: 'allowed', outcome: 'success' },
    Clean: { action: 'allowed', outcome: 'success' },
    Detect: { action: 'allowed', outcome: 'success' },
    Alert: { action: 'allowed', outcome: 'success' },
    Warned: { action: 'allowed', outcome: 'success' },
    'Do not decrypt': { action: 'allowed', outcome: 'success' },
    Decrypt: { action: 'allowed', outcome: 'success' },
    Denied: { action: 'denied', outcome: 'failure' },
    Blocked: { action: 'denied', outcome: 'failure' },
    Reject: { action: 'denied', outcome: 'failure' },
    Drop: { action: 'dropped', outcome: 'failure' },
    Error: { action: 'denied', outcome: 'failure' },
  };

/** `status` of DHCP server events, as the state of the lease. */
export const DHCP_STATES: Readonly<Record<string, 'begin' | 'end'>> = {
  Renew: 'begin',
  Lease: 'begin',
  Leased: 'begin',
  Assign: 'begin',
  Expire: 'end',
  Expired: 'end',
  Release: 'end',
  Released: 'end',
};

/** `status` of VPN events, as what becomes of the tunnel. */
export const VPN_STATES: Readonly<Record<string, 'begin' | 'end'>> = {
  Established: 'begin',
  Connected: 'begin',
  Terminated: 'end',
  Disconnected: 'end',
};

/** Words for severity. */
export const SEVERITIES: Readonly<Record<string, number>> = {
  Emergency: 0,
  Alert: 1,
  Critical: 2,
  Error: 3,
  Warning: 4,
  Notice: 5,
  Notification: 5,
  Information: 6,
  Debug: 7,
};
