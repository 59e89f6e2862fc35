import { binomialTail } from './binomial';

/** A session of a relay as far as the test needs it. Times epoch ms, bytes as counted. */
export interface RelayLeg {
  readonly start: number;
  readonly end: number;
  /** Bytes of who began it, and of the other side. */
  readonly sent: number;
  readonly received: number;
}

/** How well the sessions out of a machine follow those into it. */
export interface RelayTest<Leg extends RelayLeg> {
  /** Sessions out, and those of them with a session in of equal time, length and bytes. */
  readonly of: number;
  readonly matched: number;
  /** Probability that so many match although both keep their own time: the best of the same sessions out, moved in time. */
  readonly timeChance: number;
  /** Probability that so many match although their sizes have nothing to do with each other: sizes of other pairs. */
  readonly sizeChance: number;
  /** The sessions in that match, one for each of the sessions out that has one. */
  readonly inner: readonly Leg[];
}

/** The session in begins before the one out, or after it as far as clocks scatter, ms. */
const BEFORE = 5000;
const AFTER = 1000;
/** Encryption and handshakes of the one side are not those of the other. */
const SHARE = 0.15;
const SLACK_BYTES = 600;
const SLACK_MS = 2000;
/** Moves in time that no relay has, ms; those by the series' own pauses come beside them. */
const MOVES = [-61_000, -29_000, -13_000, 13_000, 29_000, 61_000];
const PAUSES = [-3, -2, -1, 1, 2, 3];

/**
 * Compares sessions out (`outer`) with sessions into the same machine (`inner`), both ascending by start. Two statistics, because each is
 * blind where the other sees: programs that keep the same period meet at every beat, so time proves nothing of them; sizes that
 * are always the same prove nothing either.
 */
export function relayTest<Leg extends RelayLeg>(outer: readonly RelayLeg[], inner: readonly Leg[]): RelayTest<Leg> {
  const pairs = outer.map((leg) => matchOf(leg, inner, 0));
  const matches = pairs.flatMap((leg) => leg ?? []);
  const matched = matches.length;
  const moved = movesOf(outer).map((move) => outer.filter((leg) => matchOf(leg, inner, move) !== undefined).length);
  const byTime = Math.max(1 / (outer.length + 1), ...moved.map((count) => count / outer.length));
  const bySize = sizeShare(outer, pairs);
  return {
    of: outer.length,
    matched,
    timeChance: binomialTail(outer.length, matched, byTime),
    sizeChance: binomialTail(outer.length, matched, bySize),
    inner: matches,
  };
}

function matchOf<Leg extends RelayLeg>(outer: RelayLeg, inner: readonly Leg[], move: number): Leg | undefined {
  const from = outer.start + move - BEFORE;
  const to = outer.start + move + AFTER;
  let best: Leg | undefined;
  for (let i = firstFrom(inner, from); i < inner.length; i++) {
    const leg = inner[i]!;
    if (leg.start > to) break;
    if (!isAlike(outer, leg)) continue;
    const isNearer = best === undefined || Math.abs(leg.start - outer.start) < Math.abs(best.start - outer.start);
    if (isNearer) best = leg;
  }
  return best;
}

/** Place of the first that begins at or after a time. */
function firstFrom(legs: readonly RelayLeg[], time: number): number {
  let [low, high] = [0, legs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (legs[middle]!.start < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isAlike(a: RelayLeg, b: RelayLeg): boolean {
  const [first, second] = [a.end - a.start, b.end - b.start];
  return (
    near(a.sent, b.sent, SLACK_BYTES) && near(a.received, b.received, SLACK_BYTES) && near(first, second, SLACK_MS)
  );
}

function near(a: number, b: number, slack: number): boolean {
  return Math.abs(a - b) <= SHARE * Math.max(a, b) + slack;
}

function movesOf(outer: readonly RelayLeg[]): number[] {
  const pauses = outer.slice(1).map(({ start }, i) => start - outer[i]!.start);
  const median = pauses.toSorted((a, b) => a - b)[pauses.length >> 1] ?? 0;
  const own = PAUSES.map((times) => times * median).filter((move) => Math.abs(move) > BEFORE + AFTER);
  return [...MOVES, ...own];
}

/** Share of a session out and the session in of another pair that are alike. */
function sizeShare(outer: readonly RelayLeg[], pairs: readonly (RelayLeg | undefined)[]): number {
  let alike = 0;
  let all = 0;
  outer.forEach((leg, i) => {
    pairs.forEach((inner, j) => {
      if (i === j || inner === undefined) return;
      all++;
      if (isAlike(leg, inner)) alike++;
    });
  });
  return (alike + 1) / (all + 2);
}
