/** Counters kept for each connection: bytes, packets and those of the reply. Exact to 2^53, which no single connection reaches. */
export const COUNTERS = 4;

/**
 * An entry fills one cache line: eight cells, of which the first two are read as four words. Words: the connection id (low,
 * high half), the number of the exporter, 1 when closed. Cells: event time of the latest record, the sums of what was counted.
 */
const LOW = 0;
const HIGH = 1;
const EXPORTER = 2;
const CLOSED = 3;
export const TIME = 2;
export const SUMS = 3;
export const CELLS = 8;
const WORDS = CELLS * 2;

const FIRST_CAPACITY = 256;
/** From a taken place to the next one: the next line. Odd, so that it comes to every place. */
const STEP = 17;
/** Leaves twenty bits for the number of an entry. */
const TAG = ~0xf_ffff;
const MOST_ENTRIES = 0xf_fffe;

interface GenerationState {
  readonly count: number;
  /** Cells in little-endian order, base64. */
  readonly cells: string;
}

/** Entries in a dense array, found through an open-addressing index. Nothing is ever taken out of a generation but all at once. */
class Generation {
  count = 0;
  cells: Float64Array = new Float64Array(FIRST_CAPACITY * CELLS);
  words = new Int32Array(this.cells.buffer);
  /** Entry + 1, and above it the bits of its hash under `TAG`, at the place of the hash; 0 is free. */
  #index = new Int32Array(FIRST_CAPACITY * 2);

  /** The number of an entry, or -1. */
  find(low: number, high: number, exporter: number): number {
    const index = this.#index;
    const { words } = this;
    const mask = index.length - 1;
    const hashed = hash(low, high, exporter);
    for (let place = hashed & mask; ; place = (place + STEP) & mask) {
      const found = index[place]!;
      if (found === 0) return -1;
      // To look at the wrong entry is a cache miss.
      if (((found ^ hashed) & TAG) !== 0) continue;
      const entry = (found & ~TAG) - 1;
      const at = entry * WORDS;
      if (words[at] === low && words[at + HIGH] === high && words[at + EXPORTER] === exporter) return entry;
    }
  }

  /** Adds an entry that is not there yet; its cells hold anything. */
  add(low: number, high: number, exporter: number): number {
    if ((this.count + 1) * CELLS > this.cells.length) this.#grow();
    const entry = this.count++;
    const at = entry * WORDS;
    this.words[at + LOW] = low;
    this.words[at + HIGH] = high;
    this.words[at + EXPORTER] = exporter;
    this.words[at + CLOSED] = 0;
    this.#place(entry);
    return entry;
  }

  /** Forgets all entries and keeps their memory: fresh memory costs more than all else here. */
  empty(): void {
    this.count = 0;
    this.#index.fill(0);
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
    const { words } = this;
    const mask = this.#index.length - 1;
    const at = entry * WORDS;
    const hashed = hash(words[at + LOW]!, words[at + HIGH]!, words[at + EXPORTER]!);
    let place = hashed & mask;
    while (this.#index[place] !== 0) place = (place + STEP) & mask;
    this.#index[place] = (hashed & TAG) | (entry + 1);
  }

  #grow(): void {
    const cells = new Float64Array(this.cells.length * 2);
    cells.set(this.cells);
    this.cells = cells;
    this.words = new Int32Array(cells.buffer);
    this.#index = new Int32Array((cells.length / CELLS) * 2);
    for (let entry = 0; entry < this.count; entry++) this.#place(entry);
  }
}

/**
 * What was counted of firewall connections so far. Two generations: when the young one is full it becomes the old one, so
 * that what was not touched for a whole generation is forgotten without being looked for. Halves of ids are signed words.
 */
export class ConnectionTable {
  #young = new Generation();
  #old = new Generation();

  readonly #capacity: number;

  /** Holds up to `capacity` connections in each generation, a million at most. */
  constructor(capacity: number) {
    this.#capacity = Math.min(capacity, MOST_ENTRIES);
  }

  /** The number of a connection's entry, or -1. One of the old generation is taken over into the young one. */
  find(exporter: number, low: number, high: number): number {
    const entry = this.#young.find(low, high, exporter);
    return entry >= 0 || this.#old.count === 0 ? entry : this.#takeOver(exporter, low, high);
  }

  add(exporter: number, low: number, high: number): number {
    if (this.#young.count >= this.#capacity) {
      const forgotten = this.#old;
      forgotten.empty();
      this.#old = this.#young;
      this.#young = forgotten;
    }
    return this.#young.add(low, high, exporter);
  }

  /** Entry `e` has its cells from `e * CELLS` on; valid until the next `find` or `add`. */
  get cells(): Float64Array {
    return this.#young.cells;
  }

  isClosed(entry: number): boolean {
    return this.#young.words[entry * WORDS + CLOSED] === 1;
  }

  setClosed(entry: number, closed: boolean): void {
    this.#young.words[entry * WORDS + CLOSED] = closed ? 1 : 0;
  }

  toJSON(): unknown {
    return { young: this.#young, old: this.#old };
  }

  restore(state: unknown): void {
    const { young, old } = state as { young: GenerationState; old: GenerationState };
    this.#young.restore(young);
    this.#old.restore(old);
  }

  #takeOver(exporter: number, low: number, high: number): number {
    const before = this.#old;
    const old = before.find(low, high, exporter);
    if (old < 0) return -1;
    // Adding may empty the generation it was found in and write over its first entry's words, not over its other cells.
    const closed = before.words[old * WORDS + CLOSED] === 1;
    const taken = this.add(exporter, low, high);
    const { cells } = this.#young;
    for (let i = TIME; i < CELLS; i++) cells[taken * CELLS + i] = before.cells[old * CELLS + i]!;
    this.setClosed(taken, closed);
    return taken;
  }
}

/**
 * Firewalls count their connections: sixteen ids in a row share a cache line of the index. Where their line is taken they go
 * on together (`STEP`), and the order within a line depends on the line, so that ids some power of two apart meet no more than others.
 */
function hash(low: number, high: number, exporter: number): number {
  const line = Math.imul((low >> 4) ^ Math.imul(high, 0x85eb_ca6b) ^ Math.imul(exporter, 0xc2b2_ae35), 0x9e37_79b1);
  return ((line ^ (line >>> 15)) << 4) | ((low ^ (line >>> 28)) & 15);
}
