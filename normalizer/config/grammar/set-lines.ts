import { at, type ConfigTree } from '../config-node';
import { deactivate, PathTree } from './path-tree';
import { hasOpenQuote, quotedWords, type Token } from './words';

/**
 * `set` lines of Junos, PAN-OS and VyOS (`show configuration commands`): each line is one path; `[ a b ]` is a list whose
 * members end one path each. `deactivate PATH` and VyOS's `disable` leave a statement unused; `delete PATH` is not part of
 * what these platforms print. Junos's `set … apply-groups G` is a path like others.
 */
export function parseSetLines(lines: readonly string[]): ConfigTree {
  const tree = new PathTree();
  const inactive: (readonly string[])[] = [];
  let quoted = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    // A value over several lines (a certificate); its first line stands for it.
    if (quoted && !line.startsWith('set ')) {
      quoted = hasOpenQuote(line, true);
      continue;
    }
    quoted = hasOpenQuote(line, false);
    const tokens = quotedWords(line, true);
    const verb = tokens[0]?.text;
    if (verb === 'set') putAll(tree, tokens.slice(1), i + 1);
    else if (verb === 'deactivate') inactive.push(tokens.slice(1).map(({ text }) => text));
  }
  for (const path of inactive) {
    const found = path.length === 0 ? undefined : at(tree.root, ...path);
    if (found !== undefined) deactivate(found);
  }
  return { root: tree.root, incomplete: tree.full };
}

function putAll(tree: PathTree, tokens: readonly Token[], line: number): void {
  const open = tokens.findIndex(({ text, quoted }) => text === '[' && !quoted);
  const words = (part: readonly Token[]): string[] => part.map(({ text }) => text);
  if (open < 0) {
    tree.put(tree.root, words(tokens), line);
    return;
  }
  const close = tokens.findIndex(({ text, quoted }, i) => i > open && text === ']' && !quoted);
  const head = tree.put(tree.root, words(tokens.slice(0, open)), line);
  for (const { text } of tokens.slice(open + 1, close < 0 ? undefined : close)) tree.put(head, [text], line);
}
