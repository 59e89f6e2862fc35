/** `2026-11-24T02-000` of the number that `segmentNumber` makes of it. */
const segmentName = (column: string): string =>
  `strftime('%Y-%m-%dT%H', ${column} / 1000000000 * 3600, 'unixepoch') || printf('-%03d', ${column} % 1000000000)`;

const FIRST_COLUMNS = `b.relation, b.scope, b.key, b.value, b.destination, b.valid_from_lo, b.valid_from_hi,
  b.valid_to_lo, b.valid_to_hi,
  CASE WHEN b.end_source = 'stated' THEN 'ended'
    WHEN b.valid_to_hi >= coalesce((SELECT value FROM counter WHERE name = 'bindings_known_to'), 0) THEN 'open'
    WHEN b.end_source = 'expiry' THEN 'ended' ELSE 'uncertain' END AS state,
  b.begin_source, b.end_source, b.first_observed, b.last_observed, b.observations, b.device, b.parser, b.first_seq,
  ${segmentName('b.first_segment')} AS first_segment, b.last_seq, ${segmentName('b.last_segment')} AS last_segment,
  b.recorded_at, b.last_recorded_at, b.end_recorded_at`;

/** Columns of the public view, of a row `b` of `binding_row`. */
export const BINDING_COLUMNS = `${FIRST_COLUMNS}, b.extra`;

/**
 * `binding_row` holds intervals; those of equal relation, scope, key, value, destination and source are one series and
 * share `series`, the `num` of one of them. `binding_mark` holds the observations they are derived from, so that a late one
 * gives what an on-time one would have given, and so that "as known at" can be derived. Rows are looked up by key and
 * value together: one translated port is shared by thousands of inside addresses over a day.
 */
export const BINDING_SCHEMA = `
CREATE TABLE binding_row(num INTEGER PRIMARY KEY, series INTEGER NOT NULL, relation TEXT NOT NULL, scope TEXT NOT NULL,
  key TEXT NOT NULL, value TEXT NOT NULL, destination TEXT NOT NULL, device TEXT NOT NULL, parser TEXT NOT NULL,
  valid_from_lo INTEGER NOT NULL, valid_from_hi INTEGER NOT NULL, valid_to_lo INTEGER NOT NULL,
  valid_to_hi INTEGER NOT NULL, begin_source TEXT NOT NULL, end_source TEXT NOT NULL, first_observed INTEGER NOT NULL,
  last_observed INTEGER NOT NULL, observations INTEGER NOT NULL, first_seq INTEGER NOT NULL,
  first_segment INTEGER NOT NULL, last_seq INTEGER NOT NULL, last_segment INTEGER NOT NULL, last_fact INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL, last_recorded_at INTEGER NOT NULL, end_recorded_at INTEGER) STRICT;
CREATE INDEX binding_by_key ON binding_row(key, value);
CREATE INDEX binding_by_value ON binding_row(value);
CREATE INDEX binding_by_time ON binding_row(relation, valid_from_hi);
CREATE INDEX binding_by_series ON binding_row(series) WHERE series <> num;
CREATE TABLE binding_mark_row(series INTEGER NOT NULL, at INTEGER NOT NULL, raw_seq INTEGER NOT NULL,
  segment INTEGER NOT NULL, fact INTEGER NOT NULL, state INTEGER NOT NULL, valid_until INTEGER,
  received_at INTEGER NOT NULL, PRIMARY KEY (series, at, raw_seq, segment, fact)) STRICT, WITHOUT ROWID;
CREATE VIEW binding AS SELECT ${FIRST_COLUMNS} FROM binding_row b;
`;

/** What the latest observation of an interval says beside key and value. */
export const BINDING_EXTRA = `
ALTER TABLE binding_row ADD COLUMN extra TEXT;
DROP VIEW binding;
CREATE VIEW binding AS SELECT ${BINDING_COLUMNS} FROM binding_row b;
`;

/** What a device states is found without reading what all others state. */
export const BINDING_BY_DEVICE = `CREATE INDEX binding_by_device ON binding_row(device, relation, valid_from_hi);`;
