import { type ConfigNode, type ConfigTree, MAX_NODES, node } from '../config-node';
import { closing } from './words';

/** Longest statement that is put together of continued lines. */
const MAX_STATEMENT = 65_536;

/**
 * RouterOS `/export`: a menu path (`/ip firewall nat`) alone on its line, then `add`, `set` and others below it, or both on
 * one line; `\` at the end continues a line. A menu is a node of its words; each statement a child of its verb, its
 * `name=value` pairs and bare words the children of that. `set [ find default-name=ether1 ] …` keeps the condition as `find`.
 */
export function parseRouteros(lines: readonly string[]): ConfigTree {
  const root = node([], 0);
  const menus = new Map<string, ConfigNode>();
  let menu: ConfigNode | undefined;
  let count = 0;
  for (let i = 0; i < lines.length; i++) {
    const first = i;
    const joined = continued(lines, i);
    i = joined.last;
    const text = joined.text.trim();
    if (text === '' || text.startsWith('#')) continue;
    const words = pairsOf(text);
    if (count++ + words.length >= MAX_NODES) return { root, incomplete: true };
    if (text.startsWith('/')) menu = menuOf(root, menus, words, first + 1);
    const rest = text.startsWith('/') ? words.slice(menuLength(words)) : words;
    if (rest.length === 0 || menu === undefined) continue;
    menu.children.push(statementOf(rest, first + 1, i + 1));
    menu.lastLine = i + 1;
  }
  return { root, incomplete: false };
}

function continued(lines: readonly string[], from: number): { text: string; last: number } {
  let text = lines[from] ?? '';
  let last = from;
  while (text.endsWith('\\') && last + 1 < lines.length && text.length < MAX_STATEMENT) {
    last++;
    text = text.slice(0, -1) + (lines[last] ?? '').trimStart();
  }
  return { text, last };
}

interface Pair {
  readonly name: string;
  readonly value: string | undefined;
}

const VERBS: ReadonlySet<string> = new Set(['add', 'set', 'remove', 'enable', 'disable', 'print', 'unset', 'move']);

function menuLength(words: readonly Pair[]): number {
  const verb = words.findIndex(({ name, value }) => VERBS.has(name) || value !== undefined || name === '[');
  return verb < 0 ? words.length : verb;
}

function menuOf(root: ConfigNode, menus: Map<string, ConfigNode>, words: readonly Pair[], line: number): ConfigNode {
  const path = words.slice(0, menuLength(words)).flatMap(({ name }) => name.split('/').filter(Boolean));
  const key = path.join(' ');
  const known = menus.get(key);
  if (known !== undefined) return known;
  const made = node(path, line);
  menus.set(key, made);
  root.children.push(made);
  return made;
}

function statementOf([verb, ...rest]: readonly Pair[], line: number, last: number): ConfigNode {
  const made = node([verb?.name ?? ''], line);
  made.lastLine = last;
  let condition = false;
  for (const { name, value } of rest) {
    if (name === '[') condition = true;
    else if (name === ']') condition = false;
    else if (condition) made.children.push(node(value === undefined ? ['find', name] : ['find', name, value], line));
    else made.children.push(node(value === undefined ? [name] : [name, value], line));
  }
  return made;
}

/** `name=value`, `name="quoted value"`, bare words, brackets. */
function pairsOf(text: string): Pair[] {
  const pairs: Pair[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (character <= ' ') at++;
    else if (character === '[' || character === ']') {
      pairs.push({ name: character, value: undefined });
      at++;
    } else at = pairAt(text, at, pairs);
  }
  return pairs;
}

function pairAt(text: string, from: number, pairs: Pair[]): number {
  if (text[from] === '"') {
    const end = closing(text, from + 1, '"');
    pairs.push({ name: unescape(text.slice(from + 1, end)), value: undefined });
    return end + 1;
  }
  let at = from;
  while (at < text.length && (text[at] ?? ' ') > ' ' && text[at] !== '=' && text[at] !== ']') at++;
  const name = text.slice(from, at);
  if (text[at] !== '=') {
    pairs.push({ name, value: undefined });
    return Math.max(at, from + 1);
  }
  at++;
  if (text[at] === '"') {
    const end = closing(text, at + 1, '"');
    pairs.push({ name, value: unescape(text.slice(at + 1, end)) });
    return end + 1;
  }
  const begin = at;
  while (at < text.length && (text[at] ?? ' ') > ' ' && text[at] !== ']') at++;
  pairs.push({ name, value: text.slice(begin, at) });
  return at;
}

/** `\"`, `\\`, `\$`, `\?`; the codes of other characters stay as they are. */
function unescape(text: string): string {
  return text.includes('\\') ? text.replace(/\\(["\\$?])/g, '$1') : text;
}
