import type { Database as Connection } from 'better-sqlite3';
import { SEVERITIES } from '../analysis/finding-store';
import { prepared } from './prepared';
import { narrowed, type SessionRow } from './sessions';

/** What `findings` can be asked for. All that is given must hold. */
export interface FindingFilter {
  /** Last seen at or after this time, epoch ms. */
  readonly from?: number;
  /** First seen before this time, epoch ms. */
  readonly to?: number;
  /** Id or name of the owner, or its host. */
  readonly owner?: string;
  /** ATT&CK id of the analytic, its strategy or a technique. */
  readonly analytic?: string;
  /** At least this severe. */
  readonly severity?: (typeof SEVERITIES)[number];
  /** Also what approved changes cover, and what later evidence took back. */
  readonly all?: boolean;
  /** At most this many, the most severe and latest first. */
  readonly limit: number;
}

/** A row of the `finding` view. */
export type FindingRow = SessionRow;

const ORDER = `CASE severity ${SEVERITIES.map((name, i) => `WHEN '${name}' THEN ${i}`).join(' ')} END`;

/** Findings that match, the most severe first, of equal ones the latest. */
export function findFindings(db: Connection, filter: FindingFilter): FindingRow[] {
  const { from, to, owner, analytic, severity, all = false, limit } = filter;
  const given: [string, readonly unknown[] | undefined][] = [
    ['last_seen >= ?', from === undefined ? undefined : [from]],
    ['first_seen < ?', to === undefined ? undefined : [to]],
    ['(owner_id = ? OR owner_name = ? OR owner_host = ?)', owner === undefined ? undefined : [owner, owner, owner]],
    [
      `(analytic = ? OR strategy = ? OR ' ' || techniques || ' ' LIKE '% ' || ? || ' %')`,
      analytic === undefined ? undefined : [analytic, analytic, analytic],
    ],
    [`${ORDER} >= ?`, severity === undefined ? undefined : [SEVERITIES.indexOf(severity)]],
    [`approved_by = '' AND matches > 0`, all ? undefined : []],
  ];
  const used = given.filter(([, values]) => values !== undefined);
  const where = used.length === 0 ? '' : `WHERE ${used.map(([sql]) => sql).join(' AND ')}`;
  return db
    .prepare(`SELECT * FROM finding ${where} ORDER BY ${ORDER} DESC, last_seen DESC, id LIMIT ?`)
    .safeIntegers()
    .all(...used.flatMap(([, values]) => values ?? []), limit)
    .map((row) => narrowed(row as SessionRow));
}

/** One finding with what it rests on. */
export interface FindingDetail {
  readonly finding: FindingRow;
  /** Rows of `finding_match`, the latest first. */
  readonly matches: readonly SessionRow[];
}

/** The finding with this id, or the one whose id begins so; undefined when there is none or more than one. */
export function findingDetail(db: Connection, id: string, matchLimit = 100): FindingDetail | undefined {
  if (!/^[0-9a-f]{4,16}$/.test(id)) return undefined;
  const found = prepared(db, `SELECT * FROM finding WHERE id GLOB ? || '*' LIMIT 2`, 'exact').all(id);
  const [row] = found;
  if (row === undefined || found.length > 1) return undefined;
  const finding = narrowed(row as SessionRow);
  const matches = prepared(
    db,
    'SELECT * FROM finding_match WHERE finding = ? ORDER BY at DESC, session LIMIT ?',
    'exact',
  )
    .all(finding['id'], matchLimit)
    .map((match) => narrowed(match as SessionRow));
  return { finding, matches };
}

/** At most `limit` findings with a revision above `revision`, in the order of their change: what a follower reads. */
export function findingsAfter(db: Connection, revision: number, limit: number): FindingRow[] {
  return db
    .prepare('SELECT * FROM finding WHERE revision > ? ORDER BY revision LIMIT ?')
    .safeIntegers()
    .all(revision, limit)
    .map((row) => narrowed(row as SessionRow));
}
