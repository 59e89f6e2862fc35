import type { Database as Connection, Statement } from 'better-sqlite3';
import type { FactRow } from '../facts/facts-reader';

/** Where the gap stage stands. */
export interface GapCursor {
  readonly segment: string;
  readonly lastId: number;
}

const STAGE = 'gaps';

/** Copies the `gap` facts of all segments into `ascribe.db`, where one query finds them. */
export class GapStore {
  readonly #db: Connection;
  readonly #insert: Statement;
  readonly #cursor: Statement;
  readonly #addSegment: Statement;
  readonly #segmentId: Statement;

  /** `db` is the one writer's connection to `ascribe.db`. */
  constructor(db: Connection) {
    this.#db = db;
    this.#insert = db.prepare(`INSERT INTO gap(segment, id, raw_seq, observed_at, time_quality, device, parser, kind,
      missing, unit, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#cursor = db.prepare('INSERT OR REPLACE INTO cursor(stage, segment, last_id) VALUES (?, ?, ?)');
    this.#addSegment = db.prepare('INSERT INTO segment(name) VALUES (?) ON CONFLICT DO NOTHING');
    this.#segmentId = db.prepare('SELECT id FROM segment WHERE name = ?').pluck();
  }

  cursor(): GapCursor | undefined {
    const sql = 'SELECT segment, last_id AS lastId FROM cursor WHERE stage = ?';
    return this.#db.prepare(sql).get(STAGE) as GapCursor | undefined;
  }

  /** Stores rows of a segment's `gap` table and the cursor in one transaction. */
  commit(segment: string, rows: readonly FactRow[], lastId: number): void {
    this.#db.transaction(() => {
      this.#addSegment.run(segment);
      const id = this.#segmentId.get(segment);
      for (const row of rows) this.#insert.run([id, ...GAP_COLUMNS.map((column) => row[column])]);
      this.#cursor.run(STAGE, segment, lastId);
    })();
  }
}

const GAP_COLUMNS = [
  'id',
  'raw_seq',
  'observed_at',
  'time_quality',
  'device',
  'parser',
  'kind',
  'missing',
  'unit',
  'detail',
];
