import type { Database as Connection, Statement } from 'better-sqlite3';
import { distinctRelations } from './bindings';
import type { Account, Around, Held, Leg } from '../analysis/evidence-record';
import { RequestReader } from './requests';

const HELD = `num, series, relation, scope, key, value, destination, device, parser, valid_from_lo AS fromLo,
  valid_from_hi AS fromHi, valid_to_lo AS toLo, valid_to_hi AS toHi, begin_source AS beginSource,
  end_source AS endSource, first_seq AS firstSeq, last_seq AS lastSeq, observations, extra`;

const hex = (column: string): string => `CASE WHEN ${column} IS NOT NULL THEN hex(${column}) END`;

const ACCOUNT = `num, scope, device, parser, action, protocol, ${hex('src')} AS src, src_port AS srcPort,
  ${hex('dst')} AS dst, dst_port AS dstPort, ${hex('nat_src')} AS natSrc, nat_src_port AS natSrcPort,
  ${hex('nat_dst')} AS natDst, nat_dst_port AS natDstPort, at, start, "end", rule_name AS ruleName, rule_id AS ruleId,
  user, session_key AS sessionKey, bytes, raw_seq AS rawSeq, received_at AS receivedAt, time_quality AS timeQuality`;

/** Counters beyond 2^53 are compared, never shown: their nearest number is enough. */
const LEG = `s.num, s.id, s.scope, s.protocol, hex(s.src) AS src, s.src_port AS srcPort, hex(s.dst) AS dst,
  s.dst_port AS dstPort, ${hex('s.nat_src')} AS natSrc, s.nat_src_port AS natSrcPort, ${hex('s.nat_dst')} AS natDst,
  s.nat_dst_port AS natDstPort, s.start, s."end", s.direction_source AS directionSource,
  s.network_direction AS networkDirection, s.encrypted, s.state, s.sampling, s.user,
  CAST(s.src_bytes AS REAL) AS srcBytes, CAST(s.src_packets AS REAL) AS srcPackets,
  CAST(s.dst_bytes AS REAL) AS dstBytes, CAST(s.dst_packets AS REAL) AS dstPackets, s.first_seq AS firstSeq, s.revision,
  coalesce((SELECT exporter_ip FROM session_observer_row o WHERE o.session = s.num AND o.number = 0), '') AS exporter,
  (SELECT nullif(CASE WHEN o.from_a = s.src_is_a THEN o.in_if ELSE o.out_if END, 0) FROM session_observer_row o
    WHERE o.session = s.num AND o.number = 0) AS inIf`;

const STATES = ['seen', 'begin', 'end'] as const;

/** Rows of one lookup: more mean that no single one can be told apart anyway. */
export const MOST_ROWS = 256;

/** Statements before a time that `accountsBefore` gives. */
export const LATEST_BEFORE = 6;

/**
 * Looks up evidence in `ascribe.db`, each kind by its index. Works on the writer's connection and on a reader's. Parameters stand behind
 * a plus: a bare one that the planner compares with a constant has SQLite prepare the statement again for each value it is
 * given, which costs ten times as much as the answer (joins and sorted answers; the plus changes neither value nor plan).
 */
export class EvidenceReader {
  /** What proxies tell. */
  readonly requests: RequestReader;
  readonly #db: Connection;
  readonly #statements = new Map<string, Statement>();

  constructor(db: Connection) {
    this.#db = db;
    this.requests = new RequestReader(db);
  }

  /** Relations that have intervals. */
  relations(): string[] {
    return distinctRelations(this.#db);
  }

  /** All intervals of a relation that have this key. */
  held(relation: string, key: string): Held[] {
    return this.#all(
      `SELECT ${HELD} FROM binding_row INDEXED BY binding_by_key WHERE key = +? AND relation = +? ORDER BY valid_from_hi, num`,
      [key, relation],
    ) as Held[];
  }

