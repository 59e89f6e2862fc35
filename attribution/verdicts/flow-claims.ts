import type { Leg } from '../../store/analysis/evidence-record';
import { logOdds } from './confidence';
import { mayBeOuter, mayTranslate } from './edge-address';
import type { Evidence } from './evidence';
import { PRIORS, SAME_START_MS } from './priors.data';
import { timeOf, type SessionTime } from './session-time';
import { claimOdds, fitOf, type TranslationClaim } from './translation-claim';

/** Both flows of a session begin within this time, ms: clocks scatter, and an exporter may have missed the first packets. */
const AROUND_MS = 15_000;

/** IP and TCP lengths do not change in a translation; what exporters count at a session's edges differs a little. */
const SAME_COUNT = 0.02;

/** Packets of both directions from which on the counts of a session are its own. */
const LEAST_TELLING = 8;

/** What is left of an inference about less, where the address has sessions of its own: not enough to name anybody. */
const SMALL_TALK = 0.3;

/** Sessions whose own flow records say that the endpoint is their translated source. */
export function flowClaims(evidence: Evidence, leg: Leg, time: SessionTime): TranslationClaim[] {
  const near = evidence.flowOffsets(time.start).flatMap((offset) => {
    const from = time.start + offset - AROUND_MS;
    // To its end: datagrams of the next holder of the port may be in it.
    const to = time.end + offset + AROUND_MS;
    const withPort = evidence.translatedSessions(leg.src, leg.srcPort, from, to);
    return withPort.length > 0 || leg.srcPort === null
      ? withPort
      : evidence.translatedSessions(leg.src, null, from, to);
  });
  const inside = [...new Map(near.map((other) => [other.num, other])).values()];
  return inside.flatMap((other) => claimOfFlow(evidence, other, leg, time) ?? []);
}

function claimOfFlow(evidence: Evidence, inside: Leg, leg: Leg, time: SessionTime): TranslationClaim | undefined {
  if (inside.num === leg.num || inside.protocol !== leg.protocol) return undefined;
  const direct = inside.dst === leg.dst && inside.dstPort === leg.dstPort;
  const translated = inside.natDst === leg.dst && (inside.natDstPort ?? inside.dstPort) === leg.dstPort;
  if (!direct && !translated) return undefined;
  if (inside.natSrcPort === null && inside.srcPort !== leg.srcPort) return undefined;
  const own = timeOf(evidence, inside);
  const residual = inside.exporter === leg.exporter ? 0 : own.residual + time.residual;
  const span = { from: own.start, to: own.end, tick: 0 };
  const fit = fitOf(span, { start: time.start, end: time.end, residual }, false);
  if (fit === undefined) return undefined;
  return { ...flowClaim(inside, own, 'nat-flow'), odds: claimOdds('nat-flow', fit), withDestination: true };
}

/**
 * The one session from inside whose destination, time and counters fit a session seen outside. Where several fit, or the one
 * fits several sessions outside, all are given: together they weigh too little to be named.
 */
export function inferredClaims(evidence: Evidence, leg: Leg, time: SessionTime): TranslationClaim[] {
  const tolerance = SAME_START_MS + 2 * time.residual;
  const inside = aroundStart(evidence, leg, time.start, tolerance, 'inside').filter(
    (other) => isInside(evidence, other, leg) && isCloseTo(evidence, other, leg) && countsFit(other, leg),
  );
  if (inside.length === 0) return [];
  const odds = logOdds(PRIORS['nat-inference']);
  const share = leg.networkDirection === 'transit' || isTelling(leg) ? 1 : SMALL_TALK;
  return inside.map((other) => {
    const own = timeOf(evidence, other);
    const shared = rivalsOf(evidence, other, leg, own, tolerance);
    return {
      ...flowClaim(other, own, 'nat-inference'),
      odds: odds * share - Math.log(1 + shared) * 2,
      withDestination: true,
    };
  });
}

