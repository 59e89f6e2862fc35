import { PROGRESS_BYTES, PROGRESS_CELLS } from './thread-contract';

export type ProgressStage = keyof typeof PROGRESS_CELLS;

/** Memory for `StageProgress`, to be handed to every thread. */
export function createProgress(): SharedArrayBuffer {
  return new SharedArrayBuffer(PROGRESS_BYTES);
}

/** How far each stage is, shared between threads: journal positions that only grow. */
export class StageProgress {
  readonly #cells: BigInt64Array<SharedArrayBuffer>;

  constructor(memory: SharedArrayBuffer) {
    this.#cells = new BigInt64Array(memory);
  }

  at(stage: ProgressStage): number {
    return Number(Atomics.load(this.#cells, PROGRESS_CELLS[stage]));
  }

  /** Publishes a position and wakes whoever waits for it. */
  reached(stage: ProgressStage, seq: number): void {
    Atomics.store(this.#cells, PROGRESS_CELLS[stage], BigInt(seq));
    Atomics.notify(this.#cells, PROGRESS_CELLS[stage]);
  }

  /** Waits until the stage is past `seq`, at most `timeoutMs`. */
  async waitPast(stage: ProgressStage, seq: number, timeoutMs: number): Promise<void> {
    const outcome = Atomics.waitAsync(this.#cells, PROGRESS_CELLS[stage], BigInt(seq), timeoutMs);
    if (outcome.async) await outcome.value;
  }
}
