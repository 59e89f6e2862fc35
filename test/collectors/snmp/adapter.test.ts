import { AgentSession, keyHandle, type AgentCredential } from '../../../collectors/snmp/adapter/agent-session';
import { endpointKey } from '../../../collectors/snmp/adapter/endpoint-key';
import { PDU_TAG } from '../../../collectors/snmp/adapter/message-head';
import { SharedSockets } from '../../../collectors/snmp/adapter/shared-sockets';
import { SnmpRequestError } from '../../../collectors/snmp/adapter/snmp-errors';
import { SNMP_TAG } from '../../../collectors/snmp/snmp-record';
import {
  answerBytes,
  boundSocket,
  EMPTY,
  FakeAgent,
  FakeV3Agent,
  usmBytes,
  varbindList,
  type FakeRequest,
  type FakeVarbind,
} from './fake-agent';

const OID = '1.3.6.1.2.1.1.3.0';
const GOOD: readonly FakeVarbind[] = [[OID, SNMP_TAG.timeTicks, Buffer.from([42])]];
const OPTIONS = { context: '', signal: new AbortController().signal };
const ENGINE = Buffer.from('80001f888001020304', 'hex');
const AUTH_PRIV: AgentCredential = {
  version: 'v3',
  user: 'watcher',
  auth: { protocol: 'sha256', key: keyHandle('a long password') },
  priv: { protocol: 'aes', key: keyHandle('another password') },
};

let sockets: SharedSockets;
const closing: { close(): void }[] = [];

beforeEach(async () => {
  sockets = new SharedSockets(65_536);
  await sockets.open();
});

afterEach(async () => {
  for (const one of closing.splice(0)) one.close();
  await sockets.close();
});

function session(port: number, credential: AgentCredential = { version: 'v2c', community: 'reader' }): AgentSession {
  const made = new AgentSession({ address: '127.0.0.1', port, credential, timeoutMs: 1000, retries: 0 }, sockets);
  closing.push(made);
  return made;
}

async function fake(behave: (request: FakeRequest, agent: FakeAgent) => void): Promise<FakeAgent> {
  const agent = await FakeAgent.open(behave);
  closing.push(agent);
  return agent;
}

async function failure(promise: Promise<unknown>): Promise<SnmpRequestError> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(SnmpRequestError);
  return error as SnmpRequestError;
}

it('takes the answer of the agent', async () => {
  const agent = await fake((request, self) => self.answer(request, GOOD));
  expect(await session(agent.port).get([OID], OPTIONS)).toEqual([[OID, SNMP_TAG.timeTicks, 42]]);
  expect(sockets.counts()).toMatchObject({ sent: 1, delivered: 1 });
});

describe('answers that are refused, each followed by the true one', () => {
  it.each([
    [
      'of another request id',
      'unsolicited',
      (request: FakeRequest) => answerBytes(request, GOOD, { id: request.id + 1 }),
    ],
    [
      'of another community',
      'wrong_community',
      (request: FakeRequest) => answerBytes(request, GOOD, { community: 'x' }),
    ],
    ['of another version', 'wrong_version', (request: FakeRequest) => answerBytes(request, GOOD, { version: 0 })],
    ['that is a request', 'wrong_pdu', (request: FakeRequest) => answerBytes(request, GOOD, { pduTag: PDU_TAG.get })],
    ['of four octets', 'malformed', () => Buffer.from([0x30, 0x02, 0x02, 0x01])],
    ['of no octets', 'malformed', () => EMPTY],
    ['whose length lies', 'malformed', () => Buffer.from('3084ffffffff020101', 'hex')],
  ] as const)('%s', async (_name, reason, forge) => {
    const agent = await fake((request, self) => {
      self.send(request, forge(request));
      self.answer(request, GOOD);
    });
    expect(await session(agent.port).get([OID], OPTIONS)).toEqual([[OID, SNMP_TAG.timeTicks, 42]]);
    const { delivered, refused } = sockets.counts();
    expect(delivered).toBe(1);
    expect(refused[reason]).toBe(1);
  });

  it('from another port', async () => {
    const other = await boundSocket();
    closing.push(other);
    const agent = await fake((request, self) => self.send(request, answerBytes(request, GOOD), other));
    expect((await failure(session(agent.port).get([OID], OPTIONS))).reason).toBe('timeout');
    expect(sockets.counts().refused.stranger).toBe(1);
  });

  it('repeated', async () => {
    const agent = await fake((request, self) => {
      self.answer(request, GOOD);
      self.answer(request, GOOD);
    });
    const one = session(agent.port);
    await one.get([OID], OPTIONS);
    await one.get([OID], OPTIONS);
    await new Promise(setImmediate);
    expect(sockets.counts().refused.unsolicited).toBeGreaterThanOrEqual(1);
    expect(sockets.counts().delivered).toBe(2);
  });
});

