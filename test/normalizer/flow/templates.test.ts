import { FlowNormalizer } from '../../../normalizer/flow/flow-normalizer';
import { Collected, datagram, feed } from './support';

const V9 = (sequence: number, domain = 0, uptime = 3_600_000): string =>
  ['00090001', word(uptime), '6553f100', word(sequence), word(domain)].join('');
const word = (value: number): string => value.toString(16).padStart(8, '0');

/** A v9 template 256 of one 16-bit field. */
const template = (element: string, id = '0100'): string => `0000000c ${id} 0001 ${element} 0002`;
const SRC_PORT = template('0007');
const DST_PORT = template('000b');
const DATA = '0100 0006 0009';
const IPFIX = (body: string, domain = 0): string => {
  const bytes = body.replaceAll(' ', '').length / 2 + 16;
  return `000a${bytes.toString(16).padStart(4, '0')}6553f10000000001${word(domain)}${body}`;
};
const A = '192.0.2.1:2055';
const A_OTHER_PORT = '192.0.2.1:40000';

describe('which template reads which data', () => {
  it('reads data in front of its template in the same datagram', () => {
    const sink = feed(new FlowNormalizer(), [datagram(`${V9(1)} ${DATA} ${SRC_PORT}`)]);
    expect(sink.rows()).toEqual([expect.objectContaining({ srcPort: 9, templateId: 256, fallback: false })]);
  });

  it('keeps domains apart that use the same id', () => {
    const normalizer = new FlowNormalizer();
    const sink = feed(normalizer, [
      datagram(`${V9(1, 1)} ${SRC_PORT}`),
      datagram(`${V9(1, 2)} ${DST_PORT}`),
      datagram(`${V9(2, 1)} ${DATA}`),
      datagram(`${V9(2, 2)} ${DATA}`),
      datagram(`${V9(2, 3)} ${DATA}`),
    ]);
    expect(sink.rows()).toEqual([expect.objectContaining({ srcPort: 9 }), expect.objectContaining({ dstPort: 9 })]);
    expect(normalizer.waiting).toBe(1);
  });

  it('keeps versions and exporters apart', () => {
    const normalizer = new FlowNormalizer();
    const sink = feed(normalizer, [
      datagram(`${V9(1)} ${SRC_PORT}`),
      datagram(IPFIX(DATA)),
      datagram(`${V9(1)} ${DATA}`, '192.0.2.2:2055'),
    ]);
    expect(sink.rows()).toEqual([]);
    expect(normalizer.waiting).toBe(2);
  });

  it('falls back to the template of another port of the same exporter and domain, and says so', () => {
    const sink = feed(new FlowNormalizer(), [
      datagram(`${V9(1)} ${SRC_PORT}`, A),
      datagram(`${V9(1)} ${DATA}`, A_OTHER_PORT),
    ]);
    expect(sink.rows()).toEqual([expect.objectContaining({ srcPort: 9, fallback: true })]);
  });

  it('does not fall back when two ports disagree, and waits', () => {
    const normalizer = new FlowNormalizer();
    const sink = feed(normalizer, [
      datagram(`${V9(1)} ${SRC_PORT}`, A),
      datagram(`${V9(1)} ${DST_PORT}`, '192.0.2.1:3000'),
      datagram(`${V9(1)} ${DATA}`, A_OTHER_PORT),
    ]);
    expect(sink.rows()).toEqual([]);
    expect(normalizer.waiting).toBe(1);
  });

  it("prefers the port's own template to its neighbour's", () => {
    const sink = feed(new FlowNormalizer(), [
      datagram(`${V9(1)} ${SRC_PORT}`, A),
      datagram(`${V9(1)} ${DST_PORT}`, A_OTHER_PORT),
      datagram(`${V9(2)} ${DATA}`, A_OTHER_PORT),
    ]);
    expect(sink.rows()).toEqual([expect.objectContaining({ dstPort: 9, fallback: false })]);
  });

  it('reads with the newest declaration of an id', () => {
    const sink = feed(new FlowNormalizer(), [
      datagram(`${V9(1)} ${SRC_PORT} ${DATA}`),
      datagram(`${V9(2)} ${DST_PORT} ${DATA}`),
    ]);
    expect(sink.rows()).toEqual([expect.objectContaining({ srcPort: 9 }), expect.objectContaining({ dstPort: 9 })]);
  });

  it('forgets a template that is not declared again', () => {
    const normalizer = new FlowNormalizer({ limits: { templateAgeMs: 1000 } });
    const sink = feed(normalizer, [
      datagram(`${V9(1)} ${SRC_PORT}`, A, 1_000_000),
      datagram(`${V9(2)} ${DATA}`, A, 1_001_000),
      datagram(`${V9(3)} ${DATA}`, A, 1_001_001),
    ]);
    expect(sink.rows()).toHaveLength(1);
    expect(normalizer.waiting).toBe(1);
  });

  it('keeps a template that is declared again', () => {
    const normalizer = new FlowNormalizer({ limits: { templateAgeMs: 1000 } });
    const sink = feed(normalizer, [
      datagram(`${V9(1)} ${SRC_PORT}`, A, 1_000_000),
      datagram(`${V9(2)} ${SRC_PORT}`, A, 1_000_900),
      datagram(`${V9(3)} ${DATA}`, A, 1_001_800),
    ]);
    expect(sink.rows()).toHaveLength(1);
  });

  it.each([
    ['one template', '00020008 01000000'],
    ['all templates', '00020008 00020000'],
  ])('withdraws %s in IPFIX', (_name, withdrawal) => {
    const normalizer = new FlowNormalizer();
    const sink = feed(normalizer, [
      datagram(IPFIX('0002000c 0100 0001 0007 0002')),
      datagram(IPFIX('0100 0006 0009')),
      datagram(IPFIX(withdrawal.replaceAll(' ', ''))),
      datagram(IPFIX('0100 0006 0009')),
    ]);
    expect(sink.rows()).toHaveLength(1);
    expect(normalizer.waiting).toBe(1);
  });

  it('does not withdraw an options template with the templates', () => {
    const normalizer = new FlowNormalizer();
    const sink = feed(normalizer, [
      datagram(IPFIX('00030012 0100 0002 0001 000a 0004 0052 0004')),
      datagram(IPFIX('00020008 00020000')),
      datagram(IPFIX('0100 000c 00000007 65746830')),
    ]);
    expect(sink.of('inventory')).toEqual([expect.objectContaining({ kind: 'interface', id: '7', name: 'eth0' })]);
  });

  it('takes v9 types from 32768 on as plain types: there is no enterprise bit', () => {
    const sink = feed(new FlowNormalizer(), [
      datagram(`${V9(1)} 00000010 0100 0002 9c45 0001 0007 0002 01000007 02 0009`),
    ]);
    expect(sink.rows()).toEqual([expect.objectContaining({ firewallEvent: 2, srcPort: 9 })]);
  });

  it('reads the enterprise bit in IPFIX options templates too', () => {
    // Options template: scope 10 ingressInterface, then VMware 888.
    const sink = feed(new FlowNormalizer(), [
      datagram(IPFIX('00030016 0100 0002 0001 000a 0004 8378 0002 00001adc')),
      datagram(IPFIX('0100 000a 00000007 0002')),
    ]);
    expect(sink.reasons).toEqual([]);
    expect(sink.of('inventory')).toEqual([
      expect.objectContaining({ id: '7', extra: { ingressInterface: 7, egressInterfaceAttr: 2 } }),
    ]);
  });

  it('does not take v9 scope types for elements', () => {
    // Scope 1 (System) 4 bytes is no octetDeltaCount; scope 2 is an interface.
    const sink = feed(new FlowNormalizer(), [
      datagram(`${V9(1)} 00010012 0100 0004 0004 0001 0004 0022 0004 0100000c 0a213fbd 00000064`),
      datagram(`${V9(2)} 00010012 0101 0004 0004 0002 0004 0052 0004 0101000c 00000041 65746830`),
    ]);
    expect(sink.of('inventory')).toEqual([
      expect.objectContaining({ kind: 'device', extra: { scopeSystem: 0x0a213fbd, samplingInterval: 100 } }),
      expect.objectContaining({ kind: 'interface', id: '65', name: 'eth0' }),
    ]);
  });

  it('reads every options template of a set by its own lengths', () => {
    const sink = feed(new FlowNormalizer(), [
      datagram(
        `${V9(1)} 00010020 0100 0004 0004 0001 0004 0024 0002 0101 0004 0004 0001 0004 0025 0002 0100000a 00000001 003c 0101000a 00000001 000f`,
      ),
    ]);
    expect(sink.reasons).toEqual([]);
    expect(sink.of('inventory').map(({ extra }) => extra)).toEqual([
      { scopeSystem: 1, flowActiveTimeout: 60 },
      { scopeSystem: 1, flowIdleTimeout: 15 },
    ]);
  });
});

