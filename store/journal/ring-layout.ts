/*
 * A single-producer, single-consumer ring in shared memory: a control block of 32-bit cells, then the data.
 *
 * Positions count bytes modulo 2^32; the capacity is a power of two, so position & (capacity - 1) is the place in the
 * data. A frame never wraps: what does not fit before the end is preceded by a filler frame. All frames are multiples
 * of 8 bytes.
 *
 *   frame  offset 0   u32  size of the frame, bytes
 *          4          u32  kind: FILLER, RECORD, ORIGIN
 *   RECORD 8          f64  receivedAt
 *          16         u32  origin number, defined by an ORIGIN frame before
 *          20         u32  number of bytes
 *          24         7    unused, so that the bytes are aligned
 *          31         49   left free for the reader: the head of the record's canonical encoding (see leaf.ts)
 *          80         ...  the bytes
 *   ORIGIN 8          u32  origin number
 *          12         u32  number of bytes
 *          16         ...  JSON array [collector, source, peer, format], UTF-8
 */

export const FRAME_FILLER = 0;
export const FRAME_RECORD = 1;
export const FRAME_ORIGIN = 2;

export const RECORD_HEADER_BYTES = 80;
export const ORIGIN_HEADER_BYTES = 16;

/** Cells of the control block. HEAD and TAIL stand on cache lines of their own. */
export const CELL_HEAD = 0;
export const CELL_TAIL = 16;
/** 1 while the reader waits for records; the producer clears it and notifies. */
export const CELL_READER_WAITS = 32;
/** 1 while the producer waits for room; the reader clears it and notifies. */
export const CELL_PRODUCER_WAITS = 48;
/** Records refused because the ring was full, and because they were larger than half of it. 64-bit counters. */
export const COUNTER_FULL = 32;
export const COUNTER_OVERSIZE = 33;
export const CONTROL_BYTES = 64 * 8;

/** Origins known at once; past it numbering starts again with new definitions. Bounds memory on both sides. */
export const MAX_ORIGINS = 4096;

const MIN_CAPACITY = 4096;
const MAX_CAPACITY = 1 << 30;

/** Memory for a ring that holds `capacity` bytes: a power of two from 4 KiB to 1 GiB. Pass it to producer and reader. */
export function createRing(capacity: number): SharedArrayBuffer {
  if (capacity < MIN_CAPACITY || capacity > MAX_CAPACITY || (capacity & (capacity - 1)) !== 0) {
    throw new RangeError(`ring capacity must be a power of two from ${MIN_CAPACITY} to ${MAX_CAPACITY}: ${capacity}`);
  }
  return new SharedArrayBuffer(CONTROL_BYTES + capacity);
}

/** The same memory as each side looks at it. */
export class RingMemory {
  readonly cells: Int32Array<SharedArrayBuffer>;
  readonly counters: BigInt64Array<SharedArrayBuffer>;
  readonly data: Buffer<SharedArrayBuffer>;
  readonly words: Uint32Array<SharedArrayBuffer>;
  readonly doubles: Float64Array<SharedArrayBuffer>;
  readonly capacity: number;

  constructor(memory: SharedArrayBuffer) {
    this.capacity = memory.byteLength - CONTROL_BYTES;
    this.cells = new Int32Array(memory, 0, CONTROL_BYTES / 4);
    this.counters = new BigInt64Array(memory, 0, CONTROL_BYTES / 8);
    this.data = Buffer.from(memory, CONTROL_BYTES, this.capacity);
    this.words = new Uint32Array(memory, CONTROL_BYTES, this.capacity / 4);
    this.doubles = new Float64Array(memory, CONTROL_BYTES, this.capacity / 8);
  }
}

/** Next multiple of 8. */
export function align(bytes: number): number {
  return (bytes + 7) & ~7;
}

/** `Atomics.waitAsync` (ES2024) as far as it is used here; Node has it since 16. */
type WaitAsync = (
  cells: Int32Array,
  index: number,
  value: number,
  timeoutMs: number,
) => { readonly async: false; readonly value: string } | { readonly async: true; readonly value: Promise<string> };

const waitAsync = (Atomics as unknown as { readonly waitAsync: WaitAsync }).waitAsync;

/** Waits while the cell is 1, at most `timeoutMs`. Keeps the event loop alive, which `waitAsync` alone does not. */
export async function waitWhileSet(cells: Int32Array, cell: number, timeoutMs: number): Promise<void> {
  const waiting = waitAsync(cells, cell, 1, timeoutMs);
  if (!waiting.async) return;
  const alive = setTimeout(() => Atomics.notify(cells, cell), timeoutMs);
  await waiting.value;
  clearTimeout(alive);
}

/** Tells the other side if it waits on the cell. */
export function wake(cells: Int32Array, cell: number): void {
  if (Atomics.load(cells, cell) === 1 && Atomics.exchange(cells, cell, 0) === 1) Atomics.notify(cells, cell);
}
