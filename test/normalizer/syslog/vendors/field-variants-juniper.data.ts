import { type FieldVariant, variant } from './field-variants';

const junos = (name: string, body: string, fact: object): FieldVariant =>
  variant(name, `<14>Nov 24 02:10:00 srx1 ${body}`, fact);

const CLOSED =
  'session closed TCP FIN: 10.1.1.1/51000->198.51.100.7/443 junos-https 203.0.113.9/20000->198.51.100.7/443 r1 None 6 p1 trust untrust 4711 12(1200) 8(800) 45 UNKNOWN UNKNOWN N/A(N/A) ge-0/0/0.0 UNKNOWN';
const CLOSED_FACT = {
  action: 'session_end',
  source: { ip: '10.1.1.1', port: 51000, natIp: '203.0.113.9', natPort: 20000, bytes: 1200n, packets: 12n },
  destination: { ip: '198.51.100.7', port: 443, natIp: undefined, bytes: 800n, packets: 8n },
  reason: 'TCP FIN',
  ruleName: 'p1',
  sessionKey: '4711',
  user: undefined,
};

export const JUNIPER_VARIANTS: readonly FieldVariant[] = [
  junos('a flow of a logical system', `RT_FLOW: RT_FLOW_SESSION_CLOSE_LS: Lsys LS1: ${CLOSED}`, CLOSED_FACT),
  junos('a flow whose tag is the header tag', `RT_FLOW_SESSION_CLOSE: ${CLOSED}`, CLOSED_FACT),
  junos(
    'a screen with ports',
    'RT_IDS: RT_SCREEN_TCP: TCP sweep! source: 203.0.113.1:6000, destination: 10.0.0.1:1433, zone name: untrust, interface name: ge-0/0/0.0, action: drop',
    {
      action: 'dropped',
      outcome: 'failure',
      protocol: 6,
      source: { ip: '203.0.113.1', port: 6000 },
      destination: { ip: '10.0.0.1', port: 1433 },
      ingressZone: 'untrust',
      ingressInterface: 'ge-0/0/0.0',
      extra: { 'ascribe.signature': 'TCP sweep!' },
    },
  ),
  junos(
    'a screen that only warns',
    'RT_IDS: RT_SCREEN_IP: IP spoofing! source: 203.0.113.1, destination: 10.0.0.1, protocol-id: 17, zone name: untrust, interface name: ge-0/0/0.0, action: alarm-without-drop',
    { action: 'allowed', protocol: 17, source: { ip: '203.0.113.1', port: undefined } },
  ),
  junos(
    'a screen with IPv6',
    'RT_IDS: RT_SCREEN_ICMP: ICMP flood! source: 2001:db8::1, destination: 2001:db8::2, zone name: untrust, interface name: ge-0/0/0.0, action: drop',
    { action: 'dropped', source: { ip: '2001:db8::1', port: undefined }, destination: { ip: '2001:db8::2' } },
  ),
  junos(
    'a packet that a filter dropped',
    'fpc0 PFE_FW_SYSLOG_IP: FW: ge-0/0/1.0 D tcp 192.0.2.5 198.51.100.7 51000 22 (1 packets)',
    {
      action: 'dropped',
      outcome: 'failure',
      protocol: 6,
      source: { ip: '192.0.2.5', port: 51000, packets: 1n },
      destination: { ip: '198.51.100.7', port: 22 },
      ingressInterface: 'ge-0/0/1.0',
    },
  ),
  junos(
    'a frame that a filter let through',
    'fpc0 PFE_FW_SYSLOG_ETH_IP: FW: ge-0/0/1.0 A 0800 00:11:22:33:44:55 -> 00:11:22:33:44:66 udp 192.0.2.5 198.51.100.7 51000 53 (2 packets)',
    {
      action: 'allowed',
      protocol: 17,
      source: { ip: '192.0.2.5', port: 51000, mac: '00:11:22:33:44:55', packets: 2n },
      destination: { ip: '198.51.100.7', port: 53 },
    },
  ),
  junos('a filter of the kernel', 'kernel: FW: fxp0.0 R icmp 192.0.2.5 198.51.100.7 8 0 (1 packets)', {
    action: 'denied',
    protocol: 1,
    icmpType: 8,
    icmpCode: 0,
    source: { ip: '192.0.2.5', port: undefined },
  }),
  variant(
    'an attack: rule, application, no user',
    '<14>1 2026-11-24T02:10:00.040Z srx1 RT_IDP - IDP_ATTACK_LOG_EVENT [junos@2636.1.1.1.2.40 source-address="10.1.1.1" source-port="54639" destination-address="192.0.2.4" destination-port="80" protocol-name="TCP" service-name="SERVICE_IDP" application-name="HTTP" rule-name="1" policy-name="P" action="DROP" attack-name="TROJAN:X" nat-source-address="0.0.0.0" nat-source-port="13312" nat-destination-address="198.51.100.4" nat-destination-port="9757" username="unknown-user"]',
    {
      action: 'dropped',
      ruleName: 'P',
      ruleId: '1',
      application: 'HTTP',
      user: undefined,
      source: { natIp: undefined, natPort: undefined, user: undefined },
      destination: { natIp: '198.51.100.4', natPort: 9757 },
    },
  ),
  variant(
    'a file that passed',
    '<14>1 2026-11-24T02:10:00.040Z srx1 RT_AAMW - SRX_AAMW_ACTION_LOG [junos@2636.1.1.1.2.129 hostname="h" action="PERMIT" source-address="10.10.10.1" source-port="57116" destination-address="198.51.100.200" destination-port="80" protocol-id="6" policy-name="p1" username="N/A" session-id-32="50000002" source-zone-name="untrust" destination-zone-name="trust"]',
    {
      action: 'allowed',
      source: { ip: '10.10.10.1', port: 57116 },
      destination: { ip: '198.51.100.200', port: 80 },
      ingressZone: 'untrust',
      sessionKey: '50000002',
    },
  ),
  // "Junos OS Interfaces and VPN": messages of kmd without a tag.
  variant(
    'IKE that failed, without a tag',
    '<27>1 2026-11-24T02:10:00.984Z srx1 kmd 9159 - - IKE negotiation failed with error: Timed out. IKE Version: 1, VPN: HQ-VPN Gateway: HQ-GW, Local: 192.0.2.112/500, Remote: 198.51.100.1/4500, Local IKE-ID: Not-Available, Remote IKE-ID: Not-Available, VR-ID: 5: Role: Initiator',
    {
      action: 'vpn_connect',
      outcome: 'failure',
      sourceIp: '198.51.100.1',
      sourcePort: 4500,
      extra: {
        'destination.ip': '192.0.2.112',
        'destination.port': 500,
        'event.reason': 'Timed out',
        'ascribe.vpn': 'HQ-VPN',
      },
    },
  ),
  variant(
    'structured data behind a relay and a tag, without a version',
    'Nov 24 02:10:01 192.0.2.1 junos-flow: 2026-11-24T02:10:00.803Z srx1 RT_FLOW - RT_FLOW_SESSION_DENY [junos@2636.1.1.1.2.39 source-address="192.0.2.10" source-port="1080" destination-address="198.51.100.2" destination-port="8010" protocol-id="17" icmp-type="0" policy-name="deny" source-zone-name="trust" destination-zone-name="untrust" packet-incoming-interface="ge-0/0/2.302" reason="policy deny"]',
    {
      device: 'srx1',
      observedAt: 1795486200803,
      action: 'denied',
      ruleName: 'deny',
      protocol: 17,
      source: { ip: '192.0.2.10', port: 1080 },
      destination: { ip: '198.51.100.2', port: 8010 },
      ingressZone: 'trust',
      reason: 'policy deny',
    },
  ),
  variant(
    'a filter log behind the name of a line card',
    '<158>1 2026-11-24T02:10:00.010Z srx1 - - - - node1.fpc0 PFE_FW_SYSLOG_IP: FW: reth5.175 D tcp 192.0.2.1 198.51.100.113 51000 22 (2 packets)',
    {
      action: 'dropped',
      protocol: 6,
      source: { ip: '192.0.2.1', port: 51000, packets: 2n },
      ingressInterface: 'reth5.175',
    },
  ),
];
