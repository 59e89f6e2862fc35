import { randomFillSync } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { freeSpace } from './disk-space';

const CHUNK_BYTES = 1 << 20;
/** The reserve is set up only when at least this many times its size is free: it must not be what fills the disk. */
const ROOM_FACTOR = 4;

/** A file that only takes up room, so that there is some to give back when the disk is full. */
export class Ballast {
  readonly #directory: string;
  readonly #path: string;
  /** Size of the reserve when it is complete. */
  readonly bytes: number;
  #isThere: boolean;

  /** `bytes` 0 means no reserve. */
  constructor(directory: string, bytes: number) {
    this.#directory = directory;
    this.#path = join(directory, 'reserve.bin');
    this.bytes = bytes;
    this.#isThere = (statSync(this.#path, { throwIfNoEntry: false })?.size ?? -1) >= bytes && bytes > 0;
  }

  /** Whether there is a reserve to release, or none is wanted. */
  get isComplete(): boolean {
    return this.#isThere || this.bytes === 0;
  }

  /** Writes the file when it is missing and there is ample room. True when it was written now. */
  setUp(): boolean {
    if (this.isComplete || freeSpace(this.#directory).available < this.bytes * ROOM_FACTOR) return false;
    try {
      this.#write();
    } catch {
      rmSync(this.#path, { force: true });
      return false;
    }
    this.#isThere = true;
    return true;
  }

  /** Gives the room back. Returns the number of bytes; 0 when there was no reserve. */
  release(): number {
    this.#isThere = false;
    // A file that a crash left half written takes up room too.
    const bytes = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    rmSync(this.#path, { force: true });
    return bytes;
  }

  #write(): void {
    // Random bytes: a file system that compresses would keep nothing free behind zeros.
    const chunk = randomFillSync(Buffer.allocUnsafe(Math.min(CHUNK_BYTES, this.bytes)));
    const file = openSync(this.#path, 'w', 0o600);
    try {
      for (let done = 0; done < this.bytes;) {
        done += writeSync(file, chunk, 0, Math.min(chunk.length, this.bytes - done));
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}
