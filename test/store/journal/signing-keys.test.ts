import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { fingerprintOf, isSignatureOf, loadPublicKey, SigningKeys } from '../../../store/journal/signing-keys';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-keys-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const privateFile = () => join(directory, 'signing.pem');

it('makes a key once, readable by its owner alone, and loads it again', () => {
  const made = SigningKeys.open(directory);
  expect(statSync(privateFile()).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory).sort()).toEqual(['signing.pem', 'signing.pub.pem']);
  const loaded = SigningKeys.open(directory);
  expect(loaded.fingerprint).toBe(made.fingerprint);
  const message = Buffer.from('seal');
  expect(isSignatureOf(message, loaded.sign(message), loadPublicKey(directory))).toBe(true);
  expect(isSignatureOf(Buffer.from('sea1'), loaded.sign(message), made.publicKey)).toBe(false);
  expect(isSignatureOf(message, Buffer.alloc(3), made.publicKey)).toBe(false);
});

it.each([0o640, 0o604, 0o660])('refuses a private key of mode %o', (mode) => {
  SigningKeys.open(directory);
  chmodSync(privateFile(), mode);
  expect(() => SigningKeys.open(directory)).toThrow(
    expect.objectContaining({ code: 'signing_key', message: expect.stringContaining(`mode ${mode.toString(8)}`) }),
  );
});

it.each([
  ['nonsense', 'no key\n', 'cannot be read'],
  [
    'an RSA key',
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    'Ed25519',
  ],
])('refuses %s in place of the private key', (_name, text, message) => {
  writeFileSync(privateFile(), text, { mode: 0o600 });
  expect(() => SigningKeys.open(directory)).toThrow(
    expect.objectContaining({ code: 'signing_key', message: expect.stringContaining(message) }),
  );
});

it('says so when there is no public key to verify with', () => {
  expect(() => loadPublicKey(directory)).toThrow(expect.objectContaining({ code: 'signing_key' }));
});

const hasSshKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
(hasSshKeygen ? it : it.skip)('exports a public key that ssh-keygen reads with the same fingerprint', () => {
  const keys = SigningKeys.open(directory);
  const path = join(directory, 'key.pub');
  writeFileSync(path, `${keys.publicOpenSsh('ascribe@host')}\n`);
  const shown = spawnSync('ssh-keygen', ['-lf', path], { encoding: 'utf8' });
  expect(shown.stdout).toContain(keys.fingerprint);
  expect(shown.stdout).toContain('ascribe@host');
  expect(fingerprintOf(keys.publicKey)).toBe(keys.fingerprint);
});

const hasOpenssl = spawnSync('openssl', ['version']).error === undefined;
(hasOpenssl ? it : it.skip)('signs what openssl verifies', () => {
  const keys = SigningKeys.open(directory);
  const [key, message, signature] = ['k.pem', 'm', 's'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(key, keys.publicPem());
  writeFileSync(message, 'a seal');
  writeFileSync(signature, keys.sign(Buffer.from('a seal')));
  const args = ['pkeyutl', '-verify', '-pubin', '-inkey', key, '-rawin', '-in', message, '-sigfile', signature];
  expect(spawnSync('openssl', args).status).toBe(0);
  writeFileSync(message, 'a sea1');
  expect(spawnSync('openssl', args).status).not.toBe(0);
});
