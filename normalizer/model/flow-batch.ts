import { FLOW_COLUMNS, type FlowColumnKind, type FlowColumnName } from './flow-columns.data';

/** 4 or 16 bytes a row in slots of 16; `length[row]` is 0 (absent), 4 or 16. `words` is the same memory. */
export interface AddressColumn {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly length: Uint8Array;
}

type ColumnOf<K extends FlowColumnKind> = K extends 'u8'
  ? Uint8Array
  : K extends 'u16'
    ? Uint16Array
    : K extends 'u32'
      ? Uint32Array
      : K extends 'u64'
        ? BigUint64Array
        : K extends 'ms' | 'mac'
          ? Float64Array
          : K extends 'addr'
            ? AddressColumn
            : (string | undefined)[];

export type FlowColumnArrays = {
  readonly [N in FlowColumnName]: ColumnOf<(typeof FLOW_COLUMNS)[N]['kind']>;
};

/** The sender of flow records: what scopes templates, sequence numbers and sampling. */
export interface FlowStream {
  /** Canonical address of the exporter; a v5-v8 engine or a domain id distinguishes processes on it. */
  readonly exporter: string;
  readonly port: number;
  readonly domain: number;
  /** 1, 5, 7, 9, 10 (IPFIX), or 105 for sFlow v5. */
  readonly version: number;
}

/** Consecutive rows of one raw record that have the same columns, in the order they were sent. */
export interface FlowRun {
  from: number;
  /** One past the last row. */
  to: number;
  rawSeq: number;
  /** Ordinal of the first row among the data records of the raw record; the following rows count on. */
  firstOrdinal: number;
  receivedAt: number;
  /** Export time of the header, epoch ms. */
  exportedAt: number;
  stream: FlowStream;
  templateId: number;
  /** The columns these records carry; all others hold whatever was there before. Reused between runs: compare by content. */
  columns: readonly FlowColumnName[];
  /** Decoded with a template of the same exporter and domain that came from another port. */
  fallbackTemplate: boolean;
}

/** An element that has no column: unknown, repeated, or rare. Bytes are kept as hex when the type is not known. */
export type FlowExtra = Readonly<Record<string, string | number | readonly (string | number)[]>>;

/** Reads the extras of the record at `at`, when somebody asks for them. */
export interface ExtraSource {
  get(view: DataView, at: number): FlowExtra;
}

/** Rows whose extras still stand in their records, `stride` bytes apart from `at` on. */
interface UnreadExtras {
  from: number;
  to: number;
  source: ExtraSource;
  view: DataView;
  at: number;
  stride: number;
}

/**
 * Extras by row. An array in place of a map: setting one must cost less than decoding the row. Those of a run of records of
 * equal length are not even read before they are asked for; what is asked is the record's bytes, which must stay as they are
 * until `clear`.
 */
export class RowExtras {
  readonly #values: (FlowExtra | undefined)[] = [];
  /** One past the highest row that has one. */
  #end = 0;

  #size = 0;
  /** In the order of their rows; reused. */
  readonly #unread: UnreadExtras[] = [];
  #unreadCount = 0;
  /** Where the last row was found: rows are asked for in their order. */
  #lastFound = 0;

  /** How many rows have one. */
  get size(): number {
    return this.#size;
  }

  get(row: number): FlowExtra | undefined {
    const value = row < this.#end ? this.#values[row] : undefined;
    return value === undefined && this.#unreadCount > 0 ? this.#read(row) : value;
  }

  /** The rows from `from` to `to`, which come after all before them, have what `source` reads from their records. */
  leave(from: number, to: number, source: ExtraSource, view: DataView, at: number, stride: number): void {
    const place = this.#unread[this.#unreadCount++];
    this.#size += to - from;
    if (place === undefined) {
      this.#unread.push({ from, to, source, view, at, stride });
      return;
    }
    place.from = from;
    place.to = to;
    place.source = source;
    place.view = view;
    place.at = at;
    place.stride = stride;
  }

