import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AscribeDaemon, ascribe, ascribeJson, isBuilt, waitFor } from './ascribe-process';
import { canRunInNamespaces, RoutedNetwork } from './namespaces';

/**
 * Debian's snmpd on a router that has real neighbours, interfaces, routes and connections: what ascribe answers from it must
 * be what the router's own `ip` and `ss` say. Then the router falls silent: what was known becomes uncertain, and no end is
 * made up for it.
 */

type Row = Record<string, string | number>;

const possible = isBuilt && canRunInNamespaces('snmpd', 'snmptrap', 'ip', 'ss', 'openssl');
const maybe = possible ? test : test.skip;

const HOUR = 3_600_000;
const TLS_PORT = 8443;

let network: RoutedNetwork;
let directory: string;
let data: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-snmpd-e2e-'));
  data = join(directory, 'data');
  network = new RoutedNetwork('asc-snmp');
  if (possible) network.create();
});

afterEach(() => {
  if (possible) network.remove();
  rmSync(directory, { recursive: true, force: true });
});

maybe(
  'a router is known by what it answers, and becomes uncertain when it falls silent',
  async () => {
    await holdConnections();
    const agent = startAgent();
    const daemon = startDaemon();
    await daemon.ready();
    await waitFor(() => relation('ip-mac').length >= 2 && sockets().length > 0, 30_000, 'tables read');

    expectNeighbours();
    expectInterfaces();
    expectOwnAddresses();
    expectConnection();
    expectRoutes();
    expectTrap();

    const [first] = RoutedNetwork.clientAddresses;
    const before = ascribeJson<Row>(['who', first, '--data', data]);
    expect(before).toEqual([expect.objectContaining({ 'observer.name': 'router-1' })]);

    agent.kill('SIGKILL');
    await waitFor(() => polled()['ascribe.device.state'] === 'silent', 30_000, 'the router silent');
    expectUncertain(first);
    expect(await daemon.stop()).toBe(0);
    expect(daemon.output).toContain('router-1 does not answer SNMP: timeout');
    expect(daemon.output).not.toContain('walker');
  },
  120_000,
);

/** A TLS connection to the router and one from it, which stay open. snmpd looks at sockets once a minute: it starts later. */
async function holdConnections(): Promise<void> {
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  network.exec(network.router, 'openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=router.example', '-keyout', key, '-out', cert],
  ]);
  // The router is the TLS server of the client, and a client of the server beyond: both are sockets of its own. With -quiet
  // openssl goes on although there is nothing to be read from its standard input.
  for (const server of [network.router, network.server]) {
    const files = ['-cert', cert, '-key', key];
    network.spawn(server, 'openssl', ['s_server', '-4', '-quiet', '-WWW', '-accept', String(TLS_PORT), ...files]);
  }
  for (const server of [network.router, network.server]) {
    await waitFor(() => socketsOf(server, '-l').length > 0, 60_000, 'TLS server');
  }
  network.spawn(network.client, 'openssl', ['s_client', '-quiet', '-connect', `10.77.1.1:${TLS_PORT}`]);
  const beyond = `${RoutedNetwork.serverAddress}:${TLS_PORT}`;
  network.spawn(network.router, 'openssl', ['s_client', '-quiet', '-connect', beyond]);
  await waitFor(() => socketsOf(network.router, 'state', 'established').length === 2, 60_000, 'both connections');
}

/** Lines of `ss` about the TLS port. */
function socketsOf(namespace: string, ...filter: readonly string[]): string[] {
  const ports = ['(', 'sport', '=', `:${TLS_PORT}`, 'or', 'dport', '=', `:${TLS_PORT}`, ')'];
  const output = network.exec(namespace, 'ss', ['-Htn4', ...filter, ...ports]);
  return output.split('\n').filter((line) => line !== '');
}

function startAgent(): ChildProcess {
  const config = join(directory, 'snmpd.conf');
  writeFileSync(config, 'rocommunity walker\nsysName router-1.example\n', { mode: 0o600 });
  return network.spawn(network.router, 'env', [
    `SNMP_PERSISTENT_DIR=${directory}`,
    ...['snmpd', '-f', '-Lo', '-C', '-c', config, '-p', join(directory, 'pid'), '-m', ''],
    'udp:10.77.1.1:161',
  ]);
}

function startDaemon(): AscribeDaemon {
  const config = join(directory, 'ascribe.yaml');
  const secret = join(directory, 'community');
  writeFileSync(secret, 'walker\n', { mode: 0o600 });
  const periods = '{ ipNetToPhysicalTable: 1, tcpConnectionTable: 1, inetCidrRouteTable: 2, ifXTable: 2 }';
  writeFileSync(
    config,
    `journal: { reserve_bytes: 0B }
collectors:
  netflow: []
  syslog: []
  snmp:
    - credentials: [{ name: all, version: v2c, community: "file:${secret}", subnets: ["10.77.0.0/16"] }]
      devices: [{ name: router-1, address: 10.77.1.1, class: server, periods: ${periods}, timeout: 0.3, retries: 0 }]
      start_spread: 0
      traps: { listen: ["10.77.1.10:5162"] }
`,
  );
  return new AscribeDaemon(['--config', config, '--data', data], ['ip', 'netns', 'exec', network.client]);
}

