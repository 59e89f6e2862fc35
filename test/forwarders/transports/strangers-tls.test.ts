import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Certificates, HAS_OPENSSL, type Party } from '../../collectors/syslog/certificates';
import { HAS_IMRELP, NATS, natsServer, rsyslogReceiver, type Stranger } from '../receivers/programs';
import { type RunningForwarder, StoreSite, until } from '../store-site';

/**
 * Confirmed transports over TLS, where both sides show a certificate: what we send arrives; who has no certificate, and a
 * receiver whose authority is not ours or whose name is another, get nothing, and a person is told.
 */

const COUNT = 300;

let folder: string;
let site: StoreSite;
let running: RunningForwarder | undefined;
let reader: NatsConnection | undefined;
let authority: Certificates;
let another: Certificates;
let server: Party & { readonly ca: string };
let client: { readonly cert: string; readonly key: string };
const strangers: Stranger[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ascribe-tls-'));
  site = new StoreSite();
  if (!HAS_OPENSSL) return;
  authority = new Certificates();
  another = new Certificates('Another CA');
  server = { ...authority.issue('server', 'receiver', 'DNS:siem.example, IP:127.0.0.1'), ca: authority.ca };
  const issued = authority.issue('client', 'collector', 'DNS:collector');
  client = { cert: issued.cert, key: `file:${issued.key}` };
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
  await reader?.close();
  reader = undefined;
  for (const stranger of strangers.splice(0)) await stranger.kill();
  site.remove();
  rmSync(folder, { recursive: true, force: true });
  if (!HAS_OPENSSL) return;
  authority.remove();
  another.remove();
});

const stateOf = (name: string): string | undefined => running?.status().find((one) => one.name === name)?.state;
const sentTo = (name: string): number => running?.status().find((one) => one.name === name)?.sent ?? 0;

/** One destination that may, and three that may not. */
function start(way: (tls: object) => object): void {
  const { ca } = server;
  const ways: Readonly<Record<string, object>> = {
    known: { ca, ...client },
    named: { ca, ...client, server_name: 'siem.example' },
    nobody: { ca },
    stranger: { ca: another.ca, ...client },
    misnamed: { ca, ...client, server_name: 'other.example' },
  };
  const destinations = Object.entries(ways).map(([name, tls]) => ({ name, send: ['events'], ...way(tls) }));
  site.addEvents(COUNT);
  running = site.forwarder(destinations);
}

async function settled(): Promise<void> {
  for (const name of ['known', 'named']) await until(() => sentTo(name) === COUNT, `all by ${name}`, 60_000);
  for (const name of ['stranger', 'misnamed']) await until(() => stateOf(name) === 'denied', `${name} denied`, 60_000);
  await until(() => ['waiting', 'denied'].includes(stateOf('nobody') ?? ''), 'nobody turned away', 60_000);
  expect(['nobody', 'stranger', 'misnamed'].map(sentTo)).toEqual([0, 0, 0]);
}

(HAS_OPENSSL && HAS_IMRELP ? test : test.skip)(
  "rsyslog's imrelp over TLS",
  async () => {
    const receiver = await rsyslogReceiver(join(folder, 'relp'), 'relp_tls', server);
    strangers.push(receiver.stranger);
    start((tls) => ({ relp: { to: `127.0.0.1:${receiver.port}`, timeout: 5, tls } }));
    await settled();
    await until(() => receiver.lines().length >= 2 * COUNT, 'all lines', 60_000);
    const ids = receiver.lines().map((line) => /uid="([0-9a-f]{32})"/u.exec(line)?.[1]);
    expect(new Set(ids)).toEqual(site.eventIds());
  },
  180_000,
);

(HAS_OPENSSL && NATS !== undefined ? test : test.skip)(
  'nats-server over TLS',
  async () => {
    const { stranger, port } = await natsServer(join(folder, 'nats'), server);
    strangers.push(stranger);
    const own = { ca: server.ca, cert: client.cert, key: client.key.slice('file:'.length) };
    const tls = Object.fromEntries(Object.entries(own).map(([name, path]) => [name, readFileSync(path, 'utf8')]));
    reader = await connect({ servers: `127.0.0.1:${port}`, tls: { ...tls, host: '127.0.0.1' } as object });
    await (await jetstreamManager(reader)).streams.add({ name: 'ASCRIBE', subjects: ['ascribe.>'] });
    start((tls) => ({ nats: { to: `127.0.0.1:${port}`, timeout: 5, tls } }));
    await settled();
    const stream = await jetstream(reader).streams.get('ASCRIBE');
    expect((await stream.info()).state.messages).toBe(COUNT);
  },
  180_000,
);

(HAS_OPENSSL ? test : test.skip)(
  'HTTPS: a receiver that wants a certificate',
  async () => {
    const ids = new Set<string>();
    const [ca, cert, key] = [server.ca, server.cert, server.key].map((path) => readFileSync(path));
    const options = { requestCert: true, rejectUnauthorized: true };
    const https = createServer({ ca, cert, key, ...options } as ServerOptions, (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => void parts.push(part));
      request.on('end', () => {
        for (const [, id] of Buffer.concat(parts)
          .toString()
          .matchAll(/"_id":"([0-9a-f]{32})"/gu))
          ids.add(id ?? '');
        response.end('{"errors":false,"items":[]}');
      });
    });
    await new Promise<void>((resolve) => {
      https.listen(0, '127.0.0.1', resolve);
    });
    const url = `https://127.0.0.1:${(https.address() as AddressInfo).port}`;
    start((tls) => ({ elasticsearch: { url, gzip: false, timeout: 5, tls } }));
    await settled();
    expect(ids).toEqual(site.eventIds());
    https.closeAllConnections();
    await new Promise((resolve) => {
      https.close(resolve);
    });
  },
  120_000,
);
