import type {
  Count,
  DirectionTotals,
  ObserverEnd,
  SessionEndSource,
  SessionRecord,
  SessionState as State,
} from '../../store/analysis/session-record';
import { addCounts } from './count';
import { decideDirection } from './direction';
import { judgeEncryption } from './encryption';
import type { HomeNetworks } from './home-networks';
import { FIN, RST, SYN } from './session-match';
import type { ObserverState, SessionState } from './session-state';

/** What a session's public columns are derived with. */
export interface ViewContext {
  readonly home: HomeNetworks;
  /** Receive time of the first record of an observer's exporter and domain. */
  readonly heardSince: (observer: ObserverState) => number;
}

/** Derives the stored record: who began, totals, end, encryption. Marks the observers that are counted. */
export function recordOf(session: SessionState, context: ViewContext): SessionRecord {
  for (const observer of session.observers) observer.counted = false;
  const fromA = totals(session.observers.filter((observer) => observer.fromA));
  const fromB = totals(session.observers.filter((observer) => !observer.fromA));
  const direction = decideDirection(session, context.heardSince);
  const [source, destination] = direction.initiator === 'a' ? [session.a, session.b] : [session.b, session.a];
  const state = stateOf(session);
  const sampling = samplingOf(session);
  const whole = sampling === 'none';
  const sent = { fromA: whole ? fromA.bytes : null, fromB: whole ? fromB.bytes : null };
  const encryption = judgeEncryption(session, direction, state, sent);
  return {
    ...identityOf(session),
    ...growthOf(session),
    fromA,
    fromB,
    state,
    sampling,
    start: session.start,
    end: session.end,
    initiator: direction.initiator,
    directionSource: direction.source,
    directionConflict: direction.conflict,
    networkDirection: context.home.direction(source, destination, direction.source !== 'unknown'),
    encrypted: encryption.encrypted,
    encryptedBy: encryption.by,
    handshakeRoom: encryption.handshakeRoom,
    service: encryption.service,
    endSource: endSourceOf(session.ended),
    tcpFlagsA: flagsOf(session, true),
    tcpFlagsB: flagsOf(session, false),
    observers: session.observers,
  };
}

type Identity =
  'num' | 'id' | 'scope' | 'protocol' | 'a' | 'b' | 'aPort' | 'bPort' | 'firstSeq' | 'firstOrdinal' | 'firstFromA';
type Growth =
  | 'revision'
  | 'lastReceived'
  | 'touchedAt'
  | 'stated'
  | 'slices'
  | 'cut'
  | 'user'
  | 'application'
  | 'payload'
  | 'natA'
  | 'natAPort'
  | 'natB'
  | 'natBPort';

function identityOf(session: SessionState): Pick<SessionRecord, Identity> {
  const { num, id, scope, protocol, a, b, aPort, bPort, firstSeq, firstOrdinal, firstFromA } = session;
  return { num, id, scope, protocol, a, b, aPort, bPort, firstSeq, firstOrdinal, firstFromA };
}

function growthOf(session: SessionState): Pick<SessionRecord, Growth> {
  const { revision, lastReceived, touchedAt, stated, slices, cut, user, natA, natAPort, natB, natBPort } = session;
  const { application, payload } = session;
  const nat = { natA, natAPort, natB, natBPort };
  return { revision, lastReceived, touchedAt, stated, slices, cut, user, application, payload, ...nat };
}

/**
 * Copies of one direction are never added up: the best group counts. A group is one exporter's domain; within it, on one
 * clock, records of different interfaces that do not overlap in time are different packets (the path changed), those
 * that overlap are copies. Unsampled groups win over sampled ones, then more bytes, then the earlier observer.
 */
