import { statSync } from 'node:fs';
import { join } from 'node:path';
import { JournalReader } from '../../../store/journal/journal-reader';
import { JournalFixture, records } from './journal-fixture';

let fixture: JournalFixture;
let reader: JournalReader;
beforeEach(() => {
  fixture = new JournalFixture();
  reader = new JournalReader(fixture.directory);
});
afterEach(() => {
  reader.close();
  fixture.remove();
});

const seqs = (from: number, limit: number) => reader.read(from, limit).map(({ seq }) => seq);

it('lists the segments with their bounds', () => {
  fixture.fill();
  expect(reader.segments()).toMatchObject([
    { name: '2026-11-24T02-000', firstSeq: 1, lastSeq: 10, isSealed: true, openedAt: fixture.now },
    { name: '2026-11-24T02-001', firstSeq: 11, lastSeq: 20, isSealed: true },
    { name: '2026-11-24T02-002', firstSeq: 21, lastSeq: 30, isSealed: true },
    { name: '2026-11-24T02-003', firstSeq: 31, lastSeq: 35, isSealed: false },
  ]);
  expect(reader.lastSeq()).toBe(35);
});

it.each([
  [1, 3, [1, 2, 3]],
  [9, 4, [9, 10, 11, 12]],
  [19, 13, [19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31]],
  [34, 100, [34, 35]],
  [36, 5, []],
  [0, 1, [1]],
])('reads from %d, at most %d records, across segments', (from, limit, expected) => {
  fixture.fill();
  expect(seqs(from, limit)).toEqual(expected);
});

it('gets one record whole, and none where there is none', () => {
  fixture.fill();
  expect(reader.get(12)).toEqual({ seq: 12, ...records(1, 11)[0] });
  expect([0, 36, -1].map((seq) => reader.get(seq))).toEqual([undefined, undefined, undefined]);
  expect([1, 10, 11, 31, 99].map((seq) => reader.segmentOf(seq)?.slice(-1))).toEqual(['0', '0', '1', '3', '3']);
});

it('keeps within one segment when asked', () => {
  fixture.fill();
  expect(reader.readSegment('2026-11-24T02-001', 1, 100)).toHaveLength(10);
  expect(reader.readSegment('2026-11-24T02-001', 18, 2).map(({ seq }) => seq)).toEqual([18, 19]);
});

it('follows a journal that is being written, through a rotation', () => {
  const journal = fixture.open();
  expect(() => reader.read(1, 1)).not.toThrow();
  journal.append(records(2));
  expect(seqs(1, 10)).toEqual([1, 2]);
  journal.append(records(1, 2));
  expect(seqs(3, 10)).toEqual([3]);
  journal.rotate();
  expect(seqs(4, 10)).toEqual([]);
  journal.append(records(2, 3));
  expect(seqs(3, 10)).toEqual([3, 4, 5]);
  expect(reader.segments().map(({ isSealed }) => isSealed)).toEqual([true, false]);
  journal.rotate();
  journal.close();
  expect(seqs(1, 10)).toEqual([1, 2, 3, 4, 5]);
});

it('does not keep the journal from making a plain file of a sealed segment', () => {
  const journal = fixture.open();
  const mode = () => statSync(join(fixture.directory, '2026-11-24T02-000.db')).mode & 0o777;
  journal.append(records(2));
  expect(seqs(1, 10)).toEqual([1, 2]);
  journal.rotate();
  // The reader's connection is from before the seal; with its next look it lets go.
  expect(mode()).toBe(0o640);
  expect(seqs(1, 10)).toEqual([1, 2]);
  journal.append(records(1, 2));
  expect(mode()).toBe(0o640);
  fixture.now += 1000;
  journal.append(records(1, 3));
  expect(mode()).toBe(0o440);
  expect(seqs(1, 10)).toEqual([1, 2, 3, 4]);
  journal.close();
});

it('reads more segments than it keeps open', () => {
  const journal = fixture.open();
  for (let segment = 0; segment < 25; segment += 1) {
    journal.append(records(2, segment * 2));
    journal.rotate();
  }
  journal.close();
  expect(seqs(1, 100)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  expect(reader.get(3)?.seq).toBe(3);
});

it('passes over a segment that was retired since it looked', () => {
  fixture.fill();
  expect(seqs(31, 1)).toEqual([31]);
  const journal = fixture.open();
  journal.retire('2026-11-24T02-000', 'age');
  journal.close();
  expect(seqs(1, 2)).toEqual([11, 12]);
});
