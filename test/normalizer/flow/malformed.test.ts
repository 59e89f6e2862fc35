import { FlowNormalizer } from '../../../normalizer/flow/flow-normalizer';
import { Collected, datagram, feed } from './support';

/** 20-byte v9 header: count 1, uptime 1000, seconds, sequence 1, source 0. */
const V9 = '00090001 000003e8 6553f100 00000001 00000000';
/** The same that counts no record. */
const EMPTY = '00090000 000003e8 6553f100 00000001 00000000';
const IPFIX = (length: number): string => `000a${length.toString(16).padStart(4, '0')} 6553f100 00000001 00000000`;

describe('input that cannot be read', () => {
  it.each([
    ['nothing at all', '', 'flow_short_header', 0],
    ['one byte', '00', 'flow_short_header', 1],
    ['no flow export', '1603 0100 0001', 'flow_not_flow_export', 0],
    ['version 8, aggregated', '0008 0001 00000000', 'flow_unsupported_version', 0],
    ['v5 header cut short', '0005 0001 00000000', 'flow_short_header', 8],
    ['v5 announces a record that is not there', `0005 0001 ${'00'.repeat(20)}`, 'flow_truncated_record', 24],
    ['v9 header cut short', '0009 0001 00000000', 'flow_short_header', 8],
    ['v9 cut behind the header that counts a record', `0009 0001 ${'00'.repeat(18)}`, 'flow_truncated_message', 20],
    ['set of length 0 (spins node-netflowv9)', `${V9} 0000 0000 00000000`, 'flow_zero_length_set', 20],
    ['set of length 0 and nothing else', `${V9} 0000 0000`, 'flow_zero_length_set', 20],
    ['set of length 3', `${V9} 0100 0003 00`, 'flow_short_set', 20],
    ['set beyond the datagram', `${V9} 0100 0100 00000000`, 'flow_truncated_set', 20],
    ['template of record length 0 (spins nfcapd)', `${V9} 0000000c 0100 0001 0001 0000`, 'flow_zero_length_record', 24],
    ['more sets than anybody sends', `${V9} ${'0100 0004'.repeat(4097)}`, 'flow_too_many_sets', 20 + 4 * 4096],
    ['template without fields', `${V9} 00000008 0100 0000`, 'flow_template_without_fields', 24],
    ['options template without fields', `${V9} 0001000a 0100 0000 0000`, 'flow_options_without_fields', 24],
    ['options template with half a field', `${V9} 0001000e 0100 0002 0004 00010004`, 'flow_bad_options_template', 24],
    [
      'template that announces more fields than come',
      `${V9} 0000000c 0100 00c8 0001 0004`,
      'flow_truncated_template',
      24,
    ],
    ['template id below 256', `${V9} 0000000c 00ff 0001 0001 0004`, 'flow_bad_template_id', 24],
    ['IPFIX message length below its header', IPFIX(8), 'flow_bad_message_length', 2],
    ['IPFIX message longer than the datagram', IPFIX(40), 'flow_truncated_message', 16],
    ['bytes behind the IPFIX message', `${IPFIX(16)} 00`, 'flow_trailing_bytes', 16],
    [
      'IPFIX scope count above the field count',
      `${IPFIX(30)} 0003000e 0100 0001 0002 0001 0004`,
      'flow_bad_options_template',
      20,
    ],
  ])('%s', (_name, hex, reason, offset) => {
    const sink = feed(new FlowNormalizer(), [datagram(hex)]);
    expect(sink.of('rejected')).toEqual([expect.objectContaining({ reason, offset, device: '192.0.2.1' })]);
    expect(sink.rows()).toEqual([]);
  });

  it('rejects the data of a refused template instead of waiting for a better one', () => {
    const normalizer = new FlowNormalizer();
    const sink = feed(normalizer, [
      datagram(`${V9} 0000000c 0100 0001 0001 0000`),
      datagram(`00090001 000003e8 6553f100 00000002 00000000 01000008 00000001`),
    ]);
    expect(sink.reasons).toEqual(['flow_zero_length_record', 'flow_zero_length_record']);
    expect(normalizer.waiting).toBe(0);
  });

  it.each([
    ['shorter than a record', '0100 0009 0a000005 c7', [], ['flow_truncated_record']],
    ['padding that is not zero', '0100 000e 0a000005 c738 ffffffff', [51_000], []],
    ['padding alone', '0100 0007 000000', [], []],
  ])('reads a data set with %s', (_name, data, ports, reasons) => {
    const sink = feed(new FlowNormalizer(), [datagram(`${V9} 0000 0010 0100 0002 0008 0004 0007 0002 ${data}`)]);
    expect(sink.reasons).toEqual(reasons);
    expect(sink.rows().map(({ srcPort }) => srcPort)).toEqual(ports);
  });

  it('keeps what is whole of a datagram that is cut', () => {
    const sink = feed(new FlowNormalizer(), [datagram(`${V9} 0000000c 0100 0001 0007 0002 0100 0010 0001 0002 0003`)]);
    expect(sink.rows().map(({ srcPort }) => srcPort)).toEqual([1, 2, 3]);
    expect(sink.reasons).toEqual(['flow_truncated_set']);
  });

  it('reads the rest of a datagram behind a bad template set', () => {
    const sink = feed(new FlowNormalizer(), [
      datagram(`${V9} 00000008 0100 0000 0000000c 0101 0001 0007 0002 0101 0006 0009`),
    ]);
    expect(sink.rows().map(({ srcPort }) => srcPort)).toEqual([9]);
    expect(sink.reasons).toEqual(['flow_template_without_fields']);
  });

  it('keeps answering after every short datagram (one stalls node-netflowv9 for ever)', () => {
    const normalizer = new FlowNormalizer();
    const good = `${V9} 0000000c 0100 0001 0007 0002 0100 0006 0009`;
    const sink = feed(normalizer, [
      datagram('0009 0001 00000000 0000'),
      ...Array.from({ length: 50 }, () => datagram(good)),
    ]);
    expect(sink.rows()).toHaveLength(50);
  });
});

