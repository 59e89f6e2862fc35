import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import { approveBaseline, baselineEntries, baselineVersion, retireBaseline } from '../../../store/casework/baselines';
import { CaseworkTooNewError, openCasework, openCaseworkForReading } from '../../../store/casework/casework-db';
import { addDecision, decisionsOf } from '../../../store/casework/decisions';

let directory: string;
let path: string;
let db: Database;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-casework-'));
  path = join(directory, 'casework.db');
  db = openCasework(path);
});
afterEach(() => {
  db.close();
  rmSync(directory, { recursive: true });
});

test('decisions are added, in order, and stay', () => {
  const decision = { finding: 'abc', step: 2, text: 'accepted', decidedBy: 'ann', at: 1 };
  addDecision(db, decision);
  addDecision(db, { ...decision, text: 'no: collect more', at: 2 });
  addDecision(db, { ...decision, finding: 'other' });
  expect(decisionsOf(db, 'abc').map(({ text }) => text)).toEqual(['accepted', 'no: collect more']);
});

test('each approval is a version; what holds already is not approved twice', () => {
  expect(baselineVersion(db)).toBe(0);
  expect(
    approveBaseline(db, { role: '', element: 'PortProfiles', values: ['7475', '7476'] }, 'ann', 'product X', 1),
  ).toBe(2);
  expect(approveBaseline(db, { role: '', element: 'PortProfiles', values: ['7475', '7477'] }, 'bob', '', 2)).toBe(1);
  expect(baselineEntries(db)).toMatchObject([
    { version: 1, value: '7475', approvedBy: 'ann', note: 'product X' },
    { version: 1, value: '7476' },
    { version: 2, value: '7477', approvedBy: 'bob' },
  ]);
});

test('what holds for a role is apart from what holds for all', () => {
  const ports = { element: 'PortProfiles', values: ['7475'] };
  approveBaseline(db, { role: 'backup', ...ports }, 'ann', '', 1);
  expect(approveBaseline(db, { role: '', ...ports }, 'ann', '', 2)).toBe(1);
  expect(retireBaseline(db, { role: 'web', ...ports }, 'ann', 3)).toBe(0);
  expect(retireBaseline(db, { role: 'backup', ...ports }, 'ann', 3)).toBe(1);
  expect(baselineEntries(db)).toMatchObject([{ role: '', value: '7475' }]);
});

test('a file of the first version is read as it is, and brought up to date when somebody writes', () => {
  const old = new SQLite(join(directory, 'old.db'));
  old.exec(`CREATE TABLE baseline(num INTEGER PRIMARY KEY, version INTEGER NOT NULL, element TEXT NOT NULL, value TEXT NOT NULL,
    note TEXT NOT NULL, approved_by TEXT NOT NULL, approved_at INTEGER NOT NULL, retired_by TEXT, retired_at INTEGER,
    retired_in INTEGER) STRICT;
    CREATE UNIQUE INDEX baseline_in_force ON baseline(element, value) WHERE retired_at IS NULL;
    INSERT INTO baseline VALUES (1, 1, 'PortProfiles', '7475', '', 'ann', 1, NULL, NULL, NULL);
    PRAGMA user_version = 1`);
  expect(baselineEntries(old)).toMatchObject([{ role: '', value: '7475' }]);
  old.close();
  const now = openCasework(join(directory, 'old.db'));
  expect(approveBaseline(now, { role: 'web', element: 'PortProfiles', values: ['7475'] }, 'bob', '', 2)).toBe(1);
  expect(baselineEntries(now)).toHaveLength(2);
  now.close();
});

test('what is taken back stays readable, and can be approved again', () => {
  approveBaseline(db, { role: '', element: 'PortProfiles', values: ['7475'] }, 'ann', '', 1);
  expect(retireBaseline(db, { role: '', element: 'PortProfiles', values: ['7475', '1'] }, 'bob', 2)).toBe(1);
  expect(baselineEntries(db)).toEqual([]);
  expect(baselineEntries(db, true)).toMatchObject([{ retiredBy: 'bob', retiredAt: 2 }]);
  expect(baselineVersion(db)).toBe(2);
  approveBaseline(db, { role: '', element: 'PortProfiles', values: ['7475'] }, 'ann', '', 3);
  expect(baselineEntries(db)).toMatchObject([{ version: 3 }]);
});

test('a file of a later version is refused, an absent one is no error', () => {
  db.pragma('user_version = 99');
  expect(() => openCasework(path)).toThrow(CaseworkTooNewError);
  expect(openCaseworkForReading(join(directory, 'none.db'))).toBeUndefined();
});
