import { FlowNormalizer } from '../../../normalizer/flow/flow-normalizer';
import { GOLDEN } from '../../golden/flow/datagrams.data';
import { datagram, feed } from './support';

describe('smallest exports', () => {
  it.each(GOLDEN.map((golden) => [golden.name, golden] as const))('%s', (_name, golden) => {
    const sink = feed(
      new FlowNormalizer(),
      golden.datagrams.map((hex) => datagram(hex)),
    );
    expect(sink.reasons).toEqual([]);
    const rows = sink.rows();
    expect(rows).toMatchObject(golden.rows);
    for (const column of golden.absent ?? []) for (const row of rows) expect(row).not.toHaveProperty(column);
    if (golden.facts !== undefined) expect(sink.facts).toMatchObject(golden.facts);
  });

  it('makes one run of all samples of an sFlow datagram', () => {
    const sample =
      '00000001 00000070 00000001 00000007 00000200 00001000 00000000 00000007 00000009 00000001 00000001 00000048 00000001 0000005a 00000004 00000036 005056aabbcd005056aabbcc0800 4500004800004000400600000a000005cb007109 c73801bb000000010000000050180000000000000000';
    const header = '00000005 00000001 c0000201 00000000 00000001 00002710 00000002';
    const sink = feed(new FlowNormalizer(), [datagram(`${header} ${sample} ${sample}`)]);
    expect(sink.flows.runs).toHaveLength(1);
    expect(sink.rows().map(({ ordinal, srcPort, bytes }) => [ordinal, srcPort, bytes])).toEqual([
      [0, 51_000, 72n],
      [1, 51_000, 72n],
    ]);
  });

  it.each([
    ['no interface', '3fffffff', '3fffffff', 0, 0],
    ['no interface in the expanded form', '00000000 ffffffff', '00000000 ffffffff', 0, 0],
    ['a discarded packet', '00000007', '40000102', 7, 0],
    ['several outputs', '00000007', '80000003', 7, 0],
    ['several outputs in the expanded form', '00000000 00000007', '00000002 00000003', 7, 0],
  ])('reads sFlow interfaces: %s', (_name, input, output, inIf, outIf) => {
    const header = '00000005 00000001 c0000201 00000000 00000001 00002710 00000001';
    const packet = '4500002800004000400600000a000005cb007109 c73801bb00000001000000005010000000000000';
    const record = `00000001 00000038 0000000b 00000028 00000000 00000028 ${packet}`;
    const expanded = input.length > 8;
    const source = expanded ? '00000000 00000007' : '00000007';
    const content = `00000001 ${source} 00000200 00001000 00000000 ${input} ${output} 00000001 ${record}`;
    const length = content.replaceAll(' ', '').length / 2;
    const sample = `0000000${expanded ? 3 : 1} ${length.toString(16).padStart(8, '0')} ${content}`;
    const sink = feed(new FlowNormalizer(), [datagram(`${header} ${sample}`)]);
    expect(sink.reasons).toEqual([]);
    expect(sink.rows()).toEqual([expect.objectContaining({ inIf, outIf, bytes: 40n })]);
  });

  it('counts the counter samples it passes over', () => {
    const normalizer = new FlowNormalizer();
    feed(
      normalizer,
      GOLDEN.filter(({ name }) => name.startsWith('sFlow: a sampled')).flatMap(({ datagrams }) =>
        datagrams.map((hex) => datagram(hex)),
      ),
    );
    expect(normalizer.counterSamples).toBe(1);
  });
});
