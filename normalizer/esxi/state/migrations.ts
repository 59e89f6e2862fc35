import type { FactBase } from '../../model/facts';
import type { VmState } from './vm-directory';

/** One end of a migration that was told to be over: where a binding is to be stated, once the VM is known. */
export interface Finished {
  readonly base: FactBase;
  readonly state: 'begin' | 'end';
}

/** A migration as both hosts tell of it; its id is the same on both. */
export interface Migration {
  vm?: VmState;
  source?: string;
  destination?: string;
  /** World of the VM on either host. */
  sourceWorld?: number;
  destinationWorld?: number;
  /** What could not be stated yet. */
  finished: readonly Finished[];
}

export type MigrationsState = readonly (readonly [string, Migration])[];

const MAX_MIGRATIONS = 1024;

/** Migrations by id, the one begun least recently first. */
export class Migrations {
  readonly #byId = new Map<string, Migration>();

  of(id: string): Migration {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const migration: Migration = { finished: [] };
    this.#byId.set(id, migration);
    if (this.#byId.size > MAX_MIGRATIONS) {
      const [oldest] = this.#byId.keys();
      if (oldest !== undefined) this.#byId.delete(oldest);
    }
    return migration;
  }

  /** Those from or to a host that wait for their VM to be known. */
  waiting(device: string): readonly Migration[] {
    const all = [...this.#byId.values()];
    return all.filter(
      ({ finished, source, destination }) => finished.length > 0 && (source === device || destination === device),
    );
  }

  state(): MigrationsState {
    return [...this.#byId];
  }

  restore(state: MigrationsState): void {
    this.#byId.clear();
    for (const [id, migration] of state) this.#byId.set(id, { ...migration });
  }
}
