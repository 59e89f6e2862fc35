import type { Held } from '../../store/analysis/evidence-record';
import { decayed, logOdds, type Weighted, weightsOf } from './confidence';
import type { Evidence } from './evidence';
import { DECAY_MS, type EvidenceClass, PRIORS } from './priors.data';
import { atEntry, type Entry } from './entry';
import { inScope } from './scope';

/** One source's word for one value of a key at a moment. */
export interface Vote {
  readonly value: string;
  readonly odds: number;
  readonly class: EvidenceClass;
  readonly held: Held;
  /** Distance to the nearest moment at which it surely held, ms; 0 when it surely held then. */
  readonly age: number;
}

/** A value and the votes for it. */
export interface Elected {
  readonly value: string;
  readonly votes: readonly Vote[];
}

/** Rows of one reading of a table come within this time of each other. */
const ONE_READING_MS = 30_000;

/** What is looked for: a key of a relation, in a scope, at a moment of the reference clock. */
export interface Question {
  readonly relation: EvidenceClass;
  readonly key: string;
  readonly scope: string;
  readonly at: number;
  /** Where what is asked for came in, where that is known. */
  readonly entry?: Entry | undefined;
}

/**
 * The votes of all devices for the values of a key at a moment. A device that gave several values in turn is asked for
 * its observations next to the moment: the one before holds until the next is stated, or until some time between.
 */
export function votesAt(evidence: Evidence, { relation, key, scope, at, entry }: Question): Vote[] {
  const held = inScope(evidence.held(relation, key), scope).filter(({ fromLo, toHi }) => fromLo <= at && at <= toHi);
  const possible = atEntry(held, entry);
  if (possible.length === 0) return [];
  if (possible.length === 1) return [voteOf(relation, possible[0]!, at)];
  return [...byDevice(possible).values()].flatMap((held) => votesOfDevice(evidence, relation, held, at));
}

/** Candidates by their votes, the heaviest first. */
export function elect(votes: readonly Vote[]): Weighted<Elected>[] {
  const [only] = votes;
  // By far the most frequent: one source says one thing.
  if (only === undefined) return [];
  if (votes.length === 1) return weightsOf([{ value: { value: only.value, votes }, odds: only.odds }]);
  const byValue = new Map<string, Vote[]>();
  for (const vote of votes) {
    const same = byValue.get(vote.value);
    if (same === undefined) byValue.set(vote.value, [vote]);
    else same.push(vote);
  }
  const sums = [...byValue].map(([value, all]) => ({
    value: { value, votes: all.sort(strongestFirst) },
    odds: all.reduce((sum, { odds }) => sum + odds, 0),
  }));
  return weightsOf(sums);
}

/** Time by which a binding may be off from having surely held at a moment. */
export function ageOf({ fromHi, toLo }: Held, at: number): number {
  return Math.max(0, fromHi - at, at - toLo);
}

function voteOf(relation: EvidenceClass, held: Held, at: number, share = 1): Vote {
  const age = ageOf(held, at);
  const odds = decayed(logOdds(PRIORS[relation] * share), age, DECAY_MS[relation]);
  return { value: held.value, odds, class: relation, held, age };
}

/** One device's table is one source, however it was read. */
function byDevice(possible: readonly Held[]): Map<string, Held[]> {
  const devices = new Map<string, Held[]>();
  for (const held of possible) {
    const same = devices.get(held.device);
    if (same === undefined) devices.set(held.device, [held]);
    else same.push(held);
  }
  return devices;
}

function votesOfDevice(evidence: Evidence, relation: EvidenceClass, held: readonly Held[], at: number): Vote[] {
  const nearest = new Map<string, Held>();
  for (const one of held) {
    const known = nearest.get(one.value);
    if (known === undefined || ageOf(one, at) < ageOf(known, at)) nearest.set(one.value, one);
  }
  if (nearest.size === 1) return [...nearest.values()].map((one) => voteOf(relation, one, at));
  return turnsOf(evidence, [...nearest.values()], at).map(({ one, share }) => voteOf(relation, one, at, share));
}

interface Observed {
  readonly one: Held;
  readonly at: number;
  readonly state: 'seen' | 'begin' | 'end';
}

/** Which of a device's competing values held at a moment, and how likely. */
function turnsOf(evidence: Evidence, held: readonly Held[], at: number): { one: Held; share: number }[] {
  const before: Observed[] = [];
  const after: Observed[] = [];
  for (const one of held) {
    const around = evidence.around(one.series, at);
    if (around.before !== undefined) before.push({ one, ...around.before });
    if (around.after !== undefined) after.push({ one, ...around.after });
  }
  const last = before.filter(({ state }) => state !== 'end').sort((a, b) => b.at - a.at);
  const next = after.filter(({ state }) => state !== 'begin').sort((a, b) => a.at - b.at);
  // A stated beginning says that until then the value before held, whatever is seen later.
  const stated = after.some(({ state, at: begin }) => state === 'begin' && begin <= (next[0]?.at ?? begin));
  const later = stated && last.length > 0 ? [] : next;
  const candidates = [...new Set([...readingOf(last), ...readingOf(later)].map(({ one }) => one))];
  if (candidates.length <= 1) return candidates.map((one) => ({ one, share: 1 }));
  return candidates.map((one) => ({ one, share: shareOf(one, last[0], later[0], at, candidates.length) }));
}

/** The first observation and those of the same reading. A statement of a change is no reading: it stands alone. */
function readingOf(observed: readonly Observed[]): readonly Observed[] {
  const [first] = observed;
  if (first === undefined || first.state === 'begin') return observed.slice(0, 1);
  return observed.filter(({ at, state }) => state === 'seen' && Math.abs(at - first.at) <= ONE_READING_MS);
}

/** Of two that follow each other the nearer is likelier; those of one reading are equally likely. */
function shareOf(
  one: Held,
  before: Observed | undefined,
  after: Observed | undefined,
  at: number,
  candidates: number,
): number {
  const isTurn = before !== undefined && after !== undefined && before.one !== after.one && after.at > before.at;
  if (candidates > 2 || !isTurn) return 1 / candidates;
  const passed = (at - before.at) / (after.at - before.at);
  return one === before.one ? 1 - passed : passed;
}

function strongestFirst(a: Vote, b: Vote): number {
  return b.odds - a.odds || a.held.num - b.held.num;
}
