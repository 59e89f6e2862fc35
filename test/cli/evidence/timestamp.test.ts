import { spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { sha256OfFile } from '../../../store/evidence/spool';
import { TimestampError } from '../../../store/evidence/timestamp/contract';
import { readAuthorities } from '../../../store/evidence/timestamp/prove';
import { provedStamp } from '../../../store/evidence/timestamp/stamp-file';
import { Authority } from './authority';
import { PackSite } from './pack-site';

const stock = spawnSync('openssl', ['version']).error === undefined ? test : test.skip;
const WHOLE = ['--from', '2026-11-24T00:00:00Z', '--to', '2026-11-24T03:00:00Z'];

let site: PackSite;
let authority: Authority;
let url: string;
let made = 0;
beforeAll(async () => {
  site = new PackSite();
  await site.run('pack', ...WHOLE, '--out', 'whole.tar');
  if (stock === test.skip) return;
  authority = new Authority();
  url = await authority.listen();
});
afterAll(async () => {
  site.remove();
  if (stock !== test.skip) await authority.close();
});
afterEach(() => {
  if (stock !== test.skip) authority.answer = undefined;
});

/** A copy of the pack without a stamp. */
function fresh(): string {
  made += 1;
  copyFileSync(site.path('whole.tar'), site.path(`p${made}.tar`));
  return `p${made}.tar`;
}

const ca = (name = 'ca'): string[] => ['--tsa-ca', authority.path(`${name}.pem`)];

stock('an authority is asked, openssl and verify accept the stamp, and the pack is as it was', async () => {
  const pack = fresh();
  const before = readFileSync(site.path(pack));
  const told = await site.run('timestamp', pack, '--tsa', url, ...ca());
  expect(told).toMatchObject({ code: 0, stdout: expect.stringContaining('Stamps for tests') });
  expect(readFileSync(site.path(pack)).equals(before)).toBe(true);
  const argv = [
    'ts',
    '-verify',
    '-data',
    site.path(pack),
    '-in',
    site.path(`${pack}.tsr`),
    '-CAfile',
    authority.path('ca.pem'),
  ];
  expect(authority.openssl(...argv)).toContain('OK');
  const { code, stdout } = await site.run('verify', pack, '--integrity', ...ca());
  expect([code, stdout]).toEqual([0, expect.stringContaining('which the given authorities vouch for')]);
  expect((await site.run('verify', pack, '--integrity')).stdout).toContain('was not asked');
  expect((await site.run('custody', pack)).stdout).toContain('stamped');
  expect((await site.run('timestamp', pack, '--tsa', url)).code).toBe(2);
});

stock.each([
  ['the response', [], 'sha256'],
  ['a token alone', ['-token_out'], 'sha256'],
])('a request is carried to an authority by hand, and %s back', async (_what, more) => {
  const pack = fresh();
  expect(await site.run('timestamp', pack, '--request-out', `${pack}.tsq`)).toMatchObject({ code: 0 });
  const asked = authority.openssl('ts', '-query', '-in', site.path(`${pack}.tsq`), '-text');
  expect(asked).toContain('Certificate required: yes');
  writeFileSync(site.path('answer'), authority.stamp(readFileSync(site.path(`${pack}.tsq`)), ...more));
  expect(await site.run('timestamp', pack, '--attach', 'answer', ...ca())).toMatchObject({ code: 0 });
  const argv = [
    'ts',
    '-verify',
    '-data',
    site.path(pack),
    '-in',
    site.path(`${pack}.tsr`),
    '-CAfile',
    authority.path('ca.pem'),
  ];
  expect(authority.openssl(...argv)).toContain('OK');
});

stock('RSA keys and the older way to name a certificate are taken', async () => {
  const other = new Authority(['rsa:2048']);
  try {
    const text = readFileSync(other.path('openssl.cnf'), 'utf8').replace(
      'ess_cert_id_alg = sha256',
      'ess_cert_id_alg = sha1',
    );
    writeFileSync(other.path('openssl.cnf'), text);
    const pack = fresh();
    await site.run('timestamp', pack, '--request-out', `${pack}.tsq`);
    writeFileSync(site.path('rsa.tsr'), other.stamp(readFileSync(site.path(`${pack}.tsq`))));
    const told = await site.run('timestamp', pack, '--attach', 'rsa.tsr', '--tsa-ca', other.path('ca.pem'));
    expect(told).toMatchObject({ code: 0 });
  } finally {
    await other.listen();
    await other.close();
  }
});

stock('a stamp of other bytes, of nobody trusted, or that was changed is a fault', async () => {
  const pack = fresh();
  await site.run('timestamp', pack, '--tsa', url);
  expect((await site.run('verify', pack, '--integrity', ...ca('stranger'))).code).toBe(1);
  const sound = readFileSync(site.path(`${pack}.tsr`));
  const sha256 = sha256OfFile(site.path(pack));
  const authorities = readAuthorities(readFileSync(authority.path('ca.pem'), 'utf8'));
  const holds = (bytes: Buffer): boolean => {
    try {
      return provedStamp(bytes, sha256, { authorities }).isTrusted === true;
    } catch (error) {
      expect(error).toBeInstanceOf(TimestampError);
      return false;
    }
  };
  expect(holds(sound)).toBe(true);
  let found = 0;
  for (let at = 0; at < sound.length; at += 1) {
    const bent = Buffer.from(sound);
    bent[at] = (bent[at] ?? 0) ^ (1 << (at % 8));
    if (!holds(bent)) found += 1;
    expect(holds(sound.subarray(0, at))).toBe(false);
  }
  // What is left: lists of algorithms and the authority's own certificate, which is trusted by the file and not by the answer.
  expect(found / sound.length).toBeGreaterThan(0.6);
  const other = fresh();
  appendFileSync(site.path(other), 'more');
  copyFileSync(site.path(`${pack}.tsr`), site.path(`${other}.tsr`));
  const { code, stdout } = await site.run('verify', other, '--integrity');
  expect([code, stdout]).toEqual([1, expect.stringContaining('is about another file')]);
  rmSync(site.path(`${pack}.tsr`));
  expect((await site.run('verify', pack, '--integrity', ...ca())).stdout).toContain('is not there');
});

stock.each([
  ['an answer to another request', (query: Buffer) => authority.stamp(withNonce(query)), 'answers another request'],
  ['a refusal', () => authority.stamp(Buffer.from('3003020101', 'hex')), 'refused'],
  ['an answer that is none', () => Buffer.from('<html>'), 'is no time stamp'],
  ['an answer without end', () => Buffer.alloc(2 << 20), 'too long'],
  ['an empty answer', () => Buffer.alloc(0), 'is no time stamp'],
])('%s leaves no stamp', async (_what, body, text) => {
  const pack = fresh();
  authority.answer = (query) => ({ status: 200, body: body(query) });
  const { code, stderr } = await site.run('timestamp', pack, '--tsa', url);
  expect([code, stderr]).toEqual([1, expect.stringContaining(text)]);
  expect(statSync(site.path(`${pack}.tsr`), { throwIfNoEntry: false })).toBeUndefined();
});

/** The request with another nonce: the last octets but the three of certReq. */
function withNonce(query: Buffer): Buffer {
  const bent = Buffer.from(query);
  bent[query.length - 4] = (bent[query.length - 4] ?? 0) ^ 0x01;
  return bent;
}

test.each([
  [[]],
  [['--tsa', 'ftp://127.0.0.1/']],
  [['--tsa', 'http://user:pass@127.0.0.1/']],
  [['--tsa', 'http://127.0.0.1/', '--attach', 'x']],
  [['--attach', 'not-there']],
])('%p is wrong usage', async (options) => {
  expect((await site.run('timestamp', 'whole.tar', ...options)).code).toBe(2);
});

test('an authority that is not there is told', async () => {
  const { code, stderr } = await site.run('timestamp', fresh(), '--tsa', 'http://127.0.0.1:1/');
  expect([code, stderr]).toEqual([1, expect.stringContaining('127.0.0.1:1')]);
});
