import type Database from 'better-sqlite3';
import { SchemaTooNewError } from './errors';

/** `user_version` of a segment. */
export const SEGMENT_SCHEMA_VERSION = 1;
/** `application_id` of a segment: "ascJ". */
export const SEGMENT_APPLICATION_ID = 0x6173634a;
/** Large pages: a 1.4 kB datagram costs a quarter less than with 4 KiB pages, and no datagram under 16 kB spills into overflow pages. */
export const SEGMENT_PAGE_BYTES = 16_384;
/** The WAL is copied back into the segment when it has grown to this many pages (16 MiB). */
export const WAL_PAGES = 1024;

/** Tables of a segment. `hash` stands before `bytes`, so that it can be read without walking through the bytes. */
export const SEGMENT_DDL = `
CREATE TABLE meta (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  segment       TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  opened_at     INTEGER NOT NULL,
  first_seq     INTEGER NOT NULL,
  previous_seal TEXT    NOT NULL
) STRICT;
CREATE TABLE origin (
  id        INTEGER PRIMARY KEY,
  collector TEXT NOT NULL,
  source    TEXT NOT NULL,
  peer      TEXT NOT NULL,
  format    TEXT NOT NULL,
  digest    BLOB NOT NULL
) STRICT;
CREATE TABLE record (
  seq         INTEGER PRIMARY KEY,
  received_at INTEGER NOT NULL,
  origin_id   INTEGER NOT NULL,
  hash        BLOB    NOT NULL,
  bytes       BLOB    NOT NULL
) STRICT;
CREATE TABLE head (
  id                   INTEGER PRIMARY KEY CHECK (id = 1),
  count                INTEGER NOT NULL,
  last_seq             INTEGER NOT NULL,
  root                 BLOB    NOT NULL,
  earliest_received_at INTEGER NOT NULL,
  latest_received_at   INTEGER NOT NULL
) STRICT;
CREATE TABLE seal (
  id   INTEGER PRIMARY KEY CHECK (id = 1),
  line TEXT NOT NULL
) STRICT;
CREATE VIEW raw AS
  SELECT r.seq, r.received_at, o.collector, o.source, o.peer, o.format, r.bytes, r.hash
  FROM record r JOIN origin o ON o.id = r.origin_id;
`;

/** Row of `meta`. */
export interface SegmentMeta {
  /** UUID. */
  readonly segment: string;
  readonly name: string;
  /** Epoch milliseconds UTC. */
  readonly opened_at: number;
  readonly first_seq: number;
  /** Hash of the seal before, hex. */
  readonly previous_seal: string;
}

/** Row of `head`: what the segment holds, kept in the same transaction as the records. */
export interface SegmentHead {
  readonly count: number;
  readonly last_seq: number;
  /** RFC 6962 root over the record hashes so far. */
  readonly root: Buffer;
  readonly earliest_received_at: number;
  readonly latest_received_at: number;
}

/** Throws `SchemaTooNewError` for a segment that a later ascribe wrote. */
export function checkSegmentVersion(db: Database.Database, path: string): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > SEGMENT_SCHEMA_VERSION) throw new SchemaTooNewError(path, version, SEGMENT_SCHEMA_VERSION);
}

/** The one row of `meta`; undefined when there is none. */
export function readMeta(db: Database.Database): SegmentMeta | undefined {
  return db.prepare<[], SegmentMeta>('SELECT segment, name, opened_at, first_seq, previous_seal FROM meta').get();
}

/** The one row of `head`; undefined when there is none. */
export function readHead(db: Database.Database): SegmentHead | undefined {
  return db
    .prepare<[], SegmentHead>('SELECT count, last_seq, root, earliest_received_at, latest_received_at FROM head')
    .get();
}

/** The signed seal line, or undefined for an open segment. */
export function readSealLine(db: Database.Database): string | undefined {
  return db.prepare<[], string>('SELECT line FROM seal').pluck().get();
}