  /** Several rows may be given the same object. */
  set(row: number, extra: FlowExtra): void {
    while (this.#values.length <= row) this.#values.push(undefined);
    if (this.#values[row] === undefined) this.#size++;
    this.#values[row] = extra;
    if (row >= this.#end) this.#end = row + 1;
  }

  clear(): void {
    this.#values.fill(undefined, 0, this.#end);
    this.#end = 0;
    this.#size = 0;
    this.#unreadCount = 0;
    this.#lastFound = 0;
  }

  #read(row: number): FlowExtra | undefined {
    let low = 0;
    let high = this.#unreadCount - 1;
    let middle = this.#lastFound;
    while (low <= high) {
      const { from, to, source, view, at, stride } = this.#unread[middle]!;
      if (row >= from && row < to) {
        this.#lastFound = middle;
        return source.get(view, at + (row - from) * stride);
      }
      if (row < from) high = middle - 1;
      else low = middle + 1;
      // The next one first: rows are mostly asked for in their order.
      middle = row >= to && low === this.#lastFound + 1 ? low : (low + high) >> 1;
    }
    return undefined;
  }
}

/**
 * Flows as columns: nothing is allocated per flow. A normalizer appends rows, the store reads them run by run and calls
 * `clear`. Rows of a run hold values only in `run.columns`.
 */
export class FlowBatch {
  readonly columns: FlowColumnArrays;
  /** What has no column, by row; absent for most rows. */
  readonly extras = new RowExtras();
  readonly #runs: FlowRun[] = [];
  #runCount = 0;
  readonly #postponed = new Set<() => void>();
  length = 0;

  constructor(readonly capacity: number) {
    const entries = Object.entries(FLOW_COLUMNS).map(([name, { kind }]) => [name, allocate(kind, capacity)]);
    this.columns = Object.fromEntries(entries) as FlowColumnArrays;
  }

  /** The runs since `clear`, oldest first. Do not keep them: they are reused. */
  get runs(): readonly FlowRun[] {
    this.#catchUp();
    return this.#runs.slice(0, this.#runCount);
  }

  /** Leaves a step that is cheaper for many runs at once until somebody looks at the runs, or drops them. */
  postpone(step: () => void): void {
    this.#postponed.add(step);
  }

  /** Appends a run of `count` rows starting at `length` and returns it; the caller fills rows and the remaining fields. */
  openRun(count: number, stream: FlowStream, columns: readonly FlowColumnName[]): FlowRun {
    if (this.length + count > this.capacity) throw new RangeError(`flow batch of ${this.capacity} rows is full`);
    let run = this.#runs[this.#runCount];
    if (run === undefined) {
      run = {
        from: 0,
        to: 0,
        rawSeq: 0,
        firstOrdinal: 0,
        receivedAt: 0,
        exportedAt: 0,
        stream,
        templateId: 0,
        columns,
        fallbackTemplate: false,
      };
      this.#runs.push(run);
    }
    this.#runCount++;
    run.from = this.length;
    run.to = this.length += count;
    run.stream = stream;
    run.columns = columns;
    run.fallbackTemplate = false;
    return run;
  }

  clear(): void {
    this.#catchUp();
    this.length = 0;
    this.#runCount = 0;
    this.extras.clear();
  }

  #catchUp(): void {
    if (this.#postponed.size === 0) return;
    for (const step of this.#postponed) step();
    this.#postponed.clear();
  }
}

function allocate(kind: FlowColumnKind, capacity: number): FlowColumnArrays[FlowColumnName] {
  switch (kind) {
    case 'u8':
      return new Uint8Array(capacity);
    case 'u16':
      return new Uint16Array(capacity);
    case 'u32':
      return new Uint32Array(capacity);
    case 'u64':
      return new BigUint64Array(capacity);
    case 'ms':
    case 'mac':
      return new Float64Array(capacity);
    case 'addr': {
      const bytes = new Uint8Array(capacity * 16);
      return { bytes, words: new Uint32Array(bytes.buffer), length: new Uint8Array(capacity) };
    }
    case 'text':
      return Array.from<string | undefined>({ length: capacity });
  }
}
