import { createServer } from 'node:net';
import { PortInUseError } from '../../../collectors/udp/udp-errors';
import { Receiver } from './receiver';

let receiver: Receiver;

async function started(config: Record<string, unknown> = {}): Promise<Receiver> {
  receiver = new Receiver({ tcp: ['127.0.0.1:0'], ...config });
  await receiver.collector.start();
  return receiver;
}

afterEach(async () => receiver.close());

const stream = () => receiver.collector.stats().streams[0]!;

describe('syslog over TCP', () => {
  test('both framings arrive in order with their origin', async () => {
    await started();
    const socket = await receiver.connect();
    socket.write('<13>a\n5 <13>b');
    socket.end('<13>c');
    await receiver.until(() => receiver.records.length === 3);
    expect(receiver.texts).toEqual(['<13>a', '<13>b', '<13>c']);
    const { port } = receiver.collector.addresses()[0]!;
    expect(receiver.records[0]?.origin).toEqual({
      collector: 'syslog',
      source: `tcp://127.0.0.1:${port}`,
      peer: `127.0.0.1:${socket.localPort}`,
      format: 'syslog',
    });
    expect(receiver.records[2]?.origin).toBe(receiver.records[0]?.origin);
  });

  test('a line is delivered before the next comes', async () => {
    await started();
    const socket = await receiver.connect();
    socket.write('<13>a\n');
    await receiver.until(() => receiver.records.length === 1);
    expect(receiver.texts).toEqual(['<13>a']);
  });

  test('joined lines are delivered after a pause', async () => {
    await started({ join_lines: true });
    const socket = await receiver.connect();
    socket.write('<13>a\n--> b\n');
    await receiver.until(() => receiver.records.length === 1);
    expect(receiver.texts).toEqual(['<13>a\n--> b']);
  });

  test('a reset keeps what had arrived and is named', async () => {
    await started();
    const socket = await receiver.connect();
    socket.write('<13>a\n<13>unfinished');
    await receiver.until(() => receiver.records.length === 1);
    socket.resetAndDestroy();
    await receiver.until(() => receiver.records.length === 2);
    expect(receiver.texts).toEqual(['<13>a', '<13>unfinished']);
    await receiver.until(() => stream().connections.open === 0);
    expect(receiver.events).toContainEqual(
      expect.objectContaining({
        kind: 'stream_broken',
        address: '127.0.0.1',
        systemCode: 'ECONNRESET',
        connections: 1,
      }),
    );
    expect(stream()).toMatchObject({ messages: 2, broken: 1 });
  });

  test('too long a message keeps its beginning and is told', async () => {
    await started({ max_message: 2048 });
    const socket = await receiver.connect();
    socket.end(`<13>${'x'.repeat(5000)}\n<13>b\n`);
    await receiver.until(() => receiver.kinds().includes('stream_truncated'));
    expect(receiver.texts.map(({ length }) => length)).toEqual([2048, 5]);
    expect(stream()).toMatchObject({ truncated: 1, truncatedBytes: 5004 - 2048, messages: 2, messageBytes: 2053 });
  });

  test('a TLS hello is named, and nothing of it is a message', async () => {
    await started();
    const socket = await receiver.connect();
    socket.write(Buffer.from('16030100c8010000c40303', 'hex'));
    await receiver.until(() => receiver.kinds().includes('stream_tls_on_plain'));
    await receiver.until(() => stream().connections.open === 0);
    expect(receiver.records).toEqual([]);
    expect(stream()).toMatchObject({ tlsOnPlain: 1, messages: 0 });
  });

  test('a sender that is half open at the end of its data is read to the end', async () => {
    await started();
    const socket = await receiver.connect();
    socket.end('<13>a');
    await new Promise((resolve) => {
      socket.once('close', resolve);
    });
    expect(receiver.texts).toEqual(['<13>a']);
  });
});

describe('when the queue is full', () => {
  test('the sender is held back, and all arrives once there is room', async () => {
    await started();
    receiver.capacity = 10;
    const socket = await receiver.connect();
    const line = `<13>${'x'.repeat(995)}\n`;
    const total = 20_000;
    for (let i = 0; i < total; i++) socket.write(line);
    socket.end();
    await receiver.until(() => receiver.kinds().includes('stream_paused'));
    // 20 MB do not fit into the kernel's buffers: most of them wait at the sender.
    expect(socket.bytesWritten - socket.writableLength).toBeLessThan(total * line.length);
    expect(receiver.records).toHaveLength(10);
    receiver.capacity = Number.POSITIVE_INFINITY;
    await receiver.until(() => receiver.records.length === total);
    expect(stream()).toMatchObject({ messages: total, waiting: 0, undelivered: 0 });
  }, 30_000);

  test('what is not taken before the end of stop is counted', async () => {
    await started({ stop_timeout: 0 });
    receiver.capacity = 1;
    const socket = await receiver.connect();
    socket.write('<13>a\n<13>b\n<13>c\n');
    await receiver.until(() => receiver.kinds().includes('stream_paused'));
    await receiver.collector.stop();
    expect(receiver.events).toContainEqual(expect.objectContaining({ kind: 'stream_undelivered', messages: 2 }));
    expect(stream()).toMatchObject({ messages: 1, undelivered: 2, waiting: 0 });
  });
});

