import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { StoredRoles } from '../../../attribution/findings/inventory-roles';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';

const HOUR = 3_600_000;
let directory: string;
let db: Database;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-roles-'));
  db = openAnalysisForWriting(join(directory, 'ascribe.db'));
});
afterEach(() => {
  db.close();
  rmSync(directory, { recursive: true });
});

/** A role that a host told until a time. */
function told(vm: string, role: string, until: number): void {
  const text = {
    relation: 'vm-role',
    scope: '',
    key: vm,
    value: role,
    destination: '',
    device: 'esx1',
    parser: 'esxi',
  };
  const times = { valid_from_lo: 0, valid_from_hi: 0, valid_to_lo: until, valid_to_hi: until, first_observed: 0 };
  const rest = { series: 1, begin_source: 'seen', end_source: 'seen', last_observed: until, observations: 1 };
  const places = { first_seq: 1, first_segment: 1, last_seq: 1, last_segment: 1, last_fact: 1, recorded_at: 0 };
  const row = { ...text, ...times, ...rest, ...places, last_recorded_at: 0 };
  const names = Object.keys(row);
  db.prepare(`INSERT INTO binding_row(${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`).run(
    row,
  );
}

test('the roles of the latest reading, by name without case; what it did not tell any more is over', () => {
  told('Web1', 'web', 10 * HOUR);
  told('Web1', 'backup', 9 * HOUR);
  told('Web1', 'proxy', 5 * HOUR);
  const roles = new StoredRoles(db);
  expect(roles.of('web1').map(({ role, source }) => `${role}, ${source}`)).toEqual([
    'backup, inventory of esx1',
    'web, inventory of esx1',
  ]);
  expect(roles.of('web2')).toEqual([]);
});

test('they are read again when asked to', () => {
  const roles = new StoredRoles(db);
  expect(roles.of('db')).toEqual([]);
  told('db', 'db', HOUR);
  expect(roles.of('db')).toEqual([]);
  roles.renew();
  expect(roles.of('db')).toMatchObject([{ role: 'db' }]);
});
