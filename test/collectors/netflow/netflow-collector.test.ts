import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { parse } from 'yaml';
import type { RawRecord } from '../../../collectors/contract';
import { NetflowCollector } from '../../../collectors/netflow/netflow-collector';
import { netflowConfig } from '../../../collectors/netflow/netflow-config';
import { netflowType } from '../../../collectors/netflow/netflow-type';

const never = new AbortController().signal;

describe('netflow configuration', () => {
  test('everything has a default', () => {
    const settings = netflowConfig.parse({});
    expect(settings.listen).toEqual([
      { address: '0.0.0.0', port: 2055, optional: false },
      { address: '::', port: 2055, optional: true },
    ]);
    expect(settings).toMatchObject({ receiveBufferBytes: 16 * 1024 * 1024, refusedSampleBytes: 0 });
    expect(settings.allow.allows('203.0.113.9')).toBe(true);
  });

  test('the example of the declaration is accepted', () => {
    const settings = netflowType.config.parse(parse(netflowType.example));
    expect(settings.receiveBufferBytes).toBe(16_777_216);
    expect(settings.allow.allows('192.0.2.9')).toBe(true);
    expect(settings.allow.allows('198.51.100.9')).toBe(false);
  });

  test.each([
    ['unknown key', { port: 2055 }, ''],
    ['no listener', { listen: [] }, 'listen'],
    ['a name', { listen: ['collector:2055'] }, 'listen'],
    ['a bad rule', { allow: ['10.0.0.0/40'] }, 'allow'],
    ['a bad size', { receive_buffer: '16MB?' }, 'receive_buffer'],
    ['a small buffer', { receive_buffer: '4KiB' }, 'receive_buffer'],
    ['a large sample', { refused_sample: 9000 }, 'refused_sample'],
  ])('refuses %s and says where', (_name, written, path) => {
    const { error } = netflowConfig.safeParse(written);
    expect(error?.issues[0]?.path.join('.')).toBe(path);
  });
});

describe('NetflowCollector', () => {
  test('delivers datagrams as flow records and counts them by exporter', async () => {
    const records: RawRecord[] = [];
    const collector = new NetflowCollector(
      netflowConfig.parse({ listen: ['127.0.0.1:0', '127.0.0.1:0'], receive_buffer: '64KiB', allow: ['127.0.0.1'] }),
      { offer: (batch) => records.push(...batch) && batch.length, emit: () => undefined, now: () => 42 },
    );
    await collector.start();
    const port = collector.addresses()[0]!.port;
    const socket = createSocket('udp4');
    await new Promise((resolve) => {
      socket.send(Buffer.from([0, 9, 1, 2]), port, '127.0.0.1', resolve);
    });
    await collector.stop();
    socket.close();
    expect(records).toMatchObject([{ origin: { collector: 'netflow', format: 'flow' }, receivedAt: 42 }]);
    expect(collector.stats()).toMatchObject([
      {
        listener: `udp://127.0.0.1:${port}`,
        received: 1,
        receivedBytes: 4,
        refused: 0,
        dropped: 0,
        buffer: { requestedBytes: 65_536 },
        senders: [{ address: '127.0.0.1', datagrams: 1, bytes: 4, firstSeen: 42, lastSeen: 42 }],
      },
    ]);
    expect(structuredClone(collector.stats())).toEqual(collector.stats());
  });

  test('a datagram larger than a jumbo frame comes whole', async () => {
    const settings = netflowConfig.parse({ listen: ['127.0.0.1:0'], receive_buffer: '1MiB' });
    const records: RawRecord[] = [];
    const offer = (batch: readonly RawRecord[]): number => records.push(...batch) && batch.length;
    const collector = new NetflowCollector(settings, { offer, emit: () => undefined, now: () => 42 });
    await collector.start();
    const socket = createSocket('udp4');
    const bytes = randomBytes(60_000);
    await new Promise((resolve) => {
      socket.send(bytes, collector.addresses()[0]!.port, '127.0.0.1', resolve);
    });
    await collector.stop();
    socket.close();
    expect(records.map((record) => Buffer.compare(record.bytes, bytes))).toEqual([0]);
  });

  test('the probe says that a port can be opened, and that it cannot', async () => {
    const holder = createSocket('udp4');
    await new Promise<void>((resolve) => {
      holder.bind(0, '127.0.0.1', resolve);
    });
    const { port } = holder.address();
    const settings = netflowConfig.parse({ listen: [`127.0.0.1:${port}`], receive_buffer: '64KiB' });
    expect(await netflowType.probe(settings, never)).toMatchObject([
      { severity: 'error', text: expect.stringContaining(`udp port ${port} on 127.0.0.1 is in use`) },
    ]);
    await new Promise<void>((resolve) => {
      holder.close(resolve);
    });
    expect(await netflowType.probe(settings, never)).toEqual([
      { severity: 'ok', text: `udp://127.0.0.1:${port} can be opened` },
    ]);
  });

  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux('the probe warns of a clamped buffer and says what to set', async () => {
    const settings = netflowConfig.parse({ listen: ['127.0.0.1:0'], receive_buffer: '1GiB' });
    expect(await netflowType.probe(settings, never)).toMatchObject([
      { severity: 'ok' },
      { severity: 'warning', text: expect.stringMatching(/not 1073741824; set net\.core\.rmem_max=1073741824$/) },
    ]);
  });

  test('the probe says when the host lacks a family', async () => {
    const listen = [
      { address: '127.0.0.1', port: 0, optional: false },
      { address: '2001:db8::77', port: 0, optional: true },
    ];
    const settings = { ...netflowConfig.parse({ receive_buffer: '64KiB' }), listen };
    expect(await netflowType.probe(settings, never)).toMatchObject([
      { severity: 'ok' },
      { severity: 'warning', text: '2001:db8::77 is left out: this host lacks that address family' },
    ]);
  });

  test('an aborted probe opens nothing', async () => {
    const settings = netflowConfig.parse({ listen: ['127.0.0.1:0'] });
    expect(await netflowType.probe(settings, AbortSignal.abort())).toMatchObject([{ severity: 'error' }]);
  });
});
