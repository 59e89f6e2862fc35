import type { Database as Connection } from 'better-sqlite3';
import { addressTextSql } from '../facts/address-sql';

/** A value that observation suggests, and what it rests on. */
export interface Proposal {
  readonly element: string;
  readonly value: string;
  readonly sessions: number;
  readonly owners: number;
  readonly first: number;
  readonly last: number;
}

const MOST = 50;

/** What one owner does that its role may explain: a rhythm with a destination, or sessions to a port that no service is known on. */
export interface RoleHabit extends Omit<Proposal, 'owners'> {
  readonly name: string;
  readonly host: string;
}

const MOST_HABITS = 20_000;

/** Habits of single owners, to be added up by role. */
export function roleHabits(db: Connection, since: number): RoleHabit[] {
  const queries: readonly [element: string, sql: string][] = [
    [
      'BenignDestinations',
      `SELECT u.name, u.host, ${addressTextSql('r.dst')} AS value, sum(b.sessions) AS sessions, min(b."from") AS first,
      max(b."to") AS last FROM beacon_row b JOIN series_row r ON r.num = b.series JOIN subject_row u ON u.num = r.subject
      WHERE b.answer = 'beacon' AND b."to" >= @since GROUP BY r.owner, r.dst`,
    ],
    [
      'PortProfiles',
      `SELECT o.name, o.host, CAST(s.dst_port AS TEXT) AS value, count(*) AS sessions, min(s.start) AS first,
      max(s.start) AS last FROM owner_row o JOIN verdict_row v ON v.owner = o.num JOIN session_row s ON s.num = v.session
      WHERE s.start >= @since AND s.encrypted_by = 'unknown_port' AND s.network_direction = 'outbound'
      GROUP BY o.id, s.dst_port`,
    ],
  ];
  return queries.flatMap(([element, sql]) =>
    (
      db.prepare(`${sql} ORDER BY sessions DESC LIMIT ${MOST_HABITS}`).all({ since }) as Omit<RoleHabit, 'element'>[]
    ).map((row) => ({ element, ...row })),
  );
}

/**
 * Destinations and ports of ESXi services, unknown ports that many owners use, and destinations that most owners talk with. A proposal is what
 * was seen, not what is right: malware that is already there is seen too.
 */
export function baselineProposals(db: Connection, since: number): Proposal[] {
  const service = `FROM owner_row o JOIN verdict_row v ON v.owner = o.num JOIN session_row s ON s.num = v.session
    WHERE o.kind = 'service' AND s.start >= @since AND s.state NOT IN ('denied', 'attempt')`;
  const totals = 'count(*) AS sessions, count(DISTINCT o.id) AS owners, min(s.start) AS first, max(s.start) AS last';
  const queries: readonly [element: string, sql: string][] = [
    ['AllowedMgmtHosts', `SELECT ${addressTextSql('s.dst')} AS value, ${totals} ${service} GROUP BY s.dst`],
    [
      'ESXiAllowedPorts',
      `SELECT CAST(s.dst_port AS TEXT) AS value, ${totals} ${service} AND s.dst_port > 0 GROUP BY s.dst_port`,
    ],
    [
      'PortProfiles',
      `SELECT CAST(s.dst_port AS TEXT) AS value, ${totals} FROM owner_row o JOIN verdict_row v ON v.owner = o.num
      JOIN session_row s ON s.num = v.session WHERE s.start >= @since AND s.encrypted_by = 'unknown_port'
      AND s.network_direction = 'outbound' GROUP BY s.dst_port HAVING count(DISTINCT o.id) > 2`,
    ],
    [
      'BenignDestinations',
      `SELECT ${addressTextSql('r.dst')} AS value, sum(b.sessions) AS sessions, count(DISTINCT r.owner) AS owners,
      min(b."from") AS first, max(b."to") AS last FROM beacon_row b JOIN series_row r ON r.num = b.series
      WHERE b.answer = 'beacon' AND b."to" >= @since GROUP BY r.dst HAVING count(DISTINCT r.owner) > 2`,
    ],
  ];
  return queries.flatMap(([element, sql]) =>
    (
      db.prepare(`${sql} ORDER BY owners DESC, sessions DESC, 1 LIMIT ${MOST}`).all({ since }) as Omit<
        Proposal,
        'element'
      >[]
    ).map((row) => ({ element, ...row })),
  );
}
