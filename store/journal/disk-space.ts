import { statfsSync } from 'node:fs';
import { codeOf } from './error-code';

/** Room on the file system under a directory, in bytes; `available` is what an unprivileged process may use. */
export interface DiskSpace {
  readonly available: number;
  readonly total: number;
}

/** Asks the kernel (statfs). Cheap: a few microseconds. The daemon stops facts on it long before the journal is out of room. */
export function freeSpace(directory: string): DiskSpace {
  const { bavail, blocks, bsize } = statfsSync(directory);
  return { available: bavail * bsize, total: blocks * bsize };
}

/*
 * SQLITE_FULL is ENOSPC on a write. The others are how SQLite reports that it could not create or extend the files beside
 * a database; they mean "full" only when the file system says so too.
 */
const FULL_CODES: ReadonlySet<string> = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT']);
const MAYBE_FULL_CODES: ReadonlySet<string> = new Set([
  'SQLITE_CANTOPEN',
  'SQLITE_IOERR_WRITE',
  'SQLITE_IOERR_FSYNC',
  'SQLITE_IOERR_TRUNCATE',
  'SQLITE_IOERR_SHMSIZE',
  'SQLITE_IOERR_SHMOPEN',
  'SQLITE_IOERR_SHMMAP',
  'SQLITE_PROTOCOL',
]);
/** Less than this is no room for the smallest commit: a page, its WAL frame and the shared memory file. */
const NO_ROOM_BYTES = 256 * 1024;

/** Whether an error of SQLite or of the file system means that the disk under `directory` is full. */
export function meansDiskFull(error: unknown, directory: string): boolean {
  const code = codeOf(error);
  if (FULL_CODES.has(code)) return true;
  return MAYBE_FULL_CODES.has(code) && freeSpace(directory).available < NO_ROOM_BYTES;
}
