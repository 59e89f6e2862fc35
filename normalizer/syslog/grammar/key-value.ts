/**
 * `key=value key2="quoted value"` as FortiGate, Sophos, SonicWall, Meraki and others write it. Linear in the length of the
 * text; never throws. The first of repeated keys wins.
 */

const SPACE = 0x20;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const COMMA = 0x2c;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;
/** Quotes looked at before the first is taken as the end: keeps hostile input linear. */
const MAX_QUOTES = 64;

/** How one vendor's pairs are told apart. */
export interface KeyValueOptions {
  /** Where in the text to begin; default 0. */
  readonly from?: number;
  /** What stands between pairs; `auto` takes a comma when one follows the first value directly. Default `space`. */
  readonly separator?: 'space' | 'comma' | 'auto';
  /** Values may also stand in single quotes (Meraki, SonicWall). Default false. */
  readonly singleQuotes?: boolean;
}

/** Reads every pair. Text between pairs that has no `=` is skipped. */
export function readKeyValues(text: string, options: KeyValueOptions = {}): Map<string, string> {
  const out = new Map<string, string>();
  const from = options.from ?? 0;
  const comma = options.separator === 'comma' || (options.separator === 'auto' && commaSeparated(text, from));
  let at = from;
  while (at < text.length) {
    at = skipSeparators(text, at);
    const keyEnd = endOfKey(text, at);
    if (keyEnd <= at || text.charCodeAt(keyEnd) !== EQUALS) {
      at = nextSeparator(text, Math.max(keyEnd, at + 1), comma);
      continue;
    }
    const key = text.slice(at, keyEnd);
    const start = keyEnd + 1;
    const single = options.singleQuotes === true && text.charCodeAt(start) === APOSTROPHE;
    const quoted = single || text.charCodeAt(start) === QUOTE;
    const end = quoted ? closingQuote(text, start + 1, single ? "'" : '"') : nextSeparator(text, start, comma);
    if (!out.has(key)) out.set(key, quoted ? unescape(text.slice(start + 1, end)) : text.slice(start, end));
    at = quoted ? end + 1 : end;
  }
  return out;
}

/** Position behind the key that begins at `at`; `at` itself when none does. Keys are letters, digits, `_`, `-`, `.`. */
export function endOfKey(text: string, at: number): number {
  let end = at;
  while (end < text.length && isKeyCode(text.charCodeAt(end))) end++;
  return end;
}

const KEY_CODES = new Uint8Array(128);
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.')
  KEY_CODES[char.charCodeAt(0)] = 1;

function isKeyCode(code: number): boolean {
  return KEY_CODES[code] === 1;
}

function isSeparator(code: number): boolean {
  return code === SPACE || code === COMMA || (code >= 0x09 && code <= 0x0d);
}

function skipSeparators(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSeparator(text.charCodeAt(at))) at++;
  return at;
}

function nextSeparator(text: string, from: number, comma: boolean): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (comma ? code === COMMA : code === SPACE || (code >= 0x09 && code <= 0x0d)) return at;
    at++;
  }
  return at;
}

/** A comma that is directly followed by another `key=` ends the first value: FortiGate's CSV format. */
function commaSeparated(text: string, from: number): boolean {
  const start = text.indexOf('=', from);
  if (start < 0) return false;
  const quoted = text.charCodeAt(start + 1) === QUOTE;
  const end = quoted ? closingQuote(text, start + 2, '"') + 1 : text.indexOf(',', start);
  if (end < 0 || text.charCodeAt(end) !== COMMA) return false;
  const space = quoted ? -1 : text.indexOf(' ', start);
  if (space >= 0 && space < end) return false;
  const keyEnd = endOfKey(text, end + 1);
  return keyEnd > end + 1 && text.charCodeAt(keyEnd) === EQUALS;
}

/**
 * Where the value that begins at `from` closes. Vendors leave inner quotes and trailing backslashes unescaped
 * (`path="C:\" next=…`, `msg="a "b" c" next=…`), so a quote closes only where the text goes on as pairs do.
 */
function closingQuote(text: string, from: number, quote: string): number {
  let first = -1;
  let seen = 0;
  for (let at = text.indexOf(quote, from); at >= 0 && seen < MAX_QUOTES; at = text.indexOf(quote, at + 1)) {
    seen++;
    if (text.charCodeAt(at - 1) !== BACKSLASH && endsValue(text, at + 1)) return at;
    const next = text.indexOf(quote, at + 1);
    const opensNext = next < 0 || text.charCodeAt(next - 1) === EQUALS;
    const escaped = isEscaped(text, at, from);
    if (endsValue(text, at + 1) && (!escaped || opensNext)) return at;
    if (escaped) continue;
    if (first < 0) first = at;
    if (opensNext && (at + 1 >= text.length || isSeparator(text.charCodeAt(at + 1)))) return at;
  }
  return first < 0 ? text.length : first;
}

function isEscaped(text: string, at: number, from: number): boolean {
  let slashes = 0;
  while (at - 1 - slashes >= from && text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
  return slashes % 2 === 1;
}

/** Whether `at` is the end of the text or separators and then a `key=`. */
function endsValue(text: string, at: number): boolean {
  if (at >= text.length) return true;
  const next = skipSeparators(text, at);
  if (next === at) return false;
  if (next >= text.length) return true;
  const keyEnd = endOfKey(text, next);
  return keyEnd > next && text.charCodeAt(keyEnd) === EQUALS;
}

/** Takes the backslash before quotes away; a lone backslash (`DOMAIN\user`) stays. */
function unescape(value: string): string {
  return value.includes('\\"') ? value.replaceAll('\\"', '"') : value;
}
