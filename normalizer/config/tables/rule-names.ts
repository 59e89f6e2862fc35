import type { Statement } from '../config-bindings';
import type { ConfigPlatform } from '../platforms';
import type { TableReading } from './table-reading';

/** Tables in which a device gives its rules the names that its logs and its state tables use: command by platform. */
const RULE_TABLES: Readonly<Partial<Record<ConfigPlatform, string>>> = {
  cisco_asa: 'access_lists',
  pfsense: 'rules',
  opnsense: 'rules',
};

/** Whether the table names rules. */
export function namesRules(platform: ConfigPlatform, command: string): boolean {
  return RULE_TABLES[platform] === command;
}

/**
 * Binds these names to the lines in which the rules are configured. `rules`: the statements of the configuration as it was read
 * last, by their keys. A rule that the configuration does not have, and what a device adds of itself, is bound to nothing.
 */
export function readRuleNames(
  table: TableReading,
  platform: ConfigPlatform,
  rules: ReadonlyMap<string, Statement>,
): void {
  for (const line of table.lines) {
    const named = platform === 'cisco_asa' ? accessListEntry(line) : packetFilterRule(line);
    if (named === undefined) continue;
    const statement = named.configured.map((key) => rules.get(key)).find((found) => found !== undefined);
    if (statement !== undefined) table.named(statement, named.keys);
  }
}

interface NamedRule {
  /** Keys of the rule in the configuration, the first that it has counts. */
  readonly configured: readonly string[];
  readonly keys: readonly string[];
}

/**
 * ASA `show access-list`: `access-list NAME line N extended permit … (hitcnt=5) 0xb422e9c2`, and indented below it, with the same
 * line, what object groups come to, each with a hash of its own. Message 106100 and NetFlow name entries by these hashes.
 */
const ACE = /^ {0,4}access-list (\S{1,241}) line (\d{1,10}) /;
const HASH = / (0x[0-9a-f]{1,8})\s*$/i;

function accessListEntry(line: string): NamedRule | undefined {
  const [, list, number] = ACE.exec(line) ?? [];
  const hash = HASH.exec(line.slice(-64))?.[1]?.toLowerCase();
  if (list === undefined || number === undefined || hash === undefined) return undefined;
  return { configured: [`${list} ${number}`], keys: [`${list} ${hash}`, hash] };
}

/**
 * pf.conf(5), `pfctl -vvsr`: `@5 pass out … label "id:1000000103" ridentifier 1000000103`, `@5(1000000103) pass …`; OPNsense
 * has the rule's UUID as label. States name the rule by its number.
 */
const PF_RULE = /^@(\d{1,8})(?:\((\d{1,16})\))? /;
const PF_LABELS = /label "(?:id:)?([\w-]{1,64})"|ridentifier (\d{1,16})/g;

function packetFilterRule(line: string): NamedRule | undefined {
  const match = PF_RULE.exec(line);
  if (match?.[1] === undefined) return undefined;
  const labels = [...line.slice(0, 4096).matchAll(PF_LABELS)].map(([, label, identifier]) => label ?? identifier);
  const configured = [match[2], ...labels].filter((name) => name !== undefined);
  return { configured, keys: [match[1]] };
}
