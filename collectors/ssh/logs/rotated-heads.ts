import { LRUCache } from 'lru-cache';
import { HEAD_BYTES } from './generation';
import { gunzipBeginning } from './gunzip';
import type { LogSource } from './log-source';
import type { RotatedFile } from './rotated-names';

const MOST_KEPT = 4096;
/** Compressed bytes that hold `HEAD_BYTES` of text: a log of random bytes would not, and is then not found. */
const COMPRESSED_BYTES = 8192;

/** Beginnings of rotated files. They do not change, so each is read once. */
export class RotatedHeads {
  readonly #known = new LRUCache<string, Buffer>({ max: MOST_KEPT });

  /**
   * The first bytes of its content; empty when it has none, or none can be made of it. Undefined when they cannot be read
   * now, also when the name stands for another file by now.
   */
  async of(file: RotatedFile, source: LogSource): Promise<Buffer | undefined> {
    const { device, inode, size, modifiedAt } = file.stat;
    const key = `${device} ${inode} ${size} ${modifiedAt} ${file.isCompressed ? 'z' : ''}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const bytes = await source.blocks(file.stat, file.isCompressed ? COMPRESSED_BYTES : HEAD_BYTES, 1);
    if (bytes === undefined || (bytes.length === 0 && size > 0)) return undefined;
    const head = file.isCompressed ? await gunzipBeginning(bytes, HEAD_BYTES) : bytes.subarray(0, HEAD_BYTES);
    if (head.length > 0) this.#known.set(key, Buffer.from(head));
    return head;
  }
}
