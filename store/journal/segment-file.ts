import { chmodSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { syncDirectory } from './durable-file';
import { codeOf } from './error-code';
import { compareSegmentNames, nameOfFile, segmentFile } from './segment-name';

/** Names of the segments in a journal directory, oldest first. */
export function listSegments(directory: string): string[] {
  return readdirSync(directory)
    .flatMap((file) => nameOfFile(file) ?? [])
    .sort(compareSegmentNames);
}

/** Path of a segment's file. */
export function segmentPath(directory: string, name: string): string {
  return join(directory, segmentFile(name));
}

/** Deletes a SQLite database with the files beside it, durably. */
export function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
  syncDirectory(dirname(path));
}

/** Whether a sealed segment is the plain read-only file that `finishSegment` makes of it. */
export function isFinished(path: string): boolean {
  return (statSync(path).mode & 0o222) === 0;
}

/**
 * Turns a sealed segment into one plain read-only file, without WAL. False when a reader still holds it: then it is
 * complete all the same, and this may be tried again later.
 */
export function finishSegment(path: string): boolean {
  const db = new Database(path, { fileMustExist: true, timeout: 0 });
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
    if (db.pragma('journal_mode = DELETE', { simple: true }) !== 'delete') return false;
  } catch (error) {
    if (codeOf(error).startsWith('SQLITE_BUSY')) return false;
    throw error;
  } finally {
    db.close();
  }
  chmodSync(path, 0o440);
  return true;
}
