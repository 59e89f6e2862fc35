import { type ConfigNode, type ConfigTree, MAX_DEPTH } from '../config-node';
import { deactivate, PathTree } from './path-tree';
import { closing } from './words';

interface Reading {
  readonly tree: PathTree;
  readonly open: ConfigNode[];
  /** Words of the statement that is being read, and the line of the first. */
  words: string[];
  line: number;
  inactive: boolean;
  /** Inside `[ … ]`: the statement's words before it. */
  list: string[] | undefined;
  /** Blocks that stand deeper than is read. */
  tooDeep: number;
  /** Inside a quoted value that began on an earlier line. */
  quoted: boolean;
}

/** Longest value over several lines (a certificate); a quote that stays open for longer was none. */
const QUOTED_LINES = 400;

/**
 * Junos and PAN-OS in braces: `name words { … }`, `name words;`, lists in `[ … ]`, comments behind `#` or as in C,
 * `inactive:` and `protect:` before a statement. A quoted value may go over several lines. Each word becomes a node of its own (see `ConfigNode`).
 */
export function parseBraces(lines: readonly string[]): ConfigTree {
  const tree = new PathTree();
  const r: Reading = {
    tree,
    open: [tree.root],
    words: [],
    line: 0,
    inactive: false,
    list: undefined,
    tooDeep: 0,
    quoted: false,
  };
  let comment = false;
  for (let i = 0; i < lines.length; i++) {
    comment = readLine(r, lines[i] ?? '', i + 1, comment);
    if (!r.quoted) continue;
    r.quoted = false;
    const end = quoteEnd(lines, i);
    if (end === undefined) continue;
    i = end;
    comment = readLine(r, (lines[i] ?? '').slice((lines[i] ?? '').indexOf('"') + 1), i + 1, false);
  }
  return { root: tree.root, incomplete: tree.full || r.open.length > 1 || r.words.length > 0 || comment };
}

/** Index of the line on which a value closes that the line before left open. */
function quoteEnd(lines: readonly string[], from: number): number | undefined {
  for (let at = from + 1; at < lines.length && at <= from + QUOTED_LINES; at++) {
    if (lines[at]?.includes('"') === true) return at;
  }
  return undefined;
}

/** Reads one line; whether it ends inside a comment. */
function readLine(r: Reading, line: string, number: number, comment: boolean): boolean {
  let at = 0;
  if (comment) {
    const end = line.indexOf('*/');
    if (end < 0) return true;
    at = end + 2;
  }
  while (at < line.length) {
    const character = line[at] ?? '';
    if (character === '#') return false;
    if (line.startsWith('/*', at)) {
      const end = line.indexOf('*/', at + 2);
      if (end < 0) return true;
      at = end + 2;
    } else if (character === '"') {
      const end = closing(line, at + 1, '"');
      r.quoted = end >= line.length;
      word(r, line.slice(at + 1, end), number);
      at = end + 1;
    } else if ('{};[]'.includes(character)) {
      mark(r, character, number);
      at++;
    } else if (character <= ' ') at++;
    else at = bareWord(r, line, at, number);
  }
  return false;
}

function bareWord(r: Reading, line: string, from: number, number: number): number {
  let at = from;
  while (at < line.length && (line[at] ?? ' ') > ' ' && !'{};[]"'.includes(line[at] ?? '')) at++;
  const text = line.slice(from, at);
  if (r.words.length === 0 && (text === 'inactive:' || text === 'protect:'))
    r.inactive = text === 'inactive:' || r.inactive;
  else word(r, text, number);
  return at;
}

function word(r: Reading, text: string, line: number): void {
  if (r.words.length === 0 && r.list === undefined) r.line = line;
  if (r.list !== undefined) put(r, [...r.list, text], line);
  else r.words.push(text);
}

function mark(r: Reading, character: string, line: number): void {
  switch (character) {
    case '{':
      if (r.open.length >= MAX_DEPTH) r.tooDeep++;
      else r.open.push(put(r, r.words, r.line === 0 ? line : r.line));
      clear(r);
      return;
    case '}':
      if (r.words.length > 0) put(r, r.words, r.line);
      clear(r);
      if (r.tooDeep > 0) r.tooDeep--;
      else if (r.open.length > 1) {
        const closed = r.open.pop();
        if (closed !== undefined) closed.lastLine = Math.max(closed.lastLine, line);
      }
      return;
    case '[':
      r.list = r.words;
      return;
    case ']':
      return;
    default:
      if (r.list === undefined && r.words.length > 0) put(r, r.words, r.line);
      clear(r);
  }
}

function clear(r: Reading): void {
  r.words = [];
  r.list = undefined;
  r.inactive = false;
  r.line = 0;
}

function put(r: Reading, words: readonly string[], line: number): ConfigNode {
  const parent = r.open.at(-1) ?? r.tree.root;
  const made = r.tree.put(parent, words, line);
  if (r.inactive && made !== parent) deactivate(made);
  return made;
}