  /** Those with one of these keys that may have held between two times. */
  heldBetween(relation: string, keys: readonly string[], from: number, to: number): Held[] {
    const sql = `SELECT ${HELD} FROM binding_row INDEXED BY binding_by_key WHERE key IN (${keys.map(() => '+?').join(', ')})
      AND relation = +? AND valid_to_hi >= +? AND valid_from_lo <= +? LIMIT ${MOST_ROWS}`;
    return (this.#all(sql, [...keys, relation, from, to]) as Held[]).sort(inOrder);
  }

  /** Those whose key lies between two texts, both exclusive. */
  heldInRange(relation: string, after: string, before: string, from: number, to: number): Held[] {
    const sql = `SELECT ${HELD} FROM binding_row INDEXED BY binding_by_key WHERE key > +? AND key < +? AND relation = +? AND valid_to_hi >= +?
      AND valid_from_lo <= +? ORDER BY key, valid_from_hi, num LIMIT ${MOST_ROWS * 4}`;
    return this.#all(sql, [after, before, relation, from, to]) as Held[];
  }

  /** All intervals of a relation that have this value. */
  heldBy(relation: string, value: string): Held[] {
    const sql = `SELECT ${HELD} FROM binding_row INDEXED BY binding_by_value WHERE value = +? AND relation = +? ORDER BY valid_from_hi, num
      LIMIT ${MOST_ROWS * 4}`;
    return this.#all(sql, [value, relation]) as Held[];
  }

  /** Keys of the intervals whose value lies between two texts, both exclusive. */
  heldValues(relation: string, after: string, before: string): string[] {
    const sql =
      'SELECT DISTINCT key FROM binding_row INDEXED BY binding_by_value WHERE value > +? AND value < +? AND relation = +? LIMIT 1000';
    return this.#statement(sql).pluck().all(after, before, relation) as string[];
  }

  /** All intervals of a (small) relation that a device states. */
  statedBy(relation: string, device: string): Held[] {
    const sql = `SELECT ${HELD} FROM binding_row INDEXED BY binding_by_device WHERE relation = +? AND device = +? ORDER BY valid_from_hi, num
      LIMIT 20000`;
    return this.#all(sql, [relation, device]) as Held[];
  }

  /** The observations of a series next to a moment. */
  around(series: number, at: number): Around {
    const columns = 'SELECT at, state FROM binding_mark_row WHERE series = +?';
    const before = this.#get(`${columns} AND at <= +? ORDER BY at DESC, raw_seq DESC LIMIT 1`, [series, at]);
    const after = this.#get(`${columns} AND at > +? ORDER BY at, raw_seq LIMIT 1`, [series, at]);
    return { before: markOf(before), after: markOf(after) };
  }

  /** Statements about a session whose translated source is this, by the time of the statement. */
  accountsOutside(address: string, port: number | null, from: number, to: number): readonly Account[] {
    return this.#accounts('nat_src', 'nat_src_port', address, port, from, to);
  }

  /** Statements about a session whose source is this. */
  accountsInside(address: string, port: number | null, from: number, to: number): readonly Account[] {
    return this.#accounts('src', 'src_port', address, port, from, to);
  }

  /** The latest statements before a time. */
  accountsBefore(side: 'outside' | 'inside', address: string, port: number | null, before: number): readonly Account[] {
    const column = side === 'outside' ? 'nat_src' : 'src';
    const sql = `SELECT ${ACCOUNT} FROM account_row INDEXED BY account_by_${column} WHERE ${column} = +? AND ${column}_port IS +? AND at < +?
      ORDER BY at DESC, num DESC LIMIT ${LATEST_BEFORE}`;
    return this.#all(sql, [Buffer.from(address, 'hex'), port, before]) as Account[];
  }

  /** Up to `limit` statements of a device in a stretch of time, the earliest first, that name a whole session. */
  accountsOf(device: string, from: number, to: number, limit: number): Account[] {
    const sql = `SELECT ${ACCOUNT} FROM account_row INDEXED BY account_by_device WHERE device = +? AND at >= +? AND at < +? AND dst IS NOT NULL
      AND src_port IS NOT NULL ORDER BY at, src_port, nat_src_port, num LIMIT ?`;
    return this.#all(sql, [device, from, to, limit]) as Account[];
  }

  /** Sessions that an address began with another in a stretch of time. */
  sessionsBetween(src: string, dst: string, from: number, to: number): readonly Leg[] {
    const sql = `SELECT ${LEG} FROM session_row s INDEXED BY session_by_src WHERE s.src = ? AND s.start >= ? AND s.start <= ?
      AND s.dst = ? ORDER BY s.start, s.num LIMIT ${MOST_ROWS}`;
    return this.#all(sql, [Buffer.from(src, 'hex'), from, to, Buffer.from(dst, 'hex')]) as Leg[];
  }

  /** Numbers of the sessions to an address, on whatever port. */
  numbersReaching(dst: string, from: number, to: number): number[] {
    const sql = 'SELECT num FROM session_row INDEXED BY session_by_dst WHERE dst = ? AND start >= ? AND start <= ?';
    return this.#numbers(sql, [Buffer.from(dst, 'hex'), from, to]);
  }

  /** Sessions whose flow records say that this is their translated source. */
  translatedSessions(address: string, port: number | null, from: number, to: number): readonly Leg[] {
    const sql = `SELECT ${LEG} FROM session_row s INDEXED BY session_by_nat_src WHERE s.nat_src = +? AND s.nat_src_port IS +? AND s.start >= +?
      AND s.start <= +? ORDER BY s.start, s.num LIMIT ${MOST_ROWS}`;
    return this.#all(sql, [Buffer.from(address, 'hex'), port, from, to]) as Leg[];
  }

  /** Sessions that this endpoint began in a stretch of time. */
  sessionsFrom(address: string, port: number | null, from: number, to: number): readonly Leg[] {
    const sql = `SELECT ${LEG} FROM session_row s INDEXED BY session_by_endpoint WHERE s.src = +? AND s.src_port IS +?
      AND s.start >= +? AND s.start <= +? ORDER BY s.start, s.num LIMIT ${MOST_ROWS}`;
    return this.#all(sql, [Buffer.from(address, 'hex'), port, from, to]) as Leg[];
  }

  /** Sessions to a destination in a stretch of time, whoever began them. */
  sessionsTo(dst: string, dstPort: number | null, from: number, to: number): readonly Leg[] {
    const sql = `SELECT ${LEG} FROM session_row s INDEXED BY session_by_dst WHERE s.dst = +? AND s.start >= +?
      AND s.start <= +? AND s.dst_port IS +? ORDER BY s.start, s.num LIMIT ${MOST_ROWS}`;
    return this.#all(sql, [Buffer.from(dst, 'hex'), from, to, dstPort]) as Leg[];
  }

  /** Sessions with both ends away from home to a destination: the outer legs that no log tells of. */
  transitTo(dst: string, dstPort: number | null, from: number, to: number): readonly Leg[] {
    const sql = `SELECT ${LEG} FROM session_row s INDEXED BY session_in_transit WHERE s.network_direction = 'transit'
      AND s.dst = +? AND s.dst_port IS +? AND s.start >= +? AND s.start <= +? ORDER BY s.start, s.num LIMIT ${MOST_ROWS}`;
    return this.#all(sql, [Buffer.from(dst, 'hex'), dstPort, from, to]) as Leg[];
  }

  /** Numbers of those. */
  numbersInTransit(dst: string, dstPort: number | null, from: number, to: number): number[] {
    const sql = `SELECT num FROM session_row INDEXED BY session_in_transit WHERE network_direction = 'transit'
      AND dst = +? AND dst_port IS +? AND start >= +? AND start <= +?`;
    return this.#numbers(sql, [Buffer.from(dst, 'hex'), dstPort, from, to]);
  }

  /** A session by its number. */
  session(num: number): Leg | undefined {
    return this.#get(`SELECT ${LEG} FROM session_row s WHERE s.num = +?`, [num]) as Leg | undefined;
  }

  /** Sessions changed after a revision, in the order of their change. */
  sessionsAfter(revision: number, limit: number): Leg[] {
    const sql = `SELECT ${LEG} FROM session_row s WHERE s.revision > +? ORDER BY s.revision LIMIT ?`;
    return this.#all(sql, [revision, limit]) as Leg[];
  }

  /** Numbers of the sessions that an address began, in or behind a translation. */
  numbersFrom(address: string, port: number | undefined, from: number, to: number): number[] {
    const bytes = Buffer.from(address, 'hex');
    if (port !== undefined) {
      const sql = `SELECT num FROM session_row INDEXED BY session_by_endpoint WHERE src = +? AND src_port = +?
        AND start >= +? AND start <= +?`;
      return this.#numbers(sql, [bytes, port, from, to]);
    }
    const own = 'SELECT num FROM session_row INDEXED BY session_by_src WHERE src = +? AND start >= +? AND start <= +?';
    const behind = 'SELECT session FROM true_source_row WHERE address = +? AND start >= +? AND start <= +?';
    return [...this.#numbers(own, [bytes, from, to]), ...this.#numbers(behind, [bytes, from, to])];
  }

  /** Numbers of the sessions that an address began from a range of ports. */
  numbersFromPorts(address: string, first: number, last: number, from: number, to: number): number[] {
    const sql = `SELECT num FROM session_row INDEXED BY session_by_endpoint WHERE src = +? AND src_port BETWEEN +? AND +?
      AND start >= +? AND start <= +?`;
    return this.#numbers(sql, [Buffer.from(address, 'hex'), first, last, from, to]);
  }

  /**
   * Numbers of the sessions whose verdicts found an endpoint behind a translation: those that name another port of the
   * address are left out.
   */
  numbersBehind(address: string, port: number | null, from: number, to: number): number[] {
    const bytes = Buffer.from(address, 'hex');
    const sql = `SELECT t.session FROM true_source_row t JOIN verdict_row v ON v.session = t.session
      WHERE t.address = +? AND t.start >= +? AND t.start <= +?
      AND (+? IS NULL OR v.source IS NOT t.address OR v.source_port IS NULL OR v.source_port = +?)`;
    return this.#numbers(sql, [bytes, from, to, port, port]);
  }

  /** The sessions that began last, the latest first. */
  latestSessions(limit: number): Leg[] {
    const sql = `SELECT ${LEG} FROM session_row s INDEXED BY session_by_start ORDER BY s.start DESC, s.num DESC LIMIT ?`;
    return this.#all(sql, [limit]) as Leg[];
  }

  /** Statements stored after one, in order of their numbers. */
  accountsAfter(num: number, limit: number): Account[] {
    return this.#all(`SELECT ${ACCOUNT} FROM account_row WHERE num > +? ORDER BY num LIMIT ?`, [
      num,
      limit,
    ]) as Account[];
  }

