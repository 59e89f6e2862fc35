import {
  CELLS,
  CLOSED,
  ConnectionTable,
  type ConnectionRows,
  type HashFactors,
  MOST_ROWS,
  SUMS,
  TIME,
  WORDS,
} from '../../../normalizer/flow/connection-table';

type Id = readonly [low: number, high: number];

const SKIPPED = 3;
const CREATED = 1;
const UPDATE = 5;
/** Every id meets every other one. */
const ALL_MEET: HashFactors = [0, 0, 0, 0];

function rowsOf(ids: readonly Id[], event = UPDATE): ConnectionRows {
  return {
    ids: Uint32Array.from(ids.flat()),
    events: new Uint8Array(ids.length).fill(event),
    skipped: SKIPPED,
    created: CREATED,
  };
}

/** The entries of ids, found in as many goes as it takes. */
function entriesOf(table: ConnectionTable, exporter: number, ids: readonly Id[], event = UPDATE): number[] {
  const rows = rowsOf(ids, event);
  const entries: number[] = [];
  for (let row = 0; row < ids.length;) {
    const end = table.find(rows, exporter, row, ids.length);
    entries.push(...table.found.subarray(0, end - row));
    row = end;
  }
  return entries;
}

function entryOf(table: ConnectionTable, exporter: number, low: number, high = 0, event = UPDATE): number {
  return entriesOf(table, exporter, [[low, high]], event)[0]!;
}

/** Whether there is an entry, without making one. */
function isKnown(table: ConnectionTable, exporter: number, low: number, high = 0): boolean {
  return entryOf(table, exporter, low, high, CREATED) >= 0;
}

