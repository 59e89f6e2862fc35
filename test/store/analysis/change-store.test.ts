import Database from 'better-sqlite3';
import { ChangeStore } from '../../../store/analysis/change-store';
import { MIGRATIONS } from '../../../store/analysis/migrations.data';
import type { ChangeRecord, NewChange } from '../../../store/analysis/finding-record';

const change = (device: string, at: number): NewChange => ({
  device,
  parser: 'cisco_ios',
  at,
  receivedAt: at,
  category: 'configuration',
  action: 'command',
  outcome: null,
  code: null,
  user: null,
  src: null,
  process: null,
  command: `line ${at}`,
  message: null,
  rawSeq: at,
  own: false,
});

describe('ChangeStore', () => {
  const database = () => {
    const db = new Database(':memory:');
    for (const { sql } of MIGRATIONS) db.exec(sql);
    return db;
  };
  const times = (changes: readonly ChangeRecord[]): number[] => changes.map(({ at }) => at);

  test('gives from memory what the table holds, in whatever order changes come', () => {
    const db = database();
    const store = new ChangeStore(db);
    // Asked first, so that all of them are taken into what is held.
    expect(store.between('r1', 0, 1e9)).toEqual([]);
    // A permutation of 0 to 599: more than are held of one device, the earliest among the last.
    for (let i = 0; i < 600; i++) store.add(change('r1', (i * 7) % 600));
    store.add(change('r2', 5));
    const fresh = new ChangeStore(db);
    const of = db.prepare('SELECT at FROM change_row WHERE device = ? AND at BETWEEN ? AND ? ORDER BY at, num').pluck();
    for (const [device, from, to] of [
      ['r1', 590, 595],
      ['r1', 0, 10],
      ['r1', 300, 420],
      ['r1', 599, 1000],
      ['r1', 600, 1000],
      ['r2', 0, 10],
      ['r3', 0, 10],
    ] as const) {
      const stored = of.all(device, from, to);
      expect(times(store.between(device, from, to))).toEqual(stored);
      expect(times(fresh.between(device, from, to))).toEqual(stored);
    }
  });

  test('keeps the limit', () => {
    const store = new ChangeStore(database());
    for (const at of [1, 2, 3, 4]) store.add(change('r1', at));
    expect(times(store.between('r1', 2, 4, 2))).toEqual([2, 3]);
  });

  test('forgets what a transaction that was given up had stored', () => {
    const db = database();
    const store = new ChangeStore(db);
    store.add(change('r1', 1));
    expect(times(store.between('r1', 0, 9))).toEqual([1]);
    expect(() =>
      db.transaction(() => {
        store.add(change('r1', 2));
        throw new Error('given up');
      })(),
    ).toThrow('given up');
    store.forget();
    expect(times(store.between('r1', 0, 9))).toEqual([1]);
  });
});
