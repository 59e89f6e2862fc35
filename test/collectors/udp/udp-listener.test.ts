import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { networkInterfaces } from 'node:os';
import type { RawRecord } from '../../../collectors/contract';
import { AllowList } from '../../../collectors/udp/allow-list';
import { findPortOwner } from '../../../collectors/udp/port-owner';
import type { UdpEvent } from '../../../collectors/udp/udp-events';
import { UDP_DEFAULTS, UdpListener, type UdpListenerSettings } from '../../../collectors/udp/udp-listener';

const onLinux = process.platform === 'linux' ? test : test.skip;
const hasV6 = Object.values(networkInterfaces()).some((list) => list?.some((entry) => entry.address === '::1'));
const withV6 = hasV6 ? test : test.skip;

interface Setup {
  readonly listener: UdpListener;
  readonly records: RawRecord[];
  readonly events: UdpEvent[];
}

const open: UdpListener[] = [];

function setup(settings: Partial<UdpListenerSettings> = {}): Setup {
  const records: RawRecord[] = [];
  const events: UdpEvent[] = [];
  const listener = new UdpListener(
    {
      collector: 'netflow',
      format: 'flow',
      allow: AllowList.everyone,
      listen: [{ address: '127.0.0.1', port: 0, optional: false }],
      ...UDP_DEFAULTS,
      receiveBufferBytes: 65_536,
      ...settings,
    },
    {
      offer: (batch) => {
        // What was lost is told by the way, at any time.
        records.push(...batch.filter(({ origin }) => origin.format !== 'loss'));
        return batch.length;
      },
      emit: (event) => events.push(event),
      now: () => 1_700_000_000_000,
    },
  );
  open.push(listener);
  return { listener, records, events };
}

afterEach(async () => {
  for (const listener of open.splice(0)) await listener.stop();
});

async function send(address: string, port: number, payloads: readonly Uint8Array[]): Promise<number> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  for (const payload of payloads) {
    await new Promise<void>((resolve, reject) => {
      socket.send(payload, port, address, (error) => (error === null ? resolve() : reject(error)));
    });
  }
  const from = socket.address().port;
  await new Promise<void>((resolve) => {
    socket.close(resolve);
  });
  return from;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('did not happen in time');
    await new Promise(setImmediate);
  }
}

