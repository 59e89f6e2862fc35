import { addressTextSql } from '../facts/address-sql';

/**
 * A finding is the matches of one analytic with one subject and key. Matches are replaced by their origin (a session, an event, a
 * series), so that evidence which comes late or changes leaves what it would have left at once. `change_row` holds the
 * events that analytics join with sessions; `series_session_row` the sessions by owner and destination.
 */
export const FINDING_SCHEMA = `
CREATE TABLE change_row(num INTEGER PRIMARY KEY, device TEXT NOT NULL, parser TEXT NOT NULL,
  at INTEGER NOT NULL, received_at INTEGER NOT NULL,
  category TEXT NOT NULL, action TEXT NOT NULL, outcome TEXT, code TEXT, user TEXT, src BLOB, process TEXT, command TEXT,
  message TEXT, raw_seq INTEGER NOT NULL, own INTEGER NOT NULL) STRICT;
CREATE INDEX change_by_device ON change_row(device, at);
CREATE TABLE subject_row(num INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
  host TEXT NOT NULL, UNIQUE(id, kind, name, host)) STRICT;
CREATE TABLE series_row(num INTEGER PRIMARY KEY, owner TEXT NOT NULL, subject INTEGER NOT NULL, dst BLOB NOT NULL,
  dst_port INTEGER NOT NULL, protocol INTEGER NOT NULL, dirty INTEGER NOT NULL DEFAULT 1,
  UNIQUE(owner, dst, dst_port, protocol)) STRICT;
CREATE INDEX series_by_dst ON series_row(dst);
CREATE INDEX series_dirty ON series_row(num) WHERE dirty = 1;
CREATE TABLE series_session_row(series INTEGER NOT NULL, start INTEGER NOT NULL, session INTEGER NOT NULL,
  sent_bytes INTEGER, packets INTEGER, sampling INTEGER NOT NULL, PRIMARY KEY (series, start, session)) STRICT, WITHOUT ROWID;
CREATE TABLE session_series_row(session INTEGER PRIMARY KEY, series INTEGER NOT NULL, start INTEGER NOT NULL) STRICT;
CREATE TABLE beacon_row(series INTEGER PRIMARY KEY, answer TEXT NOT NULL, "from" INTEGER NOT NULL, "to" INTEGER NOT NULL,
  sessions INTEGER NOT NULL, chance REAL NOT NULL, period REAL, composite REAL NOT NULL, prevalence REAL NOT NULL,
  terms TEXT NOT NULL) STRICT;
CREATE INDEX beacon_by_chance ON beacon_row(chance);
CREATE TABLE finding_row(num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, analytic TEXT NOT NULL, strategy TEXT NOT NULL,
  techniques TEXT NOT NULL, subject INTEGER NOT NULL, key TEXT NOT NULL, severity TEXT NOT NULL, text TEXT NOT NULL,
  terms TEXT NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, matches INTEGER NOT NULL,
  approved_by TEXT NOT NULL, recorded_at INTEGER NOT NULL, revision INTEGER NOT NULL) STRICT;
CREATE INDEX finding_by_revision ON finding_row(revision);
CREATE INDEX finding_by_time ON finding_row(last_seen);
CREATE INDEX finding_by_subject ON finding_row(subject);
CREATE TABLE finding_match_row(finding INTEGER NOT NULL, origin TEXT NOT NULL, origin_num INTEGER NOT NULL,
  at INTEGER NOT NULL, severity INTEGER NOT NULL, text TEXT NOT NULL, terms TEXT NOT NULL, changes TEXT NOT NULL,
  approved_by TEXT NOT NULL, PRIMARY KEY (finding, origin, origin_num)) STRICT, WITHOUT ROWID;
CREATE INDEX finding_match_by_origin ON finding_match_row(origin, origin_num);
`;

export const FINDING_VIEWS = `
CREATE VIEW finding AS SELECT f.id, f.analytic, f.strategy, f.techniques, f.severity, s.kind AS owner_kind,
  s.id AS owner_id, s.name AS owner_name, s.host AS owner_host, f.key, f.text, f.terms, f.first_seen, f.last_seen, f.matches,
  f.approved_by, f.recorded_at, f.revision FROM finding_row f JOIN subject_row s ON s.num = f.subject;
CREATE VIEW finding_match AS SELECT f.id AS finding, m.origin, m.at, m.text, m.terms, m.approved_by,
  (SELECT r.id FROM session_row r WHERE m.origin = 'session' AND r.num = m.origin_num) AS session,
  (SELECT c.raw_seq FROM change_row c WHERE m.origin = 'change' AND c.num = m.origin_num) AS raw_seq, m.changes
  FROM finding_match_row m JOIN finding_row f ON f.num = m.finding;
CREATE VIEW beacon AS SELECT s.kind AS owner_kind, s.id AS owner_id, s.name AS owner_name, r.dst,
  ${addressTextSql('r.dst')} AS dst_ip, r.dst_port, r.protocol, b.answer, b."from", b."to", b.sessions, b.chance, b.period,
  b.composite, b.prevalence, b.terms
  FROM beacon_row b JOIN series_row r ON r.num = b.series JOIN subject_row s ON s.num = r.subject;
`;

/**
 * What is still to be looked at again because of an event that came late: sessions of a device that began within ("from", "to"],
 * where those of "from" itself count from the one after `after_session` on.
 */
export const FINDING_REOPENED = `
CREATE TABLE finding_reopen_row(num INTEGER PRIMARY KEY, device TEXT NOT NULL, "from" INTEGER NOT NULL,
  "to" INTEGER NOT NULL, after_session INTEGER NOT NULL) STRICT;
`;

/**
 * `dirty` counts changes since a series was scored; `last` is the latest start that its score knows, `owners` of `owners_of` what it knows of the
 * destination. All series are scored again: chance is judged in another way.
 */
export const FINDING_GROWTH = `
ALTER TABLE beacon_row ADD COLUMN last INTEGER NOT NULL DEFAULT 0;
ALTER TABLE beacon_row ADD COLUMN owners INTEGER NOT NULL DEFAULT 0;
ALTER TABLE beacon_row ADD COLUMN owners_of INTEGER NOT NULL DEFAULT 0;
CREATE INDEX beacon_found ON beacon_row(series) WHERE answer = 'beacon';
DROP INDEX series_dirty;
CREATE INDEX series_dirty ON series_row(num) WHERE dirty > 0;
DROP INDEX series_by_dst;
CREATE INDEX series_by_dst ON series_row(dst, owner);
UPDATE series_row SET dirty = 1 + coalesce((SELECT sessions FROM beacon_row WHERE series = num), 0);
DROP VIEW beacon;
CREATE VIEW beacon AS SELECT s.kind AS owner_kind, s.id AS owner_id, s.name AS owner_name, r.dst,
  ${addressTextSql('r.dst')} AS dst_ip, r.dst_port, r.protocol, b.answer, b."from", b."to", b.last AS scored_to,
  r.dirty AS changes_since, b.sessions, b.chance, b.period, b.composite, b.prevalence, b.terms
  FROM beacon_row b JOIN series_row r ON r.num = b.series JOIN subject_row s ON s.num = r.subject;
`;
