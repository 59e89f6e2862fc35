const INTERVAL_MS = 10_000;

/** Lets one event of a kind through in ten seconds and says how many it stands for, so that no sender can flood the log. */
export class EventGate {
  readonly #pending = new Map<string, { count: number; openAt: number }>();

  /** Counts one of `kind`; returns all that are pending when an event is due, else 0. `kind` must come from a fixed set. */
  count(kind: string, now: number, amount = 1): number {
    const entry = this.#pending.get(kind) ?? { count: 0, openAt: Number.NEGATIVE_INFINITY };
    this.#pending.set(kind, entry);
    entry.count += amount;
    // A clock set back would keep the gate shut for that long.
    if (now < entry.openAt && entry.openAt - now <= INTERVAL_MS) return 0;
    const all = entry.count;
    entry.count = 0;
    entry.openAt = now + INTERVAL_MS;
    return all;
  }
}
