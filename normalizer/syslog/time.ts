import type { TimeQuality } from '../model/facts';
import { ZONE_NAMES } from './zones.data';

/** A device's time as it wrote it. One object is reused for each message: read it before the next. */
export class Stamp {
  /** 0: the device does not say. */
  year = 0;
  /** 1-12. */
  month = 0;
  day = 0;
  hour = 0;
  minute = 0;
  second = 0;
  milli = 0;
  /** Minutes east of UTC where written as a number. */
  offset: number | undefined;
  /** Zone name as written. */
  zone: string | undefined;
  /** Cisco's `*` stood before the time: the clock was never set. */
  unsynced = false;
  /** Cisco's `.` stood before the time: the clock was set, NTP has lost synchronization since. */
  unheld = false;
  /** Time since boot, or no time at all: tells nothing of the date. */
  uptime = false;

  clear(): void {
    this.year = this.month = this.day = this.hour = this.minute = this.second = this.milli = 0;
    this.offset = undefined;
    this.zone = undefined;
    this.unsynced = false;
    this.unheld = false;
    this.uptime = false;
  }
}

/** A device's time in UTC, and how far it can be trusted. */
export interface ResolvedTime {
  /** UTC epoch milliseconds, integer. */
  readonly timestamp: number;
  readonly timeQuality: TimeQuality;
  /** The zone applied or stated; absent when the receive time stands in. */
  readonly timezone: string | undefined;
}

const DAY_MS = 86_400_000;
/** Further than this from the receive time is `skewed`. */
const SKEW_MS = DAY_MS;
/** A time without a year that would lie further ahead than this is a past year's. */
const MAX_AHEAD_MS = 31 * DAY_MS;
/** Zones change only on quarter hours, so an offset holds for a whole one. */
const BUCKET_MS = 900_000;
/** Offsets kept for each zone: about 42 days of distinct quarter hours. */
const MAX_BUCKETS = 4096;

/**
 * A time zone by the rules of the runtime's time zone database. Offsets are kept by quarter hour: the answer never
 * depends on what was asked before.
 */
export class Zone {
  readonly #offsets = new Map<number, number>();
  readonly #format: Intl.DateTimeFormat | undefined;
  #lastBucket = Number.NaN;
  #lastOffset = 0;

  /** Throws `RangeError` for a name that the runtime does not know. */
  constructor(readonly name: string) {
    this.#format =
      name === 'UTC'
        ? undefined
        : new Intl.DateTimeFormat('en-US', {
            timeZone: name,
            hourCycle: 'h23',
            year: 'numeric',
            month: 'numeric',
            day: 'numeric',
            hour: 'numeric',
            minute: 'numeric',
            second: 'numeric',
          });
  }

