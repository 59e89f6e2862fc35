import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AscribeDaemon, ascribeJson, isBuilt, waitFor } from './ascribe-process';
import { Site } from './data-directory';
import { canTranslate, GatewayNetwork } from './gateway-network';
import { canRunInNamespaces } from './namespaces';

/**
 * A site of daemons that others wrote: a netfilter gateway that translates two VMs to one address and one port and tells of
 * it through ulogd2 or conntrack, dnsmasq that gives the VMs their addresses, snmpd, softflowd inside and outside, OpenSSL's
 * TLS. The ESXi host alone is SIMULATED. Each connection must be ascribed to the VM that made it.
 */

jest.setTimeout(900_000);

type Row = Record<string, unknown>;

interface Connection {
  readonly vm: string;
  readonly address: string;
  readonly port: number;
  readonly server: string;
  /** Around all its packets, epoch ms. */
  readonly began: number;
  readonly ended: number;
}

const DAEMONS = ['nft', 'conntrack', 'ulogd', 'logger', 'dnsmasq', 'snmpd', 'softflowd', 'dumpcap', 'busybox'];
const possible = isBuilt && canRunInNamespaces(...DAEMONS, 'openssl', 'curl', 'unshare') && canTranslate();
const maybe = possible ? test : test.skip;

const SYSLOG_PORT = 5514;
const FLOW_PORT = 2055;
const PASSWORD = 'correct horse battery staple';
const [FIRST, SECOND] = GatewayNetwork.vms;
/** Nothing here takes so long; a machine that does much else may. */
const PATIENCE = 180_000;

let site: Site;
let network: GatewayNetwork;
let heard: string;

beforeEach(() => {
  site = new Site();
  heard = '';
  network = new GatewayNetwork(`asc-gw-${process.pid}`, site.folder);
  if (possible) network.create();
});

afterEach(() => {
  if (possible) network.remove();
  site.remove();
});

maybe.each([
  ['ulogd2, through the gateway’s syslogd', () => `ulogd -c ${ulogdConfig()} &`],
  ['conntrack -E, through logger', () => `conntrack -E -o timestamp,id | logger ${loggerTarget()} -t conntrack &`],
])('ascribes each connection behind one address and port to its VM, told by %s', async (_name, tracker) => {
  startTlsServers();
  startGateway(tracker());
  await waitFor(() => heard.includes('NET-SNMP version'), PATIENCE, 'the gateway’s daemons');
  const daemon = await startMonitor();
  const addresses = { [FIRST.namespace]: network.lease('vm1'), [SECOND.namespace]: network.lease('vm2') };
  expect(new Set(Object.values(addresses)).size).toBe(2);
  const meters = [meter('br0', ['-v', '9']), meter('r1', ['-v', '10', '-A', 'milli'])];
  await waitFor(() => heard.split('Capturing on').length > 2, PATIENCE, 'both captures');

  const connections = await connectAll(addresses);
  await stopMeters(meters);
  const areKnown = (all: readonly Row[]): boolean => connections.every((one) => sessionOf(one, all) !== undefined);
  await waitFor(() => areKnown(sessions()), PATIENCE, 'every session ascribed');
  // The connections that were alone at their servers.
  const alone = connections.filter(({ server }) => server !== GatewayNetwork.servers[0]);
  for (const connection of alone) await waitFor(() => legsOf(connection).length > 0, PATIENCE, 'the leg outside');
  await waitFor(() => relation('ip-mac').some((row) => row['observer.name'] === 'gw'), PATIENCE, 'the ARP table');

  const all = sessions();
  for (const connection of connections) expectOwner(connection, all);
  for (const connection of alone) expectLeg(connection);
  expectNoGuess(connections, all);
  expectChain(connections[0]!, all);
  expect(await daemon.stop()).toBe(0);
  expect(site.facts('rejected')).toEqual([]);
});

