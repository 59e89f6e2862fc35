import { existsSync } from 'node:fs';
import Database, { type Database as Connection, type Statement } from 'better-sqlite3';
import { SchemaTooNewError } from '../../store/journal/errors';
import { FORWARD_APPLICATION_ID, FORWARD_MIGRATIONS } from './forward-schema.data';
import type { CursorRow, DeadLetter, DeadLetterRow, GapRow, HourRow, Tally } from './forward-rows';

/** `forward.db` is damaged, another program's, or not there for reading. */
export class ForwardDatabaseError extends Error {
  readonly code = 'forward_database';

  constructor(path: string, what: string, cause?: unknown) {
    super(`${path}: ${what}`, { cause });
    this.name = 'ForwardDatabaseError';
  }
}

const BUSY_MS = 10_000;
const HOUR_MS = 3_600_000;

/**
 * Cursors, dead letters, counts and gaps of all destinations: `<data>/forward.db`. Small, and synchronous to the disk: a
 * cursor that moved is never forgotten. Three write it: the forwarder, retention (gaps) and `forward redrive`.
 */
export class ForwardDatabase {
  readonly #db: Connection;
  readonly #position: Statement;
  readonly #move: Statement;
  readonly #count: Statement;
  readonly #letter: Statement;
  readonly #gapsOf: Statement;

