import { addressBytes } from '../../normalizer/model/address';

/** Bits set for every key: with 10 bits a key about 1 in 100 absent keys is taken for present. */
const HASHES = 5;
const BITS_PER_KEY = 10;
const MIN_BYTES = 64;
const MAX_BYTES = 1 << 20;

/** Prefix lengths kept beside whole addresses, longest first, by address size in bytes. */
const PREFIXES: Readonly<Record<number, readonly number[]>> = { 4: [32, 24, 16], 16: [128, 64, 48, 32] };

/** A network: address bytes and prefix length. */
export interface AddressRange {
  readonly bytes: Uint8Array;
  readonly prefix: number;
}

/** Reads `10.0.0.1`, `10.0.0.0/8`, `2001:db8::/32`; undefined when it is neither address nor network. Host bits are cleared. */
export function parseRange(text: string): AddressRange | undefined {
  const slash = text.indexOf('/');
  const bytes = addressBytes(slash < 0 ? text : text.slice(0, slash));
  if (bytes === undefined) return undefined;
  const size = bytes.length * 8;
  if (slash < 0) return { bytes, prefix: size };
  const digits = text.slice(slash + 1);
  const prefix = /^\d{1,3}$/.test(digits) ? Number(digits) : Number.POSITIVE_INFINITY;
  return prefix > size ? undefined : { bytes: masked(bytes, prefix), prefix };
}

/** First and last address of a network: a range of an index on the address BLOB, one family at a time. */
export function rangeBounds({ bytes, prefix }: AddressRange): [first: Buffer, last: Buffer] {
  const last = Buffer.from(bytes);
  for (let i = 0; i < last.length; i++) last[i] = (last[i] ?? 0) | (0xff >> Math.min(8, Math.max(0, prefix - i * 8)));
  return [Buffer.from(masked(bytes, prefix)), last];
}

/**
 * A Bloom filter over the addresses of a sealed segment and their usual prefixes: whether an address or a network can
 * occur in it. "No" is certain, "yes" is not.
 */
export class AddressFilter {
  readonly #bits: Uint8Array;

  private constructor(bits: Uint8Array) {
    this.#bits = bits;
  }

  static of(addresses: Iterable<Uint8Array>): AddressFilter {
    const keys = new Set<string>();
    for (const bytes of addresses) for (const prefix of PREFIXES[bytes.length] ?? []) keys.add(keyOf(bytes, prefix));
    const wanted = Math.ceil((keys.size * BITS_PER_KEY) / 8);
    let size = MIN_BYTES;
    while (size < wanted && size < MAX_BYTES) size *= 2;
    const filter = new AddressFilter(new Uint8Array(size));
    for (const key of keys) filter.#add(key);
    return filter;
  }

  static from(bytes: Uint8Array): AddressFilter {
    return new AddressFilter(bytes);
  }

  toBytes(): Uint8Array {
    return this.#bits;
  }

  /** False when no address of the network is in the segment. Networks wider than any kept prefix are always possible. */
  mayContain({ bytes, prefix }: AddressRange): boolean {
    const kept = (PREFIXES[bytes.length] ?? []).find((length) => length <= prefix);
    return kept === undefined || this.#has(keyOf(bytes, kept));
  }

  #add(key: string): void {
    for (const bit of this.#positions(key)) this.#bits[bit >>> 3] = (this.#bits[bit >>> 3] ?? 0) | (1 << (bit & 7));
  }

  #has(key: string): boolean {
    return this.#positions(key).every((bit) => ((this.#bits[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0);
  }

  /** Two FNV-1a hashes give all positions (Kirsch and Mitzenmacher: h1 + i·h2). The size is a power of two. */
  #positions(key: string): number[] {
    const mask = this.#bits.length * 8 - 1;
    const first = fnv1a(key, 0x811c9dc5);
    const second = fnv1a(key, 0x9747b28c) | 1;
    return Array.from({ length: HASHES }, (_, i) => ((first + Math.imul(i, second)) >>> 0) & mask);
  }
}

function keyOf(bytes: Uint8Array, prefix: number): string {
  return `${prefix}/${Buffer.from(masked(bytes, prefix)).toString('latin1')}`;
}

function masked(bytes: Uint8Array, prefix: number): Uint8Array {
  return bytes.map((byte, i) => byte & ~(0xff >> Math.min(8, Math.max(0, prefix - i * 8))));
}

function fnv1a(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x85ebca6b) >>> 0;
}
