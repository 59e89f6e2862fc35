import type { Database } from 'better-sqlite3';
import { ClockStore } from '../../store/analysis/clock-store';
import type { ClockOffset, Leg } from '../../store/analysis/evidence-record';
import { type ReopenRow, VerdictStore } from '../../store/analysis/verdict-store';
import type { EvidenceReader } from '../../store/queries/evidence';
import { CLOCK_PERIOD_MS, type ClockKind, type Clocks, periodOf } from './clocks';
import { beginOf, EXPORT_BIN_MS, isPair, offsetOf, offsetOfBins } from './measure-clock';

/** Accounts of one period that are paired with sessions. */
const MOST_ACCOUNTS = 1500;

/** No clock is further off than this and still looked for, ms: time zones, and a margin. */
const FURTHEST_MS = 26 * 3_600_000;

/** How far about a period whose clock has changed sessions are looked at again, ms. */
const AROUND_MS = 600_000;

/**
 * Measures the clocks of logs against those of flows, by the sessions that both tell of. A period is measured again when
 * accounts or sessions of it have come since; what is measured depends on them alone, not on their order.
 */
export class ClockStage {
  readonly #store: ClockStore;
  readonly #verdicts: VerdictStore;
  readonly #db: Database;
  readonly #reader: EvidenceReader;
  readonly #clocks: Clocks;
  /** Stretch of time from which sessions or accounts have come since the last measure. */
  #due: { from: number; to: number } | undefined;
  readonly #dueFlows = new Map<string, { readonly exporter: string; readonly period: number }>();

  /** `db` is the writer's connection to `ascribe.db`; measured clocks go into `clocks` too. */
  constructor(db: Database, reader: EvidenceReader, clocks: Clocks) {
    this.#db = db;
    this.#store = new ClockStore(db);
    this.#verdicts = new VerdictStore(db);
    this.#reader = reader;
    this.#clocks = clocks;
    for (const { kind, device, from, ...clock } of ClockStore.read(db)) clocks.set(kind, device, from, clock);
    this.#due = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  }

  /** Evidence that may measure a clock better has come. */
  saw(rows: readonly ReopenRow[], legs: readonly Leg[]): void {
    let from = Number.POSITIVE_INFINITY;
    let to = Number.NEGATIVE_INFINITY;
    for (const row of rows) {
      if (!row.relation.startsWith('account')) continue;
      from = Math.min(from, row.from);
      to = Math.max(to, row.to);
    }
    for (const { start } of legs) {
      from = Math.min(from, start);
      to = Math.max(to, start);
    }
    if (from <= to) this.#extendDue(from, to);
  }

  /** Export times of an exporter and period have come. */
  sawExports(exporter: string, period: number): void {
    this.#dueFlows.set(`${period} ${exporter}`, { exporter, period });
  }

  /** Measures what is due; true when a clock has changed, and the sessions it touches are to be looked at again. */
  measure(): boolean {
    let changed = this.#measureFlows();
    const due = this.#due;
    this.#due = undefined;
    if (due === undefined) return changed;
    for (const device of this.#store.logDevices()) {
      const span = this.#store.logSpan(device);
      if (span === undefined) continue;
      const first = periodOf(Math.max(span.first, due.from - FURTHEST_MS));
      const last = Math.min(span.last, due.to + FURTHEST_MS);
      for (let period = first; period <= last; period += CLOCK_PERIOD_MS) {
        if (this.#take('log', device, period, this.#measureLog(device, period))) changed = true;
      }
    }
    return changed;
  }

  #measureFlows(): boolean {
    let changed = false;
    for (const { exporter, period } of this.#dueFlows.values()) {
      const clock = offsetOfBins(this.#store.bins(exporter, period), EXPORT_BIN_MS);
      if (!this.#take('flow', exporter, period, clock)) continue;
      changed = true;
      this.#extendDue(period, period + CLOCK_PERIOD_MS);
    }
    this.#dueFlows.clear();
    return changed;
  }

  #extendDue(from: number, to: number): void {
    this.#due = { from: Math.min(from, this.#due?.from ?? from), to: Math.max(to, this.#due?.to ?? to) };
  }

  #measureLog(device: string, period: number): ClockOffset | undefined {
    const differences: number[] = [];
    for (const account of this.#reader.accountsOf(device, period, period + CLOCK_PERIOD_MS, MOST_ACCOUNTS)) {
      const begin = beginOf(account);
      if (begin === undefined || account.src === null) continue;
      const ends = [
        [account.src, account.srcPort],
        ...(account.natSrc === null ? [] : [[account.natSrc, account.natSrcPort ?? account.srcPort] as const]),
      ] as const;
      for (const [address, port] of ends) {
        for (const leg of this.#reader.sessionsFrom(address, port, begin - FURTHEST_MS, begin + FURTHEST_MS)) {
          if (!isPair(account, leg)) continue;
          const flow = this.#clocks.get('flow', leg.exporter, leg.start);
          differences.push(begin - (leg.start - (flow?.offset ?? 0)));
        }
      }
    }
    return offsetOf(differences);
  }

  #take(kind: ClockKind, device: string, from: number, clock: ClockOffset | undefined): boolean {
    const method = kind === 'flow' ? 'header' : 'sessions';
    if (clock === undefined) return false;
    const known = this.#clocks.get(kind, device, from);
    if (known?.offset === clock.offset && known.residual === clock.residual && known.samples === clock.samples)
      return false;
    const isSame = known?.offset === clock.offset && known.residual === clock.residual;
    this.#clocks.set(kind, device, from, clock);
    this.#db.transaction(() => {
      this.#store.put({ device, kind, from, ...clock, method });
      if (isSame) return;
      const begin = from - clock.offset - AROUND_MS;
      const end = from + CLOCK_PERIOD_MS - clock.offset + AROUND_MS;
      this.#verdicts.reopen({ relation: 'clock', key: `${kind} ${device}`, from: begin, to: end });
    })();
    return !isSame;
  }
}
