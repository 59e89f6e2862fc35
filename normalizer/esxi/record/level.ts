/** The level of a record as versions write it: a word (to 7.x) or two letters with the PRI (8.x, 9.x). */

const WORDS: ReadonlyMap<string, number> = new Map([
  ['panic', 0],
  ['error', 3],
  ['warning', 4],
  ['notice', 5],
  ['info', 6],
  ['verbose', 7],
  ['trivia', 7],
  ['debug', 7],
]);
const LETTERS: ReadonlySet<string> = new Set(['Em', 'Al', 'Cr', 'Er', 'Wa', 'No', 'In', 'Db']);
/** 23 facilities and 8 severities (RFC 5424). */
const MAX_PRIORITY = 191;

/** A level read; one object, used again by the next call. */
export interface Level {
  /** PRI: facility × 8 + severity. vmware.log has numbers of its own below 8: only the severity means something then. */
  priority: number;
  /** `+`: the line continues the one before. */
  continues: boolean;
}

const level: Level = { priority: 0, continues: false };

/** Level read last by `scanLevel`; holds until the next call. */
export const lastLevel: Readonly<Level> = level;

/** Place behind `In(166)` or `In(166)+` at `at`, or -1. */
export function scanLevel(text: string, at: number): number {
  if (text.charCodeAt(at + 2) !== 0x28 || !LETTERS.has(text.slice(at, at + 2))) return -1;
  let p = at + 3;
  let priority = 0;
  while (isDigit(text.charCodeAt(p)) && p - at < 6) priority = priority * 10 + text.charCodeAt(p++) - 48;
  if (p === at + 3 || text.charCodeAt(p) !== 0x29 || priority > MAX_PRIORITY) return -1;
  p++;
  level.priority = priority;
  level.continues = text.charCodeAt(p) === 0x2b;
  return level.continues ? p + 1 : p;
}

/** Severity of the word between two places; undefined for one that is no level. */
export function levelWord(text: string, at: number, end: number): number | undefined {
  const code = text.charCodeAt(at);
  return code >= 0x64 && code <= 0x77 && end - at <= 7 ? WORDS.get(text.slice(at, end)) : undefined;
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
