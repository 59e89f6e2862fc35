/** Varbinds asked for in one request at first, and at most. 60 short varbinds stay below one Ethernet frame's worth of fragments. */
const FIRST = 60;
const MOST = 250;

/** Requests without trouble after which a size that failed is tried again. */
const FORGIVE_AFTER = 64;

/**
 * How many varbinds one answer of a device may hold, learned from its answers and kept over walks: larger answers save
 * round trips until the device, or a firewall that drops fragments, stops them.
 */
export class AnswerSize {
  #varbinds = FIRST;
  #ceiling = MOST;
  #quiet = 0;

  /** What to ask for now. */
  get varbinds(): number {
    return this.#varbinds;
  }

  /** An answer came: `asked` varbinds were asked for and `got` came, the end of a table not being the cause. */
  answered(asked: number, got: number): void {
    this.#quiet += 1;
    if (this.#quiet >= FORGIVE_AFTER) {
      this.#quiet = 0;
      this.#ceiling = MOST;
    }
    // An agent that cuts its answers made us ask for rows that it threw away.
    if (got < asked) this.#varbinds = Math.max(1, got);
    else if (asked * 4 >= this.#varbinds * 3) this.#varbinds = Math.min(this.#ceiling, Math.ceil(this.#varbinds * 1.5));
  }

  /** No answer, or tooBig. Returns false when nothing smaller is left to try. */
  failed(asked: number): boolean {
    if (asked <= 1) return false;
    this.#quiet = 0;
    this.#varbinds = Math.max(1, Math.floor(asked / 3));
    this.#ceiling = Math.max(1, Math.floor(asked / 1.5));
    return true;
  }
}
