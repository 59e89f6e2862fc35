import type { RawRecord } from '../../../collectors/contract';
import { SharedSockets } from '../../../collectors/snmp/adapter/shared-sockets';
import { Breaker } from '../../../collectors/polling/breaker';
import { planOf } from '../../../collectors/snmp/poller/device-plan';
import { DEVICE_CLASSES, TABLE_PLANS, type TableName } from '../../../collectors/snmp/poller/device-plans.data';
import { vlanContexts } from '../../../collectors/snmp/poller/device-vlans';
import { DueQueue } from '../../../collectors/polling/due-queue';
import { Lane } from '../../../collectors/polling/lane';
import { PolledDevice } from '../../../collectors/snmp/poller/polled-device';
import { RecordOutlet } from '../../../collectors/polling/record-outlet';
import { SnmpPoller } from '../../../collectors/snmp/poller/snmp-poller';
import { TableSchedule } from '../../../collectors/snmp/poller/table-schedule';
import type { SnmpEvent } from '../../../collectors/snmp/snmp-events';
import { SNMP_TAG, type SnmpTableRecord } from '../../../collectors/snmp/snmp-record';
import type { DeviceSettings, SnmpSettings } from '../../../collectors/snmp/snmp-settings';
import { FakeAgent, FakeTable, integerTable, type FakeRequest, type FakeVarbind } from './fake-agent';

const SECRET = 'the-community';
const NEVER = new AbortController().signal;
const NO_TABLES = Object.fromEntries(DEVICE_CLASSES.generic.map((name) => [name, 0]));

function deviceSettings(port: number, periods: Partial<Record<TableName, number>>, more = {}): DeviceSettings {
  const identity = { name: 'sw1', address: '127.0.0.1', port, deviceClass: 'generic', credential: 'read' } as const;
  return { ...identity, periods: { ...NO_TABLES, ...periods }, contexts: [], timeoutMs: 500, retries: 0, ...more };
}

function settingsOf(devices: readonly DeviceSettings[], more: Partial<SnmpSettings['limits']> = {}): SnmpSettings {
  return {
    devices,
    credentials: [{ name: 'read', version: 'v2c', community: 'cred:read', subnets: undefined }],
    traps: undefined,
    limits: {
      concurrency: 10,
      silentConcurrency: 2,
      maxRepetitions: 50,
      rowCap: 1000,
      byteCap: 1_000_000,
      tableDeadlineMs: 2000,
      startSpreadMs: 0,
      receiveBufferBytes: 65_536,
      ...more,
    },
    secrets: (reference) => {
      if (reference !== 'cred:read')
        throw Object.assign(new Error(`${reference} is not there`), { code: 'secret_refused' });
      return SECRET;
    },
  };
}

const agents: FakeAgent[] = [];

afterEach(() => {
  for (const agent of agents.splice(0)) agent.close();
});

async function fake(behave: (request: FakeRequest, agent: FakeAgent) => void): Promise<FakeAgent> {
  const agent = await FakeAgent.open(behave);
  agents.push(agent);
  return agent;
}

const SYSTEM = new FakeTable([
  ['1.3.6.1.2.1.1.3.0', SNMP_TAG.timeTicks, Buffer.from([9])],
  ['1.3.6.1.2.1.1.5.0', SNMP_TAG.octetString, Buffer.from('sw1')],
  ...integerTable(['1.3.6.1.2.1.2.2.1.8'], 3),
]);

function tables(records: readonly RawRecord[]): SnmpTableRecord[] {
  return records.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()) as SnmpTableRecord);
}

