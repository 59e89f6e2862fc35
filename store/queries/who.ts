import type { Database as Connection } from 'better-sqlite3';
import { canonicalAddress } from '../../normalizer/model/address';
import { PROTOCOL_NAMES } from '../../normalizer/model/protocol-names.data';
import { BINDING_COLUMNS } from '../analysis/binding-schema.data';
import type { BindingRowFound } from './bindings';
import { narrowed, type SessionRow } from './sessions';

/** Whose bindings are asked for: an address, perhaps with a translated port, or a MAC address. */
export interface Holder {
  /** Canonical text of an address, or a MAC in lower case with colons. */
  readonly name: string;
  readonly kind: 'ip' | 'mac';
  readonly port?: number;
  /** As binding keys spell it: `TCP`. */
  readonly protocol?: string;
}

/** What is asked of a holder. */
export interface WhoQuery {
  readonly holder: Holder;
  readonly scope?: string;
  /** Only intervals that may have held then, epoch ms; absent: all. */
  readonly at?: number;
  readonly limit: number;
}

const ADDRESS_AND_PORT = /^\[([0-9a-fA-F:.]+)\](?::(\d{1,5}))?$|^([\d.]+):(\d{1,5})$/u;
const MAC =
  /^(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$|^[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}$|^[0-9a-f]{12}$/iu;

/** Names that an address was given for, or asked for, hold nothing. */
const HOLDS = `b.relation NOT IN ('ip-name', 'ip-query')`;

/** How translations may name their protocol, beside IANA's names. */
const OTHER_PROTOCOLS = ['IP', 'ICMPV6'];
const PROTOCOLS = [
  ...new Set([...OTHER_PROTOCOLS, ...Object.values(PROTOCOL_NAMES).map((name) => name.toUpperCase())]),
];

/** Reads `ADDR[:PORT][/PROTO]` (an IPv6 address with a port in brackets) or a MAC in any usual form; undefined for other text. */
export function parseHolder(text: string): Holder | undefined {
  const slash = text.lastIndexOf('/');
  const protocol = slash < 0 ? undefined : protocolName(text.slice(slash + 1));
  if (slash >= 0 && protocol === undefined) return undefined;
  const place = slash < 0 ? text : text.slice(0, slash);
  if (MAC.test(place)) {
    const digits = place.replaceAll(/[^0-9a-f]/giu, '').toLowerCase();
    return slash < 0 ? { name: digits.replaceAll(/(..)(?=.)/gu, '$1:'), kind: 'mac' } : undefined;
  }
  const match = ADDRESS_AND_PORT.exec(place);
  const name = canonicalAddress(match?.[1] ?? match?.[3] ?? place);
  const digits = match?.[2] ?? match?.[4];
  const port = digits === undefined ? undefined : Number(digits);
  if (name === undefined || (port !== undefined && port > 65_535)) return undefined;
  return { name, kind: 'ip', ...(port !== undefined && { port }), ...(protocol !== undefined && { protocol }) };
}

function protocolName(text: string): string | undefined {
  const byNumber = /^\d{1,3}$/u.test(text) ? (PROTOCOL_NAMES[Number(text)] ?? text) : undefined;
  if (byNumber !== undefined) return byNumber.toUpperCase();
  return PROTOCOLS.find((name) => name === text.toUpperCase());
}

/** Binding intervals that name the holder on either side, those that surely held then first, then the latest. */
export function bindingsOf(db: Connection, query: WhoQuery): BindingRowFound[] {
  const { holder, limit } = query;
  const found = new Map<unknown, BindingRowFound>();
  const take = (rows: readonly BindingRowFound[]): void => {
    for (const row of rows) found.set(row['num'], row);
  };
  const names = exactNames(holder);
  take(select(db, query, `b.key IN (${names.keys.map(() => '?').join(', ')})`, names.keys));
  take(select(db, query, `b.value IN (${names.values.map(() => '?').join(', ')})`, names.values));
  if (holder.kind === 'ip') {
    // `ADDRESS:FIRST-LAST` lies between `ADDRESS:` and `ADDRESS;`.
    const blocks = select(db, query, `b.relation = 'nat-block' AND b.key > ? AND b.key < ?`, [
      `${holder.name}:`,
      `${holder.name};`,
    ]);
    take(blocks.filter((row) => blockHolds(String(row['key']), holder)));
  }
  return [...found.values()].sort((a, b) => rank(a, query.at) - rank(b, query.at) || latest(a, b)).slice(0, limit);
}

/** Whether a single translated port or static translation of the address would have to be named to be found. */
export function isTranslated(db: Connection, { name, kind }: Holder): boolean {
  if (kind !== 'ip') return false;
  const host = bracketed(name);
  const probe = db.prepare('SELECT 1 FROM binding_row WHERE key > ? AND key < ? LIMIT 1').pluck();
  return PROTOCOLS.some((protocol) => probe.get(`${protocol}:${host}:`, `${protocol}:${host};`) !== undefined);
}

/** Whether an interval surely held at a time, or only may have. */
export function heldSurely(row: BindingRowFound, at: number): boolean {
  return Number(row['valid_from_hi']) <= at && at <= Number(row['valid_to_lo']);
}

function exactNames({ name, kind, port, protocol }: Holder): { keys: string[]; values: string[] } {
  if (kind === 'mac') return { keys: [name], values: [name] };
  const host = bracketed(name);
  const protocols = protocol === undefined ? PROTOCOLS : [protocol, 'IP'];
  const plain = [...new Set([name, host])];
  const withPort = port === undefined ? [] : [`${host}:${port}`];
  const places = [host, ...withPort];
  return {
    keys: [...plain, ...withPort, ...places.flatMap((place) => protocols.map((word) => `${word}:${place}`))],
    values: [...plain, ...withPort],
  };
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** The text behind the address must be a range of ports, and hold the port when one is asked for. */
function blockHolds(key: string, { name, port }: Holder): boolean {
  const match = /^(\d{1,5})-(\d{1,5})$/u.exec(key.slice(name.length + 1));
  if (match === null) return false;
  return port === undefined || (Number(match[1]) <= port && port <= Number(match[2]));
}

function select(
  db: Connection,
  { scope, at, limit }: WhoQuery,
  where: string,
  values: readonly string[],
): BindingRowFound[] {
  const inScope = scope === undefined ? '' : 'AND b.scope = ?';
  const inTime = at === undefined ? '' : 'AND b.valid_from_lo <= ? AND b.valid_to_hi >= ?';
  const sql = `SELECT ${BINDING_COLUMNS}, b.series, b.num FROM binding_row b WHERE ${where} AND ${HOLDS} ${inScope} ${inTime}
    ORDER BY b.valid_from_hi DESC, b.num DESC LIMIT ?`;
  const given = [...values, ...(scope === undefined ? [] : [scope]), ...(at === undefined ? [] : [at, at]), limit];
  return db
    .prepare(sql)
    .safeIntegers()
    .all(...given)
    .map((row) => narrowed(row as SessionRow));
}

function rank(row: BindingRowFound, at: number | undefined): number {
  return at === undefined || heldSurely(row, at) ? 0 : 1;
}

function latest(a: BindingRowFound, b: BindingRowFound): number {
  return Number(b['valid_from_hi']) - Number(a['valid_from_hi']) || Number(b['num']) - Number(a['num']);
}
