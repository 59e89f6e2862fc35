import { EXIT } from './exit-codes';
import type { Interruption, Io, StopSignal } from './io';
import { runProgram } from './program';

/** How long a command that does not drain may take to end after a signal, ms. */
const GRACE_MS = 3000;

/** Runs the command line of this process and hands its exit code to `exit`. */
export function runProcess(exit: (code: number) => void): void {
  endQuietlyOnClosedPipe(exit);
  const io: Io = {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
    cwd: process.cwd(),
    interruption: listenForSignals(exit),
    now: Date.now,
  };
  // Writing an empty text calls back when everything before it is out; a pipe may still hold the answer.
  void runProgram(process.argv.slice(2), io).then((code) =>
    process.stdout.write('', () => process.stderr.write('', () => exit(code))),
  );
}

/** `ascribe sessions | head`: the reader has what it wanted, that is no failure. */
function endQuietlyOnClosedPipe(exit: (code: number) => void): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') exit(EXIT.done);
    else throw error;
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const SIGNAL_EXIT = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;

/**
 * Signals as a command sees them. Nothing listens until a command asks: one that never does, such as a long query that
 * keeps the loop busy, is ended by the system at once and with the same exit status to the shell.
 */
function listenForSignals(exit: (code: number) => void): Interruption {
  const controller = new AbortController();
  let received: StopSignal | undefined;
  let draining = false;
  let listening = false;
  const onSignal = (signal: StopSignal): void => {
    if (received !== undefined) {
      exit(SIGNAL_EXIT[signal]);
      return;
    }
    received = signal;
    controller.abort();
    if (!draining) setTimeout(() => exit(SIGNAL_EXIT[signal]), GRACE_MS).unref();
  };
  const listen = (): void => {
    if (listening) return;
    listening = true;
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  };
  return {
    get signal() {
      listen();
      return controller.signal;
    },
    get received() {
      return received;
    },
    get draining() {
      return draining;
    },
    drains() {
      listen();
      draining = true;
    },
  };
}
