import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  encodeOperatorRecord,
  MOST_OPERATOR_BYTES,
  type OperatorRecord,
} from '../../../collectors/operator/operator-record';
import { MOST_WAITING, spoolOperatorRecord, waitingOperatorRecords } from '../../../collectors/operator/operator-spool';

const RECORD: OperatorRecord = {
  v: 1,
  kind: 'operator',
  id: '6f0d1b8e-0c1a-4d43-9a53-0a6a4b1f2f11',
  phase: 'begin',
  action: 'evidence pack',
  command: 'ascribe evidence pack --session a',
  user: 'eva',
  uid: 1000,
  host: 'jump-1',
  pid: 4711,
  at: Date.UTC(2026, 10, 24, 1),
  version: '0.1.0',
};

let folder: string;
let spool: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ascribe-operator-'));
  spool = join(folder, 'operator');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('records wait, oldest first, until they are taken', () => {
  expect(waitingOperatorRecords(spool).records).toEqual([]);
  spoolOperatorRecord(spool, { ...RECORD, phase: 'end', at: RECORD.at + 5, exit: 0 });
  spoolOperatorRecord(spool, RECORD);
  const { records, taken } = waitingOperatorRecords(spool);
  expect(records.map(({ receivedAt }) => receivedAt - RECORD.at)).toEqual([0, 5]);
  expect(records[0]?.bytes).toEqual(encodeOperatorRecord(RECORD));
  expect(records[0]?.origin).toMatchObject({ collector: 'operator', format: 'operator' });
  expect(waitingOperatorRecords(spool).records).toHaveLength(2);
  taken();
  expect(readdirSync(spool)).toEqual([]);
  expect(statSync(spool).mode & 0o007).toBe(0);
});

test('links, huge files and other names are no records; what is named like one goes away', () => {
  mkdirSync(spool);
  const name = (digit: string): string =>
    join(spool, `1764000000000-0-${digit.repeat(8)}-0000-0000-0000-000000000000.json`);
  writeFileSync(join(folder, 'secret'), 'secret');
  symlinkSync(join(folder, 'secret'), name('a'));
  writeFileSync(name('b'), Buffer.alloc(MOST_OPERATOR_BYTES + 1));
  mkdirSync(join(spool, 'other'));
  writeFileSync(join(spool, '.half.json.tmp'), '{');
  const { records, taken } = waitingOperatorRecords(spool);
  expect(records).toEqual([]);
  taken();
  expect([existsSync(name('b')), existsSync(join(folder, 'secret')), existsSync(join(spool, 'other'))]).toEqual([
    false,
    true,
    true,
  ]);
});

test('what cannot be written, or is too much, is refused', () => {
  writeFileSync(spool, 'a file');
  expect(() => spoolOperatorRecord(spool, RECORD)).toThrow(expect.objectContaining({ code: 'operator_spool' }));
  rmSync(spool);
  const long = { ...RECORD, command: 'x'.repeat(MOST_OPERATOR_BYTES) };
  expect(() => spoolOperatorRecord(spool, long)).toThrow('too long');
  for (let i = 0; i < MOST_WAITING; i += 1) writeFileSync(join(spool, `${i}`), '');
  expect(() => spoolOperatorRecord(spool, RECORD)).toThrow('nobody takes them');
});