function totals(observers: readonly ObserverState[]): DirectionTotals {
  const groups = new Map<string, ObserverState[]>();
  for (const observer of observers) {
    const name = `${observer.exporter} ${observer.domain}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [observer]);
    else group.push(observer);
  }
  let best: DirectionTotals & { readonly sampled: boolean; readonly members: readonly ObserverState[] } = EMPTY;
  for (const group of groups.values()) {
    const sum = sumOf(withoutCopies(group));
    if (best.members.length === 0 || isBetter(sum, best)) best = sum;
  }
  for (const observer of best.members) observer.counted = true;
  const { bytes, packets, sampled } = best;
  return {
    bytes,
    packets,
    bytesEstimate: sampled ? best.bytesEstimate : null,
    packetsEstimate: sampled ? best.packetsEstimate : null,
  };
}

type Sum = DirectionTotals & { readonly sampled: boolean; readonly members: readonly ObserverState[] };

const EMPTY: Sum = {
  bytes: null,
  packets: null,
  bytesEstimate: null,
  packetsEstimate: null,
  sampled: false,
  members: [],
};

function withoutCopies(group: readonly ObserverState[]): readonly ObserverState[] {
  if (group.length === 1) return group;
  const chosen: ObserverState[] = [];
  for (const observer of [...group].sort(byWeight)) {
    if (chosen.every(({ start, end }) => observer.start > end || observer.end < start)) chosen.push(observer);
  }
  return chosen;
}

function byWeight(left: ObserverState, right: ObserverState): number {
  const [more, less] = [left.bytesEstimate ?? -1, right.bytesEstimate ?? -1];
  return more === less ? left.number - right.number : more > less ? -1 : 1;
}

function sumOf(members: readonly ObserverState[]): Sum {
  const sum = (of: (observer: ObserverState) => Count | null): Count | null =>
    members.reduce<Count | null>((total, observer) => addCounts(total, of(observer)), null);
  return {
    bytes: sum(({ bytes }) => bytes),
    packets: sum(({ packets }) => packets),
    bytesEstimate: sum(({ bytesEstimate }) => bytesEstimate),
    packetsEstimate: sum(({ packetsEstimate }) => packetsEstimate),
    sampled: members.some(({ sampling }) => sampling !== 'none'),
    members,
  };
}

function isBetter(left: Sum, right: Sum): boolean {
  if (left.bytesEstimate === null || right.bytesEstimate === null)
    return right.bytesEstimate === null && left.bytesEstimate !== null;
  if (left.sampled !== right.sampled) return right.sampled;
  return left.bytesEstimate > right.bytesEstimate;
}

function samplingOf(session: SessionState): SessionRecord['sampling'] {
  const counted = session.observers.filter((observer) => observer.counted);
  if (counted.some(({ sampling }) => sampling === 'sampled')) return 'sampled';
  return counted.some(({ sampling }) => sampling === 'prescaled') ? 'prescaled' : 'none';
}

/** An attempt is a TCP session of which every exporter that tells flags saw opening packets, or their refusal, alone. */
function stateOf(session: SessionState): State {
  if (session.ended === 'denied') return 'denied';
  const flags = session.observers.map(({ tcpFlags }) => tcpFlags);
  const opening = flags.every((seen) => seen !== null && isOpening(seen));
  if (session.protocol === 6 && opening) return 'attempt';
  return session.ended === 'none' ? 'open' : 'ended';
}

/** SYN alone, or what answers it without letting it in: RST, RST|ACK. */
function isOpening(flags: number): boolean {
  const told = flags & (FIN | SYN | RST | PSH | ACK);
  return told === SYN || told === RST || told === (RST | ACK);
}

const PSH = 0x08;
const ACK = 0x10;

function endSourceOf(ended: ObserverEnd): SessionEndSource {
  return ended === 'denied' ? 'teardown' : ended;
}

function flagsOf(session: SessionState, fromA: boolean): number | null {
  let flags: number | null = null;
  for (const observer of session.observers) {
    if (observer.fromA === fromA && observer.tcpFlags !== null) flags = (flags ?? 0) | observer.tcpFlags;
  }
  return flags;
}