describe('data in front of its template', () => {
  it('comes back exactly once, with ordinals that do not repeat', () => {
    const normalizer = new FlowNormalizer();
    const sink = new Collected();
    const mixed = datagram(`${V9(1)} ${template('0007', '0101')} 0101 0006 0001 0100 0008 0002 0003`);
    normalizer.normalize(mixed, sink);
    expect(sink.rows().map(({ ordinal, srcPort }) => [ordinal, srcPort])).toEqual([[0, 1]]);
    expect(normalizer.takeReplays()).toEqual([]);
    normalizer.normalize(datagram(`${V9(2)} ${DST_PORT}`), sink);
    expect(normalizer.takeReplays()).toEqual([mixed.seq]);
    expect(normalizer.takeReplays()).toEqual([]);
    normalizer.replay(mixed, sink);
    expect(sink.rows().map(({ ordinal, dstPort, rawSeq }) => [ordinal, dstPort, rawSeq])).toEqual([
      [1, 2, mixed.seq],
      [2, 3, mixed.seq],
    ]);
    normalizer.replay(mixed, sink);
    normalizer.normalize(datagram(`${V9(3)} ${DST_PORT}`), sink);
    expect(normalizer.takeReplays()).toEqual([]);
    expect(sink.rows()).toEqual([]);
  });

  it('waits on for a second template of the same record', () => {
    const normalizer = new FlowNormalizer();
    const sink = feed(normalizer, [
      datagram(`${V9(1)} 0100 0006 0001 0101 0006 0002`),
      datagram(`${V9(2)} ${SRC_PORT}`),
      datagram(`${V9(3)} ${template('000b', '0101')}`),
    ]);
    expect(sink.rows().map(({ ordinal, srcPort, dstPort }) => [ordinal, srcPort, dstPort])).toEqual([
      [0, 1, undefined],
      [1, undefined, 2],
    ]);
    expect(normalizer.waiting).toBe(0);
  });

  it('is read with a template that came from another port', () => {
    const sink = feed(new FlowNormalizer(), [
      datagram(`${V9(1)} ${DATA}`, A_OTHER_PORT),
      datagram(`${V9(1)} ${SRC_PORT}`, A),
    ]);
    expect(sink.rows()).toEqual([expect.objectContaining({ srcPort: 9, fallback: true })]);
  });

  it('is given up when it is too old, and that is said', () => {
    const normalizer = new FlowNormalizer({ limits: { pendingAgeMs: 100_000 } });
    const sink = feed(normalizer, [
      datagram(`${V9(1)} ${DATA}`, A, 1_000_000_000),
      datagram(`${V9(2)} ${template('0007', '0101')}`, A, 1_000_200_000),
      datagram(`${V9(3)} ${SRC_PORT}`, A, 1_000_300_000),
    ]);
    expect(normalizer.waiting).toBe(0);
    expect(sink.rows()).toEqual([]);
    expect(sink.of('gap')).toEqual([expect.objectContaining({ kind: 'undecoded', missing: 1n, unit: 'sets' })]);
  });
});

