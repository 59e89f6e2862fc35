import { DeviceSessionError } from './device-errors';
import type { DeviceCommands } from './device-commands';
import type { Answer, Platform } from './platform';
import type { Ended, Exchange, ShellDialog } from './shell-dialog';

/** Times of a session, milliseconds. */
export interface SessionTimes {
  /** Silence after which a prompt is believed. */
  readonly quietMs: number;
  /** From the opening of the shell to the first prompt, and for every change of mode. */
  readonly loginMs: number;
  /** How long a configuration without its closing line is waited for after the prompt. */
  readonly graceMs: number;
}

/** Whether the enable password was needed, and what came of it. */
export type Privilege = 'had' | 'got' | 'refused' | 'not_asked';

/** Questions answered before the first prompt, at most; more is a loop. */
const MOST_ANSWERS = 6;
const MOST_TRIES = 5;
const SHOWN = 60;
/** Silences after which Enter is pressed behind a line that ends like a prompt and is none. */
const NUDGE_AFTER = 5;
const MOST_NUDGES = 2;
const PROMPT_END = /[#>$%] ?$/;

/**
 * Learns the exact prompt of a device. A line that looks like one may be part of a banner, so Enter is sent: only what
 * comes back the same is the prompt. Enable is asked for only where the prompt says that it is needed.
 */
export class DeviceLogin {
  readonly #dialog: ShellDialog;
  readonly #commands: DeviceCommands;
  readonly #platform: Platform;
  readonly #times: SessionTimes;
  readonly #signal: AbortSignal;
  #answers = 0;

  constructor(dialog: ShellDialog, commands: DeviceCommands, times: SessionTimes, signal: AbortSignal) {
    this.#dialog = dialog;
    this.#commands = commands;
    this.#platform = commands.platform;
    this.#times = times;
    this.#signal = signal;
  }

  /** The prompt after login, exactly as the device shows it. Rejects with `DeviceSessionError`. */
  async firstPrompt(): Promise<string> {
    for (;;) {
      const { current } = await this.#firstQuiet();
      const answer = this.#asks({ current });
      if (answer === undefined) return this.#confirmed(current);
      this.#answers += 1;
      if (this.#answers > MOST_ANSWERS) throw this.#question(current, 'asks the same again and again');
      this.#dialog.exchange('line' in answer ? this.#commands.session(answer.line) : answer);
    }
  }

  /** The first line that looks like a prompt or a question. A banner may stand before it on the same line: Enter moves on. */
  async #firstQuiet(): Promise<Exchange> {
    const { quietMs } = this.#times;
    const nudgeMs = quietMs * NUDGE_AFTER;
    let nudges = 0;
    return this.#await((exchange) => {
      if (this.#isPrompt(exchange) || this.#asks(exchange) !== undefined) return true;
      if (exchange.quietMs >= nudgeMs && nudges < MOST_NUDGES && PROMPT_END.test(exchange.current)) {
        nudges += 1;
        this.#dialog.exchange({ press: 'enter' });
      }
      return false;
    });
  }

  /** The prompt after something that may have changed it. */
  async prompt(): Promise<string> {
    const { current } = await this.#await((exchange) => this.#isPrompt(exchange));
    return this.#confirmed(current);
  }

  /**
   * Becomes privileged with the secret where the prompt says that we are not. Without a secret nothing is tried. The
   * secret is sent once; what the device shows meanwhile is forgotten.
   */
  async enable(prompt: string, secret: () => string | undefined): Promise<{ prompt: string; privilege: Privilege }> {
    const { enable, privileged } = this.#platform;
    if (privileged.test(prompt)) return { prompt, privilege: 'had' };
    // Resolved first: a missing secret must not leave the device waiting for one.
    const password = enable === undefined ? undefined : secret();
    if (enable === undefined || password === undefined) return { prompt, privilege: 'not_asked' };
    this.#dialog.exchange(this.#commands.session(enable.line));
    const asked = await this.#await(
      (exchange) => enable.password.test(exchange.current) || this.#promptAfter(exchange),
    );
    if (enable.password.test(asked.current)) {
      this.#dialog.exchange({ secret: password });
      const told = await this.#await(
        (exchange) => (exchange.lines > 0 && enable.password.test(exchange.current)) || this.#promptAfter(exchange),
      );
      this.#dialog.begin();
      if (enable.password.test(told.current)) this.#dialog.exchange({ press: 'interrupt' });
      else this.#dialog.exchange({ press: 'enter' });
    } else {
      this.#dialog.exchange({ press: 'enter' });
    }
    const now = await this.prompt();
    return { prompt: now, privilege: privileged.test(now) ? 'got' : 'refused' };
  }

  async #confirmed(first: string): Promise<string> {
    let candidate = first;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      this.#dialog.exchange({ press: 'enter' });
      const { current } = await this.#await((exchange) => exchange.lines > 0 && this.#isPrompt(exchange));
      if (current.trim() === candidate.trim()) return current;
      candidate = current;
    }
    throw new DeviceSessionError('device_no_prompt', 'the prompt changes with every line');
  }

  #isPrompt({ current }: Pick<Exchange, 'current'>): boolean {
    return this.#platform.prompt.test(current);
  }

  #promptAfter(exchange: Exchange): boolean {
    return exchange.lines > 0 && this.#isPrompt(exchange);
  }

  #asks({ current }: Pick<Exchange, 'current'>): Answer | undefined {
    const stop = this.#platform.stop?.find(({ shows }) => shows.test(current));
    if (stop !== undefined) throw this.#question(current, stop.reason);
    return this.#platform.login.find(({ shows }) => shows.test(current))?.answer;
  }

  async #await(until: (exchange: Exchange) => boolean): Promise<Exchange> {
    const { quietMs, loginMs } = this.#times;
    const ended = await this.#dialog.settle({ until, quietMs, timeoutMs: loginMs, signal: this.#signal });
    if (ended === 'matched') return this.#dialog.view();
    throw this.#failed(ended);
  }

  #failed(ended: Exclude<Ended, 'matched'>): DeviceSessionError {
    switch (ended) {
      case 'timeout':
      case 'byte_cap': {
        const last = JSON.stringify(this.#dialog.view().current.slice(-SHOWN));
        return new DeviceSessionError('device_no_prompt', `no prompt came; the last line is ${last}`);
      }
      case 'closed':
        return new DeviceSessionError('device_closed', 'the device closed the session during login');
      case 'cancelled':
        return new DeviceSessionError('device_cancelled', 'stopped during login');
    }
  }

  #question(current: string, reason: string): DeviceSessionError {
    return new DeviceSessionError('device_question', `${reason}: ${JSON.stringify(current.slice(-SHOWN))}`);
  }
}
