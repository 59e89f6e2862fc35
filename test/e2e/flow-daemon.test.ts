import { createSocket, type Socket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { createServer, isIPv4, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { StoredRecord } from '../../collectors/contract';
import { pcapFile, udpOverV4, linkFrame, LINK } from '../collectors/import/capture-writer';
import { flowTemplates, IpfixEncoder, NetflowV9Encoder, type FlowEncoder } from '../site/encoders/flow-encoder';
import type { FlowRecord } from '../site/encoders/flow-records';
import { SeededRandom } from '../site/random';
import { flowsOf, makeWorld } from '../site/flow-world';
import { ascribe, AscribeDaemon, ascribeJson, isBuilt, waitFor } from './ascribe-process';
import { freePort, Site } from './data-directory';

/** A real `run` receives flow export, is killed, restarted, reconfigured and fed garbage. */

const here = isBuilt ? test : test.skip;

let site: Site;
let port: number;
let daemons: AscribeDaemon[];
let exporter: Socket;

beforeEach(async () => {
  site = new Site();
  port = await freePort();
  daemons = [];
  exporter = createSocket('udp4');
  await new Promise<void>((resolve) => exporter.bind(0, '127.0.0.1', resolve));
  configure(site);
});

afterEach(async () => {
  exporter.close();
  for (const daemon of daemons) await daemon.kill();
  site.remove();
});

function configure(of: Site, ports: readonly number[] = [port]): void {
  const listen = ports.map((each) => `"127.0.0.1:${each}"`).join(', ');
  of.configure(`journal: { reserve_bytes: 0B }
collectors: { netflow: [{ listen: [${listen}] }], syslog: [] }
`);
}

function newDaemon(): AscribeDaemon {
  const daemon = new AscribeDaemon(site.arguments);
  daemons.push(daemon);
  return daemon;
}

async function startDaemon(): Promise<AscribeDaemon> {
  const daemon = newDaemon();
  await daemon.ready();
  return daemon;
}

function send(datagram: Uint8Array, to = port): Promise<void> {
  return new Promise((resolve, reject) => {
    exporter.send(datagram, to, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
  });
}

interface Datagram {
  readonly bytes: Buffer;
  readonly records: number;
}

const EPOCH = Date.now() - 240_000;

/** The site's flows as two devices tell them, a template every so often; 18 records at most in each datagram. */
function datagramsOf(seed: number, seconds: number, perSecond: number): Datagram[] {
  const world = makeWorld(seed, seconds * 1000, perSecond);
  const all = flowsOf(world, EPOCH, 30_000).sort((a, b) => a.end - b.end);
  const encoders: FlowEncoder<FlowRecord>[] = [
    new NetflowV9Encoder(1, EPOCH - 3_600_000, flowTemplates('v9')),
    new IpfixEncoder(7, flowTemplates('ipfix')),
  ];
  const out: Datagram[] = [];
  const put = (encoder: FlowEncoder<FlowRecord>, records: readonly FlowRecord[], now: number): void => {
    for (const v4 of [true, false]) {
      const family = records.filter(({ src }) => isIPv4(src) === v4);
      for (const { bytes } of encoder.data(family, now)) out.push({ bytes, records: family.length });
    }
  };
  for (let i = 0; i < all.length; i += 18) {
    const part = all.slice(i, i + 18);
    const now = part.at(-1)?.end ?? EPOCH;
    for (const encoder of encoders) {
      if (i % (18 * 8) === 0) out.push({ bytes: encoder.templates(now), records: 0 });
      put(encoder, part, now);
    }
  }
  return out;
}

const keyOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The records as a capture of the same packets would hold them. */
function captureOf(records: readonly StoredRecord[]): Buffer {
  return pcapFile(
    records.map(({ origin, receivedAt, bytes }) => {
      const [source = '', sourcePort] = origin.peer.split(':');
      const packet = { source, sourcePort: Number(sourcePort), destination: '127.0.0.1', destinationPort: port };
      const frame = linkFrame(LINK.ethernet, udpOverV4({ ...packet, payload: bytes }));
      return { bytes: frame, time: BigInt(receivedAt) * 1_000_000n };
    }),
  );
}

/** Sessions without what names a place in the journal, in an order of their own. */
function sessionsOf(of: Site): string[] {
  const listed = ascribeJson(['sessions', ...of.arguments, '--limit', '100000']);
  return listed
    .map((session) => JSON.stringify(Object.entries(session).filter(([name]) => !/raw_seq|session\.id/.test(name))))
    .sort();
}

here(
  'killed ten times between and amid batches: each stored record is derived once, and the sessions are those of one import',
  async () => {
    const rounds = 10;
    const datagrams = datagramsOf(5, 120, 12);
    const recordsIn = new Map(datagrams.map(({ bytes, records }) => [keyOf(bytes), records]));
    const perRound = Math.ceil(datagrams.length / rounds);
    for (let round = 0; round < rounds; round++) {
      const daemon = await startDaemon();
      const before = site.lastSeq();
      const batch = datagrams.slice(round * perRound, (round + 1) * perRound);
      for (const { bytes } of batch) await send(bytes);
      // Every second time the batch may be cut by the kill.
      const wanted = round % 2 === 0 ? batch.length : 1;
      await waitFor(() => site.lastSeq() >= before + wanted, 20_000, 'the batch stored');
      await daemon.kill();
    }
    const last = await startDaemon();
    await site.factsMade();
    expect(await last.stop()).toBe(0);

    const records = site.records();
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i + 1));
    const keys = records.map(({ bytes }) => keyOf(bytes));
    expect(new Set(keys).size).toBe(keys.length);
    const flows = site.facts('flow');
    const perSeq = new Map<number, number>();
    for (const flow of flows) perSeq.set(Number(flow['raw_seq']), (perSeq.get(Number(flow['raw_seq'])) ?? 0) + 1);
    expect(records.map(({ seq }) => perSeq.get(seq) ?? 0)).toEqual(keys.map((key) => recordsIn.get(key)));
    expect(flows.length).toBeGreaterThan(1000);
    expect(site.facts('rejected')).toEqual([]);

    const sessions = sessionsOf(site);
    site.expectWhole();
    expect(sessionsOf(site)).toEqual(sessions);
    const imported = new Site();
    try {
      configure(imported);
      const file = join(imported.folder, 'export.pcap');
      writeFileSync(file, captureOf(records));
      const { status, stderr } = ascribe(['import', file, ...imported.arguments]);
      expect(stderr).not.toContain('not imported');
      expect(status).toBe(0);
      expect(sessionsOf(imported)).toEqual(sessions);
    } finally {
      imported.remove();
    }
  },
  240_000,
);

here(
  'garbage, truncated and empty datagrams are counted rejects whose bytes are kept, and hurt nothing beside them',
  async () => {
    const daemon = await startDaemon();
    const random = new SeededRandom(9);
    const good = datagramsOf(6, 40, 10);
    const data = good.filter(({ records }) => records > 1);
    const garbage = [
      Buffer.alloc(0),
      Buffer.from([0]),
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      ...Array.from({ length: 40 }, () =>
        Buffer.concat([
          Buffer.from([0xff]),
          Buffer.from(Array.from({ length: random.int(0, 1200) }, () => random.int(0, 255))),
        ]),
      ),
    ];
    // Cut within the first record: nothing of it can be read.
    const truncated = data.slice(0, 20).map(({ bytes }, i) => bytes.subarray(0, 4 + (i % 20)));
    const bad = [...garbage, ...truncated];
    for (let i = 0; i < Math.max(good.length, bad.length); i++) {
      const [whole, broken] = [good[i], bad[i]];
      if (whole !== undefined) await send(whole.bytes);
      if (broken !== undefined) await send(broken);
    }
    await waitFor(() => site.lastSeq() >= good.length + bad.length, 20_000, 'every datagram stored');
    await site.factsMade();
    await waitFor(() => site.status().loss.malformed >= bad.length, 60_000, 'every reject counted');
    const { loss } = site.status();
    expect(await daemon.stop()).toBe(0);

    const badKeys = bad.map(keyOf).sort();
    const rejected = site.facts('rejected');
    const bySeq = new Map(site.records().map((record) => [record.seq, record]));
    const rejectedKeys = rejected.map((row) => keyOf(bySeq.get(Number(row['raw_seq']))?.bytes ?? new Uint8Array([1])));
    expect(rejectedKeys.sort()).toEqual(badKeys);
    expect(loss).toMatchObject({ kernel: 0, queue: 0, undecoded: 0, malformed: bad.length });
    expect(site.facts('flow')).toHaveLength(good.reduce((sum, { records }) => sum + records, 0));
    site.expectWhole();
  },
  120_000,
);

here.each(['udp', 'tcp'] as const)(
  'a %s port in use: exit 1, and the message names port, protocol and process',
  async (protocol) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const taken = protocol === 'tcp' ? (server.address() as AddressInfo).port : exporter.address().port;
    const section = protocol === 'tcp' ? 'netflow: [], syslog: [{ udp: [], tcp:' : 'syslog: [], netflow: [{ listen:';
    site.configure(`collectors: { ${section} ["127.0.0.1:${taken}"] }] }\n`);
    const { status, stderr } = ascribe(['run', ...site.arguments], { timeout: 30_000 });
    await new Promise((resolve) => server.close(resolve));
    expect(stderr).toContain(`${protocol} port ${taken} on 127.0.0.1 is in use by node (process ${process.pid})`);
    expect(status).toBe(1);
  },
  60_000,
);

