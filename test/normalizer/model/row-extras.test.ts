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
});
