import { existsSync } from 'node:fs';
import Database, { type Database as Connection } from 'better-sqlite3';

/** SQLite `application_id` of `casework.db`: "ascW". */
const APPLICATION_ID = 0x61736357;

/** Numbered from 1, in order, never edited once released. */
const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE decision(num INTEGER PRIMARY KEY, finding TEXT NOT NULL, step INTEGER NOT NULL, text TEXT NOT NULL,
  decided_by TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE INDEX decision_by_finding ON decision(finding, num);
CREATE TABLE baseline(num INTEGER PRIMARY KEY, version INTEGER NOT NULL, element TEXT NOT NULL, value TEXT NOT NULL,
  note TEXT NOT NULL, approved_by TEXT NOT NULL, approved_at INTEGER NOT NULL, retired_by TEXT, retired_at INTEGER,
  retired_in INTEGER) STRICT;
CREATE UNIQUE INDEX baseline_in_force ON baseline(element, value) WHERE retired_at IS NULL;
`,
  `
ALTER TABLE baseline ADD COLUMN role TEXT NOT NULL DEFAULT '';
DROP INDEX baseline_in_force;
CREATE UNIQUE INDEX baseline_in_force ON baseline(role, element, value) WHERE retired_at IS NULL;
`,
];

/** A `casework.db` that a later version of ascribe wrote. */
export class CaseworkTooNewError extends Error {
  readonly code = 'casework_too_new';

  constructor(path: string) {
    super(`${path} was written by a later version of ascribe`);
    this.name = 'CaseworkTooNewError';
  }
}

/**
 * Opens what people decided: `casework.db`. It is apart from `ascribe.db` because it is no function of the journal, and because people write
 * it while the daemon writes the other. Throws `CaseworkTooNewError`.
 */
export function openCasework(path: string): Connection {
  const db = new Database(path);
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('busy_timeout = 5000');
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version > MIGRATIONS.length) throw new CaseworkTooNewError(path);
    if (version < MIGRATIONS.length) {
      db.transaction(() => {
        for (const migration of MIGRATIONS.slice(version)) db.exec(migration);
        db.pragma(`application_id = ${APPLICATION_ID}`);
        db.pragma(`user_version = ${MIGRATIONS.length}`);
      })();
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The same for reading; undefined where nobody has decided anything yet. */
export function openCaseworkForReading(path: string): Connection | undefined {
  if (!existsSync(path)) return undefined;
  return new Database(path, { readonly: true, fileMustExist: true });
}
