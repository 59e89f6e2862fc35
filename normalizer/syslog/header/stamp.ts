import { ZONE_NAMES } from '../zones.data';
import { type Stamp } from '../time';

/**
 * Reads the times that devices put into syslog headers, at one place of a text:
 *
 *     Nov  4 15:01:58[.123] [2026|PM|UTC|+0200]     RFC 3164 and what is made of it
 *     Apr 29 2013 12:59:50                          ASA
 *     2026-11-04T15:01:58.230Z, 2026-11-04 15:01:58,230 +01:00, 2026/11/04 15:01:58
 *     2026:11:04-15:01:58                           Sophos UTM
 *     2026 Nov  4 15:01:58.206 UTC                  NX-OS
 *     Wed Nov  4 15:01:58 2026                      ctime
 *     00:01:01, 1d02h, 1w2d, 2y13w                  IOS time since boot
 *
 * A `*` or `.` before the time is Cisco's "not synchronized". Hand-written: this runs for every message.
 */

const MONTHS: ReadonlyMap<string, number> = new Map(
  ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].map((name, i) => [name, i + 1]),
);
const DAYS: ReadonlySet<string> = new Set(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

const SPACE = 0x20;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const COLON = 0x3a;

/** Reads a time at `at` into `stamp` (cleared first). Returns the place behind it and its zone, or -1. */
export function scanStamp(text: string, at: number, stamp: Stamp): number {
  stamp.clear();
  let p = at;
  const mark = text.charCodeAt(p);
  if (mark === 0x2a || mark === DOT) {
    stamp.unsynced = mark === 0x2a;
    stamp.unheld = mark === DOT;
    p++;
  }
  const first = text.charCodeAt(p);
  if (isDigit(first)) return scanDigitsFirst(text, p, stamp);
  return isLetter(first) ? scanMonthFirst(text, p, stamp) : -1;
}

function scanMonthFirst(text: string, at: number, stamp: Stamp): number {
  let p = at;
  let word = text.slice(p, p + 3).toLowerCase();
  if (DAYS.has(word)) {
    p = skipSpaces(text, text.charCodeAt(p + 3) === COMMA ? p + 4 : p + 3);
    word = text.slice(p, p + 3).toLowerCase();
  }
  const month = MONTHS.get(word);
  if (month === undefined) return -1;
  p += 3;
  if (text.charCodeAt(p) !== SPACE) return -1;
  stamp.month = month;
  p = scanDay(text, skipSpaces(text, p), stamp);
  if (p < 0 || text.charCodeAt(p) !== SPACE) return -1;
  p = skipSpaces(text, p);
  const year = yearAt(text, p);
  if (year !== 0 && text.charCodeAt(p + 4) === SPACE) {
    stamp.year = year;
    p = skipSpaces(text, p + 4);
  }
  p = scanClock(text, p, stamp);
  return p < 0 ? -1 : scanSuffix(text, p, stamp);
}

function scanDigitsFirst(text: string, at: number, stamp: Stamp): number {
  const year = yearAt(text, at);
  if (year === 0) return scanUptime(text, at, stamp);
  const separator = text.charCodeAt(at + 4);
  if (separator === MINUS || separator === SLASH || separator === COLON)
    return scanIso(text, at, separator, year, stamp);
  if (separator !== SPACE) return -1;
  const end = scanMonthFirst(text, skipSpaces(text, at + 4), stamp);
  if (end < 0 || stamp.year !== 0) return -1;
  stamp.year = year;
  return end;
}

/** Month and day may have one digit (Huawei) or the month a name and the day a space before it (Opengear `2018-Nov- 9`). */
function scanIso(text: string, at: number, separator: number, year: number, stamp: Stamp): number {
  let p = at + 5;
  let month = twoDigits(text, p);
  if (month < 0) {
    const named = MONTHS.get(text.slice(p, p + 3).toLowerCase());
    month = named ?? text.charCodeAt(p) - 48;
    p += named === undefined ? 1 : 3;
  } else p += 2;
  if (text.charCodeAt(p) !== separator || !(month >= 1 && month <= 12)) return -1;
  p = scanDay(text, skipSpaces(text, p + 1), stamp);
  if (p < 0) return -1;
  const between = text.charCodeAt(p);
  const joined = between === SPACE || between === 0x54 || between === 0x74;
  if (separator === COLON ? between !== MINUS : !joined) return -1;
  stamp.year = year;
  stamp.month = month;
  const end = scanClock(text, p + 1, stamp);
  return end < 0 ? -1 : scanSuffix(text, end, stamp);
}

/** `00:01:01` or two units of `1w2d`; the numbers are not kept: they tell nothing of the date. */
function scanUptime(text: string, at: number, stamp: Stamp): number {
  let p = at;
  let units = 0;
  while (units < 3) {
    const start = p;
    while (isDigit(text.charCodeAt(p))) p++;
    if (p === start) break;
    if (units === 0 && text.charCodeAt(p) === COLON) {
      const end = scanClock(text, at, stamp);
      stamp.uptime = end >= 0;
      return end;
    }
    if (!'ywdhms'.includes(text.charAt(p)) || p >= text.length) return -1;
    p++;
    units++;
  }
  if (units < 2 || isLetter(text.charCodeAt(p))) return -1;
  stamp.uptime = true;
  return p;
}

function scanDay(text: string, at: number, stamp: Stamp): number {
  const first = text.charCodeAt(at);
  if (!isDigit(first)) return -1;
  const second = text.charCodeAt(at + 1);
  const two = isDigit(second);
  stamp.day = two ? (first - 48) * 10 + second - 48 : first - 48;
  return stamp.day >= 1 && stamp.day <= 31 ? at + (two ? 2 : 1) : -1;
}

/** `H:MM:SS` or `HH:MM:SS` with a fraction behind `.` or `,`. */
function scanClock(text: string, at: number, stamp: Stamp): number {
  let p = at;
  let hour = text.charCodeAt(p++) - 48;
  if (!(hour >= 0 && hour <= 9)) return -1;
  if (text.charCodeAt(p) !== COLON) hour = hour * 10 + text.charCodeAt(p++) - 48;
  const minute = twoDigits(text, p + 1);
  const second = twoDigits(text, p + 4);
  if (text.charCodeAt(p) !== COLON || text.charCodeAt(p + 3) !== COLON) return -1;
  if (!(hour >= 0 && hour <= 23) || minute < 0 || minute > 59 || second < 0 || second > 60) return -1;
  stamp.hour = hour;
  stamp.minute = minute;
  stamp.second = second;
  p += 6;
  const point = text.charCodeAt(p);
  if ((point !== DOT && point !== COMMA) || !isDigit(text.charCodeAt(p + 1))) return p;
  let scale = 100;
  for (p++; isDigit(text.charCodeAt(p)); p++) {
    stamp.milli += Math.floor((text.charCodeAt(p) - 48) * scale);
    scale = scale === 1 ? 0 : scale / 10;
  }
  // Huawei counts the messages of one moment: `01:00:33.270.1`.
  if (text.charCodeAt(p) === DOT && isDigit(text.charCodeAt(p + 1))) {
    for (p++; isDigit(text.charCodeAt(p));) p++;
  }
  return p;
}

/** AM/PM, a year, and a zone behind the time, each where there. */
function scanSuffix(text: string, at: number, stamp: Stamp): number {
  let p = at;
  if (text.charCodeAt(p) === 0x5a && !isLetter(text.charCodeAt(p + 1))) {
    stamp.offset = 0;
    return p + 1;
  }
  const half = text.charCodeAt(p) === SPACE ? text.slice(p + 1, p + 3).toUpperCase() : '';
  if ((half === 'AM' || half === 'PM') && !isNameCode(text.charCodeAt(p + 3)) && stamp.hour <= 12) {
    stamp.hour = (stamp.hour % 12) + (half === 'PM' ? 12 : 0);
    p += 3;
  }
  if (stamp.year === 0 && text.charCodeAt(p) === SPACE && text.charCodeAt(p + 5) === SPACE) {
    const year = yearAt(text, p + 1);
    if (year !== 0) {
      stamp.year = year;
      p += 5;
    }
  }
  return scanZone(text, p, stamp);
}

function scanZone(text: string, at: number, stamp: Stamp): number {
  const p = text.charCodeAt(at) === SPACE ? at + 1 : at;
  const code = text.charCodeAt(p);
  if (code === PLUS || code === MINUS) {
    const end = scanOffset(text, p, stamp);
    return end < 0 ? at : end;
  }
  if (p === at) return at;
  return isUpper(code) ? scanZoneName(text, p, at, stamp) : scanLowerZone(text, p, at, stamp);
}

/**
 * A name counts as a zone when it is a known one, or when it stands before Cisco's `: %` (IOS lets people invent names).
 * ASA has no zone names of its own there, so `FW1: %ASA` is a host.
 */
function scanZoneName(text: string, at: number, otherwise: number, stamp: Stamp): number {
  let p = at;
  while (isUpper(text.charCodeAt(p)) && p - at < 6) p++;
  const name = text.slice(at, p);
  const next = text.charCodeAt(p);
  const known = ZONE_NAMES.has(name);
  if (known && (next === PLUS || next === MINUS)) {
    const end = scanOffset(text, p, stamp);
    return end < 0 ? otherwise : end;
  }
  const ends = next === SPACE || next === COLON || Number.isNaN(next);
  const invented =
    p - at >= 2 && text.startsWith(': %', p) && !text.startsWith('ASA-', p + 3) && !text.startsWith('FTD-', p + 3);
  if (!ends || !(known || invented)) return otherwise;
  stamp.zone = name;
  return p;
}

/** IOS writes the zone as it was configured (`mdt`): in lower case only a known one right before `: %`. */
function scanLowerZone(text: string, at: number, otherwise: number, stamp: Stamp): number {
  const end = text.indexOf(': %', at);
  if (end < 0 || end - at > 5 || text.startsWith('ASA-', end + 3) || text.startsWith('FTD-', end + 3)) return otherwise;
  const name = text.slice(at, end).toUpperCase();
  if (!ZONE_NAMES.has(name)) return otherwise;
  stamp.zone = name;
  return end;
}

/** `+02:00`, `+0200`, `-5`, `+5:30`; Check Point writes the minus twice, `--5:00`. */
function scanOffset(text: string, at: number, stamp: Stamp): number {
  let p = at + (text.charCodeAt(at) === MINUS && text.charCodeAt(at + 1) === MINUS ? 2 : 1);
  const start = p;
  while (isDigit(text.charCodeAt(p)) && p - start < 4) p++;
  const digits = p - start;
  if (digits === 0 || digits === 3) return -1;
  let hours = Number(text.slice(start, digits === 4 ? start + 2 : p));
  let minutes = digits === 4 ? Number(text.slice(start + 2, p)) : 0;
  if (digits <= 2 && text.charCodeAt(p) === COLON && twoDigits(text, p + 1) >= 0) {
    minutes = twoDigits(text, p + 1);
    p += 3;
  }
  if (hours > 14 || minutes > 59 || isNameCode(text.charCodeAt(p))) return -1;
  if (text.charCodeAt(at) === MINUS) {
    hours = -hours;
    minutes = -minutes;
  }
  stamp.offset = hours * 60 + minutes;
  return p;
}

/** Four digits that can be a year of a log (1970-2199), else 0. */
function yearAt(text: string, at: number): number {
  const century = twoDigits(text, at);
  const rest = twoDigits(text, at + 2);
  const year = century * 100 + rest;
  return rest >= 0 && year >= 1970 && year <= 2199 && !isDigit(text.charCodeAt(at + 4)) ? year : 0;
}

/** Two digits as a number, or -1. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

export function skipSpaces(text: string, at: number): number {
  let p = at;
  while (text.charCodeAt(p) === SPACE) p++;
  return p;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

function isUpper(code: number): boolean {
  return code >= 65 && code <= 90;
}

function isNameCode(code: number): boolean {
  return isDigit(code) || isLetter(code) || code === 0x5f;
}
