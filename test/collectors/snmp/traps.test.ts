import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import type { RawRecord } from '../../../collectors/contract';
import { keyHandle } from '../../../collectors/snmp/adapter/agent-session';
import { MSG_FLAG, PDU_TAG, readMessageHead } from '../../../collectors/snmp/adapter/message-head';
import { berInteger, berOctets, berOid, berSequence, berValue } from '../../../collectors/snmp/ber/ber-writer';
import type { SnmpEvent } from '../../../collectors/snmp/snmp-events';
import { SNMP_TAG, type SnmpTrapRecord } from '../../../collectors/snmp/snmp-record';
import { ReplayWindow } from '../../../collectors/snmp/traps/replay-window';
import { communityHash, TrapIntake } from '../../../collectors/snmp/traps/trap-intake';
import type { TrapRefusal } from '../../../collectors/snmp/traps/trap-refusal';
import type { TrapUser } from '../../../collectors/snmp/traps/usm-receiver';
import { localizedKey, stretchedKey } from '../../../collectors/snmp/usm/localized-keys';
import { AllowList } from '../../../collectors/udp/allow-list';
import { EMPTY, varbindList, type FakeVarbind } from './fake-agent';

const OWN = Buffer.from('8000000005aabbccddeeff', 'hex');
const SENDER = Buffer.from('80001f8880a1b2c3d4e5', 'hex');
const PASSWORD = 'authentication-1';
const SIGNED: TrapUser = { version: 'v3', user: 'signed', auth: { protocol: 'sha256', key: keyHandle(PASSWORD) } };
const PLAIN: TrapUser = { version: 'v3', user: 'plain' };
const LINK_DOWN = '1.3.6.1.6.3.1.1.5.3';
const NOW = 1_764_000_000_000;
const VARBINDS: readonly FakeVarbind[] = [
  ['1.3.6.1.2.1.1.3.0', SNMP_TAG.timeTicks, Buffer.from([77])],
  ['1.3.6.1.6.3.1.1.4.1.0', SNMP_TAG.oid, berOid(LINK_DOWN).subarray(2)],
];

interface Forged {
  readonly id?: number;
  readonly flags?: number;
  readonly engineId?: Buffer;
  readonly boots?: number;
  readonly time?: number;
  readonly user?: string;
  readonly password?: string;
  readonly pduTag?: number;
  readonly model?: number;
  readonly varbinds?: readonly FakeVarbind[];
}

/** A v3 message, signed with SHA-256 where its flags say so. */
function message(forged: Forged = {}): Buffer {
  const { id = 9, flags = MSG_FLAG.auth, engineId = SENDER, boots = 3, time = 5000, user = 'signed' } = forged;
  const pdu = berValue(
    forged.pduTag ?? PDU_TAG.trapV2,
    berInteger(id),
    berInteger(0),
    berInteger(0),
    varbindList(forged.varbinds ?? VARBINDS),
  );
  const build = (digest: Buffer): Buffer => {
    const security = [
      berOctets(engineId),
      berInteger(boots),
      berInteger(time),
      berOctets(Buffer.from(user)),
      berOctets(digest),
      berOctets(EMPTY),
    ];
    return berSequence(
      berInteger(3),
      berSequence(berInteger(id), berInteger(65_507), berOctets(Buffer.from([flags])), berInteger(forged.model ?? 3)),
      berOctets(berSequence(...security)),
      berSequence(berOctets(engineId), berOctets(EMPTY), pdu),
    );
  };
  if ((flags & MSG_FLAG.auth) === 0) return build(EMPTY);
  const key = localizedKey('sha256', stretchedKey('sha256', forged.password ?? PASSWORD), engineId);
  return build(
    createHmac('sha256', key)
      .update(build(Buffer.alloc(24)))
      .digest()
      .subarray(0, 24),
  );
}

const v2c = (community = 'trapper', pduTag: number = PDU_TAG.trapV2, version = 1): Buffer =>
  berSequence(
    berInteger(version),
    berOctets(Buffer.from(community)),
    berValue(pduTag, berInteger(5), berInteger(0), berInteger(0), varbindList(VARBINDS)),
  );

