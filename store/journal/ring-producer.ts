import type { Offer, RawOrigin, RawRecord } from '../../collectors/contract';
import {
  align,
  CELL_HEAD,
  CELL_PRODUCER_WAITS,
  CELL_READER_WAITS,
  CELL_TAIL,
  COUNTER_FULL,
  COUNTER_OVERSIZE,
  FRAME_FILLER,
  FRAME_ORIGIN,
  FRAME_RECORD,
  MAX_ORIGINS,
  ORIGIN_HEADER_BYTES,
  RECORD_HEADER_BYTES,
  RingMemory,
  waitWhileSet,
  wake,
} from './ring-layout';

/** Instead of a place in the data: the ring is full; or the frame is larger than half of it. */
const NO_ROOM = -1;
const NEVER_FITS = -2;

/** The writing end of a ring. One thread only. */
export class RingProducer {
  readonly #memory: RingMemory;
  readonly #mask: number;
  readonly #origins = new Map<RawOrigin, number>();
  /** Where the next frame goes; published to the reader at the end of each `offer`. */
  #head: number;
  #tail: number;
  #lastOrigin: RawOrigin | undefined;
  #lastNumber = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#memory = new RingMemory(memory);
    this.#mask = this.#memory.capacity - 1;
    this.#head = Atomics.load(this.#memory.cells, CELL_HEAD) >>> 0;
    this.#tail = Atomics.load(this.#memory.cells, CELL_TAIL) >>> 0;
  }

  /**
   * See `Offer`. A record larger than half the ring can never be carried: it is counted in `refusedOversize` and
   * passed over as if it had been taken, or the records behind it would wait for ever.
   */
  readonly offer: Offer = (batch) => {
    const { cells } = this.#memory;
    this.#tail = Atomics.load(cells, CELL_TAIL) >>> 0;
    let taken = 0;
    for (const record of batch) {
      if (!this.#put(record)) break;
      taken += 1;
    }
    Atomics.store(cells, CELL_HEAD, this.#head | 0);
    wake(cells, CELL_READER_WAITS);
    if (taken < batch.length) Atomics.add(this.#memory.counters, COUNTER_FULL, BigInt(batch.length - taken));
    return taken;
  };

  /** Records not taken because the ring was full. A record offered again and refused again counts twice. */
  get refusedFull(): bigint {
    return Atomics.load(this.#memory.counters, COUNTER_FULL);
  }

  /** Records dropped because they are larger than half the ring. */
  get refusedOversize(): bigint {
    return Atomics.load(this.#memory.counters, COUNTER_OVERSIZE);
  }

  /** Bytes in the ring that the reader has not released. */
  get filled(): number {
    return (this.#head - (Atomics.load(this.#memory.cells, CELL_TAIL) >>> 0)) >>> 0;
  }

  /** For streams: waits until the reader has released something, at most `timeoutMs`. True when at least half is free. */
  async waitForRoom(timeoutMs: number): Promise<boolean> {
    const { cells, capacity } = this.#memory;
    if (this.filled * 2 <= capacity) return true;
    Atomics.store(cells, CELL_PRODUCER_WAITS, 1);
    // Looked at again after the flag is up: the reader may have released everything just before.
    if (this.filled * 2 > capacity) await waitWhileSet(cells, CELL_PRODUCER_WAITS, timeoutMs);
    Atomics.store(cells, CELL_PRODUCER_WAITS, 0);
    return this.filled * 2 <= capacity;
  }

  #put(record: RawRecord): boolean {
    const { bytes, origin } = record;
    const size = align(RECORD_HEADER_BYTES + bytes.length);
    if (size > this.#memory.capacity / 2) {
      Atomics.add(this.#memory.counters, COUNTER_OVERSIZE, 1n);
      return true;
    }
    const number = this.#numberOf(origin);
    if (number === NO_ROOM) return false;
    if (number === NEVER_FITS) {
      Atomics.add(this.#memory.counters, COUNTER_OVERSIZE, 1n);
      return true;
    }
    const at = this.#reserve(size, FRAME_RECORD);
    if (at === NO_ROOM) return false;
    const { data, words, doubles } = this.#memory;
    doubles[(at + 8) / 8] = record.receivedAt;
    words[(at + 16) / 4] = number;
    words[(at + 20) / 4] = bytes.length;
    data.set(bytes, at + RECORD_HEADER_BYTES);
    return true;
  }

  /** Number of an origin, defining it first when it is new; or NO_ROOM, NEVER_FITS for its definition. */
  #numberOf(origin: RawOrigin): number {
    if (origin === this.#lastOrigin) return this.#lastNumber;
    let number = this.#origins.get(origin);
    if (number === undefined) {
      number = this.#origins.size < MAX_ORIGINS ? this.#origins.size : 0;
      const at = this.#define(origin, number);
      if (at < 0) return at;
      // The reader takes frames in order, so a number given again means the new origin from its definition on.
      if (number === 0) this.#origins.clear();
      this.#origins.set(origin, number);
    }
    this.#lastOrigin = origin;
    this.#lastNumber = number;
    return number;
  }

  #define(origin: RawOrigin, number: number): number {
    const json = Buffer.from(JSON.stringify([origin.collector, origin.source, origin.peer, origin.format]), 'utf8');
    const size = align(ORIGIN_HEADER_BYTES + json.length);
    if (size > this.#memory.capacity / 2) return NEVER_FITS;
    const at = this.#reserve(size, FRAME_ORIGIN);
    if (at === NO_ROOM) return NO_ROOM;
    const { data, words } = this.#memory;
    words[(at + 8) / 4] = number;
    words[(at + 12) / 4] = json.length;
    data.set(json, at + ORIGIN_HEADER_BYTES);
    return at;
  }

  /** Room for a frame that does not wrap; its place in the data, or NO_ROOM. */
  #reserve(size: number, kind: number): number {
    const { capacity, words } = this.#memory;
    let at = this.#head & this.#mask;
    const filler = at + size > capacity ? capacity - at : 0;
    if (this.#used() + filler + size > capacity) {
      this.#tail = Atomics.load(this.#memory.cells, CELL_TAIL) >>> 0;
      if (this.#used() + filler + size > capacity) return NO_ROOM;
    }
    if (filler > 0) {
      words[at / 4] = filler;
      words[at / 4 + 1] = FRAME_FILLER;
      at = 0;
    }
    words[at / 4] = size;
    words[at / 4 + 1] = kind;
    this.#head = (this.#head + filler + size) >>> 0;
    return at;
  }

  /** Bytes in use as far as this side knows: the reader may have released more since. */
  #used(): number {
    return (this.#head - this.#tail) >>> 0;
  }
}
