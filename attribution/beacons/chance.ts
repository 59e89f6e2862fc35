import { CHANCE_SHARES, CHANCE_TABLE, type ChanceRow } from './interval-null.data';

/** The two statistics of intervals whose behaviour under chance is tabulated. */
export type TimingStatistic = 'dispersion' | 'phase';

/** No probability below this is stated: the table would be stretched too far. */
export const LEAST_CHANCE = 1e-9;

/**
 * Probability that as many intervals between independent events score at least `value`. From tabulated quantiles, linear in
 * the logarithm between them and beyond the last; 1 for fewer intervals than the table has.
 */
export function chanceOf(statistic: TimingStatistic, intervals: number, value: number): number {
  const above = CHANCE_TABLE.findIndex(({ count }) => count > intervals);
  if (above === 0) return 1;
  if (above < 0) return fromRow(CHANCE_TABLE[CHANCE_TABLE.length - 1]!, statistic, value);
  const lower = CHANCE_TABLE[above - 1]!;
  const upper = CHANCE_TABLE[above]!;
  const part = Math.log(intervals / lower.count) / Math.log(upper.count / lower.count);
  const [few, many] = [fromRow(lower, statistic, value), fromRow(upper, statistic, value)];
  return Math.exp(Math.log(few) * (1 - part) + Math.log(many) * part);
}

function fromRow(row: ChanceRow, statistic: TimingStatistic, value: number): number {
  const quantiles = row[statistic];
  const above = quantiles.findIndex((quantile) => quantile > value);
  // Below the median nothing is worth telling apart.
  if (above === 0) return 1;
  const last = quantiles.length - 1;
  const upper = above < 0 ? last : above;
  // Beyond the table the tail goes on as steeply as from the 99 % quantile on.
  const lower = above < 0 ? last - 2 : above - 1;
  const from = Math.log(1 - CHANCE_SHARES[lower]!);
  const to = Math.log(1 - CHANCE_SHARES[upper]!);
  const width = Math.max(1e-3, quantiles[upper]! - quantiles[lower]!);
  const start = above < 0 ? quantiles[last]! : quantiles[lower]!;
  const slope = (to - from) / width;
  return Math.max(LEAST_CHANCE, Math.exp((above < 0 ? to : from) + slope * (value - start)));
}