describe('bounds', () => {
  /** CPU milliseconds of the quickest of forty runs: others use this machine too. */
  const cost = (run: () => void): number => {
    let best = Infinity;
    for (let i = 0; i < 40; i++) {
      const before = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(before);
      best = Math.min(best, (user + system) / 1000);
    }
    return best;
  };

  it('refuses a flood of templates in one datagram in under a millisecond', () => {
    const flood = Buffer.alloc(65_000);
    Buffer.from(V9.replaceAll(' ', ''), 'hex').copy(flood);
    flood.writeUInt16BE(65_000 - 20, 22);
    for (let at = 24, id = 256; at + 8 <= flood.length; at += 8, id++) {
      flood.writeUInt32BE(id * 65536 + 1, at);
      flood.writeUInt32BE(0x00070002, at + 4);
    }
    const sink = new Collected(1000);
    const normalizers = Array.from({ length: 40 }, () => new FlowNormalizer());
    const spent = cost(() => feed(normalizers.pop()!, [datagram(flood)], sink));
    expect(sink.reasons[0]).toBe('flow_too_many_templates');
    expect(spent).toBeLessThan(1);
  });

  it('refuses a template of absurdly many fields', () => {
    const fields = '00070002'.repeat(600);
    const sink = feed(new FlowNormalizer(), [datagram(`${V9} 0000 0968 0100 0258 ${fields}`)]);
    expect(sink.reasons).toEqual(['flow_too_many_fields']);
  });

  it('remembers only so many senders of whatever kind', () => {
    const normalizer = new FlowNormalizer({ limits: { streams: 10 } });
    const sink = new Collected();
    for (let i = 0; i < 100; i++) normalizer.normalize(datagram(EMPTY, `192.0.2.1:${1024 + i}`), sink);
    expect(normalizer.streams).toBe(10);
  });

  it('forgets unused streams when 60,000 forged sources come, and not the one in use', () => {
    const normalizer = new FlowNormalizer({ limits: { streams: 1000, templates: 500 } });
    const sink = new Collected();
    const template = datagram(`${V9} 0000000c 0100 0001 0007 0002`, '198.51.100.7:9995');
    const data = datagram('00090001 000003e8 6553f100 00000001 00000000 0100 0006 0009', '198.51.100.7:9995');
    normalizer.normalize(template, sink);
    for (let i = 0; i < 60_000; i++) {
      const peer = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}:${1024 + (i % 60_000)}`;
      normalizer.normalize({ ...template, origin: { ...template.origin, peer } }, sink);
      if (i % 100 === 0) {
        normalizer.normalize(data, sink);
        sink.facts.length = 0;
      }
    }
    expect(normalizer.streams).toBeLessThanOrEqual(1000);
    expect(sink.rows()).toHaveLength(600);
    expect(normalizer.waiting).toBe(0);
  });

  it('keeps only so many waiting sets and says how many it gave up', () => {
    const normalizer = new FlowNormalizer({ limits: { pendingPerStream: 3 } });
    const waiting = (n: number) => datagram(`00090001 000003e8 6553f100 0000000${n} 00000000 0100 0006 0009`);
    const sink = feed(normalizer, [1, 2, 3, 4, 5].map(waiting));
    expect(normalizer.waiting).toBe(5);
    normalizer.finish(sink);
    expect(normalizer.waiting).toBe(3);
    expect(sink.of('gap')).toEqual([expect.objectContaining({ kind: 'undecoded', missing: 2n, unit: 'sets' })]);
  });
});

describe('bounds of what is remembered', () => {
  const word = (value: number): string => value.toString(16).padStart(8, '0');
  const interfaceTable = `${V9} 0001 0016 0101 0004 0008 0001 0004 000a 0004 0052 0004`;
  const row = (index: number, name: string): string => `0101 0010 00000000 ${word(index)} ${name}`;
  const head = '00090001 000003e8 6553f100 00000001 00000000';

  it('reads templates again whose loops were dropped for newer ones', () => {
    const normalizer = new FlowNormalizer({ limits: { compiled: 2 } });
    const template = (id: string) => `0000000c ${id} 0001 0007 0002`;
    const data = (id: string) => `${id} 0006 0009`;
    const ids = ['0100', '0101', '0102', '0103'];
    const sink = feed(normalizer, [
      datagram(`${V9} ${ids.map(template).join('')}`),
      ...[...ids, ...ids].map((id) => datagram(`${head} ${data(id)}`)),
    ]);
    expect(sink.rows().map(({ srcPort }) => srcPort)).toEqual(Array.from({ length: 8 }, () => 9));
  });

  it('states option rows again rather than remember too many', () => {
    const normalizer = new FlowNormalizer({ limits: { options: 2 } });
    const table = (): string => `${head} ${[1, 2, 3].map((index) => row(index, '65746830')).join('')}`;
    const sink = feed(normalizer, [datagram(interfaceTable), datagram(table()), datagram(table())]);
    expect(sink.of('inventory').map(({ id }) => id)).toEqual(['1', '2', '3', '3']);
  });

  it('drops unused streams when declarations take too much room', () => {
    const normalizer = new FlowNormalizer({ limits: { templateBytes: 40 } });
    const sink = new Collected();
    for (let i = 1; i <= 50; i++) {
      normalizer.normalize(datagram(`${V9} 0000000c 0100 0001 0007 0002`, `198.51.100.${i}:2055`), sink);
    }
    expect(normalizer.streams).toBeLessThanOrEqual(11);
    expect(sink.reasons).toEqual([]);
  });
});
