import { compareSegmentNames, nameOfFile, nextSegmentName } from '../../../store/journal/segment-name';

const AT = Date.UTC(2026, 10, 24, 2, 59, 59, 999);

it.each([
  ['the first', undefined, '2026-11-24T02-000'],
  ['an earlier hour', '2026-11-24T01-007', '2026-11-24T02-000'],
  ['the same hour', '2026-11-24T02-000', '2026-11-24T02-001'],
  ['a later hour: the clock went back', '2026-11-24T05-001', '2026-11-24T05-002'],
  ['the 1000th', '2026-11-24T02-999', '2026-11-24T02-1000'],
])('names a segment after %s', (_name, newest, expected) => {
  expect(nextSegmentName(AT, newest)).toBe(expected);
});

it('orders by hour, then by number', () => {
  const names = ['2026-11-24T02-1000', '2026-11-24T03-000', '2026-11-24T02-999', '2025-12-31T23-000'];
  expect(names.sort(compareSegmentNames)).toEqual([
    '2025-12-31T23-000',
    '2026-11-24T02-999',
    '2026-11-24T02-1000',
    '2026-11-24T03-000',
  ]);
});

it.each(['ledger.ndjson', '2026-11-24T02-000.db-wal', '2026-11-24T02-00.db', 'x2026-11-24T02-000.db', '.db'])(
  'takes %s for no segment',
  (name) => expect(nameOfFile(name)).toBeUndefined(),
);
