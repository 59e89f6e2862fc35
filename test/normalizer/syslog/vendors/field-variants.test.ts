import { factsOfLine } from './read-line';
import { REFUSAL_VARIANTS } from './field-variants-refusals.data';
import { ASA_VARIANTS } from './field-variants-asa.data';
import { HOST_VARIANTS } from './field-variants-host.data';
import { IOS_VARIANTS } from './field-variants-ios.data';
import { JUNIPER_VARIANTS } from './field-variants-juniper.data';
import { type FieldVariant, fieldsOf } from './field-variants';

describe.each<[string, readonly FieldVariant[]]>([
  ['ASA and FTD', ASA_VARIANTS],
  ['refusals of ASA', REFUSAL_VARIANTS],
  ['IOS', IOS_VARIANTS],
  ['Junos', JUNIPER_VARIANTS],
  ['hosts and host firewalls', HOST_VARIANTS],
])('%s', (_vendor, variants) => {
  test.each(variants)('$name', ({ line, fact }) => {
    expect(fieldsOf(factsOfLine(line)[0], fact)).toStrictEqual(fact);
  });
});

test('a VPN user of UTM holds the address inside', () => {
  const [event, binding] = factsOfLine(
    '<29>2026:11:24-02:10:00 utm1 openvpn[21839]: id="2201" severity="info" sys="SecureNet" sub="vpn" event="Connection started" username="bob" variant="ssl" srcip="198.51.100.7" virtual_ip="10.242.2.6"',
  );
  expect(fieldsOf(event, { action: '', user: '', sourceIp: '' })).toStrictEqual({
    action: 'vpn_connect',
    user: 'bob',
    sourceIp: '198.51.100.7',
  });
  expect(fieldsOf(binding, { relation: '', key: '', value: '', state: '' })).toStrictEqual({
    relation: 'ip-user',
    key: '10.242.2.6',
    value: 'bob',
    state: 'begin',
  });
});

test('leases and tunnels of an ASA bind addresses to clients and users', () => {
  const head = '<166>Nov 24 2026 02:10:00 fw1 : ';
  const bindings = [
    '%ASA-6-604103: DHCP daemon interface inside: address granted 0102.005e.0053.01 (192.168.1.10)',
    '%ASA-6-604104: DHCP daemon interface inside: address released 0200.5e00.5301 (192.168.1.10)',
    '%ASA-6-603106: L2TP Tunnel created, tunnel_id is 7, remote_peer_ip is 198.51.100.7, ppp_virtual_interface_id is 3, client_dynamic_ip is 10.9.9.9, username is bob',
    '%ASA-6-604103: DHCP daemon interface inside: address granted 0063.6973.636f (192.168.1.11)',
  ].map((line) => factsOfLine(head + line)[1]);
  expect(bindings.map((fact) => fieldsOf(fact, { relation: '', key: '', value: '', state: '' }))).toStrictEqual([
    { relation: 'ip-dhcp', key: '192.168.1.10', value: '02:00:5e:00:53:01', state: 'begin' },
    { relation: 'ip-dhcp', key: '192.168.1.10', value: '02:00:5e:00:53:01', state: 'end' },
    { relation: 'ip-user', key: '10.9.9.9', value: 'bob', state: 'begin' },
    { relation: 'ip-dhcp', key: '192.168.1.11', value: '00:63:69:73:63:6f', state: 'begin' },
  ]);
});
