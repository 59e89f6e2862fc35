/** Counters kept for each connection: bytes, packets and those of the reply. Exact to 2^53, which no single connection reaches. */
export const COUNTERS = 4;

interface GenerationState {
  readonly count: number;
  /** Little-endian arrays, base64. */
  readonly keys: string;
  readonly closed: string;
  readonly times: string;
  readonly sums: string;
}

const KEY_WORDS = 3;
const FIRST_CAPACITY = 256;

/** Entries in dense arrays, found through an open-addressing index. Nothing is ever taken out of a generation. */
class Generation {
  count = 0;
  /** Exporter number, then low and high half of the connection id. */
  keys = new Uint32Array(FIRST_CAPACITY * KEY_WORDS);
  closed = new Uint8Array(FIRST_CAPACITY);
  times = new Float64Array(FIRST_CAPACITY);
  sums = new Float64Array(FIRST_CAPACITY * COUNTERS);
  /** Entry + 1 at the place of its hash; 0 is free. */
  #index = new Int32Array(FIRST_CAPACITY * 2);

  find(exporter: number, low: number, high: number): number {
    const mask = this.#index.length - 1;
    for (let place = hash(exporter, low, high) & mask; ; place = (place + 1) & mask) {
      const entry = this.#index[place]! - 1;
      if (entry < 0) return -1;
      const k = entry * KEY_WORDS;
      if (this.keys[k + 1] === low && this.keys[k] === exporter && this.keys[k + 2] === high) return entry;
    }
  }

  /** Adds an entry that is not there yet. */
  add(exporter: number, low: number, high: number): number {
    if (this.count === this.times.length) this.#grow();
    const entry = this.count++;
    this.keys[entry * KEY_WORDS] = exporter;
    this.keys[entry * KEY_WORDS + 1] = low;
    this.keys[entry * KEY_WORDS + 2] = high;
    this.#place(entry);
    return entry;
  }

  toJSON(): GenerationState {
    return {
      count: this.count,
      keys: base64(this.keys.subarray(0, this.count * KEY_WORDS)),
      closed: base64(this.closed.subarray(0, this.count)),
      times: base64(this.times.subarray(0, this.count)),
      sums: base64(this.sums.subarray(0, this.count * COUNTERS)),
    };
  }

  restore(state: GenerationState): void {
    while (this.times.length < state.count) this.#grow();
    this.count = state.count;
    bytesOf(this.keys).set(Buffer.from(state.keys, 'base64'));
    bytesOf(this.closed).set(Buffer.from(state.closed, 'base64'));
    bytesOf(this.times).set(Buffer.from(state.times, 'base64'));
    bytesOf(this.sums).set(Buffer.from(state.sums, 'base64'));
    for (let entry = 0; entry < this.count; entry++) this.#place(entry);
  }

  #place(entry: number): void {
    const mask = this.#index.length - 1;
    const k = entry * KEY_WORDS;
    let place = hash(this.keys[k]!, this.keys[k + 1]!, this.keys[k + 2]!) & mask;
    while (this.#index[place] !== 0) place = (place + 1) & mask;
    this.#index[place] = entry + 1;
  }

  #grow(): void {
    const capacity = this.times.length * 2;
    this.keys = enlarged(this.keys, new Uint32Array(capacity * KEY_WORDS));
    this.closed = enlarged(this.closed, new Uint8Array(capacity));
    this.times = enlarged(this.times, new Float64Array(capacity));
    this.sums = enlarged(this.sums, new Float64Array(capacity * COUNTERS));
    this.#index = new Int32Array(capacity * 2);
    for (let entry = 0; entry < this.count; entry++) this.#place(entry);
  }
}

/**
 * What was counted of firewall connections so far. Two generations: when the young one is full it becomes the old one, so
 * that what was not touched for a whole generation is forgotten without being looked for.
 */
export class ConnectionTable {
  #young = new Generation();
  #old = new Generation();

  constructor(readonly capacity: number) {}

  /** Connections remembered. */
  get size(): number {
    return this.#young.count + this.#old.count;
  }

  /** The entry of a connection in `entries`, or -1. One found in the old generation is taken over into the young one. */
  find(exporter: number, low: number, high: number): number {
    const entry = this.#young.find(exporter, low, high);
    if (entry >= 0) return entry;
    const before = this.#old;
    const old = before.count === 0 ? -1 : before.find(exporter, low, high);
    if (old < 0) return -1;
    const taken = this.add(exporter, low, high);
    this.#young.closed[taken] = before.closed[old]!;
    this.#young.times[taken] = before.times[old]!;
    for (let i = 0; i < COUNTERS; i++) this.#young.sums[taken * COUNTERS + i] = before.sums[old * COUNTERS + i]!;
    return taken;
  }

  add(exporter: number, low: number, high: number): number {
    if (this.#young.count >= this.capacity) {
      this.#old = this.#young;
      this.#young = new Generation();
    }
    return this.#young.add(exporter, low, high);
  }

  /** Arrays of the generation that `find` and `add` speak of; valid until the next `add`. */
  get entries(): Pick<Generation, 'closed' | 'times' | 'sums'> {
    return this.#young;
  }

  toJSON(): unknown {
    return { young: this.#young, old: this.#old };
  }

  restore(state: unknown): void {
    const { young, old } = state as { young: GenerationState; old: GenerationState };
    this.#young.restore(young);
    this.#old.restore(old);
  }
}

function hash(exporter: number, low: number, high: number): number {
  let h = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b) ^ Math.imul(exporter, 0xc2b2_ae35), 0x9e37_79b1);
  h ^= h >>> 15;
  return h;
}

function enlarged<T extends Uint32Array | Uint8Array | Float64Array>(from: T, to: T): T {
  bytesOf(to).set(bytesOf(from));
  return to;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function base64({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');
}
