import type { Database as Connection } from 'better-sqlite3';
import { type AddressRange, parseRange, rangeBounds } from '../facts/address-filter';

/** What `sessions` can be asked for. All that is given must hold. */
export interface SessionFilter {
  /** Sessions that still lasted at this time, epoch ms. */
  readonly from?: number;
  /** Sessions that began before this time, epoch ms. */
  readonly to?: number;
  /** Address or CIDR network of the initiator. */
  readonly src?: string;
  /** Address or CIDR network of the responder. */
  readonly dst?: string;
  /** Port of the responder. */
  readonly port?: number;
  readonly state?: 'open' | 'ended' | 'denied' | 'attempt';
  readonly encrypted?: 'yes' | 'no' | 'unknown';
  readonly networkDirection?: 'outbound' | 'inbound' | 'internal' | 'transit' | 'unknown';
  /** Name, id or host of the first candidate for its owner. */
  readonly owner?: string;
  /** Status of its verdict. */
  readonly status?: 'attributed' | 'ambiguous' | 'blind';
  /** Leaves out sessions that are another one behind a translation: one communication is listed once. */
  readonly withoutLegs?: boolean;
  /** At most this many, the latest first. */
  readonly limit: number;
}

/** A filter value that is no address, network, port or limit. `option` names it. */
export class SessionFilterError extends Error {
  readonly code = 'session_filter';

  constructor(
    readonly option: string,
    what: string,
  ) {
    super(`${option}: ${what}`);
    this.name = 'SessionFilterError';
  }
}

/** A row of the `session` view. Counters are exact: number up to 2^53, bigint above. */
export type SessionRow = Readonly<Record<string, string | number | bigint | Buffer | null>>;

/**
 * How many sessions of a network are looked up through its index and sorted. A network with more is so frequent that
 * walking back in time finds enough of it sooner.
 */
const SORTED = 20_000;

/**
 * The start index alone finds no session that began before the range and lasts into it. Those of more than a day have
 * a small index of their own, so it is enough to look back a day in the large one.
 */
const DAY_MS = 86_400_000;

interface Clause {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Columns of `verdict` that stand beside those of a session; absent where there is no verdict yet. */
const VERDICT_COLUMNS = [
  'status',
  'confidence',
  'owner_kind',
  'owner_id',
  'owner_name',
  'owner_host',
  'reasons',
  'source_ip',
  'source_port',
  'leg_of',
] as const;

/** Sessions that match with what was found of them (`VERDICT_COLUMNS`), the latest first. Throws `SessionFilterError` for a value that cannot be meant. */
export function findSessions(db: Connection, filter: SessionFilter): SessionRow[] {
  const { from, to, limit } = filter;
  if (!Number.isSafeInteger(limit) || limit < 1) throw new SessionFilterError('limit', 'must be a whole number from 1');
  const clauses = [...wordClauses(filter), ...addressClauses(db, filter), ...verdictClauses(filter)];
  if (to !== undefined) clauses.push({ sql: 'start < ?', values: [to] });
  if (from === undefined) return rows(db, numbers(db, clauses, limit));
  const lasting = { sql: '"end" >= ?', values: [from] };
  const found = numbers(db, [...clauses, lasting, { sql: 'start >= ?', values: [from - DAY_MS] }], limit);
  if (found.length < limit) {
    const long = { sql: `"end" - start > ${DAY_MS} AND start < ?`, values: [from - DAY_MS] };
    found.push(...numbers(db, [...clauses, lasting, long], limit - found.length));
  }
  return rows(db, found);
}

function numbers(db: Connection, clauses: readonly Clause[], limit: number): number[] {
  const where = clauses.length === 0 ? '' : `WHERE ${clauses.map(({ sql }) => sql).join(' AND ')}`;
  const sql = `SELECT num FROM session_row ${where} ORDER BY start DESC, num DESC LIMIT ?`;
  const values = clauses.flatMap(({ values }) => values);
  return db
    .prepare(sql)
    .pluck()
    .all(...values, limit) as number[];
}

function rows(db: Connection, found: readonly number[]): SessionRow[] {
  const row = db.prepare('SELECT * FROM session WHERE id = (SELECT id FROM session_row WHERE num = ?)').safeIntegers();
  const verdict = db.prepare(
    `SELECT ${VERDICT_COLUMNS.join(', ')} FROM verdict WHERE session = (SELECT id FROM session_row WHERE num = ?)`,
  );
  return found.map((num) => ({
    ...narrowed(row.get(num) as SessionRow),
    ...(verdict.get(num) as SessionRow | undefined),
  }));
}

/** Owners are few: their numbers are looked up once. A session's verdict is found by its number. */
function verdictClauses({ owner, status, withoutLegs }: SessionFilter): Clause[] {
  const clauses: Clause[] = [];
  if (owner !== undefined) {
    const of = 'SELECT num FROM owner_row WHERE id = ? OR name = ? OR host = ?';
    const sql = `num IN (SELECT session FROM verdict_row WHERE owner IN (${of}))`;
    clauses.push({ sql, values: [owner, owner, owner] });
  }
  if (status !== undefined) {
    clauses.push({ sql: verdictExists('v.status = ?'), values: [status] });
  }
  if (withoutLegs === true) clauses.push({ sql: `NOT ${verdictExists('v.leg_of IS NOT NULL')}`, values: [] });
  return clauses;
}

function verdictExists(condition: string): string {
  return `EXISTS (SELECT 1 FROM verdict_row v WHERE v.session = session_row.num AND ${condition})`;
}

function wordClauses({ port, state, encrypted, networkDirection }: SessionFilter): Clause[] {
  if (port !== undefined && !(Number.isSafeInteger(port) && port >= 0 && port <= 65_535)) {
    throw new SessionFilterError('port', 'must be a number from 0 to 65535');
  }
  const words = { dst_port: port, state, encrypted, network_direction: networkDirection };
  return Object.entries(words).flatMap(([column, value]) =>
    value === undefined ? [] : [{ sql: `${column} = ?`, values: [value] }],
  );
}

function addressClauses(db: Connection, filter: SessionFilter): Clause[] {
  const clauses: Clause[] = [];
  for (const column of ['src', 'dst'] as const) {
    const text = filter[column];
    if (text === undefined) continue;
    const range = parseRange(text);
    if (range === undefined) throw new SessionFilterError(column, `${text} is no address and no network`);
    clauses.push(addressClause(db, column, range));
  }
  return clauses;
}

/** The unary plus keeps SQLite from using the index on the column. */
function addressClause(db: Connection, column: 'src' | 'dst', range: AddressRange): Clause {
  const [first, last] = rangeBounds(range);
  if (first.equals(last)) return { sql: `${column} = ?`, values: [first] };
  const rare = isRare(db, column, first, last);
  const name = rare ? column : `+${column}`;
  return { sql: `${name} BETWEEN ? AND ? AND length(${column}) = ?`, values: [first, last, first.length] };
}

function isRare(db: Connection, column: 'src' | 'dst', first: Buffer, last: Buffer): boolean {
  const sql = `SELECT count(*) FROM (SELECT 1 FROM session_row WHERE ${column} BETWEEN ? AND ? LIMIT ?)`;
  return (db.prepare(sql).pluck().get(first, last, SORTED) as number) < SORTED;
}

/** Integers that are exact as numbers become numbers. */
export function narrowed(row: SessionRow): SessionRow {
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === 'bigint' && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value,
  ]);
  return Object.fromEntries(entries) as SessionRow;
}
