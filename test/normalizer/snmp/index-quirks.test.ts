import { bodies, integer, ipAddress, octets, SnmpWorld, text, type TestVarbind } from './snmp-world';

/** What devices make of indexes and values, seen in recordings of some 430 devices. */

const PHYSICAL = '1.3.6.1.2.1.4.35.1';
const MEDIA = '1.3.6.1.2.1.4.22.1';
const MAC = '02 00 5e 00 53 01';
const MAC_TEXT = '02:00:5e:00:53:01';

function pairs(varbinds: readonly TestVarbind[], relation: string): string[][] {
  return bodies(new SnmpWorld().table(varbinds), 'binding')
    .map((body) => body as { relation: string; key: string; value: string })
    .filter((body) => body.relation === relation)
    .map(({ key, value }) => [key, value]);
}

const reasons = (varbinds: readonly TestVarbind[]): unknown[] =>
  bodies(new SnmpWorld().table(varbinds), 'rejected').map((body) => (body as { reason: string }).reason);

describe('ipNetToPhysicalTable index', () => {
  const V6 = '32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.33';
  it.each([
    ['ipv4 as RFC 4293 has it', '5.1.4.10.0.0.33', '10.0.0.33'],
    ['ipv4 without length octet (ASA, FTD, BTI)', '5.1.10.0.0.33', '10.0.0.33'],
    ['ipv4 without length octet that begins like one', '5.1.4.0.0.33', '4.0.0.33'],
    ['ipv6 as RFC 4293 has it', `5.2.16.${V6}`, '2001:db8::21'],
    ['ipv6 without length octet', `5.2.${V6}`, '2001:db8::21'],
    ['ipv4z', '5.3.8.10.0.0.33.0.0.0.7', '10.0.0.33'],
    ['ipv6z', `5.4.20.${V6}.0.0.0.7`, '2001:db8::21'],
    ['ipv4-mapped ipv6 is the ipv4 address', '5.2.16.0.0.0.0.0.0.0.0.0.0.255.255.10.0.0.33', '10.0.0.33'],
  ])('%s', (_name, index, ip) => {
    expect(pairs([octets(`${PHYSICAL}.4.${index}`, MAC)], 'ip-mac')).toEqual([[ip, MAC_TEXT]]);
  });

  it('keeps the zone beside the address', () => {
    const [binding] = bodies(new SnmpWorld().table([octets(`${PHYSICAL}.4.5.3.8.10.0.0.33.0.0.0.7`, MAC)]), 'binding');
    expect(binding).toMatchObject({ extra: { 'ascribe.zone': 7, 'observer.ingress.interface.id': 5 } });
  });

  it.each([
    ['type ipv4 with nine octets', '5.1.9.10.0.0.33.1.2.3.4.5'],
    ['a DNS name', '5.16.3.97.98.99'],
    ['an octet above 255', '5.1.4.10.0.0.300'],
    ['length that contradicts the type', '5.1.16.10.0.0.33'],
  ])('refuses %s', (_name, index) => {
    expect(pairs([octets(`${PHYSICAL}.4.${index}`, MAC)], 'ip-mac')).toEqual([]);
    expect(reasons([octets(`${PHYSICAL}.4.${index}`, MAC)])).toEqual(['snmp_bad_index']);
  });

  it('passes over the dummy row of an agent without entries', () => {
    expect(reasons([octets(`${PHYSICAL}.4.1`, '')])).toEqual([]);
  });

  it('takes no invalid or incomplete entry', () => {
    const rows = [1, 2, 3].flatMap((last) => [octets(`${PHYSICAL}.4.5.1.4.10.0.0.${last}`, MAC)]);
    const states = [integer(`${PHYSICAL}.7.5.1.4.10.0.0.1`, 5), integer(`${PHYSICAL}.7.5.1.4.10.0.0.2`, 7)];
    const invalid = integer(`${PHYSICAL}.6.5.1.4.10.0.0.3`, 2);
    expect(pairs([...rows, ...states, invalid], 'ip-mac')).toEqual([]);
  });
});

describe('ipNetToMediaTable index', () => {
  it.each([
    ['as RFC 4293 has it', '2.192.0.2.9', 2],
    ['without ifIndex (FortiGate)', '192.0.2.9', undefined],
    ['with an address type between (CTM)', '2.1.192.0.2.9', 2],
  ])('%s', (_name, index, ifIndex) => {
    const [binding] = bodies(new SnmpWorld().table([octets(`${MEDIA}.2.${index}`, MAC)]), 'binding');
    expect(binding).toMatchObject({ key: '192.0.2.9', value: MAC_TEXT });
    expect((binding as { extra: Record<string, unknown> }).extra['observer.ingress.interface.id']).toBe(ifIndex);
  });

  it('takes the ifIndex from its column where the index has none', () => {
    const rows = [integer(`${MEDIA}.1.192.0.2.9`, 7), octets(`${MEDIA}.2.192.0.2.9`, MAC)];
    expect(bodies(new SnmpWorld().table(rows), 'binding')).toMatchObject([
      { extra: { 'observer.ingress.interface.id': 7 } },
    ]);
  });

  it('refuses six numbers whose column states another address', () => {
    const rows = [octets(`${MEDIA}.2.2.1.192.0.2.9`, MAC), ipAddress(`${MEDIA}.3.2.1.192.0.2.9`, '198.51.100.1')];
    expect(pairs(rows, 'ip-mac')).toEqual([]);
    expect(reasons(rows)).toEqual(['snmp_bad_index']);
  });

  it.each(['1', '0.0.0.0.0'])('passes over the dummy row %s', (index) => {
    expect(reasons([octets(`${MEDIA}.2.${index}`, '')])).toEqual([]);
  });
});

