import type { Client, ClientChannel } from 'ssh2';
import type { PreparedCommand } from '../commands/command-table';
import type { SshIncompleteReason } from '../ssh-record';

/** What came of a command. */
export interface CommandResult {
  readonly stdout: Buffer;
  /** At most 4 KiB. */
  readonly stderr: string;
  /** Exit status; null where the device gave none. */
  readonly exit: number | null;
  /** Name of the signal that ended it; empty when none did. */
  readonly signal: string;
  /** All output is there and the device said so. */
  readonly complete: boolean;
  readonly reason: SshIncompleteReason;
  /** Epoch milliseconds, our clock. */
  readonly startedAt: number;
  readonly finishedAt: number;
}

const STDERR_BYTES = 4096;

/**
 * One command in one channel. Its own timer runs from before the channel is asked for, because ssh2 never calls back
 * when the transport is half open; a channel that is closed without an exit status makes the output partial.
 */
export class CommandRun {
  readonly #command: PreparedCommand;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #stdout: Buffer[] = [];
  readonly #stderr: Buffer[] = [];
  #bytes = 0;
  #stderrBytes = 0;
  #exit: number | null = null;
  #signal = '';
  #exited = false;
  #timer: NodeJS.Timeout | undefined;
  #channel: ClientChannel | undefined;
  #resolve: ((result: CommandResult) => void) | undefined;

  constructor(command: PreparedCommand, now: () => number) {
    this.#command = command;
    this.#now = now;
    this.#startedAt = now();
  }

  /** Never rejects. */
  start(client: Client): Promise<CommandResult> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#timer = setTimeout(() => this.end('timeout'), this.#command.timeoutMs);
      try {
        client.exec(this.#command.line, (error, channel) => {
          if (error === undefined || error === null) this.#take(channel);
          else this.end(reasonOf(error));
        });
      } catch {
        // ssh2 throws "Not connected" when the connection ended just before.
        this.end('disconnected');
      }
    });
  }

  /** Ends it now; what has come is kept. Safe to call at any time. */
  end(reason: SshIncompleteReason): void {
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    this.#resolve = undefined;
    clearTimeout(this.#timer);
    this.#channel?.destroy();
    resolve({
      stdout: Buffer.concat(this.#stdout),
      stderr: Buffer.concat(this.#stderr).toString('utf8'),
      exit: this.#exit,
      signal: this.#signal,
      complete: reason === '',
      reason,
      startedAt: this.#startedAt,
      finishedAt: this.#now(),
    });
  }

  #take(channel: ClientChannel): void {
    channel.on('error', () => this.end('disconnected'));
    if (this.#resolve === undefined) {
      channel.destroy();
      return;
    }
    this.#channel = channel;
    channel.on('data', (chunk: Buffer) => this.#output(chunk));
    channel.stderr.on('data', (chunk: Buffer) => this.#errorOutput(chunk));
    channel.on('exit', (code: number | null, signal?: string) => {
      this.#exited = true;
      this.#exit = typeof code === 'number' ? code : null;
      this.#signal = signal ?? '';
    });
    channel.on('close', () => this.end(this.#exited ? '' : 'no_exit'));
  }

  #output(chunk: Buffer): void {
    if (this.#resolve === undefined) return;
    const room = this.#command.byteCap - this.#bytes;
    this.#stdout.push(chunk.length <= room ? chunk : chunk.subarray(0, room));
    this.#bytes += Math.min(room, chunk.length);
    if (chunk.length > room) this.end('byte_cap');
  }

  #errorOutput(chunk: Buffer): void {
    const room = STDERR_BYTES - this.#stderrBytes;
    if (room <= 0) return;
    this.#stderr.push(chunk.subarray(0, room));
    this.#stderrBytes += Math.min(room, chunk.length);
  }
}

function reasonOf(error: Error): SshIncompleteReason {
  if (error.message.includes('Channel open failure')) return 'channel_refused';
  return error.message === 'Unable to exec' ? 'refused' : 'disconnected';
}
