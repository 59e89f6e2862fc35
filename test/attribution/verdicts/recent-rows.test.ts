import fc from 'fast-check';
import { RecentRows } from '../../../attribution/verdicts/recent-rows';

interface Row {
  readonly id: number;
  readonly at: number;
  readonly key: string;
}

const rowsOf = (max: number): RecentRows<Row> =>
  new RecentRows({ max, idOf: ({ id }) => id, timeOf: ({ at }) => at, keysOf: ({ key }) => [key, `also ${key}`] });

describe('recent rows', () => {
  test('give all rows of a key within a stretch of time, or say that some may be missing', () => {
    const row = fc.record({
      id: fc.integer({ min: 0, max: 40 }),
      at: fc.integer({ min: 0, max: 30 }),
      key: fc.constantFrom('a', 'b', 'c'),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 80 }), fc.integer({ min: 1, max: 50 }), (put, max) => {
        const rows = rowsOf(max);
        const table = new Map<number, Row>();
        for (const one of put) {
          rows.put(one);
          table.set(one.id, one);
        }
        for (const key of ['a', 'b', 'c', 'd']) {
          for (let from = -1; from < 31; from += 4) {
            const wanted = [...table.values()]
              .filter((one) => one.key === key && one.at >= from && one.at <= from + 9)
              .sort((a, b) => a.at - b.at || a.id - b.id);
            for (const name of [key, `also ${key}`]) {
              const found = rows.find(name, from, from + 9);
              expect(found).toEqual(from < rows.from ? undefined : wanted);
            }
          }
        }
      }),
    );
  });

  test('let the earliest go when there are too many, many at once', () => {
    const rows = rowsOf(100);
    for (let id = 0; id <= 100; id++) rows.put({ id, at: 1000 + id, key: 'a' });
    expect(rows.from).toBe(1012);
    expect(rows.get(11)).toBeUndefined();
    expect(rows.get(12)).toEqual({ id: 12, at: 1012, key: 'a' });
    rows.put({ id: 200, at: 5, key: 'a' });
    expect(rows.get(200)).toBeUndefined();
    expect(rows.find('a', 1012, 2000)).toHaveLength(89);
  });

  test('hold nothing from before they were begun at, and know nothing of it', () => {
    const rows = rowsOf(100);
    rows.put({ id: 1, at: 10, key: 'a' });
    rows.put({ id: 2, at: 20, key: 'a' });
    rows.startAt(20);
    rows.startAt(15);
    expect(rows.find('a', 10, 30)).toBeUndefined();
    expect(rows.find('a', 20, 30)).toEqual([{ id: 2, at: 20, key: 'a' }]);
    rows.put({ id: 2, at: 19, key: 'a' });
    expect(rows.find('a', 20, 30)).toEqual([]);
  });
});