describe('answers that end the request', () => {
  it.each([
    ['to other objects', [['1.3.6.1.2.1.1.5.0', SNMP_TAG.octetString, EMPTY]], 'answer to other objects'],
    ['to no object', [], 'answer to other objects'],
    ['with a value cut short', [[OID, SNMP_TAG.ipAddress, Buffer.from([1, 2])]], 'unreadable answer'],
    ['with a value of no SNMP type', [[OID, 0x01 as 0x02, Buffer.from([1])]], 'unreadable answer'],
    ['with an unknown type', [[OID, 0x5f as 0x02, Buffer.from([1])]], 'unreadable answer'],
    ['with an empty integer', [[OID, SNMP_TAG.integer, EMPTY]], 'unreadable answer'],
    ['with an OID cut short', [[OID, SNMP_TAG.oid, Buffer.from([0x2b, 0x86])]], 'unreadable answer'],
  ] as const)('%s', async (_name, varbinds: readonly FakeVarbind[], detail) => {
    const agent = await fake((request, self) => self.answer(request, varbinds));
    const error = await failure(session(agent.port).get([OID], OPTIONS));
    expect(error).toMatchObject({ reason: 'transport', detail });
  });

  it('leaves the session usable', async () => {
    let bad = true;
    const agent = await fake((request, self) => {
      self.answer(request, bad ? [[OID, 0x5f as 0x02, EMPTY]] : GOOD);
      bad = false;
    });
    const one = session(agent.port);
    expect((await failure(one.get([OID], OPTIONS))).detail).toBe('unreadable answer');
    expect(await one.get([OID], OPTIONS)).toHaveLength(1);
  });
});

describe('values', () => {
  it.each([
    ['counter64 with a sign octet', SNMP_TAG.counter64, '00ffffffffffffffff', '18446744073709551615'],
    ['counter64 without one', SNMP_TAG.counter64, 'fffffffffffffff0', '18446744073709551600'],
    ['counter64 of no octets', SNMP_TAG.counter64, '', '0'],
    ['gauge32 as a negative number', SNMP_TAG.gauge32, 'fffffff0', 4_294_967_280],
    ['a negative integer', SNMP_TAG.integer, 'ff', -1],
    ['octets that are no text', SNMP_TAG.octetString, '00ff80', '00ff80'],
    ['no octets', SNMP_TAG.octetString, '', ''],
    ['opaque', SNMP_TAG.opaque, '9f7804', '9f7804'],
    ['an address', SNMP_TAG.ipAddress, 'c0000201', '192.0.2.1'],
    ['an object identifier', SNMP_TAG.oid, '2b06010401', '1.3.6.1.4.1'],
    ['an empty object identifier', SNMP_TAG.oid, '', '0.0'],
    ['noSuchInstance', SNMP_TAG.noSuchInstance, '', null],
    ['counter64 above 2^53', SNMP_TAG.counter64, '2000000000000b', '9007199254741003'],
    ['counter64 of one octet', SNMP_TAG.counter64, '07', '7'],
  ] as const)('%s', async (_name, tag, hex, expected) => {
    const agent = await fake((request, self) => self.answer(request, [[OID, tag, Buffer.from(hex, 'hex')]]));
    expect(await session(agent.port).get([OID], OPTIONS)).toEqual([[OID, tag, expected]]);
  });
});

describe('every request ends', () => {
  it('by time when nobody answers', async () => {
    const agent = await fake(() => undefined);
    expect((await failure(session(agent.port).get([OID], OPTIONS))).reason).toBe('timeout');
  });

  it('at once when it is cancelled', async () => {
    const agent = await fake(() => undefined);
    const stop = new AbortController();
    const asked = session(agent.port).get([OID], { context: '', signal: stop.signal });
    setImmediate(() => stop.abort());
    expect((await failure(asked)).reason).toBe('cancelled');
  });

  it('when there is no socket', async () => {
    await sockets.close();
    expect(await failure(session(9).get([OID], OPTIONS))).toMatchObject({ reason: 'transport', detail: 'snmp_socket' });
  });

  it('when the library never calls back', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    try {
      const lost = { channel: () => new LostChannel() } as unknown as SharedSockets;
      const credential = { version: 'v3', user: 'watcher' } as const;
      const one = new AgentSession({ address: '127.0.0.1', port: 9, credential, timeoutMs: 60, retries: 0 }, lost);
      const asked = failure(one.get([OID], OPTIONS));
      await jest.advanceTimersByTimeAsync(2000);
      expect(await asked).toMatchObject({ reason: 'transport', detail: 'watchdog' });
    } finally {
      jest.useRealTimers();
    }
  });
});

/** Takes a datagram and never tells what became of it. */
class LostChannel {
  on(): void {}
  unref(): void {}
  ref(): void {}
  send(): void {}
  close(): void {}
}

it('asks one agent in several contexts, one request at a time', async () => {
  const agent = await fake((request, self) => self.answer(request, GOOD));
  const one = session(agent.port);
  await Promise.all(['', 'vlan-10', 'x'].map((context) => one.get([OID], { ...OPTIONS, context })));
  expect(agent.requests.map(({ community }) => community)).toEqual(['reader', 'reader@10', 'reader@x']);
});

