import { AgentSession, keyHandle, type AgentCredential } from '../../../collectors/snmp/adapter/agent-session';
import { SharedSockets } from '../../../collectors/snmp/adapter/shared-sockets';
import type { SnmpVarbind } from '../../../collectors/snmp/snmp-record';
import { desAvailable, type AuthName, type PrivName } from '../../../collectors/snmp/usm/usm-protocols';
import { readTable, type WalkLimits } from '../../../collectors/snmp/walk';
import { bulkwalk, Snmpd, strangersHere } from './strangers';

const whenHere = strangersHere ? describe : describe.skip;

const AUTH = 'authentication-1';
const PRIV = 'encryption-22222';

const PAIRS: readonly (readonly [AuthName, string, PrivName, string])[] = [
  ['md5', 'MD5', 'aes', 'AES'],
  ['sha', 'SHA', 'aes', 'AES'],
  ['sha224', 'SHA-224', 'aes', 'AES'],
  ['sha256', 'SHA-256', 'aes', 'AES'],
  ['sha384', 'SHA-384', 'aes', 'AES'],
  ['sha512', 'SHA-512', 'aes', 'AES'],
  ['md5', 'MD5', 'aes256', 'AES-256'],
  ['sha', 'SHA', 'aes256', 'AES-256'],
  ['sha256', 'SHA-256', 'aes256', 'AES-256'],
  ['sha512', 'SHA-512', 'aes256', 'AES-256'],
  ['sha', 'SHA', 'aes256c', 'AES-256-C'],
  ['sha256', 'SHA-256', 'aes256c', 'AES-256-C'],
  ['sha512', 'SHA-512', 'aes256c', 'AES-256-C'],
  ...(desAvailable() ? ([['sha', 'SHA', 'des', 'DES']] as const) : []),
];

const userOf = (auth: string, priv: string): string => `u_${auth}_${priv}`;

const CONFIG = [
  'rocommunity walker 127.0.0.1',
  'createUser plain',
  'rouser plain noauth',
  `createUser signed SHA-256 "${AUTH}"`,
  'rouser signed auth',
  ...PAIRS.flatMap(([auth, authC, priv, privC]) => [
    `createUser ${userOf(auth, priv)} ${authC} "${AUTH}" ${privC} "${PRIV}"`,
    `rouser ${userOf(auth, priv)} priv`,
  ]),
];

/** Tables whose rows stand still: sysORTable, ifTable, the view-based access of this very configuration, the system group. */
const TABLES = [
  ['1.3.6.1.2.1.1.9.1', [2, 3]],
  ['1.3.6.1.2.1.2.2.1', [1, 2, 3, 4, 5, 6, 8]],
  ['1.3.6.1.6.3.16.1.4.1', [4, 5, 6, 7, 8, 9]],
  ['1.3.6.1.6.3.15.1.2.2.1', [3, 4, 5, 8, 11, 12, 13]],
  ['1.3.6.1.2.1.1', [1, 2, 4, 5, 6, 7]],
] as const;

