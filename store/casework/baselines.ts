import type { Database as Connection } from 'better-sqlite3';

/** One value of a mutable element that a person approved. */
export interface BaselineEntry {
  /** Version of the baseline that began to hold it. */
  readonly version: number;
  /** Machines it holds for; '' for all. */
  readonly role: string;
  /** ATT&CK's mutable element. */
  readonly element: string;
  readonly value: string;
  readonly note: string;
  readonly approvedBy: string;
  readonly approvedAt: number;
  readonly retiredBy: string | null;
  readonly retiredAt: number | null;
}

const COLUMNS = `version, role, element, value, note, approved_by AS approvedBy, approved_at AS approvedAt,
  retired_by AS retiredBy, retired_at AS retiredAt`;

/** What holds now, or all that ever held. */
export function baselineEntries(db: Connection, all = false): BaselineEntry[] {
  const where = all ? '' : 'WHERE retired_at IS NULL';
  // A file that an earlier version wrote, and nobody has written to since, knows no roles.
  const from = db.pragma('user_version', { simple: true }) === 1 ? `(SELECT *, '' AS role FROM baseline)` : 'baseline';
  return db
    .prepare(`SELECT ${COLUMNS} FROM ${from} ${where} ORDER BY role, element, value, num`)
    .all() as BaselineEntry[];
}

/** Number of the latest version; 0 before the first approval. */
export function baselineVersion(db: Connection): number {
  return (
    (db.prepare('SELECT max(max(version), coalesce(max(retired_in), 0)) FROM baseline').pluck().get() as
      number | null) ?? 0
  );
}

/** What is approved: values of an element, for machines of a role or, with '', for all. */
export interface BaselineValues {
  readonly role: string;
  readonly element: string;
  readonly values: readonly string[];
}

/** Adds values of an element as one new version; those that hold already are left alone. Returns how many were added. */
export function approveBaseline(
  db: Connection,
  { role, element, values }: BaselineValues,
  by: string,
  note: string,
  at: number,
): number {
  return db.transaction(() => {
    const version = baselineVersion(db) + 1;
    const insert = db.prepare(
      `INSERT INTO baseline(version, role, element, value, note, approved_by, approved_at) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING`,
    );
    return values.reduce((sum, value) => sum + insert.run(version, role, element, value, note, by, at).changes, 0);
  })();
}

/** Takes values of an element back as one new version. Returns how many held. */
export function retireBaseline(
  db: Connection,
  { role, element, values }: BaselineValues,
  by: string,
  at: number,
): number {
  return db.transaction(() => {
    const version = baselineVersion(db) + 1;
    const update = db.prepare(
      `UPDATE baseline SET retired_by = ?, retired_at = ?, retired_in = ? WHERE role = ? AND element = ?
      AND value = ? AND retired_at IS NULL`,
    );
    return values.reduce((sum, value) => sum + update.run(by, at, version, role, element, value).changes, 0);
  })();
}