it('uses one socket for many agents', async () => {
  const agents = await Promise.all(
    Array.from({ length: 20 }, () => fake((request, self) => self.answer(request, GOOD))),
  );
  await Promise.all(agents.map((agent) => session(agent.port).get([OID], OPTIONS)));
  expect(new Set(agents.map((agent) => agent.requests[0]!.peer.port)).size).toBe(1);
});

describe('version 3', () => {
  const forged = varbindList(GOOD);

  async function v3(behave: Parameters<typeof FakeV3Agent.open>[1]): Promise<FakeV3Agent> {
    const agent = await FakeV3Agent.open(ENGINE, behave);
    closing.push(agent);
    return agent;
  }

  it.each([
    ['without authentication', 0, 'wrong_level'],
    ['with authentication only', 1, 'wrong_level'],
  ] as const)('refuses an answer %s in an authPriv session', async (_name, flags, reason) => {
    const agent = await v3((head, peer, self) =>
      self.send(peer, usmBytes(head.id, flags, ENGINE, 'watcher', PDU_TAG.response, forged, Buffer.alloc(24))),
    );
    expect((await failure(session(agent.port, AUTH_PRIV).get([OID], OPTIONS))).reason).toBe('timeout');
    expect(sockets.counts().refused[reason]).toBe(1);
  });

  it.each([
    ['another user', 'other', ENGINE, 'wrong_user'],
    ['another engine', 'watcher', Buffer.from('80001f8880ffffffff', 'hex'), 'wrong_engine'],
  ] as const)('refuses an answer of %s', async (_name, user, engineId, reason) => {
    const agent = await v3((head, peer, self) => {
      self.send(peer, usmBytes(head.id, 0, engineId, user, PDU_TAG.response, forged));
      self.send(peer, usmBytes(head.id, 0, ENGINE, 'watcher', PDU_TAG.response, forged));
    });
    const one = session(agent.port, { version: 'v3', user: 'watcher' });
    expect(await one.get([OID], OPTIONS)).toHaveLength(1);
    expect(one.engineId).toBe(ENGINE.toString('hex'));
    expect(sockets.counts().refused[reason]).toBe(1);
  });

  it('takes no data for the answer to engine discovery', async () => {
    const agent = await fake(() => undefined);
    const forger = await boundSocket();
    closing.push(forger);
    forger.on('message', (bytes, peer) => {
      const id = bytes.indexOf(Buffer.from([0x02, 0x04]));
      const answer = usmBytes(bytes.readInt32BE(id + 2), 0, ENGINE, '', PDU_TAG.response, forged);
      forger.send(answer, peer.port, peer.address);
    });
    const asked = session(forger.address().port, { version: 'v3', user: 'watcher' }).get([OID], OPTIONS);
    expect((await failure(asked)).reason).toBe('timeout');
    expect(agent.requests).toHaveLength(0);
    expect(sockets.counts().refused.wrong_pdu).toBe(1);
  });

  it.each([
    ['1.3.6.1.6.3.15.1.1.3.0', 'unknown user'],
    ['1.3.6.1.6.3.15.1.1.5.0', 'wrong digest: password or digest protocol'],
    ['1.3.6.1.6.3.15.1.1.1.0', 'unsupported security level'],
  ])('names the reason of report %s', async (oid, detail) => {
    const report = varbindList([[oid, SNMP_TAG.counter32, Buffer.from([1])]]);
    const agent = await v3((head, peer, self) =>
      self.send(peer, usmBytes(head.id, 0, ENGINE, '', PDU_TAG.report, report)),
    );
    const error = await failure(session(agent.port, AUTH_PRIV).get([OID], OPTIONS));
    expect(error).toMatchObject({ reason: 'security', detail });
    expect(JSON.stringify(error)).not.toMatch(/password(?! or)/);
  });

  it('refuses an answer whose digest is wrong, and says nothing of keys', async () => {
    const agent = await v3((head, peer, self) =>
      self.send(peer, usmBytes(head.id, 1, ENGINE, 'watcher', PDU_TAG.response, forged, Buffer.alloc(24, 7))),
    );
    const credential: AgentCredential = { version: 'v3', user: 'watcher', auth: AUTH_PRIV.auth! };
    const error = await failure(session(agent.port, credential).get([OID], OPTIONS));
    expect(error).toMatchObject({
      reason: 'security',
      detail: 'answer with a wrong digest',
      message: 'security: answer with a wrong digest',
    });
    expect(Object.keys(error)).toEqual(['code', 'reason', 'detail', 'oid']);
  });
});

describe('endpointKey', () => {
  it.each([
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
  ])('takes %s for %s', (left, right) => {
    expect(endpointKey(left, 161)).toBe(endpointKey(right, 161));
  });

  it('tells ports apart', () => {
    expect(endpointKey('192.0.2.1', 161)).not.toBe(endpointKey('192.0.2.1', 1161));
  });
});
