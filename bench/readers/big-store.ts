import BetterSqlite, { type Database } from 'better-sqlite3';
import { openAnalysisForWriting } from '../../store/analysis/analysis-db';

/** First session; they are spread evenly over `SPAN_MS`. */
export const BEGIN = Date.UTC(2026, 1, 14);
export const SPAN_MS = 30 * 86_400_000;

/** Clients `10.20.x.y`, and as many owners. */
export const CLIENTS = 600;
const HOSTS = 20;
const DEVICES = 3000;

/** Tables whose indexes are made when the rows are there, which is many times faster. */
const INDEXED_LATE = ['session_row', 'verdict_row', 'account_row'];

const COLUMNS = `num, id, scope, protocol, start, "end", src, src_port, dst, dst_port, direction_source, direction_conflict,
  network_direction, encrypted, encrypted_by, service, state, end_source, src_bytes, src_packets, dst_bytes, dst_packets,
  sampling, slices, observers, cut, first_seq, first_ordinal, last_received, revision, src_is_a, first_from_a, touched_at`;

const CLIENT = `unhex(printf('0A14%04X', i * 7919 % ${CLIENTS}))`;

/**
 * Makes an `ascribe.db` of the true schema with so many sessions, each with an observer, a slice and a verdict, of 600 owners and to
 * 20,000 destinations of which some are frequent; with session logs, bindings of the clients and changes on 3,000 devices.
 * Steps of verdicts are shorter than true ones.
 */
export function makeBigStore(path: string, sessions: number, progress: (what: string) => void): void {
  openAnalysisForWriting(path).close();
  const db = new BetterSqlite(path);
  for (const pragma of [
    'journal_mode = DELETE',
    'journal_mode = OFF',
    'synchronous = OFF',
    'locking_mode = EXCLUSIVE',
    'cache_size = -400000',
  ])
    db.pragma(pragma);
  const indexes = db
    .prepare(
      `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL
      AND tbl_name IN (${INDEXED_LATE.map(() => '?').join(', ')})`,
    )
    .all(INDEXED_LATE) as { name: string; sql: string }[];
  for (const { name } of indexes) db.exec(`DROP INDEX ${name}`);
  addOwners(db);
  for (const [what, sql] of Object.entries(statements(sessions))) {
    db.exec(sql);
    progress(what);
  }
  for (const { name, sql } of indexes) {
    db.exec(sql);
    progress(name);
  }
  const end = BEGIN + SPAN_MS;
  db.exec(`INSERT OR REPLACE INTO counter VALUES ('watermark', ${end}), ('bindings_known_to', ${end})`);
  db.close();
}

function addOwners(db: Database): void {
  const owner = db.prepare('INSERT INTO owner_row(num, kind, id, name, host) VALUES (?, ?, ?, ?, ?)');
  const rule = db.prepare('INSERT INTO rule_row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (let i = 0; i < CLIENTS; i++) {
    const host = `esx-${i % HOSTS}`;
    const isVm = i < CLIENTS - 100;
    const id = isVm ? `vm:${String(i).padStart(8, '0')}-0000-0000-0000-000000000000` : `service:${host}/world${i}`;
    owner.run(i + 1, isVm ? 'vm' : 'service', id, isVm ? `vm-${i}` : `world${i} on ${host}`, host);
  }
  for (let i = 1; i <= 50; i++)
    rule.run(i, 'fw-1', `rule${i}`, String(i), 'ee759b4729ee8bd3', i, 'admin', BEGIN, `edit ${i}`);
}

/** Rows numbered from 1 on. */
const numbered = (count: number): string =>
  `WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ${Math.max(1, Math.floor(count))})`;

