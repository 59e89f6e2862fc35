/** SQLite `application_id` of `forward.db`: "ascO". */
export const FORWARD_APPLICATION_ID = 0x6173634f;

/** Numbered, in order, never edited once released. Times are epoch milliseconds UTC. */
export const FORWARD_MIGRATIONS: readonly string[] = [
  `
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE cursor(destination TEXT NOT NULL, kind TEXT NOT NULL, position TEXT NOT NULL, moved_at INTEGER NOT NULL,
  active INTEGER NOT NULL, PRIMARY KEY (destination, kind)) STRICT, WITHOUT ROWID;
CREATE TABLE hour(destination TEXT NOT NULL, kind TEXT NOT NULL, hour INTEGER NOT NULL, sent INTEGER NOT NULL,
  confirmed INTEGER NOT NULL, dead INTEGER NOT NULL, filtered INTEGER NOT NULL, bytes INTEGER NOT NULL,
  PRIMARY KEY (destination, kind, hour)) STRICT, WITHOUT ROWID;
CREATE TABLE dead_letter(num INTEGER PRIMARY KEY, destination TEXT NOT NULL, kind TEXT NOT NULL, uid TEXT NOT NULL,
  ref TEXT NOT NULL, code TEXT NOT NULL, cause TEXT NOT NULL, excerpt TEXT NOT NULL, failed_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL, state TEXT NOT NULL, UNIQUE (destination, uid)) STRICT;
CREATE INDEX dead_letter_waiting ON dead_letter(destination) WHERE state = 'redrive';
CREATE TABLE gap(num INTEGER PRIMARY KEY, destination TEXT NOT NULL, kind TEXT NOT NULL, segment TEXT NOT NULL,
  from_id INTEGER NOT NULL, to_id INTEGER NOT NULL, missing INTEGER NOT NULL, reason TEXT NOT NULL,
  recorded_at INTEGER NOT NULL, UNIQUE (destination, kind, segment)) STRICT;
`,
];
