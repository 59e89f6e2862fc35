import { LEAST, MARGIN } from './priors.data';

/** A candidate and how much speaks for it: 0 to 1, what is missing to 1 is nobody who is known. */
export interface Weighted<T> {
  readonly value: T;
  readonly weight: number;
}

const CERTAIN = 0.9999;

/** Log-odds of a probability, kept finite. */
export function logOdds(probability: number): number {
  const kept = Math.min(CERTAIN, Math.max(1 - CERTAIN, probability));
  return Math.log(kept / (1 - kept));
}

/**
 * Weights of candidates that exclude each other, of the sum of log-odds of the votes for each: each against "none of them",
 * which has even odds. Two candidates with equal votes get less than half each; one more vote for one decides.
 */
export function weightsOf<T>(votes: readonly { readonly value: T; readonly odds: number }[]): Weighted<T>[] {
  if (votes.length === 1) {
    const likelihood = Math.exp(votes[0]!.odds);
    return [{ value: votes[0]!.value, weight: likelihood / (1 + likelihood) }];
  }
  const scaled = votes.map(({ value, odds }) => ({ value, likelihood: Math.exp(odds) }));
  const sum = scaled.reduce((total, { likelihood }) => total + likelihood, 1);
  return scaled
    .map(({ value, likelihood }) => ({ value, weight: likelihood / sum }))
    .sort((a, b) => b.weight - a.weight);
}

/** Log-odds that are left of a vote when it was last sure `age` ms away. */
export function decayed(odds: number, age: number, decay: number | undefined): number {
  return decay === undefined || age <= 0 ? odds : odds * Math.exp(-age / decay);
}

/** Whether the first of the weights (heaviest first) is far enough ahead to be named. */
export function decides(weights: readonly { readonly weight: number }[]): boolean {
  const [first, second] = weights;
  if (first === undefined || first.weight < LEAST) return false;
  return first.weight - (second?.weight ?? 0) >= MARGIN;
}

/** Four digits: more would pretend, and equal evidence must give equal text. */
export function rounded(weight: number): number {
  return Math.round(weight * 10_000) / 10_000;
}
