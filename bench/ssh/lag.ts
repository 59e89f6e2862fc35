import type { RawRecord } from '../../collectors/contract';

const LINE_FEED = 0x0a;
const STAMP_LENGTH = 24;

/** What became of the lines of each host: which came, how often, how late. */
export class LineTally {
  readonly #next = new Map<string, number>();
  readonly #lags: number[] = [];
  #lines = 0;
  #measuredFrom = Infinity;
  #duplicates = 0;
  #missing = 0;
  #gaps = 0;

  take({ origin, bytes, receivedAt }: RawRecord): void {
    if (origin.format !== 'logfile') return;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const start = buffer.indexOf(LINE_FEED) + 1;
    if (start === buffer.length) {
      this.#gaps += 1;
      return;
    }
    const lines = buffer.toString('latin1', start).split('\n').slice(0, -1);
    for (const line of lines) {
      const number = Number(/ number (\d+) of this host$/u.exec(line)?.[1]);
      if (Number.isNaN(number)) continue;
      const next = this.#next.get(origin.source) ?? 0;
      if (number < next) this.#duplicates += 1;
      else this.#missing += number - next;
      this.#next.set(origin.source, Math.max(next, number + 1));
      this.#lines += 1;
      const writtenAt = Date.parse(line.slice(0, STAMP_LENGTH));
      if (writtenAt >= this.#measuredFrom) this.#lags.push(receivedAt - writtenAt);
    }
  }

  /** Lines that are written from now on count for the lag: those before waited for the first login. */
  measure(now: number): void {
    this.#measuredFrom = now;
  }

  /** Lines up to the newest of a host. */
  reached(host: string): number {
    return this.#next.get(host) ?? 0;
  }

  get counts(): {
    readonly lines: number;
    readonly missing: number;
    readonly duplicates: number;
    readonly gaps: number;
  } {
    return { lines: this.#lines, missing: this.#missing, duplicates: this.#duplicates, gaps: this.#gaps };
  }

  /** Milliseconds from the writing of a line to its record, at a share of the lines that are measured. */
  lag(share: number): number {
    const sorted = this.#lags.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  }
}
