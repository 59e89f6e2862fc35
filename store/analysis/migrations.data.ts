import { addressTextSql } from '../facts/address-sql';
import { BLIND_SCHEMA } from './blind-schema.data';
import { BINDING_BY_DEVICE, BINDING_EXTRA, BINDING_SCHEMA } from './binding-schema.data';
import { FINDING_GROWTH, FINDING_REOPENED, FINDING_SCHEMA, FINDING_VIEWS } from './finding-schema.data';
import { VERDICT_SCHEMA, VERDICT_SOURCES, VERDICT_VIEWS } from './verdict-schema.data';
import { NAME_SCHEMA } from './name-schema.data';
import { REQUEST_SCHEMA } from './request-schema.data';

/** SQLite `application_id` of `ascribe.db`: "ascA". */
export const ANALYSIS_APPLICATION_ID = 0x61736341;

const directionTotals = (side: string): string =>
  `${side}_bytes INTEGER, ${side}_packets INTEGER, ${side}_bytes_estimate INTEGER, ${side}_packets_estimate INTEGER,
  ${side}_tcp_flags INTEGER, nat_${side} BLOB, nat_${side}_port INTEGER`;

const withText = (table: string, columns: readonly string[]): string =>
  columns.map((column) => `${addressTextSql(`${table}.${column}`)} AS ${column}_ip`).join(',\n  ');

/**
 * `session_row` is kept in public orientation (`src` began it); `src_is_a` says which end that is in the order of
 * addresses, which never changes while the direction may. `first_from_a`, `stated` and `touched_at` are what the
 * assembler needs to go on after a restart.
 */
const SESSION_TABLES = `
CREATE TABLE session_row(num INTEGER PRIMARY KEY, id TEXT NOT NULL, scope TEXT NOT NULL, protocol INTEGER NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, src BLOB NOT NULL, src_port INTEGER, dst BLOB NOT NULL,
  dst_port INTEGER, direction_source TEXT NOT NULL, direction_conflict INTEGER NOT NULL,
  network_direction TEXT NOT NULL, encrypted TEXT NOT NULL, encrypted_by TEXT NOT NULL, handshake_room INTEGER,
  service TEXT, state TEXT NOT NULL, end_source TEXT NOT NULL, ${directionTotals('src')}, ${directionTotals('dst')},
  user TEXT, sampling TEXT NOT NULL, slices INTEGER NOT NULL, observers INTEGER NOT NULL, cut INTEGER NOT NULL,
  first_seq INTEGER NOT NULL, first_ordinal INTEGER NOT NULL, last_received INTEGER NOT NULL,
  revision INTEGER NOT NULL, src_is_a INTEGER NOT NULL, first_from_a INTEGER NOT NULL, stated TEXT,
  touched_at INTEGER NOT NULL) STRICT;
CREATE TABLE session_observer_row(session INTEGER NOT NULL, number INTEGER NOT NULL, from_a INTEGER NOT NULL,
  exporter_ip TEXT NOT NULL, domain INTEGER NOT NULL, flow_direction INTEGER, in_if INTEGER, out_if INTEGER,
  connection_id TEXT, bytes INTEGER, packets INTEGER, bytes_estimate INTEGER, packets_estimate INTEGER,
  sampling TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, tcp_flags INTEGER, first_flags INTEGER,
  ended TEXT NOT NULL, counted INTEGER NOT NULL, PRIMARY KEY (session, number)) STRICT, WITHOUT ROWID;
CREATE TABLE segment(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE session_slice_row(session INTEGER NOT NULL, segment INTEGER NOT NULL, flow INTEGER NOT NULL,
  observer INTEGER, raw_seq INTEGER NOT NULL, ordinal INTEGER NOT NULL, from_a INTEGER NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, bytes INTEGER, packets INTEGER, reply_bytes INTEGER,
  reply_packets INTEGER, PRIMARY KEY (session, segment, flow)) STRICT, WITHOUT ROWID;
CREATE TABLE source(exporter_ip TEXT NOT NULL, domain INTEGER NOT NULL, first_received INTEGER NOT NULL,
  last_received INTEGER NOT NULL, flows INTEGER NOT NULL, PRIMARY KEY (exporter_ip, domain)) STRICT, WITHOUT ROWID;
CREATE TABLE gap(segment INTEGER NOT NULL, id INTEGER NOT NULL, raw_seq INTEGER NOT NULL, observed_at INTEGER,
  time_quality TEXT NOT NULL, device TEXT NOT NULL, parser TEXT NOT NULL, kind TEXT NOT NULL, missing INTEGER,
  unit TEXT, detail TEXT, PRIMARY KEY (segment, id)) STRICT, WITHOUT ROWID;
CREATE TABLE cursor(stage TEXT PRIMARY KEY, segment TEXT NOT NULL, last_id INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

/** Ids, revisions, times and the words grow at the end of their index, which is cheap; only the address indexes are random. */
const SESSION_INDEXES = `
CREATE UNIQUE INDEX session_by_id ON session_row(id);
CREATE INDEX session_by_revision ON session_row(revision);
CREATE INDEX session_by_start ON session_row(start);
CREATE INDEX session_by_src ON session_row(src, start);
CREATE INDEX session_by_dst ON session_row(dst, start);
CREATE INDEX session_by_dst_port ON session_row(dst_port, start);
CREATE INDEX session_by_kind ON session_row(network_direction, encrypted, start);
CREATE INDEX session_by_encrypted ON session_row(encrypted, start);
CREATE INDEX session_by_state ON session_row(state, start);
CREATE INDEX session_long ON session_row(start) WHERE "end" - start > 86400000;
CREATE INDEX gap_by_time ON gap(observed_at);
`;

const sessionView = (more = ''): string => `
CREATE VIEW session AS SELECT r.id, r.scope, r.protocol, r.start, r."end", r.src, ${withText('r', ['src'])},
  r.src_port, r.dst, ${withText('r', ['dst'])}, r.dst_port, r.direction_source, r.direction_conflict,
  r.network_direction, r.encrypted, r.encrypted_by, r.handshake_room, r.service, r.state, r.end_source, r.src_bytes,
  r.src_packets, r.dst_bytes, r.dst_packets, r.src_bytes_estimate, r.src_packets_estimate, r.dst_bytes_estimate,
  r.dst_packets_estimate, r.src_tcp_flags, r.dst_tcp_flags, r.nat_src, ${withText('r', ['nat_src'])},
  r.nat_src_port, r.nat_dst, ${withText('r', ['nat_dst'])}, r.nat_dst_port, r.user, r.sampling, r.slices,
  r.observers, r.cut, r.first_seq, r.first_ordinal, r.last_received, r.revision${more} FROM session_row r;
