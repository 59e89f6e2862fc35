import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RawRecord } from '../../../collectors/contract';
import { keyHandle, type AgentCredential } from '../../../collectors/snmp/adapter/agent-session';
import type { SnmpTrapRecord } from '../../../collectors/snmp/snmp-record';
import { communityHash } from '../../../collectors/snmp/traps/trap-intake';
import { TrapReceiver } from '../../../collectors/snmp/traps/trap-receiver';
import type { TrapUser } from '../../../collectors/snmp/traps/usm-receiver';
import type { AuthName, PrivName } from '../../../collectors/snmp/usm/usm-protocols';
import { AllowList } from '../../../collectors/udp/allow-list';
import { strangersHere } from './strangers';

const whenHere = strangersHere ? describe : describe.skip;

const AUTH = 'authentication-1';
const PRIV = 'encryption-22222';
const OWN_ENGINE = Buffer.from('8000000005aabbccddeeff', 'hex');
const SENDER_ENGINE = '80001f8880a1b2c3d4e5';
const LINK_DOWN = '1.3.6.1.6.3.1.1.5.3';

const PAIRS: readonly (readonly [AuthName, string, PrivName, string])[] = [
  ['md5', 'MD5', 'aes', 'AES'],
  ['sha', 'SHA', 'aes', 'AES'],
  ['sha224', 'SHA-224', 'aes', 'AES'],
  ['sha256', 'SHA-256', 'aes256', 'AES-256'],
  ['sha384', 'SHA-384', 'aes256', 'AES-256'],
  ['sha512', 'SHA-512', 'aes256c', 'AES-256-C'],
];

const userOf = (auth: AuthName, priv: PrivName): TrapUser => ({
  version: 'v3',
  user: `u_${auth}_${priv}`,
  auth: { protocol: auth, key: keyHandle(AUTH) },
  priv: { protocol: priv, key: keyHandle(PRIV) },
});

const SIGNED: TrapUser = { version: 'v3', user: 'signed', auth: { protocol: 'sha', key: keyHandle(AUTH) } };
const PLAIN: TrapUser = { version: 'v3', user: 'plain' };

