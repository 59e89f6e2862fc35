import type { Database as Connection } from 'better-sqlite3';
import { addressTextSql } from '../facts/address-sql';
import { prepared } from './prepared';
import { narrowed, type SessionRow } from './sessions';

/** What was found of one session: rows of the public views. */
export interface VerdictDetail {
  /** Its row of `verdict`. */
  readonly verdict: SessionRow;
  /** Rows of `verdict_owner`, the heaviest first. */
  readonly owners: readonly SessionRow[];
  /** Rows of `verdict_step`, from the session to its owner; `raw_seqs` is a JSON array. */
  readonly steps: readonly SessionRow[];
  /** Ids of the sessions that are the same communication behind a translation. */
  readonly legs: readonly string[];
}

/** The verdict of the session with this id; undefined when there is none (yet). */
export function verdictDetail(db: Connection, session: string): VerdictDetail | undefined {
  const all = (view: string): SessionRow[] =>
    prepared(db, `SELECT * FROM ${view} WHERE session = ? ORDER BY number`, 'exact')
      .all(session)
      .map((row) => narrowed(row as SessionRow));
  const row = prepared(db, 'SELECT * FROM verdict WHERE session = ?', 'exact').get(session);
  if (row === undefined) return undefined;
  const legs = prepared(
    db,
    `SELECT l.id FROM verdict_row v INDEXED BY verdict_by_leg CROSS JOIN session_row l ON l.num = v.session
      WHERE v.leg_of = (SELECT num FROM session_row WHERE id = ?) ORDER BY l.num`,
    'first',
  ).all(session) as string[];
  return { verdict: narrowed(row as SessionRow), owners: all('verdict_owner'), steps: all('verdict_step'), legs };
}

/**
 * At most `limit` rows of `verdict` with a revision above `revision`, in the order of their change: what a follower
 * (findings, forwarders) reads. A verdict that changed twice is told once, as it is now.
 */
export function verdictsAfter(db: Connection, revision: number, limit: number): SessionRow[] {
  const numbers = db
    .prepare('SELECT session FROM verdict_row WHERE revision > ? ORDER BY revision LIMIT ?')
    .pluck()
    .all(revision, limit) as number[];
  const row = db.prepare('SELECT * FROM verdict WHERE session = (SELECT id FROM session_row WHERE num = ?)');
  return numbers.map((num) => narrowed(row.safeIntegers().get(num) as SessionRow));
}

/** An owner, over all its names and hosts. */
export interface OwnerFound {
  readonly kind: string;
  readonly id: string;
  /** Each name and host it had, with the sessions of which it is the first candidate. */
  readonly names: readonly string[];
  readonly hosts: readonly string[];
  readonly sessions: number;
  readonly firstStart: number | undefined;
  readonly lastStart: number | undefined;
  /** Numbers of its rows in `owner_row`. */
  readonly numbers: readonly number[];
}

/** Owners that are called so: by id, by name or, for all that ran on it, by host. Exact, then as a beginning of the name. */
export function findOwners(db: Connection, text: string, limit: number): OwnerFound[] {
  let ids = ownerIds(db, 'id = ? OR name = ? OR host = ?', [text, text, text], limit);
  if (ids.length === 0) {
    const pattern = `${text.replaceAll(/[\\%_]/gu, String.raw`\$&`)}%`;
    ids = ownerIds(db, String.raw`name LIKE ? ESCAPE '\' OR id LIKE ? ESCAPE '\'`, [pattern, pattern], limit);
  }
  return ids.map((id) => ownerOf(db, id));
}

/** Addresses from which owners (numbers of `owner_row`) began sessions: `source_ip`, `first`, `last` start and `sessions`. */
export function addressesOf(db: Connection, numbers: readonly number[]): SessionRow[] {
  if (numbers.length === 0) return [];
  const sql = `SELECT ${addressTextSql('source')} AS source_ip, min(start) AS first, max(start) AS last, count(*) AS sessions
    FROM verdict_row WHERE owner IN (${numbers.map(() => '?').join(', ')}) AND source IS NOT NULL
    GROUP BY source ORDER BY min(start), source LIMIT 1000`;
  return db.prepare(sql).all(numbers) as SessionRow[];
}

function ownerIds(db: Connection, where: string, values: readonly string[], limit: number): string[] {
  const sql = `SELECT DISTINCT id FROM owner_row WHERE ${where} ORDER BY id LIMIT ?`;
  return db
    .prepare(sql)
    .pluck()
    .all(...values, limit) as string[];
}

function ownerOf(db: Connection, id: string): OwnerFound {
  const rows = db
    .prepare(
      `SELECT o.num, o.kind, o.name, o.host, (SELECT count(*) FROM verdict_row v WHERE v.owner = o.num) AS sessions,
      (SELECT min(v.start) FROM verdict_row v WHERE v.owner = o.num) AS first,
      (SELECT max(v.start) FROM verdict_row v WHERE v.owner = o.num) AS last
      FROM owner_row o WHERE o.id = ? ORDER BY o.num`,
    )
    .all(id) as {
    num: number;
    kind: string;
    name: string;
    host: string;
    sessions: number;
    first: number | null;
    last: number | null;
  }[];
  const starts = (member: 'first' | 'last'): number[] => rows.flatMap((row) => row[member] ?? []);
  return {
    kind: rows[0]?.kind ?? 'unknown',
    id,
    names: [...new Set(rows.map(({ name }) => name))],
    hosts: [...new Set(rows.map(({ host }) => host))].filter((host) => host !== ''),
    sessions: rows.reduce((sum, { sessions }) => sum + sessions, 0),
    firstStart: starts('first').length === 0 ? undefined : Math.min(...starts('first')),
    lastStart: starts('last').length === 0 ? undefined : Math.max(...starts('last')),
    numbers: rows.map(({ num }) => num),
  };
}