/** One after the other through the same port to the same server, then two at a time through it to different servers. */
async function connectAll(addresses: Readonly<Record<string, string>>): Promise<Connection[]> {
  const [one, two, three, four] = GatewayNetwork.servers;
  const connections: Connection[] = [];
  const dial = async (namespace: string, port: number, server: string, ...more: readonly string[]): Promise<void> => {
    const began = Date.now();
    const curl = ['-sSk', '--http1.0', '--retry', '9', '--retry-all-errors', '--connect-timeout', '20', ...more];
    const url = `https://${server}/file.bin`;
    const child = network.spawn(
      namespace,
      'curl',
      [...curl, '--local-port', String(port), '-o', '/dev/null', url],
      hear,
    );
    const status = await new Promise((resolve) => child.once('exit', resolve));
    if (status !== 0) throw new Error(`${namespace} could not reach ${server}: ${heard.slice(-500)}`);
    connections.push({ vm: namespace, address: addresses[namespace]!, port, server, began, ended: Date.now() });
  };
  for (const [i, { namespace }] of [FIRST, SECOND, FIRST, SECOND].entries()) await dial(namespace, 50_000 + i, one);
  await Promise.all([
    dial(FIRST.namespace, 50_010, two, '--limit-rate', '10k'),
    dial(SECOND.namespace, 50_010, three, '--limit-rate', '10k'),
  ]);
  await dial(SECOND.namespace, 50_011, four);
  return connections;
}

function sessions(): Row[] {
  return ascribeJson<Row>(['sessions', '--limit', '1000', ...site.arguments]);
}

/** The inside session of a connection, once it has both directions and a verdict. */
function sessionOf({ address, port, server }: Connection, all: readonly Row[]): Row | undefined {
  return all.find(
    (row) =>
      row['source.ip'] === address &&
      row['source.port'] === port &&
      row['destination.ip'] === server &&
      Number(row['destination.bytes']) > 20_000 &&
      row['ascribe.verdict.status'] !== undefined,
  );
}

function expectOwner(connection: Connection, all: readonly Row[]): void {
  const { address, port, server, vm, began, ended } = connection;
  const session = sessionOf(connection, all);
  expect(session).toMatchObject({
    'source.ip': address,
    'source.port': port,
    'destination.ip': server,
    'destination.port': 443,
    'network.direction': 'outbound',
    'ascribe.encrypted': 'yes',
    'ascribe.verdict.status': 'attributed',
    'ascribe.owner.kind': 'vm',
    'ascribe.owner.name': vm,
    'ascribe.owner.host': 'esx-01',
  });
  expect(Date.parse(String(session?.['event.start']))).toBeGreaterThanOrEqual(began - 1000);
  expect(Date.parse(String(session?.['event.end']))).toBeLessThanOrEqual(ended + 1000);
}

/** The parts of a session, by name: `session`, `verdict`, `owner`, `step`, … */
function partsOf(id: unknown): (name: string) => Row[] {
  const parts = ascribeJson<Row>(['session', String(id), ...site.arguments]);
  return (name) => parts.filter((part) => part['ascribe.part'] === name);
}

/** Sessions seen behind the translation that are known to be this one. */
function legsOf(connection: Connection): unknown[] {
  const [verdict] = partsOf(sessionOf(connection, sessions())?.['ascribe.session.id'])('verdict');
  return (verdict?.['ascribe.verdict.legs'] as unknown[] | undefined) ?? [];
}

/** A connection to a server that was talked with once: outside the gateway its packets had the gateway's address and port. */
function expectLeg(connection: Connection): void {
  const [leg, ...more] = legsOf(connection);
  expect(more).toEqual([]);
  const parts = partsOf(leg);
  expect(parts('session')).toMatchObject([
    {
      'source.ip': GatewayNetwork.outside,
      'source.port': GatewayNetwork.outsidePort,
      'destination.ip': connection.server,
      'ascribe.owner.name': connection.vm,
      'ascribe.verdict.status': 'attributed',
    },
  ]);
  const translated = parts('step').find((step) => String(step['ascribe.step.relation']).includes('nat'));
  expect(JSON.stringify(translated)).toContain(`${connection.address}:${connection.port}`);
  // Outside, the times are those of IPFIX; NetFlow v9 tells the time of its export in whole seconds.
  expectPortHolder(connection, String(parts('session')[0]?.['event.end']));
}

/**
 * The connections to the first server look alike outside, and softflowd tells those that follow each other closely as one: then
 * nobody can say whose it was, and ascribe must not.
 */
