import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { RawOrigin, RawRecord } from '../../../collectors/contract';
import { dataLayout } from '../../../cli/data-layout';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import { DataLock } from '../../../store/journal/data-lock';
import { Journal } from '../../../store/journal/journal';
import { SigningKeys } from '../../../store/journal/signing-keys';
import { run } from '../support/run';

const root = mkdtempSync(join(tmpdir(), 'ascribe-db-'));
afterAll(() => rmSync(root, { recursive: true }));

const NOW = 1_790_000_000_000;
const origin: RawOrigin = {
  collector: 'netflow',
  source: 'udp://127.0.0.1:2055',
  peer: '192.0.2.1:2055',
  format: 'flow',
};
const record = (text: string): RawRecord => ({ origin, receivedAt: NOW, bytes: Buffer.from(text) });

/** A data directory with three records. */
function dataWithRecords(): string {
  const data = mkdtempSync(join(root, 'd'));
  const paths = dataLayout(data);
  const journal = Journal.open(paths.journal, {
    keys: SigningKeys.open(paths.keys),
    reserveBytes: 0,
    now: () => NOW,
  });
  journal.append([record('one'), record('two'), record('three')]);
  journal.close();
  return data;
}

function alter(data: string, sql: string): void {
  const { journal } = dataLayout(data);
  const db = new Database(join(journal, `${new Date(NOW).toISOString().slice(0, 13)}-000.db`));
  db.exec(sql);
  db.close();
}

describe('db verify', () => {
  it('finds a journal whole and says with which key', async () => {
    const { code, stdout, stderr } = await run(['db', 'verify', '--data', dataWithRecords()]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^whole: 3 records \(11 B\) in 1 segment; key SHA256:\S+\n$/u);
  });

  it('names a flipped byte and exits 1', async () => {
    const data = dataWithRecords();
    alter(data, "UPDATE record SET bytes = CAST('tWo' AS BLOB) WHERE seq = 2");
    const { code, stdout } = await run(['db', 'verify', '--data', data]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAULT {2}record_changed {2}\S+: record 2 is not what was stored/u);
    expect(stdout).toMatch(/^1 fault: 3 records/mu);
  });

  it('names a deleted record as an object with --json', async () => {
    const data = dataWithRecords();
    alter(data, 'DELETE FROM record WHERE seq = 2');
    const { code, stdout } = await run(['db', 'verify', '--json', '--data', data]);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(code).toBe(1);
    expect(lines[0]).toMatchObject({ 'ascribe.verify': 'fault', 'error.code': 'record_missing', 'ascribe.raw_seq': 2 });
    expect(lines.at(-1)).toMatchObject({ 'ascribe.verify': 'summary', 'event.outcome': 'failure' });
  });

  it('takes a public key from elsewhere', async () => {
    const data = dataWithRecords();
    const { keys } = dataLayout(data);
    writeFileSync(join(data, 'copy.pem'), readFileSync(join(keys, 'signing.pub.pem')));
    rmSync(keys, { recursive: true });
    expect((await run(['db', 'verify', '--data', data, '--public-key', join(data, 'copy.pem')])).code).toBe(0);
    expect(await run(['db', 'verify', '--data', data])).toMatchObject({ code: 1, stdout: '' });
  });

  it.each([
    ['a key that is none', ['--public-key', '/etc/hostname'], 2],
    ['a key that is not there', ['--public-key', '/nonexistent'], 2],
  ])('refuses %s', async (_name, argv, code) => {
    expect(await run(['db', 'verify', '--data', dataWithRecords(), ...argv])).toMatchObject({ code, stdout: '' });
  });

  it.each([
    ['no data directory', () => join(root, 'none')],
    ['no journal in it', () => mkdtempSync(join(root, 'e'))],
  ])('exits 10 where there is %s', async (_name, data) => {
    expect(await run(['db', 'verify', '--data', data()])).toMatchObject({ code: 10, stdout: '' });
  });
});

describe('db path', () => {
  const data = mkdtempSync(join(root, 'p'));

  it.each([
    [[], 'ascribe.db'],
    [['facts'], 'flows'],
    [['journal'], 'journal'],
    [['data'], '.'],
  ])('%j is %s', async (argv, place) => {
    expect(await run(['db', 'path', ...argv, '--data', data])).toEqual({
      code: 0,
      stdout: `${join(data, place)}\n`,
      stderr: '',
    });
  });
});

describe('db schema', () => {
  it('prints SQL that SQLite takes, one kind of file after the other', async () => {
    const { stdout } = await run(['db', 'schema', '--json']);
    const files = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(files.map((file) => file['file.path'])).toEqual(['ascribe.db', 'flows/*.db', 'journal/*.db']);
    const views = files.map((file) => {
      const db = new Database(':memory:');
      db.exec(file['ascribe.sql'] ?? '');
      return db.prepare("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name").pluck().all();
    });
    expect(views[0]).toContain('session');
    expect(views[1]).toEqual(expect.arrayContaining(['flow', 'session_log', 'event', 'socket']));
    expect(views[2]).toEqual(['raw']);
  });
});

describe('db vacuum', () => {
  it('shrinks the analysis database, but not while the directory is in use', async () => {
    const data = mkdtempSync(join(root, 'v'));
    mkdirSync(data, { recursive: true });
    expect((await run(['db', 'vacuum', '--data', data])).code).toBe(4);
    const db = openAnalysisForWriting(dataLayout(data).database);
    db.exec('CREATE TABLE junk(x); INSERT INTO junk SELECT randomblob(500000); DROP TABLE junk');
    db.close();
    const lock = DataLock.acquire(data);
    expect(await run(['db', 'vacuum', '--data', data])).toMatchObject({ code: 11, stdout: '' });
    lock.release();
    const { code, stdout } = await run(['db', 'vacuum', '--json', '--data', data]);
    const sizes = JSON.parse(stdout) as Record<string, number>;
    expect(code).toBe(0);
    expect(sizes['file.size']).toBeLessThan((sizes['ascribe.file.size_before'] ?? 0) - 400_000);
  });
});