  /** The latest statements of a device by its own time, the latest first. */
  latestAccounts(device: string, limit: number): Account[] {
    const sql = `SELECT ${ACCOUNT} FROM account_row INDEXED BY account_by_device WHERE device = +?
      ORDER BY at DESC, num DESC LIMIT ?`;
    return this.#all(sql, [device, limit]) as Account[];
  }

  /** Number of the statement stored last; 0 when there is none. */
  lastAccount(): number {
    return this.#statement('SELECT coalesce(max(num), 0) FROM account_row').pluck().get() as number;
  }

  /** Numbers of the sessions that a rule with this name or id let out. */
  numbersByRule(name: string, from: number, to: number): number[] {
    const sql = `SELECT session FROM verdict_row WHERE rule IN (SELECT num FROM rule_row WHERE name = +? OR id = +?)
      AND start >= +? AND start <= +?`;
    return this.#numbers(sql, [name, name, from, to]);
  }

  /** Numbers of the sessions to an address whose beginner is not known. */
  numbersTo(address: string, from: number, to: number): number[] {
    const sql = `SELECT num FROM session_row INDEXED BY session_unknown WHERE dst = +? AND start >= +? AND start <= +?
      AND direction_source = 'unknown'`;
    return this.#numbers(sql, [Buffer.from(address, 'hex'), from, to]);
  }

