import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { RawOrigin, RawRecord } from '../contract';
import { encodeOperatorRecord, MOST_OPERATOR_BYTES, type OperatorRecord } from './operator-record';

/** Files that wait at most: a journal that takes nothing in for so long needs a person. */
export const MOST_WAITING = 10_000;
/** Time, begin before end, and what makes it one of its kind. */
const NAME = /^(\d{13})-[01]-[0-9a-f-]{36}\.json$/u;
/** Files taken at once. */
const BATCH = 500;

const ORIGIN: RawOrigin = { collector: 'operator', source: 'operator', peer: '', format: 'operator' };

/** What a person did cannot be written down. */
export class OperatorSpoolError extends Error {
  readonly code = 'operator_spool';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'OperatorSpoolError';
  }
}

/**
 * Puts a record into the spool (`<data>/operator`), where whoever writes the journal takes it in: durable before this
 * returns, whole or not at all. Throws `OperatorSpoolError`.
 */
export function spoolOperatorRecord(directory: string, record: OperatorRecord): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o770 });
    giveToOwner(directory);
    const waiting = readdirSync(directory).length;
    if (waiting >= MOST_WAITING) throw new Error(`${waiting} records wait there; nobody takes them into the journal`);
    const bytes = encodeOperatorRecord(record);
    if (bytes.length > MOST_OPERATOR_BYTES) throw new Error('the command is too long');
    const name = `${String(record.at).padStart(13, '0')}-${record.phase === 'begin' ? 0 : 1}-${randomUUID()}.json`;
    writeWhole(directory, name, bytes);
  } catch (error) {
    throw new OperatorSpoolError(`what is done cannot be written down in ${directory}: ${String(error)}`, error);
  }
}

/** Records that wait, oldest first, at most some hundred; `taken` removes them and is called when they are durable elsewhere. */
export function waitingOperatorRecords(directory: string): {
  readonly records: RawRecord[];
  readonly taken: () => void;
} {
  const names = namesIn(directory).slice(0, BATCH);
  const records = names.flatMap((name) => {
    const bytes = readBounded(join(directory, name));
    return bytes === undefined ? [] : [{ origin: ORIGIN, receivedAt: Number(NAME.exec(name)?.[1]), bytes }];
  });
  return {
    records,
    taken: () => {
      for (const name of names) rmSync(join(directory, name), { force: true });
    },
  };
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => NAME.test(name))
      .sort();
  } catch {
    // None yet.
    return [];
  }
}

/** Undefined for what is no plain file of ours: a link, a pipe, something huge. It is removed like the others. */
function readBounded(path: string): Buffer | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = fstatSync(handle);
    return found.isFile() && found.size <= MOST_OPERATOR_BYTES ? readFileSync(handle) : undefined;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function writeWhole(directory: string, name: string, bytes: Buffer): void {
  const temporary = join(directory, `.${name}.tmp`);
  const handle = openSync(temporary, 'wx', 0o640);
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  giveToOwner(temporary);
  renameSync(temporary, join(directory, name));
  const parent = openSync(directory, 'r');
  try {
    fsyncSync(parent);
  } finally {
    closeSync(parent);
  }
}

/** The superuser's files are for the user whose data it is, who runs the daemon. */
function giveToOwner(path: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  if (uid === 0) return;
  chownSync(path, uid, gid);
  chmodSync(path, statSync(path).isDirectory() ? 0o770 : 0o640);
}
