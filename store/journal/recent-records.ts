import Database from 'better-sqlite3';
import type { RawOrigin } from '../../collectors/contract';
import { codeOf } from './error-code';
import { listSegments, segmentPath } from './segment-file';
import { checkSegmentVersion, readMeta } from './segment-schema';

/** A record as far as it is looked at: its beginning. */
export interface RecordHead {
  readonly source: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** The first bytes, and the size of all. */
  readonly head: Buffer;
  readonly size: number;
}

export interface RecentRecordsOptions extends Pick<RawOrigin, 'collector' | 'format'> {
  /** How many bytes of each record are looked at. */
  readonly headBytes: number;
  /** Is told of each record of a segment, the newest first. */
  readonly visit: (head: RecordHead) => void;
}

/**
 * Goes back through the journal, a segment at each step, the newest first, and shows the records of one collector and
 * format: for finding where a collector left off. Yields when each segment was opened, epoch ms. A segment without such
 * records costs one look at its origins.
 */
export function* recentRecords(directory: string, options: RecentRecordsOptions): Generator<number, void> {
  for (const name of listSegments(directory).reverse()) {
    const openedAt = visitSegment(segmentPath(directory, name), options);
    if (openedAt !== undefined) yield openedAt;
  }
}

/** Undefined: it was retired since it was listed. The connection is not held: that would keep it from being sealed. */
function visitSegment(path: string, options: RecentRecordsOptions): number | undefined {
  let db: Database.Database;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
  } catch (error) {
    if (codeOf(error) === 'SQLITE_CANTOPEN') return undefined;
    throw error;
  }
  try {
    checkSegmentVersion(db, path);
    visitRecords(db, options);
    return readMeta(db)?.opened_at ?? 0;
  } finally {
    db.close();
  }
}

function visitRecords(db: Database.Database, { collector, format, headBytes, visit }: RecentRecordsOptions): void {
  const sources = new Map(
    db
      .prepare<[string, string], { id: number; source: string }>(
        'SELECT id, source FROM origin WHERE collector = ? AND format = ?',
      )
      .all(collector, format)
      .map(({ id, source }) => [id, source]),
  );
  if (sources.size === 0) return;
  const rows = db.prepare<[number], { origin: number; receivedAt: number; head: Buffer; size: number }>(
    `SELECT origin_id AS origin, received_at AS receivedAt, substr(bytes, 1, ?) AS head, length(bytes) AS size
     FROM record WHERE origin_id IN (${[...sources.keys()].join(', ')}) ORDER BY seq DESC`,
  );
  for (const { origin, ...record } of rows.iterate(headBytes)) visit({ source: sources.get(origin) ?? '', ...record });
}
