/**
 * Message templates: how a vendor's documentation writes a message, made into a scanner. `{name}` reads a slot, `{? … }` is
 * optional, everything else is literal; white space separates but never counts. Matching goes left to right once, never
 * back beyond an optional part, so its cost is linear in the line whatever the line holds. Text behind the template is
 * ignored: newer releases append.
 */

/** One kind of value in a template. */
export interface Slot<R> {
  /** End of the value that begins at `from`, or -1 when none does. `text` is the whole line. */
  scan(text: string, from: number, follow: Follow): number;
  /** Takes the value over; leaves `into` as it is when the value makes no sense. */
  read(into: R, value: string): void;
}

/** What may come behind a slot. */
export interface Follow {
  /** Literals, word by word. */
  readonly literals: readonly (readonly string[])[];
  /** The line may end there. */
  readonly end: boolean;
}

export type Matcher<R> = (text: string, from: number, into: R) => boolean;

type Op<R> =
  | { readonly kind: 'literal'; readonly words: readonly string[] }
  | { readonly kind: 'slot'; readonly slot: Slot<R>; follow: Follow }
  | { readonly kind: 'optional'; readonly ops: readonly Op<R>[] };

/** Compiles a template. Throws `TypeError` for an unknown slot or unbalanced braces: a programmer's error. */
export function template<R>(source: string, slots: (name: string) => Slot<R> | undefined): Matcher<R> {
  const parsed = parseOps(source, 0, slots);
  if (parsed.end !== source.length) throw new TypeError(`template has unbalanced braces: ${source}`);
  linkFollow(parsed.ops, { literals: [], end: true });
  const { ops } = parsed;
  return (text, from, into) => {
    const captures: Capture<R>[] = [];
    if (run(ops, text, from, captures) < 0) return false;
    for (const { slot, value } of captures) slot.read(into, value);
    return true;
  };
}

interface Capture<R> {
  readonly slot: Slot<R>;
  readonly value: string;
}

function run<R>(ops: readonly Op<R>[], text: string, from: number, captures: Capture<R>[]): number {
  let at = from;
  for (const op of ops) {
    switch (op.kind) {
      case 'literal':
        at = literalEnd(op.words, text, at);
        break;
      case 'slot': {
        const start = skipSpace(text, at);
        at = op.slot.scan(text, start, op.follow);
        if (at >= 0) captures.push({ slot: op.slot, value: text.slice(start, at) });
        break;
      }
      case 'optional': {
        const kept = captures.length;
        const end = run(op.ops, text, at, captures);
        if (end >= 0) at = end;
        else captures.length = kept;
        break;
      }
    }
    if (at < 0) return -1;
  }
  return at;
}

function literalEnd(words: readonly string[], text: string, from: number): number {
  let at = from;
  for (const word of words) {
    at = skipSpace(text, at);
    if (!text.startsWith(word, at)) return -1;
    at += word.length;
  }
  return at;
}

/** Position of the next character that is no white space. */
export function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** Space, tab, line ends and other control characters up to 0x20. */
export function isSpace(code: number): boolean {
  return code <= 0x20;
}

function parseOps<R>(
  source: string,
  from: number,
  slots: (name: string) => Slot<R> | undefined,
): { readonly ops: Op<R>[]; readonly end: number } {
  const ops: Op<R>[] = [];
  let at = from;
  while (at < source.length && source[at] !== '}') {
    const brace = nextBrace(source, at);
    if (brace > at) {
      const words = literalWords(source.slice(at, brace));
      if (words.length > 0) ops.push({ kind: 'literal', words });
      at = brace;
    } else if (source.startsWith('{?', at)) {
      const inner = parseOps(source, at + 2, slots);
      ops.push({ kind: 'optional', ops: inner.ops });
      at = inner.end + 1;
    } else {
      const end = source.indexOf('}', at);
      const name = source.slice(at + 1, end);
      const slot = slots(name);
      if (end < 0 || slot === undefined) throw new TypeError(`template names no known slot {${name}}: ${source}`);
      ops.push({ kind: 'slot', slot, follow: { literals: [], end: true } });
      at = end + 1;
    }
  }
  return { ops, end: at };
}

/** Words and, each for itself, `:` `,` `=`: devices disagree on the white space before these. */
function literalWords(source: string): string[] {
  return source
    .replaceAll(':', ' : ')
    .replaceAll(',', ' , ')
    .replaceAll('=', ' = ')
    .split(' ')
    .filter((word) => word !== '');
}

function nextBrace(source: string, from: number): number {
  for (let at = from; at < source.length; at++) if (source[at] === '{' || source[at] === '}') return at;
  return source.length;
}

/** Tells each slot what may follow it, from the back to the front; returns what may stand at the front of `ops`. */
function linkFollow<R>(ops: readonly Op<R>[], behind: Follow): Follow {
  let follow = behind;
  for (const op of ops.toReversed()) {
    switch (op.kind) {
      case 'literal':
        follow = { literals: [op.words], end: false };
        break;
      case 'slot':
        op.follow = follow;
        follow = { literals: [], end: false };
        break;
      case 'optional': {
        const inside = linkFollow(op.ops, follow);
        follow = { literals: [...inside.literals, ...follow.literals], end: inside.end || follow.end };
        break;
      }
    }
  }
  return follow;
}

/** Scans up to white space, or to what follows when that stands before it. */
export function scanToken(text: string, from: number, follow: Follow): number {
  let end = from;
  while (end < text.length && !isSpace(text.charCodeAt(end))) end++;
  for (const words of follow.literals) {
    if (isWordCharacter((words[0] ?? '').charCodeAt(0))) continue;
    const at = findLiteral(words, text, from, end);
    if (at >= 0) end = at;
  }
  return end > from ? end : -1;
}

/** Scans free text up to the nearest of what may follow, else to the end of the line where the template may end. */
export function scanText(text: string, from: number, follow: Follow): number {
  let end = text.length;
  let found = false;
  for (const words of follow.literals) {
    const at = findLiteral(words, text, from, end);
    if (at < 0) continue;
    end = at;
    found = true;
  }
  if (!found && !follow.end) return -1;
  while (end > from && isSpace(text.charCodeAt(end - 1))) end--;
  return end > from ? end : -1;
}

/** First place in [from, to) where the words stand, as whole words; -1 when nowhere. */
function findLiteral(words: readonly string[], text: string, from: number, to: number): number {
  const first = words[0] ?? '';
  const whole = isWordCharacter(first.charCodeAt(0));
  for (let at = text.indexOf(first, from); at >= 0 && at < to; at = text.indexOf(first, at + 1)) {
    if (whole && at > from && !isSpace(text.charCodeAt(at - 1))) continue;
    if (literalEnd(words, text, at) >= 0) return at;
  }
  return -1;
}

function isWordCharacter(code: number): boolean {
  const folded = code | 0x20;
  return (folded >= 0x61 && folded <= 0x7a) || (code >= 0x30 && code <= 0x39) || code > 0x7f;
}
