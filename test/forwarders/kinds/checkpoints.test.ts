import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { dataLayout } from '../../../cli/data-layout';
import { filterOf } from '../../../forwarders/delivery/filter';
import { destinationConfig, destinationSettings } from '../../../forwarders/forward-config';
import { checkpointKind } from '../../../forwarders/kinds/checkpoints';
import { FORMATS } from '../../../forwarders/registry';
import type { RecordSource } from '../../../forwarders/contract';
import { Journal } from '../../../store/journal/journal';
import { SigningKeys } from '../../../store/journal/signing-keys';
import { run, type Run } from '../../cli/support/run';

const T = Date.UTC(2026, 10, 24, 1);
const ORIGIN = { collector: 'syslog', source: 'udp://0.0.0.0:5514', peer: '192.0.2.7:514', format: 'syslog' } as const;

let folder: string;
let journal: Journal;
let source: RecordSource;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ascribe-witness-'));
  const layout = dataLayout(folder);
  journal = Journal.open(layout.journal, { keys: SigningKeys.open(layout.keys), reserveBytes: 0, now: () => T });
  source = checkpointKind.open({
    journal: layout.journal,
    facts: layout.facts,
    database: layout.database,
    instance: 'i',
  });
});
afterEach(() => {
  source.close();
  journal.close();
  rmSync(folder, { recursive: true });
});

function receive(text: string): void {
  journal.append([{ origin: ORIGIN, receivedAt: T, bytes: Buffer.from(text) }]);
}

const verify = (...kept: string[]): Promise<Run> =>
  run(['db', 'verify', '--data', folder, '--checkpoint', ...kept], { cwd: folder });

test('each checkpoint is a record once, in the order in which they came', () => {
  expect(source.read(undefined, 10)).toBeUndefined();
  expect(source.end()).toBeUndefined();
  receive('a');
  journal.checkpoint();
  receive('b');
  journal.rotate();
  const page = source.read(undefined, 10);
  expect(page).toMatchObject({ position: '2' });
  expect(page?.records.map(({ fields }) => fields['ascribe.checkpoint.last_seq'])).toEqual([1, 2]);
  const [first] = page?.records ?? [];
  expect(source.get(first?.ref ?? '')).toEqual(first);
  expect(source.read('1', 10)?.records).toHaveLength(1);
  expect(source.read('2', 10)).toBeUndefined();
  expect([source.behind('1', 10), source.end(), source.isAhead('3'), source.isAhead('2')]).toEqual([
    1,
    '2',
    true,
    false,
  ]);
});

test.each(FORMATS.map((format) => [format.name, format] as const))(
  'what a receiver kept as %s proves the journal, and finds one that was written anew',
  async (name, format) => {
    receive('one');
    receive('two');
    journal.checkpoint();
    receive('three');
    const [record] = source.read(undefined, 10)?.records ?? [];
    writeFileSync(join(folder, 'kept'), `something else\n${format.encode(record!)}\n`);
    const sound = await verify('kept');
    expect([sound.code, sound.stdout]).toEqual([0, expect.stringContaining('the first 2 records are those of then')]);
    expect((await verify(record!.ref)).code).toBe(0);
    journal.close();
    // Somebody who has the key writes the journal anew, with one record less.
    rmSync(join(folder, 'journal'), { recursive: true });
    const layout = dataLayout(folder);
    journal = Journal.open(layout.journal, { keys: SigningKeys.open(layout.keys), reserveBytes: 0, now: () => T });
    receive('two');
    receive('three');
    journal.checkpoint();
    const bent = await verify('kept');
    expect([name, bent.code, bent.stdout]).toEqual([name, 1, expect.stringContaining('checkpoint_differs')]);
  },
);

test('a record that was changed with its hash under a seal signed anew is found by an older checkpoint', async () => {
  receive('one');
  journal.checkpoint();
  const [record] = source.read(undefined, 10)?.records ?? [];
  const name = journal.segment ?? '';
  journal.close();
  const db = new Database(join(folder, 'journal', `${name}.db`));
  db.exec('UPDATE record SET hash = zeroblob(32)');
  db.close();
  expect((await verify(record!.ref)).stdout).toContain('are not those of then');
});

test.each([[['not-there']], [['empty']]])('%p is wrong usage', async (kept) => {
  writeFileSync(join(folder, 'empty'), '');
  receive('one');
  expect((await verify(...kept)).code).toBe(2);
});

test('every destination gets them unless it says otherwise, past its filters', () => {
  receive('one');
  journal.checkpoint();
  const [record] = source.read(undefined, 10)?.records ?? [];
  const written = { name: 'siem', send: ['sessions'], file: { directory: '/tmp' } };
  const settings = (more: object): readonly string[] =>
    destinationSettings(destinationConfig.parse({ ...written, ...more })).send;
  expect(settings({})).toEqual(['sessions', 'checkpoints']);
  expect(settings({ send: ['checkpoints'] })).toEqual(['checkpoints']);
  expect(settings({ checkpoints: false })).toEqual(['sessions']);
  expect(filterOf({ min_severity: 'high', device: ['edge-*'] })(record!)).toBe(true);
});
