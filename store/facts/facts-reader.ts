import { existsSync } from 'node:fs';
import Database, { type Database as Connection, type Statement } from 'better-sqlite3';
import type { GapRow, HeardRow } from '../analysis/blind-record';
import type { FACT_TABLES } from './facts-schema.data';
import { GAPS_SQL, heardSql, type HeardTable } from './heard-sql';
import { checkFactsSchema, FactsSegmentError, type FactsState, readMeta } from './facts-segment';

/** Any table or view of facts that has an `id`. */
export type FactTable = (typeof FACT_TABLES)[number] | 'flow' | 'session_log' | 'event' | 'socket';

/** A row as SQLite gives it: INTEGER as number, or as bigint where exactness is asked for. */
export type FactRow = Readonly<Record<string, string | number | bigint | Buffer | null>>;

/** A 64-bit counter: a number up to 2^53, exact decimal text above (also above 2^63, from `extra`). */
export type StoredCounter = number | string | null;

/** What the sessions need of one flow row. Addresses are upper-case hex of their 4 or 16 bytes. */
export interface FlowRow {
  readonly id: number;
  readonly rawSeq: number;
  readonly ordinal: number;
  readonly receivedAt: number;
  readonly exporter: string;
  readonly domain: number;
  readonly version: number;
  readonly start: number | null;
  readonly end: number | null;
  readonly src: string | null;
  readonly dst: string | null;
  readonly srcPort: number | null;
  readonly dstPort: number | null;
  readonly protocol: number | null;
  readonly bytes: StoredCounter;
  readonly packets: StoredCounter;
  readonly replyBytes: StoredCounter;
  readonly replyPackets: StoredCounter;
  readonly tcpFlags: number | null;
  /** Flags of the other direction, where one record tells both. */
  readonly replyTcpFlags: number | null;
  readonly icmp: number | null;
  readonly inIf: number | null;
  readonly outIf: number | null;
  readonly flowDirection: number | null;
  readonly biflowDirection: number | null;
  readonly endReason: number | null;
  readonly natSrc: string | null;
  readonly natDst: string | null;
  readonly natSrcPort: number | null;
  readonly natDstPort: number | null;
  readonly firewallEvent: number | null;
  readonly natEvent: number | null;
  /** Decimal text. */
  readonly connectionId: string | null;
  readonly vrf: number | null;
  readonly samplingRate: number | null;
  readonly samplingSource: number | null;
  readonly user: string | null;
  /** `application_name` and `payload_protocol` of the row. */
  readonly application: string | null;
  readonly payload: string | null;
  /** The record's counts stand word for word in `stated_*` columns, and the others hold what was not counted before: they may be summed. */
  readonly summable: 0 | 1;
}

/** What the binding intervals need of one `binding` row. */
export interface BindingRow {
  readonly id: number;
  readonly rawSeq: number;
  readonly observedAt: number | null;
  readonly timeQuality: string;
  readonly receivedAt: number;
  readonly device: string;
  readonly parser: string;
  readonly relation: string;
  readonly key: string;
  readonly value: string;
  readonly state: 'seen' | 'begin' | 'end';
  readonly validUntil: number | null;
  /** `destination` and VRF of the row's `extra`, as text. */
  readonly destination: string | null;
  readonly vrf: string | null;
  /** JSON as stored; null for translations, of which there are too many to keep it. */
  readonly extra: string | null;
}

/** What verdicts need of one `session_log` row. */
export interface SessionLogRow {
  readonly id: number;
  readonly rawSeq: number;
  readonly at: number | null;
  readonly receivedAt: number;
  readonly timeQuality: string;
  readonly device: string;
  readonly parser: string;
  readonly action: string;
  readonly protocol: number | null;
  readonly src: Buffer | null;
  readonly srcPort: number | null;
  readonly dst: Buffer | null;
  readonly dstPort: number | null;
  readonly natSrc: Buffer | null;
  readonly natSrcPort: number | null;
  readonly natDst: Buffer | null;
  readonly natDstPort: number | null;
  readonly start: number | null;
  readonly end: number | null;
  readonly ruleName: string | null;
  readonly ruleId: string | null;
  readonly user: string | null;
  readonly sessionKey: string | null;
  readonly bytes: number | null;
  readonly vrf: string | null;
  /** Of a proxy's accounts: the name that was called, what it answered, and the address of who tells. */
  readonly dstName: string | null;
  readonly replyBytes: number | null;
  readonly observer: string | null;
}

