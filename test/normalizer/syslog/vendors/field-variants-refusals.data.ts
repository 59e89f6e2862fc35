import { type FieldVariant, variant } from './field-variants';

/** Ids and wording of "Cisco Secure Firewall ASA Series Syslog Messages". */
const asa = (name: string, body: string, fact: object): FieldVariant =>
  variant(name, `<166>Nov 24 2026 02:10:00 fw1 : ${body}`, fact);

export const REFUSAL_VARIANTS: readonly FieldVariant[] = [
  asa(
    '421001: an inspection that failed drops a flow',
    '%ASA-3-421001: UDP flow from lan-in:10.23.19.92/60803 to outside:198.51.100.8/53 is dropped because application has failed',
    {
      action: 'dropped',
      code: '421001',
      source: { ip: '10.23.19.92', port: 60803 },
      destination: { ip: '198.51.100.8', port: 53 },
      protocol: 17,
      ingressInterface: 'lan-in',
      egressInterface: 'outside',
      reason: 'application has failed',
      directionSource: 'unknown',
    },
  ),
  asa(
    '420002: the IPS module drops a packet',
    '%ASA-4-420002: IPS requested to drop UDP packet from inside:10.25.211.7/6882 to outside:203.0.113.87/6883',
    { action: 'dropped', protocol: 17, source: { ip: '10.25.211.7', port: 6882 }, destination: { port: 6883 } },
  ),
  asa(
    '338202: a grey-listed name, monitored',
    '%ASA-4-338202: Dynamic Filter monitored greylisted TCP traffic from inside:10.23.39.27/59610 (203.0.113.1/59610) to outside:198.51.100.56/443 (198.51.100.56/443), destination 198.51.100.56 resolved from dynamic list: images.example.com, threat-level: very-high, category: Malware',
    {
      action: 'allowed',
      source: { ip: '10.23.39.27', port: 59610, natIp: '203.0.113.1', natPort: 59610 },
      destination: { ip: '198.51.100.56', port: 443, natIp: undefined },
      extra: { 'ascribe.vendor_action': 'monitored', 'ascribe.threat.indicator': 'images.example.com' },
    },
  ),
  asa(
    '418001: through a management interface',
    '%ASA-4-418001: Through-the-device packet to/from management-only network is denied: udp src DMZ:10.31.5.250/49152 dst management:192.0.2.25/161',
    { action: 'denied', protocol: 17, destination: { ip: '192.0.2.25', port: 161 }, egressInterface: 'management' },
  ),
  asa(
    '108004: the mail inspection',
    '%ASA-4-108004: ESMTP Classification: Dropped connection for ESMTP Request from inside:10.35.61.18/49536 to outside:192.0.2.62/25; matched Class 4: header line length gt 998',
    { action: 'dropped', protocol: 6, source: { port: 49536 }, destination: { ip: '192.0.2.62', port: 25 } },
  ),
  asa(
    '500003: a TCP header that lies',
    '%ASA-5-500003: Bad TCP hdr length (hdrlen=4, pktlen=74) from 192.0.2.231/34160 to 198.51.100.118/443, flags: INVALID, on interface outside',
    { action: 'dropped', protocol: 6, source: { ip: '192.0.2.231', port: 34160 }, ingressInterface: 'outside' },
  ),
  asa(
    '106011: no translation for what came in',
    '%ASA-3-106011: Deny inbound (No xlate) tcp src inside:10.100.7.43/80 dst outside:192.0.2.1/1234',
    { action: 'denied', source: { ip: '10.100.7.43', port: 80 }, destination: { ip: '192.0.2.1', port: 1234 } },
  ),
  asa(
    '106002 of PIX: ports behind a space',
    '%PIX-2-106002: udp connection denied by outbound list 30 src 192.0.2.62 138 dest 198.51.100.82 137',
    {
      action: 'denied',
      ruleName: '30',
      protocol: 17,
      source: { ip: '192.0.2.62', port: 138 },
      destination: { ip: '198.51.100.82', port: 137 },
    },
  ),
  asa(
    '106022: the full stop is no part of the interface',
    '%ASA-1-106022: Deny tcp connection spoof from 192.0.2.1 to 192.0.2.2 on interface outside.',
    { action: 'denied', protocol: 6, ingressInterface: 'outside' },
  ),
  asa(
    '305016: no port left',
    '%ASA-3-305016: Unable to create UDP connection from inside:10.1.1.1/555 to outside:192.0.2.2/80 due to reaching per-host PAT port block limit of 4.',
    {
      action: 'denied',
      protocol: 17,
      destination: { ip: '192.0.2.2', port: 80 },
      reason: 'reaching per-host PAT port block limit of 4',
    },
  ),
  asa(
    '402114: IPsec without an association',
    '%ASA-4-402114: IPSEC: Received an ESP packet (SPI= 0xAABB, sequence number= 0x12) from 192.0.2.1 to 198.51.100.1 with an invalid SPI.',
    { action: 'dropped', protocol: 50, source: { ip: '192.0.2.1' }, destination: { ip: '198.51.100.1' } },
  ),
  asa(
    '602101: the destination stands first',
    '%ASA-6-602101: PMTU-D packet 1400 bytes greater than effective mtu 1300 dest_addr=10.1.1.1, src_addr=10.2.2.2, prot=TCP',
    { action: 'dropped', protocol: 6, source: { ip: '10.2.2.2' }, destination: { ip: '10.1.1.1' } },
  ),
  asa(
    '109005: a user of the cut-through proxy',
    "%ASA-6-109005: Authentication succeeded for user 'bob' from 10.1.1.1/555 to 192.0.2.2/80 on interface inside",
    {
      action: 'login',
      outcome: 'success',
      user: 'bob',
      sourceIp: '10.1.1.1',
      sourcePort: 555,
      extra: { 'destination.ip': '192.0.2.2', 'destination.port': 80 },
    },
  ),
  asa(
    '113005 with the user behind a comma',
    '%ASA-6-113005: AAA user authentication Rejected: reason = AAA failure: server = 192.0.2.22, User = eve: user IP = 203.0.113.1',
    { action: 'login', outcome: 'failure', user: 'eve', sourceIp: '203.0.113.1' },
  ),
  asa(
    '725012: the cipher of a session',
    '%ASA-6-725012: Device chooses cipher AES256-SHA for the SSL session with client outside:192.0.2.1/5555 to 198.51.100.1/443',
    { sourceIp: '192.0.2.1', sourcePort: 5555, extra: { 'tls.cipher': 'AES256-SHA', 'destination.port': 443 } },
  ),
  asa(
    '604103: a lease of the DHCP server inside, to an identifier with the type before the address',
    '%ASA-6-604103: DHCP daemon interface inside: address granted 0102.005e.0053.01 (192.168.1.10)',
    { action: 'dhcp_lease', extra: { 'client.ip': '192.168.1.10', 'client.mac': '02:00:5e:00:53:01' } },
  ),
  variant(
    'facility and level before the host, as collectors write into files',
    'LOCAL4.WARNING: fw-1 %ASA-4-106023: Deny udp src outside:10.8.1.9/54864 dst inside:172.16.1.3/53 by access-group "outside_acl" [0x0, 0x0]',
    { device: 'fw-1', source: { ip: '10.8.1.9', port: 54864 }, destination: { ip: '172.16.1.3', port: 53 } },
  ),
  asa(
    '750006: a user that IKE does not know yet is none',
    '%ASA-5-750006: Local:192.0.2.1:4500 Remote:198.51.100.2:4500 Username:Unknown IKEv2 SA UP. Reason: New Connection Established',
    { action: 'vpn_connect', outcome: 'success', user: undefined, sourceIp: '198.51.100.2', sourcePort: 4500 },
  ),
  asa(
    '751028: other messages of IKEv2 keep who they are about',
    '%ASA-5-751028: Local:192.0.2.1:4500 Remote:198.51.100.2:4500 Username:bob IKEv2 Overriding configured keepalive values',
    { action: 'message', user: 'bob', sourceIp: '198.51.100.2', message: 'Overriding configured keepalive values' },
  ),
  asa(
    '106023 without the group that denied',
    '%ASA-4-106023: Deny tcp src outside:198.51.100.23/54321 dst inside:10.0.1.50/443',
    { action: 'denied', protocol: 6, source: { ip: '198.51.100.23', port: 54321 }, ruleName: undefined },
  ),
  asa(
    '302021 with a connection and interfaces',
    '%ASA-6-302021: Teardown ICMP connection 77 for outside:198.51.100.8/0 to inside:10.0.0.1/3 duration 0:00:02 bytes 128',
    {
      action: 'session_end',
      protocol: 1,
      sessionKey: '77',
      source: { ip: '198.51.100.8', port: undefined },
      destination: { ip: '10.0.0.1', port: undefined },
      bytes: 128n,
    },
  ),
];
