import { PassThrough } from 'node:stream';
import type { Interruption, Io, OutputStream } from '../../../cli/io';
import { runProgram } from '../../../cli/program';

/** A stream that keeps what is written to it. */
export class CapturedStream implements OutputStream {
  text = '';
  constructor(
    readonly isTTY = false,
    readonly columns = 80,
  ) {}

  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

export interface FakeIo extends Io {
  readonly stdout: CapturedStream;
  readonly stderr: CapturedStream;
}

export interface FakeOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly tty?: boolean;
  readonly columns?: number;
  readonly now?: number;
  readonly interruption?: Interruption;
}

/** A world of its own for one command: captured streams, an empty environment, a fixed clock. */
export function fakeIo(options: FakeOptions = {}): FakeIo {
  return {
    stdout: new CapturedStream(options.tty, options.columns),
    stderr: new CapturedStream(options.tty, options.columns),
    stdin: new PassThrough().end(),
    env: options.env ?? {},
    cwd: options.cwd ?? '/',
    interruption: options.interruption ?? neverInterrupted(),
    now: () => options.now ?? Date.UTC(2026, 10, 24, 2, 10),
  };
}

function neverInterrupted(): Interruption {
  return { signal: new AbortController().signal, received: undefined, draining: false, drains: () => undefined };
}

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process. */
export async function run(argv: readonly string[], options: FakeOptions = {}): Promise<Run> {
  const io = fakeIo(options);
  const code = await runProgram(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}
