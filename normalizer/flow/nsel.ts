import type { FlowBatch, FlowRun } from '../model/flow-batch';
import type { FlowColumnName } from '../model/flow-columns.data';
import type { ColumnPlan } from './column-plan';
import * as layout from './connection-table';
import type { TargetName } from './field-columns.data';
import * as read from './field-readers';
import type { Slots } from './slots';

/** The counters, each with the column that keeps what the record said. In the order of `ConnectionTable` sums. */
export const STATED_COLUMNS: readonly (readonly [counted: CountedColumn, stated: FlowColumnName])[] = [
  ['bytes', 'statedBytes'],
  ['packets', 'statedPackets'],
  ['replyBytes', 'statedReplyBytes'],
  ['replyPackets', 'statedReplyPackets'],
];
type CountedColumn = 'bytes' | 'packets' | 'replyBytes' | 'replyPackets';

const STATED = new Map<TargetName, TargetName>(STATED_COLUMNS);

/** Where a counter of a connection is read to, and any other field as well. */
export function statedColumn(target: TargetName): TargetName {
  return STATED.get(target) ?? target;
}

/** Values of firewallEvent (233); 4 is an alert and counts like any other record. */
const CREATED = 1;
const DELETED = 2;
const DENIED = 3;
const UPDATE = 5;

/** Constants of this module: imported ones are looked up for each row. */
const { CELLS, CLOSED, COUNTERS, SUMS, TIME, WORDS } = layout;
const { HIGH_WORD, LOW_WORD } = read;

/** What a row counts: nothing; what it states; what it states, which the sums do not hold yet. */
const KNOWN = 0;
const AS_STATED = 1;
const SINCE = 2;
/** What it states of all, less the sums. */
const TOTAL = 4;
/** The same where no counter is below its sum: a teardown that states totals. Otherwise it is one more update. */
const TOTAL_OR_SINCE = 8;
/** With one of the last three: the sums begin again. */
const ANEW = 16;

const TWO_32 = 0x1_0000_0000;

/** What is read and written of the rows of one template. */
export interface ConnectionColumns {
  readonly ids: Uint32Array;
  readonly events: Uint8Array;
  readonly times: Float64Array;
  /** The counters that there are, as words: what records say, and what they add to what was counted. */
  readonly stated: readonly Uint32Array[];
  readonly counted: readonly Uint32Array[];
  /** Which cell of an entry is the sum of each. */
  readonly sums: readonly number[];
  /** Every record states totals. */
  readonly totals: boolean;
  readonly skipped: number;
  readonly created: number;
}

export function connectionColumns(slots: Slots, plan: ColumnPlan): ConnectionColumns {
  const present = STATED_COLUMNS.filter(([counted]) => plan.targets.has(counted));
  return {
    ids: slots.connectionId.u32,
    events: slots.firewallEvent.u8,
    times: slots.end.f64,
    stated: present.map(([, stated]) => slots[stated].u32),
    counted: present.map(([counted]) => slots[counted].u32),
    sums: present.map((pair) => SUMS + STATED_COLUMNS.indexOf(pair)),
    totals: plan.reconcile === 'totals',
    skipped: DENIED,
    created: CREATED,
  };
}

/** Rows that stand together and are counted the same way. */
interface Span {
  readonly columns: ConnectionColumns;
  readonly exporter: number;
  readonly from: number;
  to: number;
}

/**
 * Makes the counters of firewall connection records summable. An ASA states in each update what passed since the last one,
 * and in the teardown all of it again; a firewall that counts totals (85) states all every time. A record's own words stand in
 * the `stated` columns; its counters become what no earlier record of the connection counted.
 *
 * Records come out of order: what decides is the event time, not the arrival. An update that comes after its teardown, and a
 * record that comes twice, count nothing. A later event of a closed connection is a new connection with the same id.
 */
export class ConnectionCounter {
  readonly #table: layout.ConnectionTable;
  readonly #modes = new Uint8Array(layout.MOST_ROWS);
  readonly #spans: Span[] = [];
  readonly #settle = (): void => this.settle();

  constructor(capacity: number) {
    this.#table = new layout.ConnectionTable(capacity);
  }

