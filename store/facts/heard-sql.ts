/** Tables of facts whose rows show that a source was heard. */
export const HEARD_TABLES = ['run', 'session_log_row', 'binding', 'event_row'] as const;
export type HeardTable = (typeof HEARD_TABLES)[number];

/** What a row shows of a source: its kind of telemetry, `''` where none. A fact that came by syslog has the header it came under. */
const KINDS: Readonly<Record<Exclude<HeardTable, 'run'>, string>> = {
  session_log_row: `'session_log'`,
  binding: `CASE WHEN parser GLOB 'netflow*' OR parser GLOB 'sflow*' OR parser = 'ipfix' THEN ''
    WHEN syslog IS NULL THEN 'poll' WHEN relation IN ('nat', 'nat-block') THEN 'translation_log' WHEN relation = 'ip-dhcp' THEN 'lease_log'
    WHEN relation IN ('ip-name', 'ip-query') THEN 'name_log' ELSE '' END`,
  event_row: `CASE WHEN syslog IS NOT NULL THEN 'log' ELSE '' END`,
};

const RUN = `SELECT r.id, r.raw_seq AS rawSeq, r.received_at AS receivedAt, s.exporter_ip AS device, 'flow' AS kind
  FROM run r JOIN stream s ON s.id = r.stream_id WHERE r.id > ? ORDER BY r.id LIMIT ?`;

/** Reads the rows of a table with an id above the first value, at most as many as the second. */
export function heardSql(table: HeardTable): string {
  if (table === 'run') return RUN;
  return `SELECT id, raw_seq AS rawSeq, received_at AS receivedAt, device, ${KINDS[table]} AS kind
    FROM ${table} WHERE id > ? ORDER BY id LIMIT ?`;
}

/** The same of the gaps that facts state. Numbers that SQLite cannot hold stand in the detail. */
export const GAPS_SQL = `SELECT id, raw_seq AS rawSeq, received_at AS receivedAt, since, device, parser, kind,
  CAST(missing AS REAL) AS missing, unit, detail FROM gap WHERE id > ? ORDER BY id LIMIT ?`;
