import type { Database as Connection, Statement } from 'better-sqlite3';
import type { SessionRecord, SliceRecord } from './session-record';
import {
  CHANGING,
  changingValues,
  FIXED,
  fixedValues,
  flag,
  OBSERVER,
  observerValues,
  PLACED,
  recordFrom,
  type Row,
  SLICE,
} from './session-row';

/** Where a stage stands in the facts: all rows up to `lastId` of `segment` are applied. */
export interface StageCursor {
  readonly segment: string;
  readonly lastId: number;
}

/** First and last receive time, and rows, of one exporter's domain. */
export interface SourceRecord {
  readonly exporter: string;
  readonly domain: number;
  readonly firstReceived: number;
  readonly lastReceived: number;
  readonly rows: number;
}

/** Counters of the session stage. */
export interface SessionCounters {
  readonly rows: number;
  readonly sessions: number;
  readonly watermark: number;
}

/** Everything that one step of the session stage has changed. */
export interface SessionChanges extends SessionCounters {
  readonly records: readonly { readonly record: SessionRecord; readonly fresh: boolean }[];
  readonly slices: readonly SliceRecord[];
  readonly sources: readonly SourceRecord[];
}

const STAGE = 'sessions';

/** Where the columns of `PLACED` stand among those of `CHANGING`, and the columns that are none of them. */
const PLACES = PLACED.map((name) => CHANGING.indexOf(name));
const GROWING = CHANGING.filter((name) => !PLACED.includes(name));

/** Writes what the session stage changes. One transaction a step: sessions and cursor change together or not at all. */
export class SessionStore {
  readonly #db: Connection;
  readonly #insert: Statement;
  readonly #update: Statement;
  readonly #grow: Statement;
  readonly #placed: Statement;
  readonly #observer: Statement;
  readonly #slice: Statement;
  readonly #source: Statement;
  readonly #counter: Statement;
  readonly #cursor: Statement;
  readonly #addSegment: Statement;
  readonly #segments = new Map<string, number>();

