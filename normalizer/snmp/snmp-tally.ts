import type { Fact } from '../model/facts';
import type { Notification, TableRead } from './record';
import type { TableRows } from './table-rows';

/** Counts of an `SnmpNormalizer` since it was made. */
export interface SnmpCounters {
  readonly tables: number;
  readonly incomplete: number;
  readonly traps: number;
  readonly varbinds: number;
  /** Varbinds under no object of the catalogue. */
  readonly unknownVarbinds: number;
  /** Tables that waited for a map, and records read again when it came. */
  readonly waited: number;
  readonly replayed: number;
  readonly facts: Readonly<Record<string, number>>;
  readonly rejected: Readonly<Record<string, number>>;
  /** Devices whose state is kept. */
  readonly devices: number;
}

export class SnmpTally {
  waited = 0;
  replayed = 0;
  #tables = 0;
  #incomplete = 0;
  #traps = 0;
  #varbinds = 0;
  #unknown = 0;
  readonly #facts = new Map<string, number>();
  readonly #rejected = new Map<string, number>();

  record(record: TableRead | Notification): void {
    if (record.kind === 'trap') {
      this.#traps++;
      return;
    }
    this.#tables++;
    if (!record.complete) this.#incomplete++;
  }

  varbinds(count: number, { unknown }: TableRows): void {
    this.#varbinds += count;
    this.#unknown += unknown;
  }

  fact(fact: Fact): void {
    add(this.#facts, fact.fact);
    if (fact.fact === 'rejected') add(this.#rejected, fact.reason);
  }

  counters(devices: number): SnmpCounters {
    return {
      tables: this.#tables,
      incomplete: this.#incomplete,
      traps: this.#traps,
      varbinds: this.#varbinds,
      unknownVarbinds: this.#unknown,
      waited: this.waited,
      replayed: this.replayed,
      facts: Object.fromEntries(this.#facts),
      rejected: Object.fromEntries(this.#rejected),
      devices,
    };
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
