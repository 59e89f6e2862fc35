import { type ConfigNode, type ConfigTree, MAX_DEPTH, MAX_NODES, node } from '../config-node';
import { hasOpenQuote, quotedWords } from './words';

/** Statements of one block among which an earlier one of the same name is looked for. */
const SEARCHED = 256;

/** Lines that are read of one quoted value: a script, not a page of HTML. */
const QUOTED_LINES = 256;

interface Reading {
  readonly root: ConfigNode;
  readonly open: { readonly at: ConfigNode; readonly kind: 'config' | 'edit' }[];
  count: number;
  /** Blocks deeper than is read. */
  tooDeep: number;
  /** Entries of each block by name. */
  readonly entries: Map<ConfigNode, Map<string, ConfigNode>>;
}

function entriesOf({ entries }: Reading, parent: ConfigNode): Map<string, ConfigNode> {
  let known = entries.get(parent);
  if (known === undefined) {
    known = new Map();
    entries.set(parent, known);
  }
  return known;
}

/**
 * FortiOS: `config PATH` … `end`, `edit ID` … `next`, `set NAME VALUES`, `append`, `unset`. `config` and `edit` become
 * nodes with children; `append` adds its values to the `set` before it; an `edit` of an id that is there goes on with it.
 * `clone A to B` copies, `delete A` removes, `move` only orders. Quoted values may go over several lines.
 */
export function parseFortios(lines: readonly string[]): ConfigTree {
  const r: Reading = { root: node([], 0), open: [], count: 0, tooDeep: 0, entries: new Map() };
  for (let i = 0; i < lines.length; i++) {
    const first = i;
    const line = lines[i] ?? '';
    if (line.trimStart().startsWith('#')) continue;
    if (r.count >= MAX_NODES) return { root: r.root, incomplete: true };
    if (hasOpenQuote(line, false)) i = quoteEnd(lines, i);
    const whole = i === first ? line : lines.slice(first, Math.min(i + 1, first + QUOTED_LINES)).join('\n');
    const words = quotedWords(whole).map(({ text }) => text);
    const [verb = '', ...rest] = words;
    readStatement(r, verb, rest, first + 1);
    const last = i === first ? undefined : r.open.at(-1)?.at.children.at(-1);
    if (last?.line === first + 1) last.lastLine = i + 1;
    for (const { at } of r.open) at.lastLine = Math.max(at.lastLine, i + 1);
  }
  return { root: r.root, incomplete: r.open.length > 0 };
}

/** Index of the line on which a quoted value ends; its first line where it never does. */
function quoteEnd(lines: readonly string[], from: number): number {
  let open = true;
  for (let at = from + 1; at < lines.length; at++) {
    open = hasOpenQuote(lines[at] ?? '', open);
    if (!open) return at;
  }
  return from;
}

function readStatement(r: Reading, verb: string, rest: readonly string[], line: number): void {
  const parent = r.open.at(-1)?.at ?? r.root;
  switch (verb) {
    case 'config':
      enter(r, parent, rest, line, 'config');
      return;
    case 'edit':
      enter(r, parent, rest, line, 'edit');
      return;
    case 'next':
    case 'end':
      leave(r, verb);
      return;
    case 'set':
      r.count++;
      // Said twice, the last holds.
      if (parent.children.length < SEARCHED) remove(parent, rest[0]);
      parent.children.push(node(rest, line));
      return;
    case 'append':
      append(parent, rest, line);
      return;
    case 'unset':
      remove(parent, rest[0]);
      return;
    case 'delete':
      remove(parent, rest[0]);
      r.entries.get(parent)?.delete(rest[0] ?? '');
      return;
    case 'clone':
      clone(r, parent, rest, line);
      return;
    default:
  }
}

function enter(r: Reading, parent: ConfigNode, words: readonly string[], line: number, kind: 'config' | 'edit'): void {
  if (words.length === 0 || r.open.length >= MAX_DEPTH) {
    r.tooDeep++;
    return;
  }
  r.count++;
  const known = kind === 'edit' ? r.entries.get(parent)?.get(words[0] ?? '') : undefined;
  const entered = known ?? node(words, line);
  if (known === undefined) parent.children.push(entered);
  if (kind === 'edit') entriesOf(r, parent).set(words[0] ?? '', entered);
  r.open.push({ at: entered, kind });
}

/** `end` also closes an `edit` that no `next` closed. */
function leave(r: Reading, verb: 'next' | 'end'): void {
  if (r.tooDeep > 0) {
    r.tooDeep--;
    return;
  }
  const top = r.open.at(-1);
  if (top === undefined || (verb === 'next' && top.kind === 'config')) return;
  r.open.pop();
  if (verb === 'end' && top.kind === 'edit' && r.open.at(-1)?.kind === 'config') r.open.pop();
}

function append(parent: ConfigNode, [name, ...values]: readonly string[], line: number): void {
  if (name === undefined) return;
  const known = parent.children.findLastIndex((child) => child.words[0] === name);
  const before = parent.children[known];
  if (before === undefined) parent.children.push(node([name, ...values], line));
  else
    parent.children[known] = {
      ...before,
      words: [...before.words, ...values],
      lastLine: line,
      children: [...before.children, node([], line)],
    };
}

function remove(parent: ConfigNode, name: string | undefined): void {
  const found = parent.children.findIndex(({ words }) => words[0] === name);
  if (found >= 0) parent.children.splice(found, 1);
}

/** The copy and its statements stand on the line of `clone`. */
function clone(r: Reading, parent: ConfigNode, [from, , to]: readonly string[], line: number): void {
  const original = parent.children.find(({ words }) => words[0] === from);
  if (original === undefined || to === undefined || r.count + original.children.length > MAX_NODES) return;
  if (parent.children.some(({ words }) => words[0] === to)) return;
  r.count += original.children.length + 1;
  const copy = { ...node([to], line), children: original.children.map(({ words }) => node(words, line)) };
  entriesOf(r, parent).set(to, copy);
  parent.children.push(copy);
}
