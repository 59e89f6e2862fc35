import { endianness } from 'node:os';
import type { FlowBatch, FlowExtra } from '../../normalizer/model/flow-batch';
import { FLOW_COLUMNS, type FlowColumnKind, type FlowColumnName } from '../../normalizer/model/flow-columns.data';
import { extraText, type Overflow } from './facts-value';

/** Columns that every row carries, before those of its layout. */
export const FIXED_COLUMNS = ['run', 'extra'] as const;

type ColumnsOfKind<K extends FlowColumnKind> = {
  [N in FlowColumnName]: (typeof FLOW_COLUMNS)[N]['kind'] extends K ? N : never;
}[FlowColumnName];

type IntegerColumn = ColumnsOfKind<'u8' | 'u16' | 'u32' | 'mac'>;

/** Copies `count` rows of one column from the batch into the values, starting at `slot`. */
type Fill = (batch: FlowBatch, row: number, slot: number, count: number) => void;

/** Which half of a 64-bit word is the high one. */
const HIGH = endianness() === 'LE' ? 1 : 0;
const LOW = 1 - HIGH;

/**
 * The bound values of `rows` rows of one set of columns. Column by column: the inner loops run over one typed array
 * each. Values, Buffers and overflow notes are used again and again.
 */
export class RowBinder {
  readonly values: unknown[];
  readonly width: number;
  /** SQL names in the order of the values. */
  readonly names: readonly string[];
  readonly #fills: readonly Fill[];
  readonly #overflow = new Map<number, Overflow>();
  #lastExtra: FlowExtra | undefined;
  #lastText: string | null = null;
  readonly #words = new WeakMap<BigUint64Array, Uint32Array>();

  constructor(columns: readonly FlowColumnName[], micros: boolean, rows: number) {
    const names: string[] = [...FIXED_COLUMNS];
    const fills: Fill[] = [];
    for (const column of columns) {
      const { kind, sql } = FLOW_COLUMNS[column];
      const at = names.push(sql) - 1;
      if (kind === 'ms' && micros) names.push(`${sql}_us`);
      fills.push(this.#fill(column, at, micros, rows));
    }
    this.names = names;
    this.width = names.length;
    this.values = Array.from({ length: this.width * rows }, () => null);
    this.#fills = fills;
  }

  /** Fills `count` slots from `slot` on with the rows of the batch from `row` on. */
  fill(batch: FlowBatch, run: number, row: number, slot: number, count: number): void {
    for (const fill of this.#fills) fill(batch, row, slot, count);
    const spilled = this.#overflow.size > 0;
    const plain = batch.extras.size === 0 && !spilled;
    for (let i = 0; i < count; i++) {
      const at = (slot + i) * this.width;
      this.values[at] = run;
      this.values[at + 1] = plain ? null : this.#extraText(batch.extras.get(row + i), this.#overflow.get(slot + i));
    }
    if (spilled) this.#overflow.clear();
  }

  /** Rows of one record often share one extra: its text is made once. */
  #extraText(extra: FlowExtra | undefined, overflow: Overflow | undefined): string | null {
    if (overflow !== undefined) return extraText(extra, overflow);
    if (extra === undefined) return null;
    if (extra !== this.#lastExtra) {
      this.#lastExtra = extra;
      this.#lastText = extraText(extra, {});
    }
    return this.#lastText;
  }

  #fill(column: FlowColumnName, at: number, micros: boolean, rows: number): Fill {
    const { kind } = FLOW_COLUMNS[column];
    switch (kind) {
      case 'u8':
      case 'u16':
      case 'u32':
      case 'mac':
        return this.#integers(column as IntegerColumn, at);
      case 'ms':
        return micros
          ? this.#micros(column as ColumnsOfKind<'ms'>, at)
          : this.#times(column as ColumnsOfKind<'ms'>, at);
      case 'u64':
        return this.#counters(column as ColumnsOfKind<'u64'>, at);
      case 'addr':
        return this.#addresses(column as ColumnsOfKind<'addr'>, at, rows);
      case 'text':
        return this.#texts(column as ColumnsOfKind<'text'>, at);
    }
  }

