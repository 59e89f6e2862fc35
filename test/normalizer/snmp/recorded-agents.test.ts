import type { Binding, Fact, Inventory } from '../../../normalizer/model/facts';
import { readAgent, recorded, walk, type RecordedLine } from './recorded-agents';
import { SnmpWorld } from './snmp-world';

/** Tables in the order a poller asks for them. */
const ROOTS: readonly (readonly [table: string, root: string])[] = [
  ['system', '1.3.6.1.2.1.1'],
  ['ifTable', '1.3.6.1.2.1.2.2.1'],
  ['ifXTable', '1.3.6.1.2.1.31.1.1.1'],
  ['ifStackTable', '1.3.6.1.2.1.31.1.2.1'],
  ['ipAddrTable', '1.3.6.1.2.1.4.20.1'],
  ['ipAddressTable', '1.3.6.1.2.1.4.34.1'],
  ['ipNetToMediaTable', '1.3.6.1.2.1.4.22.1'],
  ['ipNetToPhysicalTable', '1.3.6.1.2.1.4.35.1'],
  ['dot1dBasePortTable', '1.3.6.1.2.1.17.1.4.1'],
  ['dot1dTpFdbTable', '1.3.6.1.2.1.17.4.3.1'],
  ['dot1qVlanCurrentTable', '1.3.6.1.2.1.17.7.1.4.2.1'],
  ['dot1qTpFdbTable', '1.3.6.1.2.1.17.7.1.2.2.1'],
  ['lldpLocPortTable', '1.0.8802.1.1.2.1.3.7.1'],
  ['lldpRemManAddrTable', '1.0.8802.1.1.2.1.4.2.1'],
  ['lldpRemTable', '1.0.8802.1.1.2.1.4.1.1'],
  ['cdpCacheTable', '1.3.6.1.4.1.9.9.23.1.2.1.1'],
  ['tcpConnectionTable', '1.3.6.1.2.1.6.19.1'],
  ['tcpListenerTable', '1.3.6.1.2.1.6.20.1'],
  ['entPhysicalTable', '1.3.6.1.2.1.47.1.1.1.1'],
];

const AGENTS = [
  'arista-dcs-7150s-52-cl',
  'cisco-c3560',
  'cisco-c3750',
  'cisco-unmarked-0',
  'paloalto-pa-5000',
] as const;

function poll(lines: readonly RecordedLine[], reverse = false): SnmpWorld {
  const world = new SnmpWorld();
  for (const [table, root] of reverse ? [...ROOTS].reverse() : ROOTS) world.table(walk(lines, root), { table });
  return world;
}

/** Cells below `root.column`, by index: read without anything of ours. */
function column(lines: readonly RecordedLine[], oid: string): Map<string, string | number> {
  const prefix = `${oid}.`;
  return new Map(
    lines.filter((line) => line.oid.startsWith(prefix)).map((line) => [line.oid.slice(prefix.length), line.value]),
  );
}

const lined = (rows: Iterable<readonly unknown[]>): string[] => Array.from(rows, (row) => row.join(' ')).sort();
const latin = (hex: string | number | undefined): string => Buffer.from(String(hex ?? ''), 'hex').toString('latin1');
const colons = (hex: string | number | undefined): string => String(hex).replace(/(..)(?=.)/g, '$1:');
const isBinding =
  (relation: string) =>
  (fact: Fact): fact is Binding =>
    fact.fact === 'binding' && fact.relation === relation;

