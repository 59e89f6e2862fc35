import { parseHeader } from '../../syslog/header/parse-header';
import type { ChangeNote } from './change-notes';
import { zonedTime } from './change-stamp';

/** What an answer is read with. */
export interface ChangeListContext {
  readonly rawSeq: number;
  /** When it was read, by our clock; device clock minus ours, milliseconds. */
  readonly readAt: number;
  readonly clockOffset: number;
  readonly timezone: string | undefined;
}

/** Commands that list changes with their authors. */
export const CHANGE_LISTS: ReadonlySet<string> = new Set(['config_changes', 'commits']);

const MAX_LINES = 2000;
/** IOS, NX-OS, EOS: `%SYS-5-CONFIG_I: Configured from console by alice on vty0 (192.0.2.9)`. */
const CONFIGURED = /%[A-Z0-9_]{1,32}-\d-[A-Z_]{0,24}CONFIG_I: Configured from \S{1,64} by (\S{1,64})(?: on |$)/;
/** Junos, VyOS: `0   2026-11-24 02:00:00 UTC by alice via cli`. */
const COMMITTED = /^\s{0,8}\d{1,5}\s{1,8}(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [A-Za-z]{1,8}) by (\S{1,64}) via /;
/** In place of a name where nobody had logged in. */
const NOBODY = /^(?:console|con\d+|vty\d*|tty\d+|unknown)$/;

/** The changes that a list tells of, where it says by whom and when. Times without a zone tell nothing. */
export function listedChanges(lines: readonly string[], context: ChangeListContext): readonly ChangeNote[] {
  const { rawSeq, clockOffset } = context;
  return lines.slice(0, MAX_LINES).flatMap((line): ChangeNote[] => {
    const change = committed(line, context) ?? configured(line, context);
    if (change === undefined || NOBODY.test(change.author)) return [];
    return [{ ...change, by: change.at - clockOffset, line: '', rawSeq }];
  });
}

type Listed = Pick<ChangeNote, 'at' | 'author' | 'commits'>;

function committed(line: string, { readAt, timezone }: ChangeListContext): Listed | undefined {
  const [, time, author] = COMMITTED.exec(line) ?? [];
  const at = time === undefined ? undefined : zonedTime(time, readAt, timezone);
  return at === undefined || author === undefined ? undefined : { at, author, commits: true };
}

/** A line of the device's log buffer has the head of a syslog message. */
function configured(line: string, { readAt, timezone }: ChangeListContext): Listed | undefined {
  const author = CONFIGURED.exec(line)?.[1];
  if (author === undefined) return undefined;
  const { timestamp, timeQuality } = parseHeader(Buffer.from(line), { receivedAt: readAt, timezone });
  // What is listed may be old: `skewed` says no more than that.
  const isKnown =
    timeQuality === 'ok' || timeQuality === 'skewed' || (timeQuality === 'no_year' && timezone !== undefined);
  return isKnown ? { at: timestamp, author, commits: false } : undefined;
}
