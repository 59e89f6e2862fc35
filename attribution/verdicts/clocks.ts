import type { ClockOffset } from '../../store/analysis/evidence-record';

/** Offsets are measured anew this often: clocks drift and are set, ms. */
export const CLOCK_PERIOD_MS = 6 * 3_600_000;

/** Which clock of a device: that of its logs, or that of its flow exports. */
export type ClockKind = 'log' | 'flow';

/** Begin of the period a time lies in. */
export function periodOf(at: number): number {
  return Math.floor(at / CLOCK_PERIOD_MS) * CLOCK_PERIOD_MS;
}

/** Offsets by source and period. A period without a measure takes that of the nearest one beside it. */
export class Clocks {
  readonly #offsets = new Map<string, Map<number, ClockOffset>>();
  /** Offsets by kind and period, with 0. */
  readonly #distinct = new Map<string, readonly number[]>();

  set(kind: ClockKind, device: string, period: number, clock: ClockOffset): void {
    const key = `${kind} ${device}`;
    const known = this.#offsets.get(key) ?? new Map<number, ClockOffset>();
    known.set(period, clock);
    this.#offsets.set(key, known);
    this.#distinct.clear();
  }

  get(kind: ClockKind, device: string, at: number): ClockOffset | undefined {
    const known = this.#offsets.get(`${kind} ${device}`);
    if (known === undefined) return undefined;
    const period = periodOf(at);
    return known.get(period) ?? known.get(period - CLOCK_PERIOD_MS) ?? known.get(period + CLOCK_PERIOD_MS);
  }

  /** Offsets of all sources of a kind around a time, those within a minute of another left out; 0 is among them. */
  offsets(kind: ClockKind, at: number): readonly number[] {
    const period = periodOf(at);
    const name = `${kind} ${period}`;
    let found = this.#distinct.get(name);
    if (found === undefined) {
      const offsets: number[] = [0];
      for (const [key, periods] of this.#offsets) {
        if (!key.startsWith(`${kind} `)) continue;
        for (const beside of [period - CLOCK_PERIOD_MS, period, period + CLOCK_PERIOD_MS]) {
          const offset = periods.get(beside)?.offset;
          if (offset !== undefined && offsets.every((other) => Math.abs(other - offset) > 60_000)) offsets.push(offset);
        }
      }
      found = offsets;
      this.#distinct.set(name, found);
    }
    return found;
  }
}