  private constructor(db: Connection) {
    this.#db = db;
    this.#position = db.prepare('SELECT position FROM cursor WHERE destination = ? AND kind = ?').pluck();
    this.#move = db.prepare(`INSERT INTO cursor(destination, kind, position, moved_at, active) VALUES (?, ?, ?, ?, 1)
      ON CONFLICT DO UPDATE SET position = excluded.position, moved_at = excluded.moved_at, active = 1`);
    this.#count = db.prepare(`INSERT INTO hour(destination, kind, hour, sent, confirmed, dead, filtered, bytes)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET sent = sent + excluded.sent,
      confirmed = confirmed + excluded.confirmed, dead = dead + excluded.dead, filtered = filtered + excluded.filtered,
      bytes = bytes + excluded.bytes`);
    this.#letter = db.prepare(`INSERT INTO dead_letter(destination, kind, uid, ref, code, cause, excerpt, failed_at,
      attempts, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 'kept') ON CONFLICT (destination, uid) DO UPDATE SET
      ref = excluded.ref, code = excluded.code, cause = excluded.cause, excerpt = excluded.excerpt,
      failed_at = excluded.failed_at, attempts = attempts + 1, state = 'kept'`);
    this.#gapsOf = db.prepare(`SELECT num, to_id AS toId, missing FROM gap WHERE destination = ? AND kind = ?
      AND segment = ? AND from_id < ?`);
  }

  /** Opens it for writing and makes it when it is missing. Throws `ForwardDatabaseError`, `SchemaTooNewError`. */
  static open(path: string): ForwardDatabase {
    const db = new Database(path, { timeout: BUSY_MS });
    try {
      migrate(path, db);
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      return new ForwardDatabase(db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** As `open`, but undefined where nothing was ever forwarded. */
  static openExisting(path: string): ForwardDatabase | undefined {
    return existsSync(path) ? ForwardDatabase.open(path) : undefined;
  }

  close(): void {
    this.#db.close();
  }

  /** A value that is set once: what `make` gives the first time. */
  once(key: string, make: () => string): string {
    const known = this.#db.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key) as string | undefined;
    if (known !== undefined) return known;
    this.#db.prepare('INSERT OR IGNORE INTO meta(key, value) VALUES (?, ?)').run(key, make());
    return this.#db.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key) as string;
  }

  /** Where a destination stands; undefined: never begun. '' is the beginning. */
  position(destination: string, kind: string): string | undefined {
    return this.#position.get(destination, kind) as string | undefined;
  }

  /** Marks which destinations there are, so that retention records no gaps of those that were removed. */
  activate(wanted: readonly { readonly destination: string; readonly kind: string; readonly start: string }[]): void {
    this.#db.transaction(() => {
      this.#db.prepare('UPDATE cursor SET active = 0').run();
      const begin = this.#db.prepare(`INSERT INTO cursor(destination, kind, position, moved_at, active)
        VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET active = 1`);
      for (const { destination, kind, start } of wanted) begin.run(destination, kind, start, Date.now());
    })();
  }

  /** What a page came to, in one transaction: the cursor, the counts, the dead letters. */
  commit(destination: string, kind: string, position: string, tally: Tally, dead: readonly DeadLetter[]): void {
    this.#db.transaction(() => {
      const now = Date.now();
      this.#move.run(destination, kind, position, now);
      this.#addTally(destination, kind, now, tally);
      for (const letter of dead) this.#keep(destination, now, letter);
      this.#closeGaps(destination, kind, position);
    })();
  }

  /** Back to the beginning: the store was derived anew. */
  rewind(destination: string, kind: string): void {
    this.#move.run(destination, kind, '', Date.now());
  }

  /** Letters that are to be sent again, oldest first. */
  toRedrive(destination: string, limit: number): DeadLetterRow[] {
    const sql = `SELECT * FROM dead_letter WHERE destination = ? AND state = 'redrive' ORDER BY num LIMIT ?`;
    return this.#db.prepare(sql).all(destination, limit) as DeadLetterRow[];
  }

  /** What became of letters that were sent again: delivered ones go, others are kept with their new cause. */
  settle(
    destination: string,
    outcome: {
      readonly delivered: readonly DeadLetterRow[];
      readonly gone: readonly DeadLetterRow[];
      readonly dead: readonly DeadLetter[];
      readonly confirmed: boolean;
    },
  ): void {
    this.#db.transaction(() => {
      const now = Date.now();
      const remove = this.#db.prepare('DELETE FROM dead_letter WHERE num = ?');
      const lose = this.#db.prepare(`UPDATE dead_letter SET state = 'gone', failed_at = ? WHERE num = ?`);
      for (const { num, kind } of outcome.delivered) {
        remove.run(num);
        const confirmed = outcome.confirmed ? 1 : 0;
        this.#addTally(destination, kind, now, { sent: 1, confirmed, dead: 0, filtered: 0, bytes: 0 });
      }
      for (const { num } of outcome.gone) lose.run(now, num);
      for (const letter of outcome.dead) this.#keep(destination, now, letter);
    })();
  }

  /** Marks kept letters to be sent again; those that are gone from the store too when `uid` names one. Returns how many. */
  requestRedrive(filter: { readonly destination?: string; readonly uid?: string }): number {
    const { where, values } = conditions({ destination: filter.destination, uid: filter.uid });
    return this.#db.prepare(`UPDATE dead_letter SET state = 'redrive' WHERE state = 'kept' ${where}`).run(...values)
      .changes;
  }

  cursors(): CursorRow[] {
    return this.#db
      .prepare('SELECT destination, kind, position, moved_at, active FROM cursor ORDER BY destination, kind')
      .all() as CursorRow[];
  }

  hours(filter: { readonly destination?: string; readonly from?: number; readonly to?: number }): HourRow[] {
    const { where, values } = conditions({ destination: filter.destination });
    const sql = `SELECT * FROM hour WHERE hour >= ? AND hour < ? ${where} ORDER BY hour, destination, kind`;
    return this.#db.prepare(sql).all(filter.from ?? 0, filter.to ?? Number.MAX_SAFE_INTEGER, ...values) as HourRow[];
  }

  deadLetters(filter: { readonly destination?: string; readonly limit: number }): DeadLetterRow[] {
    const { where, values } = conditions({ destination: filter.destination });
    const sql = `SELECT * FROM dead_letter WHERE 1 ${where} ORDER BY num DESC LIMIT ?`;
    return this.#db.prepare(sql).all(...values, filter.limit) as DeadLetterRow[];
  }

  /** Letters by destination and state. */
  deadCounts(): { destination: string; state: string; letters: number }[] {
    const sql = 'SELECT destination, state, count(*) AS letters FROM dead_letter GROUP BY destination, state';
    return this.#db.prepare(sql).all() as { destination: string; state: string; letters: number }[];
  }

  gaps(filter: { readonly destination?: string } = {}): GapRow[] {
    const { where, values } = conditions({ destination: filter.destination });
    return this.#db.prepare(`SELECT * FROM gap WHERE 1 ${where} ORDER BY num`).all(...values) as GapRow[];
  }

  /** Records what is about to be dropped from the store before it was sent. Durable when it returns. */
  addGaps(gaps: readonly Omit<GapRow, 'num' | 'recorded_at'>[]): void {
    this.#db.transaction(() => {
      const add = this.#db.prepare(`INSERT INTO gap(destination, kind, segment, from_id, to_id, missing, reason,
        recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
      for (const { destination, kind, segment, from_id, to_id, missing, reason } of gaps) {
        add.run(destination, kind, segment, from_id, to_id, missing, reason, Date.now());
      }
    })();
  }

  #addTally(destination: string, kind: string, now: number, tally: Tally): void {
    const { sent, confirmed, dead, filtered, bytes } = tally;
    if (sent + dead + filtered === 0) return;
    this.#count.run(destination, kind, Math.floor(now / HOUR_MS) * HOUR_MS, sent, confirmed, dead, filtered, bytes);
  }

  #keep(destination: string, now: number, { kind, uid, ref, code, cause, excerpt }: DeadLetter): void {
    this.#letter.run(destination, kind, uid, ref, code, cause, excerpt, now);
  }

  /** A segment can be read to its end after it was removed, by whoever had it open: what was sent is no gap. */
  #closeGaps(destination: string, kind: string, position: string): void {
    const slash = position.lastIndexOf('/');
    if (slash < 0) return;
    const id = Number(position.slice(slash + 1));
    const found = this.#gapsOf.all(destination, kind, position.slice(0, slash), id) as {
      num: number;
      toId: number;
      missing: number;
    }[];
    for (const { num, toId, missing } of found) {
      if (id >= toId) this.#db.prepare('DELETE FROM gap WHERE num = ?').run(num);
      else {
        const left = Math.min(missing, toId - id);
        this.#db.prepare('UPDATE gap SET from_id = ?, missing = ? WHERE num = ?').run(id, left, num);
      }
    }
  }
}

function conditions(given: Readonly<Record<string, string | undefined>>): { where: string; values: string[] } {
  const used = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { where: used.map(([column]) => `AND ${column} = ?`).join(' '), values: used.map(([, value]) => value) };
}

function migrate(path: string, db: Connection): void {
  let version: number;
  try {
    const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
    const id = db.pragma('application_id', { simple: true });
    if (tables !== 0 && id !== FORWARD_APPLICATION_ID) throw new ForwardDatabaseError(path, 'is not a forward.db');
    version = db.pragma('user_version', { simple: true }) as number;
  } catch (error) {
    if (error instanceof ForwardDatabaseError) throw error;
    throw new ForwardDatabaseError(path, 'is damaged or no SQLite file', error);
  }
  if (version > FORWARD_MIGRATIONS.length) throw new SchemaTooNewError(path, version, FORWARD_MIGRATIONS.length);
  for (const sql of FORWARD_MIGRATIONS.slice(version)) {
    version++;
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`application_id = ${FORWARD_APPLICATION_ID}`);
      db.pragma(`user_version = ${version}`);
    })();
  }
}