const ofProxy = (sql: string): string => `CASE WHEN action GLOB 'proxy_*' THEN ${sql} END`;

const SESSION_LOGS_AFTER = `SELECT id, raw_seq AS rawSeq, observed_at AS at, received_at AS receivedAt,
  time_quality AS timeQuality, device, parser, action, protocol, src, src_port AS srcPort, dst, dst_port AS dstPort,
  nat_src AS natSrc, nat_src_port AS natSrcPort, nat_dst AS natDst, nat_dst_port AS natDstPort, start, "end",
  rule_name AS ruleName, coalesce(rule_id, CASE parser WHEN 'juniper_junos' THEN ingress_zone || '/' || egress_zone || '/' || rule_name
    WHEN 'cisco_asa' THEN extra ->> '$."ascribe.acl.hash"' END) AS ruleId, coalesce(user, src_user) AS user, session_key AS sessionKey,
  CAST(coalesce(bytes, src_bytes + dst_bytes) AS REAL) AS bytes, CAST(coalesce(extra ->> '$."ascribe.vrf"', extra ->> '$.vrf', extra ->> '$."fortinet.vd"') AS TEXT) AS vrf,
  ${ofProxy('dst_domain')} AS dstName, ${ofProxy('CAST(dst_bytes AS REAL)')} AS replyBytes,
  CAST(${ofProxy(`extra ->> '$."observer.ip"'`)} AS TEXT) AS observer
  FROM session_log_row WHERE id > ? ORDER BY id LIMIT ?`;

/** When an exporter says that it sent a run of records, and when they came. */
export interface ExportRow {
  readonly id: number;
  readonly exporter: string;
  readonly exportedAt: number | null;
  readonly receivedAt: number;
}

const EXPORTS_AFTER = `SELECT r.id, s.exporter_ip AS exporter, r.exported_at AS exportedAt, r.received_at AS receivedAt
  FROM run r JOIN stream s ON s.id = r.stream_id WHERE r.id > ? ORDER BY r.id LIMIT ?`;

const plain = (...columns: [sql: string, name: string][]): string =>
  columns.map(([sql, name]) => `f.${sql} AS ${name}`).join(', ');

const exact = (sql: string, name: string): string =>
  `CASE WHEN f.${sql} IS NULL THEN f.extra ->> '$.overflow.${sql}'
    WHEN f.${sql} > 9007199254740991 THEN CAST(f.${sql} AS TEXT) ELSE f.${sql} END AS ${name}`;

const FLOWS_AFTER = `SELECT f.id, r.raw_seq AS rawSeq, f.id - r.first_flow + r.first_ordinal AS ordinal,
  r.received_at AS receivedAt, s.exporter_ip AS exporter, s.domain, s.version, f.start, f."end", CASE WHEN f.src IS NOT NULL THEN hex(f.src) END AS src,
  ${plain(['src_port', 'srcPort'], ['dst_port', 'dstPort'], ['protocol', 'protocol'], ['tcp_flags', 'tcpFlags'], ['reply_tcp_flags', 'replyTcpFlags'])},
  ${plain(['icmp', 'icmp'], ['in_if', 'inIf'], ['out_if', 'outIf'], ['flow_direction', 'flowDirection'])},
  ${plain(['biflow_direction', 'biflowDirection'], ['end_reason', 'endReason'], ['firewall_event', 'firewallEvent'])},
  ${plain(['nat_event', 'natEvent'], ['nat_src_port', 'natSrcPort'], ['nat_dst_port', 'natDstPort'], ['vrf', 'vrf'])},
  ${plain(['sampling_rate', 'samplingRate'], ['sampling_source', 'samplingSource'], ['user', 'user'])},
  ${plain(['application_name', 'application'], ['payload_protocol', 'payload'])},
  coalesce(f.stated_bytes, f.stated_packets, f.stated_reply_bytes, f.stated_reply_packets) IS NOT NULL AS summable,
  ${exact('bytes', 'bytes')}, ${exact('packets', 'packets')}, ${exact('reply_bytes', 'replyBytes')},
  ${exact('reply_packets', 'replyPackets')}, CAST(f.connection_id AS TEXT) AS connectionId,
  CASE WHEN f.dst IS NOT NULL THEN hex(f.dst) END AS dst,
  CASE WHEN f.nat_src IS NOT NULL THEN hex(f.nat_src) END AS natSrc,
  CASE WHEN f.nat_dst IS NOT NULL THEN hex(f.nat_dst) END AS natDst
  FROM flow_row f JOIN run r ON r.id = f.run JOIN stream s ON s.id = r.stream_id
  WHERE f.id > ? ORDER BY f.id LIMIT ?`;

