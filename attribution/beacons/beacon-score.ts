import { chanceOf, LEAST_CHANCE } from './chance';
import { type Dispersion, intervalDispersion, round3, sizeDispersion } from './dispersion';
import { intervalStatistic } from './interval-statistic';
import { type Period, type Persistence, persistenceOf } from './persistence';

/** The sessions of one owner with one destination, port and protocol, in order of time. */
export interface BeaconSeries {
  /** Starts, epoch milliseconds, ascending. */
  readonly starts: readonly number[];
  /** Bytes the initiator sent, one value a session, as measured (not scaled up); empty where no source counts them. */
  readonly sentBytes: readonly number[];
  /** Packets of both directions, one value a session, as measured. */
  readonly packets: readonly number[];
  /** One packet in so many was looked at; 1 without sampling. */
  readonly samplingRate: number;
}

export interface BeaconRules {
  /** Largest probability of chance that still counts as a rhythm. */
  readonly timingChance: number;
  /** Smallest probability of chance that counts as none; between the two, more sessions must tell. */
  readonly noRhythmChance: number;
  /** Fewer intervals than this decide nothing. */
  readonly leastIntervals: number;
  /** More sessions than this in the period are a stream of connections, not a rhythm (strobe). */
  readonly strobeSessions: number;
}

export const BEACON_RULES: BeaconRules = {
  timingChance: 1e-4,
  noRhythmChance: 0.01,
  leastIntervals: 15,
  strobeSessions: 86_400,
};

/**
 * `beacon`: a rhythm that chance does not make. `none`: enough data, no rhythm. `insufficient_data`: too few sessions to
 * tell, or a hint that more must confirm. `not_detectable_at_sampling`: so few sessions leave a sampled packet that a rhythm could not show.
 */
export type BeaconAnswer = 'beacon' | 'none' | 'insufficient_data' | 'not_detectable_at_sampling' | 'strobe';

/** Every term, so that an answer can be explained. Scores are 0 to 1. */
export interface BeaconScore {
  readonly answer: BeaconAnswer;
  readonly sessions: number;
  readonly intervals: number;
  /** Period in seconds of the better statistic. */
  readonly period: number | null;
  readonly timing: Dispersion | null;
  /** Loss-aware statistic of the intervals. */
  readonly phase: number | null;
  /** Probability that chance gives as much rhythm. */
  readonly chance: number;
  readonly timingBasis: 'dispersion' | 'phase' | null;
  readonly sizes: Dispersion | null;
  readonly persistence: Persistence | null;
  /** Share of sessions that sampling lets be seen, estimated; 1 without sampling or where no source counts packets. */
  readonly seenShare: number;
  /** Mean of the four scores (timing, sizes, histogram, duration), as RITA v5 combines them. Busy talkers score high: for sorting only. */
  readonly composite: number;
}

/** Sampled series in which fewer sessions than this are seen have no timing left. */
const LEAST_SEEN_SHARE = 0.1;
const BISECTIONS = 40;
const EVENT_MS = 5000;
const FINER = 1000;

export function scoreSeries(series: BeaconSeries, period: Period, rules: BeaconRules = BEACON_RULES): BeaconScore {
  const { starts, sentBytes } = series;
  const intervals = intervalsOf(starts);
  const timing = intervalDispersion(intervals) ?? null;
  const dead = intervals.length < starts.length - 1 ? EVENT_MS / 1000 : 0;
  const best = intervalStatistic(intervals, dead);
  const rhythm = rhythmOf(intervals, timing, best, dead);
  const sizes = sizeDispersion(sentBytes) ?? null;
  const persistence = starts.length === 0 ? null : persistenceOf(starts, period);
  const seenShare = seenShareOf(series);
  const terms = [timing?.score, sizes?.score, persistence?.histogramScore, persistence?.durationScore];
  return {
    answer: answerOf(starts.length, intervals.length, rhythm.chance, seenShare, rules),
    sessions: starts.length,
    intervals: intervals.length,
    period: rhythm.period,
    timing,
    phase: best === undefined ? null : round3(best.value),
    chance: rhythm.chance,
    timingBasis: rhythm.basis,
    sizes,
    persistence,
    seenShare,
    composite: round3(terms.reduce<number>((sum, term) => sum + (term ?? 0), 0) / terms.length),
  };
}

/** Seconds between events. What begins within five seconds of an event's first session belongs to it: a page, a retry. */
function intervalsOf(starts: readonly number[]): number[] {
  const intervals: number[] = [];
  let event = starts[0] ?? 0;
  for (const start of starts) {
    if (start - event < EVENT_MS) continue;
    intervals.push((start - event) / 1000);
    event = start;
  }
  return intervals;
}

interface Rhythm {
  readonly chance: number;
  readonly basis: 'dispersion' | 'phase' | null;
  readonly period: number | null;
}

/** The better of two statistics; looking twice doubles what chance may do. */
function rhythmOf(
  intervals: readonly number[],
  timing: Dispersion | null,
  best: { readonly value: number; readonly period: number } | undefined,
  dead: number,
): Rhythm {
  const count = intervals.length;
  // Behind its dead time chance is exponential again. In finer units no rule of RITA's for small spreads applies: those are of seconds.
  const spread = intervalDispersion(intervals.map((interval) => (interval - dead) * FINER));
  const even = spread === undefined ? 1 : chanceOf('dispersion', count, spread.score);
  const inPhase = best === undefined ? 1 : chanceOf('phase', count, best.value);
  const chance = Math.min(1, Math.max(LEAST_CHANCE, 2 * Math.min(even, inPhase)));
  if (chance >= 1) return { chance: 1, basis: null, period: null };
  const basis = inPhase < even ? 'phase' : 'dispersion';
  const period = basis === 'phase' ? best?.period : timing?.median;
  return { chance, basis, period: period === undefined ? null : round3(period) };
}

function answerOf(
  sessions: number,
  intervals: number,
  chance: number,
  seenShare: number,
  rules: BeaconRules,
): BeaconAnswer {
  if (sessions > rules.strobeSessions) return 'strobe';
  if (intervals >= rules.leastIntervals && chance <= rules.timingChance) return 'beacon';
  if (seenShare < LEAST_SEEN_SHARE) return 'not_detectable_at_sampling';
  return intervals < rules.leastIntervals || chance < rules.noRhythmChance ? 'insufficient_data' : 'none';
}

/**
 * Share of the sessions of which at least one packet is sampled, from the packets of those that were: sampled packets are
 * Poisson distributed, and sessions with none are not seen, so their mean is `x / (1 - exp(-x))`, the share `1 - exp(-x)`.
 */
function seenShareOf({ packets, samplingRate }: BeaconSeries): number {
  if (samplingRate <= 1 || packets.length === 0) return 1;
  const mean = packets.reduce((sum, count) => sum + count, 0) / packets.length;
  if (mean <= 1) return 0;
  let [low, high] = [0, mean];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (middle / -Math.expm1(-middle) < mean) low = middle;
    else high = middle;
  }
  return round3(-Math.expm1(-high));
}
