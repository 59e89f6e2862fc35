import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { Certificates, fingerprintOf, HAS_OPENSSL } from '../collectors/syslog/certificates';
import { STRANGERS, type Sending } from '../collectors/syslog/strangers';
import { AscribeDaemon, isBuilt, waitFor } from './ascribe-process';
import { freePort, Site } from './data-directory';

/** A real `run` receives syslog: what was sent is stored or counted as dropped, through restarts and kills. */

const here = isBuilt ? test : test.skip;
const logger = isBuilt && spawnSync('logger', ['--version']).status === 0 ? test : test.skip;
const tls = isBuilt && HAS_OPENSSL ? test : test.skip;

let site: Site;
let port: number;
let daemons: AscribeDaemon[];
let sending: Sending | undefined;

beforeEach(async () => {
  site = new Site();
  port = await freePort();
  daemons = [];
  configure();
});

afterEach(async () => {
  await sending?.stop();
  sending = undefined;
  for (const daemon of daemons) await daemon.kill();
  site.remove();
});

function configure(more = ''): void {
  const listen = `"127.0.0.1:${port}"`;
  site.configure(`journal: { reserve_bytes: 0B, rotate_bytes: 1MiB }
collectors: { netflow: [], syslog: [{ udp: [${listen}], tcp: [${listen}]${more} }] }
`);
}

async function startDaemon(): Promise<AscribeDaemon> {
  const daemon = new AscribeDaemon(site.arguments);
  daemons.push(daemon);
  await daemon.ready();
  return daemon;
}

const texts = (): string[] => site.records().map(({ bytes }) => Buffer.from(bytes).toString('latin1'));

/** The numbers of the numbered messages in the journal, in its order. */
const numbers = (): number[] => texts().map((text) => Number(/number (\d+) of \d+\s*$/.exec(text)?.[1]));

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const numbered = (count: number): string[] =>
  upTo(count).map((i) => `<134>Nov 24 02:00:00 fw1 app: number ${i} of ${count}`);

async function open(): Promise<Socket> {
  const socket = connectTcp({ host: '127.0.0.1', port });
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  return socket;
}

/** Datagrams that the kernel or the full queue lost, as the daemon counted them at its end. */
function dropped(): number {
  const { kernel, queue } = site.status().loss;
  return kernel + queue;
}

const COUNT = 3000;

logger.each([
  ['UDP', ['-d']],
  ['TCP, lines', ['-T']],
  ['TCP, octet counting', ['-T', '--octet-count']],
])(
  'logger over %s: sent = stored + counted drops',
  async (name, how) => {
    const daemon = await startDaemon();
    const file = join(site.folder, 'lines');
    writeFileSync(
      file,
      upTo(COUNT)
        .map((i) => `number ${i} of ${COUNT}\n`)
        .join(''),
    );
    const to = ['-n', '127.0.0.1', '-P', String(port), '--rfc5424=notime,nohost', '-t', 'stranger'];
    const sent = spawnSync('logger', [...to, ...how, '-f', file], { encoding: 'utf8' });
    expect(sent.stderr).toBe('');
    if (name !== 'UDP') await waitFor(() => site.lastSeq() >= COUNT, 20_000, 'every message stored');
    expect(await daemon.stop()).toBe(0);
    const stored = numbers();
    expect(stored.length + dropped()).toBe(COUNT);
    // UDP over loopback keeps the order too.
    expect(stored).toEqual(dropped() === 0 ? upTo(COUNT) : stored.toSorted((a, b) => a - b));
    expect(new Set(site.records().map(({ origin }) => origin.source))).toEqual(
      new Set([`${name === 'UDP' ? 'udp' : 'tcp'}://127.0.0.1:${port}`]),
    );
  },
  60_000,
);

tls(
  'TLS with a client certificate: all stored with the identity of the client; another client is refused',
  async () => {
    const authority = new Certificates();
    try {
      const server = authority.issue('server', 'collector', 'DNS:localhost, IP:127.0.0.1');
      const client = authority.issue('client', 'fw1.example', 'DNS:fw1.example');
      const other = authority.issue('other', 'intruder.example', 'DNS:intruder.example');
      const tlsPort = await freePort();
      configure(
        `, tls: { listen: ["127.0.0.1:${tlsPort}"], cert: "${server.cert}", key: "${server.key}", ca: "${authority.ca}", clients: ["fw1.example"] }`,
      );
      const daemon = await startDaemon();
      const send = ({ cert, key }: typeof client): Promise<void> =>
        new Promise((resolve) => {
          const files = { ca: readFileSync(authority.ca), cert: readFileSync(cert), key: readFileSync(key) };
          const socket = connectTls({ host: '127.0.0.1', port: tlsPort, servername: 'localhost', ...files });
          socket.on('error', () => undefined);
          socket.once('close', () => resolve());
          socket.end(
            numbered(COUNT)
              .map((line) => `${line.length} ${line}`)
              .join(''),
          );
          socket.resume();
        });
      await send(other);
      await send(client);
      await waitFor(() => site.lastSeq() >= COUNT, 20_000, 'every message stored');
      expect(await daemon.stop()).toBe(0);
      expect(numbers()).toEqual(upTo(COUNT));
      const identity = `tls://127.0.0.1:${tlsPort}#name=fw1.example&sha256=${fingerprintOf(client.cert)}`;
      expect(new Set(site.records().map(({ origin }) => origin.source))).toEqual(new Set([identity]));
      expect(daemon.output).toContain('intruder.example');
    } finally {
      authority.remove();
    }
  },
  60_000,
);

