import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { setTimeout as delay } from 'node:timers/promises';

/** A program under test. It receives on `port`, UDP and (where it can) TCP. */
export interface Receiver {
  readonly name: string;
  /** What it does with a line, for the table: the programs do not all do the same work. */
  readonly does: string;
  readonly protocols: readonly ('udp' | 'tcp')[];
  readonly pid: number;
  readonly port: number;
  /** Lines that are stored (or, for one that stores nothing, counted) since the start. */
  stored(): Promise<number>;
  /** Lines made into facts since the start; absent for what does not parse. */
  readonly parsed?: () => number;
  stop(): Promise<void>;
}

/** How a receiver is made: `folder` is its own; undefined: not installed. */
export type StartReceiver = (folder: string) => Promise<Receiver | undefined>;

/** A port of loopback that nobody uses now, over UDP and most likely over TCP. */
export function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/** A child process whose output is kept for when it fails. */
export class Child {
  readonly process: ChildProcess;
  output = '';

  constructor(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    this.process = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on('data', (data: Buffer) => (this.output += data.toString()));
    }
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Polls until `condition` holds. Rejects with the child's output when it ends or thirty seconds pass before. */
  async until(condition: () => boolean): Promise<void> {
    const end = Date.now() + 30_000;
    while (!condition()) {
      if (this.process.exitCode !== null || Date.now() > end) {
        this.process.kill('SIGKILL');
        throw new Error(`did not start: ${this.output}`);
      }
      await delay(20);
    }
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 30_000);
    await ended;
    clearTimeout(timer);
  }
}

/** Counts the lines of a file that grows, reading only what is new. */
export class LineCounter {
  readonly #path: string;
  readonly #buffer = Buffer.alloc(1 << 20);
  #at = 0;
  #lines = 0;

  constructor(path: string) {
    this.#path = path;
  }

  count(): number {
    let file: number;
    try {
      file = openSync(this.#path, 'r');
    } catch {
      // Not made before the first line.
      return 0;
    }
    try {
      for (;;) {
        const read = readSync(file, this.#buffer, 0, this.#buffer.length, this.#at);
        if (read === 0) return this.#lines;
        this.#at += read;
        for (let i = this.#buffer.indexOf(10); i >= 0 && i < read; i = this.#buffer.indexOf(10, i + 1)) this.#lines++;
      }
    } finally {
      closeSync(file);
    }
  }
}
