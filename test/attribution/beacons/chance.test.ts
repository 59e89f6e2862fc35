import { chanceOf, LEAST_CHANCE } from '../../../attribution/beacons/chance';
import { CHANCE_SHARES, CHANCE_TABLE } from '../../../attribution/beacons/interval-null.data';
import { chanceQuantiles } from '../../../bench/detection/interval-null';

test.each([15, 50])('the table is what chance gives for %d intervals', (count) => {
  const row = CHANCE_TABLE.find((each) => each.count === count);
  const again = chanceQuantiles(count, 2000, 99);
  // With 2000 series the quantiles up to 95 % come back within a few hundredths.
  for (const [i, share] of CHANCE_SHARES.entries()) {
    if (share > 0.95) continue;
    expect(Math.abs(again.dispersion[i]! - row!.dispersion[i]!)).toBeLessThan(0.03);
    expect(Math.abs(again.phase[i]! - row!.phase[i]!)).toBeLessThan(0.03);
  }
});

describe.each(['dispersion', 'phase'] as const)('chance of %s', (statistic) => {
  test.each(CHANCE_TABLE.map(({ count }) => count))('falls with the value, for %d intervals', (count) => {
    const values = Array.from({ length: 101 }, (_, i) => chanceOf(statistic, count, i / 100));
    for (const [i, value] of values.entries()) {
      expect(value).toBeGreaterThanOrEqual(LEAST_CHANCE);
      expect(value).toBeLessThanOrEqual(1);
      if (i > 0) expect(value).toBeLessThanOrEqual(values[i - 1]! + 1e-12);
    }
  });

  test('is what the table says at its quantiles, and in between for counts in between', () => {
    const row = CHANCE_TABLE.find(({ count }) => count === 50)!;
    expect(chanceOf(statistic, 50, row[statistic][3]!)).toBeCloseTo(0.05, 6);
    const [few, some, many] = [50, 60, 80].map((count) => chanceOf(statistic, count, row[statistic][4]!));
    expect(some).toBeLessThan(few!);
    expect(some).toBeGreaterThan(many!);
  });

  test('decides nothing below four intervals', () => expect(chanceOf(statistic, 3, 1)).toBe(1));

  test('more intervals than the table has are judged as its most', () => {
    expect(chanceOf(statistic, 1_000_000, 0.9)).toBe(chanceOf(statistic, 800, 0.9));
  });
});