  /** `db` is the one writer's connection to `ascribe.db`. */
  constructor(db: Connection) {
    this.#db = db;
    this.#insert = db.prepare(insertInto('session_row', [...FIXED, ...CHANGING]));
    this.#update = db.prepare(updateOf(CHANGING));
    this.#grow = db.prepare(updateOf(GROWING));
    this.#placed = db.prepare(`SELECT ${PLACED.join(', ')} FROM session_row WHERE num = ?`).raw();
    this.#observer = db.prepare(insertInto('session_observer_row', OBSERVER, 'OR REPLACE '));
    this.#slice = db.prepare(insertInto('session_slice_row', SLICE));
    this.#source = db.prepare(
      insertInto('source', ['exporter_ip', 'domain', 'first_received', 'last_received', 'flows'], 'OR REPLACE '),
    );
    this.#counter = db.prepare('INSERT OR REPLACE INTO counter(name, value) VALUES (?, ?)');
    this.#cursor = db.prepare('INSERT OR REPLACE INTO cursor(stage, segment, last_id) VALUES (?, ?, ?)');
    this.#addSegment = db.prepare('INSERT INTO segment(name) VALUES (?) ON CONFLICT DO NOTHING');
  }

  /** Stores the changes and the cursor in one transaction. */
  commit(changes: SessionChanges, cursor: StageCursor): void {
    try {
      this.#db.transaction(() => this.#write(changes, cursor))();
    } catch (error) {
      // Segment rows made in this transaction are gone with it.
      this.#segments.clear();
      throw error;
    }
  }

  #write(changes: SessionChanges, cursor: StageCursor): void {
    for (const { record, fresh } of changes.records) this.#put(record, fresh);
    for (const slice of changes.slices) this.#slice.run(this.#sliceValues(slice));
    for (const source of changes.sources) {
      const { exporter, domain, firstReceived, lastReceived, rows } = source;
      this.#source.run(exporter, domain, firstReceived, lastReceived, rows);
    }
    this.#counter.run('rows', changes.rows);
    this.#counter.run('sessions', changes.sessions);
    if (Number.isFinite(changes.watermark)) this.#counter.run('watermark', changes.watermark);
    this.#cursor.run(STAGE, cursor.segment, cursor.lastId);
  }

  /** Where the stage stands; undefined before its first step. */
  cursor(): StageCursor | undefined {
    return this.#db.prepare('SELECT segment, last_id AS lastId FROM cursor WHERE stage = ?').get(STAGE) as
      StageCursor | undefined;
  }

  counters(): SessionCounters {
    const rows = this.#db.prepare('SELECT name, value FROM counter').raw().all() as [string, number][];
    const value = new Map(rows);
    return {
      rows: value.get('rows') ?? 0,
      sessions: value.get('sessions') ?? 0,
      watermark: value.get('watermark') ?? Number.NEGATIVE_INFINITY,
    };
  }

  sources(): SourceRecord[] {
    return this.#db
      .prepare(
        `SELECT exporter_ip AS exporter, domain, first_received AS firstReceived, last_received AS lastReceived,
        flows AS rows FROM source`,
      )
      .all() as SourceRecord[];
  }

  /** The `limit` sessions changed last, in the order of their change. */
  latest(limit: number): SessionRecord[] {
    const rows = this.#db
      .prepare('SELECT * FROM session_row ORDER BY revision DESC LIMIT ?')
      .safeIntegers()
      .all(limit) as Row[];
    const observers = this.#db
      .prepare('SELECT * FROM session_observer_row WHERE session = ? ORDER BY number')
      .safeIntegers();
    return rows.reverse().map((row) => recordFrom(row, observers.all(row['num']) as Row[]));
  }

  #put(record: SessionRecord, fresh: boolean): void {
    const values = changingValues(record);
    if (fresh) this.#insert.run([...fixedValues(record), ...values]);
    else if (this.#staysFound(record.num, values)) this.#grow.run([...growing(values), record.num]);
    else this.#update.run([...values, record.num]);
    for (const observer of record.observers) this.#observer.run(observerValues(record.num, observer));
  }

  /** Whether no column changes that an index is made of: writing those costs a dozen indexes twice each. */
  #staysFound(num: number, values: readonly unknown[]): boolean {
    const stored = this.#placed.get(num) as unknown[] | undefined;
    return stored !== undefined && PLACES.every((place, i) => isSame(stored[i], values[place]));
  }

  #sliceValues(slice: SliceRecord): unknown[] {
    const { session, segment, flow, observer, rawSeq, ordinal, fromA, start, end } = slice;
    const { bytes, packets, replyBytes, replyPackets } = slice;
    const place = [session, this.#segmentId(segment), flow, observer, rawSeq, ordinal, flag(fromA), start, end];
    return [...place, bytes, packets, replyBytes, replyPackets];
  }

  #segmentId(name: string): number {
    let id = this.#segments.get(name);
    if (id === undefined) {
      this.#addSegment.run(name);
      id = this.#db.prepare('SELECT id FROM segment WHERE name = ?').pluck().get(name) as number;
      this.#segments.set(name, id);
    }
    return id;
  }
}

function growing(values: readonly unknown[]): unknown[] {
  return values.filter((_, i) => !PLACES.includes(i));
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (Buffer.isBuffer(one) && Buffer.isBuffer(other) && one.equals(other));
}

function updateOf(columns: readonly string[]): string {
  const assignments = columns.map((name) => `"${name}" = ?`).join(', ');
  return `UPDATE session_row SET ${assignments} WHERE num = ?`;
}

function insertInto(table: string, columns: readonly string[], conflict = ''): string {
  const names = columns.map((name) => `"${name}"`).join(', ');
  return `INSERT ${conflict}INTO ${table}(${names}) VALUES (${columns.map(() => '?').join(', ')})`;
}
