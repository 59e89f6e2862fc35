/** Samples that are kept. */
const MOST_SAMPLES = 64;
/** A clock may drift by this much between two samples without having stepped, ms. */
const TOLERANCE_MS = 500;

interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * The device's clock minus ours, from `date +%s`: it was read between our asking and our having the answer, and says the
 * second that had begun. Each sample so bounds the offset; the bounds of many samples intersect within some tens of
 * milliseconds. Samples that contradict the earlier ones are a step of either clock: the earlier ones are forgotten.
 */
export class ClockOffset {
  #samples: Bounds[] = [];

  /** Milliseconds; undefined before the first sample. */
  get value(): number | undefined {
    const bounds = this.#intersection();
    return bounds === undefined ? undefined : Math.round((bounds.low + bounds.high) / 2);
  }

  /**
   * `seconds` as the device printed them; asked and answered by our clock, ms. Returns by how much the offset stepped, 0
   * when it did not.
   */
  sample(seconds: number, askedAt: number, answeredAt: number): number {
    const sample = { low: seconds * 1000 - answeredAt, high: seconds * 1000 + 999 - askedAt };
    const before = this.#intersection();
    const stepped =
      before !== undefined && (sample.low > before.high + TOLERANCE_MS || sample.high < before.low - TOLERANCE_MS);
    if (stepped) this.#samples = [];
    this.#samples.push(sample);
    // Drift empties the intersection slowly: the oldest go first.
    while (this.#samples.length > MOST_SAMPLES || this.#intersection() === undefined) this.#samples.shift();
    if (!stepped || before === undefined) return 0;
    return Math.round((sample.low + sample.high - before.low - before.high) / 2);
  }

  #intersection(): Bounds | undefined {
    if (this.#samples.length === 0) return undefined;
    const low = Math.max(...this.#samples.map((one) => one.low));
    const high = Math.min(...this.#samples.map((one) => one.high));
    return low <= high ? { low, high } : undefined;
  }
}
