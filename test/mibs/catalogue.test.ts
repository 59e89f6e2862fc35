import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadUserCatalogue } from '../../mibs/user-catalogue';
import { BUILT_IN_MODULES } from '../../normalizer/snmp/built-in.data';
import { Catalogue, INDEX_KINDS, readModule, type MibModule } from '../../normalizer/snmp/catalogue';

const FOLDER = join(__dirname, '../../mibs/catalogue');
const FILES = readdirSync(FOLDER);
const MODULES: readonly MibModule[] = BUILT_IN_MODULES;

const SYNTAXES = [
  'integer',
  'octets',
  'objectId',
  'ipAddress',
  'inetAddress',
  'inetAddressType',
  'counter32',
  'counter64',
  'gauge32',
  'timeTicks',
  'physAddress',
  'dateAndTime',
];

describe('the built-in catalogue', () => {
  it('is every file of mibs/catalogue', () => {
    const names = FILES.map((file) => readModule(readFileSync(join(FOLDER, file), 'utf8'), file).module);
    expect(MODULES.map(({ module }) => module).sort()).toEqual(names.sort());
  });

  it('names each OID and each object once', () => {
    const oids: string[] = [];
    const names: string[] = [];
    for (const { scalars, tables, notifications } of MODULES) {
      for (const [name, { oid }] of [...Object.entries(scalars), ...Object.entries(notifications)]) {
        oids.push(oid);
        names.push(name);
      }
      for (const [table, { oid, columns }] of Object.entries(tables)) {
        names.push(table, ...Object.keys(columns));
        oids.push(oid, ...Object.values(columns).map(({ id }) => `${oid}.${id}`));
      }
    }
    expect(new Set(oids).size).toBe(oids.length);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(MODULES.map((module) => [module.module, module] as const))('%s is well formed', (_name, module) => {
    expect(() => readModule(JSON.stringify(module), 'x')).not.toThrow();
    expect(module.source).not.toBe('');
    for (const { syntax } of Object.values(module.scalars)) expect(SYNTAXES).toContain(syntax);
    for (const { columns, index } of Object.values(module.tables)) {
      expect(index.length).toBeGreaterThan(0);
      for (const { syntax } of Object.values(columns)) expect(SYNTAXES).toContain(syntax);
    }
  });

  it('knows the objects that its notifications name', () => {
    const catalogue = new Catalogue();
    for (const { notifications } of MODULES) {
      for (const { objects } of Object.values(notifications)) {
        for (const name of objects) expect([name, catalogue.oid(name)]).toEqual([name, expect.any(String)]);
      }
    }
  });

  it.each([
    ['ifDescr', '1.3.6.1.2.1.2.2.1.2', '.10101'],
    ['ipNetToPhysicalPhysAddress', '1.3.6.1.2.1.4.35.1.4', '.5.1.4.10.0.0.33'],
    ['lldpRemSysName', '1.0.8802.1.1.2.1.4.1.1.9', '.0.5.2'],
    ['vmwVmMAC', '1.3.6.1.4.1.6876.2.4.1.7', '.12.4000'],
    ['sysUpTime', '1.3.6.1.2.1.1.3', '.0'],
  ])('finds %s by an instance', (name, oid, index) => {
    const catalogue = new Catalogue();
    expect(catalogue.oid(name)).toBe(oid);
    expect(catalogue.instance(`${oid}${index}`)).toMatchObject({ object: { name, oid }, at: oid.length + 1 });
  });

  it.each(['1.3.6.1.2.1.2.2.1.22222.1', '1.3.6.1.2.1.2.2.12.1', '2.3', ''])('finds nothing at %s', (oid) => {
    expect(new Catalogue().instance(oid)).toBeUndefined();
  });
});

describe('readModule', () => {
  const good: MibModule = { module: 'M', source: 's', scalars: {}, tables: {}, notifications: {} };
  const table = { oid: '1.3.6.1', index: ['integer'], columns: { c: { id: 1, syntax: 'integer' } } };

  it('takes a module with all parts', () => {
    const module = { ...good, tables: { t: table }, scalars: { s: { oid: '1.3', syntax: 'octets' } } };
    expect(readModule(JSON.stringify(module), 'm.json')).toEqual(module);
    expect(INDEX_KINDS).toContain('inetAddress');
  });

  it.each<[name: string, text: string, message: string]>([
    ['no JSON', '{', 'm.json: not JSON'],
    ['an array', '[]', 'm.json: an object is expected'],
    ['no name', JSON.stringify({ ...good, module: 1 }), 'm.json: module and source are texts'],
    ['no tables', JSON.stringify({ ...good, tables: [] }), 'm.json: scalars, tables and notifications are objects'],
    [
      'a scalar without OID',
      JSON.stringify({ ...good, scalars: { x: { syntax: 'octets' } } }),
      'm.json: x: oid, syntax',
    ],
    [
      'an OID with a name',
      JSON.stringify({ ...good, tables: { t: { ...table, oid: 'iso.3' } } }),
      'm.json: t: oid, index, columns',
    ],
    [
      'an unknown index kind',
      JSON.stringify({ ...good, tables: { t: { ...table, index: ['mac'] } } }),
      'm.json: t: index kind mac is not known',
    ],
    [
      'a column without id',
      JSON.stringify({ ...good, tables: { t: { ...table, columns: { c: { syntax: 'octets' } } } } }),
      'm.json: t: c: id, syntax',
    ],
    [
      'objects that are no texts',
      JSON.stringify({ ...good, notifications: { n: { oid: '1.3', objects: [1] } } }),
      'm.json: n: oid, objects',
    ],
  ])('refuses %s', (_name, text, message) => {
    expect(() => readModule(text, 'm.json')).toThrow(message);
  });
});

describe('the user folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ascribe-mibs-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('adds names, and tells of files that are no modules', () => {
    const module = {
      module: 'EXAMPLE-MIB',
      source: 'ours',
      scalars: { exampleState: { oid: '1.3.6.1.4.1.99999.1', syntax: 'integer' } },
      tables: {},
      notifications: { exampleChanged: { oid: '1.3.6.1.4.1.99999.0.1', objects: ['exampleState'] } },
    };
    writeFileSync(join(folder, 'b.json'), JSON.stringify(module));
    writeFileSync(join(folder, 'a.json'), '{');
    writeFileSync(join(folder, 'readme.txt'), 'not read');
    const { modules, problems } = loadUserCatalogue(folder);
    expect(problems).toEqual(['a.json: not JSON']);
    const catalogue = new Catalogue([...BUILT_IN_MODULES, ...modules]);
    expect(catalogue.notification('1.3.6.1.4.1.99999.0.1')).toBe('exampleChanged');
    expect(catalogue.oid('ifDescr')).toBe('1.3.6.1.2.1.2.2.1.2');
  });

  it('may be absent', () => {
    expect(loadUserCatalogue(join(folder, 'none'))).toEqual({ modules: [], problems: [] });
  });
});
