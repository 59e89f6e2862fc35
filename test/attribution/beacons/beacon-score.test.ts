import { type BeaconSeries, scoreSeries } from '../../../attribution/beacons/beacon-score';
import { SeededRandom } from '../../site/random';
import { WITHOUT_RHYTHM } from '../../../bench/detection/pauses';
import { independent, losing, sleeping, type Starts } from './series';

const DAY = { from: 0, to: 86_400_000 };
const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);

function series(starts: Starts, more: Partial<BeaconSeries> = {}): BeaconSeries {
  return { starts, sentBytes: starts.map(() => 600), packets: starts.map(() => 12), samplingRate: 1, ...more };
}

/** How many of twenty seeds give each answer. */
function answers(make: (seed: number) => BeaconSeries): Record<string, number> {
  const found: Record<string, number> = {};
  for (const seed of SEEDS) {
    const { answer } = scoreSeries(make(seed), DAY);
    found[answer] = (found[answer] ?? 0) + 1;
  }
  return found;
}

describe('rhythms are found', () => {
  test.each([
    ['60 s without jitter', 60, 0],
    ['60 s, 20 % jitter', 60, 0.2],
    ['60 s, 50 % jitter', 60, 0.5],
    ['300 s, 20 % jitter', 300, 0.2],
    ['half an hour, 20 % jitter', 1800, 0.2],
  ])('%s', (_, period, jitter) => {
    expect(answers((seed) => series(sleeping(period, jitter, seed)))).toEqual({ beacon: 20 });
  });

  test.each([0.3, 0.6, 0.9])('60 s, 10 % jitter, %d of the records lost', (loss) => {
    expect(answers((seed) => series(losing(sleeping(60, 0.1, seed), loss, seed)))).toEqual({ beacon: 20 });
  });

  test('an hour, 20 % jitter: a day of it is found or said to be too little, two days are found', () => {
    const day = answers((seed) => series(sleeping(3600, 0.2, seed)));
    expect((day['beacon'] ?? 0) + (day['insufficient_data'] ?? 0)).toBe(20);
    expect(answers((seed) => series(sleeping(3600, 0.2, seed, 2 * DAY.to)))).toEqual({ beacon: 20 });
  });

  test.each([
    ['60 s, 33 % jitter, 60 % lost', 60, 0.33, 0.6],
    ['60 s, 50 % jitter, 30 % lost', 60, 0.5, 0.3],
    ['300 s, 20 % jitter, 60 % lost', 300, 0.2, 0.6],
  ])('%s', (_, period, jitter, loss) => {
    expect(answers((seed) => series(losing(sleeping(period, jitter, seed), loss, seed + 100)))).toEqual({ beacon: 20 });
  });

  test('a sleep of up to 90 per cent less', () => {
    expect(answers((seed) => series(sleeping(165, 0.82, seed)))).toEqual({ beacon: 20 });
  });

  test('60 % loss is what the loss-aware statistic is for: it names the period, the dispersion does not', () => {
    const found = scoreSeries(series(losing(sleeping(60, 0.2, 3), 0.6, 4)), DAY);
    expect(found.loss).toBeCloseTo(0.55, 6);
    expect(found.timing?.score).toBeLessThan(0.75);
    expect(found.period).toBeGreaterThan(58);
    expect(found.period).toBeLessThan(62);
  });
});

describe('no rhythm is invented', () => {
  test.each([60, 300, 3600])('independent events %d s apart with constant sizes', (mean) => {
    const found = answers((seed) => series(independent(mean, seed)));
    expect(found['beacon'] ?? 0).toBe(0);
    // The composite would have called them beacons.
    expect(scoreSeries(series(independent(mean, 1)), DAY).composite).toBeGreaterThan(0.7);
  });

  test.each(Object.entries(WITHOUT_RHYTHM))('%s', (_, next) => {
    const found = answers((seed) => {
      const random = new SeededRandom(seed);
      const starts: number[] = [];
      for (let at = 0; at < DAY.to && starts.length < 1000; at += next(random) * 1000) starts.push(Math.round(at));
      return series(starts);
    });
    expect(found['beacon'] ?? 0).toBe(0);
  });

  test('one session of a day', () => {
    expect(scoreSeries(series([1000]), DAY)).toMatchObject({ answer: 'insufficient_data', intervals: 0, chance: 1 });
  });

  test('nothing', () => {
    expect(scoreSeries(series([]), DAY)).toMatchObject({ answer: 'insufficient_data', sessions: 0, composite: 0 });
  });

  test.each([
    ['pages that are read for some seconds each', 1200, 20, 8],
    ['a talker that is seldom silent for long', 3600, 60, 20],
  ])('%s: what is joined within five seconds leaves no shorter pause', (_, between, most, within) => {
    const browsing = (seed: number): BeaconSeries => {
      const random = new SeededRandom(seed);
      const starts: number[] = [];
      for (let at = random.exponential(between * 1000); at < DAY.to; at += random.exponential(between * 1000)) {
        const pages = 1 + Math.floor(random.exponential(most));
        for (let page = 0; page < pages && at < DAY.to; page++) {
          starts.push(Math.round(at));
          at += random.exponential(within * 1000);
        }
      }
      return series(starts);
    };
    expect(answers(browsing)['beacon'] ?? 0).toBe(0);
  });

  test('a page that loads many things at once', () => {
    const bursts = (seed: number): BeaconSeries => {
      const random = new SeededRandom(seed);
      const starts = independent(900, seed).flatMap((start) =>
        Array.from({ length: random.int(3, 12) }, () => start + random.int(0, 4000)),
      );
      return series(starts.sort((a, b) => a - b));
    };
    expect(answers(bursts)['beacon'] ?? 0).toBe(0);
  });
});

describe('what cannot be told is said', () => {
  test('a handful of sessions', () => {
    expect(answers((seed) => series(sleeping(3600, 0.2, seed, 10 * 3_600_000)))).toEqual({ insufficient_data: 20 });
  });

  /** Sessions of `packets` packets of which one in `rate` is sampled. */
  function sampled(starts: Starts, packets: number, rate: number, seed: number): BeaconSeries {
    const random = new SeededRandom(seed);
    const seen = starts.map((start) => {
      let count = 0;
      for (let i = 0; i < packets; i++) if (random.next() < 1 / rate) count++;
      return { start, count };
    });
    const kept = seen.filter(({ count }) => count > 0);
    return series(
      kept.map(({ start }) => start),
      { packets: kept.map(({ count }) => count), sentBytes: kept.map(() => 60), samplingRate: rate },
    );
  }

  test('one packet in 1000 of sessions of 40 packets leaves no timing', () => {
    const found = answers((seed) => sampled(sleeping(60, 0.1, seed), 40, 1000, seed));
    expect(found['none'] ?? 0).toBe(0);
    expect(found['not_detectable_at_sampling']).toBeGreaterThanOrEqual(15);
  });

  test('the share of sessions seen is estimated from the packets of those that were', () => {
    // 1 - (1 - 1/100)^40 = 0.331
    const { seenShare } = scoreSeries(sampled(sleeping(20, 0.1, 1), 40, 100, 1), DAY);
    expect(seenShare).toBeGreaterThan(0.28);
    expect(seenShare).toBeLessThan(0.38);
  });
});
