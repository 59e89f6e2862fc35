import type { Encrypted } from '../../store/analysis/session-record';

/** Applications by the names that devices give them: in lower case, without what follows a dot (`HTTPS.BROWSER`, `TLS.Google`). */
export interface ApplicationProfile {
  readonly names: readonly string[];
  readonly service: string;
  readonly encrypted: Encrypted;
  /** The first thing on the wire is a TLS handshake, so its size can be judged. */
  readonly tls?: true;
}

/**
 * Names of Cisco NBAR2 (protocol pack), Palo Alto Networks App-ID, Fortinet Application Control and nDPI that say by
 * themselves whether the payload is encrypted. `unknown`: begins in the clear and may switch, so the name decides
 * nothing, and neither does the port. Names of services that may use either (`office365-base`) are not listed.
 */
export const APPLICATION_PROFILES: readonly ApplicationProfile[] = [
  { names: ['ssl', 'tls', 'ssl_tls', 'https', 'secure-http'], service: 'tls', encrypted: 'yes', tls: true },
  { names: ['secure-imap', 'imaps'], service: 'imaps', encrypted: 'yes', tls: true },
  { names: ['secure-pop3', 'pop3s', 'pops'], service: 'pop3s', encrypted: 'yes', tls: true },
  { names: ['secure-smtp', 'smtps'], service: 'smtps', encrypted: 'yes', tls: true },
  { names: ['secure-ldap', 'ldaps'], service: 'ldaps', encrypted: 'yes', tls: true },
  { names: ['secure-ftp', 'ftps'], service: 'ftps', encrypted: 'yes', tls: true },
  { names: ['secure-irc', 'ircs'], service: 'ircs', encrypted: 'yes', tls: true },
  { names: ['secure-nntp', 'nntps'], service: 'nntps', encrypted: 'yes', tls: true },
  { names: ['secure-telnet', 'telnets'], service: 'telnets', encrypted: 'yes', tls: true },
  { names: ['dns-over-tls', 'dot'], service: 'dns-over-tls', encrypted: 'yes', tls: true },
  { names: ['dns-over-https', 'doh', 'doh_dot'], service: 'dns-over-https', encrypted: 'yes', tls: true },
  { names: ['dtls'], service: 'dtls', encrypted: 'yes' },
  { names: ['quic'], service: 'quic', encrypted: 'yes' },
  { names: ['ssh'], service: 'ssh', encrypted: 'yes' },
  { names: ['ipsec', 'ipsec-esp', 'ipsec-esp-udp', 'esp'], service: 'esp', encrypted: 'yes' },
  { names: ['ike', 'isakmp'], service: 'ike', encrypted: 'yes' },
  { names: ['openvpn', 'open-vpn'], service: 'openvpn', encrypted: 'yes' },
  { names: ['wireguard'], service: 'wireguard', encrypted: 'yes' },
  { names: ['tor', 'tor-or'], service: 'tor-or', encrypted: 'yes' },
  { names: ['http', 'web-browsing'], service: 'http', encrypted: 'no' },
  { names: ['dns'], service: 'dns', encrypted: 'no' },
  { names: ['telnet'], service: 'telnet', encrypted: 'no' },
  { names: ['tftp'], service: 'tftp', encrypted: 'no' },
  { names: ['ntp'], service: 'ntp', encrypted: 'no' },
  { names: ['syslog'], service: 'syslog', encrypted: 'no' },
  { names: ['dhcp'], service: 'dhcp', encrypted: 'no' },
  { names: ['icmp', 'ping'], service: 'icmp', encrypted: 'no' },
  { names: ['ftp'], service: 'ftp', encrypted: 'unknown' },
  { names: ['smtp'], service: 'smtp', encrypted: 'unknown' },
  { names: ['imap'], service: 'imap', encrypted: 'unknown' },
  { names: ['pop3'], service: 'pop3', encrypted: 'unknown' },
  { names: ['ldap'], service: 'ldap', encrypted: 'unknown' },
  { names: ['snmp'], service: 'snmp', encrypted: 'unknown' },
];

/** Protocols of `payload_protocol`: service, encrypted, begins with a TLS handshake. */
export const PAYLOAD_PROFILES: Readonly<Record<string, ApplicationProfile>> = {
  tls: { names: [], service: 'tls', encrypted: 'yes', tls: true },
  dtls: { names: [], service: 'dtls', encrypted: 'yes' },
  quic: { names: [], service: 'quic', encrypted: 'yes' },
  ssh: { names: [], service: 'ssh', encrypted: 'yes' },
  http: { names: [], service: 'http', encrypted: 'no' },
};
