import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory, writeFileDurably } from './durable-file';
import { codeOf } from './error-code';
import { type CheckpointStatement, parseCheckpoint, type SignedStatement } from './statement';

/** Name of the file in the journal's directory: one signed checkpoint a line, the newest last. */
export const CHECKPOINT_FILE = 'checkpoints.ndjson';

/** When it has grown beyond this, the older half is given up: they were told long ago. */
const MOST_BYTES = 16 << 20;
const MOST_LINE = 4096;

export type Checkpoint = SignedStatement<CheckpointStatement>;

/** Appends a checkpoint durably. When it throws, the file is as before. */
export function appendCheckpoint(directory: string, { line }: Checkpoint): void {
  const path = join(directory, CHECKPOINT_FILE);
  const handle = openSync(path, 'a+', 0o640);
  const before = fstatSync(handle).size;
  try {
    const torn = before > 0 && !endsLine(handle, before);
    const bytes = Buffer.from(`${torn ? '\n' : ''}${line}\n`, 'utf8');
    for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
    fsyncSync(handle);
  } catch (error) {
    ftruncateSync(handle, before);
    throw error;
  } finally {
    closeSync(handle);
  }
  if (before === 0) syncDirectory(directory);
  if (before > MOST_BYTES) keepNewer(directory);
}

/** All checkpoints that are there, oldest first; lines that are none are passed over. */
export function readCheckpoints(directory: string): Checkpoint[] {
  return new CheckpointReader(directory).more();
}

/** Reads checkpoints as they come. */
export class CheckpointReader {
  readonly #path: string;
  #at = 0;
  #inode = 0;
  #held = '';

  /** `directory` is `<data>/journal`. */
  constructor(directory: string) {
    this.#path = join(directory, CHECKPOINT_FILE);
  }

  /** Those since the last call; all that are left after the file was cut. */
  more(): Checkpoint[] {
    let handle: number;
    try {
      handle = openSync(this.#path, 'r');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
    try {
      const { size, ino } = fstatSync(handle);
      if (ino !== this.#inode || size < this.#at) this.#begin(ino);
      const bytes = Buffer.alloc(size - this.#at);
      const read = bytes.length === 0 ? 0 : readSync(handle, bytes, 0, bytes.length, this.#at);
      this.#at += read;
      const lines = (this.#held + bytes.toString('utf8', 0, read)).split('\n');
      this.#held = (lines.pop() ?? '').slice(0, MOST_LINE);
      return lines.flatMap((line) => parseCheckpoint(line) ?? []);
    } finally {
      closeSync(handle);
    }
  }

  #begin(inode: number): void {
    this.#inode = inode;
    this.#at = 0;
    this.#held = '';
  }
}

function endsLine(handle: number, size: number): boolean {
  const last = Buffer.alloc(1);
  return readSync(handle, last, 0, 1, size - 1) === 1 && last[0] === 0x0a;
}

function keepNewer(directory: string): void {
  const all = readCheckpoints(directory);
  const kept = all.slice(Math.floor(all.length / 2));
  writeFileDurably(join(directory, CHECKPOINT_FILE), kept.map(({ line }) => `${line}\n`).join(''), 0o640);
}
