import { intervalDispersion } from '../../attribution/beacons/dispersion';
import { CHANCE_SHARES } from '../../attribution/beacons/interval-null.data';
import { intervalStatistic } from '../../attribution/beacons/interval-statistic';
import { quantileOf, sorted } from '../../attribution/beacons/order-statistics';
import { SeededRandom } from '../../test/site/random';

const COUNTS = [4, 6, 8, 10, 12, 15, 20, 30, 50, 80, 120, 200, 400, 800] as const;

/**
 * What chance alone gives: both statistics of `series` series of `count` intervals between independent events (exponential,
 * mean an hour, milliseconds).
 */
export function chanceQuantiles(
  count: number,
  series: number,
  seed: number,
): { readonly dispersion: number[]; readonly phase: number[] } {
  const random = new SeededRandom(seed);
  const dispersion: number[] = [];
  const phase: number[] = [];
  for (let i = 0; i < series; i++) {
    const intervals = Array.from({ length: count }, () => Math.round(random.exponential(3_600_000)) / 1000);
    dispersion.push(intervalDispersion(intervals)?.score ?? 0);
    phase.push(intervalStatistic(intervals)?.value ?? 0);
  }
  const quantiles = (values: number[]): number[] => {
    const ascending = sorted(values);
    return CHANCE_SHARES.map((share) => Math.round(quantileOf(ascending, share) * 1000) / 1000);
  };
  return { dispersion: quantiles(dispersion), phase: quantiles(phase) };
}

/** Prints the table; `node dist/bench/detection/interval-null.js [SERIES]`. */
function main(): void {
  const series = Number(process.argv[2] ?? 20_000);
  for (const count of COUNTS) {
    const { dispersion, phase } = chanceQuantiles(count, series, count);
    console.log(`  { count: ${count}, dispersion: [${dispersion.join(', ')}], phase: [${phase.join(', ')}] },`);
  }
}

if (require.main === module) main();
