import { type ConfigNode, at, childrenNamed, MAX_NODES, node, valuesOf } from '../config-node';

/**
 * Junos `groups`: their statements hold where `apply-groups` names them, at the top or inside a statement. What is stated
 * there itself comes first. `<*>` and `<ge-*>` stand for the statements that are there already.
 */
export function applyGroups(root: ConfigNode): void {
  const groups = at(root, 'groups');
  if (groups === undefined) return;
  const budget = { left: MAX_NODES };
  const visit = (target: ConfigNode, path: readonly string[]): void => {
    const names = valuesOf(target, 'apply-groups');
    const excepted = valuesOf(target, 'apply-groups-except');
    for (const name of names) {
      const group = at(groups, name);
      const source = group === undefined || !group.active || excepted.includes(name) ? undefined : at(group, ...path);
      if (source !== undefined) merge(target, source, budget);
    }
    for (const child of target.children) {
      if (child === groups || child.words[0] === 'apply-groups') continue;
      visit(child, [...path, child.words[0] ?? '']);
    }
  };
  visit(root, []);
  // What only stands in a group is no statement of the device.
  root.children.splice(root.children.indexOf(groups), 1);
}

function merge(target: ConfigNode, source: ConfigNode, budget: { left: number }): void {
  for (const child of source.children) {
    const word = child.words[0] ?? '';
    if (word === 'apply-groups') continue;
    if (word.startsWith('<') && word.endsWith('>')) {
      const matching = target.children.filter((each) => matches(word.slice(1, -1), each.words[0] ?? ''));
      for (const each of matching) merge(each, child, budget);
      continue;
    }
    if (budget.left-- <= 0) return;
    const [known] = childrenNamed(target, word);
    if (known === undefined) {
      const made = node([word], child.line, child.active && target.active);
      target.children.push(made);
      merge(made, child, budget);
    } else merge(known, child, budget);
  }
}

/** `*` for any text; the rest must be equal. */
function matches(glob: string, word: string): boolean {
  const [head = '', ...tails] = glob.split('*');
  if (!word.startsWith(head)) return false;
  let from = head.length;
  for (let i = 0; i < tails.length; i++) {
    const tail = tails[i] ?? '';
    const found = i === tails.length - 1 && tail !== '' ? word.length - tail.length : word.indexOf(tail, from);
    if (found < from || !word.startsWith(tail, found)) return false;
    from = found + tail.length;
  }
  return tails.length > 0 || from === word.length;
}
