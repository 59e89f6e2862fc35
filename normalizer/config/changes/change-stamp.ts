import { resolveTime, Stamp } from '../../syslog/time';
import type { ConfigNode } from '../config-node';
import { at, valueOf } from '../config-node';

/** Who changed the configuration last, and when, as the configuration itself says. */
export interface ChangeStamp {
  readonly author?: string | undefined;
  /** UTC epoch milliseconds. */
  readonly time?: number | undefined;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12:34:56 CET Mon Nov 23 2026`, `12:34:56.789 UTC Mon Nov 23 2026`. */
const CISCO_TIME =
  /^[*.]?(\d{1,2}):(\d\d):(\d\d)(?:\.(\d{1,3}))? (?:([A-Za-z]{1,8}) )?[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{4})/;
/** `Mon Nov 23 12:34:56 2026`. */
const C_TIME = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{1,2}):(\d\d):(\d\d) (\d{4})/;
/** `2026-11-23 12:34:56 UTC`. */
const ISO_TIME = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) ([A-Za-z]{1,8})/;

/** Lines that state a change: what stands before the time. The first that is found counts. */
const BEGINNINGS: readonly (readonly [beginning: string, pattern: RegExp])[] = [
  ['! Last configuration change at ', CISCO_TIME],
  [': Written by ', CISCO_TIME],
  ['!Running configuration last done at: ', C_TIME],
  ['! Startup-config last modified at ', C_TIME],
  ['## Last commit: ', ISO_TIME],
  ['## Last changed: ', ISO_TIME],
];
const LOOKED_AT = 200;

/** The stamp in the first lines, else of the tree (pfSense, OPNsense). Zone names are read as in syslog. */
export function changeStamp(
  lines: readonly string[],
  root: ConfigNode,
  receivedAt: number,
  timezone: string | undefined,
): ChangeStamp {
  for (const line of lines.slice(0, LOOKED_AT)) {
    for (const [beginning, pattern] of BEGINNINGS) {
      if (line.startsWith(beginning)) return stampOf(line.slice(beginning.length), pattern, receivedAt, timezone);
    }
  }
  const revision = at(root, 'pfsense', 'revision') ?? at(root, 'opnsense', 'revision');
  const seconds = Number(valueOf(revision, 'time'));
  const author = valueOf(revision, 'username');
  return {
    ...(Number.isFinite(seconds) && seconds > 1e9 && seconds < 1e11 ? { time: Math.round(seconds * 1000) } : {}),
    ...(author === undefined ? {} : { author: author.split(/[ @(]/)[0] ?? author }),
  };
}

/** `2026-11-23 12:34:56 UTC` in epoch milliseconds; undefined where the zone is not known. */
export function zonedTime(text: string, receivedAt: number, timezone: string | undefined): number | undefined {
  const match = ISO_TIME.exec(text);
  return match === null ? undefined : timeOf(match, ISO_TIME, receivedAt, timezone);
}

function stampOf(text: string, pattern: RegExp, receivedAt: number, timezone: string | undefined): ChangeStamp {
  // ASA names the author before the time.
  const written = /^(\S{1,64}) at (.*)$/.exec(text);
  const rest = written?.[2] ?? text;
  const match = pattern.exec(rest);
  if (match === null) return {};
  const author = written?.[1] ?? /^ by (\S{1,64})/.exec(rest.slice(match[0].length))?.[1];
  const time = timeOf(match, pattern, receivedAt, timezone);
  return { ...(author === undefined ? {} : { author }), ...(time === undefined ? {} : { time }) };
}

function timeOf(
  match: RegExpExecArray,
  pattern: RegExp,
  receivedAt: number,
  timezone: string | undefined,
): number | undefined {
  const stamp = new Stamp();
  const set = (year = '', month = '', day = '', hour = '', minute = '', second = ''): void => {
    stamp.year = Number(year);
    stamp.month = /^\d/.test(month) ? Number(month) : MONTHS.indexOf(month) + 1;
    stamp.day = Number(day);
    stamp.hour = Number(hour);
    stamp.minute = Number(minute);
    stamp.second = Number(second);
  };
  if (pattern === CISCO_TIME) {
    set(match[8], match[6], match[7], match[1], match[2], match[3]);
    stamp.zone = match[5];
    stamp.unsynced = match[0].startsWith('*');
  } else if (pattern === C_TIME) set(match[6], match[1], match[2], match[3], match[4], match[5]);
  else {
    set(match[1], match[2], match[3], match[4], match[5], match[6]);
    stamp.zone = match[7];
  }
  if (stamp.month < 1) return undefined;
  const { timestamp, timeQuality } = resolveTime(stamp, receivedAt, timezone);
  return timeQuality === 'from_receipt' || timeQuality === 'unsynced' ? undefined : timestamp;
}
