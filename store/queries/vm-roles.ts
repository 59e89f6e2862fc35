import type { Database as Connection } from 'better-sqlite3';

/** A role that a hypervisor tells of a VM. */
export interface VmRole {
  readonly vm: string;
  readonly role: string;
  /** Hypervisor whose inventory names it. */
  readonly device: string;
}

/** Inventories are read hourly and stated again every ten minutes at most: what a VM's latest reading did not tell any more is over. */
const LATEST_MS = 2 * 3_600_000;

/** The roles that inventories tell now. */
export function vmRoles(db: Connection): VmRole[] {
  return db
    .prepare(
      `WITH told AS MATERIALIZED (SELECT key, value, device, last_observed FROM binding_row INDEXED BY binding_by_time
        WHERE relation = 'vm-role')
      SELECT DISTINCT t.key AS vm, t.value AS role, t.device FROM told t
      JOIN (SELECT key, max(last_observed) AS latest FROM told GROUP BY key) l ON l.key = t.key
      WHERE t.last_observed >= l.latest - ${LATEST_MS} ORDER BY 1, 2, 3`,
    )
    .all() as VmRole[];
}