function relation(name: string): Row[] {
  return ascribeJson<Row>(['bindings', '--relation', name, '--data', data, '--limit', '1000']);
}

function inventory(kind: string): Row[] {
  return ascribeJson<Row>(['inventory', '--kind', kind, '--data', data, '--limit', '1000']);
}

function sockets(): Row[] {
  return inventory('socket').filter((row) => String(row['ascribe.id']).includes('>'));
}

function polled(): Row {
  const lines = ascribeJson<Row>(['status', '--data', data]);
  return lines.find((line) => line['ascribe.status'] === 'device') ?? {};
}

/** `ip neigh`: the client's and the server's addresses. */
function expectNeighbours(): void {
  const neighbours = JSON.parse(network.exec(network.router, 'ip', ['-j', '-4', 'neigh'])) as {
    dst: string;
    lladdr?: string;
  }[];
  const truth = neighbours.flatMap(({ dst, lladdr }) => (lladdr === undefined ? [] : [`${dst} ${lladdr}`]));
  const told = relation('ip-mac').map((row) => `${row['ascribe.key']} ${row['ascribe.value']}`);
  expect(truth.length).toBeGreaterThanOrEqual(2);
  expect(told.filter((one) => !one.includes('::')).sort()).toEqual(truth.sort());
}

/** `ip link`: indexes, names and MAC addresses. */
function expectInterfaces(): void {
  const links = JSON.parse(network.exec(network.router, 'ip', ['-j', 'link'])) as {
    ifindex: number;
    ifname: string;
    address: string;
  }[];
  const told = inventory('interface').map((row) => `${row['ascribe.id']} ${row['ascribe.name']}`);
  const truth = links.map(({ ifindex, ifname }) => `${ifindex} ${ifname}`);
  expect(told.sort()).toEqual(truth.sort());
}

function expectOwnAddresses(): void {
  const told = relation('ip-device').map((row) => [row['ascribe.key'], row['ascribe.value']]);
  for (const address of ['10.77.1.1', '203.0.113.1']) expect(told).toContainEqual([address, 'router-1']);
}

/** `ss`: the router's own connections. One was accepted by a listener, the other was not. */
function expectConnection(): void {
  const truth = socketsOf(network.router, 'state', 'established').map((line) =>
    line.trim().split(/\s+/).slice(2, 4).join('>'),
  );
  expect(truth).toHaveLength(2);
  const told = sockets();
  for (const pair of truth) {
    const row = told.find((one) => one['ascribe.id'] === `TCP:${pair}`);
    expect([pair, row?.['ascribe.socket.state']]).toEqual([pair, 'established']);
    const inbound = pair.startsWith(`10.77.1.1:${TLS_PORT}>`);
    expect(row?.['ascribe.socket.direction']).toBe(inbound ? 'inbound' : 'outbound');
  }
}

/** `ip route`. */
function expectRoutes(): void {
  const routes = JSON.parse(network.exec(network.router, 'ip', ['-j', '-4', 'route'])) as { dst: string }[];
  const told = inventory('route').map((row) => row['ascribe.name']);
  for (const { dst } of routes) expect(told).toContain(dst);
}

/** A trap of the router is told under the name it is polled by. */
function expectTrap(): void {
  network.exec(network.router, 'snmptrap', [
    ...['-m', '', '-v2c', '-c', 'walker', '10.77.1.10:5162', '42', '1.3.6.1.6.3.1.1.5.3'],
    ...['1.3.6.1.2.1.2.2.1.1.2', 'i', '2'],
  ]);
  const events = (): Row[] => ascribeJson<Row>(['events', '--data', data, '--action', 'interface_down']);
  const end = Date.now() + 60_000;
  while (events().length === 0 && Date.now() < end);
  expect(events()).toEqual([expect.objectContaining({ 'observer.name': 'router-1', 'event.code': 'linkDown' })]);
}

/** Nobody said that it ended: it may hold for as long as such an entry lives, and after that nothing is claimed. */
function expectUncertain(address: string): void {
  const interval = relation('ip-mac').find((row) => row['ascribe.key'] === address) ?? {};
  expect(interval).toMatchObject({ 'ascribe.binding.end_source': 'none' });
  expect(interval['ascribe.binding.state']).not.toBe('ended');
  const lastSeen = Date.parse(String(interval['ascribe.binding.last_observed']));
  const certainty = (at: number): unknown =>
    ascribeJson<Row>(['who', address, '--at', new Date(at).toISOString(), '--data', data]).map(
      (row) => row['ascribe.certainty'],
    );
  expect(certainty(lastSeen)).toEqual(['certain']);
  expect(certainty(lastSeen + HOUR)).toEqual(['possible']);
  expect(certainty(lastSeen + 5 * HOUR)).toEqual([]);
  const { status, stderr } = ascribe([
    ...['who', address, '--at', new Date(lastSeen + 5 * HOUR).toISOString(), '--data', data],
  ]);
  expect(status).toBe(4);
  expect(stderr).toMatch(/nobody is known to have held .*\n.*last seen/su);
}
