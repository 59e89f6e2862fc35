import fc from 'fast-check';
import { NormalizerStateError } from '../../../normalizer/contract';
import type { Fact } from '../../../normalizer/model/facts';
import { SnmpNormalizer } from '../../../normalizer/snmp/snmp-normalizer';
import { bodies, integer, octets, PEER, SnmpWorld, text, ticks, type TestVarbind } from './snmp-world';

const IFX = '1.3.6.1.2.1.31.1.1.1.1';
const PORTS = [integer('1.3.6.1.2.1.17.1.4.1.2.3', 10103)];
const NAMES = [text(`${IFX}.10103`, 'Gi1/0/3')];
const FDB = [integer('1.3.6.1.2.1.17.4.3.1.2.2.0.94.0.83.1', 3)];
const LEARNED = { relation: 'mac-switchport', key: '02:00:5e:00:53:01', value: 'sw1:Gi1/0/3' };

describe('tables that need others', () => {
  it.each<[name: string, order: readonly (readonly TestVarbind[])[]]>([
    ['ports, names, table', [PORTS, NAMES, FDB]],
    ['table, ports, names', [FDB, PORTS, NAMES]],
    ['table, names, ports', [FDB, NAMES, PORTS]],
    ['ports, table, names', [PORTS, FDB, NAMES]],
  ])('%s: read once, with the name', (_name, order) => {
    const world = new SnmpWorld();
    for (const varbinds of order) world.table(varbinds);
    expect(bodies(world.facts, 'binding')).toMatchObject([LEARNED]);
    expect(bodies(world.facts, 'rejected')).toEqual([]);
  });

  it('facts of a record that waited name that record and its time', () => {
    const world = new SnmpWorld();
    world.table(FDB);
    const at = world.now;
    world.now += 60_000;
    world.table(PORTS);
    world.table(NAMES);
    expect(world.facts.find((fact) => fact.fact === 'binding')).toMatchObject({ rawSeq: 1, observedAt: at });
  });

  it('without a port map for an hour, all that waited is refused: a bridge port number is no port', () => {
    const world = new SnmpWorld();
    for (let minute = 0; minute <= 60; minute += 10) {
      expect(bodies(world.facts, 'rejected')).toEqual([]);
      world.table(FDB);
      world.now += 600_000;
    }
    const refused = { reason: 'snmp_bridge_port_unknown', detail: 'table: 1 rows, first 2.0.94.0.83.1' };
    expect(bodies(world.facts, 'rejected')).toEqual(Array.from({ length: 7 }, () => refused));
    expect(bodies(world.facts, 'binding')).toEqual([]);
    world.table(NAMES);
    world.table(PORTS);
    expect(bodies(world.table(FDB), 'binding')).toMatchObject([LEARNED]);
  });

  it('without names for an hour, the port is its ifIndex', () => {
    const world = new SnmpWorld();
    world.table(PORTS);
    world.table(FDB);
    world.now += 3_600_000;
    expect(bodies(world.table(FDB), 'binding')).toMatchObject([
      { ...LEARNED, value: 'sw1:#10103' },
      { ...LEARNED, value: 'sw1:#10103' },
    ]);
  });

  it('what waited a bounded number of times is read with what there is', () => {
    const world = new SnmpWorld();
    world.table(PORTS);
    for (let i = 0; i < 1024; i++) world.table(FDB);
    expect(bodies(world.facts, 'binding')).toEqual([]);
    expect(bodies(world.table(FDB), 'binding')).toMatchObject([{ ...LEARNED, value: 'sw1:#10103' }]);
    expect(bodies(world.table(NAMES), 'binding')).toHaveLength(1024);
  });

  it('ifDescr names ports only when no ifName has come for a whole round', () => {
    const world = new SnmpWorld();
    const descr = [text('1.3.6.1.2.1.2.2.1.2.10103', 'Port 3')];
    world.table(PORTS);
    world.table(descr);
    expect(bodies(world.table(FDB), 'binding')).toEqual([]);
    expect(bodies(world.table(descr), 'binding')).toMatchObject([{ ...LEARNED, value: 'sw1:Port 3' }]);
  });

  it('ifDescr names ports at once when ifXTable is known to be empty', () => {
    const world = new SnmpWorld();
    world.table([text('1.3.6.1.2.1.2.2.1.2.10103', 'Port 3')]);
    world.table([], { table: 'ifXTable' });
    world.table(PORTS);
    expect(bodies(world.table(FDB), 'binding')).toMatchObject([{ ...LEARNED, value: 'sw1:Port 3' }]);
  });

  it('the two bridge MIBs have port maps of their own, by component', () => {
    const world = new SnmpWorld();
    world.table([...NAMES, text(`${IFX}.7`, 'Gi1/0/9')]);
    world.table(PORTS);
    world.table([integer('1.3.111.2.802.1.1.2.1.1.4.1.3.1.3', 7), integer('1.3.111.2.802.1.1.2.1.1.4.1.3.2.3', 8)]);
    const ieee = [integer('1.3.111.2.802.1.1.4.1.2.2.1.2.1.40.2.0.94.0.83.1', 3)];
    expect(bodies(world.table(FDB), 'binding')).toMatchObject([LEARNED]);
    expect(bodies(world.table(ieee), 'binding')).toMatchObject([{ ...LEARNED, value: 'sw1:Gi1/0/9' }]);
  });

  it('VM adapters wait for the VMs', () => {
    const world = new SnmpWorld({ name: 'esx1' });
    world.table([octets('1.3.6.1.4.1.6876.2.4.1.7.12.4000', '005056aabbcc')]);
    const facts = world.table([text('1.3.6.1.4.1.6876.2.1.1.2.12', 'web 1')]);
    expect(bodies(facts, 'binding')).toMatchObject([
      { relation: 'vm-host' },
      { relation: 'mac-vnic', key: '00:50:56:aa:bb:cc', value: 'web 1/4000' },
      { relation: 'vnic-vm', key: 'web 1/4000', value: 'web 1' },
    ]);
  });

  it('devices do not share maps', () => {
    const world = new SnmpWorld({});
    world.table(PORTS, {}, '192.0.2.1:161');
    world.table(NAMES, {}, '192.0.2.1:161');
    expect(bodies(world.table(FDB, {}, '192.0.2.2:161'), 'binding')).toEqual([]);
    expect(bodies(world.table(FDB, {}, '192.0.2.1:161'), 'binding')).toMatchObject([{ value: 'sw1:Gi1/0/3' }]);
  });

  it('are forgotten with a restart: indexes may mean other ports', () => {
    const world = new SnmpWorld();
    world.table([...PORTS, ...NAMES, ticks('1.3.6.1.2.1.1.3.0', 600_000)]);
    world.now += 300_000;
    world.table([ticks('1.3.6.1.2.1.1.3.0', 1000)]);
    expect(bodies(world.table(FDB), 'binding')).toEqual([]);
    world.table([integer('1.3.6.1.2.1.17.1.4.1.2.3', 7)]);
    expect(bodies(world.table([text(`${IFX}.7`, 'Gi1/0/9')]), 'binding')).toMatchObject([
      { ...LEARNED, value: 'sw1:Gi1/0/9' },
    ]);
  });

  it('counts what waited', () => {
    const world = new SnmpWorld();
    for (const varbinds of [FDB, PORTS, NAMES]) world.table(varbinds);
    expect(world.normalizer.counters()).toMatchObject({
      tables: 3,
      incomplete: 0,
      traps: 0,
      varbinds: 3,
      unknownVarbinds: 0,
      waited: 2,
      replayed: 2,
      rejected: {},
      devices: 1,
    });
  });
});