/** Sessions to the destination that began then by their own exporter's clock. */
function aroundStart(
  evidence: Evidence,
  leg: Leg,
  start: number,
  tolerance: number,
  side: 'inside' | 'outside',
): Leg[] {
  const found = evidence.flowOffsets(start).flatMap((offset) => {
    const from = start + offset - tolerance;
    const to = start + offset + tolerance;
    const { dst, dstPort } = leg;
    if (side === 'outside' && leg.networkDirection === 'transit') return evidence.transitTo(dst, dstPort, from, to);
    const all = evidence.sessionsTo(dst, dstPort, from, to);
    return side === 'inside' ? all : all.filter((other) => mayBeOuter(evidence, other));
  });
  return [...new Map(found.map((other) => [other.num, other])).values()];
}

/** Sessions outside that the inside session would fit as well. */
function rivalsOf(evidence: Evidence, inside: Leg, leg: Leg, own: SessionTime, tolerance: number): number {
  const { networkDirection } = leg;
  return aroundStart(evidence, { ...inside, networkDirection }, own.start, tolerance, 'outside').filter(
    (other) => other.num !== leg.num && isCloseTo(evidence, inside, other) && countsFit(inside, other),
  ).length;
}

function isInside(evidence: Evidence, other: Leg, leg: Leg): boolean {
  const isTranslatedElsewhere = other.natSrc !== null && other.natSrc !== leg.src;
  return (
    other.protocol === leg.protocol &&
    other.src !== leg.src &&
    evidence.isHome(other.src) &&
    !isTranslatedElsewhere &&
    !isSeenAlike(other, leg) &&
    !(leg.networkDirection !== 'transit' && mayTranslate(evidence, other.src))
  );
}

/** Two sessions that one exporter saw come in by one interface are two: no translation lies between them. */
function isSeenAlike(other: Leg, leg: Leg): boolean {
  return leg.networkDirection !== 'transit' && other.exporter === leg.exporter && other.inIf === leg.inIf;
}

/** A question and an answer look like any other: only more packets make equal counts say something. */
function isTelling({ srcPackets, dstPackets }: Leg): boolean {
  return (srcPackets ?? 0) + (dstPackets ?? 0) >= LEAST_TELLING;
}

function isCloseTo(evidence: Evidence, inside: Leg, leg: Leg): boolean {
  const [one, other] = [timeOf(evidence, inside), timeOf(evidence, leg)];
  const residual = inside.exporter === leg.exporter ? 0 : one.residual + other.residual;
  return Math.abs(one.start - other.start) <= SAME_START_MS + residual;
}

/** Equal within 2 % or one packet, in every count that both sides have; sampled counts tell nothing. */
function countsFit(one: Leg, other: Leg): boolean {
  if (one.sampling !== 'none' || other.sampling !== 'none') return false;
  const pairs = [
    [one.srcPackets, other.srcPackets],
    [one.dstPackets, other.dstPackets],
  ] as const;
  const known = pairs.filter(([left, right]) => left !== null && right !== null);
  const sizes = [
    [one.srcBytes, other.srcBytes],
    [one.dstBytes, other.dstBytes],
  ] as const;
  const close = (left: number, right: number, slack: number): boolean =>
    Math.abs(left - right) <= Math.max(slack, SAME_COUNT * Math.max(left, right));
  return (
    known.length > 0 &&
    known.every(([left, right]) => close(left!, right!, 1)) &&
    sizes.every(([left, right]) => left === null || right === null || close(left, right, 80))
  );
}

function flowClaim(inside: Leg, time: SessionTime, name: 'nat-flow' | 'nat-inference') {
  const bytes = (inside.srcBytes ?? 0) + (inside.dstBytes ?? 0);
  return {
    class: name,
    inside: inside.src,
    insidePort: inside.srcPort,
    scope: inside.scope,
    device: inside.exporter,
    parser: 'flow',
    from: time.start,
    to: time.end,
    offset: time.offset,
    rawSeqs: [inside.firstSeq],
    bytes: bytes > 0 ? bytes : null,
    account: undefined,
    leg: inside,
  } as const;
}
