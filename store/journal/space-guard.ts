import type { Emit } from '../../collectors/contract';
import { Ballast } from './ballast';
import { meansDiskFull } from './disk-space';
import { DiskFullError } from './errors';
import type { JournalEvent } from './events';

/** How often a released reserve is tried to be set up again. */
const RESERVE_RETRY_MS = 10_000;

/** Stands between the journal's writes and a full disk: spends the reserve, tells when it is over, and when it is not. */
export class SpaceGuard {
  readonly #directory: string;
  readonly #ballast: Ballast;
  readonly #now: () => number;
  readonly #emit: Emit<JournalEvent>;
  #isFull = false;
  #triedAt = Number.NEGATIVE_INFINITY;

  /** `reserveBytes` 0 for no reserve. Writes nothing yet. */
  constructor(directory: string, reserveBytes: number, now: () => number, emit: Emit<JournalEvent>) {
    this.#directory = directory;
    this.#ballast = new Ballast(directory, reserveBytes);
    this.#now = now;
    this.#emit = emit;
  }

  /** Whether the last write failed for want of room. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /**
   * Runs something that writes. When the disk is full it gives the reserve back and tries once more. Throws
   * `DiskFullError`; `operation` must have undone what it did, and may be run again.
   */
  run<T>(operation: () => T): T {
    for (;;) {
      try {
        const result = operation();
        if (this.#isFull) this.#emit({ kind: 'disk_space_back', directory: this.#directory });
        this.#isFull = false;
        return result;
      } catch (error) {
        if (!meansDiskFull(error, this.#directory)) throw error;
        const bytes = this.#ballast.release();
        if (bytes === 0) this.#stop(error);
        this.#emit({ kind: 'disk_reserve_released', bytes });
      }
    }
  }

  /** Sets the reserve up when it is missing and there is ample room, not more often than every ten seconds. */
  tend(): void {
    if (this.#ballast.isComplete || this.#now() - this.#triedAt < RESERVE_RETRY_MS) return;
    this.#triedAt = this.#now();
    if (this.#ballast.setUp()) this.#emit({ kind: 'disk_reserve_set_up', bytes: this.#ballast.bytes });
  }

  #stop(cause: unknown): never {
    if (!this.#isFull) this.#emit({ kind: 'disk_full', directory: this.#directory });
    this.#isFull = true;
    throw new DiskFullError(this.#directory, cause);
  }
}
