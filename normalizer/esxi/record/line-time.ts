import { isDigit } from './level';

/**
 * The time that begins a line of an ESXi log: `2026-11-24T02:10:00.123Z`, the fraction of any length or absent, the `Z`
 * absent in some tools' output. Hand-written: this runs for every line.
 */
export interface LineTime {
  /** UTC epoch ms; the wall clock as if UTC when `zoned` is false. */
  ms: number;
  zoned: boolean;
}

const time: LineTime = { ms: 0, zoned: true };

/** Time read last by `scanLineTime`; holds until the next call. */
export const lastTime: Readonly<LineTime> = time;

const DAY_MS = 86_400_000;
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
/** The day computed last: lines of one day follow each other. */
let dayNumber = -1;
let dayStart = 0;

/** Place behind the time at `at`, or -1. */
export function scanLineTime(text: string, at: number): number {
  const year = digits(text, at, 4);
  if (year < 0 || text.charCodeAt(at + 4) !== 0x2d || text.charCodeAt(at + 7) !== 0x2d) return -1;
  if (text.charCodeAt(at + 10) !== 0x54 || text.charCodeAt(at + 13) !== 0x3a || text.charCodeAt(at + 16) !== 0x3a) {
    return -1;
  }
  const hour = digits(text, at + 11, 2);
  const minute = digits(text, at + 14, 2);
  const second = digits(text, at + 17, 2);
  const start = startOfDay(year, digits(text, at + 5, 2), digits(text, at + 8, 2));
  // 60: a leap second.
  if (start < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return -1;
  let p = at + 19;
  let milli = 0;
  if (text.charCodeAt(p) === 0x2e && isDigit(text.charCodeAt(p + 1))) {
    let scale = 100;
    for (p++; isDigit(text.charCodeAt(p)); p++) {
      if (scale >= 1) milli += (text.charCodeAt(p) - 48) * scale;
      scale = scale === 1 ? 0 : scale / 10;
    }
  }
  time.zoned = text.charCodeAt(p) === 0x5a;
  time.ms = start + ((hour * 60 + minute) * 60 + second) * 1000 + milli;
  return time.zoned ? p + 1 : p;
}

function startOfDay(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > (MONTH_DAYS[month - 1] ?? 0) || year < 1970) return -1;
  const number = (year * 12 + month) * 31 + day;
  if (number !== dayNumber) {
    const start = Date.UTC(year, month - 1, day);
    // 29 February of another year becomes 1 March.
    if (new Date(start).getUTCDate() !== day) return -1;
    dayNumber = number;
    dayStart = start;
  }
  return dayStart <= 253_402_300_799_999 - DAY_MS ? dayStart : -1;
}

/** The number of `count` digits at `at`, or -1. */
function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let p = at; p < at + count; p++) {
    const code = text.charCodeAt(p);
    if (!isDigit(code)) return -1;
    value = value * 10 + code - 48;
  }
  return value;
}