whenHere('net-snmp', () => {
  let receiver: TrapReceiver;
  let records: RawRecord[];
  let folder: string;
  let full = false;

  beforeEach(async () => {
    records = [];
    full = false;
    folder = mkdtempSync(join(tmpdir(), 'ascribe-trap-'));
    receiver = new TrapReceiver(
      {
        listen: [{ address: '127.0.0.1', port: 0, optional: false }],
        allow: AllowList.everyone,
        communities: ['trapper'],
        anyCommunity: false,
        users: [SIGNED, PLAIN, ...PAIRS.map(([auth, , priv]) => userOf(auth, priv))],
        engine: { id: OWN_ENGINE, boots: 7, time: () => 1000 },
        receiveBufferBytes: 65_536,
      },
      {
        offer: (batch) => {
          if (full) return 0;
          records.push(...batch);
          return batch.length;
        },
        emit: () => undefined,
        now: () => 1_764_000_000_000,
      },
    );
    await receiver.start();
  });

  afterEach(async () => {
    await receiver.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a tool; resolves to its exit code and what it complained about. */
  function send(
    tool: 'snmptrap' | 'snmpinform',
    who: readonly string[],
    what: readonly string[],
  ): Promise<[number, string]> {
    const target = `127.0.0.1:${receiver.addresses()[0]!.port}`;
    const env = { ...process.env, SNMP_PERSISTENT_DIR: folder, MIBS: '' };
    return new Promise((resolve) => {
      execFile(
        `/usr/bin/${tool}`,
        ['-m', '', '-t', '1', '-r', '1', ...who, target, ...what],
        { env, timeout: 10_000 },
        (error, _out, said) => {
          // A trap has been sent by then; what the kernel holds is read in the next turns of the loop.
          const code = Number(error?.code ?? 0);
          const complaint = said.replaceAll(/^Created directory: .*\n/gm, '');
          setImmediate(() => setImmediate(() => resolve([code, complaint])));
        },
      );
    });
  }

  const record = (): SnmpTrapRecord => JSON.parse(Buffer.from(records.at(-1)!.bytes).toString()) as SnmpTrapRecord;
  const VARBINDS = ['1.3.6.1.2.1.2.2.1.1.7', 'i', '7', '1.3.6.1.2.1.31.1.1.1.18.7', 's', 'uplink'];
  const EXPECTED = [
    ['1.3.6.1.2.1.2.2.1.1.7', 2, 7],
    ['1.3.6.1.2.1.31.1.1.1.18.7', 4, Buffer.from('uplink').toString('hex')],
  ];

  it('sends a v1 trap', async () => {
    await send(
      'snmptrap',
      ['-v1', '-c', 'trapper'],
      ['1.3.6.1.4.1.6876.4.1', '192.0.2.9', '6', '2', '4711', ...VARBINDS],
    );
    expect(record()).toMatchObject({
      version: 'v1',
      inform: false,
      trapOid: '1.3.6.1.4.1.6876.4.1.0.2',
      enterprise: '1.3.6.1.4.1.6876.4.1',
      agentAddress: '192.0.2.9',
      upTime: 4711,
      communityHash: communityHash('trapper'),
      varbinds: EXPECTED,
    });
    expect(records[0]!.origin).toMatchObject({
      collector: 'snmp',
      format: 'snmp',
      source: expect.stringMatching(/^udp:\/\/127\.0\.0\.1:\d+$/),
    });
    expect(Buffer.from(record().datagram, 'hex').toString('latin1')).toContain('*'.repeat(7));
    expect(Buffer.from(record().datagram, 'hex').toString('latin1')).not.toContain('trapper');
  });

  it.each(['snmptrap', 'snmpinform'] as const)('%s in v2c', async (tool) => {
    const [code, said] = await send(tool, ['-v2c', '-c', 'trapper'], ['99', LINK_DOWN, ...VARBINDS]);
    expect([code, said]).toEqual([0, '']);
    expect(records).toHaveLength(1);
    expect(record()).toMatchObject({ version: 'v2c', inform: tool === 'snmpinform', trapOid: LINK_DOWN, upTime: 99 });
    expect(record().varbinds.slice(2)).toEqual(EXPECTED);
  });

  const v3 = (user: AgentCredential & { version: 'v3' }, more: readonly string[] = []): string[] => {
    const pair = PAIRS.find(([auth, , priv]) => user.user === `u_${auth}_${priv}`);
    const level = user.auth === undefined ? 'noAuthNoPriv' : user.priv === undefined ? 'authNoPriv' : 'authPriv';
    const auth = user.auth === undefined ? [] : ['-a', pair?.[1] ?? 'SHA', '-A', AUTH];
    const priv = user.priv === undefined ? [] : ['-x', pair![3], '-X', PRIV];
    return ['-v3', '-u', user.user, '-l', level, ...auth, ...priv, ...more];
  };

  it.each([...PAIRS.map(([auth, , priv]) => userOf(auth, priv)), SIGNED, PLAIN])(
    'v3 trap and inform of $user',
    async (user) => {
      expect(
        await send('snmptrap', v3(user, ['-e', SENDER_ENGINE, '-n', 'ctx']), ['5', LINK_DOWN, ...VARBINDS]),
      ).toEqual([0, '']);
      expect(records).toHaveLength(1);
      const level = user.auth === undefined ? 'noAuthNoPriv' : user.priv === undefined ? 'authNoPriv' : 'authPriv';
      expect(record()).toMatchObject({
        version: 'v3',
        inform: false,
        user: user.user,
        level,
        engineId: SENDER_ENGINE,
        context: 'ctx',
        trapOid: LINK_DOWN,
        communityHash: '',
      });
      expect(record().varbinds.slice(2)).toEqual(EXPECTED);
      expect(record().engineBoots === null).toBe(user.auth === undefined);

      expect(await send('snmpinform', v3(user), ['5', LINK_DOWN, ...VARBINDS])).toEqual([0, '']);
      expect(records).toHaveLength(2);
      expect(record()).toMatchObject({ version: 'v3', inform: true, user: user.user, level, engineBoots: null });
      expect(receiver.stats()[0]).toMatchObject({ accepted: 2, acknowledged: 1 });
    },
  );

  it('is not answered while the queue is full, and delivers in the end', async () => {
    full = true;
    const sending = send('snmpinform', ['-v2c', '-c', 'trapper', '-r', '3'], ['1', LINK_DOWN]);
    setTimeout(() => {
      full = false;
    }, 500);
    expect((await sending)[0]).toBe(0);
    expect(records).toHaveLength(1);
    expect(receiver.stats()[0]).toMatchObject({ accepted: 1, acknowledged: 1, dropped: 1 });
  });

  it.each([
    ['a community that is none of ours', ['-v2c', '-c', 'other'], 'unknown_community'],
    ['an unknown user', ['-v3', '-u', 'nobody', '-l', 'noAuthNoPriv', '-e', SENDER_ENGINE], 'unknown_user'],
    [
      'a lower level than the user has',
      ['-v3', '-u', 'signed', '-l', 'noAuthNoPriv', '-e', SENDER_ENGINE],
      'wrong_level',
    ],
    [
      'a wrong password',
      ['-v3', '-u', 'signed', '-l', 'authNoPriv', '-a', 'SHA', '-A', 'not the password', '-e', SENDER_ENGINE],
      'wrong_digest',
    ],
    [
      'a wrong cipher password',
      [
        '-v3',
        '-u',
        'u_sha_aes',
        '-l',
        'authPriv',
        '-a',
        'SHA',
        '-A',
        AUTH,
        '-x',
        'AES',
        '-X',
        'not the password',
        '-e',
        SENDER_ENGINE,
      ],
      'undecryptable',
    ],
  ] as const)('is refused with %s', async (_name, who, reason) => {
    await send('snmptrap', who, ['1', LINK_DOWN]);
    expect(records).toHaveLength(0);
    expect(receiver.stats()[0]!.refused[reason]).toBe(1);
  });

  it('hears why its inform is refused', async () => {
    const [code, said] = await send(
      'snmpinform',
      ['-v3', '-u', 'signed', '-l', 'authNoPriv', '-a', 'SHA', '-A', 'not the password'],
      ['1', LINK_DOWN],
    );
    expect(code).not.toBe(0);
    expect(said).toContain('Authentication failure');
    expect(records).toHaveLength(0);
  });
});