  #integers(column: IntegerColumn, at: number): Fill {
    return (batch, row, slot, count) => {
      const source = batch.columns[column];
      for (let i = 0, to = slot * this.width + at; i < count; i++, to += this.width) this.values[to] = source[row + i];
    };
  }

  /** Whole milliseconds; a time beyond what an integer column can hold is no time. */
  #times(column: ColumnsOfKind<'ms'>, at: number): Fill {
    return (batch, row, slot, count) => {
      const source = batch.columns[column];
      for (let i = 0, to = slot * this.width + at; i < count; i++, to += this.width) {
        const ms = Math.floor(source[row + i] ?? Number.NaN);
        this.values[to] = Number.isSafeInteger(ms) ? ms : null;
      }
    };
  }

  #micros(column: ColumnsOfKind<'ms'>, at: number): Fill {
    return (batch, row, slot, count) => {
      const source = batch.columns[column];
      for (let i = 0, to = slot * this.width + at; i < count; i++, to += this.width) {
        const us = Math.round((source[row + i] ?? Number.NaN) * 1000);
        const known = Number.isSafeInteger(us);
        const ms = Math.floor(us / 1000);
        this.values[to] = known ? ms : null;
        this.values[to + 1] = known ? us - ms * 1000 : null;
      }
    };
  }

  /** Exact: numbers up to 2^53, bigint above. Above 2^63-1 a counter goes into `extra`, an id wraps to its negative. */
  #counters(column: ColumnsOfKind<'u64'>, at: number): Fill {
    const { sql } = FLOW_COLUMNS[column];
    return (batch, row, slot, count) => {
      const source = batch.columns[column];
      const words = this.#wordsOf(source);
      for (let i = 0, to = slot * this.width + at; i < count; i++, to += this.width) {
        const high = words[(row + i) * 2 + HIGH] ?? 0;
        if (high < 0x200000) {
          this.values[to] = high * 0x100000000 + (words[(row + i) * 2 + LOW] ?? 0);
          continue;
        }
        const value = source[row + i] ?? 0n;
        const fits = high < 0x80000000;
        if (!fits && column !== 'connectionId') this.#spill(slot + i, sql, value);
        this.values[to] = fits ? value : column === 'connectionId' ? BigInt.asIntN(64, value) : null;
      }
    };
  }

  #addresses(column: ColumnsOfKind<'addr'>, at: number, rows: number): Fill {
    const short = Array.from({ length: rows }, () => new Uint32Array(1));
    const long = Array.from({ length: rows }, () => new Uint32Array(4));
    const shortBytes = short.map((words) => Buffer.from(words.buffer));
    const longBytes = long.map((words) => Buffer.from(words.buffer));
    return (batch, row, slot, count) => {
      const { words, length } = batch.columns[column];
      for (let i = 0, to = slot * this.width + at; i < count; i++, to += this.width) {
        const from = (row + i) * 4;
        const size = length[row + i];
        if (size === 4) {
          (short[slot + i] as Uint32Array)[0] = words[from] ?? 0;
          this.values[to] = shortBytes[slot + i];
        } else if (size === 16) {
          const target = long[slot + i] as Uint32Array;
          for (let word = 0; word < 4; word++) target[word] = words[from + word] ?? 0;
          this.values[to] = longBytes[slot + i];
        } else {
          this.values[to] = null;
        }
      }
    };
  }

  #texts(column: ColumnsOfKind<'text'>, at: number): Fill {
    return (batch, row, slot, count) => {
      const source = batch.columns[column];
      for (let i = 0, to = slot * this.width + at; i < count; i++, to += this.width) {
        this.values[to] = source[row + i] ?? null;
      }
    };
  }

  #spill(slot: number, column: string, value: bigint): void {
    const notes = this.#overflow.get(slot) ?? {};
    notes[column] = value.toString();
    this.#overflow.set(slot, notes);
  }

  #wordsOf(source: BigUint64Array): Uint32Array {
    let words = this.#words.get(source);
    if (words === undefined) {
      words = new Uint32Array(source.buffer, source.byteOffset, source.length * 2);
      this.#words.set(source, words);
    }
    return words;
  }
}
