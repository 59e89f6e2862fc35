import type { Readable } from 'node:stream';

/** What a command needs of an output stream; `process.stdout` has it, and tests capture it. */
export interface OutputStream {
  write(text: string): boolean;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Signals that end a command. */
export type StopSignal = 'SIGINT' | 'SIGTERM';

/** How a command learns that it is to stop. */
export interface Interruption {
  /** Aborted at the first signal. A command that never looks at it is ended by the signal itself. */
  readonly signal: AbortSignal;
  /** The signal that came, if one did. */
  readonly received: StopSignal | undefined;
  /**
   * Says that the command ends by itself after the first signal, however long its draining takes, and with an exit
   * code of its own. Without it the process ends a few seconds after the signal. A second signal always ends it.
   */
  drains(): void;
  /** Whether `drains` was called. */
  readonly draining: boolean;
}

/** The world around a command, so that tests can stand in for it. */
export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly stdin: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly interruption: Interruption;
  /** Wall clock, epoch ms. */
  now(): number;
}
