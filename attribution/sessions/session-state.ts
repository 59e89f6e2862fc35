import type { Count, ObserverEnd, ObserverRecord, SessionRecord } from '../../store/analysis/session-record';
import { tellsMore } from './applications';
import { addCounts, scaleCount } from './count';

/** One flow row as the assembler sees it: complete, oriented, counters exact. */
export interface Slice {
  readonly flow: number;
  readonly rawSeq: number;
  readonly ordinal: number;
  readonly receivedAt: number;
  readonly key: string;
  readonly scope: string;
  readonly protocol: number;
  readonly a: string;
  readonly b: string;
  readonly aPort: number | null;
  readonly bPort: number | null;
  readonly fromA: boolean;
  readonly exporter: string;
  readonly domain: number;
  readonly flowDirection: number | null;
  readonly inIf: number | null;
  readonly outIf: number | null;
  readonly connectionId: string | null;
  readonly start: number;
  readonly end: number;
  readonly bytes: Count | null;
  readonly packets: Count | null;
  readonly replyBytes: Count | null;
  readonly replyPackets: Count | null;
  readonly tcpFlags: number | null;
  readonly replyTcpFlags: number | null;
  /** What this row says of the end. */
  readonly ended: ObserverEnd;
  /** The counts are the connection's totals (NSEL teardown), not an addition. */
  readonly totals: boolean;
  /** The counts hold only what earlier rows of the connection did not count, in whatever order they came. */
  readonly summable: boolean;
  readonly stated: 'a' | 'b' | null;
  readonly rate: number;
  readonly prescaled: boolean;
  readonly natA: string | null;
  readonly natAPort: number | null;
  readonly natB: string | null;
  readonly natBPort: number | null;
  readonly user: string | null;
  readonly application: string | null;
  readonly payload: string | null;
}

/** Vantage points of one session that are told apart: exporters' addresses can be forged without end. */
const MAX_OBSERVERS = 64;

