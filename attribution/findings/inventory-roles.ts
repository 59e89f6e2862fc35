import type { Database as Connection } from 'better-sqlite3';
import { vmRoles } from '../../store/queries/vm-roles';
import type { InventoryRoles, RoleEntry } from './role-book';

/** Roles that hypervisors' inventories tell, read when they are first asked for, and again after `renew`. */
export class StoredRoles {
  readonly #db: Connection;
  #byName: ReadonlyMap<string, readonly RoleEntry[]> | undefined;

  constructor(db: Connection) {
    this.#db = db;
  }

  readonly of: InventoryRoles = (name) => (this.#byName ??= this.#read()).get(name) ?? [];

  renew(): void {
    this.#byName = undefined;
  }

  #read(): Map<string, RoleEntry[]> {
    const found = new Map<string, RoleEntry[]>();
    for (const { vm, role, device } of vmRoles(this.#db)) {
      const name = vm.toLowerCase();
      const entry = { name: vm, role, owner: '', source: `inventory of ${device}` };
      found.set(name, [...(found.get(name) ?? []), entry]);
    }
    return found;
  }
}