  /** Numbers of all sessions that began in a stretch of time. */
  numbersBetween(from: number, to: number): number[] {
    return this.#numbers('SELECT num FROM session_row WHERE start >= +? AND start <= +?', [from, to]);
  }

  /** Devices that ever told in logs whose translations an address stood for, and those that stated translations of it. */
  translators(address: string): string[] {
    const sql = 'SELECT device FROM translator_row WHERE address = +? ORDER BY device';
    return this.#statement(sql).pluck().all(Buffer.from(address, 'hex')) as string[];
  }

  /** Addresses (hex) of which a device ever told whose translations they stood for. */
  translatedThrough(device: string): string[] {
    const sql = 'SELECT hex(address) FROM translator_row WHERE device = +? ORDER BY address';
    return this.#statement(sql).pluck().all(device) as string[];
  }

  /** Numbers of the sessions that came in by an interface of this number, by the exporter that told of them first. */
  numbersByInterface(inIf: number, from: number, to: number): number[] {
    const sql = `SELECT s.num FROM session_row s JOIN session_observer_row o ON o.session = s.num AND o.number = 0
      WHERE s.start >= +? AND s.start <= +? AND CASE WHEN o.from_a = s.src_is_a THEN o.in_if ELSE o.out_if END = +?`;
    return this.#numbers(sql, [from, to, inIf]);
  }

