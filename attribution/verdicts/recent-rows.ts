/** What a store of recent rows must know of its rows. */
export interface RecentRowsOptions<T> {
  /** Rows held; when there are more, the earliest go. */
  readonly max: number;
  readonly idOf: (row: T) => number | string;
  /** By which rows are asked for, and evicted; a whole number. */
  readonly timeOf: (row: T) => number;
  /** Under which a row is found. */
  readonly keysOf: (row: T) => readonly string[];
}

/** Share of the rows that stay when the earliest are evicted: evicting seldom and many at once is cheap. */
const KEPT = 0.9;

/**
 * The latest rows of a table by time, found by their keys without asking the database. It holds every row from `from` on: an
 * answer about a stretch of time that begins there or later is complete, and no other is given.
 */
export class RecentRows<T> {
  readonly #options: RecentRowsOptions<T>;
  readonly #rows = new Map<number | string, T>();
  /** Rows of a key by time, those of one time by id. */
  readonly #byKey = new Map<string, T[]>();
  #from = Number.NEGATIVE_INFINITY;

  constructor(options: RecentRowsOptions<T>) {
    this.#options = options;
  }

  /** Rows of earlier times are not held, or not all of them. */
  get from(): number {
    return this.#from;
  }

  get(id: number | string): T | undefined {
    return this.#rows.get(id);
  }

  /** Rows before this time may be missing. */
  startAt(time: number): void {
    if (time <= this.#from) return;
    this.#from = time;
    const { timeOf } = this.#options;
    const keys = new Set<string>();
    for (const [id, row] of this.#rows) {
      if (timeOf(row) >= time) continue;
      this.#rows.delete(id);
      for (const key of this.#options.keysOf(row)) keys.add(key);
    }
    for (const key of keys) {
      const left = this.#byKey.get(key)?.filter((row) => timeOf(row) >= time) ?? [];
      if (left.length === 0) this.#byKey.delete(key);
      else this.#byKey.set(key, left);
    }
  }

  /** Takes a row, or another state of one; nothing is kept of rows before `from`. */
  put(row: T): void {
    const { idOf, timeOf, max } = this.#options;
    const id = idOf(row);
    const known = this.#rows.get(id);
    if (known !== undefined) this.#remove(id, known);
    if (timeOf(row) < this.#from) return;
    this.#rows.set(id, row);
    for (const key of this.#options.keysOf(row)) this.#insert(key, row);
    if (this.#rows.size > max) this.#evict();
  }

  /** Rows of a key within [from, to] in order of time; undefined when some may be missing. */
  find(key: string, from: number, to: number): readonly T[] | undefined {
    if (from < this.#from) return undefined;
    const rows = this.#byKey.get(key);
    if (rows === undefined) return NONE;
    const { timeOf } = this.#options;
    const first = this.#firstFrom(rows, from);
    let last = first;
    while (last < rows.length && timeOf(rows[last]!) <= to) last++;
    return first === 0 && last === rows.length ? rows : rows.slice(first, last);
  }

  #insert(key: string, row: T): void {
    const rows = this.#byKey.get(key);
    if (rows === undefined) {
      this.#byKey.set(key, [row]);
      return;
    }
    let place = rows.length;
    while (place > 0 && this.#isBefore(row, rows[place - 1]!)) place--;
    if (place === rows.length) rows.push(row);
    else rows.splice(place, 0, row);
  }

  #remove(id: number | string, row: T): void {
    this.#rows.delete(id);
    for (const key of this.#options.keysOf(row)) {
      const rows = this.#byKey.get(key);
      if (rows === undefined) continue;
      const place = rows.indexOf(row, this.#firstFrom(rows, this.#options.timeOf(row)));
      if (rows.length === 1) this.#byKey.delete(key);
      else if (place >= 0) rows.splice(place, 1);
    }
  }

  #isBefore(a: T, b: T): boolean {
    const { timeOf, idOf } = this.#options;
    const apart = timeOf(a) - timeOf(b);
    return apart < 0 || (apart === 0 && idOf(a) < idOf(b));
  }

  /** Place of the first row of this time or later. */
  #firstFrom(rows: readonly T[], time: number): number {
    const { timeOf } = this.#options;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (timeOf(rows[middle]!) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #evict(): void {
    const times = Float64Array.from(this.#rows.values(), this.#options.timeOf).sort();
    this.startAt(times[Math.ceil(times.length * (1 - KEPT))]! + 1);
  }
}

const NONE: readonly never[] = [];
