import { randomInt } from 'node:crypto';
import * as read from './field-readers';

/** Counters kept for each connection: bytes, packets and those of the reply. Exact to 2^53, which no single connection reaches. */
const COUNTERS = 4;

/**
 * An entry fills one cache line: eight cells, of which the first two are read as four words. Words: the connection id (low,
 * high half), the number of the exporter, 1 when closed. Cells: event time of the latest record, the sums of what was counted.
 */
const LOW = 0;
const HIGH = 1;
const EXPORTER = 2;
const CLOSED = 3;
const TIME = 2;
const SUMS = 3;
const CELLS = 8;
const WORDS = CELLS * 2;

// Exported apart, they are constants within this module and not looked up for each row.
export { CELLS, CLOSED, COUNTERS, SUMS, TIME, WORDS };

/** Ids that stand beside each other in the index, as many as fill a page of memory. */
const RANGE = 1024;
/** From a taken place to the next one: the next page. Odd, so that it comes to every place. */
const STEP = RANGE + 1;
/** Leaves twenty bits for the number of an entry. */
const TAG = ~0xf_ffff;
const MOST_ENTRIES = 0xf_fffe;
/** Constants of this module: imported ones are looked up for each row. */
const { HIGH_WORD, LOW_WORD } = read;
/** Rows found in one go. */
export const MOST_ROWS = 256;
const NO_ENTRY = -1;

interface GenerationState {
  readonly count: number;
  /** Cells in little-endian order, base64. */
  readonly cells: string;
}

/** What makes a place of an id: odd numbers, which those who choose the ids do not know, as they could choose ids that meet. */
export type HashFactors = readonly [low: number, high: number, exporter: number, mix: number];

/** Which rows have a connection, and of which kind they are. */
export interface ConnectionRows {
  /** Connection ids, two words each. */
  readonly ids: Uint32Array;
  /** Values of firewallEvent: one of `skipped` needs no entry, one of `created` none that is not there. */
  readonly events: Uint8Array;
  readonly skipped: number;
  readonly created: number;
}

/**
 * Entries in a dense array, found through an open-addressing index. Nothing is ever taken out of a generation but all at once.
 * The memory is asked for once and whole: what is not touched costs nothing, while growing would cost more than all else here.
 */
class Generation {
  count = 0;
  cells = new Float64Array(0);
  words = new Int32Array(0);
  /** Entry + 1, and above it the bits of its hash under `TAG`, at the place of the hash; 0 is free. */
  index = new Int32Array(1);

  /** Takes the memory for so many entries, unless it has some. */
  allocate(entries: number): void {
    if (this.cells.length > 0) return;
    this.cells = new Float64Array(entries * CELLS);
    this.words = new Int32Array(this.cells.buffer);
    this.index = new Int32Array(2 ** Math.ceil(Math.log2(entries * 2)));
  }

  /** The place of an entry, or the free one where it would be. */
  find(hashed: number, low: number, high: number, exporter: number): number {
    const { index, words } = this;
    const mask = index.length - 1;
    let place = hashed & mask;
    for (let found = index[place]!; found !== 0; found = index[place]!) {
      // To look at the wrong entry is a cache miss.
      if (((found ^ hashed) & TAG) === 0) {
        const at = ((found & ~TAG) - 1) * WORDS;
        if (words[at] === low && words[at + HIGH] === high && words[at + EXPORTER] === exporter) return place;
      }
      place = (place + STEP) & mask;
    }
    return place;
  }

  /** Puts a new entry into a free place; its cells hold anything. */
  add(place: number, hashed: number, low: number, high: number, exporter: number): number {
    const entry = this.count++;
    const at = entry * WORDS;
    this.words[at + LOW] = low;
    this.words[at + HIGH] = high;
    this.words[at + EXPORTER] = exporter;
    this.words[at + CLOSED] = 0;
    this.index[place] = (hashed & TAG) | (entry + 1);
    return entry;
  }

  /** The number of the entry at a place, -1 when it is free. */
  at(place: number): number {
    return (this.index[place]! & ~TAG) - 1;
  }

  /** Forgets all entries and keeps their memory. */
  empty(): void {
    this.count = 0;
    this.index.fill(0);
  }

  toJSON(): GenerationState {
    const { buffer } = this.cells;
    return { count: this.count, cells: Buffer.from(buffer, 0, this.count * CELLS * 8).toString('base64') };
  }
}

/**
 * What was counted of firewall connections so far. Two generations: when the young one is full it becomes the old one, so
 * that what was not touched for a whole generation is forgotten without being looked for. Halves of ids are signed words.
 */
export class ConnectionTable {
  /** Entries of the rows that were found last, -1 where there is none. */
  readonly found = new Int32Array(MOST_ROWS);
  #young = new Generation();
  #old = new Generation();
  readonly #capacity: number;
  readonly #forLow: number;
  readonly #forHigh: number;
  readonly #forExporter: number;
  readonly #forMix: number;

