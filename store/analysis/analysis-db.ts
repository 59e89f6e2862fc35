import { existsSync } from 'node:fs';
import Database, { type Database as Connection } from 'better-sqlite3';
import { SchemaTooNewError } from '../journal/errors';
import { ANALYSIS_APPLICATION_ID, MIGRATIONS } from './migrations.data';

/** `ascribe.db` is missing where it must exist, is damaged, or is another program's file. It can be derived again. */
export class AnalysisDatabaseError extends Error {
  readonly code = 'analysis_database';

  constructor(
    readonly path: string,
    what: string,
    cause?: unknown,
  ) {
    super(`${path}: ${what}`, { cause });
    this.name = 'AnalysisDatabaseError';
  }
}

/** Schema version that this ascribe writes. */
export const ANALYSIS_SCHEMA_VERSION = MIGRATIONS.at(-1)?.version ?? 0;

/**
 * Opens `ascribe.db` for its one writer, makes it when it is missing and brings an older schema up to date. Throws
 * `SchemaTooNewError` when a later version wrote it.
 */
export function openAnalysisForWriting(path: string): Connection {
  const db = new Database(path);
  try {
    migrate(path, db);
    db.pragma('journal_mode = WAL');
    // Everything here can be derived again from facts; what WAL keeps is that rows and cursors stay together.
    db.pragma('synchronous = NORMAL');
    db.pragma('cache_size = -65536');
    // The same pages of indexes are written in each step: 64 MB of WAL before they are copied halve what that costs.
    db.pragma('wal_autocheckpoint = 8192');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens `ascribe.db` read-only. Throws `AnalysisDatabaseError` when it does not exist or has an older schema. */
export function openAnalysisForReading(path: string): Connection {
  if (!existsSync(path)) throw new AnalysisDatabaseError(path, 'does not exist');
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    const version = versionOf(path, db);
    if (version < ANALYSIS_SCHEMA_VERSION) {
      throw new AnalysisDatabaseError(path, `has schema ${version}: run ascribe once to bring it up to date`);
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function migrate(path: string, db: Connection): void {
  const version = versionOf(path, db);
  if (version === 0) db.pragma('page_size = 8192');
  for (const migration of MIGRATIONS) {
    if (migration.version <= version) continue;
    db.transaction(() => {
      db.exec(migration.sql);
      db.pragma(`application_id = ${ANALYSIS_APPLICATION_ID}`);
      db.pragma(`user_version = ${migration.version}`);
    })();
  }
}

/** 0 for a file that is empty. */
function versionOf(path: string, db: Connection): number {
  let id: unknown;
  let version = 0;
  let tables: unknown;
  try {
    id = db.pragma('application_id', { simple: true });
    version = db.pragma('user_version', { simple: true }) as number;
    tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  } catch (error) {
    throw new AnalysisDatabaseError(path, 'is damaged or no SQLite file', error);
  }
  if (id !== ANALYSIS_APPLICATION_ID && tables !== 0) throw new AnalysisDatabaseError(path, 'is not an ascribe.db');
  if (version > ANALYSIS_SCHEMA_VERSION) throw new SchemaTooNewError(path, version, ANALYSIS_SCHEMA_VERSION);
  return version;
}
