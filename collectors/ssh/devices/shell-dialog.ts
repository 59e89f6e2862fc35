import { TerminalScreen, type ScreenLine } from '../../terminal-screen';
import type { ShellKey, ShellListener } from '../adapter/shell-channel';
import type { PreparedCommand } from '../commands/command-table';
import type { Pager } from './platform';

/** An interactive shell of a device, as far as a dialog uses it. */
export interface Shell {
  /** Sends a line of a table and Enter. */
  send(command: PreparedCommand): void;
  press(key: ShellKey): void;
  answerPassword(secret: string): void;
  close(): void;
}

/** Opens a shell whose output goes to the listener. Rejects when the device opens none. */
export type OpenShell = (listener: ShellListener) => Promise<Shell>;

/** What is sent: a line, a key, or the answer to a prompt for a password. */
export type Sent = PreparedCommand | { readonly press: ShellKey } | { readonly secret: string };

/** One of the first lines, also as it came: an echo that wraps is drawn over itself. */
export interface FirstLine extends ScreenLine {
  readonly raw: string;
}

/** What is seen of one exchange: everything since something was sent. */
export interface Exchange {
  /** The first lines that ended, for the echo and for errors. */
  readonly first: readonly FirstLine[];
  /** The last lines that ended and are not blank. */
  readonly last: readonly ScreenLine[];
  /** How many lines ended. */
  readonly lines: number;
  /** The last line, which has no ending. */
  readonly current: string;
  /** Where the last line begins, in bytes of the exchange. */
  readonly currentStart: number;
  /** Milliseconds of silence by now. */
  readonly quietMs: number;
}

/** How waiting ended. */
export type Ended = 'matched' | 'timeout' | 'closed' | 'byte_cap' | 'cancelled';

export interface Wait {
  /** Looked at when nothing came for `quietMs`, and again after every such while. */
  readonly until: (exchange: Exchange) => boolean;
  readonly quietMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How long a pager's question must stand before it is answered: it may be text that goes on. */
const PAGER_QUIET_MS = 30;
const FIRST_LINES = 16;
const LAST_LINES = 4;
const MOST_RAW = 4096;
/** Taken of what is no command's output. */
const SMALL_BYTES = 2 ** 20;

/**
 * A conversation with an interactive shell, one exchange after the other. Raw bytes are kept up to a cap; pagers are
 * answered whenever they ask. Every wait has its own end, whatever the device does.
 */
export class ShellDialog {
  readonly #pagers: readonly Pager[];
  #shell: Shell | undefined;
  #byteCap = SMALL_BYTES;
  readonly #screen: TerminalScreen;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #capped = false;
  #first: FirstLine[] = [];
  #last: ScreenLine[] = [];
  #lines = 0;
  #closed = false;
  #lastDataAt = performance.now();
  #pagersAnswered = 0;
  #wake: (() => void) | undefined;

  private constructor(pagers: readonly Pager[]) {
    this.#pagers = pagers;
    this.#screen = new TerminalScreen((line) => this.#onLine(line));
  }

  /** Opens a shell and listens to it. Rejects as `openShell`. */
  static async open(openShell: OpenShell, pagers: readonly Pager[]): Promise<ShellDialog> {
    const dialog = new ShellDialog(pagers);
    dialog.#shell = await openShell({
      data: (bytes) => dialog.#onData(bytes),
      closed: () => {
        dialog.#closed = true;
        dialog.#wake?.();
      },
    });
    return dialog;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** How often a pager was answered so far. */
  get pagersAnswered(): number {
    return this.#pagersAnswered;
  }

  /** Begins a new exchange and sends; of what comes back `byteCap` bytes are taken. */
  exchange(sent: Sent, byteCap: number = SMALL_BYTES): void {
    this.begin();
    this.#byteCap = byteCap;
    this.#lastDataAt = performance.now();
    if ('secret' in sent) this.#shell?.answerPassword(sent.secret);
    else if ('press' in sent) this.#shell?.press(sent.press);
    else this.#shell?.send(sent);
  }

