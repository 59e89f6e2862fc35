import type { OutputStream } from '../io';
import { escapeTerminal } from './escape';
import { formatCount, formatDuration, formatRate } from './units';
import { truncate } from './width';

export interface ProgressOptions {
  readonly stream: OutputStream;
  readonly label: string;
  /** How much there is to do; undefined when it cannot be known. */
  readonly total?: number | undefined;
  /** Shows nothing at all (`-q`, `--json`). */
  readonly silent: boolean;
  /** Monotonic clock, ms. */
  readonly clock?: () => number;
  /** Shows done and total; counts by default. */
  readonly format?: (amount: number) => string;
}

const REDRAW_MS = 100;
const LINE_MS = 5000;
const BAR_CELLS = 24;

/**
 * How far a long command is, on stderr. On a terminal one line is redrawn in place; elsewhere a line is written every
 * five seconds. The clock decides inside `update`, so there is no timer to leak and a blocked loop draws nothing stale.
 */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #clock: () => number;
  readonly #startedAt: number;
  #shownAt: number;
  #done = 0;
  #drawn = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#clock = options.clock ?? (() => performance.now());
    this.#startedAt = this.#clock();
    this.#shownAt = this.#startedAt;
  }

  /** Says how much is done by now. */
  update(done: number): void {
    this.#done = done;
    if (this.#options.silent) return;
    const now = this.#clock();
    const interactive = this.#options.stream.isTTY === true;
    if (now - this.#shownAt < (interactive ? REDRAW_MS : LINE_MS)) return;
    this.#shownAt = now;
    if (interactive) this.#redraw(now);
    else this.#options.stream.write(`${this.#text(now)}\n`);
  }

  /** Clears the line; what was done is told by whoever asked for it. */
  finish(): void {
    if (this.#drawn) this.#options.stream.write('\r\u001b[K');
    this.#drawn = false;
  }

  #redraw(now: number): void {
    this.#drawn = true;
    this.#options.stream.write(`\r\u001b[K${truncate(this.#text(now), (this.#options.stream.columns ?? 80) - 1)}`);
  }

  #text(now: number): string {
    const { total, label, format = formatCount } = this.#options;
    const elapsed = now - this.#startedAt;
    const perSecond = elapsed > 0 ? (this.#done * 1000) / elapsed : 0;
    const name = escapeTerminal(label);
    if (total === undefined || total <= 0) {
      return `${name}  ${format(this.#done)}  ${formatRate(perSecond)}  ${formatDuration(elapsed)}`;
    }
    const share = Math.min(1, this.#done / total);
    const filled = Math.floor(share * BAR_CELLS);
    const bar = '#'.repeat(filled) + '.'.repeat(BAR_CELLS - filled);
    const left = share > 0 ? formatDuration((elapsed * (1 - share)) / share) : '?';
    return `${name}  [${bar}] ${Math.floor(share * 100)} %  ${format(this.#done)} of ${format(total)}  ${left} left`;
  }
}
