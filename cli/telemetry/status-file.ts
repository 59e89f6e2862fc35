import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DaemonStatus, STATUS_SCHEMA } from './daemon-status';
import { codeOf } from '../thrown';

const FILE = 'status.json';
const PERIOD_MS = 1000;
/** A daemon that has not written for so long is stuck or gone. */
const STALE_MS = 10_000;

/** Replaces `<data>/status.json` in one step, so that a reader never sees half of it. */
export function writeStatus(dataDirectory: string, status: DaemonStatus): void {
  const path = join(dataDirectory, FILE);
  writeFileSync(`${path}.tmp`, JSON.stringify(status), { mode: 0o640 });
  renameSync(`${path}.tmp`, path);
}

/** A status file that cannot be read as one. */
export class StatusFileError extends Error {
  readonly code = 'status_unreadable';
}

/** What `<data>/status.json` says, and whether it is the present. */
export interface ReadStatus {
  readonly status: DaemonStatus;
  /** `gone`: no such process; `stuck`: the process is there but has not written for ten seconds. */
  readonly state: 'running' | 'stuck' | 'gone';
}

/** Reads the status; undefined when no daemon ever wrote one there. Throws `StatusFileError`. */
export function readStatus(dataDirectory: string, now: number): ReadStatus | undefined {
  const path = join(dataDirectory, FILE);
  let status: DaemonStatus;
  try {
    status = JSON.parse(readFileSync(path, 'utf8')) as DaemonStatus;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new StatusFileError(`${path} cannot be read`, { cause: error });
  }
  if (status.schema !== STATUS_SCHEMA) {
    throw new StatusFileError(`${path} was written by another version of ascribe (layout ${String(status.schema)})`);
  }
  if (!isAlive(status.pid)) return { status, state: 'gone' };
  return { status, state: now - status.updatedAt > STALE_MS ? 'stuck' : 'running' };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return codeOf(error) === 'EPERM';
  }
}

export interface StatusWriterOptions {
  readonly dataDirectory: string;
  /** Makes the status of this moment. */
  collect(): DaemonStatus;
  /** Told once for each row of failures; a full disk must not stop the daemon. */
  failed(error: unknown): void;
}

/** Writes the status once a second while started. */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  #timer: NodeJS.Timeout | undefined;
  #failing = false;

  constructor(options: StatusWriterOptions) {
    this.#options = options;
  }

  start(): void {
    this.write();
    this.#timer ??= setInterval(() => this.write(), PERIOD_MS);
  }

  /** Writes a last time and stops. Safe before `start` and twice. */
  stop(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.write();
  }

  /** Writes now. */
  write(): void {
    try {
      writeStatus(this.#options.dataDirectory, this.#options.collect());
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#options.failed(error);
      this.#failing = true;
    }
  }
}
