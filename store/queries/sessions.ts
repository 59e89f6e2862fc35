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

/** Sessions of a port that are looked through one by one. */
const FEW = 1000;

/**
 * The start index alone finds no session that began before the range and lasts into it. Those of more than a day have
 * a small index of their own, so it is enough to look back a day in the large one.
 */
const DAY_MS = 86_400_000;

interface Clause {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Where sessions are looked for by what was found of them: values of an indexed column of `verdict_row`. */
interface ByVerdict {
  readonly column: 'owner' | 'status';
  readonly values: readonly (string | number)[];
}

interface Place {
  readonly num: number;
  readonly start: number;
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

/** Whether any session is kept. */
export function hasSessions(db: Connection): boolean {
  return db.prepare('SELECT 1 FROM session_row LIMIT 1').get() !== undefined;
}

/** Sessions that match with what was found of them (`VERDICT_COLUMNS`), the latest first. Throws `SessionFilterError` for a value that cannot be meant. */
export function findSessions(db: Connection, filter: SessionFilter): SessionRow[] {
  const { from, to, limit } = filter;
  if (!Number.isSafeInteger(limit) || limit < 1) throw new SessionFilterError('limit', 'must be a whole number from 1');
  const byPort = isRarePort(db, filter.port);
  const addresses = addressClauses(db, filter, !byPort);
  const byAddress = addresses.areRare && !byPort;
  const clauses = [...wordClauses(filter, byAddress), ...addresses.clauses, ...verdictClauses(filter)];
  const byVerdict = byAddress || byPort ? undefined : verdictsOf(db, filter);
  const began = { from: from === undefined ? undefined : from - DAY_MS, to };
  if (from === undefined) return rows(db, places(db, clauses, began, limit, byVerdict));
  const lasting = { sql: 's."end" >= ?', values: [from] };
  const found = places(db, [...clauses, lasting], began, limit, byVerdict);
  if (found.length < limit) {
    const long = { sql: `s."end" - s.start > ${DAY_MS}`, values: [] };
    const before = { from: undefined, to: from - DAY_MS };
    found.push(...places(db, [...clauses, lasting, long], before, limit - found.length, undefined));
  }
  return rows(db, found);
}

interface Began {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** The latest sessions that match, by the index that leads to the fewest: of sessions, or of an owner's or status's verdicts. */
function places(
  db: Connection,
  clauses: readonly Clause[],
  began: Began,
  limit: number,
  byVerdict: ByVerdict | undefined,
): Place[] {
  if (byVerdict === undefined) {
    const all = [...clauses, ...beganClauses('s', began)];
    const sql = `SELECT s.num, s.start FROM session_row s ${where(all)}
      ORDER BY s.start DESC, s.num DESC LIMIT ?`;
    return select(db, sql, all, limit);
  }
  const { column, values } = byVerdict;
  let found: Place[] = [];
  for (const value of values) {
    // Sessions before the last of those found do not matter any more.
    const last = found.length === limit ? found.at(-1) : undefined;
    const narrower = last === undefined ? began : { ...began, from: Math.max(last.start, began.from ?? last.start) };
    const all = [{ sql: `v.${column} = ?`, values: [value] }, ...beganClauses('v', narrower), ...clauses];
    const sql = `SELECT v.session AS num, v.start FROM verdict_row v INDEXED BY verdict_by_${column}
      CROSS JOIN session_row s ON s.num = v.session ${where(all)} ORDER BY v.start DESC, v.session DESC LIMIT ?`;
    found = [...found, ...select(db, sql, all, limit)].sort(latestFirst).slice(0, limit);
  }
  return found;
}

function select(db: Connection, sql: string, clauses: readonly Clause[], limit: number): Place[] {
  return db.prepare(sql).all(...clauses.flatMap(({ values }) => values), limit) as Place[];
}

function where(clauses: readonly Clause[]): string {
  return clauses.length === 0 ? '' : `WHERE ${clauses.map(({ sql }) => sql).join(' AND ')}`;
}

function beganClauses(table: 's' | 'v', { from, to }: Began): Clause[] {
  return [
    ...(from === undefined ? [] : [{ sql: `${table}.start >= ?`, values: [from] }]),
    ...(to === undefined ? [] : [{ sql: `${table}.start < ?`, values: [to] }]),
  ];
}

function latestFirst(a: Place, b: Place): number {
  return b.start - a.start || b.num - a.num;
}

/** An owner has fewer sessions than any word; a status alone is found by its index, for the rare ones. */
function verdictsOf(db: Connection, filter: SessionFilter): ByVerdict | undefined {
  const { owner, status, port, state, encrypted, networkDirection } = filter;
  if (owner !== undefined) {
    const sql = `SELECT num FROM owner_row WHERE id = ? UNION SELECT num FROM owner_row WHERE name = ?
      UNION SELECT num FROM owner_row WHERE host = ?`;
    return { column: 'owner', values: db.prepare(sql).pluck().all(owner, owner, owner) as number[] };
  }
  const others = [port, state, encrypted, networkDirection];
  if (status === undefined || others.some((value) => value !== undefined)) return undefined;
  return { column: 'status', values: [status] };
}

function rows(db: Connection, found: readonly Place[]): SessionRow[] {
  const row = db.prepare('SELECT * FROM session WHERE id = (SELECT id FROM session_row WHERE num = ?)').safeIntegers();
  const verdict = db.prepare(
    `SELECT ${VERDICT_COLUMNS.join(', ')} FROM verdict WHERE session = (SELECT id FROM session_row WHERE num = ?)`,
  );
  return found.map(({ num }) => ({
    ...narrowed(row.get(num) as SessionRow),
    ...(verdict.get(num) as SessionRow | undefined),
  }));
}

function verdictClauses({ owner, status, withoutLegs }: SessionFilter): Clause[] {
  const clauses: Clause[] = [];
  if (owner !== undefined) {
    const of = 'SELECT num FROM owner_row WHERE id = ? OR name = ? OR host = ?';
    clauses.push({ sql: verdictExists(`v.owner IN (${of})`), values: [owner, owner, owner] });
  }
  if (status !== undefined) clauses.push({ sql: verdictExists('v.status = ?'), values: [status] });
  if (withoutLegs === true) clauses.push({ sql: `NOT ${verdictExists('v.leg_of IS NOT NULL')}`, values: [] });
  return clauses;
}

function verdictExists(condition: string): string {
  return `EXISTS (SELECT 1 FROM verdict_row v WHERE v.session = s.num AND ${condition})`;
}

/**
 * Equal to a word are few or nearly all sessions: SQLite cannot tell. A rare address leads to fewer than any word, a port to
 * fewer than the other words; the unary plus keeps SQLite from using the index on a column.
 */
function wordClauses(filter: SessionFilter, areAddressesRare: boolean): Clause[] {
  const { port, state, encrypted, networkDirection } = filter;
  if (port !== undefined && !(Number.isSafeInteger(port) && port >= 0 && port <= 65_535)) {
    throw new SessionFilterError('port', 'must be a number from 0 to 65535');
  }
  const words = { dst_port: port, state, encrypted, network_direction: networkDirection };
  return Object.entries(words).flatMap(([column, value]) => {
    if (value === undefined) return [];
    const isUsed = !areAddressesRare && (port === undefined || column === 'dst_port');
    return [{ sql: `${isUsed ? '' : '+'}s.${column} = ?`, values: [value] }];
  });
}

/** `mayLead`: whether an index on an address may be used. `areRare`: few enough sessions have one of the addresses to be looked up and sorted. */
function addressClauses(
  db: Connection,
  filter: SessionFilter,
  mayLead: boolean,
): { clauses: Clause[]; areRare: boolean } {
  const clauses: Clause[] = [];
  let areRare = false;
  for (const column of ['src', 'dst'] as const) {
    const text = filter[column];
    if (text === undefined) continue;
    const range = parseRange(text);
    if (range === undefined) throw new SessionFilterError(column, `${text} is no address and no network`);
    const [first, last] = rangeBounds(range);
    const rare = mayLead && isRare(db, column, first, last);
    clauses.push(addressClause(column, range, rare, mayLead));
    areRare ||= rare;
  }
  return { clauses, areRare };
}

/** The unary plus keeps SQLite from using the index on the column. */
function addressClause(column: 'src' | 'dst', range: AddressRange, rare: boolean, mayLead: boolean): Clause {
  const [first, last] = rangeBounds(range);
  if (first.equals(last)) return { sql: `${mayLead ? '' : '+'}s.${column} = ?`, values: [first] };
  const name = rare ? `s.${column}` : `+s.${column}`;
  return { sql: `${name} BETWEEN ? AND ? AND length(s.${column}) = ?`, values: [first, last, first.length] };
}

/** A port with so few sessions leads to fewer than anything else. */
function isRarePort(db: Connection, port: number | undefined): boolean {
  if (port === undefined) return false;
  const sql = 'SELECT count(*) FROM (SELECT 1 FROM session_row WHERE dst_port = ? LIMIT ?)';
  return (db.prepare(sql).pluck().get(port, FEW) as number) < FEW;
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
