import type { DigestTables } from '../facts/digest';

/**
 * What `digestTables` reads to tell whether two `ascribe.db` hold the same sessions: all rows of all tables that the
 * session stage writes.
 */
export const SESSION_DIGEST_TABLES: DigestTables = [
  ['session_row', 'num'],
  ['session_observer_row', 'session, number'],
  ['segment', 'id'],
  ['session_slice_row', 'session, segment, flow'],
  ['source', 'exporter_ip, domain'],
  ['gap', 'segment, id'],
  ['cursor', 'stage'],
  ['counter', 'name'],
];
