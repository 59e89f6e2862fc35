import { parseDuration } from './units';

/** `2026-11-24T02:10:05.250Z`, UTC. */
export function formatUtc(ms: number): string {
  return new Date(ms).toISOString();
}

/** Local time with its offset, RFC 3339: `2026-11-24T03:10:05.250+01:00`. */
export function formatLocal(ms: number): string {
  const offset = -new Date(ms).getTimezoneOffset();
  const shifted = new Date(ms + offset * 60_000).toISOString().slice(0, -1);
  const size = Math.abs(offset);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${shifted}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Prints times the way the command line asked: UTC with `Z`, or local. */
export type TimeFormat = (ms: number) => string;

const STAMP =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s?(Z|z|[+-]\d{2}:\d{2})?)?$/u;

/**
 * Epoch ms of a time on the command line: `now`, `-2h` (before `now`), `+5m`, RFC 3339, `2026-11-24 02:10` or
 * `2026-11-24`; without a zone it is UTC, or local when `local`. Undefined when it is none of these or no such day exists.
 */
export function parseTime(text: string, now: number, local = false): number | undefined {
  if (text === 'now') return now;
  const sign = text.startsWith('-') ? -1 : text.startsWith('+') ? 1 : 0;
  if (sign !== 0) {
    const distance = parseDuration(text.slice(1));
    return distance === undefined ? undefined : now + sign * distance;
  }
  const match = STAMP.exec(text);
  return match === null ? undefined : stampTime(match, local);
}

function stampTime(match: RegExpExecArray, local: boolean): number | undefined {
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const ms = Math.floor(Number(`0.${match[7] ?? '0'}`) * 1000);
  const utc = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const read = new Date(utc);
  // Date.UTC carries 2026-02-31 over into March and 25:00 into the next day; a time that reads back differently is none.
  if (read.getUTCMonth() !== month - 1 || read.getUTCDate() !== day || read.getUTCHours() !== hour) return undefined;
  if (minute > 59 || second > 59) return undefined;
  const zone = match[8];
  if (zone !== undefined) return utc - zoneOffset(zone);
  return local ? new Date(year, month - 1, day, hour, minute, second, ms).getTime() : utc;
}

function zoneOffset(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}