describe('PolledDevice', () => {
  let sockets: SharedSockets;
  let records: RawRecord[];
  let events: SnmpEvent[];
  let clock: number;

  beforeEach(async () => {
    sockets = new SharedSockets(65_536);
    await sockets.open();
    records = [];
    events = [];
    clock = 1000;
  });

  afterEach(() => sockets.close());

  function device(settings: DeviceSettings): PolledDevice {
    const offer = (batch: readonly RawRecord[]): number => {
      records.push(...batch);
      return batch.length;
    };
    return new PolledDevice(settings, {
      settings: settingsOf([settings]),
      sockets,
      outlet: new RecordOutlet(offer, 0),
      emit: (event) => events.push(event),
      now: () => 1_764_000_000_000,
      clock: () => clock,
    });
  }

  it('makes one record of each table that is due', async () => {
    const agent = await fake((request, self) => self.answer(request, SYSTEM.successors(request)));
    const one = device(deviceSettings(agent.port, { system: 60, ifTable: 600 }));
    expect(one.due).toBe(1000);
    await one.visit(NEVER);
    const origin = { collector: 'snmp', source: 'sw1', peer: `127.0.0.1:${agent.port}`, format: 'snmp' };
    expect(records.map((record) => record.origin)).toEqual([origin, origin]);
    const [system, interfaces] = tables(records);
    expect(system).toMatchObject({
      kind: 'table',
      table: 'system',
      roots: TABLE_PLANS.system.roots,
      deviceClass: 'generic',
      version: 'v2c',
      complete: true,
      reason: '',
      engineId: '',
      context: '',
      startedAt: 1_764_000_000_000,
      varbinds: [
        ['1.3.6.1.2.1.1.3.0', 67, 9],
        ['1.3.6.1.2.1.1.5.0', 4, '737731'],
      ],
    });
    expect(interfaces?.varbinds).toHaveLength(3);
    expect(one.status()).toMatchObject({ state: 'answering', tablesComplete: 2, tablesIncomplete: 0, failures: 0 });
    // The next one is due after the shorter period, give or take a twentieth.
    expect(Math.abs(one.due - 61_000)).toBeLessThanOrEqual(3000);
    expect(JSON.stringify([records, events, one.status()])).not.toContain(SECRET);
  });

  it.each([
    ['the interfaces when ifTableLastChange moves', { ifTable: 86_400, ifChanges: 60, system: 86_400 }, 5, 99],
    ['everything when the device has restarted', { ifTable: 86_400, ifChanges: 86_400, system: 60 }, 5, 4],
  ])('reads again %s', async (_name, periods, before, after) => {
    let upTime = 77;
    let lastChange = before;
    const serve = (): FakeTable =>
      new FakeTable([
        ['1.3.6.1.2.1.1.3.0', SNMP_TAG.timeTicks, Buffer.from([upTime])],
        ['1.3.6.1.2.1.31.1.5.0', SNMP_TAG.timeTicks, Buffer.from([lastChange])],
        ...integerTable(['1.3.6.1.2.1.2.2.1.8'], 3),
      ]);
    const agent = await fake((request, self) => self.answer(request, serve().successors(request)));
    const one = device(deviceSettings(agent.port, periods));
    await one.visit(NEVER);
    expect(tables(records).map(({ table }) => table)).toEqual(['system', 'ifChanges', 'ifTable']);
    records.length = 0;
    clock += 70_000;
    await one.visit(NEVER);
    expect(records).toHaveLength(1);
    expect(one.due).toBeGreaterThan(clock);
    lastChange = after;
    upTime = periods.system === 60 ? 3 : 99;
    clock += 70_000;
    await one.visit(NEVER);
    expect(one.due).toBe(clock);
    records.length = 0;
    await one.visit(NEVER);
    expect(tables(records).map(({ table }) => table)).toContain('ifTable');
    expect(one.due).toBeGreaterThan(clock);
  });

  it('is silent after a visit without an answer, tried rarely, and read again once it answers', async () => {
    let alive = false;
    const agent = await fake((request, self) => {
      if (alive)
        self.answer(
          request,
          request.pduTag === 0xa0 ? [['1.3.6.1.2.1.1.3.0', 67, Buffer.from([9])]] : SYSTEM.successors(request),
        );
    });
    const one = device(deviceSettings(agent.port, { system: 60 }, { timeoutMs: 700 }));
    await one.visit(NEVER);
    expect(one.silent).toBe(true);
    expect(tables(records)).toMatchObject([{ complete: false, reason: 'timeout', varbinds: [] }]);
    const first = one.due - clock;
    await one.visit(NEVER);
    expect(one.due - clock).toBeGreaterThan(first);
    alive = true;
    await one.visit(NEVER);
    expect(one.silent).toBe(false);
    expect(records).toHaveLength(1);
    await one.visit(NEVER);
    expect(tables(records)[1]).toMatchObject({ complete: true });
    expect(events).toEqual([
      { kind: 'snmp_device_silent', device: 'sw1', reason: 'timeout', detail: '' },
      { kind: 'snmp_device_answers', device: 'sw1', failures: 2 },
    ]);
  });

  it('passes over a table that silences the agent', async () => {
    const agent = await fake((request, self) => {
      if (request.oids.some((oid) => oid.startsWith('1.3.6.1.2.1.2.2.1'))) return;
      self.answer(
        request,
        request.pduTag === 0xa0 ? [['1.3.6.1.2.1.1.3.0', 67, Buffer.from([9])]] : SYSTEM.successors(request),
      );
    });
    const one = device(deviceSettings(agent.port, { ifTable: 60, system: 60 }, { timeoutMs: 700 }));
    await one.visit(NEVER);
    expect(tables(records).map(({ table, complete }) => [table, complete])).toEqual([
      ['system', true],
      ['ifTable', false],
    ]);
    expect(one.status()).toMatchObject({ state: 'answering', incomplete: ['ifTable'] });
    expect(one.due).toBeGreaterThan(clock);
  });

  it('reads bridge tables of every VLAN of the device', async () => {
    const vlan = TABLE_PLANS.vtpVlanTable.roots[0];
    const rows = [1, 20, 1002].map((id): FakeVarbind => [`${vlan}.1.${id}`, 2, Buffer.from([1])]);
    const table = new FakeTable(rows);
    const agent = await fake((request, self) => self.answer(request, table.successors(request)));
    const settings = deviceSettings(
      agent.port,
      { vtpVlanTable: 60, dot1dTpFdbTable: 60 },
      { contexts: ['vlan-20', 'vlan-30'] },
    );
    const one = device({
      ...settings,
      deviceClass: 'cisco-switch',
      periods: { ...zero('cisco-switch'), vtpVlanTable: 60, dot1dTpFdbTable: 60 },
    });
    await one.visit(NEVER);
    expect(tables(records).map(({ table: name, context }) => `${name} ${context}`)).toEqual([
      'vtpVlanTable ',
      'dot1dTpFdbTable ',
      'dot1dTpFdbTable vlan-20',
      'dot1dTpFdbTable vlan-30',
      'dot1dTpFdbTable vlan-1',
    ]);
    expect(new Set(agent.requests.map(({ community }) => community))).toEqual(
      new Set([SECRET, `${SECRET}@1`, `${SECRET}@20`, `${SECRET}@30`]),
    );
  });

  it('asks a device more rarely for a table it lacks', async () => {
    const agent = await fake((request, self) => self.answer(request, SYSTEM.successors(request)));
    const one = device(deviceSettings(agent.port, { lldpRemTable: 60 }));
    for (let visit = 0; visit < 3; visit += 1) {
      await one.visit(NEVER);
      clock = one.due;
    }
    expect(one.status().absent).toEqual(['lldpRemTable']);
    expect(clock).toBeGreaterThan(60_000 * 13);
    expect(tables(records)).toHaveLength(3);
  });

  it('says once that it cannot be polled without its secret', async () => {
    const settings = deviceSettings(9, { system: 60 });
    const ground = {
      settings: {
        ...settingsOf([settings]),
        credentials: [{ name: 'read', version: 'v2c', community: 'cred:none', subnets: undefined } as const],
      },
      sockets,
      outlet: new RecordOutlet(() => 1, 0),
      emit: (event: SnmpEvent) => void events.push(event),
      now: () => 0,
      clock: () => clock,
    };
    const one = new PolledDevice(settings, ground);
    await one.visit(NEVER);
    await one.visit(NEVER);
    expect(events).toEqual([{ kind: 'snmp_device_unusable', device: 'sw1', text: 'cred:none is not there' }]);
    expect(one.status()).toMatchObject({ state: 'unusable', failures: 2 });
  });

  function zero(name: keyof typeof DEVICE_CLASSES): Record<string, number> {
    return Object.fromEntries(DEVICE_CLASSES[name].map((table) => [table, 0]));
  }
});