function expectNoGuess(connections: readonly Connection[], all: readonly Row[]): void {
  const outside = all.filter((row) => row['source.ip'] === GatewayNetwork.outside);
  for (const session of outside) {
    const [from, to] = ['event.start', 'event.end'].map((name) => Date.parse(String(session[name])));
    const makers = connections.filter(
      ({ server, began, ended }) => server === session['destination.ip'] && began <= to! && ended >= from!,
    );
    const isShared = new Set(makers.map(({ vm }) => vm)).size > 1;
    if (isShared) expect(session['ascribe.verdict.status']).not.toBe('attributed');
    else if (session['ascribe.verdict.status'] === 'attributed')
      expect(session['ascribe.owner.name']).toBe(makers[0]?.vm);
  }
}

/** Who had the port is named, though others may have had it at the same time. */
function expectPortHolder({ address, port }: Connection, at: string): void {
  const outside = `${GatewayNetwork.outside}:${GatewayNetwork.outsidePort}/tcp`;
  const holders = ascribeJson<Row>(['who', outside, '--at', at, ...site.arguments]);
  expect(holders.map((row) => row['ascribe.value'])).toContain(`${address}:${port}`);
}

/** The chain leads over the address and the adapter to the VM and its host, each step with its records. */
function expectChain(connection: Connection, all: readonly Row[]): void {
  const steps = partsOf(sessionOf(connection, all)?.['ascribe.session.id'])('step');
  const { mac } = GatewayNetwork.vms.find(({ namespace }) => namespace === connection.vm)!;
  const told = steps.map((step) => [step['ascribe.step.from'], step['ascribe.step.to']].join(' > ')).join('\n');
  for (const word of [`${connection.address} > ${mac}`, `> ${connection.vm}`, '> esx-01']) expect(told).toContain(word);
  for (const step of steps) expect(step['ascribe.step.records']).not.toEqual([]);
}

function relation(name: string): Row[] {
  return ascribeJson<Row>(['bindings', '--relation', name, '--limit', '1000', ...site.arguments]);
}

function hear(text: string): void {
  heard += text;
}

async function startMonitor(): Promise<AscribeDaemon> {
  const vms = GatewayNetwork.vms.map(({ namespace, mac }) => `${namespace}=${mac}`);
  let told = '';
  const child = ['test/setup/ts-hook.js', 'test/e2e/esxi-child.ts'].map((file) => join(process.cwd(), file));
  network.spawn('mon', process.execPath, ['-r', ...child, PASSWORD, ...vms], (text) => (told += text));
  await waitFor(() => told.includes('}\n'), PATIENCE, 'the ESXi host');
  const { port, hostKeys } = JSON.parse(told) as { port: number; hostKeys: string[] };
  writeFileSync(join(site.folder, 'password'), `${PASSWORD}\n`, { mode: 0o600 });
  writeFileSync(join(site.folder, 'community'), 'walker\n', { mode: 0o600 });
  const listen = (number: number): string => `"${GatewayNetwork.monitor}:${number}"`;
  site.configure(`journal: { reserve_bytes: 0B }
collectors:
  netflow: [{ listen: [${listen(FLOW_PORT)}] }]
  syslog: [{ udp: [${listen(SYSLOG_PORT)}], tcp: [] }]
  snmp:
    - credentials: [{ name: all, version: v2c, community: "file:community", subnets: ["10.77.0.0/16"] }]
      devices: [{ name: gw, address: ${GatewayNetwork.gateway}, periods: { ipNetToPhysicalTable: 1, ifXTable: 2 }, timeout: 5 }]
      start_spread: 0
  ssh:
    - credentials: [{ name: esxi, user: ascribe, password: "file:password", subnets: ["127.0.0.0/8"] }]
      devices: [{ name: esx-01, address: 127.0.0.1, port: ${port}, host_keys: ${JSON.stringify(hostKeys)} }]
      start_spread: 0
`);
  const daemon = new AscribeDaemon(site.arguments, ['ip', 'netns', 'exec', network.name('mon')]);
  await daemon.ready();
  const isKnown = (): boolean =>
    GatewayNetwork.vms.every(({ mac }) => relation('mac-vnic').some((row) => row['ascribe.key'] === mac));
  await waitFor(isKnown, PATIENCE, 'the VMs’ adapters');
  return daemon;
}