describe('UdpListener', () => {
  test('receives what was sent, empty and largest datagrams included', async () => {
    const { listener, records, events } = setup({ receiveBufferBytes: 1 << 20 });
    await listener.start();
    const [endpoint] = listener.addresses();
    const payloads = [Buffer.from('one'), Buffer.alloc(0), Buffer.alloc(65_507, 5)];
    const from = await send('127.0.0.1', endpoint!.port, payloads);
    await until(() => records.length === 3);
    expect(records.map((record) => Buffer.from(record.bytes))).toEqual(payloads);
    expect(records[0]).toMatchObject({
      receivedAt: 1_700_000_000_000,
      origin: {
        source: `udp://127.0.0.1:${endpoint!.port}`,
        peer: `127.0.0.1:${from}`,
        collector: 'netflow',
        format: 'flow',
      },
    });
    expect(events[0]).toMatchObject({ kind: 'udp_listening', buffer: { requestedBytes: 1 << 20 } });
    expect(listener.stats()).toMatchObject([{ received: 3, receivedBytes: 65_510, refused: 0, dropped: 0 }]);
  });

  withV6('both families on one port, each with its own socket', async () => {
    const { listener, records } = setup({ listen: [{ address: '0.0.0.0', port: 0, optional: false }] });
    await listener.start();
    const [{ port } = { port: 0 }] = listener.addresses();
    await listener.stop();
    const both = setup({
      listen: [
        { address: '0.0.0.0', port, optional: false },
        { address: '::', port, optional: true },
      ],
    });
    await both.listener.start();
    await send('127.0.0.1', port, [Buffer.from('4')]);
    await send('::1', port, [Buffer.from('6')]);
    await until(() => both.records.length === 2);
    expect(records).toEqual([]);
    expect(both.records.map((record) => record.origin.source).toSorted()).toEqual([
      `udp://0.0.0.0:${port}`,
      `udp://[::]:${port}`,
    ]);
    expect(both.records.map((record) => record.origin.peer.replace(/:\d+$/, '')).toSorted()).toEqual([
      '127.0.0.1',
      '[::1]',
    ]);
  });

  withV6('a lone IPv6 wildcard shows IPv4 peers as IPv4', async () => {
    const { listener, records } = setup({ listen: [{ address: '::', port: 0, optional: false }] });
    await listener.start();
    await send('127.0.0.1', listener.addresses()[0]!.port, [Buffer.from('x')]);
    await until(() => records.length === 1);
    expect(records[0]?.origin.peer).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  test('stop is safe before start and twice, and start works again with counters going on', async () => {
    const { listener, records } = setup();
    await listener.stop();
    await listener.start();
    await listener.start();
    const { port } = listener.addresses()[0]!;
    await send('127.0.0.1', port, [Buffer.from('a')]);
    await listener.stop();
    await listener.stop();
    expect(records.length).toBe(1);
    expect(listener.addresses()).toEqual([]);
    expect(listener.stats()).toMatchObject([{ received: 1 }]);
    const again = setup({ listen: [{ address: '127.0.0.1', port, optional: false }] });
    await again.listener.start();
    await send('127.0.0.1', port, [Buffer.from('b')]);
    await again.listener.stop();
    await again.listener.start();
    await send('127.0.0.1', port, [Buffer.from('c')]);
    await again.listener.stop();
    expect(again.listener.stats()).toMatchObject([{ received: 2, dropped: 0 }]);
  });

  test('stop during start, twice at once, and start during stop leave a working listener', async () => {
    const { listener, records } = setup();
    const starting = listener.start();
    const stops = [listener.stop(), listener.stop()];
    await Promise.all([starting, ...stops]);
    expect(listener.addresses()).toEqual([]);
    await listener.start();
    const stopping = listener.stop();
    const again = listener.start();
    await Promise.all([stopping, again]);
    const [endpoint] = listener.addresses();
    await send('127.0.0.1', endpoint!.port, [Buffer.from('x')]);
    await listener.stop();
    expect(records.length).toBe(1);
    expect(listener.addresses()).toEqual([]);
  });

  test('stop hands over what the kernel still holds', async () => {
    const { listener, records } = setup({ receiveBufferBytes: 1 << 20 });
    await listener.start();
    const { port } = listener.addresses()[0]!;
    flood(port, 300, 10);
    await listener.stop();
    expect(records.length + (listener.stats()[0]!.kernelDrops ?? 0)).toBe(300);
    expect(records.length).toBeGreaterThan(200);
  });

  onLinux('a port in use names the port, the protocol and the process', async () => {
    const { listener } = setup();
    await listener.start();
    const { port } = listener.addresses()[0]!;
    const second = setup({ listen: [{ address: '0.0.0.0', port, optional: false }] }).listener;
    await expect(second.start()).rejects.toMatchObject({
      code: 'port_in_use',
      protocol: 'udp',
      port,
      owner: { pid: process.pid },
      message: expect.stringMatching(
        new RegExp(`^udp port ${port} on 0.0.0.0 is in use by .+ \\(process ${process.pid}\\)$`),
      ),
    });
  });

  test('one address that cannot be bound closes the others', async () => {
    const { listener } = setup();
    await listener.start();
    const { port } = listener.addresses()[0]!;
    const pair = setup({
      listen: [
        { address: '127.0.0.1', port: 0, optional: false },
        { address: '127.0.0.1', port, optional: false },
      ],
    }).listener;
    await expect(pair.start()).rejects.toMatchObject({ code: 'port_in_use' });
    expect(pair.addresses()).toEqual([]);
    await listener.stop();
    await pair.start();
    expect(pair.addresses().length).toBe(2);
  });

  test('an address no interface has', async () => {
    const { listener } = setup({ listen: [{ address: '192.0.2.77', port: 0, optional: false }] });
    await expect(listener.start()).rejects.toMatchObject({ code: 'listen_address', systemCode: 'EADDRNOTAVAIL' });
  });

  test('an optional address that the host lacks is left out and told', async () => {
    const { listener, events } = setup({
      listen: [
        { address: '127.0.0.1', port: 0, optional: false },
        { address: '2001:db8::77', port: 0, optional: true },
      ],
    });
    await listener.start();
    expect(listener.addresses().length).toBe(1);
    expect(events.at(-1)).toMatchObject({ kind: 'udp_family_missing', address: '2001:db8::77' });
  });

  onLinux('a clamped receive buffer is told with the setting to raise', async () => {
    const { listener, events } = setup({ receiveBufferBytes: 1 << 30 });
    await listener.start();
    const clamped = events.find((event) => event.kind === 'udp_buffer_clamped');
    expect(clamped).toMatchObject({ sysctl: 'net.core.rmem_max', buffer: { requestedBytes: 1 << 30 } });
    expect(clamped?.buffer.effectiveBytes).toBe(clamped?.limit);
  });

  test('a buffer given in full is no event', async () => {
    const { listener, events } = setup({ receiveBufferBytes: 65_536 });
    await listener.start();
    expect(events.map((event) => event.kind)).toEqual(['udp_listening']);
    expect(listener.stats()[0]?.buffer).toEqual({ requestedBytes: 65_536, effectiveBytes: 65_536 });
  });

  onLinux('sent = received + kernel drops, exactly, with the loop blocked under a flood', async () => {
    const { listener, records } = setup({ receiveBufferBytes: 262_144 });
    await listener.start();
    const { port } = listener.addresses()[0]!;
    const sent = 20_000;
    flood(port, sent, 200);
    await until(() => records.length + listener.stats()[0]!.kernelDrops! >= sent);
    const [stats] = listener.stats();
    expect(stats!.received + stats!.kernelDrops!).toBe(sent);
    expect(stats!.kernelDrops).toBeGreaterThan(10_000);
    expect(records.length).toBe(stats!.received);
    await listener.stop();
    await listener.start();
    expect(listener.stats()[0]?.kernelDrops).toBe(stats!.kernelDrops);
  });
});

onLinux('the holder of a TCP port is found too; a free port has none', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  expect(findPortOwner('tcp', '127.0.0.1', port)).toEqual({ pid: process.pid, name: basename(process.execPath) });
  expect(findPortOwner('udp', '127.0.0.1', port)).toBeUndefined();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

/** Sends from another process while this one's event loop stands still. */
function flood(port: number, count: number, length: number): void {
  const script = `
    const socket = require('node:dgram').createSocket('udp4');
    const payload = Buffer.alloc(${length}, 1);
    let left = ${count};
    let lanes = 16;
    const next = () => {
      if (left-- > 0) socket.send(payload, ${port}, '127.0.0.1', next);
      else if (--lanes === 0) socket.close();
    };
    for (let lane = 0; lane < 16; lane += 1) next();`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', script], { timeout: 30_000 });
  if (status !== 0) throw new Error(`sender failed: ${String(stderr)}`);
}

test('what a full queue made it lose it puts into the journal once there is room, at the latest when it stops', async () => {
  const records: RawRecord[] = [];
  const queue = { isFull: true, refused: 0 };
  const offer = (batch: readonly RawRecord[]): number => {
    if (queue.isFull) queue.refused += batch.filter(({ origin }) => origin.format !== 'loss').length;
    else records.push(...batch);
    return queue.isFull ? 0 : batch.length;
  };
  const settings = { collector: 'netflow', format: 'flow', allow: AllowList.everyone } as const;
  const listen = [{ address: '127.0.0.1', port: 0, optional: false }];
  const listener = new UdpListener(
    { ...UDP_DEFAULTS, ...settings, listen },
    { offer, emit: () => {}, now: () => 5000 },
  );
  open.push(listener);
  await listener.start();
  await send('127.0.0.1', listener.addresses()[0]?.port ?? 0, [Buffer.from('a'), Buffer.from('b')]);
  while (queue.refused < 2) await new Promise(setImmediate);
  listener.reportLosses();
  queue.isFull = false;
  await listener.stop();
  const [loss] = records;
  expect(records).toHaveLength(1);
  expect(loss?.origin).toMatchObject({ collector: 'netflow', format: 'loss', peer: '' });
  expect(JSON.parse(Buffer.from(loss!.bytes).toString('utf8'))).toMatchObject({
    v: 1,
    format: 'flow',
    queue: 2,
    since: 5000,
  });
});
