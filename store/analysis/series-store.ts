import type { Database as Connection, Statement } from 'better-sqlite3';
import type { SeriesKey, SeriesSession } from './finding-record';
import type { SubjectTable } from './subject-table';

/** A series whose sessions have changed since it was scored. */
export interface DirtySeries extends SeriesKey {
  readonly num: number;
}

/** How many talk with a destination, of how many. */
export interface Prevalence {
  readonly owners: number;
  readonly of: number;
}

/** What a score that means something took for its destination's prevalence. */
export interface ScoredPrevalence extends Prevalence {
  readonly num: number;
  readonly dst: string;
}

/**
 * A series is due when it is new, when the changes are a sixteenth of its sessions, and else every so many rounds: sooner when it makes a
 * finding.
 */
const GROWTH = 16;
const ROUNDS = 120;
const ROUNDS_OF_FINDINGS = 20;
/** Destinations whose owners are remembered. */
const MOST_COUNTED = 50_000;
const DUE = `b.series IS NULL OR r.dirty * ${GROWTH} >= b.sessions OR r.num % ${ROUNDS} = @round % ${ROUNDS}
  OR (r.num % ${ROUNDS_OF_FINDINGS} = @round % ${ROUNDS_OF_FINDINGS} AND EXISTS
    (SELECT 1 FROM finding_match_row m WHERE m.origin = 'series' AND m.origin_num = r.num))`;

/** The sessions of a series, in order of time. Bytes and packets only of those whose source counts them. */
export interface SeriesColumns {
  /** Epoch ms. */
  readonly starts: Float64Array;
  readonly sentBytes: readonly number[];
  readonly packets: readonly number[];
  /** The largest of all. */
  readonly samplingRate: number;
}

type SessionRow = readonly [start: number, sentBytes: number | null, packets: number | null, sampling: number];

