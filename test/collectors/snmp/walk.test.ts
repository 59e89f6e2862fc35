import { AgentSession } from '../../../collectors/snmp/adapter/agent-session';
import { SharedSockets } from '../../../collectors/snmp/adapter/shared-sockets';
import { AnswerSize } from '../../../collectors/snmp/answer-size';
import { PDU_TAG } from '../../../collectors/snmp/adapter/message-head';
import { readTable, walk, type WalkLimits } from '../../../collectors/snmp/walk';
import { EMPTY, FakeAgent, FakeTable, integerTable, type FakeRequest, type FakeVarbind } from './fake-agent';

const COLUMNS = ['1.3.6.1.2.1.2.2.1.1', '1.3.6.1.2.1.2.2.1.2', '1.3.6.1.2.1.2.2.1.10'];

const LIMITS: WalkLimits = {
  context: '',
  maxRepetitions: 50,
  rowCap: 10_000,
  byteCap: 10_000_000,
  deadlineMs: 5000,
  signal: new AbortController().signal,
};

let sockets: SharedSockets;
let agent: FakeAgent | undefined;

beforeEach(async () => {
  sockets = new SharedSockets(65_536);
  await sockets.open();
});

afterEach(async () => {
  agent?.close();
  agent = undefined;
  await sockets.close();
});

async function sessionOf(
  behave: (request: FakeRequest, agent: FakeAgent) => void,
  version: 'v1' | 'v2c' = 'v2c',
  timeoutMs = 500,
): Promise<AgentSession> {
  agent = await FakeAgent.open(behave);
  const credential = { version, community: 'walker' };
  return new AgentSession({ address: '127.0.0.1', port: agent.port, credential, timeoutMs, retries: 0 }, sockets);
}

describe.each(['v1', 'v2c'] as const)('%s', (version) => {
  it('reads all columns to their end and not beyond', async () => {
    const table = new FakeTable([
      ...integerTable(COLUMNS, 70),
      ...integerTable(['1.3.6.1.2.1.2.2.1.11', '1.3.6.1.2.1.2.2.2'], 3),
    ]);
    const session = await sessionOf((request, self) => self.answer(request, table.successors(request)), version);
    const read = await readTable(session, COLUMNS, LIMITS);
    expect(read).toMatchObject({ complete: true, reason: '', answered: true });
    for (const root of COLUMNS) {
      const rows = read.varbinds.filter(([oid]) => oid.startsWith(`${root}.`));
      expect(rows).toEqual(Array.from({ length: 70 }, (_, row) => [`${root}.${row + 1}`, 2, row + 1]));
    }
    expect(read.varbinds).toHaveLength(210);
  });
});

it('asks for several columns and rows in one request', async () => {
  const table = new FakeTable(integerTable(COLUMNS, 20));
  const session = await sessionOf((request, self) => self.answer(request, table.successors(request)));
  await readTable(session, COLUMNS, LIMITS);
  expect(agent!.requests[0]).toMatchObject({ pduTag: PDU_TAG.getBulk, oids: COLUMNS, repetitions: 20 });
  expect(agent!.requests).toHaveLength(2);
});

it('ends a version 1 walk where the agent says noSuchName', async () => {
  const rows = integerTable(COLUMNS, 2);
  const table = new FakeTable(rows);
  const session = await sessionOf((request, self) => {
    const found = table.successors(request);
    const missing = found.findIndex(([, tag]) => tag === 0x82);
    if (missing === -1) return self.answer(request, found);
    const echo = request.oids.map((oid): FakeVarbind => [oid, 5, EMPTY]);
    self.answer(request, echo, { status: 2, index: missing + 1 });
  }, 'v1');
  const read = await readTable(session, COLUMNS, LIMITS);
  expect(read).toMatchObject({ complete: true, reason: '' });
  expect(read.varbinds).toHaveLength(6);
});

