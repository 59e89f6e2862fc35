import type { Database as Connection, Statement } from 'better-sqlite3';
import type { SeriesKey, SeriesSession } from './finding-record';
import type { SubjectTable } from './subject-table';

/** A series whose sessions have changed since it was scored. */
export interface DirtySeries extends SeriesKey {
  readonly num: number;
}

/** How a series was scored. */
export interface BeaconRecord {
  readonly answer: string;
  readonly from: number;
  readonly to: number;
  readonly sessions: number;
  readonly chance: number;
  readonly period: number | null;
  readonly composite: number;
  /** Share of all owners that talk with the destination. */
  readonly prevalence: number;
  readonly terms: Readonly<Record<string, unknown>>;
}

/** Sessions by owner, destination, port and protocol, and how each such series was scored. */
export class SeriesStore {
  readonly #subjects: SubjectTable;
  readonly #find: Statement;
  readonly #add: Statement;
  readonly #place: Statement;
  readonly #where: Statement;
  readonly #put: Statement;
  readonly #remove: Statement;
  readonly #forget: Statement;
  readonly #mark: Statement;
  readonly #dirty: Statement;
  readonly #sessions: Statement;
  readonly #ends: Statement;
  readonly #score: Statement;
  readonly #unscore: Statement;
  readonly #ownersOf: Statement;
  readonly #owners: Statement;
  /** Owners of all series; undefined while they have not been counted since the last new series. */
  #ownerCount: number | undefined;

  /** `db` is the one writer's connection to `ascribe.db`. */
  constructor(db: Connection, subjects: SubjectTable) {
    this.#subjects = subjects;
    this.#find = db
      .prepare('SELECT num FROM series_row WHERE owner = ? AND dst = ? AND dst_port = ? AND protocol = ?')
      .pluck();
    this.#add = db.prepare('INSERT INTO series_row(owner, subject, dst, dst_port, protocol) VALUES (?, ?, ?, ?, ?)');
    this.#place = db.prepare('INSERT OR REPLACE INTO session_series_row(session, series, start) VALUES (?, ?, ?)');
    this.#where = db.prepare('SELECT series, start FROM session_series_row WHERE session = ?');
    this.#put =
      db.prepare(`INSERT OR REPLACE INTO series_session_row(series, start, session, sent_bytes, packets, sampling)
      VALUES (?, ?, ?, ?, ?, ?)`);
    this.#remove = db.prepare('DELETE FROM series_session_row WHERE series = ? AND start = ? AND session = ?');
    this.#forget = db.prepare('DELETE FROM session_series_row WHERE session = ?');
    this.#mark = db.prepare('UPDATE series_row SET dirty = ?, subject = coalesce(?, subject) WHERE num = ?');
    this.#dirty = db.prepare(`SELECT num, subject, hex(dst) AS dst, dst_port AS dstPort, protocol FROM series_row
      WHERE dirty = 1 AND num > ? ORDER BY num LIMIT ?`);
    this.#sessions = db.prepare(`SELECT start, session, sent_bytes AS sentBytes, packets, sampling AS samplingRate
      FROM series_session_row WHERE series = ? AND start >= ? AND start <= ? ORDER BY start, session`);
    this.#ends = db.prepare(`SELECT min(start) AS first, max(start) AS last FROM series_session_row WHERE series = ?`);
    this.#score = db.prepare(`INSERT OR REPLACE INTO beacon_row(series, answer, "from", "to", sessions, chance, period,
      composite, prevalence, terms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#unscore = db.prepare('DELETE FROM beacon_row WHERE series = ?');
    this.#ownersOf = db.prepare('SELECT count(DISTINCT owner) FROM series_row WHERE dst = ?').pluck();
    this.#owners = db.prepare('SELECT count(DISTINCT owner) FROM series_row').pluck();
  }

  /** Puts a session into its series, out of any other, and marks both as to be scored. Undefined key: into none. */
  place(session: SeriesSession, key: SeriesKey | undefined): void {
    const series = key === undefined ? undefined : this.#number(key);
    const before = this.#where.get(session.session) as { series: number; start: number } | undefined;
    if (before !== undefined && (before.series !== series || before.start !== session.start)) {
      this.#remove.run(before.series, before.start, session.session);
      this.#mark.run(1, null, before.series);
      this.#forget.run(session.session);
    }
    if (series === undefined || key === undefined) return;
    const { start, sentBytes, packets, samplingRate } = session;
    this.#put.run([series, start, session.session, sentBytes, packets, samplingRate]);
    this.#place.run(session.session, series, start);
    this.#mark.run(1, this.#subjects.numberOf(key.subject), series);
  }

  /** At most `limit` series to be scored with a number above `after`. */
  dirty(after: number, limit: number): DirtySeries[] {
    const rows = this.#dirty.all(after, limit) as (Omit<DirtySeries, 'subject'> & { readonly subject: number })[];
    return rows.map((row) => ({ ...row, subject: this.#subjects.subjectOf(row.subject) }));
  }

  sessions(series: number, from: number, to: number): SeriesSession[] {
    return this.#sessions.all(series, from, to) as SeriesSession[];
  }

  /** First and last start of a series; undefined when it is empty. */
  ends(series: number): { readonly first: number; readonly last: number } | undefined {
    const { first, last } = this.#ends.get(series) as { first: number | null; last: number | null };
    return first === null || last === null ? undefined : { first, last };
  }

  /** Owners that talk with a destination, and all owners. */
  prevalence(dst: string): { readonly owners: number; readonly of: number } {
    return {
      owners: this.#ownersOf.get(Buffer.from(dst, 'hex')) as number,
      of: (this.#ownerCount ??= this.#owners.get() as number),
    };
  }

  scored(series: number, beacon: BeaconRecord): void {
    const { answer, from, to, sessions, chance, period, composite, prevalence, terms } = beacon;
    this.#score.run([series, answer, from, to, sessions, chance, period, composite, prevalence, JSON.stringify(terms)]);
    this.#mark.run(0, null, series);
  }

  /** To be called when the transaction was given up: series made in it are gone with it. */
  forget(): void {
    this.#ownerCount = undefined;
  }

  /** All sessions of a series went elsewhere. */
  empty(series: number): void {
    this.#unscore.run(series);
    this.#mark.run(0, null, series);
  }

  #number({ subject, dst, dstPort, protocol }: SeriesKey): number {
    const address = Buffer.from(dst, 'hex');
    const found = this.#find.get(subject.id, address, dstPort, protocol) as number | undefined;
    if (found !== undefined) return found;
    this.#ownerCount = undefined;
    const values = [subject.id, this.#subjects.numberOf(subject), address, dstPort, protocol];
    return Number(this.#add.run(values).lastInsertRowid);
  }
}
