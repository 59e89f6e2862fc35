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
  { count: 4, evidence: [3.57, 5.95, 8.19] },
  { count: 6, evidence: [3.35, 6.14, 8.05] },
  { count: 8, evidence: [3.16, 5.37, 8.33] },
  { count: 10, evidence: [3.06, 5.35, 10.53] },
  { count: 12, evidence: [2.89, 5.12, 7.7] },
  { count: 15, evidence: [2.75, 5.34, 7.49] },
  { count: 20, evidence: [2.48, 5.08, 6.94] },
  { count: 30, evidence: [2.18, 4.29, 6.44] },
  { count: 45, evidence: [1.63, 4.19, 6.67] },
  { count: 70, evidence: [1.07, 4.11, 6.18] },
];