const BINDINGS_AFTER = `SELECT id, raw_seq AS rawSeq, observed_at AS observedAt, time_quality AS timeQuality,
  received_at AS receivedAt, device, parser, relation, key, value, state, valid_until AS validUntil,
  CAST(extra ->> '$.destination' AS TEXT) AS destination, CAST(coalesce(extra ->> '$."ascribe.vrf"', extra ->> '$.vrf') AS TEXT) AS vrf,
  CASE WHEN relation <> 'nat' THEN extra END AS extra
  FROM binding WHERE id > ? ORDER BY id LIMIT ?`;

/** Reads one facts segment, also while it is written. Keeps no read transaction open between calls. */
export class FactsReader {
  readonly path: string;
  readonly #db: Connection;
  readonly #statements = new Map<FactTable, Statement>();
  readonly #flowsAfter: Statement;
  readonly #bindingsAfter: Statement;
  readonly #sessionLogsAfter: Statement;
  readonly #state: Statement;

  /** Throws `FactsSegmentError` when there is no such segment (yet), `SchemaTooNewError` when a later version wrote it. */
  constructor(path: string) {
    if (!existsSync(path)) throw new FactsSegmentError(path, 'does not exist');
    this.path = path;
    this.#db = new Database(path, { readonly: true, fileMustExist: true });
    try {
      checkFactsSchema(path, this.#db);
      this.#state = this.#db.prepare(`SELECT value FROM meta WHERE key = 'state'`).pluck();
      this.#flowsAfter = this.#db.prepare(FLOWS_AFTER);
      this.#bindingsAfter = this.#db.prepare(BINDINGS_AFTER);
      this.#sessionLogsAfter = this.#db.prepare(SESSION_LOGS_AFTER);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  get state(): FactsState {
    return this.#state.get() as FactsState;
  }

  get appliedSeq(): number {
    return readMeta(this.#db, 'applied_seq') as number;
  }

  /** At most `limit` rows of a table or view with an id above `id`, by id. Integers are bigint. */
  rowsAfter(table: FactTable, id: number, limit: number): FactRow[] {
    let statement = this.#statements.get(table);
    if (statement === undefined) {
      statement = this.#db.prepare(`SELECT * FROM ${table} WHERE id > ? ORDER BY id LIMIT ?`).safeIntegers();
      this.#statements.set(table, statement);
    }
    return statement.all(id, limit) as FactRow[];
  }

  /** At most `limit` flow rows with an id above `id`, by id. */
  flowsAfter(id: number, limit: number): FlowRow[] {
    return this.#flowsAfter.all(id, limit) as FlowRow[];
  }

  /** At most `limit` rows of `binding` with an id above `id`, by id. */
  bindingsAfter(id: number, limit: number): BindingRow[] {
    return this.#bindingsAfter.all(id, limit) as BindingRow[];
  }

  /** At most `limit` rows of `session_log` with an id above `id`, by id. */
  sessionLogsAfter(id: number, limit: number): SessionLogRow[] {
    return this.#sessionLogsAfter.all(id, limit) as SessionLogRow[];
  }

  /** At most `limit` runs of flow records with an id above `id`, by id. */
  exportsAfter(id: number, limit: number): ExportRow[] {
    return this.#db.prepare(EXPORTS_AFTER).all(id, limit) as ExportRow[];
  }

  /** At most `limit` rows of a table that show that a source was heard, with an id above `id`, by id. */
  heardAfter(table: HeardTable, id: number, limit: number): HeardRow[] {
    return this.#db.prepare(heardSql(table)).all(id, limit) as HeardRow[];
  }

  /** At most `limit` stated gaps with an id above `id`, by id. */
  gapsAfter(id: number, limit: number): GapRow[] {
    return this.#db.prepare(GAPS_SQL).all(id, limit) as GapRow[];
  }

  /** Runs a read-only query of the store's own. Values are bound, never written into the text. */
  query(sql: string, values: readonly unknown[] = []): FactRow[] {
    return this.#db
      .prepare(sql)
      .safeIntegers()
      .all(...values) as FactRow[];
  }

  close(): void {
    this.#db.close();
  }
}
