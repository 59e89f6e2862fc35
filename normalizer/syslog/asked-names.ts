/** Questions of which the answer is still to come; the oldest go first. */
const MOST = 4096;

/** A snapshot row: key and name. */
export type AskedNamesState = readonly (readonly [string, string])[];

/**
 * Names that were asked for, by a key that the lines of one question share (a server's own number): an answer's last line
 * names where the aliases lead, not what was asked for.
 */
export class AskedNames {
  readonly #names = new Map<string, string>();

  remember(key: string, name: string): void {
    this.#names.delete(key);
    this.#names.set(key, name);
    if (this.#names.size <= MOST) return;
    const [oldest] = this.#names.keys();
    if (oldest !== undefined) this.#names.delete(oldest);
  }

  of(key: string): string | undefined {
    return this.#names.get(key);
  }

  state(): AskedNamesState {
    return [...this.#names];
  }

  restore(state: AskedNamesState): void {
    this.#names.clear();
    for (const [key, name] of state) this.#names.set(key, name);
  }
}
