import type { Database as Connection, Statement } from 'better-sqlite3';
import type { BlindSpot, Pulse } from './blind-record';
import type { StageCursor } from './session-store';

const SPOT = `device, kind, "from", "to", reason, missing, unit, detail, raw_seq AS rawSeq, recorded_at AS recordedAt`;

/** What one step of the stage changes. */
export interface BlindChange {
  readonly pulses: readonly Pulse[];
  /** Spots that are new, or that changed: their key is device, kind, begin and reason. */
  readonly spots: readonly BlindSpot[];
  /** Spots that turned out to be none. */
  readonly withdrawn: readonly BlindSpot[];
  /** Stretches of time of which something else is known now. */
  readonly reopened: readonly { readonly key: string; readonly from: number; readonly to: number }[];
}

/** Keeps the stretches in which a source told not everything, and when each was last heard. */
export class BlindStore {
  readonly #db: Connection;
  readonly #put: Statement;
  readonly #remove: Statement;
  readonly #putPulse: Statement;
  readonly #reopen: Statement;
  readonly #setCursor: Statement;

  /** `db` is the one writer's connection to `ascribe.db`. */
  constructor(db: Connection) {
    this.#db = db;
    this.#put = db.prepare(`INSERT OR REPLACE INTO blind(device, kind, "from", "to", reason, missing, unit, detail,
      raw_seq, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#remove = db.prepare('DELETE FROM blind WHERE device = ? AND kind = ? AND "from" = ? AND reason = ?');
    this.#putPulse = db.prepare(`INSERT OR REPLACE INTO pulse_row(device, kind, last, last_seq, silences)
      VALUES (?, ?, ?, ?, ?)`);
    this.#reopen = db.prepare(`INSERT INTO reopen_row(relation, key, "from", "to") VALUES ('blind', ?, ?, ?)`);
    this.#setCursor = db.prepare('INSERT OR REPLACE INTO cursor(stage, segment, last_id) VALUES (?, ?, ?)');
  }

  /** All spots by their begin; works on a reader's connection too. */
  static read(db: Connection): BlindSpot[] {
    return db.prepare(`SELECT ${SPOT} FROM blind ORDER BY "from", device, kind, reason`).all() as BlindSpot[];
  }

  pulses(): Pulse[] {
    const rows = this.#db.prepare('SELECT device, kind, last, last_seq AS lastSeq, silences FROM pulse_row').all();
    return (rows as (Omit<Pulse, 'silences'> & { readonly silences: string })[]).map((row) => {
      return { ...row, silences: JSON.parse(row.silences) as number[] };
    });
  }

  /** Where the reading of one table of facts stands. */
  cursor(table: string): StageCursor | undefined {
    const sql = 'SELECT segment, last_id AS lastId FROM cursor WHERE stage = ?';
    return this.#db.prepare(sql).get(`blind ${table}`) as StageCursor | undefined;
  }

  /** Stores a step and the cursor of the table it was read from, in one transaction. */
  commit({ pulses, spots, withdrawn, reopened }: BlindChange, table?: string, cursor?: StageCursor): void {
    this.#db.transaction(() => {
      for (const { device, kind, last, lastSeq, silences } of pulses) {
        this.#putPulse.run(device, kind, last, lastSeq, JSON.stringify(silences));
      }
      for (const { device, kind, from, reason } of withdrawn) this.#remove.run(device, kind, from, reason);
      for (const spot of spots) this.#putSpot(spot);
      for (const { key, from, to } of reopened) this.#reopen.run(key, from, to);
      if (table !== undefined && cursor !== undefined) {
        this.#setCursor.run(`blind ${table}`, cursor.segment, cursor.lastId);
      }
    })();
  }

  #putSpot({ device, kind, from, to, reason, missing, unit, detail, rawSeq, recordedAt }: BlindSpot): void {
    this.#put.run(device, kind, from, to, reason, missing, unit, detail, rawSeq, recordedAt);
  }
}
