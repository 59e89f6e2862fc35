import type { Database as Connection, Statement } from 'better-sqlite3';
import type { BindingIdentity, BindingInterval, BindingMark, StoredInterval } from './binding-record';
import type { StageCursor } from './session-store';

const STAGE = 'bindings';
/** Receive time up to which bindings are known: what was last heard long before it is uncertain. */
const KNOWN_TO = 'bindings_known_to';

const IDENTITY = ['relation', 'scope', 'key', 'value', 'destination', 'device', 'parser'] as const;

/** Columns of an interval and the members that they hold. */
const INTERVAL: Readonly<Record<keyof Required<BindingInterval>, string>> = {
  fromLo: 'valid_from_lo',
  fromHi: 'valid_from_hi',
  toLo: 'valid_to_lo',
  toHi: 'valid_to_hi',
  beginSource: 'begin_source',
  endSource: 'end_source',
  firstObserved: 'first_observed',
  lastObserved: 'last_observed',
  observations: 'observations',
  firstSeq: 'first_seq',
  firstSegment: 'first_segment',
  lastSeq: 'last_seq',
  lastSegment: 'last_segment',
  lastFact: 'last_fact',
  recordedAt: 'recorded_at',
  lastRecordedAt: 'last_recorded_at',
  endRecordedAt: 'end_recorded_at',
  extra: 'extra',
};

const FIXED: ReadonlySet<string> = new Set([
  'fromLo',
  'fromHi',
  'beginSource',
  'firstObserved',
  'firstSeq',
  'firstSegment',
]);

const MEMBERS = Object.keys(INTERVAL) as (keyof BindingInterval)[];
const GROWING = MEMBERS.filter((member) => !FIXED.has(member));
const SELECTED = `num, ${MEMBERS.map((member) => `${INTERVAL[member]} AS ${member}`).join(', ')}`;
const STATES = ['seen', 'begin', 'end'] as const;

/** The latest interval of a series, and the series' number. */
export interface FoundSeries {
  readonly series: number;
  readonly last: StoredInterval;
}

/** `extended`: later observations alone, so that no indexed column changes. `replaced`: anything may differ. */
export type ChangeKind = 'new' | 'extended' | 'replaced';

/** What a step of the stage does to one series. */
export interface SeriesChange {
  readonly series: number;
  readonly identity: BindingIdentity;
  readonly put: readonly { readonly interval: StoredInterval; readonly how: ChangeKind }[];
  readonly drop: readonly number[];
}

/** Writes binding intervals and the observations they come from. The stage decides, this stores. */
export class BindingStore {
  readonly #db: Connection;
  readonly #find: Statement;
  readonly #ofSeries: Statement;
  readonly #marks: Statement;
  readonly #insert: Statement;
  readonly #extend: Statement;
  readonly #replace: Statement;
  readonly #remove: Statement;
  readonly #addMark: Statement;
  readonly #reopen: Statement;
  readonly #reopenCalled: Statement;
  readonly #named: Statement;
  readonly #setCursor: Statement;
  readonly #setCounter: Statement;

