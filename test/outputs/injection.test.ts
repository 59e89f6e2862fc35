import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { FORMATS, KINDS } from '../../forwarders/registry';
import { openAnalysisForReading } from '../../store/analysis/analysis-db';
import { logstashCef } from '../forwarders/formats/text-receivers';
import { FIELDS, HostileSite } from './hostile-site';
import { CORPUS, TEXTS, UNSAFE } from './hostile-texts';

let site: HostileSite;
beforeAll(() => {
  let n = 0;
  site = new HostileSite(
    FIELDS.flatMap(({ records }) => TEXTS.flatMap(([, text]) => records(text, (n = (n % 98) + 1)))),
  );
});
afterAll(() => site.remove());

const ALL = ['--limit', '100000'];
const COMMANDS: readonly (readonly string[])[] = [
  ['sessions', ...ALL],
  ['events', ...ALL],
  ['bindings', ...ALL],
  ['inventory', ...ALL],
  ['findings', ...ALL],
  ['coverage', '--at', '2026-11-24T01:10:00Z'],
  ['baseline', 'propose', '--since', '2026-11-23'],
  ['who', '10.0.0.5', '--at', '2026-11-24T01:00:30Z'],
  ['owner', 'x'],
  ['status'],
  ['db', 'verify'],
];

test('every field reaches the facts with its text', () => {
  const db = openAnalysisForReading(site.layout.database);
  expect(db.prepare('SELECT count(*) FROM session').pluck().get()).toBeGreaterThan(0);
  expect(db.prepare('SELECT count(*) FROM binding').pluck().get()).toBeGreaterThan(10);
  db.close();
});

test.each(COMMANDS)('`%s %s` shows nothing that a terminal obeys, and no line that a device wrote', async (...argv) => {
  const { stdout, stderr } = await site.run(argv);
  for (const text of [stdout, stderr]) {
    const line = text.split('\n').find((one) => UNSAFE.test(one));
    expect(line).toBeUndefined();
    expect(text).not.toMatch(/^<165>1|^<13>forged|^forged/mu);
  }
});

test.each(COMMANDS)('`%s %s --json` is one object a line, and the texts come back as they were', async (...argv) => {
  const { stdout } = await site.run([...argv, '--json']);
  for (const line of stdout.split('\n').slice(0, -1)) {
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u);
    expect(typeof JSON.parse(line)).toBe('object');
  }
});

test('events as JSON hold the very texts', async () => {
  const { stdout } = await site.run(['events', ...ALL, '--json']);
  const users = new Set(
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as Record<string, unknown>)['user.name']),
  );
  expect(users).toContain(CORPUS['SQL: statement']);
  expect(users).toContain(CORPUS['Unicode: direction']);
});

test('every kind of record in every format is one line whose frame the text cannot leave', () => {
  let seen = 0;
  for (const kind of KINDS) {
    const source = kind.open(site.places);
    for (let page = source.read(undefined, 2000); page !== undefined; page = source.read(page.position, 2000)) {
      for (const record of page.records) {
        for (const format of FORMATS) {
          const text = format.encode(record);
          seen += 1;
          expect(text).not.toMatch(/[\n\r]/u);
          if (format.medium === 'json') {
            expect(text).not.toMatch(/[\u0000-\u001f]/u);
            expect(typeof JSON.parse(text)).toBe('object');
          } else {
            expect(text.replaceAll('\t', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u);
            const src =
              format.name === 'cef' ? logstashCef(text).extension.get('src') : /\tsrc=([^\t]*)/u.exec(text)?.[1];
            expect(src).not.toBe('6.6.6.6');
          }
        }
      }
    }
    source.close();
  }
  expect(seen).toBeGreaterThan(1000);
});

test.each(['html', 'md'])('the coverage report as %s holds no element, cell or link of a device', async (kind) => {
  const file = site.path(`report.${kind}`);
  await site.run(['coverage', '--at', '2026-11-24T01:10:00Z', '--report', file]);
  const text = readFileSync(file, 'utf8');
  expect(text).not.toMatch(/(?<!\\)<(?:script|img)/u);
  expect(text.split('\n').find((line) => UNSAFE.test(line))).toBeUndefined();
  if (kind === 'md') expect(text).not.toMatch(/(?<!\\)\]\(javascript:|!\[z/u);
});

test('the databases are whole, with every table', () => {
  const db = new Database(site.layout.database, { readonly: true });
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(db.prepare(`SELECT count(*) FROM sqlite_schema WHERE name = 'session_row'`).pluck().get()).toBe(1);
  db.close();
});

test('a pack of it is whole and leads to what it states', async () => {
  const range = ['--from', '2026-11-24T00:00:00Z', '--to', '2026-11-24T03:00:00Z', '--out', 'all.tar'];
  expect((await site.run(['evidence', 'pack', ...range])).code).toBe(0);
  const { code, stdout, stderr } = await site.run(['evidence', 'verify', 'all.tar']);
  expect(`${stdout}${stderr}`.split('\n').find((line) => UNSAFE.test(line))).toBeUndefined();
  expect(code).toBe(0);
});
