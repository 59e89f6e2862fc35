/**
 * One statement of a configuration, whatever its grammar. The six grammars differ in how words are nested:
 *
 * - line grammars (Cisco-like, FortiOS, RouterOS) make one node of one line: `words` holds all of its words;
 * - path grammars (Junos, PAN-OS, VyOS; braces, `set` lines or XML) make one node of one word, so that
 *   `system { syslog { host A; } }` and `set system syslog host A` give equal trees;
 * - XML makes one node of one element, its text a child of one word.
 *
 * `valueOf` and `childrenOf` read all three alike.
 */
export interface ConfigNode {
  /** Words without their quotes. */
  readonly words: readonly string[];
  /** First and last line, from 1. The last line of a block is that of its last statement. */
  readonly line: number;
  lastLine: number;
  /** False: the grammar itself marks it, or a statement around it, as not in force (`inactive:`, `deactivate`). */
  active: boolean;
  readonly children: ConfigNode[];
}

/** Most statements of one configuration; what is beyond is not read, and the reading says so. */
export const MAX_NODES = 400_000;
/** Deepest nesting; deeper statements are read as children of the deepest. */
export const MAX_DEPTH = 64;

/** A configuration as a tree. */
export interface ConfigTree {
  readonly root: ConfigNode;
  /** Statements were left out: too many of them, or the text ends within a block or a quote. */
  readonly incomplete: boolean;
}

/** A node without children. */
export function node(words: readonly string[], line: number, active = true): ConfigNode {
  return { words, line, lastLine: line, active, children: [] };
}

/** Children whose first word is `name`. */
export function childrenNamed(parent: ConfigNode | undefined, name: string): ConfigNode[] {
  return parent === undefined ? [] : parent.children.filter(({ words }) => words[0] === name);
}

/** The first child whose words begin with `words`. */
export function childOf(parent: ConfigNode | undefined, ...words: readonly string[]): ConfigNode | undefined {
  return parent?.children.find((child) => words.every((word, i) => child.words[i] === word));
}

/** The node at the end of a path of first words; undefined where one is missing. */
export function at(parent: ConfigNode | undefined, ...path: readonly string[]): ConfigNode | undefined {
  let found = parent;
  for (const word of path) {
    found = childOf(found, word);
    if (found === undefined) return undefined;
  }
  return found;
}

/** All nodes at the end of a path of first words, where elements repeat. */
export function allAt(parent: ConfigNode | undefined, ...path: readonly string[]): ConfigNode[] {
  let found = parent === undefined ? [] : [parent];
  for (const word of path) found = found.flatMap((each) => childrenNamed(each, word));
  return found;
}

/** What stands behind the name in the first child of that name: `set remote-gw A`, `remote-gw A;`, `<remote-gw>A</…>`. */
export function valueOf(parent: ConfigNode | undefined, name: string): string | undefined {
  const child = inForce(parent).find(({ words }) => words[0] === name);
  return child === undefined ? undefined : (child.words[1] ?? inForce(child)[0]?.words[0]);
}

/** Children but those that alone are not in force. */
function inForce(parent: ConfigNode | undefined): readonly ConfigNode[] {
  if (parent === undefined) return [];
  return parent.active ? parent.children.filter(({ active }) => active) : parent.children;
}

/** All values behind the name, in the order of the lines: lists, and statements that repeat. */
export function valuesOf(parent: ConfigNode | undefined, name: string): string[] {
  return inForce(parent).flatMap((child) => {
    if (child.words[0] !== name) return [];
    return child.words.length > 1 ? child.words.slice(1) : inForce(child).flatMap(({ words }) => words.slice(0, 1));
  });
}

/** The node of the value that `valueOf` gives, for its line. */
export function valueNode(parent: ConfigNode | undefined, name: string): ConfigNode | undefined {
  const child = childOf(parent, name);
  return child === undefined || child.words.length > 1 ? child : child.children[0];
}

/** Every node below `parent`, parents before children; `visit` returns false to leave out a node's children. */
export function walk(
  parent: ConfigNode,
  visit: (each: ConfigNode, path: readonly ConfigNode[]) => boolean | void,
  path: readonly ConfigNode[] = [],
): void {
  const below = [...path, parent];
  for (const child of parent.children) if (visit(child, below) !== false) walk(child, visit, below);
}

/** Numbers of the lines on which something of this statement stands, in order. */
export function linesOf(statement: ConfigNode): number[] {
  const lines = new Set<number>();
  collect(statement, lines);
  return [...lines].sort((a, b) => a - b);
}

function collect(statement: ConfigNode, lines: Set<number>): void {
  lines.add(statement.line);
  // A quoted value over several lines.
  if (statement.children.length === 0)
    for (let line = statement.line + 1; line <= Math.min(statement.lastLine, statement.line + 256); line++)
      lines.add(line);
  for (const child of statement.children) collect(child, lines);
}