describe('SnmpPoller', () => {
  it('reads the living while the dead time out, and stops at once', async () => {
    const living = await Promise.all(
      Array.from({ length: 6 }, () => fake((request, self) => self.answer(request, SYSTEM.successors(request)))),
    );
    const dead = await fake(() => undefined);
    const devices = [
      ...Array.from({ length: 4 }, (_, n) => ({
        ...deviceSettings(dead.port, { system: 60 }),
        name: `dead${n}`,
        timeoutMs: 5000,
      })),
      ...living.map((agent, n) => ({ ...deviceSettings(agent.port, { system: 60 }), name: `live${n}` })),
    ];
    const heard = new Set<string>();
    const poller = await new Promise<SnmpPoller>((resolve) => {
      const offer = (batch: readonly RawRecord[]): number => {
        for (const { origin } of batch) heard.add(origin.source);
        if (heard.size === living.length) setImmediate(() => resolve(made));
        return batch.length;
      };
      const made = new SnmpPoller(settingsOf(devices), { offer, emit: () => undefined, now: Date.now });
      void made.start();
    });
    expect([...heard].sort()).toEqual(living.map((_, n) => `live${n}`));
    expect(poller.stats()).toMatchObject({ running: 4, recordsTaken: 6, recordsDropped: 0 });
    await poller.stop();
    await poller.stop();
    expect(poller.stats().running).toBe(0);
  });

  it('stops before it was started', async () => {
    const poller = new SnmpPoller(settingsOf([]), { offer: () => 1, emit: () => undefined, now: Date.now });
    await poller.stop();
    expect(poller.stats().devices).toEqual([]);
  });
});

