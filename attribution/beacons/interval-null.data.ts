/**
 * How much evidence for a rhythm pauses show that have none: for each count of pauses the largest quantiles of all families of
 * `bench/detection/pauses.ts`. Made by `node dist/bench/detection/interval-null.js`; a test makes some of it again.
 */
export interface ChanceRow {
  /** Pauses of a series. */
  readonly count: number;
  /** Quantiles at `CHANCE_SHARES` of `rhythmOf`'s evidence. */
  readonly evidence: readonly number[];
}

/** Shares of series without a rhythm that show less. */
export const CHANCE_SHARES: readonly number[] = [0.9, 0.99, 0.999];

/** By count, ascending. */
export const CHANCE_TABLE: readonly ChanceRow[] = [
  { count: 4, evidence: [3.59, 5.86, 8.19] },
  { count: 6, evidence: [3.27, 6.11, 7.85] },
  { count: 8, evidence: [3.11, 5.79, 8.62] },
  { count: 10, evidence: [3.06, 5.14, 10.29] },
  { count: 12, evidence: [2.85, 5.04, 7.55] },
  { count: 15, evidence: [2.69, 5.33, 7.24] },
  { count: 20, evidence: [2.47, 5.07, 6.96] },
  { count: 30, evidence: [2.11, 4.23, 6.31] },
  { count: 45, evidence: [1.67, 4.2, 5.75] },
  { count: 70, evidence: [1.02, 4.08, 6.21] },
  { count: 120, evidence: [-0.55, 2.79, 5.42] },
];
