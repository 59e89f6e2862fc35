import type { Platform } from './platform';
import type { Exchange } from './shell-dialog';

/** Pure questions about what came back for one command. */

/** Lines that the echo of a command may take: wide commands wrap, and some devices draw a blank line first. */
const ECHO_LINES = 4;
/** Lines after the echo in which a device complains. */
const COMPLAINT_LINES = 6;
const MOST_COMPLAINT = 4096;

/** Where the output begins, in bytes of the exchange: past the line that echoes the command, or 0 without an echo. */
export function bodyStart({ first }: Pick<Exchange, 'first'>, line: string): number {
  const wanted = squeezed(line);
  let shown = '';
  let came = '';
  for (const { text, raw, end } of first.slice(0, ECHO_LINES)) {
    shown += squeezed(text);
    came += squeezed(raw);
    if (shown.endsWith(wanted) || came.endsWith(wanted)) return end;
  }
  return 0;
}

/** Where the prompt begins, with the line that some devices draw above it. */
export function promptStart({ last, currentStart }: Exchange, { promptHead }: Platform): number {
  const above = last.at(-1);
  return above !== undefined && promptHead?.test(above.text.trim()) === true ? above.start : currentStart;
}

/** A device's complaint at the beginning of its output. */
export interface Complaint {
  readonly kind: 'refused' | 'unknown';
  readonly text: string;
}

/**
 * Whether the output is a complaint instead. Only short outputs are one: a configuration may hold any words. `start`
 * is where the output begins.
 */
export function complaintOf(exchange: Exchange, start: number, platform: Platform): Complaint | undefined {
  const lines = exchange.first.filter((line) => line.start >= start).slice(0, COMPLAINT_LINES);
  const all = exchange.lines - (exchange.first.length - exchange.first.filter((line) => line.start >= start).length);
  if (all > COMPLAINT_LINES) return undefined;
  const found = lines.findIndex(({ text }) => isComplaint(text, platform));
  if (found === -1) return undefined;
  const refused = lines.some(({ text }) => matches(text, platform.refused));
  const text = lines
    .map((line) => line.text.trim())
    .filter((line) => line !== '')
    .join('\n')
    .slice(0, MOST_COMPLAINT);
  return { kind: refused ? 'refused' : 'unknown', text };
}

/** Whether the output ends as it must; outputs that have no such end always do, and so do complaints. */
export function hasTerminator(
  exchange: Exchange,
  line: string,
  terminator: RegExp | undefined,
  platform: Platform,
): boolean {
  if (terminator === undefined) return true;
  const last = exchange.last.findLast(({ text }) => platform.promptHead?.test(text.trim()) !== true);
  const start = bodyStart(exchange, line);
  if (last !== undefined && last.start >= start && terminator.test(last.text)) return true;
  return complaintOf(exchange, start, platform) !== undefined;
}

function isComplaint(text: string, platform: Platform): boolean {
  return matches(text, platform.refused) || matches(text, platform.unknown);
}

function matches(text: string, expressions: readonly RegExp[]): boolean {
  const trimmed = text.trim();
  return expressions.some((expression) => expression.test(trimmed));
}

/** Text without blanks and control characters: what wrapping and redrawing leave of an echo. */
function squeezed(text: string): string {
  let kept = '';
  for (const character of text) if (character > ' ' && character !== '\u007f') kept += character;
  return kept;
}
