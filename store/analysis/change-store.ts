import type { Database as Connection, Statement } from 'better-sqlite3';
import type { ChangeRecord, NewChange } from './finding-record';

const COLUMNS = `num, device, parser, at, received_at AS receivedAt, category, action, outcome, code, user,
  CASE WHEN src IS NOT NULL THEN hex(src) END AS src, process, command, message, raw_seq AS rawSeq, own`;

/** The events that analytics join with sessions. */
export class ChangeStore {
  readonly #insert: Statement;
  readonly #between: Statement;
  readonly #after: Statement;

  /** `db` is the one writer's connection to `ascribe.db`. */
  constructor(db: Connection) {
    this.#insert =
      db.prepare(`INSERT INTO change_row(device, parser, at, received_at, category, action, outcome, code, user, src,
      process, command, message, raw_seq, own) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#between = db.prepare(`SELECT ${COLUMNS} FROM change_row WHERE device = ? AND at >= ? AND at <= ?
      ORDER BY at, num LIMIT ?`);
    this.#after = db.prepare(`SELECT ${COLUMNS} FROM change_row WHERE num > ? AND num <= ? ORDER BY num LIMIT ?`);
  }

  add(change: NewChange): ChangeRecord {
    const { device, parser, at, receivedAt, category, action, outcome, code, user, src, process, command, message } =
      change;
    const { lastInsertRowid } = this.#insert.run([
      device,
      parser,
      at,
      receivedAt,
      category,
      action,
      outcome,
      code,
      user,
      src === null ? null : Buffer.from(src, 'hex'),
      process,
      command,
      message,
      change.rawSeq,
      change.own ? 1 : 0,
    ]);
    return { ...change, num: Number(lastInsertRowid) };
  }

  /** Changes on a device within [from, to], ascending; at most `limit`. */
  between(device: string, from: number, to: number, limit = 1000): ChangeRecord[] {
    return this.#between.all(device, from, to, limit).map((row) => recordOf(row));
  }

  /** Changes with a number in (after, to], ascending; at most `limit`. */
  after(after: number, to: number, limit: number): ChangeRecord[] {
    return this.#after.all(after, to, limit).map((row) => recordOf(row));
  }
}

function recordOf(row: unknown): ChangeRecord {
  const { own, ...rest } = row as Omit<ChangeRecord, 'own'> & { readonly own: number };
  return { ...rest, own: own === 1 };
}
