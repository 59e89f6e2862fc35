import { createHash, type Hash } from 'node:crypto';
import type { Database as Connection } from 'better-sqlite3';
import Database from 'better-sqlite3';
import { FACT_TABLES } from './facts-schema.data';
import { checkFactsSchema } from './facts-segment';

/** Tables and the columns that put their rows in order. */
export type DigestTables = readonly (readonly [table: string, order: string])[];

/**
 * SHA-256 (hex) over the facts of a segment: every row of every table by id, each value with its type and length, and
 * the cursor and the snapshot. Indexes, catalogue and state are not in it: a segment has one digest before and after
 * it is sealed. Equal digests mean equal facts.
 */
export function digestFacts(path: string): string {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    checkFactsSchema(path, db);
    const hash = createHash('sha256');
    const meta = `SELECT key, value FROM meta WHERE key IN ('applied_seq', 'segment', 'snapshot') ORDER BY key`;
    db.transaction(() => {
      addRows(hash, db, 'meta', meta);
      for (const table of FACT_TABLES) addRows(hash, db, table, `SELECT * FROM ${table} ORDER BY id`);
    })();
    return hash.digest('hex');
  } finally {
    db.close();
  }
}

/** SHA-256 (hex) over the rows of some tables of an open database, in one read transaction. */
export function digestTables(db: Connection, tables: DigestTables): string {
  const hash = createHash('sha256');
  db.transaction(() => {
    for (const [table, order] of tables) addRows(hash, db, table, `SELECT * FROM ${table} ORDER BY ${order}`);
  })();
  return hash.digest('hex');
}

/** Names and values are length-prefixed, so that no two different tables give the same bytes. */
function addRows(hash: Hash, db: Connection, table: string, sql: string): void {
  const statement = db.prepare(sql).safeIntegers().raw();
  const names = statement.columns().map(({ name }) => name);
  hash.update(`${table}(${names.join(',')})\n`);
  for (const row of statement.iterate() as IterableIterator<unknown[]>) hash.update(`${row.map(typed).join('')}\n`);
}

function typed(value: unknown): string {
  if (value === null) return 'n';
  if (typeof value === 'bigint') return `i${value};`;
  if (typeof value === 'number') return `r${value};`;
  if (typeof value === 'string') return `t${Buffer.byteLength(value)}:${value}`;
  if (value instanceof Uint8Array) return `b${value.length}:${Buffer.from(value).toString('hex')}`;
  throw new TypeError(`SQLite gave a ${typeof value}`);
}
