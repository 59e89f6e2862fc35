import { type ConfigNode, MAX_NODES, node } from '../config-node';

/** A tree of one word a node, filled path by path. */
export class PathTree {
  readonly root: ConfigNode = node([], 0);
  /** No more nodes are taken. */
  full = false;
  #count = 0;
  /** Children by word, of nodes with many. */
  readonly #index = new WeakMap<ConfigNode, Map<string, ConfigNode>>();

  /** The node at the end of `words` below `from`, made where it is not there yet; its line is where it was first named. */
  put(from: ConfigNode, words: readonly string[], line: number, active = true): ConfigNode {
    let current = from;
    for (const word of words) {
      current.lastLine = Math.max(current.lastLine, line);
      current = this.#child(current, word, line, active) ?? current;
    }
    current.lastLine = Math.max(current.lastLine, line);
    return current;
  }

  #child(parent: ConfigNode, word: string, line: number, active: boolean): ConfigNode | undefined {
    let known = this.#index.get(parent);
    if (known === undefined) {
      known = new Map();
      this.#index.set(parent, known);
    }
    const found = known.get(word);
    if (found !== undefined) return found;
    if (this.#count >= MAX_NODES) {
      this.full = true;
      return undefined;
    }
    this.#count++;
    const made = node([word], line, active && parent.active);
    known.set(word, made);
    parent.children.push(made);
    return made;
  }
}

/** Marks a statement and all below it as not in force. */
export function deactivate(statement: ConfigNode): void {
  statement.active = false;
  for (const child of statement.children) deactivate(child);
}
