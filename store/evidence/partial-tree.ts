import { nodeHash } from '../journal/merkle-tree';

/**
 * Proof of many records at once. A segment's RFC 6962 tree (section 2.1) is walked from the root; a subtree without any
 * of the records stands for its hash, a record for its leaf. For one record these hashes are its audit path, for a whole
 * segment there are none.
 */
export interface PartialTree {
  /** Whether one of the records is among the leaves from `from` on. */
  has(from: number, leaves: number): boolean;
  /** Hash of the record at `index`; called in ascending order, once each. */
  leaf(index: number): Uint8Array;
  /** Hash of a subtree without records; undefined when it is not known. Called in ascending order. */
  subtree(from: number, leaves: number): Uint8Array | undefined;
}

/** The root that records and subtrees lead to; undefined when a subtree is missing. `leaves` is at least 1. */
export function partialRoot(tree: PartialTree, leaves: number, from = 0): Uint8Array | undefined {
  if (!tree.has(from, leaves)) return tree.subtree(from, leaves);
  if (leaves === 1) return tree.leaf(from);
  let left = 1;
  while (left * 2 < leaves) left *= 2;
  const first = partialRoot(tree, left, from);
  const second = partialRoot(tree, leaves - left, from + left);
  if (first === undefined || second === undefined) return undefined;
  return nodeHash(first, second);
}
