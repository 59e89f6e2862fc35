import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { flowTemplates, IpfixEncoder, NetflowV9Encoder, type FlowEncoder } from './encoders/flow-encoder';
import type { FlowRecord } from './encoders/flow-records';
import { flowsOf, makeWorld } from './flow-world';

const hasNfdump = spawnSync('nfdump', ['-V']).status === 0;
const maybe = hasNfdump ? test : test.skip;

const freePort = async (): Promise<number> => {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => void socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => void socket.close(() => resolve()));
  return port;
};

/** What nfdump reads of these datagrams, one sorted line a record. */
const readByNfdump = async (datagrams: readonly Buffer[]): Promise<string[]> => {
  const directory = mkdtempSync(join(tmpdir(), 'ascribe-nfcapd-'));
  const port = await freePort();
  const nfcapd = spawn('nfcapd', ['-w', directory, '-p', String(port), '-b', '127.0.0.1', '-t', '3600'], {
    stdio: 'ignore',
  });
  try {
    await delay(500);
    const socket = createSocket('udp4');
    for (const datagram of datagrams) {
      await new Promise<void>((resolve) => void socket.send(datagram, port, '127.0.0.1', () => resolve()));
    }
    await delay(500);
    socket.close();
    const ended = new Promise((resolve) => nfcapd.once('exit', resolve));
    nfcapd.kill('SIGTERM');
    await ended;
    const format = 'fmt:%sa %sp %da %dp %pr %byt %pkt %in %out';
    const { stdout } = spawnSync('nfdump', ['-R', directory, '-q', '-6', '-N', '-o', format], { encoding: 'utf8' });
    return stdout
      .split('\n')
      .map((line) => line.trim().replace(/\s+/g, ' '))
      .filter((line) => line !== '')
      .sort();
  } finally {
    nfcapd.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
};

maybe.each<[string, FlowEncoder<FlowRecord>]>([
  ['NetFlow v9', new NetflowV9Encoder(1, Date.now() - 3_600_000, flowTemplates('v9'))],
  ['IPFIX', new IpfixEncoder(7, flowTemplates('ipfix'))],
])('nfdump reads every %s record as it was meant', async (_name, encoder) => {
  const now = Date.now();
  const records = flowsOf(makeWorld(7, 60_000, 5), now - 60_000, 30_000);
  const data = encoder.data(records, now).map(({ bytes }) => bytes);
  const seen = await readByNfdump([encoder.templates(now), ...data]);
  const meant = records
    .map((r) => [r.src, r.srcPort, r.dst, r.dstPort, r.protocol, r.bytes, r.packets, r.inIf, r.outIf].join(' '))
    .sort();
  expect(records.length).toBeGreaterThan(200);
  expect(seen).toEqual(meant);
});