here(
  'a connection built and torn down is one pair: addresses, NAT, bytes and the direction of the first at the second',
  async () => {
    const daemon = await startDaemon();
    const socket = await open();
    const ends = 'for outside:203.0.113.10/443';
    socket.write(
      `<166>Nov 24 2026 02:00:00 fw1 : %ASA-6-302013: Built outbound TCP connection 1000 ${ends} (203.0.113.10/443) to inside:10.20.1.10/50000 (198.51.100.1/20000)\n`,
    );
    socket.end(
      `<166>Nov 24 2026 02:00:20 fw1 : %ASA-6-302014: Teardown TCP connection 1000 ${ends} to inside:10.20.1.10/50000 duration 0:00:20 bytes 4321 TCP FINs\n`,
    );
    await waitFor(() => site.lastSeq() >= 2, 20_000, 'both messages stored');
    await site.factsMade();
    expect(await daemon.stop()).toBe(0);
    const both = {
      parser: 'cisco_asa',
      device: 'fw1',
      session_key: '1000',
      protocol: 6n,
      src_ip: '10.20.1.10',
      src_port: 50_000n,
      nat_src_ip: '198.51.100.1',
      nat_src_port: 20_000n,
      dst_ip: '203.0.113.10',
      dst_port: 443n,
      ingress_interface: 'inside',
      egress_interface: 'outside',
      start: BigInt(Date.UTC(2026, 10, 24, 2)),
    };
    expect(site.facts('session_log')).toMatchObject([
      { ...both, raw_seq: 1n, code: '302013', direction_source: 'stated', bytes: null, end: null },
      {
        ...both,
        raw_seq: 2n,
        code: '302014',
        direction_source: 'joined',
        bytes: 4321n,
        end: BigInt(Date.UTC(2026, 10, 24, 2, 0, 20)),
        reason: 'TCP FINs',
      },
    ]);
    expect(site.facts('rejected')).toEqual([]);
  },
  60_000,
);

here(
  'stopped and started in the middle of a stream: what the connection had taken is stored, once and in order',
  async () => {
    const rounds = 4;
    const lines = numbered(rounds * 1000);
    for (let round = 0; round < rounds; round++) {
      const daemon = await startDaemon();
      const socket = await open();
      const written = new Promise((resolve) => {
        const part = lines.slice(round * 1000, (round + 1) * 1000);
        socket.write(part.map((line) => `${line}\n`).join(''), resolve);
      });
      await written;
      // Nothing is waited for: what the daemon has not read yet, it reads before it ends.
      expect(await daemon.stop()).toBe(0);
      socket.destroy();
    }
    expect(numbers()).toEqual(upTo(rounds * 1000));
    site.expectWhole();
  },
  90_000,
);

describe.each(['rsyslog', 'syslog-ng'])('%s', (name) => {
  const stranger = STRANGERS.find((each) => each.name === name);
  const present = isBuilt && stranger !== undefined ? test : test.skip;

  present(
    'sends on when the daemon is restarted: every message at least once',
    async () => {
      let daemon = await startDaemon();
      const total = 30_000;
      const lines = upTo(total).map((i) => `number ${i} of ${total}`);
      sending = stranger?.send(lines, { port, transport: 'tcp-counted' });
      for (const part of [3000, 12_000]) {
        await waitFor(() => site.lastSeq() > part, 30_000, `${part} messages stored`);
        expect(await daemon.stop()).toBe(0);
        daemon = await startDaemon();
      }
      await waitFor(() => site.lastSeq() >= total, 60_000, 'every message stored');
      await waitFor(() => new Set(numbers()).size >= total, 30_000, 'every number stored');
      expect(await daemon.stop()).toBe(0);
      site.expectWhole();
    },
    180_000,
  );
});

/** Writes numbered lines as fast as they are taken until the connection breaks. */
function stream(socket: Socket, label: string): void {
  let next = 0;
  const write = (): void => {
    while (!socket.destroyed) {
      const lines = upTo(50).map(
        (i) => `<134>Nov 24 02:00:00 fw1 app: ${label} message ${next + i} ${'x'.repeat(100)}\n`,
      );
      next += 50;
      if (!socket.write(lines.join(''))) break;
    }
  };
  socket.on('drain', write);
  write();
}

here(
  'killed ten times in the middle of TCP streams: no stored record is lost, none is doubled, each connection keeps its order',
  async () => {
    const rounds = 10;
    const connections = 2;
    for (let round = 0; round < rounds; round++) {
      const daemon = await startDaemon();
      const before = site.lastSeq();
      const sockets = await Promise.all(upTo(connections).map(open));
      sockets.forEach((socket, i) => stream(socket, `round ${round} connection ${i}`));
      await waitFor(() => site.lastSeq() >= before + 300 + 100 * round, 20_000, 'some messages stored');
      const durable = site.lastSeq();
      await daemon.kill();
      for (const socket of sockets) socket.destroy();
      expect(site.lastSeq()).toBeGreaterThanOrEqual(durable);
    }
    const last = await startDaemon();
    expect(await last.stop()).toBe(0);

    const records = site.records();
    expect(records.map(({ seq }) => seq)).toEqual(upTo(records.length).map((i) => i + 1));
    const next = new Map<string, number>();
    for (const text of texts()) {
      const [, connection = text, number] = /app: (round \d connection \d) message (\d+) x{100}$/.exec(text) ?? [];
      // A beginning of each stream, without holes: so none is lost before the last one stored, and none is doubled.
      expect(`${connection} message ${number}`).toBe(`${connection} message ${next.get(connection) ?? 0}`);
      next.set(connection, Number(number) + 1);
    }
    expect(next.size).toBeGreaterThanOrEqual(rounds);
    site.expectWhole();
  },
  240_000,
);