whenHere('net-snmp', () => {
  let agent: Snmpd;
  let sockets: SharedSockets;

  beforeAll(async () => {
    agent = await Snmpd.start(CONFIG);
    sockets = new SharedSockets(1_000_000);
    await sockets.open();
  }, 30_000);

  afterAll(async () => {
    await sockets?.close();
    await agent?.stop();
  });

  const limits: WalkLimits = {
    context: '',
    maxRepetitions: 50,
    rowCap: 100_000,
    byteCap: 10_000_000,
    deadlineMs: 10_000,
    signal: new AbortController().signal,
  };

  const sessionOf = (credential: AgentCredential): AgentSession =>
    new AgentSession({ address: '127.0.0.1', port: agent.port, credential, timeoutMs: 3000, retries: 1 }, sockets);

  const rowsOf = async (credential: AgentCredential, row: string, ids: readonly number[]) => {
    const session = sessionOf(credential);
    const read = await readTable(
      session,
      ids.map((id) => `${row}.${id}`),
      limits,
    );
    session.close();
    return read;
  };

  const sorted = (varbinds: readonly SnmpVarbind[]) => [...varbinds].sort(([a], [b]) => (a < b ? -1 : 1));

  describe.each(['v1', 'v2c'] as const)('%s', (version) => {
    it.each(TABLES)('%s: equal to snmpbulkwalk, value by value', async (row, ids) => {
      const read = await rowsOf({ version, community: 'walker' }, row, ids);
      const theirs: SnmpVarbind[] = [];
      for (const id of ids) theirs.push(...(await bulkwalk(['-v2c', '-c', 'walker'], agent.port, `.${row}.${id}`)));
      expect(read).toMatchObject({ complete: true });
      expect(theirs.length).toBeGreaterThan(0);
      expect(sorted(read.varbinds)).toEqual(sorted(theirs));
    });
  });

  it.each(PAIRS)('v3 authPriv with %s (%s) and %s (%s)', async (auth, authC, priv, privC) => {
    const user = userOf(auth, priv);
    const credential: AgentCredential = {
      version: 'v3',
      user,
      auth: { protocol: auth, key: keyHandle(AUTH) },
      priv: { protocol: priv, key: keyHandle(PRIV) },
    };
    const read = await rowsOf(credential, '1.3.6.1.2.1.1.9.1', [2, 3]);
    const who = ['-v3', '-l', 'authPriv', '-u', user, '-a', authC, '-A', AUTH, '-x', privC, '-X', PRIV];
    const theirs = await bulkwalk(who, agent.port, '.1.3.6.1.2.1.1.9.1');
    expect(read.detail).toBe('');
    expect(sorted(read.varbinds)).toEqual(
      sorted(theirs.filter(([oid]) => /^1\.3\.6\.1\.2\.1\.1\.9\.1\.[23]\./.test(oid))),
    );
  });

  it.each([
    ['noAuthNoPriv', { version: 'v3', user: 'plain' }],
    ['authNoPriv', { version: 'v3', user: 'signed', auth: { protocol: 'sha256', key: keyHandle(AUTH) } }],
  ] as const)('v3 %s', async (_level, credential) => {
    const session = sessionOf(credential);
    const read = await readTable(session, ['1.3.6.1.2.1.1.9.1.2'], limits);
    expect(read).toMatchObject({ complete: true });
    expect(read.varbinds.length).toBeGreaterThan(3);
    expect(session.engineId).toMatch(/^80[0-9a-f]{8,}$/);
  });

  it.each([
    ['an unknown user', { version: 'v3', user: 'nobody' }, 'unknown user'],
    [
      'a wrong password',
      { version: 'v3', user: 'signed', auth: { protocol: 'sha256', key: keyHandle('not the password') } },
      'wrong digest: password or digest protocol',
    ],
    [
      'a level the user does not have',
      {
        version: 'v3',
        user: 'signed',
        auth: { protocol: 'sha256', key: keyHandle(AUTH) },
        priv: { protocol: 'aes', key: keyHandle(PRIV) },
      },
      'unsupported security level',
    ],
  ] as const)('names %s', async (_name, credential, detail) => {
    const read = await rowsOf(credential, '1.3.6.1.2.1.1', [1]);
    expect(read).toMatchObject({ complete: false, reason: 'security', detail, answered: false });
  });

  it('is silent for a wrong community', async () => {
    const credential = { version: 'v2c', community: 'wrong' } as const;
    const session = new AgentSession(
      { address: '127.0.0.1', port: agent.port, credential, timeoutMs: 200, retries: 0 },
      sockets,
    );
    expect(await readTable(session, ['1.3.6.1.2.1.1.1'], limits)).toMatchObject({ reason: 'timeout', answered: false });
  });
});
