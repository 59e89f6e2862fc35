import type { Database, Statement } from 'better-sqlite3';
import { addressBytes } from '../../normalizer/model/address';
import type { FlowBatch, FlowRun, FlowStream } from '../../normalizer/model/flow-batch';
import type { FlowColumnName } from '../../normalizer/model/flow-columns.data';
import { wholeMs } from './facts-value';
import { RowBinder } from './flow-binder';

/** Rows of one INSERT. Several rows a statement save about a quarter of the cost of a row; more than 16 save no more. */
const ROWS_PER_INSERT = 16;

/** Layouts kept at most: every one holds two prepared statements, and templates come from the network. */
const MAX_LAYOUTS = 256;

/** Prepared statements and their bound values for one set of columns. */
interface Layout {
  readonly binder: RowBinder;
  readonly many: Statement;
  readonly one: Statement;
  readonly oneValues: unknown[];
}

/**
 * Writes flow batches into `flow_row`, `run` and `stream`. Allocates nothing per flow: the array of values and one
 * Buffer per address slot are used again for every row (better-sqlite3 copies what it binds before `run` returns).
 */
export class FlowWriter {
  readonly #db: Database;
  readonly #layouts = new Map<string, Layout>();
  /** The same array of columns comes with every run of a template: its identity finds the layout quickest. */
  #plainLayouts = new WeakMap<readonly FlowColumnName[], Layout>();
  #microLayouts = new WeakMap<readonly FlowColumnName[], Layout>();
  readonly #streamIds = new Map<string, number>();
  #idOfStream = new WeakMap<FlowStream, number>();
  readonly #insertRun: Statement;
  readonly #insertStream: Statement;
  readonly #runValues: unknown[] = [];
  #nextFlow = 1;
  #nextRun = 1;
  /** Rows that are filled in but not inserted yet; all of `#layout`. */
  #pending = 0;
  #layout: Layout | undefined;

  constructor(db: Database) {
    this.#db = db;
    this.#insertRun = db.prepare(`INSERT INTO run(id, raw_seq, first_ordinal, first_flow, stream_id, template_id,
      received_at, exported_at, fallback_template) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#insertStream = db.prepare(
      'INSERT INTO stream(id, exporter, exporter_ip, port, domain, version) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.reload();
  }

  /** Takes ids up from what the file holds: at opening, and after a rollback. */
  reload(): void {
    this.#nextFlow = this.#lastId('flow_row') + 1;
    this.#nextRun = this.#lastId('run') + 1;
    this.#pending = 0;
    this.#idOfStream = new WeakMap();
    this.#streamIds.clear();
    const known = this.#db.prepare(`SELECT ${STREAM_KEY} AS key, id FROM stream`).all() as {
      key: string;
      id: number;
    }[];
    for (const { key, id } of known) this.#streamIds.set(key, id);
  }

  /** Writes all rows of the batch. The caller holds the transaction and clears the batch. */
  write(batch: FlowBatch): void {
    for (const run of batch.runs) if (run.to > run.from) this.#writeRun(batch, run);
    this.#flush();
  }

  #writeRun(batch: FlowBatch, run: FlowRun): void {
    const layout = this.#layoutOf(run.columns, hasMicros(batch, run));
    if (layout !== this.#layout) this.#flush();
    this.#layout = layout;
    const id = this.#openRun(run);
    for (let row = run.from; row < run.to;) {
      const count = Math.min(run.to - row, ROWS_PER_INSERT - this.#pending);
      layout.binder.fill(batch, id, row, this.#pending, count);
      this.#pending += count;
      row += count;
      if (this.#pending === ROWS_PER_INSERT) this.#flush();
    }
  }

  #openRun(run: FlowRun): number {
    const values = this.#runValues;
    const id = this.#nextRun++;
    values[0] = id;
    values[1] = run.rawSeq;
    values[2] = run.firstOrdinal;
    values[3] = this.#nextFlow;
    values[4] = this.#streamId(run.stream);
    values[5] = run.templateId;
    values[6] = wholeMs(run.receivedAt);
    values[7] = wholeMs(run.exportedAt);
    values[8] = run.fallbackTemplate ? 1 : 0;
    this.#insertRun.run(values);
    this.#nextFlow += run.to - run.from;
    return id;
  }

  #flush(): void {
    const layout = this.#layout;
    if (layout === undefined || this.#pending === 0) return;
    const { binder, many, one, oneValues } = layout;
    if (this.#pending === ROWS_PER_INSERT) {
      many.run(binder.values);
    } else {
      for (let slot = 0; slot < this.#pending; slot++) {
        for (let i = 0; i < binder.width; i++) oneValues[i] = binder.values[slot * binder.width + i];
        one.run(oneValues);
      }
    }
    this.#pending = 0;
  }

  #layoutOf(columns: readonly FlowColumnName[], micros: boolean): Layout {
    const cache = micros ? this.#microLayouts : this.#plainLayouts;
    let layout = cache.get(columns);
    if (layout === undefined) {
      layout = this.#prepare(columns, micros);
      cache.set(columns, layout);
    }
    return layout;
  }

  #prepare(columns: readonly FlowColumnName[], micros: boolean): Layout {
    const key = `${micros ? 'us' : 'ms'} ${columns.join(' ')}`;
    const known = this.#layouts.get(key);
    if (known !== undefined) return known;
    if (this.#layouts.size >= MAX_LAYOUTS) this.#forgetLayouts();
    const binder = new RowBinder(columns, micros, ROWS_PER_INSERT);
    const names = binder.names.map((name) => `"${name}"`).join(', ');
    const row = `(${binder.names.map(() => '?').join(', ')})`;
    const insert = (rows: number): Statement =>
      this.#db.prepare(`INSERT INTO flow_row(${names}) VALUES ${Array.from({ length: rows }, () => row).join(', ')}`);
    const layout = { binder, many: insert(ROWS_PER_INSERT), one: insert(1), oneValues: [] };
    this.#layouts.set(key, layout);
    return layout;
  }

  #forgetLayouts(): void {
    this.#layouts.clear();
    this.#plainLayouts = new WeakMap();
    this.#microLayouts = new WeakMap();
  }

  #streamId(stream: FlowStream): number {
    const known = this.#idOfStream.get(stream);
    if (known !== undefined) return known;
    const { exporter, port, domain, version } = stream;
    const key = `${exporter} ${port} ${domain} ${version}`;
    let id = this.#streamIds.get(key);
    if (id === undefined) {
      id = this.#streamIds.size + 1;
      this.#insertStream.run(id, addressBytes(exporter) ?? null, exporter, port, domain, version);
      this.#streamIds.set(key, id);
    }
    this.#idOfStream.set(stream, id);
    return id;
  }

  #lastId(table: 'flow_row' | 'run'): number {
    return this.#db.prepare(`SELECT coalesce(max(id), 0) FROM ${table}`).pluck().get() as number;
  }
}

const STREAM_KEY = `exporter_ip || ' ' || port || ' ' || domain || ' ' || version`;

/** Whether a time of the run is finer than a millisecond: most are not, and then the columns for it stay out. */
function hasMicros(batch: FlowBatch, run: FlowRun): boolean {
  const { start, end } = batch.columns;
  const starts = run.columns.includes('start');
  const ends = run.columns.includes('end');
  for (let row = run.from; row < run.to; row++) {
    if (starts && !isWhole(start[row])) return true;
    if (ends && !isWhole(end[row])) return true;
  }
  return false;
}

function isWhole(time: number | undefined): boolean {
  return time === undefined || Math.floor(time) === time || !Number.isFinite(time);
}
