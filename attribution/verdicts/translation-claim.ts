import type { Account, Leg } from '../../store/analysis/evidence-record';
import { decayed, logOdds } from './confidence';
import { DECAY_MS, type EvidenceClass, PRIORS, SAME_START_MS } from './priors.data';

/** One source's word for who stood behind a translated endpoint. */
export interface TranslationClaim {
  readonly class: EvidenceClass;
  /** Hex. */
  readonly inside: string;
  readonly insidePort: number | null;
  /** Scope of the inside address; undefined where the source tells none. */
  readonly scope: string | undefined;
  readonly device: string;
  readonly parser: string;
  /** By the reference clock; null where the source does not say. */
  readonly from: number | null;
  readonly to: number | null;
  readonly offset: number;
  readonly odds: number;
  readonly rawSeqs: readonly number[];
  /** The destination was part of what fitted. */
  readonly withDestination: boolean;
  /** Bytes of both directions, where the source counts. */
  readonly bytes: number | null;
  readonly account: Account | undefined;
  /** The session before translation, where a flow record tells both. */
  readonly leg: Leg | undefined;
  /** What else is to be said of it, with a blank before it. */
  readonly note?: string;
}

/** What is asked of a statement: does it speak of this session. Times by the reference clock. */
export interface Wanted {
  readonly start: number;
  readonly end: number;
  /** Scatter of the session's clock and the source's together. */
  readonly residual: number;
}

/** A stretch of time as a source tells it, by the reference clock. */
export interface Span {
  readonly from: number | null;
  readonly to: number | null;
  /** Width of the source's clock tick: 1000 where it counts seconds. */
  readonly tick: number;
}

/** Rivals further apart than this are not told apart any better: clocks jump. */
const MOST_PENALTY = 8;

/**
 * How much of a vote is left for a statement about a stretch of time; undefined when it is about another session. Of a
 * `shared` translation (one that outlives its sessions) it is expected to begin earlier and to end later.
 */
export function fitOf(span: Span, wanted: Wanted, shared: boolean): { share: number; penalty: number } | undefined {
  const { from, to, tick } = span;
  const tolerance = wanted.residual + SAME_START_MS;
  if (to !== null && to + tick < wanted.start - tolerance) return undefined;
  if (from !== null && from > wanted.end + tolerance) return undefined;
  const cut = to === null ? 0 : Math.max(0, wanted.end - tolerance - (to + tick));
  const share = cut > 0 ? 0.6 : 1;
  if (from === null) return { share: share * (shared ? 0.9 : 0.7), penalty: 0 };
  const early = Math.max(0, wanted.start - (from + tick));
  const late = Math.max(0, from - wanted.start);
  if (late > tolerance) return { share: 0.5, penalty: 0 };
  if (early > tolerance) return { share: share * (shared ? 1 : 0.8), penalty: shared ? 0 : 1 };
  return { share, penalty: shared ? 0 : penaltyOf(Math.max(early, late), wanted.residual) };
}

/** Log-likelihood lost by a distance, of a clock that scatters so. */
function penaltyOf(distance: number, residual: number): number {
  const sigma = Math.max(250, residual);
  return Math.min(MOST_PENALTY, (distance / sigma) ** 2 / 2);
}

/** Log-odds of a statement of a class that fits so, and was sure `age` ms away. */
export function claimOdds(
  name: EvidenceClass,
  { share, penalty }: { readonly share: number; readonly penalty: number },
  age = 0,
): number {
  return decayed(logOdds(PRIORS[name]) * share - penalty, age, DECAY_MS[name]);
}
