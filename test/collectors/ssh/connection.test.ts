import { utils, type ServerChannel } from 'ssh2';
import { parsePrivateKey } from '../../../collectors/ssh/adapter/login';
import { SshConnection } from '../../../collectors/ssh/adapter/ssh-connection';
import { HostKeyPolicy } from '../../../collectors/ssh/hostkeys/host-key-policy';
import { SshError } from '../../../collectors/ssh/ssh-errors';
import { FaultSshServer, finish, newHostKey, type FaultServerOptions } from '../../site/ssh/fault-ssh-server';
import { fingerprintOf, targetOf, TEST_TABLE } from './connection-target';

const LOGIN = { user: 'ascribe', password: 'right horse' };
const never = new AbortController().signal;
let servers: FaultSshServer[] = [];
let connections: SshConnection[] = [];

async function serve(options: Partial<FaultServerOptions> = {}): Promise<FaultSshServer> {
  const server = await new FaultSshServer({
    login: LOGIN,
    exec: (line, channel) => finish(channel, `${line}\n`),
    ...options,
  }).start();
  servers.push(server);
  return server;
}

async function connect(...target: Parameters<typeof targetOf>): Promise<SshConnection> {
  const connection = await SshConnection.open(targetOf(...target), never);
  connections.push(connection);
  return connection;
}

async function failure(...target: Parameters<typeof targetOf>): Promise<SshError> {
  const error = await SshConnection.open(targetOf(...target), never).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SshError);
  return error as SshError;
}

afterEach(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await Promise.all(servers.map((server) => server.stop()));
  servers = [];
  connections = [];
});

describe('logging in', () => {
  it('answers the question for the password once, and asks for nothing but the channel of its command', async () => {
    const server = await serve({ banner: 'Authorized use only\n' });
    const connection = await connect(server);
    const result = await connection.exec(TEST_TABLE.prepare('echo', { word: 'hello' }));
    expect(result).toMatchObject({ exit: 0, complete: true, reason: '', signal: '' });
    expect(result.stdout.toString()).toBe('echo hello\n');
    expect(connection.session).toMatchObject({ user: 'ascribe', address: '127.0.0.1' });
    expect(connection.session.port).toBeGreaterThan(0);
    expect(connection.session.hostKey).toBe(fingerprintOf(server.hostKeys[0]!));
    expect(connection.software).toBe('OpenSSH_8.8');
    expect(connection.banner.trim()).toBe('Authorized use only');
    expect(server.log).toMatchObject({ attempts: 1, failures: 0, requests: [], commands: ['echo hello'] });
  });

  it('says clearly that only a password is offered where the credential has none', async () => {
    const server = await serve({ login: { ...LOGIN, methods: ['password'] } });
    const key = parsePrivateKey('k', utils.generateKeyPairSync('ed25519').private, undefined);
    const error = await failure(server, { password: undefined, key });
    expect(error.code).toBe('ssh_auth_method');
    expect(server.log.attempts).toBe(0);
  });

  it('uses the password method where there is no keyboard-interactive', async () => {
    const server = await serve({ login: { ...LOGIN, methods: ['password'] } });
    await connect(server);
    expect(server.log.answers).toEqual(['right horse']);
  });

  it('sends one wrong password and no second', async () => {
    const server = await serve({ login: { ...LOGIN, methods: ['keyboard-interactive', 'password'] } });
    const error = await failure(server, { password: 'wrong' });
    expect(error).toMatchObject({ code: 'ssh_auth_refused', needsPerson: true });
    expect(error.message).not.toContain('wrong');
    expect(server.log).toMatchObject({ attempts: 1, answers: ['wrong'] });
  });

  it('never answers the question for a new password', async () => {
    const server = await serve({ login: { ...LOGIN, expired: true } });
    const error = await failure(server);
    expect(error.code).toBe('ssh_password_expired');
    expect(server.log.answers).toEqual(['right horse']);
  });

  it.each(['New password: ', 'Enter PASSCODE: ', 'Password (again): ', 'Current password: ', 'login: '])(
    'does not answer %j',
    async (prompt) => {
      const server = await serve({ login: { ...LOGIN, prompt } });
      const { code } = await failure(server);
      expect(code).toMatch(/^ssh_p(?:rompt_refused|assword_expired)$/u);
      expect(server.log.answers).toEqual([]);
    },
  );

  it.each(['Password:', 'password: ', "ascribe@10.0.0.1's password: ", 'Password for ascribe@fw.example:'])(
    'answers %j',
    async (prompt) => {
      const server = await serve({ login: { ...LOGIN, prompt } });
      await connect(server);
      expect(server.log.answers).toEqual(['right horse']);
    },
  );

  it('tells lockdown from a wrong password where the banner does', async () => {
    const banner = 'This host is in lockdown mode, permission is denied.\n';
    const server = await serve({ login: { ...LOGIN, refuse: true }, banner });
    expect((await failure(server)).code).toBe('ssh_lockdown');
    expect(server.log.attempts).toBe(1);
  });

  it.each(['ed25519', 'rsa', 'ecdsa'] as const)('logs in with an encrypted %s key', async (type) => {
    const encrypted = { passphrase: 'open', cipher: 'aes256-cbc', rounds: 4 };
    const pair =
      type === 'rsa'
        ? utils.generateKeyPairSync('rsa', { bits: 2048, ...encrypted })
        : type === 'ecdsa'
          ? utils.generateKeyPairSync('ecdsa', { bits: 256, ...encrypted })
          : utils.generateKeyPairSync('ed25519', encrypted);
    const server = await serve({ login: { user: 'ascribe', authorizedKeys: [pair.public] } });
    await connect(server, { password: undefined, key: parsePrivateKey('k', pair.private, 'open') });
    expect(server.log.attempts).toBe(1);
    expect(() => parsePrivateKey('k', pair.private, 'shut')).toThrow(/passphrase right/u);
    expect(() => parsePrivateKey('k', pair.private, undefined)).toThrow(/encrypted/u);
  });
});

