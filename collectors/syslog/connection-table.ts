import type { AllowList } from '../udp/allow-list';
import type { StreamRefusal } from './stream-events';

/** How many connections there may be. */
export interface ConnectionLimits {
  readonly allow: AllowList;
  readonly maxConnections: number;
  readonly maxConnectionsPerPeer: number;
}

/** Open connections of all listeners of one collector, by peer address. */
export class ConnectionTable {
  readonly #limits: ConnectionLimits;
  readonly #byPeer = new Map<string, number>();
  #open = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  get open(): number {
    return this.#open;
  }

  /** Books a connection, or says why not. */
  admit(address: string): StreamRefusal | undefined {
    const { allow, maxConnections, maxConnectionsPerPeer } = this.#limits;
    if (!allow.allows(address)) return 'not_allowed';
    const ofPeer = this.#byPeer.get(address) ?? 0;
    if (ofPeer >= maxConnectionsPerPeer) return 'too_many_of_peer';
    if (this.#open >= maxConnections) return 'too_many';
    this.#byPeer.set(address, ofPeer + 1);
    this.#open++;
    return undefined;
  }

  /** Takes back what `admit` booked. */
  release(address: string): void {
    const ofPeer = this.#byPeer.get(address) ?? 0;
    if (ofPeer <= 1) this.#byPeer.delete(address);
    else this.#byPeer.set(address, ofPeer - 1);
    this.#open--;
  }
}
