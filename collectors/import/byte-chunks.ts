import { open, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { IMPORT_LIMITS, type ImportTruncated } from './import-model';

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

const FILE_CHUNK = 256 * 1024;
/** Deflate unpacks at most about 1032:1, so one such piece never becomes more than 17 MiB at once. */
const GZIP_CHUNK = 16 * 1024;

/** Opens a file; gzip is recognised by its magic and unpacked on the way. Rejects with the system's error. */
export async function openChunks(path: string): Promise<ByteChunks> {
  const handle = await open(path, 'r');
  try {
    const magic = new Uint8Array(2);
    const { bytesRead } = await handle.read(magic, 0, 2, 0);
    const isGzip = bytesRead === 2 && magic[0] === 0x1f && magic[1] === 0x8b;
    return isGzip ? new GunzipChunks(new FileChunks(handle, GZIP_CHUNK)) : new FileChunks(handle, FILE_CHUNK);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A file as it is. */
class FileChunks implements ByteChunks {
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

/**
 * Unpacks gzip, several members included (RFC 1952 section 2.2). One packed piece is written at a time and everything
 * it gives is taken before the next, so that what was unpacked before damage is not lost with the stream's error.
 */
export class GunzipChunks implements ByteChunks {
  readonly #packed: ByteChunks;
  readonly #gunzip: Gunzip = createGunzip({ chunkSize: 64 * 1024 });
  readonly #ready: Uint8Array[] = [];
  #packedBytes = 0;
  #unpackedBytes = 0;
  #ended = false;
  #damage: ByteDamage | undefined;

  constructor(packed: ByteChunks) {
    this.#packed = packed;
    this.#gunzip.on('data', (piece: Buffer) => this.#take(piece));
    this.#gunzip.on('error', (error) => {
      this.#damage ??= { reason: 'damaged_compression', detail: error.message };
    });
  }

  get damage(): ByteDamage | undefined {
    return this.#packed.damage ?? this.#damage;
  }

  async next(): Promise<Uint8Array | undefined> {
    while (this.#ready.length === 0 && !this.#ended && this.#damage === undefined) await this.#feed();
    return this.#ready.shift();
  }

  async close(): Promise<void> {
    this.#gunzip.destroy();
    await this.#packed.close();
  }

  async #feed(): Promise<void> {
    const packed = await this.#packed.next();
    this.#packedBytes += packed?.length ?? 0;
    this.#ended = packed === undefined;
    await new Promise<void>((resolve) => {
      const gunzip = this.#gunzip;
      const done = (): void => {
        gunzip.off('close', done);
        resolve();
      };
      gunzip.once('close', done);
      if (packed === undefined) gunzip.once('end', done).end();
      else gunzip.write(packed, done);
    });
  }

  #take(piece: Uint8Array): void {
    if (this.#damage !== undefined) return;
    this.#unpackedBytes += piece.length;
    const bomb =
      this.#unpackedBytes > IMPORT_LIMITS.ratioFreeBytes &&
      this.#unpackedBytes > this.#packedBytes * IMPORT_LIMITS.compressionRatio;
    if (bomb) {
      const detail = `more than ${IMPORT_LIMITS.compressionRatio} times its compressed size`;
      this.#damage = { reason: 'compression_bomb', detail };
      return;
    }
    this.#ready.push(piece);
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
      const { done, value } = await this.#pieces.next();
      if (done === true) return undefined;
      return value.length === 0 ? this.next() : value;
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
