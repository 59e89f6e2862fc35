import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AGAIN } from '../../../cli/commands/evidence-verify-answer';
import type { PackReport } from '../../../store/evidence/contract';
import { custodyFile } from '../../../store/evidence/custody';
import { verifyPack } from '../../../store/evidence/verify-pack';
import { openAnalysisForReading } from '../../../store/analysis/analysis-db';
import { CANARY, PackSite, T } from './pack-site';

const has = (program: string, ...probe: string[]): boolean => spawnSync(program, probe).error === undefined;
const stock = has('sha256sum', '--version') && has('ssh-keygen', '-?') && has('tar', '--version') ? test : test.skip;
const WHOLE = ['--from', '2026-11-24T00:00:00Z', '--to', '2026-11-24T03:00:00Z'];

let site: PackSite;
let sound: Buffer;
beforeAll(async () => {
  site = new PackSite();
  const made = await site.run('pack', ...WHOLE, '--out', 'whole.tar');
  expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('README') });
  sound = readFileSync(site.path('whole.tar'));
});
afterAll(() => site.remove());

const verified = async (bytes: Buffer): Promise<PackReport['faults']> => {
  writeFileSync(site.path('bent.tar'), bytes);
  return (await verifyPack(site.path('bent.tar'), AGAIN)).faults;
};

/** Name and place of each file in an archive. */
function members(archive: Buffer): { name: string; from: number; to: number }[] {
  const found = [];
  for (let at = 0; archive[at] !== 0;) {
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 135), 8);
    const [path = ''] = archive.toString('latin1', at, at + 100).split('\0');
    found.push({ name: path.slice(path.indexOf('/') + 1), from: at + 512, to: at + 512 + size });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
}

test('a pack of a stretch of time holds every record, is whole, and is made again the same', async () => {
  const report = await verifyPack(site.path('whole.tar'), AGAIN);
  expect(report.faults).toEqual([]);
  expect(report.records).toBeGreaterThan(20);
  expect(report.proved).toBeGreaterThan(10);
  expect(report.proved).toBeLessThan(report.records);
  expect(report.facts).toBeGreaterThan(report.records);
  expect(report.notes.join()).toContain('not sealed');
  await site.run('pack', ...WHOLE, '--out', 'again.tar');
  expect(readFileSync(site.path('again.tar')).equals(sound)).toBe(true);
  expect(readdirSync(site.folder).filter((name) => name.includes('partial'))).toEqual([]);
});

stock('sha256sum and ssh-keygen agree, and refuse what was changed', () => {
  const directory = site.unpack('whole.tar');
  for (const manifest of ['manifest-sha256.txt', 'tagmanifest-sha256.txt']) {
    expect(spawnSync('sha256sum', ['-c', '--strict', manifest], { cwd: directory }).status).toBe(0);
    const command = ['-Y', 'verify', '-f', 'allowed_signers', '-I', 'ascribe', '-n', 'ascribe-evidence'];
    const check = (input: Buffer) =>
      spawnSync('ssh-keygen', [...command, '-s', `${manifest}.sig`], { cwd: directory, input });
    const text = readFileSync(join(directory, manifest));
    expect(check(text)).toMatchObject({ status: 0 });
    expect(check(Buffer.concat([text, Buffer.from('\n')])).status).not.toBe(0);
  }
});

test('one flipped bit anywhere is found, and the file it is in is named', async () => {
  const files = members(sound);
  for (let at = 0; at < sound.length; at += Math.ceil(sound.length / 151)) {
    const bent = Buffer.from(sound);
    bent[at] = (bent[at] ?? 0) ^ (1 << (at % 8));
    const faults = await verified(bent);
    expect([at, faults.length]).not.toEqual([at, 0]);
    const inside = files.find(({ from, to }) => at >= from && at < to);
    if (inside !== undefined)
      expect(faults.some(({ file, text }) => `${file} ${text}`.includes(inside.name))).toBe(true);
  }
});

test.each([
  ['cut', (path: string) => truncateSync(path, sound.length - 512)],
  ['added to', (path: string) => appendFileSync(path, Buffer.alloc(512))],
  ['emptied', (path: string) => truncateSync(path, 0)],
])('a pack that was %s is refused', async (_what, spoil) => {
  writeFileSync(site.path('spoilt.tar'), sound);
  spoil(site.path('spoilt.tar'));
  expect((await verifyPack(site.path('spoilt.tar'), AGAIN)).faults).not.toEqual([]);
});

test('secrets are in the raw records alone', () => {
  for (const { name, from, to } of members(sound)) {
    const holds = sound.subarray(from, to).includes(CANARY);
    expect([name, holds]).toEqual([name, false]);
  }
  const raw = members(sound).find(({ name }) => name === 'data/raw/records.ndjson');
  const [first = ''] = sound.toString('utf8', raw?.from, raw?.to).split('\n');
  const { bytes } = JSON.parse(first) as { bytes: string };
  expect(Buffer.from(bytes, 'base64').toString()).toContain(CANARY);
});

test('a pack of one session holds its records with proofs, and the templates to read them', async () => {
  const db = openAnalysisForReading(join(site.data, 'ascribe.db'));
  const id = db.prepare('SELECT id FROM session ORDER BY start LIMIT 1').pluck().get() as string;
  db.close();
  expect(await site.run('pack', '--session', id, '--out', 'one.tar')).toMatchObject({ code: 0 });
  const report = await verifyPack(site.path('one.tar'), AGAIN);
  expect(report.faults).toEqual([]);
  expect(report.records).toBeLessThan(10);
  expect(report.facts).toBeGreaterThan(0);
  const { stdout, code } = await site.run('verify', 'one.tar', '--key', 'SHA256:other');
  expect(code).toBe(1);
  expect(stdout).toContain('not of SHA256:other');
});

test('what is not there gives 4, a wrong selection 2, an existing file 2', async () => {
  expect((await site.run('pack', '--session', 'none')).code).toBe(4);
  expect((await site.run('pack', '--from', '-2h')).code).toBe(2);
  expect((await site.run('pack', '--session', 'a', '--owner', 'b')).code).toBe(2);
  expect((await site.run('pack', ...WHOLE, '--out', 'whole.tar')).code).toBe(2);
});

test('the custody log follows a pack and tells when a line was changed', async () => {
  await site.run('pack', ...WHOLE, '--out', 'kept.tar');
  await site.run('verify', 'kept.tar');
  await site.run('custody', 'kept.tar', '--note', 'handed to the lawyer', '--by', 'eva');
  const shown = await site.run('custody', 'kept.tar', '--json');
  const entries = shown.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(entries.map((entry) => entry['event.action'])).toEqual(['created', 'verified', 'noted']);
  expect(entries[2]).toMatchObject({ 'user.name': 'eva', '@timestamp': new Date(T).toISOString() });
  const log = custodyFile(site.path('kept.tar'));
  writeFileSync(log, readFileSync(log, 'utf8').replace('verified', 'created'));
  expect((await site.run('custody', 'kept.tar')).code).toBe(1);
  expect((await site.run('custody', 'kept.tar', '--note', 'more')).code).toBe(1);
  expect(statSync(log).size).toBeGreaterThan(0);
});
