import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../../store/journal/journal';
import { JournalReader } from '../../store/journal/journal-reader';
import { SigningKeys } from '../../store/journal/signing-keys';
import { factsToRemove, segmentsToRetire } from '../../store/retention';

const HOUR = 3_600_000;
const BEGIN = Date.UTC(2026, 10, 24, 0, 30);
const origin = { collector: 'syslog', source: 'test', peer: '', format: 'syslog' } as const;

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'ascribe-retention-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Four journal segments, one an hour, of which the last is open. */
const fourHours = (): { journal: Journal; sizes: number } => {
  let now = BEGIN;
  const keys = SigningKeys.open(join(directory, 'keys'));
  const journal = Journal.open(join(directory, 'journal'), { keys, reserveBytes: 0, now: () => now });
  for (let hour = 0; hour < 4; hour++) {
    now = BEGIN + hour * HOUR;
    journal.append([{ origin, receivedAt: now, bytes: Buffer.alloc(10_000, hour) }]);
  }
  return { journal, sizes: 4 };
};

const retired = (limits: { maxAgeMs?: number; maxBytes?: number }, derivedTo: number): string[] =>
  segmentsToRetire(
    join(directory, 'journal'),
    { maxAgeMs: limits.maxAgeMs, maxBytes: limits.maxBytes },
    BEGIN + 3 * HOUR,
    derivedTo,
  ).map(({ name, reason }) => `${name} ${reason}`);

describe('journal segments', () => {
  test.each([
    ['without limits nothing goes', {}, 4, []],
    ['by age', { maxAgeMs: 1.4 * HOUR }, 4, ['2026-11-24T00-000 age']],
    ['by age, all but the open one', { maxAgeMs: 0 }, 4, ['2026-11-24T00-000 age', '2026-11-24T01-000 age']],
    ['by size', { maxBytes: 1 }, 4, ['2026-11-24T00-000 size', '2026-11-24T01-000 size', '2026-11-24T02-000 size']],
    ['never what no facts were derived from', { maxBytes: 1 }, 1, ['2026-11-24T00-000 size']],
  ])('%s', (_name, limits, derivedTo, expected) => {
    const { journal } = fourHours();
    expect(retired(limits, derivedTo)).toEqual(expected);
    journal.close();
  });

  test('what is named can be retired, and the rest reads on', () => {
    const { journal } = fourHours();
    for (const { name, reason } of segmentsToRetire(
      join(directory, 'journal'),
      { maxAgeMs: undefined, maxBytes: 1 },
      BEGIN + 3 * HOUR,
      2,
    )) {
      journal.retire(name, reason);
    }
    journal.close();
    const reader = new JournalReader(join(directory, 'journal'));
    expect(reader.read(1, 10).map(({ seq }) => seq)).toEqual([3, 4]);
    reader.close();
  });
});

describe('facts segments', () => {
  const make = (name: string, bytes: number, mode: number): void => {
    const path = join(directory, `${name}.db`);
    writeFileSync(path, Buffer.alloc(bytes));
    chmodSync(path, mode);
  };

  test.each([
    ['sealed ones beyond the size', 250, '2026-11-24T03-000', ['2026-11-24T00-000']],
    ['not the one that is read', 1, '2026-11-24T01-000', ['2026-11-24T00-000']],
    [
      'not one that is not sealed, nor those behind it',
      1,
      '2026-11-24T04-000',
      ['2026-11-24T00-000', '2026-11-24T01-000'],
    ],
  ])('%s', (_name, maxBytes, keepFrom, expected) => {
    make('2026-11-24T00-000', 100, 0o440);
    make('2026-11-24T01-000', 100, 0o440);
    make('2026-11-24T02-000', 100, 0o640);
    expect(factsToRemove(directory, { maxAgeMs: undefined, maxBytes }, BEGIN, keepFrom)).toEqual(expected);
  });
});
