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