describe('restart of the exporter', () => {
  it('forgets templates when sysUptime falls, and reads the data when they come again', () => {
    const normalizer = new FlowNormalizer();
    const sink = feed(normalizer, [
      datagram(`${V9(1000)} ${SRC_PORT} ${DATA}`),
      datagram(`${V9(1, 0, 5000)} ${DATA}`),
      datagram(`${V9(2, 0, 6000)} ${DST_PORT}`),
    ]);
    expect(sink.rows()).toEqual([expect.objectContaining({ srcPort: 9 }), expect.objectContaining({ dstPort: 9 })]);
    expect(sink.of('gap')).toEqual([
      expect.objectContaining({ kind: 'restart', detail: 'uptime fell from 3600 s to 5 s' }),
    ]);
  });

  it('is not believed again and again where two processes send from one port', () => {
    const sink = feed(
      new FlowNormalizer(),
      [9_000_000, 1_000_000, 9_000_100, 1_000_100, 9_000_200, 1_000_200].map((uptime, i) =>
        datagram(`${V9(i, 0, uptime)} ${SRC_PORT}`, A, 1_700_000_000_000 + i * 1000),
      ),
    );
    expect(sink.of('gap').filter(({ kind }) => kind === 'restart')).toHaveLength(1);
  });

  it('is not seen in a datagram that comes a little late, nor in an uptime that wraps', () => {
    const sink = feed(new FlowNormalizer(), [
      datagram(`${V9(1, 0, 100_000)} ${SRC_PORT}`),
      datagram(`${V9(0, 0, 50_000)} ${DATA}`),
      datagram(`${V9(2, 7, 0xffff_ff00)} ${SRC_PORT}`),
      datagram(`${V9(3, 7, 500)} ${DATA}`),
    ]);
    expect(sink.of('gap')).toEqual([]);
    expect(sink.rows()).toHaveLength(2);
  });

  it('does not forget templates because many datagrams were lost', () => {
    const sink = feed(new FlowNormalizer(), [datagram(`${V9(1)} ${SRC_PORT}`), datagram(`${V9(5000)} ${DATA}`)]);
    expect(sink.rows()).toHaveLength(1);
  });
});