describe('host keys', () => {
  it('refuses an unknown key before anything is said, and shows what to compare', async () => {
    const server = await serve();
    const hostKeys = HostKeyPolicy.load('esx-01', 'esx-01', 22, { fingerprints: [], files: [] });
    const error = await failure(server, {}, { hostKeys });
    expect(error.code).toBe('ssh_host_key_unknown');
    expect(error.message).toContain(fingerprintOf(server.hostKeys[0]!));
    expect(error.message).toContain('esx-01 ecdsa-sha2-nistp256 AAAA');
    expect(server.log.attempts).toBe(0);
  });

  it('refuses a changed key', async () => {
    const server = await serve();
    const fingerprints = [fingerprintOf(newHostKey())];
    const hostKeys = HostKeyPolicy.load('esx-01', 'esx-01', 22, { fingerprints, files: [] });
    expect((await failure(server, {}, { hostKeys })).code).toBe('ssh_host_key_changed');
    expect(server.log.attempts).toBe(0);
  });
});

describe('what devices do to a connection', () => {
  it('tells a closed port from a host that hangs up before it says who it is', async () => {
    const server = await serve({ maxConnections: 0 });
    expect((await failure(server)).code).toBe('ssh_turned_away');
    const target = targetOf(server);
    await server.stop();
    await expect(SshConnection.open(target, never)).rejects.toMatchObject({ code: 'ssh_refused' });
  });

  it('gives up a server that never finishes the handshake', async () => {
    const server = await serve();
    const opening = failure(server, {}, { readyTimeoutMs: 200 });
    const timer = setInterval(() => server.freeze(), 1);
    expect((await opening).code).toMatch(/^ssh_(?:handshake_timeout|login_interrupted)$/u);
    clearInterval(timer);
  });

  it('queues commands where one session is allowed, and uses four otherwise', async () => {
    let running = 0;
    let most = 0;
    const exec = (_line: string, channel: ServerChannel): void => {
      running += 1;
      most = Math.max(most, running);
      setTimeout(() => {
        running -= 1;
        finish(channel, 'x');
      }, 5);
    };
    for (const [maxSessions, expected] of [
      [10, 4],
      [1, 1],
    ] as const) {
      most = 0;
      const connection = await connect(await serve({ exec, maxSessions }));
      const words = Array.from({ length: 12 }, (_, i) => `w${i}`);
      const results = await Promise.all(words.map((word) => connection.exec(TEST_TABLE.prepare('echo', { word }))));
      expect(results.every(({ complete }) => complete)).toBe(true);
      expect(most).toBe(expected);
    }
  });

  it('marks what was cut: time, size, no exit, reset, hang, signal', async () => {
    const server = await serve({
      exec: (line, channel) => {
        if (line === 'sleep 60') channel.write('some');
        else if (line === 'yes') channel.write(Buffer.alloc(200_000, 'y\n'));
        else if (line === 'echo gone') channel.write('half', () => channel.close());
        else if (line === 'echo reset') channel.write('half', () => setTimeout(() => server.reset(), 20));
        else if (line === 'echo killed') channel.write('half', () => (channel.exit('KILL'), channel.close()));
        else finish(channel, 'part', 3, 'it failed\n');
      },
    });
    const connection = await connect(server);
    const run = async (name: 'slow' | 'big') => await connection.exec(TEST_TABLE.prepare(name));
    const echo = async (word: string) => await connection.exec(TEST_TABLE.prepare('echo', { word }));
    const slow = await run('slow');
    expect([slow.reason, slow.complete, slow.stdout.toString()]).toEqual(['timeout', false, 'some']);
    const big = await run('big');
    expect(big).toMatchObject({ complete: false, reason: 'byte_cap' });
    expect(big.stdout).toHaveLength(100_000);
    const gone = await echo('gone');
    expect([gone.reason, gone.complete, gone.stdout.toString()]).toEqual(['no_exit', false, 'half']);
    expect(await echo('killed')).toMatchObject({ complete: true, exit: null, signal: 'SIGKILL' });
    expect(await echo('bad')).toMatchObject({ complete: true, exit: 3, stderr: 'it failed\n' });
    const partial = await echo('reset');
    expect(partial).toMatchObject({ complete: false, exit: null });
    expect(['no_exit', 'disconnected']).toContain(partial.reason);
    await connection.closed;
    expect(await echo('later')).toMatchObject({ complete: false, reason: 'disconnected' });
  });

  it('gives up a half-open connection by its keepalives', async () => {
    const server = await serve({ exec: () => undefined });
    const connection = await connect(server, {}, { keepaliveMs: 20 });
    const result = connection.exec(TEST_TABLE.prepare('echo', { word: 'x' }));
    server.freeze();
    expect(await result).toMatchObject({ complete: false });
    await connection.closed;
    expect(connection.isOpen).toBe(false);
  });

  it('cancels what runs, and opens nothing when it was cancelled before', async () => {
    const server = await serve({ exec: () => undefined });
    const connection = await connect(server);
    const stop = new AbortController();
    const result = connection.exec(TEST_TABLE.prepare('echo', { word: 'x' }), stop.signal);
    stop.abort();
    expect(await result).toMatchObject({ reason: 'cancelled' });
    await expect(SshConnection.open(targetOf(server), stop.signal)).rejects.toMatchObject({ code: 'ssh_cancelled' });
  });
});

describe('read-only by construction', () => {
  it('sends nothing that no table made', async () => {
    const server = await serve();
    const connection = await connect(server);
    const { command, output, parameters, platform, timeoutMs, byteCap } = TEST_TABLE.prepare('slow');
    const forged = { command, output, parameters, platform, timeoutMs, byteCap, line: 'reboot' };
    await expect(connection.exec(forged as never)).rejects.toMatchObject({ code: 'ssh_command_refused' });
    await expect(connection.exec('reboot' as never)).rejects.toMatchObject({ code: 'ssh_command_refused' });
    expect(server.log.commands).toEqual([]);
  });
});