  /** Numbers of the sessions between two addresses away from home that began in a stretch of time. */
  numbersInTransitBetween(from: number, to: number): number[] {
    const sql = `SELECT num FROM session_row WHERE start >= +? AND start <= +? AND network_direction = 'transit'`;
    return this.#numbers(sql, [from, to]);
  }

  /** Addresses of all exporters that were ever heard. */
  exporters(): string[] {
    return this.#statement('SELECT DISTINCT exporter_ip FROM source ORDER BY exporter_ip').pluck().all() as string[];
  }

  /** Numbers of the sessions that began in a stretch of time, went on at `wentOn`, and of which an exporter told first. */
  numbersOfExporter(exporter: string, from: number, to: number, wentOn: number): number[] {
    const sql = `SELECT s.num FROM session_row s JOIN session_observer_row o ON o.session = s.num AND o.number = 0
      WHERE s.start >= +? AND s.start <= +? AND s."end" >= +? AND o.exporter_ip = +?`;
    return this.#numbers(sql, [from, to, wentOn, exporter]);
  }

  /** Addresses that some source named as the outside of a translation, by what had come by a receive time. */
  translatedAddresses(receivedTo: number): string[] {
    const sql = 'SELECT hex(address) FROM translated_row WHERE recorded_at <= +?';
    return this.#statement(sql).pluck().all(receivedTo) as string[];
  }

  #accounts(column: string, portColumn: string, address: string, port: number | null, from: number, to: number) {
    const sql = `SELECT ${ACCOUNT} FROM account_row INDEXED BY account_by_${column} WHERE ${column} = +? AND ${portColumn} IS +? AND at >= +? AND at <= +?
      ORDER BY at, num LIMIT ${MOST_ROWS}`;
    return this.#all(sql, [Buffer.from(address, 'hex'), port, from, to]) as Account[];
  }

  #numbers(sql: string, values: readonly unknown[]): number[] {
    return this.#statement(sql).pluck().all(values) as number[];
  }

  #all(sql: string, values: readonly unknown[]): unknown[] {
    return this.#statement(sql).all(values);
  }

  #get(sql: string, values: readonly unknown[]): unknown {
    return this.#statement(sql).get(values);
  }

  #statement(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function inOrder(a: Held, b: Held): number {
  return a.fromHi - b.fromHi || a.num - b.num;
}

function markOf(row: unknown): Around['before'] {
  if (row === undefined) return undefined;
  const { at, state } = row as { at: number; state: number };
  return { at, state: STATES[state] ?? 'seen' };
}
