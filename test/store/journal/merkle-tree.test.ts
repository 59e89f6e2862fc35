import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { auditPath, MerkleTree, rootFromPath } from '../../../store/journal/merkle-tree';

const sha = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** RFC 6962 section 2.1 as it is written there, over leaf hashes. */
function treeHash(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return leaves[0] as Buffer;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha(Buffer.of(1), treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

const leavesOf = (count: number) => Array.from({ length: count }, (_, index) => sha(Buffer.of(0, index, index >> 8)));

function treeOf(leaves: readonly Buffer[]): MerkleTree {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.add(leaf);
  return tree;
}

it('gives the empty tree the hash of nothing', () => {
  expect(new MerkleTree().root().toString('hex')).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
});

it('agrees with the definition in RFC 6962 for every size up to 130', () => {
  const tree = new MerkleTree();
  const leaves = leavesOf(130);
  for (const [index, leaf] of leaves.entries()) {
    tree.add(leaf);
    expect(tree.root()).toEqual(treeHash(leaves.slice(0, index + 1)));
  }
  expect(tree.count).toBe(130);
});

it('reads a leaf out of a larger buffer', () => {
  const leaves = leavesOf(5);
  const tree = new MerkleTree();
  for (let index = 0; index < 5; index += 1) tree.add(Buffer.concat(leaves), index * 32);
  expect(tree.root()).toEqual(treeHash(leaves));
});

it('can be set back to another tree', () => {
  const tree = treeOf(leavesOf(11));
  const copy = new MerkleTree();
  copy.copyFrom(tree);
  copy.add(sha(Buffer.from('more')));
  expect(copy.root()).not.toEqual(tree.root());
  copy.copyFrom(tree);
  expect(copy.root()).toEqual(treeHash(leavesOf(11)));
});

it('proves every leaf of any tree, and no other', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), fc.nat(), (count, pick, other) => {
      const leaves = leavesOf(count);
      const index = pick % count;
      const leaf = leaves[index] as Buffer;
      const root = treeOf(leaves).root();
      const path = auditPath(Buffer.concat(leaves), index);
      expect(rootFromPath(leaf, index, count, path)).toEqual(root);
      expect(rootFromPath(sha(leaf), index, count, path)).not.toEqual(root);
      if (other % count !== index) expect(rootFromPath(leaf, other % count, count, path)).not.toEqual(root);
      expect(rootFromPath(leaf, index, count, [...path, leaf])).not.toEqual(root);
    }),
    { numRuns: 200 },
  );
});
