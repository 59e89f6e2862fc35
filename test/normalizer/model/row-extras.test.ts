import { RowExtras } from '../../../normalizer/model/flow-batch';

describe('RowExtras', () => {
  it('keeps extras by row and counts rows, not calls', () => {
    const extras = new RowExtras();
    extras.set(5, { a: 1 });
    extras.set(2, { a: 2 });
    extras.set(5, { a: 3 });
    expect(extras.size).toBe(2);
    expect([0, 2, 5, 6].map((row) => extras.get(row))).toEqual([undefined, { a: 2 }, { a: 3 }, undefined]);
  });

  it('forgets all rows when cleared, and shows none of them again', () => {
    const extras = new RowExtras();
    extras.set(5, { a: 1 });
    extras.clear();
    extras.set(7, { a: 2 });
    expect(extras.size).toBe(1);
    expect([5, 7].map((row) => extras.get(row))).toEqual([undefined, { a: 2 }]);
  });

  it('reads those left in their records when they are asked for, in any order, and not before', () => {
    const extras = new RowExtras();
    const view = new DataView(Uint8Array.from({ length: 40 }, (_, i) => i).buffer);
    const asked: number[] = [];
    const source = {
      get: (from: DataView, at: number) => {
        asked.push(at);
        return { byte: from.getUint8(at) };
      },
    };
    extras.set(0, { a: 1 });
    extras.leave(2, 4, source, view, 10, 5);
    extras.leave(4, 5, source, view, 30, 7);
    extras.leave(9, 12, source, view, 31, 2);
    expect(extras.size).toBe(7);
    expect(asked).toEqual([]);
    const rows = [0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 3, 11, 2];
    expect(rows.map((row) => extras.get(row)?.['byte'])).toEqual([
      ...[undefined, undefined, 10, 15, 30, undefined, undefined, 31, 33, 35, undefined],
      ...[15, 35, 10],
    ]);
    extras.clear();
    expect([extras.size, extras.get(2)]).toEqual([0, undefined]);
    extras.leave(0, 1, source, view, 7, 1);
    expect(extras.get(0)).toEqual({ byte: 7 });
  });
});
