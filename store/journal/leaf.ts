import { createHash, hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { RawOrigin } from '../../collectors/contract';

/*
 * The canonical encoding of a record, as in RFC 6962 section 2.1 (leaf hash = SHA-256(0x00 || leaf)):
 *
 *   offset  size  field
 *   0       1     0x00, the leaf prefix
 *   1       8     seq, unsigned, big endian
 *   9       8     received_at, epoch milliseconds UTC, signed (two's complement), big endian
 *   17      32    origin digest
 *   49      ...   the record's bytes, to the end
 *
 *   origin digest = SHA-256 over, for each of collector, source, peer, format in this order:
 *                   length in bytes (unsigned 32 bit, big endian), then the text in UTF-8
 *
 * With sqlite3 and sha256sum alone: printf '00%016x%016x' SEQ RECEIVED_AT, the origin digest and hex(bytes), through xxd -r -p.
 */

/** Bytes that stand before a record's own bytes in its canonical encoding. */
export const LEAF_HEADER_BYTES = 49;
/** Size of every digest here: SHA-256. */
export const DIGEST_BYTES = 32;

const TWO_32 = 0x1_0000_0000;

/** SHA-256 over the four texts of an origin, each with its length before it. */
export function originDigest(origin: RawOrigin): Buffer {
  const digest = createHash('sha256');
  const length = Buffer.alloc(4);
  for (const text of [origin.collector, origin.source, origin.peer, origin.format]) {
    const bytes = Buffer.from(text, 'utf8');
    length.writeUInt32BE(bytes.length);
    digest.update(length).update(bytes);
  }
  return digest.digest();
}

const MOST_DIGESTS = 8192;

/** Origin digests that were computed before: many records come from few origins. */
export class OriginDigests {
  readonly #known = new LRUCache<string, Buffer>({ max: MOST_DIGESTS });

  of(origin: RawOrigin): Buffer {
    const key = `${origin.collector}\0${origin.source}\0${origin.peer}\0${origin.format}`;
    const known = this.#known.get(key);
    // A text that holds the separator is none of two origins that look the same here.
    if (known !== undefined) return known;
    const digest = originDigest(origin);
    if (key.split('\0').length === 4) this.#known.set(key, digest);
    return digest;
  }
}

/** Writes the 49 bytes before a record's bytes into `target` at `at`. `seq` and `receivedAt` are integers below 2^53. */
export function writeLeafHeader(target: Buffer, at: number, seq: number, receivedAt: number, digest: Uint8Array): void {
  target[at] = 0;
  target.writeUInt32BE(Math.floor(seq / TWO_32), at + 1);
  target.writeUInt32BE(seq % TWO_32, at + 5);
  target.writeInt32BE(Math.floor(receivedAt / TWO_32), at + 9);
  target.writeUInt32BE(receivedAt - Math.floor(receivedAt / TWO_32) * TWO_32, at + 13);
  target.set(digest, at + 17);
}

let encoded = Buffer.alloc(4096);

/** Leaf hash of a record given in parts; copies the bytes. For verification and tests, not for the hot path. */
export function leafHash(seq: number, receivedAt: number, digest: Uint8Array, bytes: Uint8Array): Buffer {
  const length = LEAF_HEADER_BYTES + bytes.length;
  if (length > encoded.length) encoded = Buffer.alloc(length);
  writeLeafHeader(encoded, 0, seq, receivedAt, digest);
  encoded.set(bytes, LEAF_HEADER_BYTES);
  return hash('sha256', encoded.subarray(0, length), 'buffer');
}
