import { type ConfigNode, type ConfigTree, MAX_DEPTH, MAX_NODES, node } from '../config-node';
import { plainWords, quotedWords } from './words';

/** Blocks of text that end at a character of the user's choice (`banner motd ^C … ^C`, `macro name …` up to `@`). */
const TEXT_COMMANDS: ReadonlySet<string> = new Set(['banner', 'macro', 'menu']);

/**
 * Cisco IOS, IOS-XE, ASA, NX-OS, Arista EOS: one statement a line, deeper statements are indented further. `!` begins a
 * comment, and on most platforms ends a block too; a comment does not end one here, only indentation does (section comments
 * stand inside address families). Text of banners and bodies of certificates are no statements. `quit`, `exit` and
 * `exit-address-family` are none either.
 */
export function parseIndent(lines: readonly string[]): ConfigTree {
  const root = node([], 0);
  const open: { readonly indent: number; readonly at: ConfigNode }[] = [{ indent: -1, at: root }];
  let count = 0;
  let incomplete = false;
  for (let i = 0; i < lines.length; i++) {
    const text = lines[i] ?? '';
    const indent = indentOf(text);
    const body = text.slice(indent);
    if (body === '' || body.startsWith('!') || body.startsWith('#') || (body.startsWith(':') && indent === 0)) continue;
    if (count++ >= MAX_NODES) return { root, incomplete: true };
    while (open.length > 1 && (open.at(-1)?.indent ?? -1) >= indent) open.pop();
    const words = body.includes('"') ? quotedWords(body).map((token) => token.text) : plainWords(body);
    if (isExit(words)) continue;
    const statement = node(words, i + 1);
    open.at(-1)?.at.children.push(statement);
    const end = textEnd(lines, i, words, indent);
    if (end === undefined) incomplete = true;
    statement.lastLine = (end ?? lines.length - 1) + 1;
    i = statement.lastLine - 1;
    if (open.length < MAX_DEPTH) open.push({ indent, at: statement });
    for (const { at } of open) at.lastLine = Math.max(at.lastLine, statement.lastLine);
  }
  return { root, incomplete };
}

function indentOf(text: string): number {
  let at = 0;
  while (at < text.length && (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09)) at++;
  return at;
}

function isExit([first]: readonly string[]): boolean {
  return first === 'exit' || first === 'quit' || first === 'exit-address-family' || first === 'exit-vrf';
}

/** Index of the last line of a statement with text behind it: the statement's own where it has none; undefined: never ended. */
function textEnd(lines: readonly string[], i: number, words: readonly string[], indent: number): number | undefined {
  const [first = '', second] = words;
  if (first === 'certificate' && indent > 0) return certificateEnd(lines, i);
  if (!TEXT_COMMANDS.has(first) || second === undefined) return i;
  if (first === 'macro') return second === 'name' ? lineEqual(lines, i, '@') : i;
  const line = lines[i] ?? '';
  const mark = delimiterOf(line, words);
  // EOS: `banner motd`, text, `EOF`. ASA repeats `banner motd TEXT` line by line.
  if (mark === undefined) return words.length === 2 ? lineEqual(lines, i, 'EOF') : i;
  if (line.indexOf(mark.text, mark.from + mark.text.length) >= 0) return i;
  for (let at = i + 1; at < lines.length; at++) if (lines[at]?.includes(mark.text) === true) return at;
  return undefined;
}

/** The delimiter behind `banner motd`: `^C` or one character that is neither letter nor digit. */
function delimiterOf(line: string, words: readonly string[]): { text: string; from: number } | undefined {
  const third = words[2] ?? '';
  if (third === '') return undefined;
  const from = line.indexOf(third, line.indexOf(words[1] ?? '') + (words[1]?.length ?? 0));
  if (third.startsWith('^C')) return { text: '^C', from };
  const [first = ''] = third;
  if (first === '\u0003') return { text: first, from };
  // A word that begins like any word is ASA's text.
  return third.length > 1 && !'#@%$~|&^*+='.includes(first)
    ? undefined
    : isAlphanumeric(first)
      ? undefined
      : { text: first, from };
}

function isAlphanumeric(character: string): boolean {
  return /^[A-Za-z0-9]/.test(character);
}

function lineEqual(lines: readonly string[], from: number, text: string): number {
  for (let at = from + 1; at < lines.length; at++) if (lines[at]?.trim() === text) return at;
  return from;
}

/** ` certificate self-signed 01`, lines of hexadecimal, `  quit`. */
function certificateEnd(lines: readonly string[], from: number): number {
  let at = from + 1;
  while (at < lines.length && isHexLine(lines[at] ?? '')) at++;
  return lines[at]?.trim() === 'quit' ? at : at - 1;
}

function isHexLine(line: string): boolean {
  const text = line.trim();
  return text !== '' && /^[0-9A-Fa-f ]+$/.test(text);
}
