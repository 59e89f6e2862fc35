import type { SeededRandom } from '../../test/site/random';

/** Draws the pause to the next session, in seconds. */
export type NextPause = (random: SeededRandom) => number;

/** Pauses without a rhythm, seconds: what nobody may call a beacon. */
export const WITHOUT_RHYTHM: Readonly<Record<string, NextPause>> = {
  'independent, mean 300 s': (random) => random.exponential(300),
  'independent behind a dead time of 5 s': (random) => 5 + random.exponential(8),
  'independent behind a floor of half the median': (random) => 100 + random.exponential(145),
  'Pareto, tail 1, floor 60 s': (random) => 60 / unit(random),
  'Pareto, tail 1.5, floor 60 s': (random) => 60 / unit(random) ** (1 / 1.5),
  'Pareto, tail 2, floor 60 s': (random) => 60 / Math.sqrt(unit(random)),
  'log-normal, deviation 0.7': (random) => 600 * Math.exp(0.7 * normal(random)),
  'log-normal, deviation 1': (random) => 600 * Math.exp(normal(random)),
  'log-normal, deviation 2': (random) => 600 * Math.exp(2 * normal(random)),
  'Weibull, shape 0.6': (random) => 600 * random.exponential(1) ** (1 / 0.6),
  'two at once (gamma, shape 2)': (random) => random.exponential(300) + random.exponential(300),
  'short and long (two log-normal)': (random) => (random.next() < 0.5 ? 20 : 600) * Math.exp(0.7 * normal(random)),
  'human browsing': browsing,
};

/** Pages some seconds apart, reading between them, and now and then an hour away. */
function browsing(random: SeededRandom): number {
  if (random.next() < 0.8) return 5 + random.exponential(12);
  return random.next() < 0.8 ? 60 * Math.exp(1.2 * normal(random)) : random.exponential(3600);
}

/** A sleep of `period` seconds with jitter to either side. */
export function sleep(period: number, jitter: number): NextPause {
  return (random) => period * (1 + jitter * (2 * random.next() - 1));
}

function unit(random: SeededRandom): number {
  return 1 - random.next();
}

function normal(random: SeededRandom): number {
  return Math.sqrt(-2 * Math.log(unit(random))) * Math.cos(2 * Math.PI * random.next());
}
