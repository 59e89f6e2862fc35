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
