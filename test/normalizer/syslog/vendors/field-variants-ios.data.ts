import { type FieldVariant, variant } from './field-variants';

const ios = (name: string, body: string, fact: object): FieldVariant =>
  variant(name, `<189>636: rtr1: Nov 24 02:10:00.100: ${body}`, fact);

export const IOS_VARIANTS: readonly FieldVariant[] = [
  variant(
    'a clock that lost NTP is still the clock',
    '<189>636: rtr1: .Nov 24 02:10:00.590 UTC: %SEC-6-IPACCESSLOGP: list OUT permitted udp 10.0.0.66(137) (GigabitEthernet0/1 0050.56aa.bbcc) -> 10.0.0.11(137), 33 packets',
    { observedAt: Date.UTC(2026, 10, 24, 2, 10, 0, 590), source: { mac: '00:50:56:aa:bb:cc' } },
  ),
  ios('configured by SNMP', '%SYS-5-CONFIG_I: Configured from 192.0.2.44 by snmp', {
    action: 'config_change',
    user: undefined,
    sourceIp: '192.0.2.44',
  }),
  ios(
    'a packet that a zone pair passed',
    '%FW-6-PASS_PKT: (target:class)-(self-out:c1) Passing udp pkt 10.1.1.1:500 => 198.51.100.7:500 with ip ident 0',
    {
      action: 'allowed',
      protocol: 17,
      source: { ip: '10.1.1.1', port: 500 },
      destination: { ip: '198.51.100.7', port: 500 },
      extra: { 'ascribe.zone_pair': 'self-out', 'ascribe.class': 'c1' },
    },
  ),
  ios(
    'a translation of IOS XE',
    '%NAT-6-LOG_TRANSLATION: Created Translation UDP 10.1.1.1:4000 203.0.113.9:5000 198.51.100.7:53 198.51.100.7:53 0',
    {
      action: 'nat_create',
      protocol: 17,
      source: { ip: '10.1.1.1', port: 4000, natIp: '203.0.113.9', natPort: 5000 },
      destination: { ip: '198.51.100.7', port: 53, natIp: undefined },
    },
  ),
  ios(
    'a translation of IOS XE that ends',
    '%NAT-6-LOG_TRANSLATION: Deleted Translation TCP 10.1.1.1:4000 203.0.113.9:5000 198.51.100.7:53 198.51.100.7:53 0',
    { action: 'nat_delete', protocol: 6, source: { natPort: 5000 } },
  ),
  ios(
    'ARP against the DHCP table',
    '%SW_DAI-4-DHCP_SNOOPING_DENY: 1 Invalid ARPs (Req) on Gi1/0/5, vlan 10.([0050.56aa.bbcc/192.0.2.5/0000.0000.0000/192.0.2.1/02:10:00 UTC Tue Nov 24 2026])',
    {
      action: 'arp_denied',
      outcome: 'failure',
      sourceIp: '192.0.2.5',
      extra: {
        'ascribe.mac': '00:50:56:aa:bb:cc',
        'destination.ip': '192.0.2.1',
        'interface.name': 'Gi1/0/5',
        'network.vlan.id': 10,
      },
    },
  ),
  variant(
    'XR login',
    "<187>12: RP/0/RSP0/CPU0:xr1: Nov 24 02:10:00.123 : exec[65]: %SECURITY-login-6-AUTHEN_SUCCESS : Successfully authenticated user 'bob' from '192.0.2.44' on 'vty0'",
    { action: 'login', outcome: 'success', user: 'bob', sourceIp: '192.0.2.44' },
  ),
  variant(
    'a zone in lower case',
    '<190>3352460: 3352481: Nov 23 2026 20:10:33.963 mdt: %IOSXE-6-PLATFORM: R0/0: cpp_cp: QFP:0.0 Thread:001 TS:00013807835737559120 %FW-6-DROP_PKT: Dropping tcp pkt from GigabitEthernet1/0/2.6 10.50.14.44:53836 => 192.0.2.128:80(target:class)-(ZP:class-default) due to Policy drop:classify result with ip ident 13017 tcp flag 0x2, seq 4266642156, ack 0',
    {
      parser: 'cisco_ios',
      observedAt: Date.UTC(2026, 10, 24, 2, 10, 33, 963),
      action: 'dropped',
      source: { ip: '10.50.14.44', port: 53836 },
      destination: { ip: '192.0.2.128', port: 80 },
      ingressInterface: 'GigabitEthernet1/0/2.6',
    },
  ),
  ios('a BGP neighbour in a VRF', '%BGP-5-ADJCHANGE: neighbor 192.0.2.1 vpn vrf X Down BGP Notification sent', {
    extra: { 'ascribe.vrf': 'X', 'ascribe.state.new': 'Down', 'event.reason': 'BGP Notification sent' },
  }),
  ios('TCP MD5', '%TCP-6-BADAUTH: No MD5 digest from 192.0.2.1(179) to 192.0.2.2(33000) tableid - 0', {
    process: undefined,
    message: 'No MD5 digest from 192.0.2.1(179) to 192.0.2.2(33000) tableid - 0',
  }),
  ios(
    'authorization of a port',
    '%SESSION_MGR-5-SUCCESS: Switch 1 R0/0: sessmgrd: Authorization succeeded for client (001e.0b80.13b5) on Interface GigabitEthernet1/0/16 AuditSessionID 0A',
    {
      action: 'network_login',
      outcome: 'success',
      extra: { 'ascribe.mac': '00:1e:0b:80:13:b5', 'interface.name': 'GigabitEthernet1/0/16' },
    },
  ),
  ios(
    'port security',
    '%PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, caused by MAC address 001e.0b80.13b5 on port GigabitEthernet1/0/1.',
    {
      action: 'port_security_violation',
      extra: { 'ascribe.mac': '00:1e:0b:80:13:b5', 'interface.name': 'GigabitEthernet1/0/1' },
    },
  ),
  ios('SNMP', '%SNMP-3-AUTHFAIL: Authentication failure for SNMP req from host 10.1.1.1', {
    action: 'snmp_request',
    outcome: 'failure',
    sourceIp: '10.1.1.1',
  }),
  ios('a locked user', '%AAA-5-USER_LOCKED: User bob locked out on authentication failure', {
    action: 'account_locked',
    user: 'bob',
  }),
  ios('a duplicate address', '%IP-4-DUPADDR: Duplicate address 10.1.1.1 on Vlan10, sourced by 0050.56aa.bbcc', {
    action: 'duplicate_address',
    sourceIp: '10.1.1.1',
    extra: { 'ascribe.mac': '00:50:56:aa:bb:cc', 'interface.name': 'Vlan10' },
  }),
  ios(
    'an unknown SPI',
    "%CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=198.51.100.1, prot=50, spi=0x1234(4660), srcaddr=203.0.113.4, input interface=GigabitEthernet0/0",
    {
      action: 'dropped',
      protocol: 50,
      source: { ip: '203.0.113.4' },
      destination: { ip: '198.51.100.1' },
      ingressInterface: 'GigabitEthernet0/0',
    },
  ),
  // "Cisco IOS Security Command Reference", IPS system messages: %IPS-4-SIGNATURE.
  variant(
    'a signature of IOS IPS',
    'Nov 24 02:10:00 192.0.2.1 %IPS-4-SIGNATURE: Sig:3051 Subsig:1 Sev:4 TCP Connection Window Size DoS [192.0.2.11:51654 -> 198.51.100.10:4444]',
    {
      action: 'session_update',
      source: { ip: '192.0.2.11', port: 51654 },
      destination: { ip: '198.51.100.10', port: 4444 },
      extra: { 'ascribe.signature_id': 3051, 'ascribe.signature': 'TCP Connection Window Size DoS' },
    },
  ),
  variant(
    'a zone name of their own in lower case is no process',
    '3924923: Nov 24 02:10:00 mng: %SEC-6-IPACCESSLOGP: list 111 denied tcp 192.0.2.100(50150) (Serial4/3 ) -> 198.51.100.1(443), 1 packet',
    { parser: 'cisco_ios', action: 'denied', source: { ip: '192.0.2.100', port: 50150 }, destination: { port: 443 } },
  ),
  variant(
    'the header behind a relay that keeps the original address',
    '<190>Original Address=192.0.2.1 1 2026-11-24T02:10:01.168Z collector Kiwi_SyslogNet_Server 3356 MSGOUT sw01: Nov 24 2026 02:10:00.534 UTC: %SYS-6-LOGOUT: User ops has exited tty session 1(192.0.2.9)',
    {
      device: 'sw01',
      parser: 'cisco_ios',
      action: 'logout',
      user: 'ops',
      sourceIp: '192.0.2.9',
      observedAt: 1795486200534,
    },
  ),
  variant(
    'host and name before the second counter',
    '<190>3132517: Nov 24 02:10:01 192.0.2.2 sw01: 3132779: Nov 24 2026 02:10:00.398 UTC: %SYS-5-CONFIG_I: Configured from console by ops on vty0 (192.0.2.9)',
    { device: 'sw01', action: 'config_change', user: 'ops', observedAt: 1795486200398 },
  ),
];
