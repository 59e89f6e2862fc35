import { CELLS, ConnectionTable, SUMS, TIME } from '../../../normalizer/flow/connection-table';

describe('ConnectionTable', () => {
  it.each([
    ['another exporter', 2, 7, 0],
    ['another low half', 1, 8, 0],
    ['another high half', 1, 7, -1],
  ])('keeps apart %s', (_name, exporter, low, high) => {
    const table = new ConnectionTable(8);
    const entry = table.add(1, 7, 0);
    expect(table.find(1, 7, 0)).toBe(entry);
    expect(table.find(exporter, low, high)).toBe(-1);
  });

  it('finds every entry after it has grown', () => {
    const table = new ConnectionTable(10_000);
    const entries = Array.from({ length: 5000 }, (_, i) => table.add(i % 3, Math.imul(i, 0x1_0001), i & 1));
    expect(entries.map((_, i) => table.find(i % 3, Math.imul(i, 0x1_0001), i & 1))).toEqual(entries);
  });

  it('takes an entry of the old generation over whole, and forgets the untouched ones', () => {
    const table = new ConnectionTable(2);
    const first = table.add(1, 1, 0);
    table.cells[first * CELLS + TIME] = 5000.25;
    for (let i = 0; i < 4; i++) table.cells[first * CELLS + SUMS + i] = 2 ** 40 + i;
    table.setClosed(first, true);
    table.add(1, 2, 0);
    table.add(1, 3, 0);
    const taken = table.find(1, 1, 0);
    expect(table.cells.slice(taken * CELLS + TIME, taken * CELLS + SUMS + 4)).toEqual(
      Float64Array.of(5000.25, 2 ** 40, 2 ** 40 + 1, 2 ** 40 + 2, 2 ** 40 + 3),
    );
    expect(table.isClosed(taken)).toBe(true);
    table.add(1, 4, 0);
    expect(table.find(1, 2, 0)).toBe(-1);
    expect(table.find(1, 1, 0)).toBeGreaterThanOrEqual(0);
  });

  it('takes an entry over whole when that empties the generation it stood in', () => {
    const table = new ConnectionTable(2);
    for (const id of [1, 2, 3, 4]) {
      const entry = table.add(1, id, 0);
      for (let i = TIME; i < CELLS; i++) table.cells[entry * CELLS + i] = id * 100 + i;
      table.setClosed(entry, id === 1);
    }
    const taken = table.find(1, 1, 0);
    expect(Array.from(table.cells.slice(taken * CELLS + TIME, (taken + 1) * CELLS))).toEqual([
      102, 103, 104, 105, 106, 107,
    ]);
    expect(table.isClosed(taken)).toBe(true);
    expect(table.find(1, 2, 0)).toBe(-1);
    expect(table.isClosed(table.find(1, 3, 0))).toBe(false);
  });

  it.each([1, 16, 1 << 16, 1 << 19])('finds every id of those %i apart', (step) => {
    const table = new ConnectionTable(10_000);
    const entries = Array.from({ length: 5000 }, (_, i) => table.add(1, Math.imul(i, step), 0));
    expect(entries.map((_, i) => table.find(1, Math.imul(i, step), 0))).toEqual(entries);
  });

  it('comes back from its JSON as it was', () => {
    const table = new ConnectionTable(300);
    for (let i = 0; i < 700; i++) table.setClosed(table.add(i & 3, i, -i), i % 5 === 0);
    const state = JSON.parse(JSON.stringify(table)) as unknown;
    const restored = new ConnectionTable(300);
    restored.restore(state);
    expect(JSON.stringify(restored)).toBe(JSON.stringify(table));
    expect(restored.find(699 & 3, 699, -699)).toBe(table.find(699 & 3, 699, -699));
    expect(restored.isClosed(restored.find(695 & 3, 695, -695))).toBe(true);
  });
});