describe('agents that misbehave', () => {
  it('leaves a column whose OID stands still, and reads the others', async () => {
    const table = new FakeTable(integerTable(COLUMNS, 9));
    const session = await sessionOf((request, self) => {
      const found = table
        .successors(request)
        .map((varbind): FakeVarbind =>
          varbind[0].startsWith(`${COLUMNS[1]}.`) ? [`${COLUMNS[1]}.3`, 2, Buffer.from([3])] : varbind,
        );
      self.answer(request, found);
    });
    const read = await readTable(session, COLUMNS, LIMITS);
    expect(read).toMatchObject({ complete: false, reason: 'oid_not_increasing', detail: COLUMNS[1] });
    expect(read.varbinds.filter(([oid]) => oid.startsWith(`${COLUMNS[2]}.`))).toHaveLength(9);
    expect(read.varbinds.filter(([oid]) => oid.startsWith(`${COLUMNS[1]}.`))).toHaveLength(1);
  });

  it('ends a walk that goes round', async () => {
    let turn = 0;
    const root = COLUMNS[0]!;
    const session = await sessionOf((request, self) => {
      turn += 1;
      self.answer(request, [
        [`${root}.${(turn % 3) + 1}`, 2, Buffer.from([turn])],
        [`${root}.${(turn % 3) + 2}`, 2, Buffer.from([turn])],
      ]);
    });
    const read = await readTable(session, [root], LIMITS);
    expect(read.reason).toBe('oid_not_increasing');
    expect(agent!.requests.length).toBeLessThan(5);
  });

  it('refuses a prefix of the OID it asked for', async () => {
    const session = await sessionOf((request, self) =>
      self.answer(request, [['1.3.6.1.2.1.2.2', 2, Buffer.from([1])]]),
    );
    expect((await readTable(session, [COLUMNS[0]!], LIMITS)).reason).toBe('oid_not_increasing');
  });

  it('keeps half a table when the agent falls silent', async () => {
    const table = new FakeTable(integerTable(COLUMNS, 60));
    const session = await sessionOf(
      (request, self) => {
        if (self.requests.length < 3) self.answer(request, table.successors(request));
      },
      'v2c',
      100,
    );
    const read = await readTable(session, COLUMNS, LIMITS);
    expect(read).toMatchObject({ complete: false, reason: 'timeout', answered: true });
    expect(read.varbinds).toHaveLength(60 + 90);
    // It tried smaller requests before it gave up.
    expect(agent!.requests.map(({ repetitions }) => repetitions)).toEqual([20, 30, 45, 15, 5, 1]);
  });

  it('asks for less after tooBig, and remembers', async () => {
    const table = new FakeTable(integerTable(COLUMNS, 12));
    const session = await sessionOf((request, self) => {
      const found = table.successors(request);
      if (found.length > 10) self.answer(request, [], { status: 1 });
      else self.answer(request, found);
    });
    const size = new AnswerSize();
    const read = await readTable(session, COLUMNS, LIMITS, size);
    expect(read).toMatchObject({ complete: true });
    expect(read.varbinds).toHaveLength(36);
    expect(size.varbinds).toBeLessThanOrEqual(20);
  });

  it('gives up on an agent for which one varbind is too big', async () => {
    const session = await sessionOf((request, self) => self.answer(request, [], { status: 1 }));
    const read = await readTable(session, COLUMNS, LIMITS);
    expect(read).toMatchObject({ complete: false, reason: 'agent_error', detail: 'tooBig' });
  });

  it('follows an agent that cuts its answers', async () => {
    const table = new FakeTable(integerTable(COLUMNS, 40));
    const session = await sessionOf((request, self) => self.answer(request, table.successors(request, 10)));
    const read = await readTable(session, COLUMNS, LIMITS);
    expect(read.complete).toBe(true);
    expect(new Set(read.varbinds.map(([oid]) => oid)).size).toBe(120);
    expect(read.varbinds).toHaveLength(120);
  });

  it('ends on an empty answer', async () => {
    const session = await sessionOf((request, self) => self.answer(request, []));
    expect(await readTable(session, COLUMNS, LIMITS)).toMatchObject({ reason: 'agent_error', detail: 'empty answer' });
  });

  it('leaves the column that an error blames', async () => {
    const table = new FakeTable(integerTable(COLUMNS, 4));
    const session = await sessionOf((request, self) => {
      const at = request.oids.findIndex((oid) => oid.startsWith(COLUMNS[1]!));
      const echo = request.oids.map((oid): FakeVarbind => [oid, 5, EMPTY]);
      if (at === -1) self.answer(request, table.successors(request));
      else self.answer(request, echo, { status: 5, index: at + 1 });
    });
    const read = await readTable(session, COLUMNS, LIMITS);
    expect(read).toMatchObject({ complete: false, reason: 'agent_error', detail: 'genErr' });
    expect(read.varbinds).toHaveLength(8);
  });

  it('does not try again when nothing was ever answered', async () => {
    const session = await sessionOf(() => undefined, 'v2c', 50);
    expect(await readTable(session, COLUMNS, LIMITS)).toMatchObject({ reason: 'timeout', answered: false });
    expect(agent!.requests).toHaveLength(1);
  });
});

describe('bounds', () => {
  const endless = (request: FakeRequest, self: FakeAgent): void => {
    const rows: FakeVarbind[] = [];
    let last = Number(request.oids[0]!.slice(COLUMNS[0]!.length + 1) || 0);
    for (let row = 0; row < request.repetitions; row += 1) {
      last += 1;
      rows.push([`${COLUMNS[0]}.${last}`, 4, Buffer.alloc(20)]);
    }
    self.answer(request, rows);
  };

  it.each([
    ['row_cap', { rowCap: 300 }, 300],
    ['byte_cap', { byteCap: 20_000 }, 278],
  ] as const)('stops at the %s with what it has', async (reason, bound, least) => {
    const session = await sessionOf(endless);
    const read = await readTable(session, [COLUMNS[0]!], { ...LIMITS, ...bound });
    expect(read).toMatchObject({ complete: false, reason });
    expect(read.varbinds.length).toBeGreaterThanOrEqual(least);
    expect(read.varbinds.length).toBeLessThan(least + 60);
  });

  it('stops at the deadline with what it has', async () => {
    const session = await sessionOf(endless);
    const read = await readTable(session, [COLUMNS[0]!], {
      ...LIMITS,
      deadlineMs: 60,
      rowCap: Infinity,
      byteCap: Infinity,
    });
    expect(read).toMatchObject({ complete: false, reason: 'deadline' });
    expect(read.varbinds.length).toBeGreaterThan(0);
  });

  it('stops when it is told to, between two answers', async () => {
    const session = await sessionOf(endless);
    const stop = new AbortController();
    const steps = walk(session, [COLUMNS[0]!], { ...LIMITS, signal: stop.signal });
    expect((await steps.next()).done).toBe(false);
    stop.abort();
    expect(await steps.next()).toEqual({
      done: true,
      value: { complete: false, reason: 'cancelled', detail: '', answered: true },
    });
  });
});