  /** Milliseconds that local time is ahead of UTC at `utc`. */
  offsetAt(utc: number): number {
    if (this.#format === undefined) return 0;
    const bucket = Math.floor(utc / BUCKET_MS);
    if (bucket === this.#lastBucket) return this.#lastOffset;
    let offset = this.#offsets.get(bucket);
    if (offset === undefined) {
      offset = this.#look(bucket * BUCKET_MS, this.#format);
      if (this.#offsets.size >= MAX_BUCKETS) this.#offsets.clear();
      this.#offsets.set(bucket, offset);
    }
    this.#lastBucket = bucket;
    this.#lastOffset = offset;
    return offset;
  }

  /**
   * UTC of a local time (`local`: the wall clock read as if it were UTC). When clocks are put back an hour happens
   * twice: the reading nearer to `receivedAt` is taken, the first of equals. When they are put forward an hour does not
   * happen: the offset before the change is taken, as of a clock that was not put forward yet.
   */
  toUtc(local: number, receivedAt: number): number {
    if (this.#format === undefined) return local;
    const before = this.offsetAt(local - DAY_MS);
    const after = this.offsetAt(local + DAY_MS);
    const early = local - before;
    if (before === after) return early;
    const late = local - after;
    const earlyHolds = this.offsetAt(early) === before;
    const lateHolds = this.offsetAt(late) === after;
    if (earlyHolds && lateHolds) return Math.abs(late - receivedAt) < Math.abs(early - receivedAt) ? late : early;
    return lateHolds ? late : early;
  }

  #look(utc: number, format: Intl.DateTimeFormat): number {
    const field = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
    for (const { type, value } of format.formatToParts(utc)) {
      if (type in field) field[type as keyof typeof field] = Number(value);
    }
    return Date.UTC(field.year, field.month - 1, field.day, field.hour, field.minute, field.second) - utc;
  }
}

const UTC = new Zone('UTC');
const zones = new Map<string, Zone>([['UTC', UTC]]);

/** The zone of an IANA name; UTC for none and for a name that the runtime does not know (the configuration check refuses those). */
export function zoneOf(name: string | undefined): Zone {
  if (name === undefined) return UTC;
  const known = zones.get(name);
  if (known !== undefined) return known;
  let zone = UTC;
  try {
    zone = new Zone(name);
  } catch {
    // Falls back as documented.
  }
  zones.set(name, zone);
  return zone;
}

/** UTC milliseconds of a moment whose year may be absent, read in a zone `offset` minutes ahead of UTC (or in `zone`). */
function moment(stamp: Stamp, receivedAt: number, zone: Zone, offset: number | undefined): number | undefined {
  const ahead = offset === undefined ? zone.offsetAt(receivedAt) : offset * 60_000;
  const local = localTime(stamp, receivedAt + ahead);
  if (local === undefined) return undefined;
  return offset === undefined ? zone.toUtc(local, receivedAt) : local - offset * 60_000;
}

/**
 * The wall clock as if UTC. A missing year becomes the one that brings the time closest to `near`, but never further ahead
 * of it than a clock can be wrong: what is older than half a year is a file's, not the future's. Undefined: no such day.
 */
function localTime(stamp: Stamp, near: number): number | undefined {
  if (stamp.year !== 0) return wallClock(stamp, stamp.year);
  const year = new Date(near).getUTCFullYear();
  let best: number | undefined;
  // Only 29 February needs more than the neighbouring years.
  const reach = stamp.month === 2 && stamp.day === 29 ? 4 : 1;
  for (let candidate = year - reach; candidate <= year + reach; candidate++) {
    const time = wallClock(stamp, candidate);
    if (time === undefined || (best !== undefined && reach === 1 && time - near > MAX_AHEAD_MS)) continue;
    if (best === undefined || Math.abs(time - near) < Math.abs(best - near)) best = time;
  }
  return best;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

function wallClock(stamp: Stamp, year: number): number | undefined {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = stamp.month === 2 && leap ? 29 : (MONTH_DAYS[stamp.month - 1] ?? 0);
  if (stamp.day < 1 || stamp.day > days) return undefined;
  const { hour, minute, second, milli } = stamp;
  return Date.UTC(year, stamp.month - 1, stamp.day, hour, minute, second, milli);
}

/**
 * The stamp in UTC. A missing zone is the device's (`timezone`, an IANA name; UTC when not configured); a zone name used
 * in several places holds when the device's zone has that offset then, else the device's zone is applied (`no_zone`).
 * A clock that says it is not set, a time since boot and an impossible date give the receive time.
 */
export function resolveTime(stamp: Stamp, receivedAt: number, timezone: string | undefined): ResolvedTime {
  if (stamp.uptime) return { timestamp: receivedAt, timeQuality: 'from_receipt', timezone: undefined };
  if (stamp.unsynced) return { timestamp: receivedAt, timeQuality: 'unsynced', timezone: undefined };
  const zone = zoneOf(timezone);
  const offset = stamp.offset ?? namedOffset(stamp, receivedAt, zone);
  const time = moment(stamp, receivedAt, zone, offset);
  if (time === undefined) return { timestamp: receivedAt, timeQuality: 'from_receipt', timezone: undefined };
  return {
    timestamp: time,
    timeQuality: qualityOf(stamp, time, receivedAt, offset !== undefined),
    timezone: offset === undefined ? zone.name : (stamp.zone ?? offsetText(offset)),
  };
}

function qualityOf(stamp: Stamp, time: number, receivedAt: number, zoneStated: boolean): TimeQuality {
  if (Math.abs(time - receivedAt) > SKEW_MS) return 'skewed';
  if (stamp.year === 0) return 'no_year';
  return zoneStated ? 'ok' : 'no_zone';
}

/** Minutes ahead of UTC that the stamp's zone name means on this device; undefined when that cannot be told. */
function namedOffset(stamp: Stamp, receivedAt: number, zone: Zone): number | undefined {
  if (stamp.zone === undefined) return undefined;
  const named = ZONE_NAMES.get(stamp.zone.toUpperCase());
  if (named === undefined) return undefined;
  if (zone !== UTC && (named.offsets.length > 1 || !named.certain)) {
    const local = moment(stamp, receivedAt, zone, undefined);
    if (local !== undefined) {
      const minutes = zone.offsetAt(local) / 60_000;
      if (named.offsets.includes(minutes)) return minutes;
    }
  }
  return named.certain ? named.offsets[0] : undefined;
}

function offsetText(minutes: number): string {
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/**
 * The time of an epoch number by its count of digits: 10 seconds (a fraction may follow), 13 ms, 16 µs, 19 ns (FortiOS
 * `eventtime`, Meraki). Undefined for any other text.
 */
export function epochTime(text: string): number | undefined {
  const point = text.indexOf('.');
  const whole = point < 0 ? text : text.slice(0, point);
  const digits = Number(whole);
  if (!Number.isInteger(digits) || digits <= 0) return undefined;
  switch (whole.length) {
    case 10:
      return digits * 1000 + (point < 0 ? 0 : Number(text.slice(point + 1, point + 4).padEnd(3, '0')) || 0);
    case 13:
      return digits;
    case 16:
    case 19:
      return Number(whole.slice(0, 13));
    default:
      return undefined;
  }
}

/** The quality of a time that needs no completion. */
export function absoluteQuality(time: number, receivedAt: number): TimeQuality {
  return Math.abs(time - receivedAt) > SKEW_MS ? 'skewed' : 'ok';
}
