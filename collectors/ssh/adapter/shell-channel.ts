import type { ClientChannel } from 'ssh2';
import { PreparedCommand } from '../commands/command-table';
import { CommandRefusedError } from '../ssh-errors';

/** Keys that answer a pager or end a dialogue; none of them runs anything. */
export const SHELL_KEYS = {
  space: ' ',
  enter: '\r',
  quit: 'q',
  /** `(Press 'a' to accept)` of FortiOS. */
  accept: 'a',
  /** Declines to be shown a licence. */
  no: 'n',
  interrupt: '\u0003',
} as const;

export type ShellKey = keyof typeof SHELL_KEYS;

/** What a shell tells its reader. */
export interface ShellListener {
  readonly data: (chunk: Buffer) => void;
  /** The channel or the connection ended; comes once. */
  readonly closed: () => void;
}

/**
 * An interactive shell, for devices that run one command a connection or none without a terminal. What can be written
 * are commands of a table, keys, and the password that a privilege prompt asks for; there is no way to write free text.
 */
export class ShellChannel {
  readonly #channel: ClientChannel;
  #isOpen = true;

  constructor(channel: ClientChannel, listener: ShellListener) {
    this.#channel = channel;
    channel.on('data', listener.data);
    channel.stderr.on('data', listener.data);
    channel.on('error', () => undefined);
    channel.on('close', () => {
      if (!this.#isOpen) return;
      this.#isOpen = false;
      listener.closed();
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Writes a command and the end of its line. Throws `CommandRefusedError` for anything no table made. */
  send(command: PreparedCommand): void {
    if (!PreparedCommand.is(command)) throw new CommandRefusedError('only commands of a table are sent');
    this.#write(`${command.line}\r`);
  }

  press(key: ShellKey): void {
    this.#write(SHELL_KEYS[key]);
  }

  /** Answers a prompt for a password that the caller has recognized. Throws `CommandRefusedError` for control characters. */
  answerPassword(secret: string): void {
    if (/[\u0000-\u001f\u007f]/u.test(secret)) throw new CommandRefusedError('a password has no control characters');
    this.#write(`${secret}\r`);
  }

  /** Ends the channel; `closed` still comes. */
  close(): void {
    this.#channel.destroy();
  }

  #write(text: string): void {
    if (this.#isOpen && this.#channel.writable) this.#channel.write(text);
  }
}