here(
  'a second `run` on the same data: exit 11, and the first goes on; SIGTERM ends it with 0 within seconds',
  async () => {
    const daemon = await startDaemon();
    const other = new Site();
    try {
      configure(other, [await freePort()]);
      const second = ascribe(['run', '--config', other.config, '--data', site.data], { timeout: 30_000 });
      expect(second.status).toBe(11);
      expect(second.stderr).toContain(`in use by process ${daemon.child.pid}`);
    } finally {
      other.remove();
    }
    const [first] = datagramsOf(7, 40, 2);
    await send(first?.bytes ?? Buffer.alloc(0));
    await waitFor(() => site.lastSeq() === 1, 60_000, 'the datagram stored');
    const asked = Date.now();
    expect(await daemon.stop()).toBe(0);
    expect(Date.now() - asked).toBeLessThan(30_000);
    expect(daemon.output).toContain('the journal holds 1 record');
  },
  90_000,
);

describe('SIGHUP', () => {
  const receivesOn = async (where: number): Promise<void> => {
    const before = site.lastSeq();
    // The listener may open a moment after it was announced.
    await waitFor(
      async () => {
        await send(Buffer.from('are you there?'), where);
        return site.lastSeq() > before;
      },
      60_000,
      `a datagram received on ${where}`,
    );
  };

  here(
    'with a configuration that is wrong keeps the old one; with a good one takes it up',
    async () => {
      const daemon = await startDaemon();
      await receivesOn(port);
      site.configure('collectors: { netflow: [{ listn: [1] }] }\n');
      daemon.child.kill('SIGHUP');
      await waitFor(() => daemon.output.includes('configuration not reloaded'), 60_000, 'the refusal logged');
      expect(daemon.output).toMatch(/listn/);
      await receivesOn(port);

      const next = await freePort();
      configure(site, [port, next]);
      daemon.child.kill('SIGHUP');
      await waitFor(() => daemon.output.includes('configuration reloaded'), 60_000, 'the reload logged');
      await receivesOn(next);
      await receivesOn(port);
      expect(await daemon.stop()).toBe(0);
    },
    90_000,
  );

  here(
    'with a port that is taken keeps the old listeners, and a later one with a free port is taken up',
    async () => {
      const daemon = await startDaemon();
      configure(site, [exporter.address().port]);
      daemon.child.kill('SIGHUP');
      await waitFor(() => daemon.output.includes('configuration not reloaded'), 60_000, 'the refusal logged');
      expect(daemon.output).toContain(`udp port ${exporter.address().port} on 127.0.0.1 is in use`);
      await receivesOn(port);
      const next = await freePort();
      configure(site, [next]);
      daemon.child.kill('SIGHUP');
      await waitFor(() => daemon.output.includes('configuration reloaded'), 60_000, 'the reload logged');
      await receivesOn(next);
      expect(await daemon.stop()).toBe(0);
    },
    90_000,
  );
});
