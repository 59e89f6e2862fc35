import { type FieldVariant, variant } from './field-variants';

const asa = (name: string, body: string, fact: object): FieldVariant =>
  variant(name, `<166>Nov 24 2026 02:10:00 fw1 : ${body}`, fact);

export const ASA_VARIANTS: readonly FieldVariant[] = [
  asa(
    'something stands before the interface',
    '%ASA-4-106023: Deny udp src v1:outside:10.8.1.9/54864 dst v2:inside:172.16.1.3/53 by access-group "o" [0x0, 0x0]',
    {
      source: { ip: '10.8.1.9', port: 54864 },
      destination: { ip: '172.16.1.3', port: 53 },
      ingressInterface: 'outside',
      egressInterface: 'inside',
    },
  ),
  asa(
    'a protocol without ports in an access list message',
    '%ASA-6-106100: access-list r denied 47 dmz2/10.2.3.4(0) -> inside/10.3.4.5(0) hit-cnt 3 300-second interval [0x1, 0x5]',
    { action: 'denied', protocol: 47, source: { ip: '10.2.3.4', port: undefined }, destination: { port: undefined } },
  ),
  asa(
    'service names in the place of ports, mapped too',
    '%ASA-6-302013: Built outbound TCP connection 47 for outside:192.0.2.222/https (192.0.2.222/https) to dmz:10.1.1.1/5678 (203.0.113.9/5678)',
    {
      source: { ip: '10.1.1.1', port: 5678, natIp: '203.0.113.9', natPort: 5678 },
      destination: { ip: '192.0.2.222', port: 443, natIp: undefined },
    },
  ),
  asa(
    'a word of the language in the place of a port',
    '%ASA-4-106023: Deny tcp src outside:10.10.10.2/constructor dst srv:192.0.2.2/22 by access-group "x"',
    { source: { ip: '10.10.10.2', port: undefined }, destination: { ip: '192.0.2.2', port: 22 } },
  ),
  asa(
    'users behind a space',
    '%ASA-6-302016: Teardown UDP connection 666 for outside:192.0.2.222/53 user1 to inside:10.123.1.35/52925 user2 duration 10:00:00 bytes 9999',
    {
      action: 'session_end',
      source: { ip: '192.0.2.222', port: 53, user: 'user1' },
      destination: { ip: '10.123.1.35', port: 52925, user: 'user2' },
      bytes: 9999n,
      durationNs: 36_000_000_000_000n,
    },
  ),
  asa(
    'dynamic filter without threat level',
    '%ASA-4-338002: Dynamic Filter permitted black listed TCP traffic from inside:10.1.1.45/6798 (192.0.2.1/7890) to outside:192.0.2.129/80 (192.0.2.129/80), destination 192.0.2.129 resolved from dynamic list: bad.example.com',
    {
      action: 'allowed',
      source: { ip: '10.1.1.45', port: 6798, natIp: '192.0.2.1', natPort: 7890 },
      destination: { ip: '192.0.2.129', port: 80, natIp: undefined },
      extra: { 'ascribe.threat.indicator': 'bad.example.com' },
    },
  ),
  asa(
    'a full proxy gives a flow back',
    '%FTD-6-852002: Received Full Proxy to Lightweight event from application Snort for TCP flow 10.10.10.10/710 to 192.0.2.44/47873',
    { protocol: 6, source: { ip: '10.10.10.10', port: 710 }, destination: { ip: '192.0.2.44', port: 47873 } },
  ),
  asa(
    'threat rate',
    '%ASA-4-733100: [ Scanning] drop rate-2 exceeded. Current burst rate is 0 per second, max configured rate is 8; Current average rate is 5 per second, max configured rate is 4; Cumulative total count is 19269',
    {
      action: 'threat_rate',
      extra: {
        'ascribe.threat.object': 'Scanning',
        'ascribe.threat.rate': 'rate-2',
        'ascribe.threat.burst_rate': 0,
        'ascribe.threat.average_rate': 5,
        'ascribe.threat.count': 19269,
      },
    },
  ),
  asa(
    'an attacker',
    '%ASA-4-733101: Host 10.1.1.9 is attacking. Current burst rate is 9 per second, max configured rate is 10; Current average rate is 8 per second, max configured rate is 5; Cumulative total count is 5039',
    { action: 'threat_detected', sourceIp: '10.1.1.9' },
  ),
  asa('a target', '%ASA-4-733101: Host 10.1.1.9 is targeted. Current burst rate is 9 per second', {
    action: 'threat_detected',
    sourceIp: undefined,
    extra: { 'destination.ip': '10.1.1.9' },
  }),
  asa('a shun', '%ASA-4-733102: Threat-detection adds host 10.1.1.9 to shun list', {
    action: 'shun',
    sourceIp: '10.1.1.9',
  }),
  asa('a shun that ends', '%ASA-4-733103: Threat-detection removes host 10.1.1.9 from shun list', {
    action: 'unshun',
    sourceIp: '10.1.1.9',
  }),
  asa(
    'ICMP code by name',
    '%FTD-1-430002: AccessControlRuleAction: Allow, SrcIP: 172.16.10.10, DstIP: 172.16.20.10, ICMPType: Destination Unreachable, ICMPCode: Port Unreachable, Protocol: icmp',
    { protocol: 1, icmpType: 3, icmpCode: 3 },
  ),
  asa(
    'no ports of GRE',
    '%FTD-6-430002: AccessControlRuleAction: Allow, SrcIP: 10.1.1.1, DstIP: 10.1.1.2, SrcPort: 0, DstPort: 0, Protocol: GRE',
    { protocol: 47, source: { ip: '10.1.1.1', port: undefined }, destination: { ip: '10.1.1.2', port: undefined } },
  ),
  asa(
    'the actor of a URL with a user',
    '%ASA-5-304001: BOB01@192.168.0.1(LOCAL\\BOB01) Accessed URL 172.17.6.211:http://server.example/page.html',
    { sourceIp: '192.168.0.1', user: 'BOB01', extra: { 'source.domain': undefined, 'destination.ip': '172.17.6.211' } },
  ),
  asa(
    'a command at the console',
    "%ASA-5-111010: User 'enable_15', running 'N/A' from IP 0.0.0.0, executed 'tunnel-group 192.0.2.4 ipsec-attributes ikev1 pre-shared-key S3cr'",
    {
      user: 'enable_15',
      sourceIp: undefined,
      command: 'tunnel-group 192.0.2.4 ipsec-attributes ikev1 pre-shared-key ***',
    },
  ),
  asa(
    'fragments',
    '%ASA-4-209005: Discard IP fragment set with more than 24 elements:  src = 10.1.1.1, dest = 10.1.1.2, proto = UDP, id = 5',
    {
      action: 'dropped',
      protocol: 17,
      source: { ip: '10.1.1.1' },
      destination: { ip: '10.1.1.2' },
      reason: 'Discard IP fragment set with more than 24 elements',
    },
  ),
  asa('a signature', '%ASA-4-400013: IDS:2003 ICMP redirect from 10.4.1.2 to 10.2.1.1 on interface dmz', {
    source: { ip: '10.4.1.2' },
    destination: { ip: '10.2.1.1' },
    ingressInterface: 'dmz',
    extra: { 'ascribe.signature': 'ICMP redirect', 'ascribe.signature_id': 2003 },
  }),
  asa(
    'IPsec that is refused',
    "%ASA-4-402116: IPSEC: Received an ESP packet (SPI= 0xA, sequence number= 0x1) from 203.0.113.1 (user= bob) to 198.51.100.1. The decapsulated inner packet doesn't match the negotiated policy in the SA.",
    {
      action: 'dropped',
      protocol: 50,
      user: 'bob',
      source: { ip: '203.0.113.1', port: undefined },
      destination: { ip: '198.51.100.1' },
    },
  ),
  asa(
    'IPsec that is replayed',
    '%ASA-4-402119: IPSEC: Received an ESP packet (SPI= 0xA, sequence number= 0x1) from 203.0.113.1 (user= bob) to 198.51.100.1 that failed anti-replay checking.',
    { action: 'dropped', user: 'bob', destination: { ip: '198.51.100.1' }, reason: 'anti-replay checking' },
  ),
  asa(
    'no address left for a translation',
    '%ASA-3-202010: NAT pool exhausted. Unable to create TCP connection from inside:10.1.1.1/5 to outside:192.0.2.2/80',
    { action: 'denied', protocol: 6, source: { ip: '10.1.1.1', port: 5 }, destination: { ip: '192.0.2.2', port: 80 } },
  ),
  asa(
    'RTP',
    '%ASA-4-431001: RTP conformance: Dropping RTP packet from inside:10.1.1.1/5 to outside:192.0.2.1/80, Drop reason: payload',
    { action: 'dropped', protocol: 17, source: { ip: '10.1.1.1', port: 5 }, reason: 'payload' },
  ),
  asa(
    'a user behind an address',
    '%ASA-6-746012: user-identity: Add IP-User mapping 10.1.1.1 - CORP\\bob Succeeded - AD Agent',
    { action: 'user_mapping_add', user: 'CORP\\bob', extra: { 'ascribe.assigned_ip': '10.1.1.1' } },
  ),
];
