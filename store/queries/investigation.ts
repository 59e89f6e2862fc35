import type { Database as Connection } from 'better-sqlite3';
import { addressTextSql } from '../facts/address-sql';
import { narrowed, type SessionRow } from './sessions';

/** The latest sessions a finding rests on, with their verdict. */
export function sessionsOfFinding(db: Connection, finding: string, limit: number): SessionRow[] {
  return all(
    db,
    `SELECT s.*, v.status, v.confidence, v.owner_name, v.reasons AS verdict_reasons, v.rule_device, v.rule_name, v.rule_id,
      v.rule_line, v.rule_text, v.rule_author, v.rule_committed_at
    FROM finding_row f JOIN finding_match_row m ON m.finding = f.num
    LEFT JOIN series_session_row q ON m.origin = 'series' AND q.series = m.origin_num
    JOIN session_row r ON r.num = CASE m.origin WHEN 'session' THEN m.origin_num WHEN 'series' THEN q.session END
    JOIN session s ON s.id = r.id JOIN verdict v ON v.session = s.id
    WHERE f.id = ? ORDER BY s.start DESC LIMIT ?`,
    [finding, limit],
  );
}

/** Events a finding rests on or was joined with. */
export function changesOfFinding(db: Connection, finding: string, limit: number): SessionRow[] {
  return all(
    db,
    `SELECT DISTINCT c.* FROM finding_row f JOIN finding_match_row m ON m.finding = f.num
    JOIN change_row c ON (m.origin = 'change' AND c.num = m.origin_num)
      OR c.num IN (SELECT value FROM json_each(m.changes))
    WHERE f.id = ? ORDER BY c.at DESC LIMIT ?`,
    [finding, limit],
  );
}

/** Sessions of a destination or an owner that are looked at: the latest. A large site has millions with one. */
export const MOST_LOOKED_AT = 2000;

/** Destinations of one network that are looked at, and sessions of each that are counted. */
const MOST_NEIGHBOURS = 256;
const MOST_COUNTED = 200;

/** Who talks with an address, by its latest sessions (`MOST_LOOKED_AT`): owners, sessions, first and last. `looked`: sessions looked at. */
export function ownersOfDestination(db: Connection, destination: string, limit: number): SessionRow[] {
  return all(
    db,
    `WITH latest(num, start) AS MATERIALIZED (SELECT num, start FROM session_row INDEXED BY session_by_dst
      WHERE dst = ? ORDER BY start DESC LIMIT ${MOST_LOOKED_AT})
    SELECT o.kind AS owner_kind, o.id AS owner_id, max(o.name) AS owner_name, count(*) AS sessions, min(s.start) AS first,
      max(s.start) AS last, (SELECT count(*) FROM latest) AS looked
    FROM latest s JOIN verdict_row v ON v.session = s.num JOIN owner_row o ON o.num = v.owner
    GROUP BY o.id ORDER BY sessions DESC, o.id LIMIT ?`,
    [Buffer.from(destination, 'hex'), limit],
  );
}

/** What an owner usually does, by its latest sessions (`MOST_LOOKED_AT`): destination ports, the commonest first. */
export function servicesOfOwner(db: Connection, owner: string, limit: number): SessionRow[] {
  const nums = ownerNums(db, owner);
  const latest = nums.map(
    () => `SELECT * FROM (SELECT session FROM verdict_row INDEXED BY verdict_by_owner WHERE owner = ? ORDER BY start DESC
      LIMIT ${MOST_LOOKED_AT})`,
  );
  if (nums.length === 0) return [];
  return all(
    db,
    `SELECT s.dst_port, s.protocol, max(s.service) AS service, count(*) AS sessions, count(DISTINCT s.dst) AS destinations,
      min(s.start) AS first FROM (${latest.join(' UNION ALL ')}) l JOIN session_row s ON s.num = l.session
    GROUP BY s.dst_port, s.protocol ORDER BY sessions DESC, s.dst_port LIMIT ?`,
    [...nums, limit],
  );
}

/** Names and hosts that an owner had in turn stand for it, each with a number; the latest of many. */
function ownerNums(db: Connection, owner: string): number[] {
  return db.prepare('SELECT num FROM owner_row WHERE id = ? ORDER BY num DESC LIMIT 16').pluck().all(owner) as number[];
}

/** Other destinations of the same /24 or /48 that anybody talks with: one probe of the index for each, and its sessions up to a few hundred. */
export function neighboursOfDestination(db: Connection, destination: string, limit: number): SessionRow[] {
  const length = destination.length === 8 ? 3 : 6;
  const address = Buffer.from(destination, 'hex');
  const [first, last] = [Buffer.from(address), Buffer.from(address)];
  first.fill(0, length);
  last.fill(255, length);
  return all(
    db,
    `WITH RECURSIVE near(dst) AS (SELECT min(dst) FROM session_row WHERE dst >= ? AND dst <= ?
      UNION ALL SELECT (SELECT min(dst) FROM session_row WHERE dst > near.dst AND dst <= ?) FROM near
      WHERE near.dst IS NOT NULL LIMIT ${MOST_NEIGHBOURS})
    SELECT dst, ${addressTextSql('dst')} AS dst_ip,
      (SELECT count(*) FROM (SELECT 1 FROM session_row s WHERE s.dst = near.dst LIMIT ${MOST_COUNTED})) AS sessions,
      (SELECT min(s.start) FROM session_row s WHERE s.dst = near.dst) AS first
    FROM near WHERE dst IS NOT NULL AND length(dst) = ? AND dst <> ? ORDER BY sessions DESC, dst LIMIT ?`,
    [first, last, last, address.length, address, limit],
  );
}

/** Other findings of the same owner or on the same host. */
export function otherFindings(db: Connection, finding: SessionRow, limit: number): SessionRow[] {
  return all(
    db,
    `SELECT * FROM finding WHERE id <> ? AND matches > 0
    AND (owner_id = ? OR (owner_host <> '' AND owner_host = ?) OR key = ?) ORDER BY last_seen DESC LIMIT ?`,
    [finding['id'], finding['owner_id'], finding['owner_host'], finding['key'], limit],
  );
}

/** Logins and changes on a device within a time, the latest first. */
export function changesOnDevice(db: Connection, device: string, from: number, to: number, limit: number): SessionRow[] {
  return all(
    db,
    'SELECT * FROM change_row WHERE device = ? AND at BETWEEN ? AND ? AND own = 0 ORDER BY at DESC LIMIT ?',
    [device, from, to, limit],
  );
}

/** Sessions of an owner with a destination after a time, of the latest with it (`MOST_LOOKED_AT`): whether it has stopped. */
export function sessionsSince(db: Connection, owner: string, destination: string, since: number): number {
  const sql = `SELECT count(*) FROM (SELECT num FROM session_row INDEXED BY session_by_dst WHERE dst = ? AND start > ?
      ORDER BY start DESC LIMIT ${MOST_LOOKED_AT}) s
    JOIN verdict_row v ON v.session = s.num JOIN owner_row o ON o.num = v.owner WHERE o.id = ?`;
  return db.prepare(sql).pluck().get(Buffer.from(destination, 'hex'), since, owner) as number;
}

/** Measured clocks, newest of each device. */
export function clocks(db: Connection): SessionRow[] {
  return all(
    db,
    'SELECT device, kind, max("from") AS "from", "offset", residual, samples FROM clock GROUP BY device, kind',
    [],
  );
}

function all(db: Connection, sql: string, values: readonly unknown[]): SessionRow[] {
  return db
    .prepare(sql)
    .safeIntegers()
    .all(...values)
    .map((row) => narrowed(row as SessionRow));
}
