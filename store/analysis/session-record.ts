/**
 * A session as `ascribe.db` keeps it: what the assembler states and the writer stores. `a` and `b` are its two ends in
 * the order of their address bytes and ports; which of them began it is `initiator`.
 */

/** A 64-bit count: a number while exact, bigint beyond 2^53. */
export type Count = number | bigint;

/** How the direction was decided; see `docs/schema.md`. */
export type SessionDirectionSource = 'stated' | 'first_packet' | 'port' | 'unknown';

/** `denied`: refused by the device that says so. `attempt`: only opening packets. `ended`: an end was told. `open`: none was. */
export type SessionState = 'open' | 'ended' | 'denied' | 'attempt';

/** How the end was told. */
export type SessionEndSource = 'fin' | 'rst' | 'teardown' | 'end_reason' | 'none';

/** Seen from the home networks; `unknown` where it depends on who began and that is not known. */
export type NetworkDirection = 'outbound' | 'inbound' | 'internal' | 'transit' | 'unknown';

export type Encrypted = 'yes' | 'no' | 'unknown';

/** Counts of one direction. `null`: nobody counted. */
export interface DirectionTotals {
  readonly bytes: Count | null;
  readonly packets: Count | null;
  /** Counts times sampling rate, where the observer that is counted samples; else null. */
  readonly bytesEstimate: Count | null;
  readonly packetsEstimate: Count | null;
}

/** Everything of a session that can change while it is assembled, with what stays fixed from its first row. */
export interface SessionRecord {
  /** Row number: counts sessions in the order in which they began. */
  readonly num: number;
  /** Public, stable id. */
  readonly id: string;
  readonly scope: string;
  readonly protocol: number;
  /** Upper-case hex of 4 or 16 bytes. */
  readonly a: string;
  readonly b: string;
  readonly aPort: number | null;
  readonly bPort: number | null;
  readonly firstSeq: number;
  readonly firstOrdinal: number;
  /** Flow rows read when this session was last changed, over the whole life of the store: grows with every change. */
  readonly revision: number;
  /** Receive time of the latest row. */
  readonly lastReceived: number;
  readonly start: number;
  readonly end: number;
  readonly initiator: 'a' | 'b';
  readonly directionSource: SessionDirectionSource;
  /** First packet and port knowledge name different initiators. */
  readonly directionConflict: boolean;
  readonly networkDirection: NetworkDirection;
  readonly encrypted: Encrypted;
  readonly encryptedBy: string;
  /** Whether the counts leave room for a TLS handshake; null where that cannot be told. */
  readonly handshakeRoom: boolean | null;
  readonly service: string | null;
  readonly state: SessionState;
  readonly endSource: SessionEndSource;
  /** What `a` sent, and what `b` sent. */
  readonly fromA: DirectionTotals;
  readonly fromB: DirectionTotals;
  readonly tcpFlagsA: number | null;
  readonly tcpFlagsB: number | null;
  readonly natA: string | null;
  readonly natAPort: number | null;
  readonly natB: string | null;
  readonly natBPort: number | null;
  readonly user: string | null;
  /** Application as a record names it. */
  readonly application: string | null;
  /** What the first payload bytes are, where a record tells. */
  readonly payload: string | null;
  readonly sampling: 'none' | 'sampled' | 'prescaled';
  readonly slices: number;
  /** Whether the first row's source is `a`. */
  readonly firstFromA: boolean;
  /** The initiator that a record states. */
  readonly stated: 'a' | 'b' | null;
  /** Latest receive time of any row when this session was last changed: what its age in the assembler counts from. */
  readonly touchedAt: number;
  /** Pushed out of memory while it could still have grown. */
  readonly cut: boolean;
  readonly observers: readonly ObserverRecord[];
}

/** How an observer told the end of its direction; the order is that of weight. */
export type ObserverEnd = 'none' | 'end_reason' | 'fin' | 'rst' | 'teardown' | 'denied';

/** What one vantage point (a metering interface of an exporter's domain) told of one direction of the session. */
export interface ObserverRecord {
  /** Number within the session, from 0. */
  readonly number: number;
  readonly fromA: boolean;
  readonly exporter: string;
  readonly domain: number;
  /** IE 61; null where it is not told. */
  readonly flowDirection: number | null;
  readonly inIf: number | null;
  readonly outIf: number | null;
  readonly connectionId: string | null;
  readonly bytes: Count | null;
  readonly packets: Count | null;
  /** Counts times sampling rate, row by row; equal to the counts where nothing is sampled. */
  readonly bytesEstimate: Count | null;
  readonly packetsEstimate: Count | null;
  readonly sampling: 'none' | 'sampled' | 'prescaled';
  readonly start: number;
  readonly end: number;
  /** All flags; null where no row told any. */
  readonly tcpFlags: number | null;
  /** Flags of the earliest row. */
  readonly firstFlags: number | null;
  readonly ended: ObserverEnd;
  /** The session's totals of this direction are, or contain, this observer's. */
  readonly counted: boolean;
}

/** One flow row's part in a session. */
export interface SliceRecord {
  readonly session: number;
  readonly segment: string;
  readonly flow: number;
  /** Null for a row of one vantage point too many. */
  readonly observer: number | null;
  readonly rawSeq: number;
  readonly ordinal: number;
  /** The row's source is `a`. */
  readonly fromA: boolean;
  readonly start: number;
  readonly end: number;
  readonly bytes: Count | null;
  readonly packets: Count | null;
  readonly replyBytes: Count | null;
  readonly replyPackets: Count | null;
}