  /** `db` is the one writer's connection to `ascribe.db`. */
  constructor(db: Connection) {
    this.#db = db;
    const same = IDENTITY.map((column) => `${column} = ?`).join(' AND ');
    // Sorted by hand: an ORDER BY that no index serves opens a temporary B-tree, which costs ten times the lookup.
    this.#find = db.prepare(`SELECT series, ${SELECTED} FROM binding_row INDEXED BY binding_by_key WHERE ${same}`);
    this.#ofSeries = db.prepare(`SELECT ${SELECTED} FROM binding_row WHERE num = ? OR (series = ? AND series <> num)`);
    this.#marks = db.prepare(`SELECT at, raw_seq AS rawSeq, segment, fact, state, valid_until AS validUntil,
      received_at AS receivedAt FROM binding_mark_row WHERE series = ? AND at > ?
      ORDER BY at, raw_seq, segment, fact`);
    const columns = ['num', 'series', ...IDENTITY, ...MEMBERS.map((member) => INTERVAL[member])];
    this.#insert = db.prepare(
      `INSERT INTO binding_row(${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    this.#replace = db.prepare(updateOf(MEMBERS));
    this.#extend = db.prepare(updateOf(GROWING));
    this.#remove = db.prepare('DELETE FROM binding_row WHERE num = ?');
    this.#addMark = db.prepare(`INSERT INTO binding_mark_row(series, at, raw_seq, segment, fact, state, valid_until,
      received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#reopen = db.prepare('INSERT INTO reopen_row(relation, key, "from", "to") VALUES (?, ?, ?, ?)');
    this.#reopenCalled = db.prepare(`INSERT INTO reopen_row(relation, key, "from", "to")
      SELECT 'ip-name', ?, ?, ? WHERE EXISTS (SELECT 1 FROM request_row WHERE called = ?)`);
    this.#named = db.prepare('INSERT INTO named_row(relation, key, value, "from", "to") VALUES (?, ?, ?, ?, ?)');
    this.#setCursor = db.prepare('INSERT OR REPLACE INTO cursor(stage, segment, last_id) VALUES (?, ?, ?)');
    this.#setCounter = db.prepare('INSERT OR REPLACE INTO counter(name, value) VALUES (?, ?)');
  }

  /** Where the stage stands; undefined before its first step. */
  cursor(): StageCursor | undefined {
    return this.#db.prepare('SELECT segment, last_id AS lastId FROM cursor WHERE stage = ?').get(STAGE) as
      StageCursor | undefined;
  }

  knownTo(): number {
    const value = this.#db.prepare('SELECT value FROM counter WHERE name = ?').pluck().get(KNOWN_TO);
    return (value as number | undefined) ?? 0;
  }

  /** The largest number an interval has. */
  lastNum(): number {
    return (this.#db.prepare('SELECT max(num) FROM binding_row').pluck().get() as number | null) ?? 0;
  }

  find(identity: BindingIdentity): FoundSeries | undefined {
    const rows = this.#find.all(IDENTITY.map((column) => identity[column])) as (StoredInterval & FoundSeries)[];
    const row = rows.length > 1 ? rows.sort(inOrder).at(-1) : rows[0];
    if (row === undefined) return undefined;
    const { series, ...last } = row;
    return { series, last };
  }

  /** All intervals of a series, in order. */
  intervals(series: number): StoredInterval[] {
    return (this.#ofSeries.all(series, series) as StoredInterval[]).sort(inOrder);
  }

  /** Observations of a series after a time, in order. */
  marks(series: number, after: number): BindingMark[] {
    const rows = this.#marks.all(series, after) as (Omit<BindingMark, 'state'> & { state: number })[];
    return rows.map((row) => ({ ...row, state: STATES[row.state] ?? 'seen' }));
  }

  /** Runs one step of the stage in a transaction, its lookups too: a lookup on its own costs as much again in locks. */
  inTransaction<T>(work: () => T): T {
    return this.#db.transaction(work)();
  }

  /** Where the stage stands, and the time up to which bindings are known; inside `inTransaction`. */
  setCursor(cursor: StageCursor, knownTo: number): void {
    this.#setCounter.run(KNOWN_TO, knownTo);
    this.#setCursor.run(STAGE, cursor.segment, cursor.lastId);
  }

  addMark(series: number, mark: BindingMark): void {
    const { at, rawSeq, segment, fact, state, validUntil, receivedAt } = mark;
    this.#addMark.run(series, at, rawSeq, segment, fact, STATES.indexOf(state), validUntil, receivedAt);
  }

  /** Notes that what is known of a key has changed for a stretch of time; inside `inTransaction`. */
  reopen({ relation, key, value }: BindingIdentity, from: number, to: number): void {
    // Of names, verdicts rest on those alone that proxies tell of.
    if (relation === 'ip-name') this.#reopenCalled.run(`${key} ${value}`, from, to, value);
    if (relation === 'ip-name' || relation === 'ip-query') this.#named.run(relation, key, value, from, to);
    else this.#reopen.run(relation, key, from, to);
  }

  /** Stores a change; inside `inTransaction`. */
  apply({ series, identity, put, drop }: SeriesChange): void {
    for (const { interval, how } of put) {
      const values: unknown[] = (how === 'extended' ? GROWING : MEMBERS).map((member) => interval[member] ?? null);
      if (how === 'new') {
        this.#insert.run([interval.num, series, ...IDENTITY.map((column) => identity[column]), ...values]);
        continue;
      }
      values.push(interval.num);
      (how === 'extended' ? this.#extend : this.#replace).run(values);
    }
    for (const num of drop) this.#remove.run(num);
  }
}

function updateOf(members: readonly (keyof BindingInterval)[]): string {
  return `UPDATE binding_row SET ${members.map((member) => `${INTERVAL[member]} = ?`).join(', ')} WHERE num = ?`;
}

/** Intervals of one series: by time, those of one moment by arrival. */
function inOrder(a: StoredInterval, b: StoredInterval): number {
  return a.firstObserved - b.firstObserved || a.firstSeq - b.firstSeq || a.lastSeq - b.lastSeq;
}