describe('MAC address values', () => {
  it.each<[name: string, varbind: TestVarbind, mac: string]>([
    ['six octets', octets(`${MEDIA}.2.2.192.0.2.9`, '000ec4d048c6'), '00:0e:c4:d0:48:c6'],
    ['text without leading zeros (41 devices)', text(`${MEDIA}.2.2.192.0.2.9`, '0:e:c4:d0:48:c6'), '00:0e:c4:d0:48:c6'],
    ['text with hyphens', text(`${MEDIA}.2.2.192.0.2.9`, '00-0E-C4-D0-48-C6'), '00:0e:c4:d0:48:c6'],
    ['text with dots', text(`${MEDIA}.2.2.192.0.2.9`, '000e.c4d0.48c6'), '00:0e:c4:d0:48:c6'],
    ['bare text', text(`${MEDIA}.2.2.192.0.2.9`, '000ec4d048c6'), '00:0e:c4:d0:48:c6'],
    [
      'text with a closing zero octet',
      octets(`${MEDIA}.2.2.192.0.2.9`, '303a653a63343a64303a34383a633600'),
      '00:0e:c4:d0:48:c6',
    ],
  ])('%s', (_name, varbind, mac) => {
    expect(pairs([varbind], 'ip-mac')).toEqual([['192.0.2.9', mac]]);
  });

  it.each([
    ['four octets', '0200 5e00'],
    ['seven octets', `${MAC} 00`],
    ['nine octets', `${MAC} 00 00 00`],
    ['another text', '6e6f7420616e7920616464'],
    ['mixed separators', Buffer.from('00:0e-c4:d0:48:c6').toString('hex')],
  ])('refuses %s', (_name, hex) => {
    expect(pairs([octets(`${MEDIA}.2.2.192.0.2.9`, hex)], 'ip-mac')).toEqual([]);
    expect(reasons([octets(`${MEDIA}.2.2.192.0.2.9`, hex)])).toEqual(['snmp_bad_value']);
  });

  it.each([
    ['empty: an unanswered request', '', []],
    ['all zeros', '000000000000', ['snmp_bad_value']],
    ['broadcast', 'ffffffffffff', ['snmp_bad_value']],
  ])('binds nothing to %s', (_name, hex, expected) => {
    expect(pairs([octets(`${MEDIA}.2.2.192.0.2.9`, hex)], 'ip-mac')).toEqual([]);
    expect(reasons([octets(`${MEDIA}.2.2.192.0.2.9`, hex)])).toEqual(expected);
  });
});

describe('ipAddressTable index', () => {
  const OWN = '1.3.6.1.2.1.4.34.1.3';
  it.each([
    ['ipv4', '1.4.192.0.2.1', '192.0.2.1'],
    ['ipv6 without length octet (ASA, FTD)', '2.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1', '2001:db8::1'],
    ['ipv4z (OcNOS)', '3.8.192.0.2.1.0.0.0.0', '192.0.2.1'],
    ['ipv6z (OcNOS)', '4.20.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0', '2001:db8::1'],
    ['ipv6 as eight words (FortiGate)', '2.16.8193.3512.0.0.0.0.0.1', '2001:db8::1'],
    ['ipv6 as eight words without length', '2.8193.3512.0.0.0.0.0.1', '2001:db8::1'],
  ])('%s', (_name, index, ip) => {
    expect(pairs([integer(`${OWN}.${index}`, 3)], 'ip-device')).toEqual([[ip, 'sw1']]);
  });

  it.each([
    ['words that could be octets', '2.16.0.0.0.0.0.0.0.1', ['snmp_bad_index']],
    ['loopback', '1.4.127.0.0.1', []],
    ['link-local, which many devices share', '2.16.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1', []],
  ])('names no device by %s', (_name, index, expected) => {
    expect(pairs([integer(`${OWN}.${index}`, 3)], 'ip-device')).toEqual([]);
    expect(reasons([integer(`${OWN}.${index}`, 3)])).toEqual(expected);
  });

  it('takes no broadcast and no duplicate address', () => {
    const rows = ['1.4.192.0.2.1', '1.4.192.0.2.255'].map((index) => integer(`${OWN}.${index}`, 3));
    const types = [
      integer('1.3.6.1.2.1.4.34.1.4.1.4.192.0.2.255', 3),
      integer('1.3.6.1.2.1.4.34.1.7.1.4.192.0.2.1', 7),
    ];
    expect(pairs([...rows, ...types], 'ip-device')).toEqual([]);
  });
});

