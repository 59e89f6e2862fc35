/** How many channels of one connection are open at once; the rest wait in order. */
export class ChannelGate {
  readonly #waiting: (() => void)[] = [];
  #width: number;
  #open = 0;

  constructor(width: number) {
    this.#width = width;
  }

  get width(): number {
    return this.#width;
  }

  /** Resolves when there is a place; `leave` gives it back. */
  async enter(): Promise<void> {
    if (this.#open < this.#width) {
      this.#open += 1;
      return;
    }
    // The place of the one who leaves is handed over, so that nobody slips in between.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    if (this.#open <= this.#width) {
      const next = this.#waiting.shift();
      if (next !== undefined) {
        next();
        return;
      }
    }
    this.#open -= 1;
  }

  /** The device takes fewer than we thought. */
  narrow(): void {
    this.#width = Math.max(1, this.#width - 1);
  }
}
