import { CHANCE_SHARES } from '../../attribution/beacons/interval-null.data';
import { quantileOf, sorted } from '../../attribution/beacons/order-statistics';
import { rhythmOf } from '../../attribution/beacons/rhythm-test';
import { SeededRandom } from '../../test/site/random';
import { type NextPause, WITHOUT_RHYTHM } from './pauses';

const COUNTS = [4, 6, 8, 10, 12, 15, 20, 30, 45, 70, 120, 250] as const;

/** Quantiles of the evidence for a rhythm in `series` series of `count` pauses, seconds to the millisecond. */
export function chanceQuantiles(next: NextPause, count: number, series: number, seed: number): number[] {
  const random = new SeededRandom(seed);
  const evidence = Array.from({ length: series }, () => {
    const pauses = Float64Array.from({ length: count }, () => Math.max(5, Math.round(next(random) * 1000) / 1000));
    return rhythmOf(pauses.sort())?.evidence ?? Number.NEGATIVE_INFINITY;
  });
  const ascending = sorted(evidence);
  return CHANCE_SHARES.map((share) => Math.round(quantileOf(ascending, share) * 100) / 100);
}

/** Prints the table, and which family is the worst; `node dist/bench/detection/interval-null.js [SERIES]`. */
function main(): void {
  const series = Number(process.argv[2] ?? 20_000);
  for (const count of COUNTS) {
    const all = Object.entries(WITHOUT_RHYTHM).map(([name, next]) => ({
      name,
      quantiles: chanceQuantiles(next, count, series, count),
    }));
    const worst = CHANCE_SHARES.map((_, i) => all.toSorted((a, b) => b.quantiles[i]! - a.quantiles[i]!)[0]!);
    const evidence = worst.map(({ quantiles }, i) => quantiles[i]);
    console.log(
      `  { count: ${count}, evidence: [${evidence.join(', ')}] }, // ${worst.map(({ name }) => name).join('; ')}`,
    );
  }
}

if (require.main === module) main();
