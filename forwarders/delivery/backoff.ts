const FIRST_MS = 500;
const MOST_MS = 60_000;
/** A receiver may ask for more, within reason. */
const MOST_ASKED_MS = 600_000;

/** Pauses between tries: doubling to a minute, each shortened by up to a half at random, without end. */
export class Backoff {
  readonly #random: () => number;
  #tries = 0;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  get tries(): number {
    return this.#tries;
  }

  /** Milliseconds to wait before the next try; at least what the receiver asked for. */
  next(askedMs = 0): number {
    const full = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(this.#tries, 16));
    this.#tries++;
    return Math.max(Math.round(full * (0.5 + this.#random() / 2)), Math.min(askedMs, MOST_ASKED_MS));
  }

  reset(): void {
    this.#tries = 0;
  }
}