let records: RawRecord[];
let events: SnmpEvent[];
let room = true;

function intake(allow = AllowList.everyone, anyCommunity = false): TrapIntake {
  records = [];
  events = [];
  room = true;
  return new TrapIntake(
    'udp://127.0.0.1:5162',
    {
      allow,
      communities: ['trapper'],
      anyCommunity,
      users: [SIGNED, PLAIN],
      engine: { id: OWN, boots: 7, time: () => 1000 },
    },
    (batch) => {
      if (room) records.push(...batch);
      return room ? batch.length : 0;
    },
    (event) => events.push(event),
  );
}

const take = (one: TrapIntake, datagram: Buffer, now = NOW): Buffer | undefined =>
  one.receive(datagram, '192.0.2.7', 40_000, now);
const recordAt = (index: number): SnmpTrapRecord =>
  JSON.parse(Buffer.from(records[index]!.bytes).toString()) as SnmpTrapRecord;

it('keeps a v2c trap with its community masked', () => {
  const one = intake();
  const datagram = v2c();
  expect(take(one, datagram)).toBeUndefined();
  expect(records[0]).toMatchObject({
    origin: { peer: '192.0.2.7:40000', source: 'udp://127.0.0.1:5162' },
    receivedAt: NOW,
  });
  const { datagram: kept, ...rest } = recordAt(0);
  expect(rest).toEqual({
    kind: 'trap',
    version: 'v2c',
    inform: false,
    communityHash: communityHash('trapper'),
    user: '',
    level: '',
    engineId: '',
    context: '',
    engineBoots: null,
    engineTime: null,
    trapOid: LINK_DOWN,
    upTime: 77,
    enterprise: '',
    agentAddress: '',
    varbinds: [
      ['1.3.6.1.2.1.1.3.0', 67, 77],
      ['1.3.6.1.6.3.1.1.4.1.0', 6, LINK_DOWN],
    ],
  });
  expect(kept).toBe(v2c('*******').toString('hex'));
  expect(datagram.toString('latin1')).toContain('trapper');
});

it('takes every community where that is wanted, and tells them apart', () => {
  const one = intake(AllowList.everyone, true);
  for (const community of ['trapper', 'public', 'caf\u00e9', '']) take(one, v2c(community));
  const hashes = records.map((_, at) => recordAt(at).communityHash);
  expect(hashes).toEqual(['trapper', 'public', 'caf\u00e9', ''].map((community) => communityHash(community)));
  expect(new Set(hashes).size).toBe(4);
  expect(recordAt(1).datagram).toBe(v2c('******').toString('hex'));
  take(one, message({ user: 'nobody', flags: 0 }));
  const bytes = 4 * v2c('').length + 'trapper'.length + 'public'.length + 'caf\u00e9'.length + 1;
  expect(one.counts().bytes).toBe(bytes + message({ user: 'nobody', flags: 0 }).length);
  expect(one.counts()).toMatchObject({ accepted: 4, refused: { unknown_community: 0, unknown_user: 1 } });
});