/** How a series was scored. */
export interface BeaconRecord {
  readonly answer: string;
  readonly from: number;
  readonly to: number;
  readonly sessions: number;
  readonly chance: number;
  readonly period: number | null;
  readonly composite: number;
  /** Latest start that the score knows. */
  readonly last: number;
  readonly prevalence: Prevalence;
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
  readonly #clean: Statement;
  readonly #allChanged: Statement;
  readonly #changed: Statement;
  readonly #dirty: Statement;
  readonly #due: Statement;
  readonly #sessions: Statement;
  readonly #ends: Statement;
  readonly #score: Statement;
  readonly #unscore: Statement;
  readonly #ownersOf: Statement;
  readonly #owners: Statement;
  readonly #scoredPrevalences: Statement;
  /** Owners of all series, and by destination; not counted yet since the last new series. */
  #ownerCount: number | undefined;
  readonly #ownersByDst = new Map<string, number>();

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
    this.#changed = db.prepare('UPDATE series_row SET dirty = dirty + 1, subject = coalesce(?, subject) WHERE num = ?');
    this.#clean = db.prepare('UPDATE series_row SET dirty = 0 WHERE num = ?');
    this.#allChanged = db.prepare(
      'UPDATE series_row SET dirty = dirty + 1 + coalesce((SELECT sessions FROM beacon_row WHERE series = num), 0) WHERE num = ?',
    );
    const dirty = 'SELECT r.num, r.subject, hex(r.dst) AS dst, r.dst_port AS dstPort, r.protocol FROM series_row r';
    this.#dirty = db.prepare(`${dirty} WHERE r.dirty > 0 AND r.num > +@after ORDER BY r.num LIMIT @limit`);
    this.#due = db.prepare(`${dirty} LEFT JOIN beacon_row b ON b.series = r.num WHERE r.dirty > 0 AND r.num > +@after
      AND (${DUE}) ORDER BY r.num LIMIT @limit`);
    // Arrays: a round reads hundreds of thousands of rows.
    this.#sessions = db
      .prepare(
        `SELECT start, sent_bytes, packets, sampling FROM series_session_row WHERE series = +? AND start >= +? AND start <= +?
        ORDER BY start, session`,
      )
      .raw();
    // One at a time each is one step in the primary key; together they would read the whole series.
    this.#ends = db.prepare(`SELECT (SELECT min(start) FROM series_session_row WHERE series = +@series) AS first,
      (SELECT max(start) FROM series_session_row WHERE series = +@series) AS last`);
    this.#score = db.prepare(`INSERT OR REPLACE INTO beacon_row(series, answer, "from", "to", sessions, chance, period,
      composite, last, owners, owners_of, prevalence, terms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#unscore = db.prepare('DELETE FROM beacon_row WHERE series = ?');
    this.#ownersOf = db.prepare('SELECT count(DISTINCT owner) FROM series_row WHERE dst = ?').pluck();
    this.#owners = db.prepare('SELECT count(DISTINCT owner) FROM series_row').pluck();
    this.#scoredPrevalences = db.prepare(`SELECT b.series AS num, hex(r.dst) AS dst, b.owners, b.owners_of AS "of"
      FROM beacon_row b JOIN series_row r ON r.num = b.series WHERE b.series IN (SELECT series FROM beacon_row
      WHERE answer = 'beacon' UNION SELECT origin_num FROM finding_match_row WHERE origin = 'series')`);
  }

  /** Puts a session into its series, out of any other, and marks both as to be scored. Undefined key: into none. */
  place(session: SeriesSession, key: SeriesKey | undefined): void {
    const series = key === undefined ? undefined : this.#number(key);
    const before = this.#where.get(session.session) as { series: number; start: number } | undefined;
    if (before !== undefined && (before.series !== series || before.start !== session.start)) {
      this.#remove.run(before.series, before.start, session.session);
      this.#changed.run(null, before.series);
      this.#forget.run(session.session);
    }
    if (series === undefined || key === undefined) return;
    const { start, sentBytes, packets, samplingRate } = session;
    this.#put.run([series, start, session.session, sentBytes, packets, samplingRate]);
    this.#place.run(session.session, series, start);
    this.#changed.run(this.#subjects.numberOf(key.subject), series);
  }

  /** At most `limit` series to be scored with a number above `after`: all that have changed, or those that are due in a round. */
  dirty(after: number, limit: number, round?: number): DirtySeries[] {
    const found = round === undefined ? this.#dirty.all({ after, limit }) : this.#due.all({ after, limit, round });
    const rows = found as (Omit<DirtySeries, 'subject'> & { readonly subject: number })[];
    return rows.map((row) => ({ ...row, subject: this.#subjects.subjectOf(row.subject) }));
  }

  /** Those that began within [from, to]. */
  sessions(series: number, from: number, to: number): SeriesColumns {
    const rows = this.#sessions.all(series, from, to) as SessionRow[];
    const starts = new Float64Array(rows.length);
    const sentBytes: number[] = [];
    const packets: number[] = [];
    let samplingRate = 1;
    rows.forEach(([start, sent, count, sampling], i) => {
      starts[i] = start;
      if (sent !== null) sentBytes.push(sent);
      if (count !== null) packets.push(count);
      samplingRate = Math.max(samplingRate, sampling);
    });
    return { starts, sentBytes, packets, samplingRate };
  }

  /** First and last start of a series; undefined when it is empty. */
  ends(series: number): { readonly first: number; readonly last: number } | undefined {
    const { first, last } = this.#ends.get({ series }) as { first: number | null; last: number | null };
    return first === null || last === null ? undefined : { first, last };
  }

  /** Owners that talk with a destination, and all owners. */
  prevalence(dst: string): Prevalence {
    let owners = this.#ownersByDst.get(dst);
    if (owners === undefined) {
      owners = this.#ownersOf.get(Buffer.from(dst, 'hex')) as number;
      if (this.#ownersByDst.size < MOST_COUNTED) this.#ownersByDst.set(dst, owners);
    }
    return { owners, of: (this.#ownerCount ??= this.#owners.get() as number) };
  }

  /** Of all series with a rhythm or a finding. */
  scoredPrevalences(): ScoredPrevalence[] {
    return this.#scoredPrevalences.all() as ScoredPrevalence[];
  }

  /** Has a series scored in this round. */
  rescore(series: number): void {
    this.#allChanged.run(series);
  }

  scored(series: number, beacon: BeaconRecord): void {
    const { answer, from, to, sessions, chance, period, composite, last, prevalence, terms } = beacon;
    const { owners, of } = prevalence;
    const values = [series, answer, from, to, sessions, chance, period, composite, last, owners, of];
    this.#score.run([...values, of === 0 ? 0 : owners / of, JSON.stringify(terms)]);
    this.#clean.run(series);
  }

  /** To be called when the transaction was given up: series made in it are gone with it. Owners are counted again. */
  forget(): void {
    this.#ownerCount = undefined;
    this.#ownersByDst.clear();
  }

  /** All sessions of a series went elsewhere. */
  empty(series: number): void {
    this.#unscore.run(series);
    this.#clean.run(series);
  }

  #number({ subject, dst, dstPort, protocol }: SeriesKey): number {
    const address = Buffer.from(dst, 'hex');
    const found = this.#find.get(subject.id, address, dstPort, protocol) as number | undefined;
    if (found !== undefined) return found;
    this.forget();
    const values = [subject.id, this.#subjects.numberOf(subject), address, dstPort, protocol];
    return Number(this.#add.run(values).lastInsertRowid);
  }
}
