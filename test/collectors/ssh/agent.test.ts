import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utils } from 'ssh2';
import { SshConnection } from '../../../collectors/ssh/adapter/ssh-connection';
import { fingerprint } from '../../../collectors/ssh/hostkeys/host-key';
import { FaultSshServer, finish } from '../../site/ssh/fault-ssh-server';
import { targetOf, TEST_TABLE } from './connection-target';

jest.setTimeout(60_000);

/** Logins by a key that only OpenSSH's agent holds. */

const PROGRAMS = ['/usr/bin/ssh-agent', '/usr/bin/ssh-add', '/usr/bin/ssh-keygen'];
const here = PROGRAMS.every((program) => existsSync(program)) ? test : test.skip;
const never = new AbortController().signal;

let folder: string;
let agent: ChildProcess;
let server: FaultSshServer;
let connection: SshConnection | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ascribe-agent-'));
});

afterEach(async () => {
  await connection?.close();
  connection = undefined;
  await server?.stop();
  agent?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts an agent that holds keys; gives their public halves. */
async function hold(...names: string[]): Promise<string[]> {
  const socket = join(folder, 'agent');
  agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  // It names the socket once it listens there.
  await new Promise((resolve) => agent.stdout!.once('data', resolve));
  return names.map((name) => {
    const file = join(folder, name);
    const made = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
    expect(made.status).toBe(0);
    const added = spawnSync('ssh-add', ['-q', file], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
    expect(added.status).toBe(0);
    // Only the agent has it now.
    rmSync(file);
    return readFileSync(`${file}.pub`, 'utf8').trim();
  });
}

async function serve(key: string): Promise<void> {
  const login = { user: 'ascribe', authorizedKeys: [key], methods: ['publickey'] } as const;
  server = await new FaultSshServer({ login, exec: (line, channel) => finish(channel, `${line}\n`) }).start();
}

function fingerprintOfPublic(line: string): string {
  const key = utils.parseKey(line);
  if (key instanceof Error) throw key;
  return fingerprint(key.getPublicSSH());
}

const login = (wanted?: string): Parameters<typeof targetOf>[1] => ({
  password: undefined,
  agent: { socket: join(folder, 'agent'), fingerprint: wanted },
});

here('the only key of the agent logs in, with one try', async () => {
  const [key = ''] = await hold('one');
  await serve(key);
  connection = await SshConnection.open(targetOf(server, login()), never);
  const result = await connection.exec(TEST_TABLE.prepare('echo', { word: 'hello' }));
  expect(result).toMatchObject({ complete: true, exit: 0 });
  expect(server.log).toMatchObject({ failures: 0, answers: [], requests: [] });
});

here('of several keys the one that is named is offered, and no other', async () => {
  const [, second = ''] = await hold('one', 'two', 'three');
  await serve(second);
  connection = await SshConnection.open(targetOf(server, login(fingerprintOfPublic(second))), never);
  expect(server.log.failures).toBe(0);
});

here('several keys and none named, or one that is not held, offer nothing at all', async () => {
  const [first = ''] = await hold('one', 'two');
  await serve(first);
  for (const [wanted, text] of [
    [undefined, /holds 2 keys: say which one/u],
    [`SHA256:${'A'.repeat(43)}`, /holds no key SHA256:A/u],
  ] as const) {
    const failed = SshConnection.open(targetOf(server, login(wanted)), never);
    await expect(failed).rejects.toMatchObject({
      code: 'ssh_credential',
      message: expect.stringMatching(text) as string,
    });
  }
  expect(server.log.attempts).toBe(0);
});

test('an agent that is not there is a fault of the credential, not of the device', async () => {
  await serve(utils.generateKeyPairSync('ed25519').public);
  const failed = SshConnection.open(targetOf(server, login()), never);
  await expect(failed).rejects.toMatchObject({ code: 'ssh_credential' });
  expect(server.log.attempts).toBe(0);
});