function statements(sessions: number): Readonly<Record<string, string>> {
  const start = `(${BEGIN} + CAST(i * ${SPAN_MS / sessions} AS INTEGER))`;
  const rare = start.replace('i *', 'i * 10 *');
  const steps = `'[["flow","10.20.0.1:1","192.0.2.53:853","10.20.0.1","flow",1,2,0,1,[140],""]]'`;
  return {
    sessions: `${numbered(sessions)} INSERT INTO session_row(${COLUMNS}) SELECT i,
      printf('%08x-0-%08x', i, i * 2654435761 % 4294967296), '', CASE i % 5 WHEN 0 THEN 17 ELSE 6 END, ${start},
      ${start} + i * 7919 % 60000, ${CLIENT}, 49152 + i % 16000,
      unhex(printf('C0%06X', i * 104729 % 20000 * (i * 31 % 100) / 100)), CASE i % 7 WHEN 0 THEN 853 WHEN 1 THEN 22 ELSE 443 END,
      'first_packet', 0, CASE i % 10 WHEN 0 THEN 'internal' WHEN 1 THEN 'transit' ELSE 'outbound' END,
      CASE i % 11 WHEN 0 THEN 'no' WHEN 1 THEN 'unknown' ELSE 'yes' END, 'port', 'https',
      CASE i % 50 WHEN 0 THEN 'denied' WHEN 1 THEN 'attempt' ELSE 'ended' END, 'fin', 1200, 9, 34000, 30, 'none', 1, 1, 0, i,
      0, ${start} + 2000, i, 1, 1, ${start} FROM c`,
    observers: `${numbered(sessions)} INSERT INTO session_observer_row(session, number, from_a, exporter_ip, domain, in_if,
      bytes, packets, sampling, start, "end", ended, counted) SELECT i, 0, 1, '10.20.0.' || (1 + i % 3), 0, i % 8, 1200, 9, 'none',
      ${start}, ${start} + 1000, 'fin', 1 FROM c`,
    slices: `INSERT INTO segment(id, name) VALUES (1, '2026-02-14T00-000'); ${numbered(sessions)} INSERT INTO
      session_slice_row(session, segment, flow, observer, raw_seq, ordinal, from_a, start, "end", bytes, packets)
      SELECT i, 1, i, 0, i, 0, 1, ${start}, ${start} + 1000, 1200, 9 FROM c`,
    verdicts: `${numbered(sessions)} INSERT INTO verdict_row(session, start, status, confidence, owner, reasons, owners, steps,
      source, source_port, leg_of, rule, recorded_at, revision) SELECT i, ${start}, CASE WHEN i % 97 = 0 THEN 'ambiguous'
      WHEN i % 31 = 0 THEN 'blind' ELSE 'attributed' END, 0.97, 1 + i * 7919 % ${CLIENTS}, '',
      '[[' || (1 + i * 7919 % ${CLIENTS}) || ',0.97]]', ${steps}, ${CLIENT}, 49152 + i % 16000,
      CASE WHEN i % 10 = 1 THEN i - 1 END, CASE WHEN i % 10 > 1 THEN 1 + i % 50 END, ${start} + 2000, i FROM c`,
    'true sources': `${numbered(sessions / 10)} INSERT INTO true_source_row SELECT ${CLIENT}, ${rare}, i * 10 FROM c`,
    'session logs': `${numbered(sessions / 10)} INSERT INTO account_row(scope, device, parser, action, protocol, src,
      src_port, dst, dst_port, nat_src, nat_src_port, at, start, rule_name, raw_seq, received_at, time_quality) SELECT '',
      'fw-' || i % 20, 'fortigate', 'session_end', 6, ${CLIENT}, 49152 + i % 16000, unhex(printf('C0%06X', i % 20000)), 443,
      x'C6336401', 1024 + i % 60000, ${rare}, ${rare}, 'rule1', i, 1, 'ok' FROM c`,
    bindings: `${numbered(CLIENTS * 5)} INSERT INTO binding_row(num, series, relation, scope, key, value, destination,
      device, parser, valid_from_lo, valid_from_hi, valid_to_lo, valid_to_hi, begin_source, end_source, first_observed,
      last_observed, observations, first_seq, first_segment, last_seq, last_segment, last_fact, recorded_at, last_recorded_at)
      SELECT i, i, 'ip-mac', '', '10.20.' || i % ${CLIENTS} / 256 || '.' || i % ${CLIENTS} % 256,
      printf('00:50:56:9a:%02x:%02x', i % ${CLIENTS} / 256, i % ${CLIENTS} % 256), '', 'rt-core', 'snmp',
      ${BEGIN} + i / ${CLIENTS} * 518400000, ${BEGIN} + i / ${CLIENTS} * 518400000, ${BEGIN} + (i / ${CLIENTS} + 1) * 518400000,
      ${BEGIN} + (i / ${CLIENTS} + 1) * 518400000, 'none', 'none', 1, 2, 100, 1, 1, 2, 1, 1, 1, 1 FROM c`,
    changes: `${numbered(200_000)} INSERT INTO change_row(num, device, parser, at, received_at, category, action, raw_seq, own,
      command) SELECT i, 'dev-' || i % ${DEVICES}, CASE WHEN i % ${DEVICES} < 1000 THEN 'vmware_esxi' ELSE 'cisco_ios' END,
      ${BEGIN} + i * 1000, ${BEGIN} + i * 1000, 'configuration', CASE i % 4 WHEN 0 THEN 'login' ELSE 'command' END, i, 0,
      'show run' FROM c`,
  };
}
