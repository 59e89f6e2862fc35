/** What stands before a frame: the octet count, or a blank. */
export interface FrameHead {
  /** Octets of the head itself. */
  length: number;
  /** Octets of the message behind it; 0 for a blank. */
  count: number;
}

const SPACE = 0x20;
const ZERO = 0x30;
const LESS = 0x3c;
const GREATER = 0x3e;
const MAX_DIGITS = 7;

/**
 * How the frame at `from` is framed, as far as the octets before `to` tell: `counted` by `[1-9]\d{0,6} SP` with a whole
 * priority behind it that fits the count, `blank` for a space before `<`, else `line`. Fills `head` for the first two.
 */
export function readHead(
  bytes: Buffer,
  from: number,
  to: number,
  head: FrameHead,
): 'counted' | 'blank' | 'line' | 'undecided' {
  const first = bytes[from]!;
  if (first === SPACE) {
    head.length = 1;
    head.count = 0;
    if (from + 1 === to) return 'undecided';
    return bytes[from + 1] === LESS ? 'blank' : 'line';
  }
  if (first === ZERO || !isDigit(first)) return 'line';
  let p = from;
  let count = 0;
  while (p < to && isDigit(bytes[p]!) && p - from < MAX_DIGITS) count = count * 10 + bytes[p++]! - ZERO;
  if (p === to) return 'undecided';
  if (bytes[p] !== SPACE) return 'line';
  const priority = priorityLength(bytes, p + 1, to);
  if (priority === UNDECIDED) return 'undecided';
  if (priority === NONE || count < priority) return 'line';
  head.length = p + 1 - from;
  head.count = count;
  return 'counted';
}

/** Whether the bytes begin with `<\d{1,3}>`. */
export function beginsWithPriority(bytes: Buffer): boolean {
  return priorityLength(bytes, 0, bytes.length) > 0;
}

const UNDECIDED = 0;
const NONE = -1;

/** Length of `<\d{1,3}>` at `from`, else `UNDECIDED` or `NONE`. */
function priorityLength(bytes: Buffer, from: number, to: number): number {
  if (from === to) return UNDECIDED;
  if (bytes[from] !== LESS) return NONE;
  let p = from + 1;
  while (p < to && isDigit(bytes[p]!) && p - from < 4) p++;
  if (p === to) return UNDECIDED;
  return p > from + 1 && bytes[p] === GREATER ? p + 1 - from : NONE;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}
