import { hash } from 'node:crypto';
import { DIGEST_BYTES } from './leaf';

/** Levels a tree of fewer than 2^31 leaves can have. */
const MAX_LEVELS = 32;

/*
 * Node = SHA-256(0x01 || left || right), RFC 6962 section 2.1. The scratch holds the prefix, left at 1, right at 33.
 * The digest is taken as a latin-1 string and written back: three times cheaper than a new Buffer per node (measured).
 */
const scratch = Buffer.alloc(1 + 2 * DIGEST_BYTES);
scratch[0] = 1;

/** Hashes the two digests in the scratch; the result takes the place of the right one. */
function foldScratch(): void {
  scratch.write(hash('sha256', scratch, 'binary'), 1 + DIGEST_BYTES, DIGEST_BYTES, 'latin1');
}

/** Hash of an inner node over those of its two children, 32 bytes each. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  scratch.set(left, 1);
  scratch.set(right, 1 + DIGEST_BYTES);
  return hash('sha256', scratch, 'buffer');
}

/**
 * An RFC 6962 Merkle tree that grows leaf by leaf and keeps only the roots of its complete subtrees: one node hash a
 * leaf, 1 KiB of memory whatever its size.
 */
export class MerkleTree {
  /** Root of the complete subtree of 2^level leaves, where the bit `level` of `#count` is set. */
  readonly #peaks = Buffer.alloc(MAX_LEVELS * DIGEST_BYTES);
  #count = 0;

  /** Number of leaves. */
  get count(): number {
    return this.#count;
  }

  /** Adds the 32-byte leaf hash that stands in `from` at `at`. */
  add(from: Uint8Array, at = 0): void {
    const peaks = this.#peaks;
    scratch.set(at === 0 && from.length === DIGEST_BYTES ? from : from.subarray(at, at + DIGEST_BYTES), 33);
    let level = 0;
    for (let rest = this.#count; (rest & 1) === 1; rest >>>= 1, level += 1) {
      peaks.copy(scratch, 1, level * DIGEST_BYTES, (level + 1) * DIGEST_BYTES);
      foldScratch();
    }
    scratch.copy(peaks, level * DIGEST_BYTES, 33, 65);
    this.#count += 1;
  }

  /** Root over all leaves so far; for no leaves SHA-256 of nothing. */
  root(): Buffer {
    if (this.#count === 0) return hash('sha256', '', 'buffer');
    let started = false;
    for (let level = 0; level < MAX_LEVELS; level += 1) {
      if (((this.#count >>> level) & 1) === 0) continue;
      const at = level * DIGEST_BYTES;
      if (started) {
        this.#peaks.copy(scratch, 1, at, at + DIGEST_BYTES);
        foldScratch();
      } else {
        this.#peaks.copy(scratch, 33, at, at + DIGEST_BYTES);
        started = true;
      }
    }
    return Buffer.from(scratch.subarray(33, 65));
  }

  /** Makes this tree equal to `other`. */
  copyFrom(other: MerkleTree): void {
    other.#peaks.copy(this.#peaks);
    this.#count = other.#count;
  }
}

/** RFC 6962 root over `count` leaf hashes that stand one after the other in `hashes` from leaf `from` on. */
function rootOf(hashes: Uint8Array, from: number, count: number): Buffer {
  const tree = new MerkleTree();
  for (let index = from; index < from + count; index += 1) tree.add(hashes, index * DIGEST_BYTES);
  return tree.root();
}

/** The audit path of one leaf (RFC 6962 section 2.1.1): sibling hashes from the leaf to the root. */
export function auditPath(hashes: Uint8Array, index: number): Buffer[] {
  const path: Buffer[] = [];
  let from = 0;
  let count = hashes.length / DIGEST_BYTES;
  while (count > 1) {
    let left = 1;
    while (left * 2 < count) left *= 2;
    if (index - from < left) {
      path.push(rootOf(hashes, from + left, count - left));
      count = left;
    } else {
      path.push(rootOf(hashes, from, left));
      from += left;
      count -= left;
    }
  }
  return path.reverse();
}

/** Recomputes the root from one leaf and its audit path (RFC 9162 section 2.1.3.2). Undefined when the path cannot belong to it. */
export function rootFromPath(
  leaf: Uint8Array,
  index: number,
  count: number,
  path: readonly Uint8Array[],
): Buffer | undefined {
  let node = Buffer.from(leaf);
  let position = index;
  let last = count - 1;
  for (const sibling of path) {
    if (last === 0) return undefined;
    const isRight = position % 2 === 1 || position === last;
    node = hash('sha256', Buffer.concat([Buffer.of(1), ...(isRight ? [sibling, node] : [node, sibling])]), 'buffer');
    if (isRight) {
      for (; position % 2 === 0 && position !== 0; position /= 2) last = Math.floor(last / 2);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? node : undefined;
}
