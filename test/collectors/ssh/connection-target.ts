import { utils } from 'ssh2';
import type { Login } from '../../../collectors/ssh/adapter/login';
import type { ConnectionTarget } from '../../../collectors/ssh/adapter/ssh-connection';
import { CommandTable } from '../../../collectors/ssh/commands/command-table';
import { fingerprint } from '../../../collectors/ssh/hostkeys/host-key';
import { HostKeyPolicy } from '../../../collectors/ssh/hostkeys/host-key-policy';
import type { FaultSshServer } from '../../site/ssh/fault-ssh-server';

/** Fingerprint of a private host key's public half. */
export function fingerprintOf(privateKey: string): string {
  const key = utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  return fingerprint(key.getPublicSSH());
}

/** A table for tests of the connection alone. */
export const TEST_TABLE = new CommandTable('esxi', {
  echo: { line: 'echo {word}', parameters: { word: 'name' }, output: 'text', timeoutMs: 5000 },
  slow: { line: 'sleep 60', output: 'text', timeoutMs: 1500 },
  big: { line: 'yes', output: 'text', timeoutMs: 5000, byteCap: 100_000 },
});

/** Where a server of the tests is, with its first key pinned. */
export function targetOf(
  server: FaultSshServer,
  login: Partial<Login> = {},
  changes: Partial<ConnectionTarget> = {},
): ConnectionTarget {
  const fingerprints = server.hostKeys.map(fingerprintOf);
  return {
    device: 'esx-01',
    address: '127.0.0.1',
    port: server.port,
    login: { user: 'ascribe', key: undefined, agent: undefined, password: 'right horse', ...login },
    hostKeys: HostKeyPolicy.load('esx-01', '127.0.0.1', server.port, { fingerprints, files: [] }),
    legacyAlgorithms: false,
    readyTimeoutMs: 5000,
    channels: 4,
    keepaliveMs: 10_000,
    now: Date.now,
    ...changes,
  };
}