describe('snapshot', () => {
  const before = [
    datagram(`${V9(1)} ${SRC_PORT}`),
    datagram(`${V9(2)} ${DATA} 0101 0006 0002`),
    datagram(`${V9(3)} ${DATA}`, A_OTHER_PORT),
    datagram(IPFIX('00030012 0100 0002 0001 000a 0004 0022 0004')),
    datagram(IPFIX('0100 000c 00000007 00000064')),
    datagram(`${V9(9)} ${DATA}`),
  ];
  const after = [
    datagram(`${V9(10)} ${DATA} ${template('000b', '0101')}`),
    datagram(IPFIX('00020010 0101 0002 0007 0002 000a 0002')),
    datagram(IPFIX('0101 0008 0009 0007')),
    datagram(`${V9(30)} ${DATA}`, A, 1_700_000_100_000),
  ];

  it('carries everything later records depend on', () => {
    const whole = new FlowNormalizer();
    const first = feed(whole, before);
    const snapshot = whole.snapshot();
    const resumed = new FlowNormalizer();
    resumed.restore(snapshot);
    expect(Buffer.compare(resumed.snapshot(), snapshot)).toBe(0);
    first.rows();
    first.facts.length = 0;
    const second = new Collected();
    for (const [normalizer, sink] of [
      [whole, first],
      [resumed, second],
    ] as const) {
      for (const record of after) normalizer.normalize(record, sink);
      const again = normalizer.takeReplays();
      expect(again).toEqual([before[1]!.seq]);
      normalizer.replay(before[1]!, sink);
    }
    expect(second.facts).toEqual(first.facts);
    expect(second.rows()).toEqual(first.rows());
    expect(Buffer.compare(resumed.snapshot(), whole.snapshot())).toBe(0);
  });

  it.each([
    ['of another format', '{"format":0}'],
    ['that is none', 'x'],
  ])('%s is refused', (_name, text) => {
    expect(() => new FlowNormalizer().restore(Buffer.from(text))).toThrow(
      expect.objectContaining({ code: 'normalizer_state' }),
    );
  });
});
