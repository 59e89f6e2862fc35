import { SeededRandom } from '../../site/random';

const DAY = 86_400_000;

/** Starts of one day, epoch milliseconds. */
export type Starts = readonly number[];

/** A sleep of `period` seconds with `jitter` (0 to 1) to either side. */
export function sleeping(period: number, jitter: number, seed: number, length = DAY): Starts {
  const random = new SeededRandom(seed);
  const starts: number[] = [];
  for (let at = random.next() * period * 1000; at < length;) {
    starts.push(Math.round(at));
    at += period * 1000 * (1 + jitter * (2 * random.next() - 1));
  }
  return starts;
}

/** Independent events, `mean` seconds apart. */
export function independent(mean: number, seed: number, length = DAY): Starts {
  const random = new SeededRandom(seed);
  const starts: number[] = [];
  for (let at = random.exponential(mean * 1000); at < length; at += random.exponential(mean * 1000))
    starts.push(Math.round(at));
  return starts;
}

/** Each start is lost with the given probability. */
export function losing(starts: Starts, probability: number, seed: number): Starts {
  const random = new SeededRandom(seed);
  return starts.filter(() => random.next() >= probability);
}
