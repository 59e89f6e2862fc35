import type { Database as Connection, Statement } from 'better-sqlite3';
import { textOf } from './places';

/** A place in the order in which sessions, verdicts or findings changed. */
export interface ChangePlace {
  readonly revision: number;
  readonly num: number;
}

/**
 * A changed session: columns of the `session` view without the BLOBs, and `num`; of a verdict also those of `verdict`, as
 * `verdict_…`, `owner_…` and `rule_…`. Counts beyond 2^53 are bigint.
 */
export type ChangedRow = Readonly<Record<string, string | number | bigint | null>> & ChangePlace;

/** Stored as bytes, selected as `…_ip` in hex (bytes cost twice as much to hand over), and text from `withText` on. */
const ADDRESSES: ReadonlySet<string> = new Set(['src', 'dst', 'nat_src', 'nat_dst']);
const ADDRESS_COLUMNS = [...[...ADDRESSES].map((name) => `${name}_ip`), 'verdict_source_ip'];
const COUNTS = ['src', 'dst'].flatMap((side) => [
  `${side}_bytes`,
  `${side}_packets`,
  `${side}_bytes_estimate`,
  `${side}_packets_estimate`,
]);
/** What only the assembler needs, and what `place` says. */
const INNER: ReadonlySet<string> = new Set(['num', 'revision', 'src_is_a', 'first_from_a', 'stated', 'touched_at']);

const VERDICT_COLUMNS = `v.status AS verdict_status, v.confidence AS verdict_confidence, v.reasons AS verdict_reasons,
  hex(v.source) AS verdict_source_ip, v.source_port AS verdict_source_port, v.recorded_at AS verdict_recorded_at,
  json_array_length(v.owners) AS verdict_candidates, o.kind AS owner_kind, o.id AS owner_id, o.name AS owner_name,
  o.host AS owner_host, r.device AS rule_device, r.name AS rule_name, r.id AS rule_id,
  r.config_version AS rule_config_version, r.line AS rule_line, r.author AS rule_author, r.text AS rule_text,
  (SELECT l.id FROM session_row l WHERE l.num = v.leg_of) AS verdict_leg_of`;

const VERDICT_TABLES = `verdict_row v JOIN session_row s ON s.num = v.session JOIN owner_row o ON o.num = v.owner
  LEFT JOIN rule_row r ON r.num = v.rule`;

const FINDING_COLUMNS = `f.id, f.analytic, f.strategy, f.techniques, f.severity, f.key, f.text, f.terms, f.first_seen,
  f.last_seen, f.matches, f.approved_by, f.recorded_at, o.kind AS owner_kind, o.id AS owner_id, o.name AS owner_name,
  o.host AS owner_host`;

/** Where a feed reads, and the columns that make a place. */
interface FeedTables {
  readonly columns: string;
  readonly tables: string;
  readonly revision: string;
  readonly num: string;
  readonly id: string;
}

/**
 * Sessions, verdicts with their sessions, or findings, in the order of their last change. What changes again moves to the end, so
 * whoever reads on from a place sees the latest state of each, and sees it again whenever it changes.
 */
export class ChangeFeed {
  readonly #after: Statement;
  readonly #one: Statement;
  readonly #count: Statement;
  readonly #last: Statement;

  private constructor(db: Connection, { columns, tables, revision, num, id }: FeedTables) {
    const place = `${revision} AS revision, ${num} AS num`;
    const select = `SELECT ${columns}, ${place} FROM ${tables}`;
    const behind = `${revision} >= ? AND (${revision} > ? OR ${num} > ?)`;
    this.#after = db.prepare(`${select} WHERE ${behind} ORDER BY ${revision}, ${num} LIMIT ?`);
    this.#one = db.prepare(`${select} WHERE ${id} = ?`);
    this.#count = db.prepare(`SELECT count(*) FROM (SELECT 1 FROM ${tables} WHERE ${behind} LIMIT ?)`).pluck();
    this.#last = db.prepare(`SELECT ${place} FROM ${tables} ORDER BY ${revision} DESC, ${num} DESC LIMIT 1`);
  }

  static ofSessions(db: Connection): ChangeFeed {
    const columns = sessionColumns(db);
    return new ChangeFeed(db, { columns, tables: 'session_row s', revision: 's.revision', num: 's.num', id: 's.id' });
  }

  static ofVerdicts(db: Connection): ChangeFeed {
    const columns = `${sessionColumns(db)}, ${VERDICT_COLUMNS}`;
    return new ChangeFeed(db, {
      columns,
      tables: VERDICT_TABLES,
      revision: 'v.revision',
      num: 'v.session',
      id: 's.id',
    });
  }

  /** Columns of the `finding` view. */
  static ofFindings(db: Connection): ChangeFeed {
    const tables = 'finding_row f JOIN subject_row o ON o.num = f.subject';
    return new ChangeFeed(db, { columns: FINDING_COLUMNS, tables, revision: 'f.revision', num: 'f.num', id: 'f.id' });
  }

  /** At most `limit` rows that changed after a place. */
  after({ revision, num }: ChangePlace, limit: number): ChangedRow[] {
    return (this.#after.all(revision, revision, num, limit) as StoredRow[]).map(withText);
  }

  /** One of them by its public id, as it stands now. */
  byId(id: string): ChangedRow | undefined {
    const row = this.#one.get(id) as StoredRow | undefined;
    return row === undefined ? undefined : withText(row);
  }

  /** How many changed after a place, counted up to `most`. */
  count({ revision, num }: ChangePlace, most: number): number {
    return this.#count.get(revision, revision, num, most) as number;
  }

  last(): ChangePlace | undefined {
    return this.#last.get() as ChangePlace | undefined;
  }
}

type StoredRow = Record<string, string | number | bigint | null>;

function sessionColumns(db: Connection): string {
  return db
    .prepare('SELECT * FROM session_row')
    .columns()
    .map(({ name }) => name)
    .filter((name) => !INNER.has(name))
    .map((name) => {
      if (ADDRESSES.has(name)) return `hex(s.${name}) AS ${name}_ip`;
      return COUNTS.includes(name) ? exact(name) : `s."${name}"`;
    })
    .join(', ');
}

function exact(column: string): string {
  return `CASE WHEN s.${column} > 9007199254740991 THEN CAST(s.${column} AS TEXT) ELSE s.${column} END AS ${column}`;
}

/**
 * The row itself, its addresses as text: this is read for everything that leaves. No column comes or goes, which would make
 * every later look at the row several times dearer.
 */
function withText(row: StoredRow): ChangedRow {
  for (const column of ADDRESS_COLUMNS) {
    const hex = row[column];
    // SQLite's hex of NULL is ''.
    if (typeof hex === 'string') row[column] = hex === '' ? null : textOf(hex);
  }
  for (const column of COUNTS) {
    const count = row[column];
    if (typeof count === 'string') row[column] = BigInt(count);
  }
  return row as unknown as ChangedRow;
}
