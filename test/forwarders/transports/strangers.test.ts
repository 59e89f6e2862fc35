import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Certificates, HAS_OPENSSL, type Party } from '../../collectors/syslog/certificates';
import {
  HAS_IMRELP,
  kafkaMock,
  KCAT,
  type LineReceiver,
  NATS,
  natsServer,
  RSYSLOG,
  rsyslogReceiver,
  type Stranger,
  SYSLOG_NG,
  syslogNgReceiver,
} from '../receivers/programs';
import { type RunningForwarder, StoreSite, until } from '../store-site';

const COUNT = 1500;

let folder: string;
let site: StoreSite;
let running: RunningForwarder | undefined;
const strangers: Stranger[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ascribe-strangers-'));
  site = new StoreSite();
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
  for (const stranger of strangers.splice(0)) await stranger.kill();
  site.remove();
  rmSync(folder, { recursive: true, force: true });
});

function kept(receiver: LineReceiver): LineReceiver {
  strangers.push(receiver.stranger);
  return receiver;
}

const uidsIn = (lines: readonly string[]): Set<string> =>
  new Set(lines.map((line) => /uid="([0-9a-f]{32})"/u.exec(line)?.[1] ?? `no uid in ${line.slice(0, 200)}`));

/** As both templates write it: severity, host, program, message id, structured data. */
const HEAD = /^[0-7] collector ascribe (?:sessions|events) \[ascribe@32473 uid="/u;

const sent = (): number => running?.status()[0]?.sent ?? 0;
const to = (port: number): string => `127.0.0.1:${port}`;
const hostile = (n: number): string => `event ${n} | = \\ \u001b[2J "quoted" \u202e end\nnew line é`;

describe.each([
  ['rsyslog', RSYSLOG],
  ['syslog-ng', SYSLOG_NG],
] as const)('%s receives', (name, found) => {
  const here = found === undefined ? test.skip : test;
  const secure = found === undefined || !HAS_OPENSSL ? test.skip : test;
  const receiver = async (tls?: Party & { ca: string }): Promise<LineReceiver> => {
    const folderOf = join(folder, name);
    if (name === 'syslog-ng') return kept(await syslogNgReceiver(folderOf, tls));
    return kept(await rsyslogReceiver(folderOf, tls === undefined ? 'tcp' : 'tls', tls));
  };

  here.each(['ecs', 'ocsf', 'cef', 'leef'])(
    'every record as %s over TCP, whole',
    async (format) => {
      const { port, lines } = await receiver();
      site.addSessions(COUNT);
      site.addEvents(50, undefined, hostile);
      running = site.forwarder([{ name: 'siem', send: ['sessions', 'events'], format, syslog_tcp: { to: to(port) } }]);
      await until(() => lines().length >= COUNT + 50, 'all lines');
      const received = lines();
      expect(uidsIn(received).size).toBe(COUNT + 50);
      expect(received.find((line) => !HEAD.test(line))).toBeUndefined();
      if (format === 'ecs') {
        const bodies = received.map((line) => JSON.parse(line.slice(line.indexOf('{'))) as { message?: string });
        expect(bodies.flatMap(({ message }) => message ?? [])).toContain(hostile(7));
      }
    },
    60_000,
  );

  secure(
    'over TLS with our certificate, and nothing from who has none',
    async () => {
      const authority = new Certificates();
      const { ca } = authority;
      const server = authority.issue('server', 'localhost', 'DNS:localhost,IP:127.0.0.1');
      const client = authority.issue('client', 'collector', 'DNS:collector');
      const { port, lines } = await receiver({ ...server, ca });
      site.addSessions(300);
      const tls = { ca, server_name: 'localhost' };
      const own = { cert: client.cert, key: `file:${client.key}` };
      const destination = { name: 'siem', send: ['sessions'], format: 'cef' };
      const mute = { ...destination, name: 'mute', syslog_tls: { to: to(port), tls, timeout: 2 } };
      running = site.forwarder([{ ...destination, syslog_tls: { to: to(port), tls: { ...tls, ...own } } }, mute]);
      await until(() => lines().length >= 300, 'all lines');
      expect(uidsIn(lines()).size).toBe(300);
      expect(lines().every((line) => line.includes('CEF:0|ascribe|'))).toBe(true);
      authority.remove();
    },
    60_000,
  );
});

(HAS_IMRELP ? test : test.skip)(
  "rsyslog's imrelp, killed and frozen again and again, has in the end every record that counts as confirmed",
  async () => {
    const { port, lines, stranger } = kept(await rsyslogReceiver(join(folder, 'relp'), 'relp'));
    site.addSessions(4000);
    running = site.forwarder([{ name: 'siem', send: ['sessions'], relp: { to: to(port), timeout: 2 } }]);
    for (let round = 0; round < 3; round++) {
      const before = sent();
      site.addSessions(2000);
      await until(() => sent() > before, 'some records');
      if (round === 1) {
        stranger.freeze();
        site.addSessions(500);
        await until(() => running?.status()[0]?.state === 'waiting', 'the timeout');
        stranger.thaw();
      } else {
        await stranger.kill('SIGKILL');
        stranger.restart();
      }
    }
    await until(() => uidsIn(lines()).size >= 10_500, 'every record', 60_000);
    expect(uidsIn(lines()).size).toBe(10_500);
    await until(() => sent() >= 10_500, 'every answer');
  },
  120_000,
);

(NATS === undefined ? test.skip : test)(
  'nats-server JetStream, killed and frozen, holds each record once',
  async () => {
    const { stranger, port } = await natsServer(join(folder, 'nats'));
    strangers.push(stranger);
    const connection = await connect({ servers: to(port), reconnect: false });
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: 'ASCRIBE', subjects: ['ascribe.>'] });
    await connection.close();
    site.addSessions(3000);
    running = site.forwarder([{ name: 'bus', send: ['sessions'], nats: { to: to(port), timeout: 2 } }]);
    await until(() => sent() > 0, 'some records');
    await stranger.kill('SIGKILL');
    site.addSessions(1000);
    stranger.restart();
    await until(() => sent() >= 4000, 'every answer', 60_000);
    stranger.freeze();
    site.addSessions(100);
    await until(() => running?.status()[0]?.state === 'waiting', 'the timeout');
    stranger.thaw();
    await until(() => sent() >= 4100, 'every answer after the freeze', 60_000);
    const reader = await connect({ servers: to(port) });
    const { state } = await (await jetstreamManager(reader)).streams.info('ASCRIBE');
    expect(state.messages).toBe(4100);
    const message = await (await jetstream(reader).streams.get('ASCRIBE')).getMessage({ seq: 1 });
    expect(message?.json()).toMatchObject({ event: { dataset: 'ascribe.sessions' } });
    await reader.close();
  },
  120_000,
);

(KCAT === undefined ? test.skip : test)(
  "librdkafka's mock cluster: every record arrives under its id",
  async () => {
    const { stranger, broker, consumed } = await kafkaMock(join(folder, 'kafka'), 'ascribe');
    strangers.push(stranger);
    site.addSessions(COUNT);
    running = site.forwarder([
      { name: 'lake', send: ['sessions'], format: 'ocsf', kafka: { brokers: [broker], timeout: 5 } },
    ]);
    await until(() => consumed().length >= COUNT, 'all records', 60_000);
    const rows = consumed();
    expect(new Set(rows.map((row) => row.slice(0, 32))).size).toBe(COUNT);
    expect(rows.every((row) => (JSON.parse(row.slice(33)) as { class_uid: number }).class_uid === 4001)).toBe(true);
  },
  90_000,
);