describe('records that cannot be read', () => {
  const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
  it.each<[name: string, bytes: Uint8Array, reason: string]>([
    ['empty', new Uint8Array(0), 'snmp_not_json'],
    ['a datagram', Buffer.from('302602010104067075626c6963', 'hex'), 'snmp_not_json'],
    ['not UTF-8', Buffer.from('{"kind":"\xff"}', 'latin1'), 'snmp_not_json'],
    ['a number', json(1), 'snmp_unknown_record'],
    ['null', json(null), 'snmp_unknown_record'],
    ['another kind', json({ kind: 'walk', varbinds: [] }), 'snmp_unknown_record'],
    ['no varbinds', json({ kind: 'table' }), 'snmp_no_varbinds'],
  ])('%s', (_name, bytes, reason) => {
    const world = new SnmpWorld();
    expect(bodies(world.bytes(bytes), 'rejected')).toEqual([{ reason }]);
    expect(world.normalizer.counters().rejected).toEqual({ [reason]: 1 });
  });

  it('varbinds that are none are left out, and the table counts as incomplete', () => {
    const bytes = json({ kind: 'table', table: 't', complete: true, varbinds: [...NAMES, ['1.3', 2], 7, [1, 2, 3]] });
    const facts = new SnmpWorld().bytes(bytes);
    expect(bodies(facts, 'rejected')).toEqual([{ reason: 'snmp_bad_varbind', detail: '3 of 4' }]);
    expect(bodies(facts, 'inventory')).toMatchObject([{ kind: 'interface', name: 'Gi1/0/3' }]);
    expect(bodies(facts, 'gap')).toEqual([{ kind: 'incomplete_read', detail: 't: incomplete' }]);
  });

  it('whatever the varbinds hold, it answers with facts', () => {
    const roots = [
      '1.3.6.1.2.1.1.3',
      '1.3.6.1.2.1.2.2.1.2',
      '1.3.6.1.2.1.31.1.2.1.3',
      '1.3.6.1.2.1.4.22.1.2',
      '1.3.6.1.2.1.4.34.1.3',
      '1.3.6.1.2.1.4.35.1.4',
      '1.3.6.1.2.1.6.13.1.1',
      '1.3.6.1.2.1.6.19.1.7',
      '1.3.6.1.2.1.6.20.1.4',
      '1.3.6.1.2.1.7.7.1.8',
      '1.3.6.1.2.1.17.1.4.1.2',
      '1.3.6.1.2.1.17.4.3.1.2',
      '1.3.6.1.2.1.17.7.1.2.2.1.2',
      '1.0.8802.1.1.2.1.3.7.1.3',
      '1.0.8802.1.1.2.1.4.1.1.9',
      '1.0.8802.1.1.2.1.4.2.1.3',
      '1.3.111.2.802.1.1.13.1.4.1.1.10',
      '1.3.6.1.4.1.9.9.23.1.2.1.1.6',
      '1.3.6.1.4.1.9.9.43.1.1.1',
      '1.3.6.1.4.1.9.9.43.1.1.6.1.8',
      '1.3.6.1.4.1.2636.3.18.1.3',
      '1.3.6.1.4.1.6876.2.1.1.2',
      '1.3.6.1.4.1.6876.2.4.1.7',
      '1.3.6.1.4.1.12356.101.11.2.1.1.3',
      '1.3.6.1.4.1.12356.101.12.2.2.1.4',
    ];
    const part = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 2 ** 33 }), fc.integer());
    const oid = fc
      .tuple(fc.constantFrom(...roots), fc.array(part, { maxLength: 24 }), fc.constantFrom('', '.', '.x'))
      .map(([root, index, end]) => [root, ...index].join('.') + end);
    const hex = fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes).toString('hex'));
    const tag = fc.constantFrom(2, 4, 5, 6, 0x40, 0x41, 0x42, 0x43, 0x44, 0x46, 0x80, 0x82, -1);
    const value = fc.oneof(hex, fc.string(), fc.integer(), fc.double(), fc.constant(null));
    const varbind = fc.tuple(oid, tag, value);
    fc.assert(
      fc.property(
        fc.array(fc.array(varbind, { maxLength: 12 }), { maxLength: 5 }),
        fc.boolean(),
        (tables, complete) => {
          const world = new SnmpWorld();
          for (const varbinds of tables) world.table(varbinds, { complete });
          const faults = world.facts.filter((fact) => fact.fact === 'rejected' && fact.reason === 'snmp_fault');
          expect(faults).toEqual([]);
          for (const fact of world.facts) if (fact.fact === 'binding') checkBinding(fact);
          expect(Buffer.from(world.restored().snapshot())).toEqual(Buffer.from(world.normalizer.snapshot()));
        },
      ),
      { numRuns: 300 },
    );
  });

  function checkBinding({ relation, key, value }: Extract<Fact, { fact: 'binding' }>): void {
    expect(key).not.toBe('');
    expect(value).not.toBe('');
    if (relation === 'ip-mac') expect(value).toMatch(/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/);
    if (relation === 'mac-switchport') expect(key).toMatch(/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/);
    if (relation === 'ip-mac' || relation === 'ip-device') expect(key).toMatch(/^[0-9a-f.:]+$/);
  }
});