const END_WEIGHT: Readonly<Record<ObserverEnd, number>> = {
  none: 0,
  end_reason: 1,
  fin: 2,
  rst: 3,
  teardown: 4,
  denied: 5,
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What one vantage point has told of one direction so far. */
export type ObserverState = Mutable<ObserverRecord>;

/** A session while it can grow. Everything here is in `ascribe.db`, so that it can be taken up again after a restart. */
export class SessionState {
  readonly observers: ObserverState[] = [];
  natA: string | null = null;
  natAPort: number | null = null;
  natB: string | null = null;
  natBPort: number | null = null;
  user: string | null = null;
  application: string | null = null;
  payload: string | null = null;
  stated: 'a' | 'b' | null = null;
  slices = 0;
  revision = 0;
  lastReceived = Number.NEGATIVE_INFINITY;
  touchedAt = 0;
  cut = false;
  /** Not in the store yet. */
  fresh = true;

  constructor(
    readonly num: number,
    readonly id: string,
    readonly key: string,
    readonly scope: string,
    readonly protocol: number,
    readonly a: string,
    readonly aPort: number | null,
    readonly b: string,
    readonly bPort: number | null,
    readonly firstSeq: number,
    readonly firstOrdinal: number,
    readonly firstFromA: boolean,
  ) {}

  /** Takes a session up as the store has it. */
  static from(record: SessionRecord, key: string): SessionState {
    const { num, id, scope, protocol, a, aPort, b, bPort, firstSeq, firstOrdinal, firstFromA } = record;
    const state = new SessionState(
      num,
      id,
      key,
      scope,
      protocol,
      a,
      aPort,
      b,
      bPort,
      firstSeq,
      firstOrdinal,
      firstFromA,
    );
    const { natA, natAPort, natB, natBPort, user, stated, slices, revision, lastReceived, touchedAt, cut } = record;
    const { application, payload } = record;
    Object.assign(state, {
      natA,
      natAPort,
      natB,
      natBPort,
      user,
      application,
      payload,
      stated,
      slices,
      revision,
      lastReceived,
      touchedAt,
      cut,
    });
    for (const observer of record.observers) state.observers.push({ ...observer });
    state.fresh = false;
    return state;
  }

  get start(): number {
    return this.observers.reduce((least, { start }) => Math.min(least, start), Number.POSITIVE_INFINITY);
  }

  get end(): number {
    return this.observers.reduce((most, { end }) => Math.max(most, end), Number.NEGATIVE_INFINITY);
  }

  get ended(): ObserverEnd {
    return this.observers.reduce<ObserverEnd>((most, { ended }) => heavier(most, ended), 'none');
  }

  /** Adds a row. Returns the number of the observer that told it; null beyond `MAX_OBSERVERS`, whose counts are left out. */
  add(slice: Slice): number | null {
    const observer = this.#observe(slice, slice.fromA, slice.bytes, slice.packets);
    if (slice.replyBytes !== null || slice.replyPackets !== null) {
      this.#observe(slice, !slice.fromA, slice.replyBytes, slice.replyPackets);
    }
    this.slices++;
    this.stated ??= slice.stated;
    this.natA ??= slice.natA;
    this.natAPort ??= slice.natAPort;
    this.natB ??= slice.natB;
    this.natBPort ??= slice.natBPort;
    this.user ??= slice.user;
    this.payload ??= slice.payload;
    if (tellsMore(slice.application, this.application)) this.application = slice.application;
    this.lastReceived = Math.max(this.lastReceived, slice.receivedAt);
    return observer;
  }

  #observe(slice: Slice, fromA: boolean, bytes: Count | null, packets: Count | null): number | null {
    const own = fromA === slice.fromA;
    const observer = this.#observerOf(slice, fromA);
    if (observer === undefined) return null;
    const flags = own ? ownFlags(slice) : slice.replyTcpFlags;
    if (flags !== null) {
      if (observer.firstFlags === null || slice.start < observer.start) observer.firstFlags = flags;
      observer.tcpFlags = (observer.tcpFlags ?? 0) | flags;
    }
    count(observer, slice, bytes, packets);
    observer.start = Math.min(observer.start, slice.start);
    observer.end = Math.max(observer.end, slice.end);
    observer.ended = heavier(observer.ended, slice.ended);
    observer.connectionId ??= slice.connectionId;
    return observer.number;
  }

  #observerOf(slice: Slice, fromA: boolean): ObserverState | undefined {
    const meteredAt = fromA === slice.fromA ? meteringInterface(slice) : null;
    const known = this.observers.find(
      (observer) =>
        observer.fromA === fromA &&
        observer.exporter === slice.exporter &&
        observer.domain === slice.domain &&
        observer.flowDirection === slice.flowDirection &&
        (fromA !== slice.fromA || meteringInterface(observer) === meteredAt),
    );
    if (known !== undefined) return known;
    return this.observers.length < MAX_OBSERVERS ? this.#newObserver(slice, fromA) : undefined;
  }

  #newObserver(slice: Slice, fromA: boolean): ObserverState {
    const own = fromA === slice.fromA;
    const observer: ObserverState = {
      number: this.observers.length,
      fromA,
      exporter: slice.exporter,
      domain: slice.domain,
      flowDirection: slice.flowDirection,
      inIf: own ? slice.inIf : slice.outIf,
      outIf: own ? slice.outIf : slice.inIf,
      connectionId: slice.connectionId,
      bytes: null,
      packets: null,
      bytesEstimate: null,
      packetsEstimate: null,
      sampling: 'none',
      start: slice.start,
      end: slice.end,
      tcpFlags: null,
      firstFlags: null,
      ended: 'none',
      counted: false,
    };
    this.observers.push(observer);
    return observer;
  }
}

/** The interface at which packets are counted: the way out for egress metering (IE 61 = 1), else the way in. */
function meteringInterface(of: Pick<Slice, 'flowDirection' | 'inIf' | 'outIf'>): number | null {
  return of.flowDirection === 1 ? of.outIf : of.inIf;
}

/** Flags of a row that tells both directions are of both, unless it tells them apart: then nobody knows who sent them. */
function ownFlags({ tcpFlags, replyTcpFlags, replyPackets }: Slice): number | null {
  return replyPackets === null || replyTcpFlags !== null ? tcpFlags : null;
}

/** A teardown states the connection's totals; what updates added before, or add after, is already in them. */
function count(observer: ObserverState, slice: Slice, bytes: Count | null, packets: Count | null): void {
  if (observer.ended === 'teardown' && slice.connectionId !== null && !slice.summable) return;
  if (slice.totals) {
    observer.bytes = null;
    observer.packets = null;
    observer.bytesEstimate = null;
    observer.packetsEstimate = null;
  }
  observer.bytes = addCounts(observer.bytes, bytes);
  observer.packets = addCounts(observer.packets, packets);
  observer.bytesEstimate = addCounts(observer.bytesEstimate, scaleCount(bytes, slice.rate));
  observer.packetsEstimate = addCounts(observer.packetsEstimate, scaleCount(packets, slice.rate));
  if (slice.prescaled) observer.sampling = 'prescaled';
  else if (slice.rate > 1) observer.sampling = 'sampled';
}

function heavier(left: ObserverEnd, right: ObserverEnd): ObserverEnd {
  return END_WEIGHT[right] > END_WEIGHT[left] ? right : left;
}
