import type { FlowRun } from '../model/flow-batch';
import type { FlowColumnName } from '../model/flow-columns.data';
import type { ColumnPlan } from './column-plan';
import { CELLS, ConnectionTable, COUNTERS, SUMS, TIME } from './connection-table';
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
  /** The counter columns of `#plan`, as words, where their words go, and which of the sums is theirs. */
  #counted: readonly Uint32Array[] = [];
  #stated: readonly Uint32Array[] = [];
  #sums: readonly number[] = [];
  #plan: ColumnPlan | undefined;
  #slots: Slots | undefined;

  constructor(capacity: number) {
    this.#table = new ConnectionTable(capacity);
  }

  reconcile(slots: Slots, plan: ColumnPlan, run: FlowRun, exporter: number): void {
    if (plan !== this.#plan || slots !== this.#slots) this.#select(slots, plan);
    for (let i = 0; i < this.#counted.length; i++) {
      copyWords(this.#counted[i]!, this.#stated[i]!, run.from * 2, run.to * 2);
    }
    const totals = plan.reconcile === 'totals';
    const events = slots.firewallEvent.u8;
    const ids = slots.connectionId.u32;
    const times = slots.end.f64;
    for (let row = run.from; row < run.to; row++) {
      const event = events[row]!;
      if (event === DENIED) continue;
      const time = times[row]!;
      const entry = this.#open(exporter, ids[row * 2 + LOW]! | 0, ids[row * 2 + HIGH]! | 0, event, time);
      if (entry >= 0) this.#reconcileRow(row, entry, event, time, totals);
    }
  }

  toJSON(): unknown {
    return this.#table.toJSON();
  }

  restore(state: unknown): void {
    this.#table.restore(state);
  }

  #select(slots: Slots, plan: ColumnPlan): void {
    const present = STATED_COLUMNS.filter(([counted]) => plan.targets.has(counted));
    this.#counted = present.map(([counted]) => slots[counted].u32);
    this.#stated = present.map(([, stated]) => slots[stated].u32);
    this.#sums = present.map((pair) => SUMS + STATED_COLUMNS.indexOf(pair));
    this.#plan = plan;
    this.#slots = slots;
  }

  #reconcileRow(row: number, entry: number, event: number, time: number, totals: boolean): void {
    const table = this.#table;
    const { cells } = table;
    const at = entry * CELLS;
    const before = cells[at + TIME]!;
    if (table.isClosed(entry) || (event === UPDATE && time === before)) {
      for (let i = 0; i < this.#counted.length; i++) putCount(this.#counted[i]!, row, 0);
      return;
    }
    this.#count(row, cells, at, event, totals);
    if (time > before) cells[at + TIME] = time;
    if (event === DELETED) table.setClosed(entry, true);
  }

  /** The entry that a record counts against; -1 when it needs none. One that belongs to an earlier connection is emptied. */
  #open(exporter: number, low: number, high: number, event: number, time: number): number {
    const table = this.#table;
    let entry = table.find(exporter, low, high);
    if (entry >= 0) {
      const reused = time > table.cells[entry * CELLS + TIME]! && (event === CREATED || table.isClosed(entry));
      if (!reused) return entry;
    } else if (event === CREATED) return -1;
    else entry = table.add(exporter, low, high);
    const { cells } = table;
    const at = entry * CELLS;
    table.setClosed(entry, false);
    cells[at + TIME] = event === CREATED ? time : Number.NEGATIVE_INFINITY;
    for (let i = 0; i < COUNTERS; i++) cells[at + SUMS + i] = 0;
    return entry;
  }

  /** Turns the stated values into what they add, and adds it. */
  #count(row: number, cells: Float64Array, at: number, event: number, totals: boolean): void {
    const counted = this.#counted;
    const sums = this.#sums;
    const all = totals || (event === DELETED && this.#covers(row, cells, at));
    for (let i = 0; i < counted.length; i++) {
      const words = counted[i]!;
      const sum = at + sums[i]!;
      const stated = countAt(words, row);
      const before = cells[sum]!;
      if (!all) {
        cells[sum] = before + stated;
        continue;
      }
      const added = stated > before ? stated - before : 0;
      cells[sum] = before + added;
      putCount(words, row, added);
    }
  }

  /** Whether a teardown states totals: then none of its counters is below what was counted. Otherwise it is one more update. */
  #covers(row: number, cells: Float64Array, at: number): boolean {
    for (let i = 0; i < this.#counted.length; i++) {
      if (countAt(this.#counted[i]!, row) < cells[at + this.#sums[i]!]!) return false;
    }
    return true;
  }
}

function countAt(words: Uint32Array, row: number): number {
  return words[row * 2 + HIGH]! * TWO_32 + words[row * 2 + LOW]!;
}

function putCount(words: Uint32Array, row: number, value: number): void {
  const high = value < TWO_32 ? 0 : Math.floor(value / TWO_32);
  words[row * 2 + HIGH] = high;
  words[row * 2 + LOW] = high === 0 ? value : value - high * TWO_32;
}

const LOW = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;

/** `TypedArray.set` costs more than this for a datagram's worth. */
function copyWords(from: Uint32Array, to: Uint32Array, begin: number, end: number): void {
  for (let i = begin; i < end; i++) to[i] = from[i]!;
}
