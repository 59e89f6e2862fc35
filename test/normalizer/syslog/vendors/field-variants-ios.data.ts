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
];
