import Database, { type Database as Connection, type Statement } from 'better-sqlite3';

const TABLES = `CREATE TABLE seq(id INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE session(id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE finding(id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID`;

/** What goes into a pack: positions and ids in ascending order, each once. In a private file, so memory stays flat. */
export class Scope {
  readonly #db: Connection;
  readonly #insertSeq: Statement<[number]>;
  readonly #insertSession: Statement<[string]>;
  readonly #insertFinding: Statement<[string]>;
  readonly #has: Statement<[number, number]>;
  readonly #seqs: Statement<[number, number, number], number>;

  /** Opens `file`, which is made when it is new; without one, it goes with this object. */
  constructor(file = '') {
    this.#db = new Database(file);
    this.#db.pragma('synchronous = OFF');
    if (this.#db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0) this.#db.exec(TABLES);
    this.#insertSeq = this.#db.prepare('INSERT OR IGNORE INTO seq VALUES (?)');
    this.#insertSession = this.#db.prepare('INSERT OR IGNORE INTO session VALUES (?)');
    this.#insertFinding = this.#db.prepare('INSERT OR IGNORE INTO finding VALUES (?)');
    this.#seqs = this.#db
      .prepare<[number, number, number], number>('SELECT id FROM seq WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?')
      .pluck();
    this.#has = this.#db.prepare('SELECT 1 FROM seq WHERE id BETWEEN ? AND ? LIMIT 1');
  }

  /** Runs `fill` as one transaction: many additions at once. */
  fill(fill: () => void): void {
    this.#db.transaction(fill)();
  }

  addSeq(seq: number): void {
    if (seq > 0) this.#insertSeq.run(seq);
  }

  addSession(id: string): void {
    this.#insertSession.run(id);
  }

  addFinding(id: string): void {
    this.#insertFinding.run(id);
  }

  get counts(): { readonly seqs: number; readonly sessions: number; readonly findings: number } {
    const count = (table: string): number => this.#db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
    return { seqs: count('seq'), sessions: count('session'), findings: count('finding') };
  }

  /** First and last position; undefined when there is none. */
  range(): { readonly first: number; readonly last: number } | undefined {
    const row = this.#db.prepare('SELECT min(id) AS first, max(id) AS last FROM seq').get() as {
      first: number | null;
      last: number | null;
    };
    return row.first === null || row.last === null ? undefined : { first: row.first, last: row.last };
  }

  /** Whether a position lies in [first, last]. */
  hasSeq(first: number, last: number): boolean {
    return this.#has.get(first, last) !== undefined;
  }

  /** Positions in [first, last]: at most `limit`. */
  seqs(first: number, last: number, limit: number): number[] {
    return this.#seqs.all(first, last, limit);
  }

  /** Unbroken runs of positions in [first, last]. */
  runs(first: number, last: number): { readonly first: number; readonly last: number }[] {
    return this.#db
      .prepare(
        `SELECT min(id) AS first, max(id) AS last FROM
        (SELECT id, id - row_number() OVER (ORDER BY id) AS run FROM seq WHERE id BETWEEN ? AND ?) GROUP BY run ORDER BY 1`,
      )
      .all(first, last) as { first: number; last: number }[];
  }

  /** Ids of the sessions; the scope may not be changed meanwhile. */
  sessions(): IterableIterator<string> {
    return this.#db.prepare('SELECT id FROM session ORDER BY id').pluck().iterate() as IterableIterator<string>;
  }

  findings(): IterableIterator<string> {
    return this.#db.prepare('SELECT id FROM finding ORDER BY id').pluck().iterate() as IterableIterator<string>;
  }

  /** At most `limit` ids of sessions after one, in order; the scope may be added to between two pages. */
  readonly sessionPage = (after: string, limit: number): string[] => this.#page('session', after, limit);

  /** The same of findings. */
  readonly findingPage = (after: string, limit: number): string[] => this.#page('finding', after, limit);

  close(): void {
    this.#db.close();
  }

  #page(table: 'session' | 'finding', after: string, limit: number): string[] {
    const page = this.#db.prepare(`SELECT id FROM ${table} WHERE id > ? ORDER BY id LIMIT ?`).pluck();
    return page.all(after, limit) as string[];
  }
}
