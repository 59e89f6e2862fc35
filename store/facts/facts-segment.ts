import { existsSync, renameSync, rmSync } from 'node:fs';
import Database, { type Database as Connection, type Statement } from 'better-sqlite3';
import type { Fact } from '../../normalizer/model/facts';
import type { FlowBatch } from '../../normalizer/model/flow-batch';
import { SchemaTooNewError } from '../journal/errors';
import { FactWriter } from './fact-writer';
import { FACTS_APPLICATION_ID, FACTS_SCHEMA, FACTS_SCHEMA_VERSION, FACTS_VIEWS } from './facts-schema.data';
import { FlowWriter } from './flow-writer';

/** `open`: still written. `complete`: all facts of the journal segment are in it. `sealed`: indexed, catalogued, read-only. */
export type FactsState = 'open' | 'complete' | 'sealed';

/** A facts segment is missing, damaged, of an older schema, or in another state than the call needs: derive it again. */
export class FactsSegmentError extends Error {
  readonly code = 'facts_segment';

  constructor(
    readonly path: string,
    what: string,
    cause?: unknown,
  ) {
    super(`${path}: ${what}`, { cause });
    this.name = 'FactsSegmentError';
  }
}

/** What a facts segment is made with. */
export interface NewFactsSegment {
  /** Name of the journal segment, `2026-11-24T02-000`. */
  readonly name: string;
  /** State of the normalizer before the segment's first record. */
  readonly snapshot: Uint8Array;
  /** Journal position before the segment's first record: nothing is applied yet. */
  readonly appliedSeq: number;
}

/**
 * The one writer of a facts segment. The facts of a batch and the cursor `appliedSeq` are committed together, so after a
 * crash the file holds exactly the facts of the records up to its cursor.
 */
export class FactsSegment {
  readonly path: string;
  readonly name: string;
  /** State of the normalizer before the segment's first record. */
  readonly snapshot: Uint8Array;
  readonly #db: Connection;
  readonly #flows: FlowWriter;
  readonly #facts: FactWriter;
  readonly #setMeta: Statement;
  readonly #begin: Statement;
  readonly #commit: Statement;
  #appliedSeq: number;

  private constructor(path: string, db: Connection) {
    this.path = path;
    this.#db = db;
    this.name = readMeta(db, 'segment') as string;
    this.snapshot = readMeta(db, 'snapshot') as Uint8Array;
    this.#appliedSeq = readMeta(db, 'applied_seq') as number;
    this.#flows = new FlowWriter(db);
    this.#facts = new FactWriter(db);
    this.#setMeta = db.prepare('UPDATE meta SET value = CAST(? AS INTEGER) WHERE key = ?');
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
  }

  /**
   * Makes a new segment; throws `FactsSegmentError` when the file exists. It is made under another name and renamed when
   * it is whole: whatever ends the process, no half-made segment is ever found. What is `temporary` never reaches the disk on purpose.
   */
  static create(path: string, segment: NewFactsSegment, use: 'kept' | 'temporary' = 'kept'): FactsSegment {
    if (existsSync(path)) throw new FactsSegmentError(path, 'exists already');
    const draft = `${path}.tmp`;
    for (const suffix of ['', '-journal']) rmSync(`${draft}${suffix}`, { force: true });
    const db = new Database(draft);
    try {
      db.pragma('page_size = 8192');
      db.transaction(() => {
        db.exec(FACTS_SCHEMA + FACTS_VIEWS);
        const set = db.prepare('INSERT INTO meta(key, value) VALUES (?, ?)');
        set.run('segment', segment.name);
        set.run('state', 'open');
        set.run('snapshot', Buffer.from(segment.snapshot));
        db.prepare(`INSERT INTO meta(key, value) VALUES ('applied_seq', CAST(? AS INTEGER))`).run(segment.appliedSeq);
        db.pragma(`application_id = ${FACTS_APPLICATION_ID}`);
        db.pragma(`user_version = ${FACTS_SCHEMA_VERSION}`);
      })();
    } finally {
      db.close();
    }
    renameSync(draft, path);
    return FactsSegment.#open(path, use === 'kept' ? tune : tuneTemporary);
  }

