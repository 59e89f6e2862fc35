import type { CommandResult } from '../adapter/command-run';
import type { PreparedCommand } from '../commands/command-table';
import type { SshIncompleteReason } from '../ssh-record';
import type { DeviceCommands } from './device-commands';
import { DeviceLogin, type Privilege, type SessionTimes } from './device-login';
import { bodyStart, complaintOf, hasTerminator, promptStart } from './exchange-text';
import { ShellDialog, type Ended, type Exchange, type OpenShell } from './shell-dialog';

/** What one command gave; `stdout` is what stood between the echo and the next prompt, verbatim, pagers and redrawing included. */
export interface CommandAnswer extends CommandResult {
  /** The device does not know the command: another spelling may do. */
  readonly unknown: boolean;
}

export interface SessionOptions {
  readonly commands: DeviceCommands;
  readonly times: SessionTimes;
  /** Our own clock, epoch milliseconds. */
  readonly now: () => number;
  /** The enable password; asked for only when it is needed, undefined when there is none. May throw. */
  readonly enableSecret: () => string | undefined;
  readonly signal: AbortSignal;
}

const RESYNC_MS = 5000;
const NOTHING = Buffer.alloc(0);

/** An interactive session that is logged in. Commands run one after the other; the session ends when its channel does. */
export class DeviceSession {
  readonly #dialog: ShellDialog;
  readonly #login: DeviceLogin;
  readonly #options: SessionOptions;
  readonly privilege: Privilege;
  #prompt: string;
  /** Whether the device stands at its prompt, as far as we know. */
  #settled = true;

  private constructor(
    dialog: ShellDialog,
    login: DeviceLogin,
    options: SessionOptions,
    { prompt, privilege }: { readonly prompt: string; readonly privilege: Privilege },
  ) {
    this.#dialog = dialog;
    this.#login = login;
    this.#options = options;
    this.#prompt = prompt;
    this.privilege = privilege;
  }

  /**
   * Logs in: learns the prompt, becomes privileged, turns paging off. Rejects with `DeviceSessionError`, what opening the
   * shell or resolving the secret rejects with; nothing is left open then.
   */
  static async open(openShell: OpenShell, options: SessionOptions): Promise<DeviceSession> {
    const { commands, times, signal, enableSecret } = options;
    const dialog = await ShellDialog.open(openShell, commands.platform.pagers);
    const login = new DeviceLogin(dialog, commands, times, signal);
    try {
      const session = new DeviceSession(
        dialog,
        login,
        options,
        await login.enable(await login.firstPrompt(), enableSecret),
      );
      // What a device refuses here costs answers to its pager, no more.
      for (const line of commands.platform.prepare)
        await session.#run(commands.session(line), undefined, times.loginMs);
      return session;
    } catch (error) {
      dialog.close();
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

  /** How often a pager was answered. */
  get pagersAnswered(): number {
    return this.#dialog.pagersAnswered;
  }

  /** Runs one command; with a terminator, output that does not end so is incomplete. Never rejects. */
  run(command: PreparedCommand, terminator?: RegExp): Promise<CommandAnswer> {
    return this.#run(command, terminator, command.timeoutMs);
  }

  /** Sends a line that leads to another mode or part and learns the prompt there. False when the device says no. */
  async navigate(command: PreparedCommand): Promise<boolean> {
    const answer = await this.#run(command, undefined, this.#options.times.loginMs, true);
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
    const { commands } = this.#options;
    if (this.open && this.#settled) this.#dialog.exchange(commands.session(commands.platform.logout));
    this.#dialog.close();
  }

  async #run(
    command: PreparedCommand,
    terminator: RegExp | undefined,
    timeoutMs: number,
    anyPrompt = false,
  ): Promise<CommandAnswer> {
    const { now, times, commands, signal } = this.#options;
    const startedAt = now();
    if (!this.#settled) await this.#resync();
    if (!this.open || !this.#settled) return this.#unsent(startedAt);
    this.#dialog.exchange(command, command.byteCap);
    const { platform } = commands;
    const until = (exchange: Exchange): boolean => {
      if (exchange.lines === 0) return false;
      const prompted = anyPrompt ? platform.prompt.test(exchange.current) : this.#atPrompt(exchange);
      if (!prompted) return false;
      return exchange.quietMs >= times.graceMs || hasTerminator(exchange, command.line, terminator, platform);
    };
    const ended = await this.#dialog.settle({ until, quietMs: times.quietMs, timeoutMs, signal });
    return this.#answered(command, ended, startedAt, terminator);
  }

  #answered(command: PreparedCommand, ended: Ended, startedAt: number, terminator: RegExp | undefined): CommandAnswer {
    const exchange = this.#dialog.view();
    const matched = ended === 'matched';
    this.#settled = matched;
    const { commands, now } = this.#options;
    const start = bodyStart(exchange, command.line);
    const end = matched ? promptStart(exchange, commands.platform) : this.#dialog.kept;
    const complaint = matched ? complaintOf(exchange, start, commands.platform) : undefined;
    const cut = matched && !hasTerminator(exchange, command.line, terminator, commands.platform);
    const reason = complaint === undefined ? (cut ? 'no_terminator' : REASONS[ended]) : 'refused';
    return {
      stdout: this.#dialog.raw(Math.min(start, end), end),
      stderr: complaint?.text ?? '',
      exit: null,
      signal: '',
      complete: reason === '',
      reason,
      unknown: complaint?.kind === 'unknown',
      startedAt,
      finishedAt: now(),
    };
  }

  #unsent(startedAt: number): CommandAnswer {
    const reason = this.#options.signal.aborted ? 'cancelled' : 'disconnected';
    const finishedAt = this.#options.now();
    const none = { stdout: NOTHING, stderr: '', exit: null, signal: '', complete: false, unknown: false };
    return { ...none, reason, startedAt, finishedAt };
  }

  #atPrompt({ current }: Exchange): boolean {
    return current.trim() === this.#prompt.trim();
  }

  /** Ends what still runs and comes back to the prompt; where that fails, the session is of no more use. */
  async #resync(): Promise<void> {
    const { times, signal } = this.#options;
    for (const press of ['interrupt', 'enter'] as const) {
      this.#dialog.exchange({ press });
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

const REASONS: Readonly<Record<Ended, SshIncompleteReason>> = {
  matched: '',
  timeout: 'timeout',
  closed: 'disconnected',
  byte_cap: 'byte_cap',
  cancelled: 'cancelled',
};
