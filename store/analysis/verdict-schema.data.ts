import { addressTextSql } from '../facts/address-sql';

/**
 * `verdict_row` holds one row a session; owners and rules stand once in `owner_row` and `rule_row`. Candidates and the chain are
 * JSON arrays in the row, because they are written with it, read with it and never looked up by: rows of their own would
 * cost as much again as everything else of a session. `true_source_row` finds the sessions whose initiator stands behind
 * a translation, by each address it may have.
 *
 * `account_row` holds what firewalls and translators say of single sessions, as they say it, one row a statement; a statement about
 * the translated end is found by it. `reopen_row` is the list of keys and times whose evidence has changed since the
 * verdicts that it touches were made: it is written in the transaction that changes the evidence. `translated_row` holds the
 * addresses that any source named as the outside of a translation, `clock_sample_row` how export times lie to their receipt.
 */
export const VERDICT_SCHEMA = `
CREATE TABLE owner_row(num INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
  host TEXT NOT NULL, UNIQUE(id, kind, name, host)) STRICT;
CREATE INDEX owner_by_name ON owner_row(name);
CREATE INDEX owner_by_host ON owner_row(host);
CREATE TABLE rule_row(num INTEGER PRIMARY KEY, device TEXT NOT NULL, name TEXT NOT NULL, id TEXT NOT NULL,
  config_version TEXT NOT NULL, line INTEGER NOT NULL, author TEXT NOT NULL, committed_at INTEGER NOT NULL,
  text TEXT NOT NULL, UNIQUE(device, name, id, config_version, line, author, committed_at, text)) STRICT;
CREATE TABLE verdict_row(session INTEGER PRIMARY KEY, start INTEGER NOT NULL, status TEXT NOT NULL,
  confidence REAL NOT NULL, owner INTEGER NOT NULL, reasons TEXT NOT NULL, owners TEXT NOT NULL, steps TEXT NOT NULL,
  source BLOB, source_port INTEGER, leg_of INTEGER, rule INTEGER, recorded_at INTEGER NOT NULL,
  revision INTEGER NOT NULL) STRICT;
CREATE INDEX verdict_by_owner ON verdict_row(owner, start);
CREATE INDEX verdict_by_status ON verdict_row(status, start);
CREATE INDEX verdict_by_revision ON verdict_row(revision);
CREATE INDEX verdict_by_leg ON verdict_row(leg_of) WHERE leg_of IS NOT NULL;
CREATE INDEX verdict_by_rule ON verdict_row(rule, start) WHERE rule IS NOT NULL;
CREATE TABLE true_source_row(address BLOB NOT NULL, start INTEGER NOT NULL, session INTEGER NOT NULL,
  PRIMARY KEY (address, start, session)) STRICT, WITHOUT ROWID;
CREATE TABLE account_row(num INTEGER PRIMARY KEY, scope TEXT NOT NULL, device TEXT NOT NULL, parser TEXT NOT NULL,
  action TEXT NOT NULL, protocol INTEGER, src BLOB, src_port INTEGER, dst BLOB, dst_port INTEGER, nat_src BLOB,
  nat_src_port INTEGER, nat_dst BLOB, nat_dst_port INTEGER, at INTEGER NOT NULL, start INTEGER, "end" INTEGER,
  rule_name TEXT, rule_id TEXT, user TEXT, session_key TEXT, bytes INTEGER, raw_seq INTEGER NOT NULL,
  received_at INTEGER NOT NULL, time_quality TEXT NOT NULL) STRICT;
CREATE INDEX account_by_src ON account_row(src, src_port, at) WHERE src IS NOT NULL;
CREATE INDEX account_by_nat_src ON account_row(nat_src, nat_src_port, at) WHERE nat_src IS NOT NULL;
CREATE INDEX account_by_device ON account_row(device, at);
CREATE INDEX session_by_endpoint ON session_row(src, src_port, start);
CREATE INDEX session_by_nat_src ON session_row(nat_src, nat_src_port, start) WHERE nat_src IS NOT NULL;
CREATE INDEX session_in_transit ON session_row(dst, dst_port, start) WHERE network_direction = 'transit';
CREATE TABLE reopen_row(num INTEGER PRIMARY KEY AUTOINCREMENT, relation TEXT NOT NULL, key TEXT NOT NULL, "from" INTEGER NOT NULL,
  "to" INTEGER NOT NULL) STRICT;
CREATE TABLE translated_row(address BLOB PRIMARY KEY, recorded_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE clock_sample_row(device TEXT NOT NULL, "from" INTEGER NOT NULL, bin INTEGER NOT NULL,
  count INTEGER NOT NULL, PRIMARY KEY (device, "from", bin)) STRICT, WITHOUT ROWID;
CREATE TABLE clock(device TEXT NOT NULL, kind TEXT NOT NULL, "from" INTEGER NOT NULL, "offset" INTEGER NOT NULL,
  residual INTEGER NOT NULL, samples INTEGER NOT NULL, method TEXT NOT NULL,
  PRIMARY KEY (device, kind, "from")) STRICT, WITHOUT ROWID;
CREATE TABLE blind(device TEXT NOT NULL, kind TEXT NOT NULL, "from" INTEGER NOT NULL, "to" INTEGER NOT NULL,
  reason TEXT NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (device, kind, "from")) STRICT, WITHOUT ROWID;
`;

/** Values of a step in `verdict_row.steps`, in this order. */
export const STEP_MEMBERS = [
  'relation',
  'from',
  'to',
  'device',
  'parser',
  'valid_from',
  'valid_to',
  'clock_offset',
  'confidence',
  'raw_seqs',
  'detail',
] as const;

const stepColumns = STEP_MEMBERS.map((name, i) => `e.value ->> ${i} AS "${name}"`).join(', ');

export const VERDICT_VIEWS = `
CREATE VIEW verdict AS SELECT s.id AS session, v.start, v.status, v.confidence, o.kind AS owner_kind, o.id AS owner_id,
  o.name AS owner_name, o.host AS owner_host, v.reasons, v.source, ${addressTextSql('v.source')} AS source_ip,
  v.source_port, (SELECT l.id FROM session_row l WHERE l.num = v.leg_of) AS leg_of, r.device AS rule_device,
  r.name AS rule_name, r.id AS rule_id, r.config_version AS rule_config_version, r.line AS rule_line,
  r.author AS rule_author, nullif(r.committed_at, 0) AS rule_committed_at, r.text AS rule_text, v.recorded_at, v.revision
  FROM verdict_row v JOIN session_row s ON s.num = v.session JOIN owner_row o ON o.num = v.owner
  LEFT JOIN rule_row r ON r.num = v.rule;
CREATE VIEW verdict_owner AS SELECT s.id AS session, e.key AS number, o.kind, o.id AS owner, o.name, o.host,
  e.value ->> 1 AS weight, v.start
  FROM session_row s JOIN verdict_row v ON v.session = s.num, json_each(v.owners) e
  JOIN owner_row o ON o.num = e.value ->> 0;
CREATE VIEW verdict_step AS SELECT s.id AS session, e.key AS number, ${stepColumns}
  FROM session_row s JOIN verdict_row v ON v.session = s.num, json_each(v.steps) e;
`;

/** The addresses of an owner are told from the index alone. */
export const VERDICT_SOURCES = `
DROP INDEX verdict_by_owner;
CREATE INDEX verdict_by_owner ON verdict_row(owner, start, source);
`;
