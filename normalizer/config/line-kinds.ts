import type { ConfigReading } from './config-reading';

/** What each line configures, by line number: `acl`, `nat`, `policy`, the purpose of an endpoint, `interface`. */
export function lineKinds({ rules, endpoints, interfaces }: ConfigReading): ReadonlyMap<number, string> {
  const kinds = new Map<number, string>();
  const set = (lines: readonly number[], kind: string): void => {
    for (const line of lines) if (!kinds.has(line)) kinds.set(line, kind);
  };
  for (const { lines, purpose } of endpoints) set(lines, purpose);
  for (const { lines, kind } of rules) set(lines, kind === 'acl_list' ? 'acl' : kind);
  for (const { line } of interfaces) set([line], 'interface');
  return kinds;
}
