import { FlowNormalizer } from '../../../normalizer/flow/flow-normalizer';
import { SequenceTracker } from '../../../normalizer/flow/sequence';
import { Collected, datagram, feed } from './support';

/** Feeds (sequence, records) pairs; returns the loss claimed. */
function lossOf(version: number, pairs: readonly (readonly [sequence: number, records: number])[]): number {
  const tracker = new SequenceTracker(version);
  for (const [sequence, records] of pairs) tracker.observe(sequence >>> 0, records, 0);
  return tracker.lost;
}

/** Datagrams of growing record counts, numbered by what was sent before them, or with them (VMware). */
function stream(rule: 'before' | 'including' | 'packets', counts: readonly number[], start = 100): [number, number][] {
  let sent = start;
  return counts.map((count, i) => {
    const before = sent;
    sent += count;
    return [rule === 'packets' ? start + i : rule === 'before' ? before : sent, count];
  });
}

const COUNTS = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4];
const without = <T>(list: readonly T[], ...indexes: number[]): T[] => list.filter((_, i) => !indexes.includes(i));

describe('loss', () => {
  it.each<[string, number, [number, number][], number]>([
    ['v9 counts packets: nothing lost', 9, stream('packets', COUNTS), 0],
    ['v9: two packets lost', 9, without(stream('packets', COUNTS), 8, 9), 2],
    ['v9 from an exporter that counts records', 9, without(stream('before', COUNTS), 15), 3],
    ['v5 counts records', 5, without(stream('before', COUNTS), 8), 5],
    ['IPFIX counts records before the message', 10, stream('before', COUNTS), 0],
    ['IPFIX: 9 records lost', 10, without(stream('before', COUNTS), 12), 9],
    ['VMware counts the message too: a lossless stream loses nothing', 10, stream('including', COUNTS), 0],
    ['VMware: the records of the lost message are lost', 10, without(stream('including', COUNTS), 12), 9],
    ['IPFIX from an exporter that counts messages', 10, without(stream('packets', COUNTS), 12), 1],
    ['a number that wraps', 9, stream('packets', COUNTS, 2 ** 32 - 4), 0],
    ['a number that wraps in a gap', 9, without(stream('packets', COUNTS, 2 ** 32 - 8), 8), 1],
    [
      'no claim before a rule has held',
      9,
      [
        [1, 1],
        [50, 1],
      ],
      0,
    ],
    [
      'no claim when the numbers follow no rule',
      9,
      [
        [5, 1],
        [5, 1],
        [5, 1],
        [900, 1],
        [17, 1],
        [400, 1],
      ],
      0,
    ],
    [
      'no claim across records that could not be counted',
      10,
      [
        [0, 2],
        [2, 2],
        [4, -1],
        [90, 2],
        [92, 2],
      ],
      0,
    ],
    [
      'no claim for a counter that was set anew',
      10,
      [
        [0, 2],
        [2, 2],
        [1_000_000_000, 2],
        [1_000_000_002, 2],
      ],
      0,
    ],
    [
      'a late packet takes its loss back',
      9,
      [
        [1, 1],
        [2, 1],
        [4, 1],
        [3, 1],
        [5, 1],
      ],
      0,
    ],
    [
      'a duplicate is no loss',
      9,
      [
        [1, 1],
        [2, 1],
        [2, 1],
        [3, 1],
        [4, 1],
      ],
      0,
    ],
  ])('%s', (_name, version, pairs, lost) => {
    expect(lossOf(version, pairs)).toBe(lost);
  });

  it('takes a counter that stays behind for one that was set back', () => {
    const pairs: [number, number][] = [...stream('packets', COUNTS, 20_000), ...stream('packets', COUNTS, 1)];
    expect(lossOf(9, [...pairs, [40, 1]])).toBe(19);
  });
});

describe('gap facts', () => {
  const packet = (sequence: number, receivedAt: number) =>
    datagram(`00090000000003e86553f100${sequence.toString(16).padStart(8, '0')}00000000`, '192.0.2.1:2055', receivedAt);

  it('sum up a storm instead of one for each datagram', () => {
    const normalizer = new FlowNormalizer({ settingsFor: () => ({ name: 'edge' }) });
    const sequences = Array.from({ length: 200 }, (_, i) => (i < 3 ? i : i * 3));
    const sink = feed(
      normalizer,
      sequences.map((sequence, i) => packet(sequence, 1_700_000_000_000 + i * 100)),
    );
    expect(sink.of('gap')).toEqual([
      expect.objectContaining({
        kind: 'sequence',
        missing: 204n,
        unit: 'packets',
        device: 'edge',
        parser: 'netflow_v9',
      }),
    ]);
    normalizer.finish(sink);
    expect(sink.of('gap')).toHaveLength(2);
    expect(sink.of('gap').reduce((sum, { missing }) => sum + (missing ?? 0n), 0n)).toBe(BigInt(6 + 196 * 2));
  });

  it.each([
    ['from the beginning', 1],
    ['ahead of where it was', 5000],
  ])('do not count a restart as loss when the exporter numbers %s', (_name, first) => {
    const up = (sequence: number, uptime: string) =>
      datagram(`00090000${uptime}6553f100${sequence.toString(16).padStart(8, '0')}00000000`);
    const normalizer = new FlowNormalizer();
    const sink = new Collected();
    for (const record of [
      up(500, '00800000'),
      up(501, '00800010'),
      up(502, '00800020'),
      up(first, '00000100'),
      up(first + 1, '00000200'),
      up(first + 2, '00000300'),
    ]) {
      normalizer.normalize(record, sink);
    }
    normalizer.finish(sink);
    expect(sink.of('gap').map(({ kind }) => kind)).toEqual(['restart']);
  });
});

test('loss is dated from the last datagram before it, also after a restart of ours', () => {
  const tracker = new SequenceTracker(9);
  [1, 2, 3, 6].forEach((sequence, i) => tracker.observe(sequence, 1, 1000 * (i + 1)));
  const again = new SequenceTracker(9);
  again.restore(JSON.parse(JSON.stringify(tracker)));
  again.observe(9, 1, 7000);
  expect(again.take()).toEqual({ missing: 4, gaps: 2, since: 3000 });
  again.observe(12, 1, 9000);
  expect(again.take()).toEqual({ missing: 2, gaps: 1, since: 7000 });
});
