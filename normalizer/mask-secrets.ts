import { FILLERS, MASK, PROSE, TYPES, WEAK_WORDS } from './mask-secrets.data';
import { maskEmbedded } from './secret-embedded';
import { isKeyword, keywordTarget } from './secret-keywords';
import { positionalSecret } from './secret-positions';
import { type Word, isAddress, isInteger, lowerOf, splitWords, stripped } from './secret-words';

/**
 * Secrets in device commands and configuration lines: passwords, keys, communities, hashes. A line keeps its words and its
 * length in words; only the secret becomes `***`. Masking errs towards hiding: a word too many is masked rather than one
 * too few.
 *
 * The line with its secrets replaced; the same string when it holds none. Idempotent.
 */
export function maskSecrets(line: string): string {
  const opened = maskEmbedded(line);
  const words = splitWords(opened);
  const shown = words.map(({ space, text }) => space + text);
  for (let i = 0; i < words.length; i++) {
    // What was taken for a secret announces none, unless it may be a keyword after all (`key-string password S`, `auth encrypted-password S`).
    if (shown[i] === '') continue;
    if (shown[i] !== `${words[i]?.space}${words[i]?.text}` && !endsInPassword(words[i]?.text ?? '')) continue;
    const inside = looksEncoded(lowerOf(words, i)) ? 0 : assignedAt(words, i);
    if (inside >= 0) maskSpan(words, shown, i, inside);
    const secret = secretAfter(words, i);
    if (secret >= 0) maskSpan(words, shown, secret, 0);
  }
  const length = words.reduce((sum, { space, text }) => sum + space.length + text.length, 0);
  const masked = shown.join('') + opened.slice(length);
  return masked === line ? line : masked;
}

function endsInPassword(word: string): boolean {
  return word === 'password' || word.endsWith('-password');
}

/** Index of the secret that the word at `i` announces, or -1. */
function secretAfter(words: readonly Word[], i: number): number {
  const positional = positionalSecret(words, i);
  if (positional !== undefined) return positional;
  const from = keywordTarget(words, i);
  if (from < 0) return -1;
  const at = behindFillers(words, from);
  if (at >= words.length) return -1;
  const word = lowerOf(words, at);
  if (PROSE.has(word) && (at === i + 1 || lowerOf(words, i + 1) === 'authentication')) return -1;
  if (word.startsWith('--')) return -1;
  if (WEAK_WORDS.has(lowerOf(words, i)) && (FILLERS.has(word) || isKeyInstead(words, at))) return -1;
  return at;
}

/** `md5 key-string S`, `md5 1 key S`: another keyword announces the secret. */
function isKeyInstead(words: readonly Word[], at: number): boolean {
  return lowerOf(words, at) === 'key-string' || lowerOf(words, at) === 'key' || lowerOf(words, at + 1) === 'key';
}

function behindFillers(words: readonly Word[], from: number): number {
  let at = from;
  while (at < words.length - 1 && isFiller(words, at)) at++;
  return at;
}

function isFiller(words: readonly Word[], at: number): boolean {
  const word = lowerOf(words, at);
  if (word === '' || FILLERS.has(word) || TYPES.has(word)) return true;
  const next = lowerOf(words, at + 1);
  // `ip msdp password peer ADDRESS 0 S`, `ip msdp password ADDRESS S`, `mpls ldp password option 1 for 10 7 S`
  if (word === 'peer') return isAddress(next);
  if (isAddress(word)) return true;
  if (word === 'option' || word === 'for') return isInteger(next);
  // `authentication-key 1 md5 S`, `option 1 for`, `key-string password 7 S`
  if (isInteger(word) && lowerOf(words, at - 1) === 'level') return true;
  if (isInteger(word)) return next === 'for' || (FILLERS.has(next) && !isLast(words, at + 1)) || isType(words, at + 1);
  return word === 'password' && (isType(words, at + 1) || next === 'encrypted' || next === 'clear');
}