describe('state', () => {
  it('a restored normalizer goes on as the first one would have', () => {
    const world = new SnmpWorld();
    world.table(FDB);
    world.table(PORTS);
    const normalizer = world.restored();
    const again = new SnmpWorld();
    again.table(FDB);
    again.table(PORTS);
    again.normalizer = normalizer;
    expect(again.table(NAMES)).toEqual(world.table(NAMES));
    expect(bodies(again.facts, 'binding')).toMatchObject([LEARNED]);
  });

  it('is the same bytes whatever order the rows came in', () => {
    const one = new SnmpWorld();
    one.table([text(`${IFX}.1`, 'a'), text(`${IFX}.2`, 'b')]);
    const other = new SnmpWorld();
    other.table([text(`${IFX}.2`, 'b'), text(`${IFX}.1`, 'a')]);
    expect(Buffer.from(other.normalizer.snapshot())).toEqual(Buffer.from(one.normalizer.snapshot()));
  });

  it('keeps the devices heard last', () => {
    const world = new SnmpWorld({});
    for (let i = 0; i < 4200; i++) world.table([], {}, `10.0.${i >> 8}.${i & 255}:161`);
    expect(world.normalizer.counters().devices).toBe(4096);
  });

  it('is kept only of devices that were asked: a trap may come from anywhere', () => {
    const world = new SnmpWorld({});
    world.table(NAMES);
    const before = Buffer.from(world.normalizer.snapshot());
    world.trap('1.3.6.1.6.3.1.1.5.1', []);
    world.bytes(Buffer.from('garbage'), '198.51.100.9:40000');
    world.bytes(Buffer.from('{"kind":"trap","varbinds":[]}'), '198.51.100.10:40000');
    expect(Buffer.from(world.normalizer.snapshot())).toEqual(before);
    expect(world.normalizer.counters()).toMatchObject({ devices: 1, traps: 2, rejected: { snmp_not_json: 1 } });
  });

  it.each([
    ['another version', Buffer.from('{"version":99,"devices":[]}')],
    ['no JSON', Buffer.from('x')],
    ['null', Buffer.from('null')],
  ])('refuses a snapshot: %s', (_name, snapshot) => {
    const normalizer = new SnmpNormalizer({ settingsFor: () => ({}) });
    expect(() => normalizer.restore(snapshot)).toThrow(NormalizerStateError);
  });

  it.each([
    ['its configured name', { name: 'core' }, 'sw1', PEER, 'core'],
    ['the name it is polled under', {}, 'sw1', PEER, 'sw1'],
    ['its address', {}, '', PEER, '192.0.2.10'],
    ['its IPv6 address', {}, '', '[2001:DB8::1]:161', '2001:db8::1'],
    ['the source where there is no peer', {}, 'sw1', '', 'sw1'],
  ])('a device is known by %s', (_name, settings, source, peer, device) => {
    const world = new SnmpWorld(settings);
    world.source = source;
    expect(world.table(NAMES, {}, peer)[0]?.device).toBe(device);
  });

  it('the traps of a device are told under the name it is polled by, after a restart too', () => {
    const world = new SnmpWorld({});
    const trap = (): unknown => world.trap('1.3.6.1.6.3.1.1.5.1', [])[0]?.device;
    expect(trap()).toBe('192.0.2.10');
    world.table(NAMES);
    world.source = 'udp://0.0.0.0:5162';
    expect(trap()).toBe('sw1');
    world.normalizer = world.restored();
    expect(trap()).toBe('sw1');
  });
});