`;

const SESSION_VIEWS = `${sessionView()}
CREATE VIEW session_observer AS SELECT s.id AS session, o.number,
  CASE WHEN o.from_a = s.src_is_a THEN 'src' ELSE 'dst' END AS sender, o.exporter_ip, o.domain, o.flow_direction,
  o.in_if, o.out_if, o.connection_id, o.bytes, o.packets, o.bytes_estimate, o.packets_estimate, o.sampling, o.start,
  o."end", o.tcp_flags, o.first_flags, o.ended, o.counted
  FROM session_observer_row o JOIN session_row s ON s.num = o.session;
CREATE VIEW session_slice AS SELECT s.id AS session, g.name AS segment, l.flow, l.observer, l.raw_seq, l.ordinal,
  CASE WHEN l.from_a = s.src_is_a THEN 'src' ELSE 'dst' END AS sender, l.start, l."end", l.bytes, l.packets,
  l.reply_bytes, l.reply_packets
  FROM session_slice_row l JOIN session_row s ON s.num = l.session JOIN segment g ON g.id = l.segment;
`;

/** What says better than a port whether a session is encrypted. */
const SESSION_APPLICATION = `
ALTER TABLE session_row ADD COLUMN application TEXT;
ALTER TABLE session_row ADD COLUMN payload_protocol TEXT;
DROP VIEW session;
${sessionView(', r.application, r.payload_protocol')}`;

/** Evidence about an end that may have begun a session is looked for at both. */
const UNKNOWN_DIRECTION = `CREATE INDEX session_unknown ON session_row(dst, start) WHERE direction_source = 'unknown';`;

/** Numbered, in order, never edited once released. `user_version` is the number of the last one applied. */
export const MIGRATIONS: readonly { readonly version: number; readonly sql: string }[] = [
  { version: 1, sql: SESSION_TABLES + SESSION_INDEXES + SESSION_VIEWS },
  { version: 2, sql: BINDING_SCHEMA },
  { version: 3, sql: SESSION_APPLICATION },
  { version: 4, sql: VERDICT_SCHEMA + VERDICT_VIEWS + BINDING_EXTRA },
  { version: 5, sql: FINDING_SCHEMA + FINDING_VIEWS },
  { version: 6, sql: BLIND_SCHEMA },
  { version: 7, sql: FINDING_REOPENED },
  { version: 8, sql: VERDICT_SOURCES },
  { version: 9, sql: NAME_SCHEMA },
  { version: 10, sql: UNKNOWN_DIRECTION },
  { version: 11, sql: FINDING_GROWTH },
  { version: 12, sql: REQUEST_SCHEMA },
  { version: 13, sql: BINDING_BY_DEVICE },
];
