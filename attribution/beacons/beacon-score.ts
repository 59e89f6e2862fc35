import { chanceOf } from './chance';
import { ascendingIntervalDispersion, type Dispersion, round3, sizeDispersion } from './dispersion';
import { sorted } from './order-statistics';
import { type Period, type Persistence, persistenceOf } from './persistence';
import { rhythmOf } from './rhythm-test';

/** The sessions of one owner with one destination, port and protocol, in order of time. */
export interface BeaconSeries {
  /** Starts, epoch milliseconds, ascending. */
  readonly starts: ArrayLike<number>;
  /** Bytes the initiator sent, one value a session, as measured (not scaled up); empty where no source counts them. */
  readonly sentBytes: ArrayLike<number>;
  /** Packets of both directions, one value a session, as measured. */
  readonly packets: ArrayLike<number>;
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
  /** Mean pause between sessions, seconds, of the rhythm that explains them best. */
  readonly period: number | null;
  readonly timing: Dispersion | null;
  /** How far the pauses are multiples of the period: 1 is a clock, whatever was lost; 0 is chance. */
  readonly phase: number | null;
  /** Jitter of that rhythm to either side, as a share of the period, and the share of sessions that would have been lost. */
  readonly jitter: number | null;
  readonly loss: number | null;
  /** Logarithm of how much likelier that rhythm makes the pauses than anything without one. */
  readonly evidence: number | null;
  /** Probability that chance gives as much evidence. */
  readonly chance: number;
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

export function scoreSeries(series: BeaconSeries, period: Period, rules: BeaconRules = BEACON_RULES): BeaconScore {
  const { starts, sentBytes } = series;
  const intervals = sorted(intervalsOf(starts));
  const timing = ascendingIntervalDispersion(intervals) ?? null;
  const rhythm = rhythmOf(intervals);
  const chance = rhythm === undefined ? 1 : chanceOf(intervals.length, rhythm.evidence);
  const sizes = sizeDispersion(sentBytes) ?? null;
  const persistence = starts.length === 0 ? null : persistenceOf(starts, period);
  const seenShare = seenShareOf(series);
  const terms = [timing?.score, sizes?.score, persistence?.histogramScore, persistence?.durationScore];
  return {
    answer: answerOf(starts.length, intervals.length, chance, seenShare, rules),
    sessions: starts.length,
    intervals: intervals.length,
    period: rhythm === undefined ? null : round3(rhythm.period),
    timing,
    phase: rhythm === undefined ? null : round3(rhythm.phase),
    jitter: rhythm?.jitter ?? null,
    loss: rhythm?.loss ?? null,
    evidence: rhythm === undefined ? null : round3(rhythm.evidence),
    chance,
    sizes,
    persistence,
    seenShare,
    composite: round3(terms.reduce<number>((sum, term) => sum + (term ?? 0), 0) / terms.length),
  };
}

/** Seconds between events. What begins within five seconds of an event's first session belongs to it: a page, a retry. */
function intervalsOf(starts: ArrayLike<number>): number[] {
  const intervals: number[] = [];
  let event = starts[0] ?? 0;
  for (let i = 1; i < starts.length; i++) {
    const start = starts[i]!;
    if (start - event < EVENT_MS) continue;
    intervals.push((start - event) / 1000);
    event = start;
  }
  return intervals;
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
  let all = 0;
  for (let i = 0; i < packets.length; i++) all += packets[i]!;
  const mean = all / packets.length;
  if (mean <= 1) return 0;
  let [low, high] = [0, mean];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (middle / -Math.expm1(-middle) < mean) low = middle;
    else high = middle;
  }
  return round3(-Math.expm1(-high));
}
