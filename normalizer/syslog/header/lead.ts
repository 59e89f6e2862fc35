import { isDigit, scanStamp, skipSpaces } from './stamp';
import { pattern } from '../patterns';
import { Stamp } from '../time';

/**
 * What stands before the host or the message in BSD-style headers, Cisco's above all:
 *
 *     [: ] [SEQ: ] [ORIGIN[:] ] [SEQ: ] [*TASK: ] [NODE:] [*|.]TIME [ZONE] [:]
 *
 * `SEQ` stands up to twice (message counter, then `service sequence-numbers`), `NODE` is `RP/0/RP0/CPU0:` (XR) or
 * `CLC 6/0:` (CBR8).
 */
export interface Lead {
  /** Place behind the lead and its blanks. */
  at: number;
  stamped: boolean;
  /** The time began with its year: NX-OS when followed by a mnemonic. */
  yearFirst: boolean;
  /** A colon stood behind the time, as Cisco writes. */
  colon: boolean;
  origin: string | undefined;
  /** A controller's task. */
  task: string | undefined;
  counters: number;
  firstCounter: number;
  secondCounter: number;
}

const NODE = pattern(
  'header_cisco_node',
  /(?:[A-Z]{1,6}\/\d{1,3}\/[A-Z0-9]{1,8}\/[A-Z0-9]{1,8}|[A-Z]{2,5} \d{1,3}(?:\/\d{1,3}){0,2}):/y,
);

const COLON = 0x3a;
const PERCENT = 0x25;
const STAR = 0x2a;

/** Scratch of `scanLead`: holds the last time found until the next call. */
export const leadStamp = new Stamp();

const lead: Lead = {
  at: 0,
  stamped: false,
  yearFirst: false,
  colon: false,
  origin: undefined,
  task: undefined,
  counters: 0,
  firstCounter: 0,
  secondCounter: 0,
};

/** Reads the lead at `from`; the result is reused by the next call. Without a time and a mnemonic there is no lead: `at` stays. */
export function scanLead(text: string, from: number, end: number): Readonly<Lead> {
  clearLead();
  let p = skipSpaces(text, from);
  for (let step = 0; step < 8 && p < end; step++) {
    const stampEnd = scanStamp(text, p, leadStamp);
    if (stampEnd >= 0) return behindStamp(text, p, stampEnd);
    const next = scanPart(text, p);
    if (next < 0) break;
    p = next;
  }
  if (text.charCodeAt(p) === PERCENT && text.charCodeAt(p + 1) !== PERCENT) {
    lead.at = p;
    return lead;
  }
  clearLead();
  lead.at = from;
  return lead;
}

function clearLead(): void {
  lead.stamped = lead.yearFirst = lead.colon = false;
  lead.origin = lead.task = undefined;
  lead.counters = lead.firstCounter = lead.secondCounter = 0;
}

function behindStamp(text: string, start: number, stampEnd: number): Lead {
  lead.stamped = true;
  lead.yearFirst = isDigit(text.charCodeAt(start)) && text.charCodeAt(start + 4) === 0x20 && leadStamp.year !== 0;
  let p = skipSpaces(text, stampEnd);
  if (text.charCodeAt(p) === COLON) {
    lead.colon = true;
    p = skipSpaces(text, p + 1);
  }
  lead.at = p;
  return lead;
}

/** One part that is not the time; returns the place behind it and its blanks, or -1. */
function scanPart(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === COLON) return skipSpaces(text, at + 1);
  if (code === PERCENT) return -1;
  if (code === STAR) return scanTask(text, at);
  const counterEnd = counterAt(text, at);
  if (counterEnd > 0) {
    const value = Number(text.slice(at, counterEnd));
    if (lead.counters++ === 0) lead.firstCounter = value;
    else lead.secondCounter = value;
    return lead.counters > 2 ? -1 : skipSpaces(text, counterEnd + 1);
  }
  const nodeEnd = scanNode(text, at);
  if (nodeEnd > 0) return skipSpaces(text, nodeEnd);
  if (lead.origin !== undefined && wordAndYear(text, at)) return skipSpaces(text, text.indexOf(' ', at));
  return scanOrigin(text, at);
}

/** Place behind an XR or CBR8 node and its colon, or -1. */
export function scanNode(text: string, at: number): number {
  NODE.lastIndex = at;
  return NODE.test(text) ? NODE.lastIndex : -1;
}

/** Cisco's wireless controllers name the task before the time: `*spamApTask3: Nov 24 03:00:00.123: %CAPWAP-3-…`. */
function scanTask(text: string, at: number): number {
  const colon = text.indexOf(':', at);
  if (colon <= at + 1 || colon - at > 64 || !isHostLike(text, at + 1, colon)) return -1;
  const next = skipSpaces(text, colon + 1);
  if (scanStamp(text, next, leadStamp) < 0) return -1;
  lead.task = text.slice(at + 1, colon);
  return next;
}

/** A name counts as the origin only where the rest of a lead follows it. */
function scanOrigin(text: string, at: number): number {
  if (lead.origin !== undefined) return -1;
  const space = text.indexOf(' ', at);
  if (space <= at || !isHostLike(text, at, space)) return -1;
  const next = skipSpaces(text, space);
  if (!continuesLead(text, next) && !wordAndYear(text, next)) return -1;
  const colon = text.charCodeAt(space - 1) === COLON;
  lead.origin = text.slice(at, colon ? space - 1 : space);
  return next;
}

/** Opengear: `HOST port02 2018-Nov- 9 15:38:25 `; the word is taken as the node. */
function wordAndYear(text: string, at: number): boolean {
  const space = text.indexOf(' ', at);
  if (space <= at || space - at > 32 || !isHostLike(text, at, space)) return false;
  return isDigit(text.charCodeAt(space + 1)) && scanStamp(text, space + 1, leadStamp) >= 0;
}

/** A word that can be a host name or address; `<10.0.0.1>` too. What holds `=`, `,`, `"`, `|`, `[`, `/`, `%` is none. */
export function isHostLike(text: string, at: number, stop: number): boolean {
  if (stop <= at || stop - at > 255) return false;
  const bracketed = text.charCodeAt(at) === 0x3c && text.charCodeAt(stop - 1) === 0x3e;
  const first = bracketed ? at + 1 : at;
  const last = bracketed ? stop - 1 : stop;
  for (let p = first; p < last; p++) {
    const code = text.charCodeAt(p);
    // Digits and the colon, letters, beyond ASCII, `-`, `.`, `_`.
    const word = (code >= 48 && code <= 58) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code > 127;
    if (!word && code !== 0x2d && code !== 0x2e && code !== 0x5f) return false;
  }
  return last > first;
}

function continuesLead(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === PERCENT) return isUpperOrDigit(text.charCodeAt(at + 1));
  if (code === COLON) return text.charCodeAt(at + 1) === 0x20;
  if (code === STAR && scanStamp(text, at, leadStamp) < 0) return scanTask(text, at) > 0;
  return counterAt(text, at) > 0 || scanNode(text, at) > 0 || scanStamp(text, at, leadStamp) >= 0;
}

/** End of `\d{1,10}` at `at` when `: ` or `: *` follows, else -1. */
function counterAt(text: string, at: number): number {
  let p = at;
  while (isDigit(text.charCodeAt(p)) && p - at < 11) p++;
  return p > at && p - at <= 10 && text.charCodeAt(p) === COLON && text.charCodeAt(p + 1) === 0x20 ? p : -1;
}

function isUpperOrDigit(code: number): boolean {
  return (code >= 65 && code <= 90) || isDigit(code);
}