  /**
   * Will fill the counter columns of a run whose `stated` columns are read, when the batch is looked at: done for hundreds of
   * runs together it costs half of what it costs between the other steps of each datagram, whose code takes its place in the
   * processor's caches.
   */
  reconcile(batch: FlowBatch, columns: ConnectionColumns, { from, to }: FlowRun, exporter: number): void {
    const last = this.#spans.at(-1);
    if (last !== undefined && last.columns === columns && last.exporter === exporter && last.to === from) {
      last.to = to;
      return;
    }
    this.#spans.push({ columns, exporter, from, to });
    batch.postpone(this.#settle);
  }

  /** Counts what waits. */
  settle(): void {
    for (const { columns, exporter, from, to } of this.#spans) {
      for (let row = from; row < to;) {
        const end = this.#table.find(columns, exporter, row, to);
        this.#judge(columns, row, end);
        if (columns.stated.length === 2) this.#countPair(columns, row, end);
        else this.#countEach(columns, row, end);
        row = end;
      }
    }
    this.#spans.length = 0;
  }

  toJSON(): unknown {
    return this.#table.toJSON();
  }

  restore(state: unknown): void {
    this.#table.restore(state);
  }

  /** Decides by their events and times what rows count. */
  #judge({ events, times, totals }: ConnectionColumns, from: number, to: number): void {
    const { found, cells, words } = this.#table;
    const modes = this.#modes;
    for (let row = from; row < to; row++) {
      const entry = found[row - from]!;
      if (entry < 0) {
        modes[row - from] = AS_STATED;
        continue;
      }
      const at = entry * CELLS + TIME;
      const closed = entry * WORDS + CLOSED;
      const event = events[row]!;
      const time = times[row]!;
      const before = cells[at]!;
      let mode = totals ? TOTAL : event === DELETED ? TOTAL_OR_SINCE : SINCE;
      if (time > before) {
        cells[at] = time;
        // What was counted is that of an earlier connection with the same id.
        if (words[closed] !== 0 || event === CREATED) {
          mode |= ANEW;
          words[closed] = 0;
        }
      } else if (words[closed] !== 0 || (time === before && event === UPDATE)) mode = KNOWN;
      if (event === DELETED) words[closed] = 1;
      modes[row - from] = mode;
    }
  }

  /** Counts rows with a counter for each direction, as nearly all have, without looking up which they are. */
  #countPair({ stated, counted, sums }: ConnectionColumns, from: number, to: number): void {
    const { found, cells } = this.#table;
    const modes = this.#modes;
    const [statedA, statedB] = [stated[0]!, stated[1]!];
    const [countedA, countedB] = [counted[0]!, counted[1]!];
    const [sumA, sumB] = [sums[0]!, sums[1]!];
    for (let row = from; row < to; row++) {
      const mode = modes[row - from]!;
      const a = takeStated(statedA, countedA, row, mode);
      const b = takeStated(statedB, countedB, row, mode);
      if (mode <= AS_STATED) continue;
      const at = found[row - from]! * CELLS;
      if ((mode & ANEW) !== 0) clearSums(cells, at);
      const beforeA = cells[at + sumA]!;
      const beforeB = cells[at + sumB]!;
      if ((mode & SINCE) !== 0 || ((mode & TOTAL) === 0 && (a < beforeA || b < beforeB))) {
        cells[at + sumA] = beforeA + a;
        cells[at + sumB] = beforeB + b;
        continue;
      }
      cells[at + sumA] = beforeA + putRest(countedA, row, a, beforeA);
      cells[at + sumB] = beforeB + putRest(countedB, row, b, beforeB);
    }
  }

  /** As `#countPair`, for any number of counters. */
  #countEach({ stated, counted, sums }: ConnectionColumns, from: number, to: number): void {
    const { found, cells } = this.#table;
    for (let row = from; row < to; row++) {
      const mode = this.#modes[row - from]!;
      const told = stated.map((words, i) => takeStated(words, counted[i]!, row, mode));
      if (mode <= AS_STATED) continue;
      const at = found[row - from]! * CELLS;
      if ((mode & ANEW) !== 0) clearSums(cells, at);
      const short = told.some((value, i) => value < cells[at + sums[i]!]!);
      const since = (mode & SINCE) !== 0 || ((mode & TOTAL) === 0 && short);
      for (const [i, value] of told.entries()) {
        const sum = at + sums[i]!;
        cells[sum]! += since ? value : putRest(counted[i]!, row, value, cells[sum]!);
      }
    }
  }
}

/** Counts what the record states, or nothing; returns what it states. */
function takeStated(stated: Uint32Array, counted: Uint32Array, row: number, mode: number): number {
  const low = stated[row * 2 + LOW_WORD]!;
  const high = stated[row * 2 + HIGH_WORD]!;
  counted[row * 2 + LOW_WORD] = mode === KNOWN ? 0 : low;
  counted[row * 2 + HIGH_WORD] = mode === KNOWN ? 0 : high;
  return high * TWO_32 + low;
}

/** Counts what a total has more than was counted before, and returns it. */
function putRest(counted: Uint32Array, row: number, total: number, before: number): number {
  const rest = total > before ? total - before : 0;
  const high = rest < TWO_32 ? 0 : Math.floor(rest / TWO_32);
  counted[row * 2 + LOW_WORD] = rest - high * TWO_32;
  counted[row * 2 + HIGH_WORD] = high;
  return rest;
}

function clearSums(cells: Float64Array, at: number): void {
  for (let i = 0; i < COUNTERS; i++) cells[at + SUMS + i] = 0;
}