  /** Holds up to `capacity` connections in each generation, a million at most. */
  constructor(capacity: number, factors: HashFactors = randomFactors()) {
    this.#capacity = Math.min(capacity, MOST_ENTRIES);
    [this.#forLow, this.#forHigh, this.#forExporter, this.#forMix] = factors;
  }

  /** Entry `e` has its cells from `e * CELLS` on, its words from `e * WORDS`; valid until the next `find`. */
  get cells(): Float64Array {
    return this.#young.cells;
  }

  get words(): Int32Array {
    return this.#young.words;
  }

  /**
   * Finds the entries of the rows from `from` on, makes those that are missing, and returns one past the last row found,
   * `to` at most: the rows of one go are those whose entries stay where they are.
   */
  find({ ids, events, skipped, created }: ConnectionRows, exporter: number, from: number, to: number): number {
    const young = this.#young;
    young.allocate(this.#capacity);
    const end = Math.min(to, from + Math.max(1, Math.min(this.#capacity - young.count, MOST_ROWS)));
    const { found } = this;
    for (let row = from; row < end; row++) {
      const event = events[row]!;
      if (event === skipped) {
        found[row - from] = NO_ENTRY;
        continue;
      }
      const low = ids[row * 2 + LOW_WORD]! | 0;
      const high = ids[row * 2 + HIGH_WORD]! | 0;
      const hashed = this.#hash(low, high, exporter);
      const place = young.find(hashed, low, high, exporter);
      const entry = young.at(place);
      found[row - from] = entry >= 0 ? entry : this.#absent(place, hashed, low, high, exporter, event !== created);
    }
    return end;
  }

  toJSON(): unknown {
    return { young: this.#young, old: this.#old };
  }

  restore(state: unknown): void {
    const { young, old } = state as { young: GenerationState; old: GenerationState };
    this.#restore(this.#young, young);
    this.#restore(this.#old, old);
  }

  /** An entry that the young generation has not: taken over from the old one, or made when `wanted`. */
  #absent(place: number, hashed: number, low: number, high: number, exporter: number, wanted: boolean): number {
    const before = this.#old;
    const old = before.count === 0 ? NO_ENTRY : before.at(before.find(hashed, low, high, exporter));
    if (old < 0 && !wanted) return NO_ENTRY;
    const closed = old < 0 ? 0 : before.words[old * WORDS + CLOSED]!;
    const free = this.#young.count < this.#capacity ? place : this.#turn(hashed);
    const young = this.#young;
    const entry = young.add(free, hashed, low, high, exporter);
    const { cells } = young;
    if (old < 0) {
      cells[entry * CELLS + TIME] = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < COUNTERS; i++) cells[entry * CELLS + SUMS + i] = 0;
      return entry;
    }
    // The turn may have emptied the generation it stood in, and the entry written over its words: not over its other cells.
    young.words[entry * WORDS + CLOSED] = closed;
    for (let i = TIME; i < CELLS; i++) cells[entry * CELLS + i] = before.cells[old * CELLS + i]!;
    return entry;
  }

  /** Begins a new generation; returns the place of its first entry. */
  #turn(hashed: number): number {
    const forgotten = this.#old;
    forgotten.allocate(this.#capacity);
    forgotten.empty();
    this.#old = this.#young;
    this.#young = forgotten;
    return hashed & (forgotten.index.length - 1);
  }

  #restore(generation: Generation, { count, cells }: GenerationState): void {
    if (count === 0) return;
    generation.allocate(Math.max(count, this.#capacity));
    const { words } = generation;
    new Uint8Array(words.buffer).set(Buffer.from(cells, 'base64').subarray(0, count * WORDS * 4));
    for (let at = 0; at < count * WORDS; at += WORDS) {
      const low = words[at + LOW]!;
      const high = words[at + HIGH]!;
      const exporter = words[at + EXPORTER]!;
      const closed = words[at + CLOSED]!;
      const hashed = this.#hash(low, high, exporter);
      generation.add(generation.find(hashed, low, high, exporter), hashed, low, high, exporter);
      words[at + CLOSED] = closed;
    }
  }

  /**
   * Firewalls count their connections: the ids of a range stand in a row, so that the next one is in memory that is at hand.
   * Where their page is taken they go on together (`STEP`), and where a range begins in its page depends on the range, so
   * that ids some power of two apart meet no more than others.
   */
  #hash(low: number, high: number, exporter: number): number {
    const id = Math.imul(low >> 10, this.#forLow) ^ Math.imul(high, this.#forHigh);
    const range = id ^ Math.imul(exporter, this.#forExporter);
    const mixed = Math.imul(range ^ (range >>> 15), this.#forMix);
    const spread = mixed ^ (mixed >>> 13);
    return (spread << 10) | ((low + (spread >>> 22)) & (RANGE - 1));
  }
}

function randomFactors(): HashFactors {
  const odd = (): number => randomInt(2 ** 31) * 2 + 1;
  return [odd(), odd(), odd(), odd()];
}
