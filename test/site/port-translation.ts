import type { SeededRandom } from './random';
import type { TrueTranslation } from './truth';

/**
 * How a firewall chooses the translated port. `preserve`: the client's own port while it is free (ASA); `random` (Linux,
 * FortiGate); `lowest`: the lowest free one, given again the moment it is free: the worst case of per-session PAT.
 */
export type PortChoice = 'preserve' | 'random' | 'lowest';

/** Port address translation: no two live sessions of a protocol share an address and port. Called in the order of starts. */
export class PortTranslation {
  readonly #taken = new Map<string, number>();
  readonly #random: SeededRandom;
  readonly #pool: readonly string[];
  readonly #choice: PortChoice;
  readonly #first: number;
  readonly #last: number;

  constructor(
    random: SeededRandom,
    pool: readonly string[],
    choice: PortChoice,
    ports: readonly [first: number, last: number] = [1024, 65_535],
  ) {
    this.#random = random;
    this.#pool = pool;
    this.#choice = choice;
    [this.#first, this.#last] = ports;
  }

  /** Takes a port from `start` until `end` (and, for UDP, as long after it as the firewall keeps it). */
  translate(protocol: number, clientPort: number, start: number, end: number): TrueTranslation {
    const until = protocol === 17 ? end + 30_000 : end;
    for (let port = this.#candidate(clientPort), tries = 0; tries <= this.#last; tries++) {
      const ip = this.#pool.find((address) => this.#isFree(`${protocol} ${address} ${port}`, start));
      if (ip !== undefined) {
        this.#taken.set(`${protocol} ${ip} ${port}`, until);
        return { ip, port };
      }
      port = this.#choice === 'random' ? this.#random.int(this.#first, this.#last) : this.#after(port);
    }
    throw new RangeError('every port is taken');
  }

  #isFree(key: string, time: number): boolean {
    const until = this.#taken.get(key);
    return until === undefined || until < time;
  }

  #after(port: number): number {
    return port >= this.#last ? this.#first : port + 1;
  }

  #candidate(clientPort: number): number {
    switch (this.#choice) {
      case 'preserve':
        return Math.min(Math.max(clientPort, this.#first), this.#last);
      case 'random':
        return this.#random.int(this.#first, this.#last);
      case 'lowest':
        return this.#first;
    }
  }
}
