import type { DeviceCommand, Platform } from './platform';
import { ENTER, INTERRUPT, patience } from './platform';
import { DeviceLogin, type Privilege, type SessionTimes } from './device-login';
import { bodyStart, complaintOf, hasTerminator } from './exchange-text';
import type { ShellChannel } from './shell-channel';
import { type Ended, type Exchange, ShellDialog } from './shell-dialog';

/** Why an output is not whole; the reasons of a `command` record that a shell can have. */
export type CommandReason =
  | ''
  | 'timeout'
  | 'byte_cap'
  | 'no_exit'
  | 'channel_refused'
  | 'disconnected'
  | 'cancelled'
  | 'no_terminator'
  | 'refused';

/** What one command gave. */
export interface CommandAnswer {
  /** Exactly what was sent, without Enter. */
  readonly line: string;
  /** Between the echo and the next prompt, verbatim: pagers and redrawing are still in it. */
  readonly body: Uint8Array;
  readonly exit: number | null;
  readonly signal: string;
  readonly reason: CommandReason;
  /** What the device complained of, for `refused`; never more than 4 KiB. */
  readonly stderr: string;
  /** The device does not know the command: another spelling may do. */
  readonly unknown: boolean;
  readonly startedAt: number;
  readonly finishedAt: number;
}

export interface SessionOptions {
  readonly platform: Platform;
  readonly times: SessionTimes;
  /** Bytes of one output at most. */
  readonly byteCap: number;
  /** Our own clock, epoch milliseconds. */
  readonly now: () => number;
  /** The enable password; asked for only when it is needed. */
  readonly enableSecret: (() => string) | undefined;
  readonly signal: AbortSignal;
}

const RESYNC_MS = 5000;

/** An interactive session that is logged in. Commands run one after the other; the session ends when its channel does. */
export class DeviceSession {
  readonly #dialog: ShellDialog;
  readonly #login: DeviceLogin;
  readonly #options: SessionOptions;
  #prompt: string;
  /** Whether the device stands at its prompt, as far as we know. */
  #settled = true;

  private constructor(
    dialog: ShellDialog,
    login: DeviceLogin,
    options: SessionOptions,
    prompt: string,
    readonly privilege: Privilege,
  ) {
    this.#dialog = dialog;
    this.#login = login;
    this.#options = options;
    this.#prompt = prompt;
  }

  /** Logs in: learns the prompt, becomes privileged, turns paging off. Rejects with `DeviceSessionError`; closes the channel then. */
  static async open(channel: ShellChannel, options: SessionOptions): Promise<DeviceSession> {
    const { platform, times, byteCap, signal, enableSecret } = options;
    const dialog = new ShellDialog(channel, platform.pagers, byteCap);
    const login = new DeviceLogin(dialog, platform, times, signal);
    try {
      const first = await login.firstPrompt();
      const { prompt, privilege } = await login.enable(first, enableSecret);
      const session = new DeviceSession(dialog, login, options, prompt, privilege);
      // What a device refuses here costs answers to its pager, no more.
      for (const line of platform.prepare) await session.#exchange(line, times.loginMs, undefined);
      return session;
    } catch (error) {
      channel.close();
      throw error;
    }
  }

  /** The device's prompt, as it is now. */
  get prompt(): string {
    return this.#prompt;
  }

  /** Whether another command can be sent. */
  get open(): boolean {
    return !this.#dialog.closed && !this.#options.signal.aborted;
  }

  get pagersAnswered(): number {
    return this.#dialog.pagersAnswered;
  }

  /** Runs one command of the table. Never rejects. */
  run(line: string, command: DeviceCommand): Promise<CommandAnswer> {
    return this.#exchange(line, patience(command), command.terminator);
  }

  /** Sends a line that leads to another mode or part and learns the prompt there. False when the device says no. */
  async navigate(line: string): Promise<boolean> {
    const { times } = this.#options;
    const answer = await this.#exchange(line, times.loginMs, undefined, true);
    if (answer.reason !== '') return false;
    try {
      this.#prompt = await this.#login.prompt();
      return true;
    } catch {
      this.#settled = false;
      return false;
    }
  }

  /** Says goodbye and closes. */
  close(): void {
    if (this.open && this.#settled) this.#dialog.exchange(this.#options.platform.logout + ENTER);
    this.#dialog.close();
  }

  async #exchange(
    line: string,
    timeoutMs: number,
    terminator: RegExp | undefined,
    anyPrompt = false,
  ): Promise<CommandAnswer> {
    const { now, times, platform, signal } = this.#options;
    const startedAt = now();
    if (!this.#settled) await this.#resync();
    if (!this.open || !this.#settled) return this.#unsent(line, startedAt);
    this.#dialog.exchange(line + ENTER);
    const until = (exchange: Exchange): boolean => {
      if (exchange.lines === 0) return false;
      const prompted = anyPrompt ? platform.prompt.test(exchange.current) : this.#atPrompt(exchange);
      return prompted && (exchange.quietMs >= times.graceMs || hasTerminator(exchange, line, terminator, platform));
    };
    const ended = await this.#dialog.settle({ until, quietMs: times.quietMs, timeoutMs, signal });
    return this.#answered(line, ended, startedAt, terminator);
  }

  #answered(line: string, ended: Ended, startedAt: number, terminator: RegExp | undefined): CommandAnswer {
    const exchange = this.#dialog.view();
    const matched = ended === 'matched';
    this.#settled = matched;
    const start = bodyStart(exchange, line);
    const end = matched ? exchange.currentStart : this.#dialog.kept;
    const body = this.#dialog.raw(Math.min(start, end), end);
    const { platform, now } = this.#options;
    const complaint = complaintOf(exchange, start, platform);
    const cut = matched && !hasTerminator(exchange, line, terminator, platform);
    const reason = matched && complaint !== undefined ? 'refused' : cut ? 'no_terminator' : REASONS[ended];
    return {
      line,
      body,
      exit: null,
      signal: '',
      reason,
      stderr: reason === 'refused' ? (complaint?.text ?? '') : '',
      unknown: reason === 'refused' && complaint?.kind === 'unknown',
      startedAt,
      finishedAt: now(),
    };
  }

  #unsent(line: string, startedAt: number): CommandAnswer {
    const reason = this.#options.signal.aborted ? 'cancelled' : 'disconnected';
    const body = new Uint8Array(0);
    const finishedAt = this.#options.now();
    return { line, body, exit: null, signal: '', reason, stderr: '', unknown: false, startedAt, finishedAt };
  }

  #atPrompt({ current }: Exchange): boolean {
    return current.trim() === this.#prompt.trim();
  }

  /** Ends what still runs and comes back to the prompt; where that fails, the session is of no more use. */
  async #resync(): Promise<void> {
    const { times, signal } = this.#options;
    for (const keys of [INTERRUPT, ENTER]) {
      this.#dialog.exchange(keys);
      const until = (exchange: Exchange): boolean => this.#atPrompt(exchange);
      const ended = await this.#dialog.settle({ until, quietMs: times.quietMs, timeoutMs: RESYNC_MS, signal });
      if (ended === 'closed' || ended === 'cancelled') break;
      if (ended !== 'matched') continue;
      this.#settled = true;
      return;
    }
    this.#dialog.close();
  }
}

const REASONS: Readonly<Record<Ended, CommandReason>> = {
  matched: '',
  timeout: 'timeout',
  closed: 'disconnected',
  byte_cap: 'byte_cap',
  cancelled: 'cancelled',
};
