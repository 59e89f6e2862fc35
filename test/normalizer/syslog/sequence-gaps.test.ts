import fc from 'fast-check';
import { SequenceGaps } from '../../../normalizer/syslog/sequence-gaps';

/** What is told while `numbers` come in, with so many more in order behind them that every hole is settled. */
function told(numbers: readonly number[], settle = 70): string[] {
  const gaps = new SequenceGaps();
  const last = Math.max(...numbers.slice(-1));
  const all = [...numbers, ...Array.from({ length: settle }, (_, i) => last + 1 + i)];
  return all.flatMap((value) => gaps.take('k', 'd', value, value * 10).map(({ kind, detail }) => `${kind} ${detail}`));
}

describe('SequenceGaps', () => {
  test.each([
    ['in order', [5, 6, 7], []],
    ['one missing', [5, 7], ['sequence 6']],
    ['a range missing', [5, 10], ['sequence 6-9']],
    ['two holes', [5, 7, 8, 10], ['sequence 6', 'sequence 9']],
    ['two swapped', [5, 7, 6, 8], []],
    ['late out of the middle of a hole', [5, 10, 7, 11], ['sequence 6', 'sequence 8-9']],
    ['the same number twice', [5, 6, 6, 7], []],
    ['a restart', [500_000, 500_001, 1, 2, 3], ['restart 500001 to 1']],
    ['a hole open at a restart is told first', [500_000, 500_002, 1, 2], ['sequence 500001', 'restart 500002 to 1']],
    ['a jump too far to be a loss', [5, 2_000_000], ['restart 5 to 2000000']],
  ])('%s', (_, numbers, expected) => expect(told(numbers)).toEqual(expected));

  test('a hole is not told while it may still be filled', () => {
    expect(told([5, 7], 10)).toEqual([]);
  });

  test('streams are apart', () => {
    const gaps = new SequenceGaps();
    for (const [key, value] of [
      ['a', 1],
      ['b', 50],
      ['a', 2],
      ['b', 51],
    ] as const) {
      expect(gaps.take(key, 'd', value, 0)).toEqual([]);
    }
  });

  test("a relay's numbers go on from one device to the next", () => {
    const gaps = new SequenceGaps();
    const names = ['a', 'b', 'a', 'c'];
    for (const [i, name] of names.entries()) expect(gaps.take('relay', name, 10 + i, 0)).toEqual([]);
  });

  test('a stream in which each device has numbers of its own tells nothing', () => {
    const gaps = new SequenceGaps();
    const losses = [];
    for (let i = 0; i < 200; i++)
      losses.push(...gaps.take('relay', 'a', i * 3, 0), ...gaps.take('relay', 'b', 7000 + i * 2, 0));
    expect(losses).toEqual([]);
  });

  test('whatever is lost and however it is reordered within reach, the count is exact', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ lost: fc.boolean(), delay: fc.nat({ max: 20 }) }), { minLength: 1, maxLength: 300 }),
        (plan) => {
          const sent = plan
            .map(({ lost, delay }, i) => ({ value: i + 1, at: i + delay, lost }))
            .filter(({ lost }) => !lost);
          const arrived = sent.sort((a, b) => a.at - b.at || a.value - b.value).map(({ value }) => value);
          const gaps = new SequenceGaps();
          gaps.take('k', 'd', 0, 0);
          let missing = 0;
          // Enough in order at the end to settle every hole.
          for (const value of [...arrived, ...Array.from({ length: 400 }, (_, i) => plan.length + 1 + i)]) {
            for (const loss of gaps.take('k', 'd', value, 0)) missing += loss.missing ?? Number.NaN;
          }
          expect(missing).toBe(plan.length - sent.length);
        },
      ),
    );
  });

  test('goes on from its state', () => {
    const gaps = new SequenceGaps();
    for (const value of [1, 2, 4]) gaps.take('k', 'd', value, value * 10);
    const again = new SequenceGaps();
    again.restore(JSON.parse(JSON.stringify(gaps.state())));
    const losses = Array.from({ length: 80 }, (_, i) => again.take('k', 'd', 5 + i, 50 + i)).flat();
    expect(losses).toEqual([{ kind: 'sequence', missing: 1, since: 20, detail: '3' }]);
  });
});