  /** Forgets what came so far. */
  begin(): void {
    this.#pieces = [];
    this.#bytes = 0;
    this.#capped = false;
    this.#first = [];
    this.#last = [];
    this.#lines = 0;
    this.#screen.rebase();
  }

  /** The raw bytes of the exchange from `start` to `end`. */
  raw(start: number, end: number): Buffer {
    return Buffer.concat(this.#pieces).subarray(start, end);
  }

  /** Bytes of the exchange that were kept. */
  get kept(): number {
    return this.#bytes;
  }

  view(): Exchange {
    return {
      first: this.#first,
      last: this.#last,
      lines: this.#lines,
      current: this.#screen.current,
      currentStart: this.#screen.currentStart,
      quietMs: performance.now() - this.#lastDataAt,
    };
  }

  /** Waits until the device is quiet and `until` holds. Never rejects. */
  async settle({ until, quietMs, timeoutMs, signal }: Wait): Promise<Ended> {
    const deadline = performance.now() + timeoutMs;
    const onAbort = (): void => this.#wake?.();
    signal.addEventListener('abort', onAbort);
    let answeredAt = -1;
    try {
      for (;;) {
        const ended = this.#state(signal, deadline);
        const view = this.view();
        if (ended !== undefined) return ended === 'closed' && until({ ...view, quietMs }) ? 'matched' : ended;
        if (view.quietMs >= PAGER_QUIET_MS && answeredAt !== this.#screen.offset && this.#answerPager(view.current)) {
          answeredAt = this.#screen.offset;
          continue;
        }
        if (view.quietMs >= quietMs && until(view)) return 'matched';
        await this.#pause(Math.min(this.#nextLook(view.quietMs, quietMs), deadline - performance.now()));
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  close(): void {
    this.#closed = true;
    this.#shell?.close();
  }

  #state(signal: AbortSignal, deadline: number): Ended | undefined {
    if (signal.aborted) return 'cancelled';
    if (this.#capped) return 'byte_cap';
    if (this.#closed) return 'closed';
    return performance.now() >= deadline ? 'timeout' : undefined;
  }

  /** Milliseconds until looking again may tell something new without anything coming. */
  #nextLook(quiet: number, quietMs: number): number {
    if (quiet < PAGER_QUIET_MS) return PAGER_QUIET_MS - quiet + 1;
    return quiet < quietMs ? quietMs - quiet + 1 : quietMs;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, Math.max(1, ms));
      this.#wake = done;
    });
  }

  #answerPager(current: string): boolean {
    const pager = this.#pagers.find(({ shows }) => shows.test(current));
    if (pager === undefined) return false;
    this.#pagersAnswered += 1;
    this.#lastDataAt = performance.now();
    this.#shell?.press(pager.press);
    return true;
  }

  /** Data only moves the time of silence; whoever waits looks when its timer ends, so a flood costs no looks. */
  #onData(bytes: Uint8Array): void {
    this.#lastDataAt = performance.now();
    const room = this.#byteCap - this.#bytes;
    if (bytes.length > room) {
      if (!this.#capped && room > 0) this.#keep(bytes.subarray(0, room));
      this.#capped = true;
      this.#wake?.();
      return;
    }
    this.#keep(bytes);
  }

  #keep(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#bytes += bytes.length;
    this.#screen.feed(bytes);
  }

  #rawText({ start, end }: ScreenLine): string {
    return Buffer.from(this.raw(start, Math.min(end, start + MOST_RAW))).toString('latin1');
  }

  #onLine(line: ScreenLine): void {
    this.#lines += 1;
    if (this.#first.length < FIRST_LINES) this.#first.push({ ...line, raw: this.#rawText(line) });
    if (line.text.trim() === '') return;
    this.#last.push(line);
    if (this.#last.length > LAST_LINES) this.#last.shift();
  }
}
