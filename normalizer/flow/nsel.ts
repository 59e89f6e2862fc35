import type { FlowRun } from '../model/flow-batch';
import type { FlowColumnName } from '../model/flow-columns.data';
import type { ColumnPlan } from './column-plan';
import { CLOSED, ConnectionTable, COUNTERS, SUMS, TIME } from './connection-table';
import type { Slots } from './slots';

/** The counters, each with the column that keeps what the record said. In the order of `ConnectionTable` sums. */
export const STATED_COLUMNS: readonly (readonly [counted: CountedColumn, stated: FlowColumnName])[] = [
  ['bytes', 'statedBytes'],
  ['packets', 'statedPackets'],
  ['replyBytes', 'statedReplyBytes'],
  ['replyPackets', 'statedReplyPackets'],
];
type CountedColumn = 'bytes' | 'packets' | 'replyBytes' | 'replyPackets';

/** Values of firewallEvent (233); 4 is an alert and counts like any other record. */
const CREATED = 1;
const DELETED = 2;
const DENIED = 3;
const UPDATE = 5;

const TWO_32 = 0x1_0000_0000;

/**
 * Makes the counters of firewall connection records summable. An ASA states in each update what passed since the last one,
 * and in the teardown all of it again; a firewall that counts totals (85) states all every time. A record's counters become
 * what no earlier record of the connection counted; its own words move to the `stated` columns.
 *
 * Records come out of order: what decides is the event time, not the arrival. An update that comes after its teardown, and a
 * record that comes twice, count nothing. A later event of a closed connection is a new connection with the same id.
 */
export class ConnectionCounter {
  readonly #table: ConnectionTable;
  readonly #values = new Float64Array(COUNTERS);
  /** The counter columns of the run, as words. */
  readonly #words: (Uint32Array | undefined)[] = [undefined, undefined, undefined, undefined];

  constructor(capacity: number) {
    this.#table = new ConnectionTable(capacity);
  }

  reconcile(slots: Slots, plan: ColumnPlan, run: FlowRun, exporter: number): void {
    for (let i = 0; i < COUNTERS; i++) {
      const [counted, stated] = STATED_COLUMNS[i]!;
      const words = plan.targets.has(counted) ? slots[counted].u32 : undefined;
      this.#words[i] = words;
      if (words !== undefined) copyWords(words, slots[stated].u32, run.from * 2, run.to * 2);
    }
    const totals = plan.reconcile === 'totals';
    const events = slots.firewallEvent.u8;
    const ids = slots.connectionId.u32;
    const times = slots.end.f64;
    for (let row = run.from; row < run.to; row++) {
      const event = events[row]!;
      if (event === DENIED) continue;
      const entry = this.#open(exporter, ids[row * 2 + LOW]!, ids[row * 2 + HIGH]!, event, times[row]!);
      if (entry >= 0) this.#reconcileRow(row, entry, event, times[row]!, totals);
    }
  }

  toJSON(): unknown {
    return this.#table.toJSON();
  }

  restore(state: unknown): void {
    this.#table.restore(state);
  }

  #reconcileRow(row: number, entry: number, event: number, time: number, totals: boolean): void {
    const { cells } = this.#table;
    if (cells[entry + CLOSED] === 1 || (event === UPDATE && time === cells[entry + TIME])) {
      this.#values.fill(0);
      this.#write(row);
      return;
    }
    this.#read(row);
    this.#count(cells, entry, event, totals);
    this.#write(row);
    if (time > cells[entry + TIME]!) cells[entry + TIME] = time;
    if (event === DELETED) cells[entry + CLOSED] = 1;
  }

  /** The entry that a record counts against; -1 when it needs none. One that belongs to an earlier connection is emptied. */
  #open(exporter: number, low: number, high: number, event: number, time: number): number {
    const table = this.#table;
    let entry = table.find(exporter, low, high);
    if (entry < 0) {
      if (event === CREATED) return -1;
      entry = table.add(exporter, low, high);
    } else {
      const before = table.cells;
      const reused = time > before[entry + TIME]! && (before[entry + CLOSED] === 1 || event === CREATED);
      if (!reused) return entry;
    }
    const { cells } = table;
    cells[entry + CLOSED] = 0;
    cells[entry + TIME] = event === CREATED ? time : Number.NEGATIVE_INFINITY;
    for (let i = 0; i < COUNTERS; i++) cells[entry + SUMS + i] = 0;
    return entry;
  }

  #read(row: number): void {
    for (let i = 0; i < COUNTERS; i++) {
      const words = this.#words[i];
      this.#values[i] = words === undefined ? 0 : words[row * 2 + HIGH]! * TWO_32 + words[row * 2 + LOW]!;
    }
  }

  #write(row: number): void {
    for (let i = 0; i < COUNTERS; i++) {
      const words = this.#words[i];
      if (words === undefined) continue;
      const value = this.#values[i]!;
      const high = Math.floor(value / TWO_32);
      words[row * 2 + HIGH] = high;
      words[row * 2 + LOW] = value - high * TWO_32;
    }
  }

  /** Turns the stated values into what they add, and adds it. */
  #count(cells: Float64Array, entry: number, event: number, totals: boolean): void {
    const values = this.#values;
    const all = totals || (event === DELETED && covers(values, cells, entry + SUMS));
    for (let i = 0; i < COUNTERS; i++) {
      const s = entry + SUMS + i;
      if (all) values[i] = Math.max(0, values[i]! - cells[s]!);
      cells[s]! += values[i]!;
    }
  }
}

/** Whether a teardown states totals: then none of its counters is below what was counted. Otherwise it is one more update. */
function covers(values: Float64Array, cells: Float64Array, sums: number): boolean {
  for (let i = 0; i < COUNTERS; i++) if (values[i]! < cells[sums + i]!) return false;
  return true;
}

const LOW = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;

/** `TypedArray.set` costs more than this for a datagram's worth. */
function copyWords(from: Uint32Array, to: Uint32Array, begin: number, end: number): void {
  for (let i = begin; i < end; i++) to[i] = from[i]!;
}
