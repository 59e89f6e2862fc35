import { createHash } from 'node:crypto';
import type { Database as Connection, Statement } from 'better-sqlite3';
import type { MatchOrigin, MatchRecord } from './finding-record';
import type { SubjectTable } from './subject-table';

/** Least severe first. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;

const REVISION = 'finding_revision';

interface Summary {
  readonly matches: number;
  readonly open: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly severity: number | null;
}

/** Why a finding is to be summed up again. */
interface Touched {
  /** The latest match that was added; undefined when matches were only taken away. */
  readonly match: MatchRecord | undefined;
  readonly recordedAt: number;
}

/**
 * Writes matches and keeps the findings that they add up to: `sumUp` is to be called when a step has replaced what it
 * will. To be used inside transactions.
 */
export class FindingStore {
  readonly #db: Connection;
  readonly #subjects: SubjectTable;
  readonly #findingsOf: Statement;
  readonly #removeMatches: Statement;
  readonly #addMatch: Statement;
  readonly #byId: Statement;
  readonly #insert: Statement;
  readonly #summary: Statement;
  readonly #latest: Statement;
  readonly #update: Statement;
  readonly #withdraw: Statement;
  readonly #setCounter: Statement;
  readonly #lastMatched: Statement;
  /** Highest number of an origin of a kind that ever matched: what is beyond matched nothing before. */
  readonly #highest = new Map<MatchOrigin['kind'], number>();
  /** By their findings' numbers: thousands of sessions may be one finding, which is summed up once. */
  readonly #touched = new Map<number, Touched>();
  #revision = 0;

