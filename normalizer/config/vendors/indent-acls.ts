import { type ConfigNode, childrenNamed } from '../config-node';
import type { ConfigReading } from '../config-reading';
import { startsWith } from './indent-endpoints';

interface Entry {
  readonly statement: ConfigNode;
  readonly sequence: string;
  readonly action: string;
  readonly remark: string | undefined;
  readonly active: boolean;
}

/**
 * Access lists of IOS, NX-OS, EOS and ASA. An entry is named `ACL SEQUENCE`: the number that the configuration states, else
 * the one that the device counts (10, 20, … on IOS, NX-OS and EOS; the line 1, 2, … on ASA, remarks counted). The list as a
 * whole is named `ACL`: what a log without a number names.
 */
export function readAcls(reading: ConfigReading, root: ConfigNode, asa: boolean): void {
  const lists = new Map<string, Entry[]>();
  const add = (list: string, statement: ConfigNode, words: readonly string[]): void => {
    const entries = lists.get(list) ?? [];
    lists.set(list, entries);
    addEntry(entries, statement, words, asa);
  };
  for (const statement of root.children) {
    const { words } = statement;
    if (words[0] === 'access-list' && words[1] !== undefined) flatEntry(statement, words[1], add);
    else {
      const list = listOf(words);
      if (list === undefined) continue;
      if (list.entry.length > 1) add(list.name, statement, list.entry);
      for (const each of statement.children) add(list.name, each, each.words);
    }
  }
  for (const [name, entries] of lists) stateList(reading, name, entries);
}

/** `access-list N permit …`, `access-list N extended permit …`, `access-list N remark …`; entries may stand below it. */
function flatEntry(
  statement: ConfigNode,
  name: string,
  add: (list: string, statement: ConfigNode, words: readonly string[]) => void,
): void {
  const rest = statement.words.slice(2);
  const words = rest[0] === 'line' ? rest.slice(2) : rest;
  const entry = words[0] === 'extended' || words[0] === 'standard' ? words.slice(1) : words;
  if (entry.length > 0) add(name, statement, entry);
  for (const each of statement.children) add(name, each, each.words);
}

/** `ip access-list [extended|standard] N` and its kin, which hold entries, or one entry in the same line. */
function listOf(words: readonly string[]): { name: string; entry: readonly string[] } | undefined {
  if (words[1] !== 'access-list' || !FAMILIES.has(words[0] ?? '')) return undefined;
  const typed = words[2] === 'extended' || words[2] === 'standard';
  const name = words[typed ? 3 : 2];
  return name === undefined ? undefined : { name, entry: words.slice(typed ? 4 : 3) };
}

const FAMILIES: ReadonlySet<string> = new Set(['ip', 'ipv6', 'mac']);

function addEntry(entries: Entry[], statement: ConfigNode, words: readonly string[], asa: boolean): void {
  const numbered = /^\d{1,10}$/.test(words[0] ?? '');
  const rest = numbered ? words.slice(1) : words;
  const action = rest[0] ?? '';
  if (action === 'remark') {
    const remark = rest.slice(1).join(' ');
    if (asa) entries.push({ statement, sequence: String(entries.length + 1), action, remark, active: false });
    else entries.push({ statement, sequence: '', action, remark, active: false });
    return;
  }
  if (!['permit', 'deny', 'deny-flow-log'].includes(action)) return;
  const remark = entries.at(-1)?.action === 'remark' ? entries.at(-1)?.remark : undefined;
  const sequence = numbered ? (words[0] ?? '') : asa ? String(entries.length + 1) : nextSequence(entries);
  entries.push({ statement, sequence, action, remark, active: !rest.includes('inactive') });
}

/** Ten more than the highest before it. */
function nextSequence(entries: readonly Entry[]): string {
  let last = 0;
  for (let i = entries.length - 1; i >= 0 && last === 0; i--) last = Number(entries[i]?.sequence ?? 0);
  return String(last + 10);
}

function stateList(reading: ConfigReading, name: string, entries: readonly Entry[]): void {
  const rules = entries.filter(({ action }) => action !== 'remark');
  if (rules.length === 0) return;
  for (const { statement, sequence, action, remark, active } of rules) {
    reading.rule(
      'acl',
      [statement],
      { name: `${name} ${sequence}`, id: sequence, active },
      { 'rule.ruleset': name, 'event.action': action, 'rule.description': remark },
    );
  }
  reading.rule(
    'acl_list',
    rules.map(({ statement }) => statement),
    { name },
    { 'rule.ruleset': name },
  );
}

/** Policies of IOS's route maps that move traffic: `route-map N permit 10` / `set ip next-hop A`, `set vrf V`, `set interface I`. */
export function readRouteMaps(reading: ConfigReading, root: ConfigNode): void {
  for (const statement of childrenNamed(root, 'route-map')) {
    const sets = statement.children.filter(
      ({ words }) => words[0] === 'set' && ['ip', 'ipv6', 'interface', 'vrf'].includes(words[1] ?? ''),
    );
    if (sets.length === 0) continue;
    const match = statement.children
      .find(({ words }) => startsWith(words, ['match', 'ip', 'address']))
      ?.words.slice(3)
      .join(',');
    const name = `${statement.words[1]} ${statement.words[3] ?? ''}`.trim();
    reading.rule(
      'pbr',
      statement,
      { name },
      { 'ascribe.config.acl': match, 'ascribe.config.set': sets[0]?.words.slice(1).join(' ') },
    );
  }
}
