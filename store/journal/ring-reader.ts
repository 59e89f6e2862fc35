import type { RawFormat, RawOrigin } from '../../collectors/contract';
import {
  CELL_HEAD,
  CELL_PRODUCER_WAITS,
  CELL_READER_WAITS,
  CELL_TAIL,
  COUNTER_FULL,
  COUNTER_OVERSIZE,
  FRAME_ORIGIN,
  FRAME_RECORD,
  ORIGIN_HEADER_BYTES,
  RECORD_HEADER_BYTES,
  RingMemory,
  waitWhileSet,
  wake,
} from './ring-layout';

/** Records at the front of the ring, as columns. Valid until `advance`. Reused: do not keep. */
export interface RingBatch {
  /** Number of records; only that many entries of each column count. */
  readonly count: number;
  /** Shared memory; the 49 bytes before each record's bytes are the reader's to write. */
  readonly data: Buffer;
  readonly offset: Uint32Array;
  readonly length: Uint32Array;
  readonly receivedAt: Float64Array;
  readonly origin: readonly RawOrigin[];
}

/** Records a single `peek` gives at most. */
export const MAX_RING_BATCH = 16_384;

/** The reading end of a ring. One thread only. */
export class RingReader {
  readonly #memory: RingMemory;
  readonly #mask: number;
  readonly #origins: RawOrigin[] = [];
  readonly #batch: {
    count: number;
    readonly data: Buffer;
    readonly offset: Uint32Array;
    readonly length: Uint32Array;
    readonly receivedAt: Float64Array;
    readonly origin: RawOrigin[];
  };
  #tail: number;
  /** Where the records given by the last `peek` end. */
  #peeked: number;

  constructor(memory: SharedArrayBuffer) {
    this.#memory = new RingMemory(memory);
    this.#mask = this.#memory.capacity - 1;
    this.#tail = Atomics.load(this.#memory.cells, CELL_TAIL) >>> 0;
    this.#peeked = this.#tail;
    this.#batch = {
      count: 0,
      data: this.#memory.data,
      offset: new Uint32Array(MAX_RING_BATCH),
      length: new Uint32Array(MAX_RING_BATCH),
      receivedAt: new Float64Array(MAX_RING_BATCH),
      origin: [],
    };
  }

  /**
   * The next records, at most `maxRecords` and (but for a first one that is larger) `maxBytes` of their bytes. Until
   * `advance` is called the same batch is given again, whatever the limits: a write that failed is tried again as it was.
   */
  peek(maxRecords: number, maxBytes: number): RingBatch {
    const batch = this.#batch;
    if (batch.count > 0) return batch;
    const head = Atomics.load(this.#memory.cells, CELL_HEAD) >>> 0;
    const limit = Math.min(maxRecords, MAX_RING_BATCH);
    let bytes = 0;
    while (this.#peeked !== head && batch.count < limit) {
      const at = this.#peeked & this.#mask;
      const kind = this.#memory.words[at / 4 + 1];
      if (kind === FRAME_RECORD) {
        bytes += this.#memory.words[(at + 20) / 4] ?? 0;
        if (bytes > maxBytes && batch.count > 0) break;
        this.#take(at);
      } else if (kind === FRAME_ORIGIN) {
        this.#define(at);
      }
      this.#peeked = (this.#peeked + (this.#memory.words[at / 4] ?? 0)) >>> 0;
    }
    if (batch.count === 0) this.#release();
    return batch;
  }

  /** Releases the records of the last `peek`: the producer may overwrite them. */
  advance(): void {
    this.#batch.count = 0;
    this.#release();
  }

  /** Bytes in the ring that are not released. */
  get filled(): number {
    return ((Atomics.load(this.#memory.cells, CELL_HEAD) >>> 0) - this.#tail) >>> 0;
  }

  /** Size of the ring in bytes. */
  get capacity(): number {
    return this.#memory.capacity;
  }

  /** The producer's counters; see `RingProducer`. */
  get refusedFull(): bigint {
    return Atomics.load(this.#memory.counters, COUNTER_FULL);
  }

  get refusedOversize(): bigint {
    return Atomics.load(this.#memory.counters, COUNTER_OVERSIZE);
  }

  /** Waits until there is something to peek at, at most `timeoutMs`. True when there is. */
  async wait(timeoutMs: number): Promise<boolean> {
    const { cells } = this.#memory;
    if (this.filled > 0) return true;
    Atomics.store(cells, CELL_READER_WAITS, 1);
    // Looked at again after the flag is up: the producer may have published just before.
    if (this.filled === 0) await waitWhileSet(cells, CELL_READER_WAITS, timeoutMs);
    Atomics.store(cells, CELL_READER_WAITS, 0);
    return this.filled > 0;
  }

  #release(): void {
    if (this.#tail === this.#peeked) return;
    this.#tail = this.#peeked;
    Atomics.store(this.#memory.cells, CELL_TAIL, this.#tail | 0);
    wake(this.#memory.cells, CELL_PRODUCER_WAITS);
  }

  #take(at: number): void {
    const { words, doubles } = this.#memory;
    const batch = this.#batch;
    const index = batch.count;
    const origin = this.#origins[words[(at + 16) / 4] ?? 0];
    if (origin === undefined) throw new Error('ring: a record names an origin that was not defined');
    batch.offset[index] = at + RECORD_HEADER_BYTES;
    batch.length[index] = words[(at + 20) / 4] ?? 0;
    batch.receivedAt[index] = doubles[(at + 8) / 8] ?? 0;
    batch.origin[index] = origin;
    batch.count = index + 1;
  }

  #define(at: number): void {
    const { words, data } = this.#memory;
    const start = at + ORIGIN_HEADER_BYTES;
    const json = data.toString('utf8', start, start + (words[(at + 12) / 4] ?? 0));
    const [collector, source, peer, format] = JSON.parse(json) as [string, string, string, RawFormat];
    this.#origins[words[(at + 8) / 4] ?? 0] = { collector, source, peer, format };
  }
}
