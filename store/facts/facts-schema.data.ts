import { FLOW_COLUMNS, type FlowColumnKind } from '../../normalizer/model/flow-columns.data';
import { addressTextSql, macTextSql } from './address-sql';

/** Schema of a facts segment. A new number means: derive the segment again from the journal; nothing is migrated. */
export const FACTS_SCHEMA_VERSION = 5;

/** SQLite `application_id` of a facts segment: "ascF". */
export const FACTS_APPLICATION_ID = 0x61736346;

const FACT_BASE = `id INTEGER PRIMARY KEY, raw_seq INTEGER NOT NULL, observed_at INTEGER, time_quality TEXT NOT NULL,
  device TEXT NOT NULL, parser TEXT NOT NULL, syslog TEXT`;

const endpoint = (side: string): string =>
  `${side} BLOB, ${side}_port INTEGER, nat_${side} BLOB, nat_${side}_port INTEGER, ${side}_bytes INTEGER,
  ${side}_packets INTEGER, ${side}_user TEXT, ${side}_mac TEXT, ${side}_domain TEXT`;

const flowColumns = Object.values(FLOW_COLUMNS).map(({ kind, sql }) => `"${sql}" ${sqlType(kind)}`);

/** The tables that hold facts, in the order in which the digest reads them; all have an INTEGER PRIMARY KEY `id`. */
export const FACT_TABLES = [
  'stream',
  'run',
  'flow_row',
  'session_log_row',
  'binding',
  'event_row',
  'inventory',
  'config_line',
  'gap',
  'rejected',
] as const;

/**
 * Flow rows keep what differs by row; what one run of records shares (raw record, stream, template, receive time)
 * stands once in `run`. That saves about 20 bytes and five bound values a row. The view `flow` puts them together.
 */
export const FACTS_SCHEMA = `
CREATE TABLE meta(key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
CREATE TABLE stream(id INTEGER PRIMARY KEY, exporter BLOB, exporter_ip TEXT NOT NULL, port INTEGER NOT NULL,
  domain INTEGER NOT NULL, version INTEGER NOT NULL) STRICT;
CREATE TABLE run(id INTEGER PRIMARY KEY, raw_seq INTEGER NOT NULL, first_ordinal INTEGER NOT NULL,
  first_flow INTEGER NOT NULL, stream_id INTEGER NOT NULL, template_id INTEGER NOT NULL, received_at INTEGER,
  exported_at INTEGER, fallback_template INTEGER NOT NULL) STRICT;
CREATE TABLE flow_row(id INTEGER PRIMARY KEY, run INTEGER NOT NULL, ${flowColumns.join(', ')},
  start_us INTEGER, end_us INTEGER, extra TEXT) STRICT;
CREATE TABLE session_log_row(${FACT_BASE}, action TEXT NOT NULL, outcome TEXT, direction_source TEXT NOT NULL,
  protocol INTEGER, ${endpoint('src')}, ${endpoint('dst')}, bytes INTEGER, packets INTEGER, start INTEGER,
  "end" INTEGER, duration_ns INTEGER, rule_name TEXT, rule_id TEXT, ingress_interface TEXT, egress_interface TEXT,
  ingress_zone TEXT, egress_zone TEXT, user TEXT, application TEXT, session_key TEXT, code TEXT, reason TEXT,
  icmp_type INTEGER, icmp_code INTEGER, extra TEXT, received_at INTEGER NOT NULL) STRICT;
CREATE TABLE binding(${FACT_BASE}, relation TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  state TEXT NOT NULL, valid_until INTEGER, extra TEXT, received_at INTEGER NOT NULL) STRICT;
CREATE TABLE event_row(${FACT_BASE}, category TEXT NOT NULL, action TEXT NOT NULL, outcome TEXT, code TEXT,
  severity INTEGER, user TEXT, src BLOB, src_port INTEGER, process TEXT, command TEXT, message TEXT,
  extra TEXT, received_at INTEGER NOT NULL) STRICT;
CREATE TABLE inventory(${FACT_BASE}, kind TEXT NOT NULL, item_id TEXT NOT NULL, name TEXT, extra TEXT) STRICT;
CREATE TABLE config_line(${FACT_BASE}, config_version TEXT NOT NULL, line_number INTEGER, text TEXT NOT NULL,
  kind TEXT) STRICT;
CREATE TABLE gap(${FACT_BASE}, kind TEXT NOT NULL, missing INTEGER, unit TEXT, detail TEXT, since INTEGER,
  received_at INTEGER NOT NULL) STRICT;
CREATE TABLE rejected(${FACT_BASE}, reason TEXT NOT NULL, "offset" INTEGER, detail TEXT) STRICT;
CREATE TABLE catalogue(id INTEGER PRIMARY KEY CHECK (id = 1), flows INTEGER NOT NULL, first_start INTEGER,
  last_end INTEGER, first_seq INTEGER, last_seq INTEGER, filter BLOB NOT NULL) STRICT;
`;

