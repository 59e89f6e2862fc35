import { dispersionOf, intervalDispersion, sizeDispersion } from '../../../attribution/beacons/dispersion';
import { quartilesOf, sorted } from '../../../attribution/beacons/order-statistics';
import { persistenceOf } from '../../../attribution/beacons/persistence';

// The values that RITA v5 publishes for its formulas.
describe('dispersion gives the published values', () => {
  test.each([
    ['a clock with two seconds of jitter', [98, 99, 99, 100, 100, 100, 101, 101, 102], 0.995],
    ['chance', [1, 299, 25, 4975, 90, 2, 42, 500, 1500], 0.083],
  ])('%s', (_, intervals, score) => expect(intervalDispersion(intervals)?.score).toBe(score));

  test('two intervals in turn', () => {
    const intervals = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 98 : 300));
    expect(intervalDispersion(intervals)).toMatchObject({ deviation: 101, score: 0.746 });
  });

  test('sizes of 1 to 10 bytes', () => {
    expect(sizeDispersion([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])?.score).toBe(0.773);
  });

  test('sizes that are all zero: no skew, no evenness either', () => {
    expect(sizeDispersion([0, 0, 0, 0])).toMatchObject({ skewScore: 1, deviationScore: 0, score: 0.5 });
  });
});

describe('dispersion', () => {
  test('a skewed series', () => {
    // Quartiles 10, 20, 60: (10 + 60 - 40) / 50.
    const found = dispersionOf([10, 10, 10, 20, 20, 60, 60, 60], 1);
    expect(found?.skew).toBeCloseTo((10 + 60 - 40) / 50, 10);
  });

  test('intervals of no length are left out', () => {
    expect(intervalDispersion([0, 0, 60, 60, 60])?.score).toBe(1);
    expect(intervalDispersion([0, 0])).toBeUndefined();
  });

  test.each([
    [[1, 2, 3, 4], { q1: 1.5, q2: 2.5, q3: 3.5 }],
    [[1, 2, 3, 4, 5], { q1: 1.5, q2: 3, q3: 4.5 }],
    [[7, 7], { q1: 7, q2: 7, q3: 7 }],
  ])('quartiles of %j are medians of halves', (values, expected) => {
    expect(quartilesOf(sorted(values))).toEqual(expected);
  });
});

describe('persistence', () => {
  const HOUR = 3_600_000;
  const day = { from: 0, to: 24 * HOUR };
  const hours = (list: readonly number[]): number[] => list.map((hour) => hour * HOUR + 1000);

  test('once an hour all day', () => {
    const found = persistenceOf(hours(Array.from({ length: 24 }, (_, i) => i)), day);
    expect(found).toMatchObject({ filled: 24, histogramScore: 1, durationScore: 1 });
  });

  test('five hours are too few for a duration', () => {
    expect(persistenceOf(hours([1, 2, 3, 4, 5]), day)).toMatchObject({ filled: 5, durationScore: 0 });
  });

  test('a run goes over the end of the period', () => {
    // 21 to 2: six hours in a row, half of a full run; by its ends it covers most of the day.
    const found = persistenceOf(hours([0, 1, 2, 21, 22, 23]), day);
    expect(found.durationScore).toBe(0.959);
    const short = persistenceOf(hours([6, 7, 8, 9, 10, 11]), day);
    expect(short.durationScore).toBe(0.5);
  });

  test('two levels: busy by day, quiet by night', () => {
    const starts: number[] = [];
    for (let hour = 0; hour < 24; hour++) {
      const count = hour >= 8 && hour < 20 ? 60 : 6;
      for (let i = 0; i < count; i++) starts.push(hour * HOUR + i * 1000);
    }
    expect(persistenceOf(starts, day).histogramScore).toBe(1);
  });
});
