import { ceil3, round3 } from './dispersion';

/**
 * How evenly sessions fill a period, by the definitions that RITA v5 documents: 24 equal bins over the period of all data.
 */
export interface Persistence {
  /** Sessions of each bin, in order of time. */
  readonly bins: readonly number[];
  /** Bins that hold any. */
  readonly filled: number;
  /** Evenness of the bins: by their variation, or by two levels that most of them have (active and quiet hours). */
  readonly histogramScore: number;
  /** How much of the period is covered, by its ends or by its longest run of filled bins. */
  readonly durationScore: number;
}

/** The period of all data, epoch milliseconds. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

const BINS = 24;
const LEAST_BINS_FOR_TWO_LEVELS = 11;
const LEAST_BINS_FOR_DURATION = 6;
const LEVEL_SHARE = 0.05;
const FULL_RUN = 12;

/** `starts` ascending, epoch milliseconds, at least one. */
export function persistenceOf(starts: ArrayLike<number>, period: Period): Persistence {
  const bins = binned(starts, period);
  const filled = bins.filter((count) => count > 0).length;
  return {
    bins,
    filled,
    histogramScore: round3(Math.max(variationScore(bins), levelScore(bins, filled))),
    durationScore: durationScore(starts, period, bins, filled),
  };
}

function binned(starts: ArrayLike<number>, { from, to }: Period): number[] {
  const bins = Array.from({ length: BINS }, () => 0);
  const width = Math.max(1, to - from) / BINS;
  for (let i = 0; i < starts.length; i++) {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor((starts[i]! - from) / width)));
    bins[bin] = bins[bin]! + 1;
  }
  return bins;
}

function variationScore(bins: readonly number[]): number {
  const mean = bins.reduce((sum, count) => sum + count, 0) / bins.length;
  if (mean === 0) return 0;
  const variance = bins.reduce((sum, count) => sum + (count - mean) ** 2, 0) / bins.length;
  return Math.max(0, 1 - Math.sqrt(variance) / mean);
}

/** Share of the filled bins whose count lies in one of the two commonest levels of one twentieth of the largest count. */
function levelScore(bins: readonly number[], filled: number): number {
  if (filled < LEAST_BINS_FOR_TWO_LEVELS) return 0;
  const level = Math.ceil(Math.max(...bins) * LEVEL_SHARE);
  const sizes = new Map<number, number>();
  for (const count of bins) {
    if (count === 0) continue;
    const key = Math.floor(count / level);
    sizes.set(key, (sizes.get(key) ?? 0) + 1);
  }
  const [largest = 0, second = 0] = [...sizes.values()].sort((a, b) => b - a);
  return Math.min(1, (largest + second) / Math.max(1, filled - 1));
}

function durationScore(
  starts: ArrayLike<number>,
  { from, to }: Period,
  bins: readonly number[],
  filled: number,
): number {
  if (filled < LEAST_BINS_FOR_DURATION) return 0;
  const covered = ceil3((starts[starts.length - 1]! - starts[0]!) / Math.max(1, to - from));
  const run = ceil3(longestRun(bins) / FULL_RUN);
  return Math.min(1, Math.max(covered, run));
}

/** Longest run of filled bins; it may go over the end of the period into its beginning. */
function longestRun(bins: readonly number[]): number {
  if (bins.every((count) => count > 0)) return bins.length;
  let longest = 0;
  let run = 0;
  for (let i = 0; i < bins.length * 2; i++) {
    run = bins[i % bins.length]! > 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return Math.min(longest, bins.length);
}
