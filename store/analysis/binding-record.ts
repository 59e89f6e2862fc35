export type { BindingRelation } from '../../normalizer/model/facts';

/** What makes observations one series: the same statement by the same source. */
export interface BindingIdentity {
  readonly relation: string;
  /** Site or VRF in which the addresses are meant; '' when none is known. */
  readonly scope: string;
  readonly key: string;
  readonly value: string;
  /** Where a translation holds for one destination only, `address:port`; else ''. */
  readonly destination: string;
  readonly device: string;
  readonly parser: string;
}

/** One observation of a series. Times in epoch ms. */
export interface BindingMark {
  readonly at: number;
  readonly rawSeq: number;
  /** `segmentNumber` of the facts segment. */
  readonly segment: number;
  /** `id` in that segment's `binding`. */
  readonly fact: number;
  readonly state: 'seen' | 'begin' | 'end';
  /** Held until, as the source states it. */
  readonly validUntil: number | null;
  readonly receivedAt: number;
  /** What it says beside key and value, JSON; undefined when it was read back: it is in the facts alone. */
  readonly extra?: string | null | undefined;
}

/** How an end of an interval is known: the source said so, its lease runs out, or it is not known. */
export type BeginSource = 'stated' | 'none';
export type EndSource = 'stated' | 'expiry' | 'none';

/**
 * A stretch in which a binding held. It held from `fromHi` to `toLo`, and may have held from `fromLo` to `toHi`. Of an end
 * without a beginning only the last moment is certain.
 */
export interface BindingInterval {
  fromLo: number;
  fromHi: number;
  toLo: number;
  toHi: number;
  beginSource: BeginSource;
  endSource: EndSource;
  firstObserved: number;
  lastObserved: number;
  observations: number;
  firstSeq: number;
  firstSegment: number;
  lastSeq: number;
  lastSegment: number;
  lastFact: number;
  /** Receive time of the first record that told of it, by our clock. */
  recordedAt: number;
  /** Receive time of the latest record that told of it. */
  lastRecordedAt: number;
  /** Receive time of the record that told its end; null while nothing did. */
  endRecordedAt: number | null;
  /** `extra` of the latest observation; undefined while it has not been looked up. */
  extra?: string | null | undefined;
}

/** An interval with its place in the database. */
export interface StoredInterval extends BindingInterval {
  readonly num: number;
}

const HOUR_MS = 3_600_000;
const SERIALS = 1_000_000_000;

/** A segment name as a number that is the same in every database: hours since 1970 and the number within the hour. */
export function segmentNumber(name: string): number {
  const hour = Date.parse(`${name.slice(0, 13)}:00:00Z`) / HOUR_MS;
  return hour * SERIALS + Number(name.slice(14));
}

/** The name of which `segmentNumber` made a number. */
export function segmentName(number: number): string {
  const hour = new Date(Math.floor(number / SERIALS) * HOUR_MS).toISOString().slice(0, 13);
  return `${hour}-${String(number % SERIALS).padStart(3, '0')}`;
}
