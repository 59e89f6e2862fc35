import fc from 'fast-check';
import { BlindSpots } from '../../../attribution/verdicts/blind-spots';
import type { BlindSpot } from '../../../store/analysis/blind-record';

function spot(from: number, to: number | null, more: Partial<BlindSpot> = {}): BlindSpot {
  const rest = { missing: null, unit: '', detail: '', rawSeq: 1, recordedAt: from };
  return { device: 'fw1', kind: 'log', from, to, reason: 'GAP', ...rest, ...more };
}

describe('BlindSpots', () => {
  test('finds what overlaps, however it was put in', () => {
    const times = fc.record({ from: fc.nat({ max: 100 }), length: fc.nat({ max: 40 }) });
    fc.assert(
      fc.property(fc.uniqueArray(times, { selector: ({ from }) => from }), times, (all, asked) => {
        const spots = new BlindSpots();
        for (const { from, length } of all) spots.set(spot(from, from + length));
        const [from, to] = [asked.from, asked.from + asked.length];
        const expected = all.filter((one) => one.from <= to && one.from + one.length >= from).map((one) => one.from);
        expect(spots.of('fw1', 'log', from, to).map((one) => one.from)).toEqual(expected.sort((a, b) => a - b));
        expect(spots.anyOf('log', from, to)).toBe(expected.length > 0);
      }),
    );
  });

  test('keeps sources and kinds apart, and open ones open', () => {
    const spots = new BlindSpots();
    spots.set(spot(10, null));
    expect(spots.of('fw1', 'log', 1e12, 1e12)).toHaveLength(1);
    expect(spots.of('fw1', 'log', 0, 9)).toHaveLength(0);
    expect(spots.of('fw2', 'log', 20, 20)).toHaveLength(0);
    expect(spots.of('fw1', 'poll', 20, 20)).toHaveLength(0);
    expect(spots.anyOf('poll', 20, 20)).toBe(false);
  });

  test('a changed one takes the place of the one before, a withdrawn one is gone', () => {
    const spots = new BlindSpots();
    spots.set(spot(10, null));
    spots.set(spot(10, 20));
    expect(spots.of('fw1', 'log', 0, 100)).toEqual([spot(10, 20)]);
    expect(spots.of('fw1', 'log', 21, 100)).toEqual([]);
    spots.delete(spot(10, 20));
    expect(spots.of('fw1', 'log', 0, 100)).toEqual([]);
  });
});