describe('RecordOutlet', () => {
  const record: RawRecord = {
    origin: { collector: 'snmp', source: 'a', peer: '', format: 'snmp' },
    receivedAt: 0,
    bytes: Buffer.alloc(7),
  };

  it('waits while the queue is full', async () => {
    let refusals = 2;
    const outlet = new RecordOutlet(() => (refusals-- > 0 ? 0 : 1), 1000);
    expect(await outlet.deliver(record, NEVER)).toBe(true);
    expect(outlet.counts).toEqual({ taken: 1, takenBytes: 7, dropped: 0 });
  });

  it('gives up in the end, and counts it', async () => {
    const outlet = new RecordOutlet(() => 0, 100);
    expect(await outlet.deliver(record, NEVER)).toBe(false);
    expect(outlet.counts).toEqual({ taken: 0, takenBytes: 0, dropped: 1 });
  });
});

describe('planOf', () => {
  it('takes periods from the device, leaves out what has none, adds what is named', () => {
    const plan = planOf('paloalto', { system: 30, ifXTable: 0, fgIpSessTable: 900 });
    const period = Object.fromEntries(plan.map(({ name, everySeconds }) => [name, everySeconds]));
    expect(period).toMatchObject({ system: 30, fgIpSessTable: 900, ifTable: TABLE_PLANS.ifTable.everySeconds });
    expect(period).not.toHaveProperty('ifXTable');
    expect(plan[0]?.name).toBe('system');
  });

  it.each(Object.entries(TABLE_PLANS))('%s walks columns that do not hold each other', (_name, { roots }) => {
    for (const root of roots) {
      expect(root).toMatch(/^1(\.\d+){3,}$/);
      expect(roots.filter((other) => other === root || other.startsWith(`${root}.`))).toEqual([root]);
    }
  });
});

describe('TableSchedule', () => {
  it('spreads first readings over a fleet', () => {
    const plan = planOf('paloalto', {});
    const first = Array.from({ length: 200 }, (_, n) => new TableSchedule(`device-${n}`, plan, 0, 10_000).next);
    for (const part of [0, 1, 2, 3]) {
      const inside = first.filter((due) => due >= part * 2500 && due < (part + 1) * 2500);
      expect(inside.length).toBeGreaterThan(25);
    }
  });
});

describe('Breaker', () => {
  it('waits longer each time, up to a quarter of an hour and a quarter of that', () => {
    const breaker = new Breaker('a');
    const waits = Array.from({ length: 12 }, () => breaker.failed());
    expect(waits[0]).toBeGreaterThan(22_000);
    expect(waits[0]).toBeLessThan(38_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1_125_000);
    expect(waits[4]!).toBeGreaterThan(waits[1]!);
    breaker.answered();
    expect(breaker.open).toBe(false);
  });
});

describe('DueQueue', () => {
  it('gives back in order of time what is due', () => {
    const queue = new DueQueue<number>();
    const dues = [5, 3, 9, 1, 7, 3, 2, 8];
    for (const due of dues) queue.push(due, due);
    const taken: number[] = [];
    for (let item = queue.take(7); item !== undefined; item = queue.take(7)) taken.push(item);
    expect(taken).toEqual([1, 2, 3, 3, 5, 7]);
    expect(queue.next).toBe(8);
    expect(queue.size).toBe(2);
  });

  it('brings forward what waits, never back, and nothing twice', () => {
    const queue = new DueQueue<string>();
    ['a', 'b', 'c', 'd', 'e'].forEach((item, i) => queue.push(10 * (i + 1), item));
    expect(queue.bring(5, 'd')).toBe(true);
    expect(queue.bring(99, 'a')).toBe(true);
    expect(queue.bring(1, 'stranger')).toBe(false);
    const taken: string[] = [];
    for (let item = queue.take(99); item !== undefined; item = queue.take(99)) taken.push(item);
    expect(taken).toEqual(['d', 'a', 'b', 'c', 'e']);
  });
});

describe('Lane', () => {
  it('runs no more at once than it is wide, all in the end', async () => {
    const lane = new Lane(3);
    let most = 0;
    let done = 0;
    await new Promise<void>((resolve) => {
      for (let task = 0; task < 10; task += 1) {
        lane.add(async () => {
          most = Math.max(most, lane.running);
          await new Promise(setImmediate);
          done += 1;
          if (done === 10) resolve();
        });
      }
      expect(lane.waiting).toBe(7);
    });
    await lane.drain();
    expect([most, done, lane.running]).toEqual([3, 10, 0]);
  });
});

describe('vlanContexts', () => {
  it('names operational VLANs that have bridge tables', () => {
    const root = '1.3.6.1.4.1.9.9.46.1.3.1.1.2';
    const varbinds = [
      [`${root}.1.100`, 2, 1],
      [`${root}.1.1`, 2, 1],
      [`${root}.1.7`, 2, 2],
      [`${root}.1.1004`, 2, 1],
      [`${root}.1.4095`, 2, 1],
    ] as const;
    expect(vlanContexts(varbinds)).toEqual(['vlan-1', 'vlan-100']);
  });
});
