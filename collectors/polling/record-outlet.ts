import { setTimeout as sleep } from 'node:timers/promises';
import type { Offer, RawRecord } from '../contract';

const RETRY_MS = 100;

/** Hands records over, and waits while the queue behind `offer` is full: a table once read need not be read again. */
export class RecordOutlet {
  readonly #offer: Offer;
  readonly #patienceMs: number;
  #taken = 0;
  #takenBytes = 0;
  #dropped = 0;

  constructor(offer: Offer, patienceMs: number) {
    this.#offer = offer;
    this.#patienceMs = patienceMs;
  }

  get counts(): { readonly taken: number; readonly takenBytes: number; readonly dropped: number } {
    return { taken: this.#taken, takenBytes: this.#takenBytes, dropped: this.#dropped };
  }

  /** Whether the record was taken. Gives up after the patience, or when told to stop. */
  async deliver(record: RawRecord, signal: AbortSignal): Promise<boolean> {
    for (let waited = 0; ; waited += RETRY_MS) {
      if (this.#offer([record]) === 1) {
        this.#taken += 1;
        this.#takenBytes += record.bytes.length;
        return true;
      }
      if (waited >= this.#patienceMs || signal.aborted) {
        this.#dropped += 1;
        return false;
      }
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
