import type { Leg } from '../../store/analysis/evidence-record';
import { accountClaims, type AccountSpan } from './account-claims';
import { bindingClaims } from './binding-claims';
import { EXPORTED_LATE_MS, logSpots } from './blindness';
import { type Weighted, weightsOf } from './confidence';
import { mayBeOuter } from './edge-address';
import type { Evidence } from './evidence';
import { flowClaims, inferredClaims } from './flow-claims';
import { SAME_START_MS } from './priors.data';
import type { SessionTime } from './session-time';
import { timeOf } from './session-time';
import type { TranslationClaim } from './translation-claim';

/** One address that may have begun the session, before translation. */
export interface TrueSource {
  /** Hex. */
  readonly address: string;
  readonly port: number | null;
  readonly scope: string;
  /** What says so, the strongest first. */
  readonly claims: readonly TranslationClaim[];
  /** The session before translation, where it was seen. */
  readonly leg: Leg | undefined;
}

/** Who may stand behind a translated endpoint, and what weakens the answer. */
export interface TrueSources {
  readonly sources: readonly Weighted<TrueSource>[];
  readonly reasons: readonly string[];
}

/** Equal byte counts decide between rivals that time does not tell apart. */
const SAME_BYTES = 0.02;
const BYTES_ODDS = 1.5;

/** All claims about who is behind the session's source, as weighted candidates. */
export function trueSources(
  evidence: Evidence,
  leg: Leg,
  time: SessionTime,
  spans: readonly AccountSpan[],
): TrueSources {
  const told = [
    ...accountClaims(spans, time),
    ...bindingClaims(evidence, leg, time),
    ...flowClaims(evidence, leg, time),
  ].filter(({ inside }) => inside !== leg.src);
  const mayInfer = told.length === 0 && mayBeOuter(evidence, leg);
  const claims = mayInfer ? inferredClaims(evidence, leg, time) : told;
  const doubted = doubtedClaims(evidence, claims, time);
  const sources = electSources(evidence, doubted.claims, leg, time);
  const reasons: string[] = [...doubted.reasons];
  if (mayInfer && claims.length > 0) reasons.push('NAT_INFERRED', 'NO_NAT_LOG');
  if (sources.length > 1) reasons.push(disagree(sources) ? 'NAT_CONFLICT' : 'PORT_REUSE');
  const first = sources[0]?.value.claims;
  if (first !== undefined && first.every(({ withDestination }) => !withDestination)) reasons.push('NO_NAT_DESTINATION');
  return { sources, reasons };
}

/** How much of a claim is left when the one who would contradict it could not be heard. */
const UNCONTRADICTED = 0.75;

/**
 * Claims that rest on what nobody else said: that an endpoint was not given to another meanwhile, that no other session fits.
 * Where logs or flow records are missing at the time, they weigh less.
 */
function doubtedClaims(evidence: Evidence, claims: readonly TranslationClaim[], time: SessionTime) {
  const reasons = new Set<string>();
  const left = claims.map((claim): TranslationClaim => {
    if (claim.class === 'nat-inference') {
      if (!evidence.anyBlind('flow', time.start, time.start + EXPORTED_LATE_MS)) return claim;
      reasons.add('FLOW_GAP');
    } else {
      if (claim.withDestination || logSpots(evidence, claim.device, time).length === 0) return claim;
      reasons.add('LOG_GAP');
    }
    return { ...claim, odds: claim.odds * UNCONTRADICTED };
  });
  return { claims: left, reasons: [...reasons] };
}

function electSources(evidence: Evidence, claims: readonly TranslationClaim[], leg: Leg, time: SessionTime) {
  const byInside = new Map<string, TranslationClaim[]>();
  for (const claim of claims) {
    const same = byInside.get(claim.inside);
    if (same === undefined) byInside.set(claim.inside, [claim]);
    else same.push(claim);
  }
  const isContested = byInside.size > 1;
  const votes = [...byInside].map(([address, all]) => {
    const sorted = all.sort(strongestFirst);
    const odds = oddsOf(sorted) + (isContested ? bytesOdds(sorted, leg) : 0);
    return { value: sourceOf(evidence, address, sorted, leg, time), odds };
  });
  return weightsOf(evenAmongHolders(votes, time));
}

/** Equally strong ones by what they are, and not by when they came: the chain is to be the same in any order of arrival. */
function strongestFirst(a: TranslationClaim, b: TranslationClaim): number {
  const [one, other] = [a, b].map(({ class: name, device }) => `${name} ${device}`) as [string, string];
  return b.odds - a.odds || (one < other ? -1 : one > other ? 1 : b.rawSeqs[0]! - a.rawSeqs[0]!);
}

