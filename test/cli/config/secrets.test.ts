import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSecretReference, resolveSecret, type SecretReference } from '../../../cli/config/secrets';

const directory = mkdtempSync(join(tmpdir(), 'ascribe-secrets-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = (name: string, content: string, mode: number): void => {
  writeFileSync(join(directory, name), content);
  chmodSync(join(directory, name), mode);
};
file('private', 's3cret\n', 0o600);
file('empty', '\n', 0o600);
file('group', 's3cret', 0o640);
file('world', 's3cret', 0o604);
file('writable', 's3cret', 0o602);

function resolved(text: string, env: Record<string, string> = {}): { secret: string; warnings: string[] } {
  const warnings: string[] = [];
  const reference = parseSecretReference(text) as SecretReference;
  const secret = resolveSecret(reference, { env, directory, warn: (message) => warnings.push(message) });
  return { secret, warnings };
}

describe('secrets', () => {
  it.each([
    ['a private file, without its final newline', 'file:private', {}],
    ['a credential of systemd', 'cred:private', { CREDENTIALS_DIRECTORY: directory }],
  ])('reads %s', (_name, text, env) => {
    expect(resolved(text, env)).toEqual({ secret: 's3cret', warnings: [] });
  });

  it('reads the environment with a warning that does not show the secret', () => {
    const { secret, warnings } = resolved('env:KEY', { KEY: 's3cret' });
    expect(secret).toBe('s3cret');
    expect(warnings).toEqual([expect.stringMatching(/^env:KEY: other processes/u)]);
    expect(warnings.join()).not.toContain('s3cret');
  });

  it.each([
    ['readable by the group', 'file:group', /mode 0640: others than its owner may read or write it/u],
    ['readable by everyone', 'file:world', /mode 0604/u],
    ['writable by everyone', 'file:writable', /mode 0602/u],
    ['empty', 'file:empty', /file:empty is empty/u],
    ['missing', 'file:none', /file:none cannot be read: ENOENT/u],
    ['not in the environment', 'env:NONE', /env:NONE is not set/u],
    ['a credential without systemd', 'cred:private', /CREDENTIALS_DIRECTORY is not set/u],
  ])('refuses what is %s', (_name, text, message) => {
    expect(() => resolved(text)).toThrow(message);
  });

  it.each([['hunter2'], ['cred:../etc/shadow'], ['env:A B'], ['file:'], ['http://x']])(
    'takes %j for no reference',
    (text) => {
      expect(parseSecretReference(text)).toEqual(expect.any(String));
    },
  );
});
