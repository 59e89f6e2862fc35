import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { codeOf } from './error-code';
import { DataDirectoryInUseError } from './errors';

/**
 * Exclusive use of a data directory. The lock is an exclusive transaction on `<data>/lock.db`, so the kernel releases
 * it when the process ends, however it ends. `<data>/lock.pid` is only for the message; nothing is decided by it. (It is
 * a file of its own because POSIX locks vanish when the process closes any handle on the locked file.)
 */
export class DataLock {
  readonly #db: Database.Database;
  readonly #pidPath: string;

  private constructor(db: Database.Database, pidPath: string) {
    this.#db = db;
    this.#pidPath = pidPath;
  }

  /** Takes the lock or throws `DataDirectoryInUseError` at once. Makes the directory when it is not there. */
  static acquire(dataDirectory: string): DataLock {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o750 });
    const pidPath = join(dataDirectory, 'lock.pid');
    const db = new Database(join(dataDirectory, 'lock.db'), { timeout: 0 });
    try {
      db.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      db.close();
      if (codeOf(error).startsWith('SQLITE_BUSY')) {
        throw new DataDirectoryInUseError(dataDirectory, readPid(pidPath));
      }
      throw error;
    }
    writeFileSync(pidPath, `${process.pid}\n`, { mode: 0o640 });
    return new DataLock(db, pidPath);
  }

  /** Gives the directory free; safe to call twice. */
  release(): void {
    if (!this.#db.open) return;
    rmSync(this.#pidPath, { force: true });
    this.#db.exec('ROLLBACK');
    this.#db.close();
  }
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
