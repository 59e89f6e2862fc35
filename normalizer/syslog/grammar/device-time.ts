import type { FactBase, TimeQuality } from '../../model/facts';
import type { SyslogContext } from '../contract';
import { pattern } from '../patterns';
import { absoluteQuality, zoneOf } from '../time';

/** Times that stand in the vendor's own text, behind the syslog header. All results are UTC epoch ms, whole. */

const STAMP = pattern(
  'device_time_stamp',
  /^(\d{4})[-/](\d\d?)[-/](\d\d?)[T ](\d\d?):(\d\d):(\d\d)(?:[.,](\d{1,9}))? ?(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/,
);
const OFFSET = pattern('device_time_offset', /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d\d)?$/);

/** A time and how far it can be trusted. */
export interface DeviceTime {
  readonly ms: number;
  readonly quality: TimeQuality;
}

/** `2018-11-30 16:09:07`, `2018/11/30 …`, RFC 3339; without a zone the device's configured one is applied. */
export function stampTime(text: string | undefined, { settings, receivedAt }: SyslogContext): DeviceTime | undefined {
  const plain = text === undefined ? undefined : plainStamp(text);
  if (plain !== undefined) return { ms: zoneOf(settings.timezone).toUtc(plain, receivedAt), quality: 'no_zone' };
  const found = text === undefined ? null : STAMP.exec(text.trim());
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', stated] = found;
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.slice(0, 3).padEnd(3, '0')),
  );
  if (!validParts(Number(month), Number(day), Number(hour), Number(minute), Number(second), local)) return undefined;
  if (stated !== undefined) return { ms: local - (offsetMinutes(stated) ?? 0) * 60_000, quality: 'ok' };
  return { ms: zoneOf(settings.timezone).toUtc(local, receivedAt), quality: 'no_zone' };
}

/** `2018/11/30 16:09:07`, nothing before or behind, as local ms: what firewalls write three times a line. */
function plainStamp(text: string): number | undefined {
  if (text.length !== 19 || text.charCodeAt(10) !== 0x20) return undefined;
  const dash = text.charCodeAt(4);
  if ((dash !== 0x2d && dash !== 0x2f) || text.charCodeAt(7) !== dash) return undefined;
  if (text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a) return undefined;
  const year = pair(text, 0) * 100 + pair(text, 2);
  const [month, day, hour] = [pair(text, 5), pair(text, 8), pair(text, 11)];
  const [minute, second] = [pair(text, 14), pair(text, 17)];
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  if (Number.isNaN(ms)) return undefined;
  return year >= 1000 && validParts(month, day, hour, minute, second, ms) ? ms : undefined;
}

/** Two digits; not a number where they are none. */
function pair(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Refuses what `Date.UTC` would carry over (month 13, 31 February). */
function validParts(month: number, day: number, hour: number, minute: number, second: number, ms: number): boolean {
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 60) return false;
  const made = new Date(ms);
  return second === 60 || (made.getUTCMonth() === month - 1 && made.getUTCDate() === day);
}

/** Minutes east of UTC of `+0200`, `-05:00`, `UTC+2:00`, `Z`; undefined for anything else. */
export function offsetMinutes(text: string | undefined): number | undefined {
  const value = text?.trim();
  if (value === undefined) return undefined;
  if (value === 'Z' || value === 'UTC' || value === 'GMT') return 0;
  const found = OFFSET.exec(value);
  if (found === null) return undefined;
  const minutes = Number(found[2]) * 60 + Number(found[3] ?? 0);
  return found[1] === '-' ? -minutes : minutes;
}

/** The fact base under a time the vendor's text states, and under the device name it states unless one is configured. */
export function statedBase(context: SyslogContext, time: DeviceTime | undefined, device: string | undefined): FactBase {
  const { base, settings, receivedAt } = context;
  const named = settings.name === undefined && device !== undefined ? { ...base, device } : base;
  if (time === undefined) return named;
  const quality = absoluteQuality(time.ms, receivedAt);
  return { ...named, observedAt: time.ms, timeQuality: quality === 'ok' ? time.quality : quality };
}