describe('refusals', () => {
  it.each<[string, TrapRefusal, Buffer]>([
    ['no octets', 'malformed', EMPTY],
    ['four octets', 'malformed', Buffer.from([0x30, 2, 2, 1])],
    [
      'a PDU cut short',
      'malformed',
      berSequence(berInteger(1), berOctets(Buffer.from('trapper')), berValue(PDU_TAG.trapV2, berInteger(5))),
    ],
    ['another community', 'unknown_community', v2c('public')],
    ['no community', 'unknown_community', v2c('')],
    ['a request', 'wrong_pdu', v2c('trapper', PDU_TAG.get)],
    ['a response', 'wrong_pdu', v2c('trapper', PDU_TAG.response)],
    ['a v2 trap in a v1 message', 'wrong_pdu', v2c('trapper', PDU_TAG.trapV2, 0)],
    ['an empty user', 'empty_user', message({ user: '', flags: 0 })],
    ['an empty user in a reportable message', 'empty_user', message({ user: '', flags: MSG_FLAG.reportable })],
    ['an unknown user', 'unknown_user', message({ user: 'nobody', flags: 0 })],
    ['a user below his level', 'wrong_level', message({ flags: 0 })],
    ['a user above his level', 'wrong_level', message({ user: 'plain' })],
    ['encryption without authentication', 'malformed', message({ flags: MSG_FLAG.priv })],
    ['another security model', 'wrong_security_model', message({ model: 2 })],
    ['another password', 'wrong_digest', message({ password: 'another password' })],
    ['a v3 request', 'wrong_pdu', message({ pduTag: PDU_TAG.get })],
    ['a trap in the name of our engine', 'unknown_engine', message({ engineId: OWN, boots: 7, time: 1000 })],
    ['an inform for another engine', 'unknown_engine', message({ pduTag: PDU_TAG.inform })],
    [
      'an inform of another clock',
      'not_in_time_window',
      message({ pduTag: PDU_TAG.inform, engineId: OWN, boots: 7, time: 1151 }),
    ],
    [
      'an inform of another boot',
      'not_in_time_window',
      message({ pduTag: PDU_TAG.inform, engineId: OWN, boots: 6, time: 1000 }),
    ],
  ])('%s: %s', (_name, reason, datagram) => {
    const one = intake();
    take(one, datagram);
    expect(records).toEqual([]);
    expect(one.counts()).toMatchObject({ received: 1, accepted: 0, refused: { [reason]: 1 } });
    expect(Object.values(one.counts().refused).reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(events).toEqual([
      { kind: 'snmp_traps_refused', listener: 'udp://127.0.0.1:5162', address: '192.0.2.7', reason, datagrams: 1 },
    ]);
  });

  it('counts senders that may not send apart, without reading them', () => {
    const one = intake(AllowList.parse(['198.51.100.0/24']));
    take(one, v2c());
    expect(one.counts()).toMatchObject({ received: 1, notAllowed: 1, accepted: 0 });
    expect(records).toEqual([]);
  });

  it('tells of them once in ten seconds, with their number', () => {
    const one = intake();
    for (const at of [0, 10, 9_999, 10_000]) take(one, EMPTY, NOW + at);
    expect(events.map((event) => 'datagrams' in event && event.datagrams)).toEqual([1, 3]);
  });
});

describe('signed traps', () => {
  it('pass once', () => {
    const one = intake();
    take(one, message());
    take(one, message());
    take(one, message({ id: 10 }));
    expect(records).toHaveLength(2);
    expect(recordAt(0)).toMatchObject({
      version: 'v3',
      level: 'authNoPriv',
      engineId: SENDER.toString('hex'),
      engineBoots: 3,
      engineTime: 5000,
    });
    expect(one.counts()).toMatchObject({ accepted: 2, refused: { replayed: 1 } });
  });

  it.each([
    ['150 seconds old', { time: 4850 }, 0],
    ['151 seconds old', { time: 4849 }, 1],
    ['of the boot before', { boots: 2, time: 9000 }, 1],
    ['of the next boot', { boots: 4, time: 1 }, 0],
  ] as const)('are judged by the clock of their engine: %s', (_name, forged, replayed) => {
    const one = intake();
    take(one, message({ id: 1 }));
    take(one, message({ id: 2, ...forged }));
    expect(one.counts().refused.replayed).toBe(replayed);
  });

  it('may be repeated when they could not be kept', () => {
    const one = intake();
    room = false;
    take(one, message());
    room = true;
    take(one, message());
    expect(one.counts()).toMatchObject({ dropped: 1, accepted: 1, refused: { replayed: 0 } });
  });

  it('are not shut out by unsigned ones with a false clock', () => {
    const one = intake();
    take(one, message({ user: 'plain', flags: 0, boots: 2_000_000_000 }));
    take(one, message());
    expect(one.counts()).toMatchObject({ accepted: 2 });
    expect(recordAt(0)).toMatchObject({ level: 'noAuthNoPriv', engineBoots: null, engineTime: null });
  });
});

describe('informs', () => {
  const inform = (more: Forged = {}): Buffer =>
    message({
      pduTag: PDU_TAG.inform,
      engineId: OWN,
      boots: 7,
      time: 1000,
      flags: MSG_FLAG.auth | MSG_FLAG.reportable,
      ...more,
    });

  it('in v2c are answered with their own varbinds', () => {
    const answer = take(intake(), v2c('trapper', PDU_TAG.inform));
    expect(answer).toEqual(v2c('trapper', PDU_TAG.response));
  });

  it('in v3 are answered signed, and again when they are repeated', () => {
    const one = intake();
    const answer = take(one, inform());
    const head = readMessageHead(answer!);
    expect(head).toMatchObject({
      version: 3,
      id: 9,
      flags: MSG_FLAG.auth,
      user: 'signed',
      engineBoots: 7,
      engineTime: 1000,
      pduTag: PDU_TAG.response,
    });
    expect(take(one, inform())).toEqual(answer);
    expect(records).toHaveLength(1);
    expect(one.counts()).toMatchObject({ accepted: 1, acknowledged: 2, refused: { replayed: 1 } });
  });

  it('are not answered when they could not be kept', () => {
    const one = intake();
    room = false;
    expect(take(one, inform())).toBeUndefined();
    expect(take(one, v2c('trapper', PDU_TAG.inform))).toBeUndefined();
    expect(one.counts()).toMatchObject({ dropped: 2, acknowledged: 0 });
  });

  it('lead to our engine', () => {
    const one = intake();
    const report = take(
      one,
      message({ engineId: EMPTY, user: '', flags: MSG_FLAG.reportable, pduTag: PDU_TAG.get, varbinds: [] }),
    );
    expect(readMessageHead(report!)).toMatchObject({
      engineId: OWN,
      engineBoots: 7,
      engineTime: 1000,
      flags: 0,
      pduTag: PDU_TAG.report,
      id: 9,
    });
    expect(one.counts()).toMatchObject({ discoveries: 1, accepted: 0 });
    expect(events).toEqual([]);
  });

  it('of another clock are told ours, signed', () => {
    const report = take(intake(), inform({ boots: 1, time: 1 }));
    expect(readMessageHead(report!)).toMatchObject({
      flags: MSG_FLAG.auth,
      user: 'signed',
      engineBoots: 7,
      engineTime: 1000,
      pduTag: PDU_TAG.report,
    });
  });
});

describe('ReplayWindow', () => {
  it('never lets a message pass twice, however many come', () => {
    const window = new ReplayWindow(4);
    for (let id = 0; id < 40_000; id += 1)
      expect(window.passes('e', 1, 100 + Math.floor(id / 4000), `m${id}`)).toBe(true);
    for (let id = 0; id < 40_000; id += 777) {
      expect(window.passes('e', 1, 100 + Math.floor(id / 4000), `m${id}`)).toBe(false);
    }
  });
});

describe('hostile octets', () => {
  it('never make the intake throw, and every datagram is counted once', () => {
    const seeds = [v2c(), message(), message({ pduTag: PDU_TAG.inform, engineId: OWN, boots: 7, time: 1000 })];
    const damaged = fc
      .tuple(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.nat(200),
      )
      .map(([seed, changes, cut]) => {
        const bytes = Buffer.from(seed);
        for (const [at, octet] of changes) if (at < bytes.length) bytes[at] = octet;
        return cut < 40 ? bytes.subarray(0, cut) : bytes;
      });
    const random = fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes));
    const one = intake();
    fc.assert(
      fc.property(fc.oneof(damaged, random), (datagram) => {
        take(one, datagram);
      }),
      { numRuns: 2000 },
    );
    const { received, notAllowed, accepted, dropped, discoveries, refused } = one.counts();
    const refusedInAll = Object.values(refused).reduce((sum, count) => sum + count, 0);
    expect(received).toBe(notAllowed + accepted + dropped + discoveries + refusedInAll);
    expect(records).toHaveLength(accepted);
  });
});