describe.each(AGENTS)('recorded agent %s', (name) => {
  const path = recorded(name);
  const given = path === undefined ? it.skip : it;
  let lines: RecordedLine[] = [];
  let world: SnmpWorld;
  beforeAll(() => {
    if (path === undefined) return;
    lines = readAgent(path);
    world = poll(lines);
  });

  given('refuses no row', () => {
    expect(world.normalizer.counters().rejected).toEqual({});
  });

  given('has every interface of ifTable, named by ifName', () => {
    const names = column(lines, '1.3.6.1.2.1.31.1.1.1.1');
    const expected = [...column(lines, '1.3.6.1.2.1.2.2.1.1').keys()].map((index) => [
      index,
      latin(names.get(index)) || latin(column(lines, '1.3.6.1.2.1.2.2.1.2').get(index)),
    ]);
    const latest = new Map(
      world.facts
        .filter((fact): fact is Inventory => fact.fact === 'inventory' && fact.kind === 'interface')
        .map(({ id, name: label }) => [id, label]),
    );
    expect(latest.size).toBeGreaterThan(0);
    expect(lined(latest)).toEqual(lined(expected));
  });

  given('has every complete entry of ipNetToMediaTable', () => {
    const macs = column(lines, '1.3.6.1.2.1.4.22.1.2');
    const expected = [...macs]
      .filter(([index, mac]) => column(lines, '1.3.6.1.2.1.4.22.1.4').get(index) !== 2 && String(mac).length === 12)
      .map(([index, mac]) => [index.split('.').slice(1).join('.'), colons(mac)]);
    const seen = world.facts
      .filter(isBinding('ip-mac'))
      .filter(({ extra }) => extra?.['ascribe.snmp.table'] === 'ipNetToMediaTable')
      .map(({ key, value }) => [key, value]);
    expect(lined(seen)).toEqual(lined(expected));
  });

  given('has every own IPv4 address but loopback', () => {
    const expected = [...column(lines, '1.3.6.1.2.1.4.20.1.1').keys()].filter((ip) => !/^(127\.|0\.0\.0\.0$)/.test(ip));
    const own = world.facts.filter(isBinding('ip-device')).map(({ key }) => key);
    for (const ip of expected) expect(own).toContain(ip);
    expect(own.filter((ip) => ip.startsWith('127.') || ip === '0.0.0.0')).toEqual([]);
  });

  given('maps every learned MAC address to the name of its port', () => {
    const ifIndexes = column(lines, '1.3.6.1.2.1.17.1.4.1.2');
    const names = column(lines, '1.3.6.1.2.1.31.1.1.1.1');
    const expected: string[][] = [];
    for (const [root, lead] of [
      ['1.3.6.1.2.1.17.4.3.1', 0],
      ['1.3.6.1.2.1.17.7.1.2.2.1', 1],
    ] as const) {
      const status = column(lines, `${root}.3`);
      for (const [index, port] of column(lines, `${root}.2`)) {
        if (status.get(index) !== 3 || port === 0) continue;
        const mac = index
          .split('.')
          .slice(lead)
          .map((part) => Number(part).toString(16).padStart(2, '0'));
        expected.push([mac.join(':'), `sw1:${latin(names.get(String(ifIndexes.get(String(port)))))}`]);
      }
    }
    const learned = world.facts.filter(isBinding('mac-switchport')).map(({ key, value }) => [key, value]);
    expect(lined(learned)).toEqual(lined(expected));
  });

  given('has a neighbour for every row of LLDP and CDP', () => {
    const rows = column(lines, '1.0.8802.1.1.2.1.4.1.1.4').size + column(lines, '1.3.6.1.4.1.9.9.23.1.2.1.1.6').size;
    const neighbours = world.facts.filter(isBinding('port-neighbour'));
    expect(neighbours).toHaveLength(rows);
    for (const { key, value } of neighbours) {
      expect(key).toMatch(/^sw1:[A-Z]/);
      expect(value).not.toBe('');
    }
  });

  given('says the same whatever order the tables come in', () => {
    const text = (facts: readonly Fact[]): string[] =>
      facts
        .filter((fact): fact is Binding => fact.fact === 'binding')
        .map(({ relation, key, value }) => `${relation} ${key} ${value}`)
        .sort();
    expect(text(poll(lines, true).facts)).toEqual(text(world.facts));
  });

  given('goes on from a snapshot as if it had not stopped', () => {
    const { normalizer } = world;
    expect(Buffer.from(world.restored().snapshot())).toEqual(Buffer.from(normalizer.snapshot()));
  });
});