  /**
   * Opens a segment that is still `open`, to go on with it. Throws `FactsSegmentError` when it is missing, of an older
   * schema or complete, `SchemaTooNewError` when a later version wrote it.
   */
  static open(path: string): FactsSegment {
    return FactsSegment.#open(path, tune);
  }

  static #open(path: string, prepare: (db: Connection) => void): FactsSegment {
    if (!existsSync(path)) throw new FactsSegmentError(path, 'does not exist');
    const db = new Database(path, { fileMustExist: true });
    try {
      checkFactsSchema(path, db);
      const state = readMeta(db, 'state');
      if (state !== 'open') throw new FactsSegmentError(path, `is ${String(state)}`);
      prepare(db);
      return new FactsSegment(path, db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Journal position up to which facts are committed. */
  get appliedSeq(): number {
    return this.#appliedSeq;
  }

  begin(): void {
    this.#begin.run();
  }

  /** Writes all rows of the batch; the caller clears it. */
  applyFlows(batch: FlowBatch): void {
    this.#flows.write(batch);
  }

  /** `receivedAt`: when the record that made the fact known came, epoch ms; by default when it was observed. */
  fact(fact: Fact, receivedAt: number = fact.observedAt): void {
    this.#facts.write(fact, receivedAt);
  }

  /** Makes the facts since `begin` durable together with the cursor. */
  commit(appliedSeq: number): void {
    this.#setMeta.run(appliedSeq, 'applied_seq');
    this.#commit.run();
    this.#appliedSeq = appliedSeq;
  }

  /** Gives up the facts since `begin`. Safe when SQLite has rolled back itself (disk full). */
  rollback(): void {
    if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    this.#flows.reload();
  }

  /** States that all facts of the journal segment are in; then the segment can be sealed. Closes the file. */
  complete(): void {
    this.#db.prepare(`UPDATE meta SET value = 'complete' WHERE key = 'state'`).run();
    this.close();
  }

  /** Closes the file; a transaction that is open is given up. Safe when called twice. */
  close(): void {
    if (!this.#db.open) return;
    if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    this.#db.close();
  }
}

/**
 * Lets SQLite finish what a kill left half done (a journal to roll back, a WAL to take up): only a connection that may
 * write can. To be called once per unsealed segment at a start, before anyone reads it. What cannot be mended is told by
 * whoever opens the file next.
 */
export function recoverFactsSegment(path: string): void {
  let db: Connection | undefined;
  try {
    db = new Database(path, { fileMustExist: true });
    db.pragma('application_id', { simple: true });
  } catch {
    // See above.
  } finally {
    db?.close();
  }
}

/** Throws when the file is no facts segment of this schema version. */
export function checkFactsSchema(path: string, db: Connection): void {
  let id: unknown;
  let version = 0;
  try {
    id = db.pragma('application_id', { simple: true });
    version = db.pragma('user_version', { simple: true }) as number;
  } catch (error) {
    throw new FactsSegmentError(path, 'is damaged or no SQLite file: run `ascribe rebuild`', error);
  }
  if (id !== FACTS_APPLICATION_ID) throw new FactsSegmentError(path, 'is no facts segment');
  if (version > FACTS_SCHEMA_VERSION) throw new SchemaTooNewError(path, version, FACTS_SCHEMA_VERSION);
  if (version < FACTS_SCHEMA_VERSION) throw new FactsSegmentError(path, `has schema ${version}: derive it again`);
}

/** One value of the segment's `meta` table; undefined when there is none. */
export function readMeta(db: Connection, key: 'segment' | 'state' | 'snapshot' | 'applied_seq'): unknown {
  return db.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key);
}

/**
 * Facts can be derived again from the journal, so a commit need not reach the disk at once (`NORMAL`); what WAL
 * guarantees is that facts and cursor are lost or kept together.
 */
function tune(db: Connection): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.pragma('cache_size = -16384');
  db.pragma('wal_autocheckpoint = 2000');
}

/** For what is thrown away when the process ends. */
function tuneTemporary(db: Connection): void {
  db.pragma('journal_mode = MEMORY');
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -16384');
}
