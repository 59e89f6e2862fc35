import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../../cli/config/load';
import { loadRoles } from '../../../cli/pipeline/asset-roles';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'ascribe-roles-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const load = (yaml: string) => loadRoles(parseConfig(yaml, 'ascribe.yaml'), directory);

test('roles of the configuration and of a CSV, quoted, with columns of other names', () => {
  writeFileSync(join(directory, 'netbox.csv'), '\uFEFFID,Name,"Device role",Tenant\r\n1,"web,1",web,Shop\r\n2,,x,\r\n');
  const { roles, warnings } = load(`
assets:
  roles: [{ name: proxy-1, role: proxy, owner: net team }]
  files: [{ file: netbox.csv, role_column: device role, owner_column: tenant }]
`);
  expect(warnings).toEqual([]);
  expect(roles.entriesOf({ name: 'WEB,1', host: '' })).toEqual([
    { name: 'web,1', role: 'web', owner: 'Shop', source: 'netbox.csv' },
  ]);
  expect(roles.entriesOf({ name: 'proxy-1', host: '' })).toMatchObject([{ role: 'proxy', owner: 'net team' }]);
});

test.each([
  ['that is not there', undefined, /assets\.csv is left out: ENOENT/u],
  ['without the column', 'name,kind\na,b\n', /assets\.csv is left out: +has no column role/u],
])('a file %s is named, and the others stand', (_, text, warning) => {
  if (text !== undefined) writeFileSync(join(directory, 'assets.csv'), text);
  const { roles, warnings } = load('assets: { roles: [{ name: a, role: b }], files: [{ file: assets.csv }] }');
  expect(warnings).toEqual([expect.stringMatching(warning)]);
  expect([...roles.rolesOf({ name: 'a', host: '' })]).toEqual(['b']);
});

test('what was approved for a role adds to its profile of the configuration', () => {
  const approved = { version: 1, note: '', approvedBy: 'ann', approvedAt: 1, retiredBy: null, retiredAt: null };
  const config = parseConfig(
    'assets: { roles: [{ name: bk*, role: backup }], profiles: [{ role: backup, PortProfiles: [9000] }] }',
    'ascribe.yaml',
  );
  const { roles } = loadRoles(config, directory, [
    { ...approved, role: 'backup', element: 'PortProfiles', value: '9100' },
    { ...approved, role: 'backup', element: 'BenignDestinations', value: '192.0.2.0/24' },
    { ...approved, role: '', element: 'PortProfiles', value: '9200' },
  ]);
  const machine = { name: 'bk1', host: '' };
  expect([9000, 9100, 9200].map((port) => roles.allowsPort(machine, port))).toEqual([true, true, false]);
  expect(roles.allowsDestination(machine, 'C0000207')).toBe(true);
  expect(roles.allowsDestination({ name: 'web1', host: '' }, 'C0000207')).toBe(false);
});