describe('forwarding tables', () => {
  const PORTS = [
    integer('1.3.6.1.2.1.17.1.4.1.2.3', 10103),
    integer('1.3.111.2.802.1.1.2.1.1.4.1.3.1.3', 10103),
    text('1.3.6.1.2.1.31.1.1.1.1.10103', 'Gi1/0/3'),
  ];
  const Q = '1.3.6.1.2.1.17.7.1.2.2.1';
  const D = '1.3.6.1.2.1.17.4.3.1';
  const I = '1.3.111.2.802.1.1.4.1.2.2.1';

  it.each([
    ['dot1dTpFdb', `${D}.2.2.0.94.0.83.1`],
    ['dot1dTpFdb with a length octet (ArubaOS-CX)', `${D}.2.6.2.0.94.0.83.1`],
    ['dot1qTpFdb', `${Q}.2.40.2.0.94.0.83.1`],
    ['dot1qTpFdb with a length octet', `${Q}.2.40.6.2.0.94.0.83.1`],
    ['ieee8021QBridgeTpFdb (ESXi, ArubaOS-CX)', `${I}.2.1.40.2.0.94.0.83.1`],
    ['ieee8021QBridgeTpFdb with a length octet', `${I}.2.1.40.6.2.0.94.0.83.1`],
  ])('%s', (_name, oid) => {
    expect(pairs([...PORTS, integer(oid, 3)], 'mac-switchport')).toEqual([[MAC_TEXT, 'sw1:Gi1/0/3']]);
  });

  it('refuses an octet too many (IES 52xx): it may stand before or behind the address', () => {
    const rows = [...PORTS, integer(`${Q}.2.1.152.0.94.0.83.1.2`, 3)];
    expect(pairs(rows, 'mac-switchport')).toEqual([]);
    expect(reasons(rows)).toEqual(['snmp_bad_index']);
  });

  it('passes over dummy rows, port 0, own and group addresses', () => {
    const rows = [
      ...PORTS,
      integer(`${D}.2.0`, 0),
      integer(`${D}.2.2.0.94.0.83.2`, 0),
      integer(`${D}.2.2.0.94.0.83.3`, 3),
      integer(`${D}.3.2.0.94.0.83.3`, 4),
      integer(`${D}.2.1.0.94.0.0.1`, 3),
    ];
    expect(pairs(rows, 'mac-switchport')).toEqual([]);
    expect(reasons(rows)).toEqual([]);
  });

  it('names no port that the port map lacks', () => {
    const rows = [...PORTS, integer(`${D}.2.2.0.94.0.83.1`, 9)];
    expect(pairs(rows, 'mac-switchport')).toEqual([]);
    expect(bodies(new SnmpWorld().table(rows, { table: 'fdb' }), 'rejected')).toEqual([
      { reason: 'snmp_bridge_port_unknown', detail: 'fdb: 1 rows, first 2.0.94.0.83.1' },
    ]);
  });
});

describe('LLDP index', () => {
  const LOCAL = text('1.0.8802.1.1.2.1.3.7.1.3.5', 'ge-0/0/5');
  const subtype = integer('1.0.8802.1.1.2.1.3.7.1.2.5', 5);
  const remote = (index: string): TestVarbind[] => [
    text('1.3.6.1.2.1.31.1.1.1.1.512', 'ge-0/0/5'),
    subtype,
    LOCAL,
    text(`1.0.8802.1.1.2.1.4.1.1.9.${index}`, 'core'),
  ];

  it('has time mark, local port and remote index', () => {
    expect(pairs(remote('0.5.2'), 'port-neighbour')).toEqual([['sw1:ge-0/0/5', 'core']]);
  });

  it.each([
    ['one number', '2', 'snmp_bad_index'],
    ['two numbers', '5.2', 'snmp_bad_index'],
    ['local port 0 (RouterOS)', '0.0.2', 'snmp_local_port_unknown'],
  ])('refuses %s', (_name, index, reason) => {
    expect(pairs(remote(index), 'port-neighbour')).toEqual([]);
    expect(reasons(remote(index))).toEqual([reason]);
  });

  it.each([
    ['with a length octet', '0.5.2.1.4.192.0.2.77', '192.0.2.77'],
    ['without length octet', '0.5.2.1.192.0.2.77', '192.0.2.77'],
    ['ipv6', '0.5.2.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.7', '2001:db8::7'],
    ['a MAC address', '0.5.2.6.6.2.0.94.0.83.1', undefined],
  ])('reads a management address %s', (_name, index, address) => {
    const rows = [...remote('0.5.2'), integer(`1.0.8802.1.1.2.1.4.2.1.3.${index}`, 2)];
    const [binding] = bodies(new SnmpWorld().table(rows), 'binding') as { extra: Record<string, unknown> }[];
    expect(binding?.extra['ascribe.neighbour.address']).toBe(address);
  });
});
