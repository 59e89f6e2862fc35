import type { PlannedTable } from './device-plan';
import { spread } from '../../polling/jitter';

/** A table that was empty this often is asked for more rarely: the device probably lacks it. */
const EMPTY_READS = 3;
/** How much more rarely. */
const EMPTY_FACTOR = 12;
/** Each period is varied by this part of it, up and down together. */
const JITTER = 0.1;

interface Entry {
  readonly table: PlannedTable;
  due: number;
  emptyReads: number;
  readings: number;
}

/** When which table of one device is due; times are epoch milliseconds. */
export class TableSchedule {
  readonly #device: string;
  readonly #entries: readonly Entry[];

  /** First readings are spread over `startSpreadMs`; all tables of a device begin together. */
  constructor(device: string, tables: readonly PlannedTable[], now: number, startSpreadMs: number) {
    this.#device = device;
    const first = now + Math.floor(spread(device) * startSpreadMs);
    this.#entries = tables.map((table) => ({ table, due: first, emptyReads: 0, readings: 0 }));
  }

  /** The earliest time at which something is due; Infinity when nothing is planned. */
  get next(): number {
    let next = Infinity;
    for (const { due } of this.#entries) if (due < next) next = due;
    return next;
  }

  /** What is due, in the order of the plan. A little ahead counts, so that tables of one period are read together. */
  due(now: number): readonly PlannedTable[] {
    return this.#entries
      .filter(({ table, due }) => due <= now + table.everySeconds * 1000 * JITTER)
      .map((e) => e.table);
  }

  /** Tables that have been empty whenever they were read lately. */
  absent(): readonly string[] {
    return this.#entries.flatMap(({ table, emptyReads }) => (emptyReads >= EMPTY_READS ? table.name : []));
  }

  /** What is named here is due now, whenever it was read. Tables that are not planned are passed over. */
  hasten(names: ReadonlySet<string>, now: number): void {
    for (const entry of this.#entries) if (names.has(entry.table.name)) entry.due = Math.min(entry.due, now);
  }

  /** A table was read, to its end or not. `empty`: it was read to its end and has no row. */
  read(name: string, now: number, empty: boolean): void {
    const entry = this.#entries.find(({ table }) => table.name === name);
    if (entry === undefined) return;
    entry.readings += 1;
    entry.emptyReads = empty ? entry.emptyReads + 1 : 0;
    const factor = entry.emptyReads >= EMPTY_READS ? EMPTY_FACTOR : 1;
    const vary = 1 + (spread(`${this.#device} ${name} ${entry.readings}`) - 0.5) * JITTER;
    entry.due = now + Math.round(entry.table.everySeconds * 1000 * factor * vary);
  }
}
