import { type ConfigNode, childOf, childrenNamed } from '../config-node';

/** Where a group of servers is reached from. */
export interface GroupSettings {
  readonly vrf: string | undefined;
  readonly sourceInterface: string | undefined;
}

/** `use-vrf V`, `ip vrf forwarding V`, `vrf V`; `ip radius source-interface I`, `source-interface I` of an `aaa group server`. */
export function settingsOf(group: ConfigNode | undefined): GroupSettings {
  const vrf =
    childOf(group, 'use-vrf')?.words[1] ??
    childOf(group, 'ip', 'vrf', 'forwarding')?.words[3] ??
    childOf(group, 'vrf')?.words[1];
  const source = group?.children.find(({ words }) => words.includes('source-interface'));
  return { vrf, sourceInterface: source?.words.at(-1) };
}

/** The settings of the first group that lists the server, by address or name: `server A`, `server name N`. */
export function groupOf(root: ConfigNode, server: string | undefined): GroupSettings {
  const lists = ({ words }: ConfigNode): boolean => words[0] === 'server' && words.at(-1) === server;
  return settingsOf(
    childrenNamed(root, 'aaa').find(({ words, children }) => words[1] === 'group' && children.some(lists)),
  );
}
