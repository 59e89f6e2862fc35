import type { Database as Connection, Statement } from 'better-sqlite3';
import type { StageCursor } from './session-store';

const STAGE = 'clocks';

/** A measured clock, a row of `clock`. Times in ms. */
export interface ClockRow {
  readonly device: string;
  readonly kind: 'log' | 'flow';
  readonly from: number;
  readonly offset: number;
  readonly residual: number;
  readonly samples: number;
  readonly method: 'sessions' | 'header';
}

/** How many export times of a device lay so far from their receipt. */
export interface ClockBin {
  readonly device: string;
  readonly from: number;
  /** Lower edge, ms. */
  readonly bin: number;
  readonly count: number;
}

/** Keeps measured clocks, and what those of flow exports are measured from. */
export class ClockStore {
  readonly #db: Connection;
  readonly #put: Statement;
  readonly #add: Statement;
  readonly #setCursor: Statement;

  /** `db` is the one writer's connection to `ascribe.db`. */
  constructor(db: Connection) {
    this.#db = db;
    this.#put = db.prepare(`INSERT OR REPLACE INTO clock(device, kind, "from", "offset", residual, samples, method)
      VALUES (?, ?, ?, ?, ?, ?, ?)`);
    this.#add = db.prepare(`INSERT INTO clock_sample_row(device, "from", bin, count) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET count = count + excluded.count`);
    this.#setCursor = db.prepare('INSERT OR REPLACE INTO cursor(stage, segment, last_id) VALUES (?, ?, ?)');
  }

  /** All measured clocks; works on a reader's connection too. */
  static read(db: Connection): ClockRow[] {
    return db.prepare('SELECT * FROM clock ORDER BY device, kind, "from"').all() as ClockRow[];
  }

  put({ device, kind, from, offset, residual, samples, method }: ClockRow): void {
    this.#put.run(device, kind, from, offset, residual, samples, method);
  }

  /** Where the reading of export times stands. */
  cursor(): StageCursor | undefined {
    const sql = 'SELECT segment, last_id AS lastId FROM cursor WHERE stage = ?';
    return this.#db.prepare(sql).get(STAGE) as StageCursor | undefined;
  }

  /** Adds what was counted and moves the cursor, in one transaction. */
  addBins(bins: readonly ClockBin[], cursor: StageCursor): void {
    this.#db.transaction(() => {
      for (const { device, from, bin, count } of bins) this.#add.run(device, from, bin, count);
      this.#setCursor.run(STAGE, cursor.segment, cursor.lastId);
    })();
  }

  /** All bins of a device and period, in order. */
  bins(device: string, from: number): ClockBin[] {
    const sql = 'SELECT * FROM clock_sample_row WHERE device = ? AND "from" = ? ORDER BY bin';
    return this.#db.prepare(sql).all(device, from) as ClockBin[];
  }

  /** Devices that told of sessions in logs, with the time of their latest. */
  logDevices(): string[] {
    const found: string[] = [];
    const next = this.#db.prepare('SELECT min(device) FROM account_row WHERE device > ?').pluck();
    for (let last = ''; ;) {
      const device = next.get(last) as string | null;
      if (device === null) return found;
      found.push(device);
      last = device;
    }
  }

  /** First and last time of a device's accounts; undefined when there are none. */
  logSpan(device: string): { readonly first: number; readonly last: number } | undefined {
    const edge = (of: 'min' | 'max'): number | null =>
      this.#db.prepare(`SELECT ${of}(at) FROM account_row WHERE device = ?`).pluck().get(device) as number | null;
    const [first, last] = [edge('min'), edge('max')];
    return first === null || last === null ? undefined : { first, last };
  }
}
