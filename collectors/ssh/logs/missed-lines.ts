import type { Generation } from './generation';
import type { LogGap, LogSink } from './log-source';

/** Lines of one file that are missing: remembered until it is known where reading goes on, then told once. */
export class MissedLines {
  readonly #file: string;
  #pending: Pick<LogGap, 'reason' | 'from'> | undefined;
  #told = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** Gaps that were told. */
  get told(): number {
    return this.#told;
  }

  /** Lines are missing since `from`, our clock; of several reasons the first counts. */
  expect(reason: LogGap['reason'], from: number | undefined): void {
    this.#pending ??= { reason, from };
  }

  /** Tells what is missing before this place, if anything is. False when it was not taken: it is told again later. */
  async tell(
    { name, head, offset }: Generation,
    { sink, now }: { readonly sink: LogSink; readonly now: number },
  ): Promise<boolean> {
    if (this.#pending === undefined) return true;
    const gap = { file: this.#file, generation: name, head, offset, ...this.#pending, to: now };
    if (!(await sink.gap(gap))) return false;
    this.#told += 1;
    this.#pending = undefined;
    return true;
  }
}
