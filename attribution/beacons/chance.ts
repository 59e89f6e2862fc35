import { CHANCE_SHARES, CHANCE_TABLE, type ChanceRow } from './interval-null.data';

/** No probability below this is stated. */
export const LEAST_CHANCE = 1e-9;

/**
 * Probability that as many pauses without a rhythm show this much evidence (natural logarithm) for one. From tabulated quantiles, linear in the logarithm
 * between them; beyond the last it falls as a likelihood ratio must, e-fold for each unit, and it is never less than such a ratio states. 1 for
 * fewer pauses than the table has.
 */
export function chanceOf(pauses: number, evidence: number): number {
  const above = CHANCE_TABLE.findIndex(({ count }) => count > pauses);
  if (above === 0) return 1;
  if (above < 0) return fromRow(CHANCE_TABLE[CHANCE_TABLE.length - 1]!, evidence);
  const lower = CHANCE_TABLE[above - 1]!;
  const upper = CHANCE_TABLE[above]!;
  const part = Math.log(pauses / lower.count) / Math.log(upper.count / lower.count);
  return fromRow(lower, evidence) ** (1 - part) * fromRow(upper, evidence) ** part;
}

function fromRow({ evidence: quantiles }: ChanceRow, evidence: number): number {
  return Math.min(1, Math.max(LEAST_CHANCE, Math.exp(-evidence), tabulated(quantiles, evidence)));
}

function tabulated(quantiles: readonly number[], evidence: number): number {
  const above = quantiles.findIndex((quantile) => quantile > evidence);
  if (above === 0) return 1;
  const last = quantiles.length - 1;
  if (above < 0) return (1 - CHANCE_SHARES[last]!) * Math.exp(quantiles[last]! - evidence);
  const [from, to] = [Math.log(1 - CHANCE_SHARES[above - 1]!), Math.log(1 - CHANCE_SHARES[above]!)];
  const width = Math.max(1e-3, quantiles[above]! - quantiles[above - 1]!);
  return Math.exp(from + ((to - from) / width) * (evidence - quantiles[above - 1]!));
}
