import type { ByteChunks } from './byte-chunks';
import type { ImportTruncated } from './import-model';

/**
 * A view that moves over bytes as they are read. `bytes` from `start` on holds what is in memory; pieces handed out
 * as subarrays stay valid, because a window that grows goes on in a new array.
 */
export class ByteWindow {
  readonly #chunks: ByteChunks;
  #bytes: Uint8Array = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #start = 0;
  /** Offset in the file of `#bytes[0]`. */
  #base = 0;
  #atEnd = false;

  constructor(chunks: ByteChunks) {
    this.#chunks = chunks;
  }

  /** Bytes in memory from the current place on. */
  get available(): number {
    return this.#bytes.length - this.#start;
  }

  /** The current place in the file. */
  get offset(): number {
    return this.#base + this.#start;
  }

  /** The array that `start` indexes; valid until the next `fill`. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get start(): number {
    return this.#start;
  }

  /** A view of `bytes`. */
  get view(): DataView {
    return this.#view;
  }

  /** Gets at least `count` bytes into memory; false when the file has fewer left. `count` must be bounded by the caller. */
  async fill(count: number): Promise<boolean> {
    while (this.available < count && !this.#atEnd) await this.#grow(count);
    return this.available >= count;
  }

  /** The next `count` bytes, which must be available. Does not move. */
  peek(count: number): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#start + count);
  }

  /** Moves on over available bytes. */
  skip(count: number): void {
    this.#start += count;
  }

  /** What is left from the current place on, piece by piece. The window is not used beside it. */
  rest(): ByteChunks {
    const chunks = this.#chunks;
    const next = (): Promise<Uint8Array | undefined> => {
      if (this.available === 0) return chunks.next();
      const piece = this.peek(this.available);
      this.skip(piece.length);
      return Promise.resolve(piece);
    };
    return {
      next,
      get damage() {
        return chunks.damage;
      },
      close: () => Promise.resolve(),
    };
  }

  /** Why there is no more: what the source says of itself, or that the file ends inside `what`. */
  cutShort(what: string, offset = this.offset): ImportTruncated {
    const { damage } = this.#chunks;
    if (damage !== undefined) return { offset, ...damage };
    return { offset, reason: 'cut_short', detail: `the file ends inside ${what}` };
  }

  /** What to say at a clean end: nothing, or that the source broke there. */
  ending(): ImportTruncated | undefined {
    const { damage } = this.#chunks;
    return damage === undefined ? undefined : { offset: this.offset, ...damage };
  }

  async #grow(count: number): Promise<void> {
    const pieces = [this.peek(this.available)];
    let length = this.available;
    while (length < count) {
      const piece = await this.#chunks.next();
      if (piece === undefined) {
        this.#atEnd = true;
        break;
      }
      pieces.push(piece);
      length += piece.length;
    }
    this.#base += this.#start;
    this.#start = 0;
    this.#bytes = pieces.length === 2 && pieces[0]!.length === 0 ? pieces[1]! : Buffer.concat(pieces, length);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
  }
}