/** Built when a segment is sealed, never before: on random keys an index costs more than the row. */
export const FACTS_INDEXES = `
CREATE INDEX flow_by_src ON flow_row(src, start);
CREATE INDEX flow_by_dst ON flow_row(dst, start);
CREATE INDEX flow_by_start ON flow_row(start);
CREATE INDEX flow_by_nat_src ON flow_row(nat_src, start) WHERE nat_src IS NOT NULL;
CREATE INDEX flow_by_nat_dst ON flow_row(nat_dst, start) WHERE nat_dst IS NOT NULL;
CREATE INDEX flow_by_run ON run(raw_seq);
CREATE INDEX session_log_by_src ON session_log_row(src, observed_at);
CREATE INDEX session_log_by_dst ON session_log_row(dst, observed_at);
CREATE INDEX session_log_by_nat_src ON session_log_row(nat_src, observed_at) WHERE nat_src IS NOT NULL;
CREATE INDEX session_log_by_nat_dst ON session_log_row(nat_dst, observed_at) WHERE nat_dst IS NOT NULL;
CREATE INDEX session_log_by_key ON session_log_row(session_key) WHERE session_key IS NOT NULL;
CREATE INDEX binding_by_key ON binding(relation, key, observed_at);
CREATE INDEX binding_by_value ON binding(relation, value, observed_at);
CREATE INDEX event_by_time ON event_row(observed_at);
CREATE INDEX inventory_by_item ON inventory(kind, item_id);
`;

/** The public views; `docs/schema.md` describes each column. */
export const FACTS_VIEWS = `
CREATE VIEW flow AS SELECT f.id, r.raw_seq, f.id - r.first_flow + r.first_ordinal AS ordinal, r.stream_id,
  s.exporter_ip, s.domain, s.version, r.template_id, r.received_at, r.exported_at, r.fallback_template,
  ${Object.values(FLOW_COLUMNS)
    .map(({ kind, sql }) => viewColumn(kind, sql))
    .join(',\n  ')},
  f.extra
  FROM flow_row f LEFT JOIN run r ON r.id = f.run LEFT JOIN stream s ON s.id = r.stream_id;
CREATE VIEW session_log AS SELECT *, ${['src', 'dst', 'nat_src', 'nat_dst']
  .map((column) => `${addressTextSql(column)} AS ${column}_ip`)
  .join(',\n  ')} FROM session_log_row;
CREATE VIEW event AS SELECT *, ${addressTextSql('src')} AS src_ip FROM event_row;
CREATE VIEW socket AS SELECT * FROM inventory WHERE kind = 'socket';
`;

function viewColumn(kind: FlowColumnKind, sql: string): string {
  const plain = `f."${sql}"`;
  if (kind === 'addr') return `${plain}, ${addressTextSql(plain)} AS ${sql}_ip`;
  if (kind === 'mac') return `${plain}, ${macTextSql(plain)} AS ${sql}_text`;
  if (kind === 'ms') return `${plain}, f.${sql}_us`;
  return plain;
}

function sqlType(kind: FlowColumnKind): 'INTEGER' | 'BLOB' | 'TEXT' {
  switch (kind) {
    case 'u8':
    case 'u16':
    case 'u32':
    case 'u64':
    case 'ms':
    case 'mac':
      return 'INTEGER';
    case 'addr':
      return 'BLOB';
    case 'text':
      return 'TEXT';
  }
}
