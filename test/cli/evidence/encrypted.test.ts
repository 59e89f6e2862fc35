import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { CANARY, PackSite } from './pack-site';

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const stock = has('age') && has('age-keygen') ? test : test.skip;
const WHOLE = ['--from', '2026-11-24T00:00:00Z', '--to', '2026-11-24T03:00:00Z'];

let site: PackSite;
beforeAll(() => {
  site = new PackSite();
});
afterAll(() => site.remove());

/** A new key: its public half; the private one is in the file. */
function newKey(file: string): string {
  execFileSync('age-keygen', ['-o', site.path(file)], { stdio: 'ignore' });
  return execFileSync('age-keygen', ['-y', site.path(file)], { encoding: 'utf8' }).trim();
}

const opened = (file: string, key: string): Buffer =>
  execFileSync('age', ['--decrypt', '--identity', site.path(key), site.path(file)], {
    maxBuffer: 1 << 26,
    stdio: 'pipe',
  });

stock('age opens an encrypted pack with each key, to the bytes of the pack that was not encrypted', async () => {
  const [one, two] = [newKey('one.key'), newKey('two.key')];
  await site.run('pack', ...WHOLE, '--out', 'plain.tar');
  const made = await site.run('pack', ...WHOLE, '--out', 'p.tar.age', '--encrypt-to', one, two);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('before it was encrypted') });
  const plain = readFileSync(site.path('plain.tar'));
  for (const key of ['one.key', 'two.key']) expect(opened('p.tar.age', key).equals(plain)).toBe(true);
  const other = newKey('other.key');
  expect(() => opened('p.tar.age', 'other.key')).toThrow('age');
  expect(readFileSync(site.path('p.tar.age')).includes(Buffer.from(CANARY).toString('base64').slice(4, 12))).toBe(
    false,
  );
  const { code, stdout } = await site.run('custody', 'p.tar.age');
  expect([code, stdout]).toEqual([0, expect.stringMatching(/created[^]*encrypted[^]*to age1/u)]);
  expect(stdout).not.toContain(other);
  const refused = await site.run('verify', 'p.tar.age');
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('age --decrypt')]);
});

stock('public keys may stand in a file, and nothing in the clear is left', async () => {
  const folder = site.path('alone');
  mkdirSync(folder);
  writeFileSync(site.path('readers.txt'), `# who may read it\n${newKey('three.key')}\n`);
  const options = ['--recipients-file', 'readers.txt', '--out', 'alone/p.tar.age'];
  expect(await site.run('pack', ...WHOLE, ...options)).toMatchObject({ code: 0 });
  expect(readdirSync(folder).sort()).toEqual(['p.tar.age', 'p.tar.age.custody.ndjson']);
  expect(opened('alone/p.tar.age', 'three.key').length).toBeGreaterThan(1000);
});

stock('what age refuses leaves nothing', async () => {
  writeFileSync(site.path('bad.txt'), 'nobody\n');
  const { code, stderr } = await site.run('pack', ...WHOLE, '--recipients-file', 'bad.txt', '--out', 'none.tar.age');
  expect([code, stderr]).toEqual([1, expect.stringContaining('age ended with')]);
  expect(readdirSync(site.folder).filter((name) => name.startsWith('none'))).toEqual([]);
});

test('a private key is no recipient and is not repeated', async () => {
  const secret = 'AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ';
  const { code, stdout, stderr } = await site.run('pack', ...WHOLE, '--encrypt-to', secret);
  expect([code, `${stdout}${stderr}`.includes('QQQQ')]).toEqual([2, false]);
  expect((await site.run('pack', ...WHOLE, '--encrypt-to', '--output')).code).toBe(2);
  expect((await site.run('pack', ...WHOLE, '--recipients-file', 'not-there')).code).toBe(2);
  expect(existsSync(site.path('--output'))).toBe(false);
});
