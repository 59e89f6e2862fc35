import { LRUCache } from 'lru-cache';

/** What one address sent to one listener. Counts of datagrams and payload bytes; times are our clock, epoch milliseconds. */
export interface SenderCount {
  /** Canonical address; `''` for the sum of addresses that are no longer listed one by one. */
  readonly address: string;
  readonly datagrams: number;
  readonly bytes: number;
  /** Of these, what the queue had no room for. */
  readonly dropped: number;
  readonly droppedBytes: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** The beginning of the latest datagram, where the configuration asks to keep it. */
  readonly sample?: Uint8Array;
}

/** A `SenderCount` still being counted. */
export type LiveSender = { -readonly [K in keyof SenderCount]: SenderCount[K] };

/**
 * Counters per sending address, bounded: when the table is full the address that was silent longest is added to one
 * remainder, so that the sums stay exact whatever addresses a forger makes up.
 */
export class SenderCounters {
  readonly #live: LRUCache<string, LiveSender>;
  readonly #rest = emptySender('', 0);
  #forgotten = 0;

  constructor(limit: number) {
    this.#live = new LRUCache({
      max: limit,
      dispose: (sender, _address, reason) => {
        if (reason === 'evict') this.#forget(sender);
      },
    });
  }

  /** The counters of an address if it is in the table. */
  find(address: string): LiveSender | undefined {
    return this.#live.get(address);
  }

  /** The counters of an address, made when new. The object counts only until the next call for another address. */
  of(address: string, now: number): LiveSender {
    const known = this.#live.get(address);
    if (known !== undefined) return known;
    const made = emptySender(address, now);
    this.#live.set(address, made);
    return made;
  }

  /** Copies, most recently heard first; the remainder, when there is one, last. */
  snapshot(): readonly SenderCount[] {
    const all: SenderCount[] = [];
    for (const sender of this.#live.values()) all.push({ ...sender });
    if (this.#forgotten > 0) all.push({ ...this.#rest });
    return all;
  }

  #forget(sender: LiveSender): void {
    const rest = this.#rest;
    rest.firstSeen = this.#forgotten === 0 ? sender.firstSeen : Math.min(rest.firstSeen, sender.firstSeen);
    rest.lastSeen = Math.max(rest.lastSeen, sender.lastSeen);
    rest.datagrams += sender.datagrams;
    rest.bytes += sender.bytes;
    rest.dropped += sender.dropped;
    rest.droppedBytes += sender.droppedBytes;
    this.#forgotten += 1;
  }
}

function emptySender(address: string, now: number): LiveSender {
  return { address, datagrams: 0, bytes: 0, dropped: 0, droppedBytes: 0, firstSeen: now, lastSeen: now };
}
