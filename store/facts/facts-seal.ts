import { chmodSync, existsSync } from 'node:fs';
import Database, { type Database as Connection } from 'better-sqlite3';
import { AddressFilter } from './address-filter';
import { FACTS_INDEXES } from './facts-schema.data';
import { checkFactsSchema, FactsSegmentError, readMeta } from './facts-segment';

/** `sealed`: done. `busy`: indexed and marked, but a reader keeps the file open; call again to finish. */
export type SealOutcome = 'sealed' | 'busy';

/**
 * Seals a complete segment: indexes, statistics, catalogue, check, then one plain file without WAL, read-only. Takes
 * some seconds for a million flows, so it belongs to no thread that must keep up with input. Each step can be done
 * again: after a crash, or `busy`, the next call goes on. Throws `FactsSegmentError` when the segment is still open or
 * SQLite finds it damaged.
 */
export function sealFactsSegment(path: string): SealOutcome {
  if (!existsSync(path)) throw new FactsSegmentError(path, 'does not exist');
  const db = new Database(path, { fileMustExist: true, timeout: 100 });
  try {
    checkFactsSchema(path, db);
    const state = readMeta(db, 'state');
    if (state === 'open') throw new FactsSegmentError(path, 'is still written');
    if (state === 'complete') finish(path, db);
    if (!leaveWal(db)) return 'busy';
  } finally {
    db.close();
  }
  chmodSync(path, 0o440);
  return 'sealed';
}

function finish(path: string, db: Connection): void {
  db.pragma('cache_size = -65536');
  db.pragma('wal_checkpoint(TRUNCATE)');
  const fault = db.pragma('quick_check(1)', { simple: true });
  if (fault !== 'ok') throw new FactsSegmentError(path, `is damaged: ${String(fault)}`);
  db.transaction(() => {
    db.exec(FACTS_INDEXES);
    writeCatalogue(db);
    db.prepare(`UPDATE meta SET value = 'sealed' WHERE key = 'state'`).run();
    db.exec('ANALYZE');
  })();
}

/** Leaving WAL needs the file for oneself. */
function leaveWal(db: Connection): boolean {
  try {
    return db.pragma('journal_mode = DELETE', { simple: true }) === 'delete';
  } catch (error) {
    if (String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY')) return false;
    throw error;
  }
}

function writeCatalogue(db: Connection): void {
  const addresses = db.prepare(ADDRESSES).pluck().iterate() as IterableIterator<Uint8Array>;
  const filter = AddressFilter.of(addresses);
  db.prepare(CATALOGUE).run(Buffer.from(filter.toBytes()));
}

const ADDRESS_COLUMNS = ['src', 'dst', 'nat_src', 'nat_dst'];
const ADDRESSES = ['flow_row', 'session_log_row']
  .flatMap((table) =>
    ADDRESS_COLUMNS.map((column) => `SELECT ${column} AS a FROM ${table} WHERE ${column} IS NOT NULL`),
  )
  .join(' UNION ');

const CATALOGUE = `INSERT INTO catalogue(id, flows, first_start, last_end, first_seq, last_seq, filter)
  SELECT 1, (SELECT count(*) FROM flow_row),
    (SELECT min(t) FROM (SELECT min(start) AS t FROM flow_row UNION ALL SELECT min(observed_at) FROM session_log_row)),
    (SELECT max(t) FROM (SELECT max("end") AS t FROM flow_row UNION ALL SELECT max(observed_at) FROM session_log_row)),
    (SELECT min(raw_seq) FROM run), (SELECT max(raw_seq) FROM run), ?`;
