import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AscribeDaemon, ascribeJson, isBuilt, waitFor } from './ascribe-process';
import { RoutedNetwork, canRunInNamespaces } from './namespaces';

/**
 * Real TLS connections cross a router; softflowd meters them there; ascribe must list each as one session. nfcapd gets
 * the same datagrams and is the judge of byte counts.
 */

interface Connection {
  readonly client: string;
  readonly clientPort: number;
  readonly serverPort: number;
  readonly began: number;
  readonly ended: number;
  readonly downloaded: number;
}

type Session = Record<string, string | number>;

const possible = isBuilt && canRunInNamespaces('softflowd', 'dumpcap', 'openssl', 'curl', 'nfcapd', 'nfdump');
const maybe = possible ? test : test.skip;

const SERVER_PORTS = [443, 8443] as const;
const FILES = { 'small.bin': 900, 'large.bin': 300_000 } as const;
const ASCRIBE_PORT = 2055;
const NFCAPD_PORT = 2056;

let network: RoutedNetwork;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-e2e-'));
  network = new RoutedNetwork('asc-e2e');
  if (possible) network.create();
});

afterEach(() => {
  if (possible) network.remove();
  rmSync(directory, { recursive: true, force: true });
});

maybe.each([
  ['NetFlow v9', ['-v', '9']],
  ['IPFIX', ['-v', '10', '-A', 'milli']],
  ['IPFIX, both directions in one record', ['-v', '10', '-A', 'milli', '-b']],
])(
  'every TLS connection is one session: %s',
  async (_name, exportOptions) => {
    startTlsServers();
    const config = join(directory, 'ascribe.yaml');
    writeFileSync(config, `collectors:\n  netflow:\n    - listen: ["127.0.0.1:${ASCRIBE_PORT}"]\n  syslog: []\n`);
    const data = join(directory, 'data');
    const daemon = new AscribeDaemon(['--config', config, '--data', data], ['ip', 'netns', 'exec', network.router]);
    await daemon.ready();
    const judge = startNfcapd();
    const exporter = startSoftflowd(exportOptions);
    await delay(1_500);
    const connections = await connect();
    await delay(500);
    await stopCapture(exporter);
    const sessionsOf = (): Session[] => ascribeJson<Session>(['sessions', '--data', data, '--limit', '1000']);
    await waitFor(() => sessionsOf().length >= connections.length, 20_000, 'every session listed');
    await ended(judge, 'SIGTERM');
    expect(await daemon.stop()).toBe(0);

    const sessions = sessionsOf();
    const oracle = readByNfdump();
    expect(connections).toHaveLength(24);
    for (const connection of connections) expectOneSession(connection, sessions, oracle);
  },
  120_000,
);

function expectOneSession(
  connection: Connection,
  sessions: readonly Session[],
  oracle: ReadonlyMap<string, number>,
): void {
  const { client, clientPort, serverPort } = connection;
  const matching = sessions.filter(
    (session) =>
      (session['source.ip'] === client && session['source.port'] === clientPort) ||
      (session['destination.ip'] === client && session['destination.port'] === clientPort),
  );
  expect(matching).toHaveLength(1);
  const [session = {}] = matching;
  const server = RoutedNetwork.serverAddress;
  expect(session).toMatchObject({
    'source.ip': client,
    'source.port': clientPort,
    'destination.ip': server,
    'destination.port': serverPort,
    'network.iana_number': 6,
    'network.direction': 'outbound',
    'source.bytes': oracle.get(`${client} ${clientPort} ${server} ${serverPort}`),
    'destination.bytes': oracle.get(`${server} ${serverPort} ${client} ${clientPort}`),
  });
  expect(session['destination.bytes']).toBeGreaterThan(connection.downloaded);
  // Within a second of when the client ran, however long a busy machine takes to start it.
  for (const time of [session['event.start'], session['event.end']]) {
    expect(Date.parse(String(time))).toBeGreaterThan(connection.began - 1_000);
    expect(Date.parse(String(time))).toBeLessThan(connection.ended + 1_000);
  }
}