  /** `db` is the one writer's connection to `ascribe.db`. */
  constructor(db: Connection, subjects: SubjectTable) {
    this.#db = db;
    this.#subjects = subjects;
    this.#findingsOf = db
      .prepare('SELECT finding FROM finding_match_row WHERE origin = ? AND origin_num = ? ORDER BY finding')
      .pluck();
    this.#lastMatched = db
      .prepare('SELECT coalesce(max(origin_num), 0) FROM finding_match_row WHERE origin = ?')
      .pluck();
    this.#removeMatches = db.prepare('DELETE FROM finding_match_row WHERE origin = ? AND origin_num = ?');
    this.#addMatch =
      db.prepare(`INSERT OR REPLACE INTO finding_match_row(finding, origin, origin_num, at, severity, text,
      terms, changes, approved_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#byId = db.prepare('SELECT num FROM finding_row WHERE id = ?').pluck();
    this.#insert = db.prepare(`INSERT INTO finding_row(id, analytic, strategy, techniques, subject, key, severity, text,
      terms, first_seen, last_seen, matches, approved_by, recorded_at, revision)
      VALUES (?, ?, ?, ?, ?, ?, '', '', '{}', 0, 0, 0, '', 0, 0)`);
    // What is approved counts only where nothing else is left.
    this.#summary =
      db.prepare(`SELECT count(*) AS matches, sum(approved_by = '') AS open, min(at) AS first, max(at) AS last,
      max(severity) AS severity FROM finding_match_row WHERE finding = +? AND (approved_by = '' OR +? = 1)`);
    this.#latest = db.prepare(`SELECT text, terms, approved_by AS approvedBy FROM finding_match_row
      WHERE finding = +? AND (approved_by = '' OR +? = 1) ORDER BY at DESC, origin, origin_num LIMIT 1`);
    this.#update = db.prepare(`UPDATE finding_row SET severity = ?, text = ?, terms = ?, first_seen = ?, last_seen = ?,
      matches = ?, approved_by = ?, recorded_at = ?, revision = ?, subject = ? WHERE num = ?`);
    // What was told is not untold: the finding stays, with no match.
    this.#withdraw = db.prepare('UPDATE finding_row SET matches = 0, recorded_at = ?, revision = ? WHERE num = ?');
    this.#setCounter = db.prepare('INSERT OR REPLACE INTO counter(name, value) VALUES (?, ?)');
    this.forget();
  }

  /** To be called when the transaction was given up. */
  forget(): void {
    this.#touched.clear();
    this.#highest.clear();
    const revision = this.#db.prepare('SELECT value FROM counter WHERE name = ?').pluck().get(REVISION);
    this.#revision = (revision as number | undefined) ?? 0;
  }

  /** What one origin matches now, instead of what it matched before. `recordedAt`: receive time of what was looked at. */
  replace(origin: MatchOrigin, matches: readonly MatchRecord[], recordedAt: number): void {
    const highest = this.#highestOf(origin.kind);
    const before = origin.num > highest ? [] : (this.#findingsOf.all(origin.kind, origin.num) as number[]);
    if (before.length === 0 && matches.length === 0) return;
    if (before.length > 0) this.#removeMatches.run(origin.kind, origin.num);
    this.#highest.set(origin.kind, Math.max(highest, origin.num));
    for (const finding of before) this.#touch(finding, undefined, recordedAt);
    for (const match of matches) {
      const finding = this.#findingOf(match);
      this.#touch(finding, match, recordedAt);
      const { at, text, terms, changes, approvedBy } = match;
      const severity = SEVERITIES.findIndex((name) => name === match.severity);
      const values = [finding, origin.kind, origin.num, at, severity, text];
      this.#addMatch.run([...values, JSON.stringify(terms), JSON.stringify(changes), approvedBy]);
    }
  }

  /** Brings the findings up to date whose matches were replaced since the last call. */
  sumUp(): void {
    if (this.#touched.size === 0) return;
    for (const [finding, { match, recordedAt }] of this.#touched) this.#sumUp(finding, match, recordedAt);
    this.#touched.clear();
    this.#setCounter.run(REVISION, this.#revision);
  }

  #highestOf(kind: MatchOrigin['kind']): number {
    let highest = this.#highest.get(kind);
    if (highest === undefined) {
      highest = this.#lastMatched.get(kind) as number;
      this.#highest.set(kind, highest);
    }
    return highest;
  }

  #touch(finding: number, match: MatchRecord | undefined, recordedAt: number): void {
    this.#touched.set(finding, { match: match ?? this.#touched.get(finding)?.match, recordedAt });
  }

  #findingOf(match: MatchRecord): number {
    const { analytic, strategy, techniques, subject, key } = match;
    const id = findingId(match);
    const found = this.#byId.get(id) as number | undefined;
    if (found !== undefined) return found;
    const values = [id, analytic, strategy, techniques.join(' '), this.#subjects.numberOf(subject), key];
    return Number(this.#insert.run(values).lastInsertRowid);
  }

  #sumUp(finding: number, match: MatchRecord | undefined, recordedAt: number): void {
    const all = this.#summary.get(finding, 1) as Summary;
    if (all.matches === 0) {
      this.#withdraw.run(recordedAt, ++this.#revision, finding);
      return;
    }
    const approvedOnly = (all.open ?? 0) === 0 ? 1 : 0;
    const { matches, first, last, severity } = this.#summary.get(finding, approvedOnly) as Summary;
    const { text, terms, approvedBy } = this.#latest.get(finding, approvedOnly) as {
      text: string;
      terms: string;
      approvedBy: string;
    };
    const subject = match === undefined ? this.#subjectOf(finding) : this.#subjects.numberOf(match.subject);
    const word = SEVERITIES[severity ?? 0] ?? 'low';
    const values = [word, text, terms, first, last, matches, approvedBy, recordedAt, ++this.#revision];
    this.#update.run([...values, subject, finding]);
  }

  #subjectOf(finding: number): number {
    return this.#db.prepare('SELECT subject FROM finding_row WHERE num = ?').pluck().get(finding) as number;
  }
}

/** Stable over runs and rebuilds: sixteen hexadecimal digits of analytic, subject and key. */
export function findingId({ analytic, subject, key }: Pick<MatchRecord, 'analytic' | 'subject' | 'key'>): string {
  const text = JSON.stringify([analytic, subject.id, key]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
