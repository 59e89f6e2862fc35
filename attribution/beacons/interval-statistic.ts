import { quantileOf, sorted } from './order-statistics';

/**
 * Whether intervals are multiples of one period although sessions between them may be lost:
 *
 *     S(T) = sum(w cos(2 pi d / T)) / sum(w),  w = 1 / sqrt(max(1, round(d / T)))
 *
 * maximal over T between 0.8 x the 5 % quantile and 1.5 x the median of the intervals d. A lost session makes an interval of
 * two periods, which is as much in phase as one. Intervals stand for times because a sleep with jitter drifts in phase.
 */
export interface IntervalStatistic {
  /** Maximum of S: 1 is a clock with any number of sessions lost. */
  readonly value: number;
  /** Where it is reached, in the unit of the intervals. */
  readonly period: number;
}

/** Below this period the time resolution of flow records is too coarse to tell a rhythm from rounding; seconds. */
const LEAST_PERIOD = 5;
/** Relative step of T: at six periods without a session the phase is still right within a sixth of a turn. */
const STEP = 1.02;
const REFINEMENT = 1.004;
const REFINEMENTS = 5;
/** More intervals than this say no more: the latest are taken. */
const MOST_INTERVALS = 1024;
const TURN = 2 * Math.PI;

/**
 * `undefined` without an interval of positive length, or when no period of five seconds or more comes into question. Seconds. `dead`: events that
 * came sooner than this after another are part of it, so that even chance leaves no shorter interval; what chance owes to that is
 * taken off.
 */
export function intervalStatistic(intervals: readonly number[], dead = 0): IntervalStatistic | undefined {
  const lengths = intervals.filter((interval) => interval > 0).slice(-MOST_INTERVALS);
  if (lengths.length === 0) return undefined;
  const ascending = sorted(lengths);
  const from = Math.max(LEAST_PERIOD, 0.8 * quantileOf(ascending, 0.05));
  const to = 1.5 * quantileOf(ascending, 0.5);
  if (to < from) return undefined;
  const mean = (quantileOf(ascending, 0.5) - dead) / Math.LN2;
  let best = { value: -1, period: from };
  const look = (period: number): void => {
    const owed = dead === 0 ? 0 : chancePhase(period, mean, dead) - chancePhase(period, mean, 0);
    const value = phaseOf(lengths, period) - owed;
    if (value > best.value) best = { value, period };
  };
  for (let period = from; period <= to; period *= STEP) look(period);
  const { period: found } = best;
  for (let i = -REFINEMENTS; i <= REFINEMENTS; i++) look(found * REFINEMENT ** i);
  return best;
}

/** Expectation of cos(2 pi d / T) for d of a dead time and an exponential pause with this mean behind it. */
function chancePhase(period: number, mean: number, dead: number): number {
  const turns = TURN / period;
  const spread = turns * Math.max(0, mean);
  // The real part of exp(i a) / (1 - i b).
  return (Math.cos(turns * dead) - spread * Math.sin(turns * dead)) / (1 + spread * spread);
}

function phaseOf(lengths: readonly number[], period: number): number {
  let sum = 0;
  let weights = 0;
  for (const length of lengths) {
    const turns = length / period;
    const weight = 1 / Math.sqrt(Math.max(1, Math.round(turns)));
    sum += weight * Math.cos(TURN * turns);
    weights += weight;
  }
  return sum / weights;
}
