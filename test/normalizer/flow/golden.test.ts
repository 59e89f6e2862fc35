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