function startTlsServers(): void {
  const www = join(site.folder, 'www');
  mkdirSync(www);
  writeFileSync(join(www, 'file.bin'), Buffer.alloc(20_000, 7));
  const [key, cert] = [join(www, 'key.pem'), join(www, 'cert.pem')];
  network.exec('net', 'openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=server.example', '-keyout', key, '-out', cert],
  ]);
  // s_server serves one client at a time: each address has its own.
  for (const server of GatewayNetwork.servers) {
    const serve = `openssl s_server -quiet -accept ${server}:443 -WWW -cert ${cert} -key ${key}`;
    network.spawn('net', 'sh', ['-c', `cd ${www} && exec ${serve}`], hear);
  }
}

function startGateway(tracker: string): void {
  const { folder } = site;
  writeFileSync(join(folder, 'snmpd.conf'), 'rocommunity walker\nsysName gw.example\n', { mode: 0o600 });
  const leases = `--dhcp-range=10.77.1.100,10.77.1.150,120 --dhcp-leasefile=${folder}/leases --dhcp-authoritative`;
  const dnsmasq = `dnsmasq -k --conf-file=/dev/null --user=root --port=0 --interface=br0 --bind-interfaces ${leases} --pid-file=${folder}/dnsmasq.pid &`;
  const snmpd = `SNMP_PERSISTENT_DIR=${folder} snmpd -f -Lo -C -c ${folder}/snmpd.conf -p ${folder}/snmpd.pid -m '' udp:${GatewayNetwork.gateway}:161 &`;
  network.spawnWithSyslog(`${tracker}\n${dnsmasq}\n${snmpd}\nwait`, SYSLOG_PORT, hear);
}

function ulogdConfig(): string {
  const file = join(site.folder, 'ulogd.conf');
  const stack = 'stack=ct1:NFCT,ip2str1:IP2STR,print1:PRINTFLOW,sys1:SYSLOG';
  writeFileSync(
    file,
    `[global]\nlogfile="${site.folder}/ulogd.log"\n${stack}\n[ct1]\nhash_enable=0\n[sys1]\nfacility=LOG_LOCAL2\n`,
  );
  return file;
}

function loggerTarget(): string {
  return `-n ${GatewayNetwork.monitor} -P ${SYSLOG_PORT} -d`;
}

interface Meter {
  readonly child: ChildProcess;
  /** What dumpcap has handed on, and its process id. */
  readonly capture: string;
  readonly pid: string;
}

/** dumpcap reads a link of the gateway and softflowd reads dumpcap: softflowd's own capture waits for full kernel buffers. */
function meter(link: string, options: readonly string[]): Meter {
  const [capture, pid] = ['pcap', 'pid'].map((kind) => join(site.folder, `${link}.${kind}`)) as [string, string];
  const dumpcap = `echo $$ > ${pid}; exec dumpcap -q -B 64 -i ${link} -P -w -`;
  const target = `-n ${GatewayNetwork.monitor}:${FLOW_PORT}`;
  const softflowd = `softflowd -r - -a -d -c none -p ${site.folder}/${link}.softflowd ${target} ${options.join(' ')}`;
  const child = network.spawn('gw', 'sh', ['-c', `sh -c '${dumpcap}' | tee ${capture} | exec ${softflowd}`], hear);
  return { child, capture, pid };
}

/** Ends the captures once they have seen all: then softflowd exports what it holds. */
async function stopMeters(meters: readonly Meter[]): Promise<void> {
  const last = 'the last packet of all';
  const seen = (): boolean => meters.every(({ capture }) => readFileSync(capture).includes(last));
  const send = (): string =>
    network.exec('vm1', 'logger', ['-d', '-n', GatewayNetwork.servers[0], '-P', '9', '--socket-errors=off', last]);
  send();
  await waitFor(seen, PATIENCE, 'the last packet captured');
  for (const { child, pid } of meters) {
    const exit = new Promise((resolve) => child.once('exit', resolve));
    process.kill(Number(readFileSync(pid, 'utf8')), 'SIGINT');
    await exit;
  }
}
