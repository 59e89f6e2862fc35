import type { ConfigNode } from '../config-node';

/** What stands in one VDOM, or in the global part, or in a configuration without VDOMs (scope undefined). */
export interface Part {
  readonly scope: string | undefined;
  readonly blocks: readonly ConfigNode[];
}

/** `config vdom` / `edit V` holds a VDOM's blocks, `config global` those of the device. */
export function partsOf(root: ConfigNode): Part[] {
  const parts: Part[] = [{ scope: undefined, blocks: root.children }];
  for (const child of root.children) {
    if (child.words[0] === 'global') parts.push({ scope: undefined, blocks: child.children });
    if (child.words[0] === 'vdom')
      for (const vdom of child.children) parts.push({ scope: vdom.words[0], blocks: vdom.children });
  }
  return parts;
}

/** The block `config WORDS` of a part. */
export function block({ blocks }: Part, ...words: readonly string[]): ConfigNode | undefined {
  return blocks.find((each) => each.words.length === words.length && words.every((word, i) => each.words[i] === word));
}

/** The `edit` entries of a block. */
export function entriesOf(part: Part, ...words: readonly string[]): readonly ConfigNode[] {
  return part.blocks
    .filter((each) => each.words.length === words.length && words.every((word, i) => each.words[i] === word))
    .flatMap(({ children }) => children);
}
