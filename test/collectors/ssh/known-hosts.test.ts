import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utils } from 'ssh2';
import { fingerprint } from '../../../collectors/ssh/hostkeys/host-key';
import { HostKeyPolicy } from '../../../collectors/ssh/hostkeys/host-key-policy';
import { KnownHosts } from '../../../collectors/ssh/hostkeys/known-hosts';

function newKey(type: 'ed25519' | 'ecdsa' = 'ed25519'): { type: string; text: string; blob: Buffer } {
  const pair = type === 'ecdsa' ? utils.generateKeyPairSync(type, { bits: 256 }) : utils.generateKeyPairSync(type);
  const [name = '', text = ''] = pair.public.split(' ');
  return { type: name, text, blob: Buffer.from(text, 'base64') };
}

const key = newKey();
const other = newKey('ecdsa');

/** The names of sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. */
describe('known_hosts', () => {
  it.each([
    ['esx-01', 'esx-01', 22, true],
    ['ESX-01', 'esx-01', 22, true],
    ['esx-01,192.0.2.11', '192.0.2.11', 22, true],
    ['esx-01', 'esx-01', 2222, false],
    ['[esx-01]:2222', 'esx-01', 2222, true],
    ['[esx-01]:2222', 'esx-01', 22, false],
    ['*.example.net', 'esx-01.example.net', 22, true],
    ['*.example.net', 'example.net', 22, false],
    ['esx-0?', 'esx-07', 22, true],
    ['*.example.net,!esx-02.example.net', 'esx-02.example.net', 22, false],
    ['2001:db8::1', '2001:db8::1', 22, true],
    ['*a*a*a*a*b', 'a'.repeat(200), 22, false],
  ])('%s names %s port %i: %s', (hosts, name, port, known) => {
    const { accepted } = KnownHosts.parse(`${hosts} ${key.type} ${key.text} comment\n`).of(name, port);
    expect(accepted.has(key.text)).toBe(known);
  });

  it('passes over comments, authorities and lines that are damaged', () => {
    const text = ['# a', '', '@cert-authority * ssh-ed25519 AAAA', 'esx-01 ssh-ed25519 AAA', 'esx-01', '|1|x'].join(
      '\n',
    );
    expect(KnownHosts.parse(text).of('esx-01', 22)).toEqual({ accepted: new Set(), revoked: new Set(), types: [] });
  });

  it('reads what ssh-keygen hashes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ascribe-known-'));
    try {
      const file = join(folder, 'known_hosts');
      writeFileSync(file, `esx-01 ${key.type} ${key.text}\n[esx-02]:2222 ${other.type} ${other.text}\n`);
      execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
      const text = readFileSync(file, 'utf8');
      expect(text).toMatch(/^\|1\|/u);
      const hosts = KnownHosts.parse(text);
      expect([...hosts.of('esx-01', 22).accepted]).toEqual([key.text]);
      expect(hosts.of('esx-02', 2222)).toMatchObject({ types: ['ecdsa-sha2-nistp256'] });
      expect(hosts.of('esx-02', 22).accepted.size).toBe(0);
      const printed = execFileSync('ssh-keygen', ['-lf', file], { encoding: 'utf8' });
      expect(printed).toContain(fingerprint(key.blob));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('which host keys are taken', () => {
  const load = (fingerprints: readonly string[], text = ''): HostKeyPolicy => {
    const folder = mkdtempSync(join(tmpdir(), 'ascribe-known-'));
    const file = join(folder, 'known_hosts');
    writeFileSync(file, text);
    try {
      return HostKeyPolicy.load('esx-01', 'esx-01', 22, { fingerprints, files: [file] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it('takes a fingerprint or a line of the file, and nothing else', () => {
    const line = `esx-01 ${key.type} ${key.text}\n`;
    expect(load([fingerprint(key.blob)]).refusal(key)).toBeUndefined();
    expect(load([], line).refusal(key)).toBeUndefined();
    expect(load([], line).types).toEqual(['ssh-ed25519']);
    expect(load([], line).refusal(other)?.code).toBe('ssh_host_key_changed');
    expect(load([fingerprint(key.blob)]).refusal(other)?.code).toBe('ssh_host_key_changed');
    expect(load([]).refusal(key)?.code).toBe('ssh_host_key_unknown');
  });

  it('takes no revoked key, whatever else names it', () => {
    const policy = load([fingerprint(key.blob)], `@revoked * ${key.type} ${key.text}\n`);
    expect(policy.refusal(key)?.code).toBe('ssh_host_key_revoked');
  });

  it('says which file cannot be read', () => {
    const rules = { fingerprints: [], files: ['/nowhere/known_hosts'] };
    expect(() => HostKeyPolicy.load('esx-01', 'esx-01', 22, rules)).toThrow(/\/nowhere\/known_hosts.*ENOENT/u);
  });
});