describe('who may connect', () => {
  test('an address that is not allowed is refused and told', async () => {
    await started({ allow: ['192.0.2.0/24'] });
    const socket = await receiver.connect();
    await new Promise((resolve) => {
      socket.once('close', resolve);
    });
    expect(receiver.events).toContainEqual(expect.objectContaining({ kind: 'stream_refused', reason: 'not_allowed' }));
    expect(stream().connections).toMatchObject({ open: 0, accepted: 0, refused: { not_allowed: 1 } });
  });

  test('one peer has a limit, the others go on', async () => {
    await started({ max_connections_per_peer: 1 });
    await receiver.connect();
    await receiver.until(() => stream().connections.open === 1);
    const second = await receiver.connect();
    await new Promise((resolve) => {
      second.once('close', resolve);
    });
    const other = await receiver.connect('tcp', '127.0.0.2');
    other.end('<13>x');
    await receiver.until(() => receiver.records.length === 1);
    expect(stream().connections.refused).toMatchObject({ too_many_of_peer: 1, too_many: 0 });
    expect(stream().senders.map(({ address, datagrams }) => [address, datagrams])).toEqual([['127.0.0.2', 1]]);
  });

  test('all together have a limit, and a connection that is over makes room', async () => {
    await started({ max_connections: 1 });
    const first = await receiver.connect();
    await receiver.until(() => stream().connections.open === 1);
    const second = await receiver.connect('tcp', '127.0.0.2');
    await new Promise((resolve) => {
      second.once('close', resolve);
    });
    expect(stream().connections.refused).toMatchObject({ too_many: 1 });
    first.end();
    await receiver.until(() => stream().connections.open === 0);
    const third = await receiver.connect();
    third.end('<13>x');
    await receiver.until(() => receiver.records.length === 1);
  });

  test('a silent connection is closed after the idle time', async () => {
    await started({ idle_timeout: 1 });
    const socket = await receiver.connect();
    socket.write('<13>a');
    await receiver.until(() => receiver.records.length === 1);
    expect(receiver.texts).toEqual(['<13>a']);
    expect(receiver.kinds()).toContain('stream_idle');
  });
});

describe('start and stop', () => {
  test('stop reads what the kernel holds and keeps an unfinished message', async () => {
    await started();
    const socket = await receiver.connect();
    socket.write(`${'<13>x\n'.repeat(50_000)}<13>unfinished`);
    await receiver.until(() => receiver.records.length > 0);
    await receiver.collector.stop();
    expect(receiver.records).toHaveLength(50_001);
    expect(receiver.texts.at(-1)).toBe('<13>unfinished');
  });

  test('stop before start and twice', async () => {
    receiver = new Receiver({ tcp: ['127.0.0.1:0'] });
    await receiver.collector.stop();
    await receiver.collector.start();
    await receiver.collector.stop();
    await receiver.collector.stop();
    expect(receiver.collector.addresses()).toEqual([]);
  });

  test('starts again after stop', async () => {
    await started();
    await receiver.collector.stop();
    await receiver.collector.start();
    const socket = await receiver.connect();
    socket.end('<13>a');
    await receiver.until(() => receiver.records.length === 1);
  });

  test('a port in use is an error that names it, and nothing stays open', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve);
    });
    const { port } = other.address() as { port: number };
    receiver = new Receiver({ udp: ['127.0.0.1:0'], tcp: ['127.0.0.1:0', `127.0.0.1:${port}`] });
    await expect(receiver.collector.start()).rejects.toThrow(PortInUseError);
    expect(receiver.collector.addresses()).toEqual([]);
    await new Promise((resolve) => {
      other.close(resolve);
    });
    await receiver.collector.start();
    expect(receiver.collector.addresses()).toHaveLength(3);
  });

  test('UDP and TCP together, IPv6 too', async () => {
    await started({ udp: ['127.0.0.1:0'], tcp: ['127.0.0.1:0', '[::1]:0'] });
    expect(receiver.collector.addresses().map(({ protocol, address }) => `${protocol} ${address}`)).toEqual([
      'udp 127.0.0.1',
      'tcp 127.0.0.1',
      'tcp ::1',
    ]);
  });
});
