import { chanceLikelihood } from './chance-models';
import { histogramOf } from './interval-histogram';
import { quantileOf } from './order-statistics';
import { sleepModels } from './sleep-models';

/** How much better a sleep with jitter and losses explains pauses than anything without a rhythm does. */
export interface Rhythm {
  /** Logarithm of the ratio of both likelihoods: above 0 the rhythm explains more. */
  readonly evidence: number;
  /** Mean sleep, seconds. */
  readonly period: number;
  /** How far the pauses are multiples of the period: 1 is a clock with any number of sessions lost, 0 is chance. */
  readonly phase: number;
  /** Of the model that fits best: a sleep is evenly from `period (1 - jitter)` to `period (1 + jitter)`. */
  readonly jitter: number;
  /** Share of sessions between the seen ones that were lost, or never looked like it. */
  readonly loss: number;
}

const COARSE = 0.06;
const FINE = 0.03;
/** Shortest period that is looked for, seconds: what begins sooner after another is part of it. */
const LEAST_PERIOD = 5;
/** Around the coarse place, in fine bins. */
const AROUND = 3;
/** Pauses of more sleeps than this do not say of how many. */
const SURE_SLEEPS = 4;
/** Pauses whose phase is looked at. */
const MOST_PHASES = 256;

/** `ascending`: pauses in seconds, all above 0. `undefined` when no period of five seconds or more comes into question. */
export function rhythmOf(ascending: Float64Array): Rhythm | undefined {
  if (ascending.length === 0) return undefined;
  const from = Math.max(LEAST_PERIOD, 0.8 * quantileOf(ascending, 0.05));
  const to = 1.5 * quantileOf(ascending, 0.5);
  if (to < from) return undefined;
  const coarse = histogramOf(ascending, COARSE);
  const first = sleepModels(COARSE).best(coarse, binOf(from, COARSE), binOf(to, COARSE), 'few')!;
  const fine = histogramOf(ascending, FINE);
  const middle = Math.round((first.bin * COARSE) / FINE);
  const best = sleepModels(FINE).best(fine, middle - AROUND, middle + AROUND)!;
  const period = meanSleep(ascending, Math.exp(best.bin * FINE));
  return {
    evidence: best.likelihood - chanceLikelihood(fine, ascending),
    period,
    phase: phaseOf(ascending, period),
    jitter: best.model.jitter,
    loss: best.model.loss,
  };
}

/** The period itself: all sleeps that the pauses are made of, by their number. */
function meanSleep(ascending: Float64Array, period: number): number {
  let sum = 0;
  let sleeps = 0;
  for (const pause of ascending) {
    const times = Math.max(1, Math.round(pause / period));
    if (times > SURE_SLEEPS) break;
    sum += pause;
    sleeps += times;
  }
  return sleeps === 0 ? period : sum / sleeps;
}

/**
 *     S(T) = sum(w cos(2 pi d / T)) / sum(w),  w = 1 / sqrt(max(1, round(d / T)))
 *
 * of the pauses d with the period T. A lost session makes a pause of two periods, which is as much in phase as one. Pauses stand for
 * times because a sleep with jitter drifts in phase.
 */
function phaseOf(ascending: Float64Array, period: number): number {
  const step = Math.ceil(ascending.length / MOST_PHASES);
  let sum = 0;
  let weights = 0;
  for (let i = step >> 1; i < ascending.length; i += step) {
    const turns = ascending[i]! / period;
    const weight = 1 / Math.sqrt(Math.max(1, Math.round(turns)));
    sum += weight * Math.cos(2 * Math.PI * turns);
    weights += weight;
  }
  return sum / weights;
}

function binOf(seconds: number, width: number): number {
  return Math.round(Math.log(seconds) / width);
}
