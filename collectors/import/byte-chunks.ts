import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { ImportTruncated } from './import-model';

/** Bytes in order, pulled piece by piece. A piece is never changed after it was given out. */
export interface ByteChunks {
  /** The next piece, never empty; undefined at the end. */
  next(): Promise<Uint8Array | undefined>;
  /** Why the end came early, when it did. */
  readonly damage: ByteDamage | undefined;
  close(): Promise<void>;
}

/** What `ImportTruncated` needs from below; the offset is the reader's. */
export type ByteDamage = Pick<ImportTruncated, 'reason' | 'detail'>;

/** An open file as it is, in pieces of `size` bytes. Closes it. */
export class FileChunks implements ByteChunks {
  readonly #handle: FileHandle;
  readonly #size: number;
  #position = 0;
  #damage: ByteDamage | undefined;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  get damage(): ByteDamage | undefined {
    return this.#damage;
  }

  async next(): Promise<Uint8Array | undefined> {
    const buffer = new Uint8Array(this.#size);
    try {
      const { bytesRead } = await this.#handle.read(buffer, 0, this.#size, this.#position);
      this.#position += bytesRead;
      return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead);
    } catch (error) {
      this.#damage = { reason: 'read_error', detail: (error as Error).message };
      return undefined;
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** What a stream brings, as it comes. */
export class StreamChunks implements ByteChunks {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #damage: ByteDamage | undefined;

  constructor(stream: Readable) {
    this.#pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  get damage(): ByteDamage | undefined {
    return this.#damage;
  }

  async next(): Promise<Uint8Array | undefined> {
    try {
      for (;;) {
        const { done, value } = await this.#pieces.next();
        if (done === true) return undefined;
        if (value.length > 0) return value;
      }
    } catch (error) {
      this.#damage = { reason: 'read_error', detail: (error as Error).message };
      return undefined;
    }
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}

/** Bytes that are in memory already. */
export class MemoryChunks implements ByteChunks {
  readonly damage = undefined;
  readonly #pieces: Uint8Array[];

  constructor(pieces: readonly Uint8Array[]) {
    this.#pieces = pieces.filter((piece) => piece.length > 0);
  }

  next(): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.#pieces.shift());
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