describe('ConnectionTable', () => {
  it.each([
    ['another exporter', 2, 7, 0],
    ['another low half', 1, 8, 0],
    ['another high half', 1, 7, 0xffff_ffff],
  ])('keeps apart %s', (_name, exporter, low, high) => {
    for (const table of [new ConnectionTable(8), new ConnectionTable(8, ALL_MEET)]) {
      const entry = entryOf(table, 1, 7);
      expect(entryOf(table, 1, 7)).toBe(entry);
      expect(isKnown(table, exporter, low, high)).toBe(false);
      expect(entryOf(table, exporter, low, high)).not.toBe(entry);
    }
  });

  it('makes no entry for rows that need none, and an empty one for those that do', () => {
    const table = new ConnectionTable(8);
    expect(entryOf(table, 1, 7, 0, SKIPPED)).toBe(-1);
    expect(entryOf(table, 1, 7, 0, CREATED)).toBe(-1);
    const entry = entryOf(table, 1, 7);
    expect(table.cells.slice(entry * CELLS + TIME, entry * CELLS + SUMS + 4)).toEqual(
      Float64Array.of(Number.NEGATIVE_INFINITY, 0, 0, 0, 0),
    );
    expect(table.words[entry * WORDS + CLOSED]).toBe(0);
    expect(entryOf(table, 1, 7, 0, CREATED)).toBe(entry);
    expect(entryOf(table, 1, 7, 0, SKIPPED)).toBe(-1);
  });

  it('finds so many rows in one go that their entries stay where they are', () => {
    const table = new ConnectionTable(300);
    const rows = rowsOf(Array.from({ length: 700 }, (_, i) => [i, 0]));
    const ends: number[] = [];
    for (let row = 0; row < 301;) ends.push((row = table.find(rows, 1, row, 700)));
    expect(ends).toEqual([MOST_ROWS, 300, 301]);
    expect(table.find(rows, 1, 301, 310)).toBe(310);
  });

  it.each([1, 16, 1 << 10, 1 << 16, 1 << 19, 1 << 22])('finds every id of those %i apart', (step) => {
    const table = new ConnectionTable(10_000);
    const ids = Array.from({ length: 5000 }, (_, i): Id => [
      Math.imul(i, step) >>> 0,
      Math.floor((i * step) / 2 ** 32),
    ]);
    const entries = entriesOf(table, 1, ids);
    expect(new Set(entries).size).toBe(5000);
    expect(entriesOf(table, 1, ids)).toEqual(entries);
  });

  it('finds every id where all of them meet, also when their places wrap around', () => {
    const table = new ConnectionTable(700, ALL_MEET);
    const ids = Array.from({ length: 600 }, (_, i): Id => [Math.imul(i, 1024) >>> 0, i]);
    const entries = entriesOf(table, 1, ids);
    expect(entries).toEqual(Array.from({ length: 600 }, (_, i) => i));
    expect(entriesOf(table, 1, ids)).toEqual(entries);
    expect(isKnown(table, 1, 5, 5)).toBe(false);
  });

  it('takes an entry of the old generation over whole, and forgets the untouched ones', () => {
    const table = new ConnectionTable(2);
    const first = entryOf(table, 1, 1);
    table.cells[first * CELLS + TIME] = 5000.25;
    for (let i = 0; i < 4; i++) table.cells[first * CELLS + SUMS + i] = 2 ** 40 + i;
    table.words[first * WORDS + CLOSED] = 1;
    entryOf(table, 1, 2);
    entryOf(table, 1, 3);
    const taken = entryOf(table, 1, 1);
    expect(table.cells.slice(taken * CELLS + TIME, taken * CELLS + SUMS + 4)).toEqual(
      Float64Array.of(5000.25, 2 ** 40, 2 ** 40 + 1, 2 ** 40 + 2, 2 ** 40 + 3),
    );
    expect(table.words[taken * WORDS + CLOSED]).toBe(1);
    entryOf(table, 1, 4);
    expect(isKnown(table, 1, 2)).toBe(false);
    expect(isKnown(table, 1, 1)).toBe(true);
  });

  it('takes an entry over whole when that empties the generation it stood in', () => {
    const table = new ConnectionTable(2);
    for (const id of [1, 2, 3, 4]) {
      const entry = entryOf(table, 1, id);
      for (let i = TIME; i < CELLS; i++) table.cells[entry * CELLS + i] = id * 100 + i;
      table.words[entry * WORDS + CLOSED] = Number(id === 1);
    }
    const taken = entryOf(table, 1, 1);
    expect(Array.from(table.cells.slice(taken * CELLS + TIME, (taken + 1) * CELLS))).toEqual([
      102, 103, 104, 105, 106, 107,
    ]);
    expect(table.words[taken * WORDS + CLOSED]).toBe(1);
    expect(isKnown(table, 1, 2)).toBe(false);
    const third = entryOf(table, 1, 3);
    expect(table.words[third * WORDS + CLOSED]).toBe(0);
    expect(table.cells[third * CELLS + SUMS]).toBe(303);
  });

  it('is full of what it found last, however often it turns', () => {
    const table = new ConnectionTable(64);
    for (let id = 0; id < 1000; id++) {
      const entry = entryOf(table, id & 3, id);
      table.cells[entry * CELLS + SUMS] = id;
      for (const before of [id, Math.max(0, id - 31)]) {
        const again = entryOf(table, before & 3, before);
        expect(table.cells[again * CELLS + SUMS]).toBe(before);
      }
    }
  });

  it('comes back from its JSON as it was', () => {
    const table = new ConnectionTable(300);
    for (let i = 0; i < 700; i++) table.words[entryOf(table, i & 3, i, -i) * WORDS + CLOSED] = Number(i % 5 === 0);
    const state = JSON.parse(JSON.stringify(table)) as unknown;
    const restored = new ConnectionTable(300);
    restored.restore(state);
    expect(JSON.stringify(restored)).toBe(JSON.stringify(table));
    expect(entryOf(restored, 699 & 3, 699, -699)).toBe(entryOf(table, 699 & 3, 699, -699));
    const closed = entryOf(restored, 695 & 3, 695, -695);
    expect(restored.words[closed * WORDS + CLOSED]).toBe(1);
  });

  it('comes back from the JSON of a larger one', () => {
    const table = new ConnectionTable(100);
    entriesOf(
      table,
      1,
      Array.from({ length: 90 }, (_, i): Id => [i, 0]),
    );
    const restored = new ConnectionTable(10);
    restored.restore(JSON.parse(JSON.stringify(table)) as unknown);
    expect(isKnown(restored, 1, 89)).toBe(true);
    expect(entryOf(restored, 1, 200)).toBe(0);
    expect(isKnown(restored, 1, 89)).toBe(true);
  });
});
