/** Counters kept for each connection: bytes, packets and those of the reply. Exact to 2^53, which no single connection reaches. */
export const COUNTERS = 4;

/**
 * Cells of an entry, which fill one cache line: low half of the connection id; exporter number * 2^32 + high half; event time of
 * the latest record; 1 when closed; the sums of what was counted.
 */
const ID = 0;
const SCOPE = 1;
export const TIME = 2;
export const CLOSED = 3;
export const SUMS = 4;
const CELLS = 8;

const TWO_32 = 0x1_0000_0000;
const FIRST_CAPACITY = 256;

interface GenerationState {
  readonly count: number;
  /** Cells in little-endian order, base64. */
  readonly cells: string;
}

/** Entries in a dense array, found through an open-addressing index. Nothing is ever taken out of a generation. */
class Generation {
  count = 0;
  cells = new Float64Array(FIRST_CAPACITY * CELLS);
  /** Entry + 1 at the place of its hash; 0 is free. */
  #index = new Int32Array(FIRST_CAPACITY * 2);

  /** Where the cells of an entry begin, or -1. */
  find(low: number, scope: number): number {
    const index = this.#index;
    const { cells } = this;
    const mask = index.length - 1;
    for (let place = hash(low, scope) & mask; ; place = (place + 1) & mask) {
      const entry = index[place]! - 1;
      if (entry < 0) return -1;
      const at = entry * CELLS;
      if (cells[at] === low && cells[at + SCOPE] === scope) return at;
    }
  }

  /** Adds an entry that is not there yet, with empty cells. */
  add(low: number, scope: number): number {
    if ((this.count + 1) * CELLS > this.cells.length) this.#grow();
    const at = this.count++ * CELLS;
    this.cells[at + ID] = low;
    this.cells[at + SCOPE] = scope;
    this.#place(this.count - 1);
    return at;
  }

  toJSON(): GenerationState {
    const { buffer } = this.cells;
    return { count: this.count, cells: Buffer.from(buffer, 0, this.count * CELLS * 8).toString('base64') };
  }

  restore({ count, cells }: GenerationState): void {
    while (this.cells.length < count * CELLS) this.#grow();
    this.count = count;
    new Uint8Array(this.cells.buffer).set(Buffer.from(cells, 'base64'));
    for (let entry = 0; entry < count; entry++) this.#place(entry);
  }

  #place(entry: number): void {
    const mask = this.#index.length - 1;
    const at = entry * CELLS;
    let place = hash(this.cells[at]!, this.cells[at + SCOPE]!) & mask;
    while (this.#index[place] !== 0) place = (place + 1) & mask;
    this.#index[place] = entry + 1;
  }

  #grow(): void {
    const cells = new Float64Array(this.cells.length * 2);
    cells.set(this.cells);
    this.cells = cells;
    this.#index = new Int32Array((cells.length / CELLS) * 2);
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

  /** Where the entry of a connection begins in `cells`, or -1. One of the old generation is taken over into the young one. */
  find(exporter: number, low: number, high: number): number {
    const scope = exporter * TWO_32 + high;
    const at = this.#young.find(low, scope);
    if (at >= 0 || this.#old.count === 0) return at;
    const before = this.#old;
    const old = before.find(low, scope);
    if (old < 0) return -1;
    const taken = this.add(exporter, low, high);
    for (let i = TIME; i < CELLS; i++) this.#young.cells[taken + i] = before.cells[old + i]!;
    return taken;
  }

  add(exporter: number, low: number, high: number): number {
    if (this.#young.count >= this.capacity) {
      this.#old = this.#young;
      this.#young = new Generation();
    }
    return this.#young.add(low, exporter * TWO_32 + high);
  }

  /** What `find` and `add` point into; valid until the next of them. */
  get cells(): Float64Array {
    return this.#young.cells;
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

/** `imul` takes the low 32 bits of `scope` by itself. */
function hash(low: number, scope: number): number {
  let h = Math.imul(low ^ Math.imul(scope, 0x85eb_ca6b) ^ Math.imul(scope / TWO_32, 0xc2b2_ae35), 0x9e37_79b1);
  h ^= h >>> 15;
  return h;
}