/** An encoding number, with the secret behind it. */
function isType(words: readonly Word[], at: number): boolean {
  return TYPES.has(lowerOf(words, at)) && !isLast(words, at);
}

function isLast(words: readonly Word[], at: number): boolean {
  return at >= words.length - 1;
}

/**
 * Crypt and vendor encodings that are secrets wherever they stand: `$1$…`, `$9$…` (crypt, Cisco, Juniper), `-AQ==…`
 * (PAN-OS).
 */
function looksEncoded(word: string): boolean {
  if (word.startsWith('-aq==')) return true;
  if (word.length < 6 || word[0] !== '$') return false;
  const second = word.indexOf('$', 1);
  return second > 1 && second <= 8;
}

/** Where the secret begins in a word such as `password=S`, `host=a&password=S` or `password:S`; -1 when it holds none. */
function assignedAt(words: readonly Word[], i: number): number {
  const text = words[i]?.text ?? '';
  for (let at = nextAssignment(text, 1); at > 0 && at < text.length - 1; at = nextAssignment(text, at + 1)) {
    const name = stripped(nameBefore(text, at)).toLowerCase();
    if (WEAK_WORDS.has(name)) continue;
    if (isKeyword(words, i, name, true)) return at + 1;
  }
  return -1;
}

function nextAssignment(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (text[at] === '=' || text[at] === ':') return at;
  return -1;
}

/** The name that ends right before `end`: letters, digits, `-` and `_`. */
function nameBefore(text: string, end: number): string {
  let from = end;
  while (from > 0 && isNamePart(text.charCodeAt(from - 1))) from--;
  // A path's last component is a file, not a keyword.
  return text[from - 1] === '/' ? '' : text.slice(from, end);
}

function isNamePart(code: number): boolean {
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x5f;
}

/** Masks the secret that begins at `from` of the word at `at`, up to the end of its quotes, and a new value behind `->`. */
function maskSpan(words: readonly Word[], shown: string[], at: number, from: number): void {
  const { space, text } = words[at] ?? { space: '', text: '' };
  const first = text[from] ?? '';
  const quoted = first === '"' || first === "'";
  const end = quoted ? quoteEnd(words, at, from) : undefined;
  // A cut line hides the rest of its secret; an apostrophe that nothing closes opens nothing.
  const last = end?.word ?? (first === '"' ? words.length - 1 : at);
  const open = quoted ? (end || first === '"' ? first : '') : OPENING.has(first) ? first : '';
  const rest = end
    ? closing(words[end.word]?.text ?? '', end.at)
    : first === '"'
      ? ''
      : tailOf(text, from + open.length);
  shown[at] = `${space}${text.slice(0, from)}${open}${MASK}${rest}`;
  shown.fill('', at + 1, last + 1);
  if (words[last + 1]?.text === '->' && last + 2 < words.length) maskSpan(words, shown, last + 2, 0);
}

const OPENING = new Set(['`', '(']);

/** The quote that closes and what closes around it; what is glued to the quote may be secret too. */
function closing(word: string, at: number): string {
  const tail = tailOf(word, 0);
  return word.length - tail.length <= at ? word.slice(at) : (word[at] ?? '');
}

/** What closes around the secret stays: quote, bracket, semicolon. */
function tailOf(word: string, from: number): string {
  let at = word.length;
  while (at > from && '"\'`),;]}'.includes(word[at - 1] ?? ' ')) at--;
  return word.slice(at);
}

/** Where the quote opened at `from` of the word at `at` closes: index of the word and place in it. */
function quoteEnd(words: readonly Word[], at: number, from: number): { word: number; at: number } | undefined {
  const quote = words[at]?.text[from] ?? '';
  for (let i = at; i < words.length; i++) {
    const text = words[i]?.text ?? '';
    let close = text.indexOf(quote, i === at ? from + 1 : 0);
    while (close > 0 && text[close - 1] === '\\') close = text.indexOf(quote, close + 1);
    if (close >= 0) return { word: i, at: close };
  }
  return undefined;
}
