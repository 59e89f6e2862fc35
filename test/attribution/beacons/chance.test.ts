import { chanceOf, LEAST_CHANCE } from '../../../attribution/beacons/chance';
import { CHANCE_SHARES, CHANCE_TABLE } from '../../../attribution/beacons/interval-null.data';
import { chanceQuantiles } from '../../../bench/detection/interval-null';
import { WITHOUT_RHYTHM } from '../../../bench/detection/pauses';

test.each(Object.entries(WITHOUT_RHYTHM))('no family shows more evidence than the table says: %s', (_, next) => {
  const row = CHANCE_TABLE.find(({ count }) => count === 15)!;
  const again = chanceQuantiles(next, 15, 200, 99);
  // With 200 series the 90 % quantile comes back within a few tenths; the 99 % one rests on two of them.
  expect(again[0]).toBeLessThan(row.evidence[0]! + 0.6);
  expect(again[1]).toBeLessThan(row.evidence[1]! + 2.5);
});

describe('chance', () => {
  test.each(CHANCE_TABLE.map(({ count }) => count))('falls with the evidence, for %d pauses', (count) => {
    const values = Array.from({ length: 120 }, (_, i) => chanceOf(count, i / 4 - 5));
    for (const [i, value] of values.entries()) {
      expect(value).toBeGreaterThanOrEqual(LEAST_CHANCE);
      expect(value).toBeLessThanOrEqual(1);
      if (i > 0) expect(value).toBeLessThanOrEqual(values[i - 1]! + 1e-12);
    }
  });

  test('is what the table says at its quantiles', () => {
    const { count, evidence } = CHANCE_TABLE.find((row) => row.count === 15)!;
    for (const [i, share] of CHANCE_SHARES.entries()) {
      expect(chanceOf(count, evidence[i]!)).toBeCloseTo(Math.max(1 - share, Math.exp(-evidence[i]!)), 6);
    }
  });

  test('falls e-fold for each unit beyond the table', () => {
    const [first, second] = [chanceOf(15, 11), chanceOf(15, 12)];
    expect(first / second).toBeCloseTo(Math.E, 6);
  });

  test('is never less than the ratio of likelihoods states', () => expect(chanceOf(1_000_000, 8)).toBe(Math.exp(-8)));

  test('decides nothing below four pauses', () => expect(chanceOf(3, 100)).toBe(1));
});