interface SourceVote {
  readonly value: TrueSource;
  readonly odds: number;
}

/**
 * A session in whose midst the translated port went on to another inside address is of all its holders then (datagrams to
 * one destination have no beginning that would part them): how well a claim fits its first packet speaks for none of them.
 */
function evenAmongHolders(votes: readonly SourceVote[], time: SessionTime): readonly SourceVote[] {
  const tolerance = SAME_START_MS + 2 * time.residual;
  const [first, last] = [time.start + tolerance, time.end - tolerance];
  const holds = ({ withDestination, from, to }: TranslationClaim): boolean =>
    withDestination && from !== null && from < last && (to === null || to > time.start - tolerance);
  const holders = votes.filter(({ value }) => value.claims.some(holds));
  const changed = holders.some(({ value }) => value.claims.some((claim) => holds(claim) && claim.from! > first));
  if (holders.length < 2 || !changed) return votes;
  const odds = Math.min(...holders.map((holder) => holder.odds));
  return votes.map((vote) => (holders.includes(vote) ? { ...vote, odds: Math.min(vote.odds, odds) } : vote));
}

/** A device speaks once in each class, however many of its lines say the same. */
function oddsOf(claims: readonly TranslationClaim[]): number {
  const best = new Map<string, number>();
  for (const claim of claims) {
    const speaker = `${claim.device} ${claim.class}`;
    best.set(speaker, Math.max(best.get(speaker) ?? Number.NEGATIVE_INFINITY, claim.odds));
  }
  return [...best.values()].reduce((sum, odds) => sum + odds, 0);
}

function bytesOdds(claims: readonly TranslationClaim[], leg: Leg): number {
  if (leg.sampling !== 'none' || leg.srcBytes === null || leg.dstBytes === null) return 0;
  const own = leg.srcBytes + leg.dstBytes;
  const counted = claims.flatMap(({ bytes }) => bytes ?? []);
  if (counted.length === 0 || own === 0) return 0;
  const isEqual = counted.some((bytes) => Math.abs(bytes - own) <= SAME_BYTES * Math.max(bytes, own));
  return isEqual ? BYTES_ODDS : -BYTES_ODDS;
}

function sourceOf(
  evidence: Evidence,
  address: string,
  claims: readonly TranslationClaim[],
  leg: Leg,
  time: SessionTime,
): TrueSource {
  const port = claims.find(({ insidePort }) => insidePort !== null)?.insidePort ?? null;
  const told = claims.find((claim) => claim.leg !== undefined)?.leg;
  const called =
    claims.find(({ account }) => account !== undefined && account.natDst !== null)?.account?.dst ?? leg.dst;
  const found = told ?? (port === null ? undefined : legFrom(evidence, { address, port, called }, leg, time));
  const scope = found?.scope ?? claims.find((claim) => claim.scope !== undefined)?.scope ?? leg.scope;
  return { address, port: port ?? found?.srcPort ?? null, scope, claims, leg: found };
}

/** The session that the inside endpoint began at the same time to the same destination, as it called it. */
function legFrom(
  evidence: Evidence,
  { address, port, called }: { readonly address: string; readonly port: number; readonly called: string },
  leg: Leg,
  time: SessionTime,
): Leg | undefined {
  const around = SAME_START_MS + 15_000;
  let nearest: Leg | undefined;
  let least = Number.POSITIVE_INFINITY;
  const near = evidence.flowOffsets(time.start).flatMap((offset) => {
    return evidence.sessionsFrom(address, port, time.start + offset - around, time.end + offset + around);
  });
  for (const other of near) {
    const isTo = other.dst === leg.dst || other.natDst === leg.dst || other.dst === called;
    const isSame = other.protocol === leg.protocol && isTo;
    if (!isSame || other.num === leg.num) continue;
    const own = timeOf(evidence, other);
    const apart = Math.abs(own.start - time.start);
    const overlaps = own.start <= time.end + own.residual && own.end >= time.start - own.residual;
    if ((apart > SAME_START_MS + own.residual + time.residual && !overlaps) || apart >= least) continue;
    least = apart;
    nearest = other;
  }
  return nearest;
}

/** Whether the candidates are told by different devices or classes, and not by one that gave a port away again at once. */
function disagree(sources: readonly Weighted<TrueSource>[]): boolean {
  const [first, second] = sources;
  if (first === undefined || second === undefined) return false;
  const speakers = new Set(first.value.claims.map((claim) => `${claim.device} ${claim.class}`));
  return second.value.claims.every((claim) => !speakers.has(`${claim.device} ${claim.class}`));
}
