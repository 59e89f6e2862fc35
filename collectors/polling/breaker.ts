import { spread } from './jitter';

const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 900_000;

/**
 * Whether a device is worth a place among those that answer. After a visit in which nothing was answered it is not; it
 * is then tried with one small request, after 30 s and each time twice as long, up to 15 minutes.
 */
export class Breaker {
  readonly #device: string;
  #failures = 0;

  constructor(device: string) {
    this.#device = device;
  }

  get open(): boolean {
    return this.#failures > 0;
  }

  /** Visits without an answer in a row. */
  get failures(): number {
    return this.#failures;
  }

  answered(): void {
    this.#failures = 0;
  }

  /** Returns the milliseconds to wait before the next try; varied by a quarter, so that a failed site does not come back at once. */
  failed(): number {
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    return Math.round(wait * (1 + (spread(`${this.#device} ${this.#failures}`) - 0.5) / 2));
  }
}
