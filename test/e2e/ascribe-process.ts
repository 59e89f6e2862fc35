import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const MAIN = join(process.cwd(), 'dist', 'cli', 'main.js');

/** The built program is what these tests run; `npm test` builds it first. */
export const isBuilt = existsSync(MAIN);

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command to its end. */
export function ascribe(
  args: readonly string[],
  options: { readonly input?: string | Uint8Array; readonly timeout?: number } = {},
): CommandResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    input: options.input ?? '',
    timeout: options.timeout ?? 60_000,
    maxBuffer: 1 << 28,
  });
  return { status, stdout, stderr };
}

/** The NDJSON objects that a command prints. */
export function ascribeJson<T = Record<string, unknown>>(args: readonly string[]): T[] {
  const { stdout, stderr, status } = ascribe([...args, '--json']);
  if (status !== 0 && status !== 4) throw new Error(`ascribe ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** A running daemon. */
export class AscribeDaemon {
  readonly child: ChildProcess;
  output = '';

  /** `prefix`: a command that runs it elsewhere, such as `ip netns exec NAME`. */
  constructor(args: readonly string[], prefix: readonly string[] = []) {
    const [command = process.execPath, ...rest] = [...prefix, process.execPath, MAIN, 'run', ...args];
    // The environment of the test, which is not the one that the process began with.
    this.child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: process.env });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (data: Buffer) => (this.output += data.toString()));
    }
  }

  /** Resolves when the daemon says that it receives; fails with its output when it ends before. */
  async ready(timeout = 60_000): Promise<void> {
    await waitFor(() => {
      if (this.child.exitCode !== null) throw new Error(`the daemon ended with ${this.child.exitCode}: ${this.output}`);
      return /"msg":"ready"|\bready\b/.test(this.output);
    }, timeout);
  }

  /** The end of the process by a signal that it cannot see. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }

  /** SIGTERM, and the exit code. */
  async stop(): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = new Promise<number | null>((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    return ended;
  }
}

/** Polls until `condition` holds; the error names what was waited for. */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  timeout: number,
  what = 'condition',
): Promise<void> {
  const end = Date.now() + timeout;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${what} did not come true within ${timeout} ms`);
    await delay(50);
  }
}