function startTlsServers(): void {
  for (const [name, size] of Object.entries(FILES)) writeFileSync(join(directory, name), Buffer.alloc(size, 7));
  const key = join(directory, 'key.pem');
  const cert = join(directory, 'cert.pem');
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=server.example', '-keyout', key, '-out', cert],
  ]);
  if (made.status !== 0) throw new Error(made.stderr.toString());
  for (const port of SERVER_PORTS) {
    network.spawn(network.server, 'sh', [
      '-c',
      `cd ${directory} && exec openssl s_server -quiet -accept ${port} -WWW -cert ${cert} -key ${key}`,
    ]);
  }
}

/**
 * dumpcap reads the router's interface and softflowd reads dumpcap: softflowd's own live capture waits for full kernel
 * buffers (and its control socket for a client), which a few connections never fill.
 */
function startSoftflowd(exportOptions: readonly string[]): ReturnType<RoutedNetwork['spawn']> {
  const targets = `127.0.0.1:${ASCRIBE_PORT},127.0.0.1:${NFCAPD_PORT}`;
  const capture = `echo $$ > ${directory}/dumpcap.pid; exec dumpcap -q -B 64 -i ${RoutedNetwork.meteredInterface} -P -w -`;
  const meter = `exec softflowd -r - -a -d -c none -p ${directory}/softflowd.pid -n ${targets} ${exportOptions.join(' ')}`;
  return network.spawn(network.router, 'sh', ['-c', `sh -c '${capture}' | ${meter}`]);
}

/** The end of the capture makes softflowd export what it still holds and end. */
async function stopCapture(exporter: ReturnType<RoutedNetwork['spawn']>): Promise<void> {
  const exit = new Promise((resolve) => exporter.once('exit', resolve));
  process.kill(Number(readFileSync(join(directory, 'dumpcap.pid'), 'utf8')), 'SIGINT');
  await exit;
}

function startNfcapd(): ReturnType<RoutedNetwork['spawn']> {
  const output = join(directory, 'nfcapd');
  spawnSync('mkdir', ['-p', output]);
  return network.spawn(network.router, 'nfcapd', [
    '-w',
    output,
    '-p',
    String(NFCAPD_PORT),
    '-b',
    '127.0.0.1',
    '-t',
    '3600',
  ]);
}

/** Bytes by direction as nfdump sums them: `src port dst port` → bytes. */
function readByNfdump(): Map<string, number> {
  const format = 'fmt:%sa %sp %da %dp %ibyt %obyt';
  const args = ['-R', join(directory, 'nfcapd'), '-q', '-N', '-6', '-o', format];
  const { stdout } = spawnSync('nfdump', args, { encoding: 'utf8' });
  const sums = new Map<string, number>();
  const add = (key: string, bytes: number): void => void (bytes > 0 && sums.set(key, (sums.get(key) ?? 0) + bytes));
  for (const line of stdout.split('\n')) {
    const [src, srcPort, dst, dstPort, bytes, reply] = line.trim().split(/\s+/);
    if (reply === undefined) continue;
    add(`${src} ${srcPort} ${dst} ${dstPort}`, Number(bytes));
    add(`${dst} ${dstPort} ${src} ${srcPort}`, Number(reply));
  }
  return sums;
}

/** 24 connections one after another, from two clients, to two ports, of two sizes. */
async function connect(): Promise<Connection[]> {
  const out: Connection[] = [];
  for (let i = 0; i < 24; i++) {
    const client = RoutedNetwork.clientAddresses[i % 2] ?? '';
    const serverPort = SERVER_PORTS[Math.floor(i / 2) % 2] ?? 443;
    const file = i % 6 === 5 ? 'large.bin' : 'small.bin';
    const clientPort = 41_000 + i;
    const began = Date.now();
    const url = `https://${RoutedNetwork.serverAddress}:${serverPort}/${file}`;
    const body = join(directory, 'body');
    network.exec(network.client, 'curl', [
      ...['-sk', '--http1.0', '--retry', '3', '--retry-connrefused', '--interface', client],
      ...['--local-port', String(clientPort), '-o', body, url],
    ]);
    out.push({ client, clientPort, serverPort, began, ended: Date.now(), downloaded: FILES[file] });
    await delay(20);
  }
  return out;
}

async function ended(child: ReturnType<RoutedNetwork['spawn']>, signal: NodeJS.Signals): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exit;
}
