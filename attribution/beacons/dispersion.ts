import { medianDeviation, quartilesOf, sorted } from './order-statistics';

/**
 * How evenly values lie, by the definitions that RITA v5 documents for its beacon scores (skew by Bowley, dispersion by the
 * median absolute deviation). They take seconds for intervals and bytes for sizes: below an interquartile range of ten units
 * the skew says nothing and counts as none.
 */
export interface Dispersion {
  readonly skew: number;
  /** 1 - |skew|. */
  readonly skewScore: number;
  readonly median: number;
  readonly deviation: number;
  /** (median - deviation) / median, not below 0. */
  readonly deviationScore: number;
  /** Mean of the two scores, three digits: 1 is a clock, about 0.5 is chance. */
  readonly score: number;
}

const LEAST_RANGE = 10;

/** `undefined` without values. `whenMedianIsSmall` is the deviation score of values whose median is below 1. */
export function dispersionOf(values: ArrayLike<number>, whenMedianIsSmall: 0 | 1): Dispersion | undefined {
  return ascendingDispersion(sorted(values), whenMedianIsSmall);
}

function ascendingDispersion(ascending: Float64Array, whenMedianIsSmall: 0 | 1): Dispersion | undefined {
  if (ascending.length === 0) return undefined;
  const { q1, q2, q3 } = quartilesOf(ascending);
  const flat = !(q3 - q1 >= LEAST_RANGE) || q2 === q1 || q2 === q3;
  const skew = flat ? 0 : (q1 + q3 - 2 * q2) / (q3 - q1);
  const deviation = medianDeviation(ascending, q2);
  const deviationScore = q2 >= 1 ? Math.max(0, (q2 - deviation) / q2) : whenMedianIsSmall;
  const skewScore = 1 - Math.abs(skew);
  return { skew, skewScore, median: q2, deviation, deviationScore, score: round3((skewScore + deviationScore) / 2) };
}

/** Dispersion of the intervals between starts, in seconds; those of no length are left out. */
export function intervalDispersion(intervals: ArrayLike<number>): Dispersion | undefined {
  return ascendingIntervalDispersion(sorted(intervals));
}

/** As `intervalDispersion`, of intervals that are in order already. */
export function ascendingIntervalDispersion(ascending: Float64Array): Dispersion | undefined {
  const first = ascending.findIndex((interval) => interval > 0);
  return first < 0 ? undefined : ascendingDispersion(ascending.subarray(first), 1);
}

/** Dispersion of the bytes that the initiator sent, one value a session. */
export function sizeDispersion(bytes: ArrayLike<number>): Dispersion | undefined {
  return dispersionOf(bytes, 0);
}

export function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}

export function ceil3(value: number): number {
  return Math.ceil(value * 1000) / 1000;
}
