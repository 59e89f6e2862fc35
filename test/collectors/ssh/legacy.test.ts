import { utils, type Algorithms } from 'ssh2';
import { SshConnection } from '../../../collectors/ssh/adapter/ssh-connection';
import { algorithmsFor } from '../../../collectors/ssh/adapter/algorithms.data';
import { FaultSshServer, finish } from '../../site/ssh/fault-ssh-server';
import { targetOf, TEST_TABLE } from './connection-target';

jest.setTimeout(60_000);

/** Devices that speak nothing but what is broken: SHA-1, CBC, `ssh-rsa`. Reached only where a person wrote so. */

const never = new AbortController().signal;
const RSA = utils.generateKeyPairSync('rsa', { bits: 2048 }).private;

const REFUSED = {
  code: 'ssh_handshake',
  message: expect.stringMatching(/no matching .* legacy_algorithms: true/u) as string,
};

let server: FaultSshServer;
let connection: SshConnection | undefined;
afterEach(async () => {
  await connection?.close();
  connection = undefined;
  await server.stop();
});

async function serve(algorithms: Algorithms): Promise<void> {
  server = await new FaultSshServer({
    login: { user: 'ascribe', password: 'right horse' },
    hostKeys: [RSA],
    ident: 'Cisco-1.25',
    algorithms,
    exec: (line, channel) => finish(channel, `${line}\n`),
  }).start();
}

const OLD: Algorithms = {
  kex: ['diffie-hellman-group14-sha1'],
  cipher: ['aes128-cbc'],
  hmac: ['hmac-sha1'],
  serverHostKey: ['ssh-rsa'],
};

test.each<[string, Algorithms]>([
  ['everything old', OLD],
  ['group 1 and 3DES', { ...OLD, kex: ['diffie-hellman-group1-sha1'], cipher: ['3des-cbc'] }],
])('%s: by opt-in only', async (_, algorithms) => {
  await serve(algorithms);
  await expect(SshConnection.open(targetOf(server), never)).rejects.toMatchObject(REFUSED);
  expect(server.log.attempts).toBe(0);
  connection = await SshConnection.open(targetOf(server, {}, { legacyAlgorithms: true }), never);
  const result = await connection.exec(TEST_TABLE.prepare('echo', { word: 'old' }));
  expect(result).toMatchObject({ complete: true, exit: 0 });
  expect(result.stdout.toString()).toBe('echo old\n');
});

test.each<[string, Algorithms]>([
  ['key exchange', { kex: OLD.kex! }],
  ['cipher', { cipher: OLD.cipher! }],
  ['integrity', { cipher: ['aes128-ctr'], hmac: OLD.hmac! }],
  ['host key', { serverHostKey: ['ssh-rsa'] }],
])('one old thing is enough to refuse: %s', async (_, algorithms) => {
  await serve(algorithms);
  await expect(SshConnection.open(targetOf(server), never)).rejects.toMatchObject(REFUSED);
  expect(server.log.attempts).toBe(0);
});

test('a device that has both is spoken to in what is sound, whatever was opted for', () => {
  const { kex, cipher, hmac, serverHostKey } = algorithmsFor(true, []) as Record<string, readonly string[]>;
  expect([kex?.[0], cipher?.[0], hmac?.[0], serverHostKey?.[0]]).toEqual([
    'curve25519-sha256',
    'aes128-gcm@openssh.com',
    'hmac-sha2-256-etm@openssh.com',
    'ssh-ed25519',
  ]);
  const plain = JSON.stringify(algorithmsFor(false, ['ssh-rsa', 'ssh-dss']));
  expect(plain).not.toMatch(/sha1|cbc|"ssh-rsa"|ssh-dss/u);
});
