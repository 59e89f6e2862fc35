import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { ForwardDatabase } from '../../forwarders/delivery/forward-db';
import { BulkReceiver } from '../forwarders/receivers/bulk-receiver';
import { HecReceiver } from '../forwarders/receivers/hec-receiver';
import type { Receiver } from '../forwarders/receivers/receiver';
import { ascribe, AscribeDaemon, ascribeJson, isBuilt, waitFor } from './ascribe-process';
import { freePort, Site } from './data-directory';

/** A real `run` with destinations: what devices say reaches them through kills, freezes, reloads and faults of its own. */

const here = isBuilt ? test : test.skip;
const TOKEN = 'f0rw4rd-canary-t0ken';
const PATIENCE = 90_000;

let site: Site;
let port: number;
let daemons: AscribeDaemon[];
let receivers: Receiver[];

beforeEach(async () => {
  site = new Site();
  port = await freePort();
  daemons = [];
  receivers = [];
  writeFileSync(join(site.folder, 'token'), TOKEN, { mode: 0o400 });
});

afterEach(async () => {
  for (const daemon of daemons) await daemon.kill();
  for (const receiver of receivers) await receiver.stop();
  site.remove();
});

async function started<Kind extends Receiver>(receiver: Kind): Promise<Kind> {
  receivers.push(receiver);
  await receiver.start();
  return receiver;
}

/** `destinations`: YAML flow mappings. */
function configure(...destinations: readonly string[]): void {
  site.configure(`journal: { reserve_bytes: 0B }
collectors: { netflow: [], syslog: [{ udp: ["127.0.0.1:${port}"], tcp: ["127.0.0.1:${port}"] }] }
forward: [${destinations.join(', ')}]
`);
}

async function startDaemon(): Promise<AscribeDaemon> {
  const daemon = new AscribeDaemon(site.arguments);
  daemons.push(daemon);
  await daemon.ready();
  return daemon;
}

/** Logins on an ASA, one event each, as many as are stored when it resolves. */
async function logins(count: number): Promise<void> {
  const wanted = site.lastSeq() + count;
  const lines = Array.from(
    { length: count },
    (_, n) =>
      `<166>Nov 24 2026 02:00:00 fw1 : %ASA-6-605005: Login permitted from 192.0.2.9/${1024 + n} to inside:192.0.2.1/ssh for user "admin"\n`,
  );
  const socket = connectTcp({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  socket.write(lines.join(''));
  await waitFor(() => site.lastSeq() >= wanted, PATIENCE, `${wanted} records stored`);
  socket.destroy();
}

const storedBy = (receiver: Receiver): Promise<void> =>
  new Promise((resolve) => {
    receiver.onStored = () => {
      receiver.onStored = () => undefined;
      resolve();
    };
  });

/** Positions in the journal of what a receiver has. */
const positionsOf = (events: readonly Readonly<Record<string, unknown>>[]): Set<unknown> =>
  new Set(events.map(({ event }) => (event as { ascribe: { raw_seq: number } }).ascribe.raw_seq));

const forwardJson = (...args: readonly string[]): Record<string, unknown>[] => {
  const { stdout } = ascribe(['forward', ...args, '--json', ...site.arguments]);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]));
};

/** Looked at beside the daemon: to start the program for each look would cost more than what is tested. */
function looked<T>(look: (database: ForwardDatabase) => T): T {
  const database = ForwardDatabase.open(join(site.data, 'forward.db'));
  try {
    return look(database);
  } finally {
    database.close();
  }
}

const confirmed = (destination: string): number =>
  looked((database) => database.hours({ destination }).reduce((sum, hour) => sum + hour.confirmed, 0));
const letters = (): number => looked((database) => database.deadLetters({ limit: 10 }).length);

here(
  'killed while a receiver stores, frozen while it hangs up: each event arrives, beside a destination that is away',
  async () => {
    const hec = await started(new HecReceiver(TOKEN));
    configure(
      `{ name: siem, send: [events], splunk_hec: { url: "${hec.url}", token: "file:token", timeout: 5 } }`,
      `{ name: archive, send: [raw], file: { directory: out, roll_after: 1 } }`,
      `{ name: away, send: [events], relp: { to: "127.0.0.1:${await freePort()}" } }`,
    );
    let daemon = await startDaemon();
    const killed = storedBy(hec).then(() => daemon.kill());
    await logins(700);
    await killed;
    daemon = await startDaemon();
    const frozen = storedBy(hec);
    await logins(700);
    await frozen;
    daemon.child.kill('SIGSTOP');
    hec.hangUp();
    daemon.child.kill('SIGCONT');

    await waitFor(() => hec.ids.size >= 1400, PATIENCE, 'every event');
    await waitFor(() => confirmed('siem') >= 1400, PATIENCE, 'every answer');
    const audited = forwardJson('audit', '--destination', 'siem').map((row) =>
      Number(row['ascribe.forward.confirmed']),
    );
    expect(audited.reduce((sum, count) => sum + count, 0)).toBe(1400);
    expect(hec.violations).toEqual([]);
    const wanted = new Set(site.facts('event').map((row) => Number(row['raw_seq'])));
    expect(wanted.size).toBe(1400);
    expect(positionsOf(hec.events)).toEqual(wanted);

    await waitFor(() => confirmed('archive') >= 1400, PATIENCE, 'the archive');
    const out = join(site.folder, 'out');
    const files = readdirSync(out).filter((name) => name.endsWith('.ndjson'));
    const archived = files.flatMap((name) => readFileSync(join(out, name), 'utf8').trim().split('\n'));
    expect(new Set(archived.map((line) => (JSON.parse(line) as { message: string }).message)).size).toBe(700);

    await waitFor(
      () => site.status().forward?.some(({ name, state }) => name === 'away' && state === 'waiting') === true,
      PATIENCE,
      'the destination that is away',
    );
    expect(forwardJson('status').filter((row) => row['ascribe.forward'] === 'destination')).toMatchObject([
      { 'ascribe.forward.name': 'siem', 'ascribe.forward.delivery': 'confirmed' },
      { 'ascribe.forward.name': 'archive' },
      { 'ascribe.forward.name': 'away', 'error.message': expect.stringContaining('ECONNREFUSED') },
    ]);
    expect(site.status().alarms.map(({ name }) => name)).toContain('forward_failing');
    expect(await daemon.stop()).toBe(0);
    for (const { output } of daemons) expect(output).not.toContain(TOKEN);
  },
  300_000,
);

/** Ids of what a receiver has of devices: what is done here, as the redrive and the reloads, is told to it too. */
function ofDevices({ documents }: BulkReceiver): string[] {
  const action = (source: Readonly<Record<string, unknown>>): string =>
    String((source['event'] as { readonly action?: string } | undefined)?.action);
  return [...documents].flatMap(([id, { source }]) => (action(source).startsWith('operator_') ? [] : [id])).sort();
}

here(
  '`forward redrive` mends what was refused, SIGHUP adds and ends destinations, a damaged forward.db stops nothing else',
  async () => {
    const bulk = await started(new BulkReceiver());
    const second = await started(new BulkReceiver());
    bulk.isMapped = (source) => (source['source'] as { port?: number } | undefined)?.port !== 1030;
    const siem = `{ name: siem, send: [events], elasticsearch: { url: "${bulk.url}" } }`;
    configure(siem);
    const daemon = await startDaemon();
    await logins(20);
    await waitFor(() => letters() === 1, PATIENCE, 'the letter');
    expect(forwardJson('status').filter((row) => row['ascribe.forward'] === 'dead_letter')).toMatchObject([
      { 'error.code': 'bulk_400', 'ascribe.forward.kind': 'events', 'ascribe.forward.state': 'kept' },
    ]);
    bulk.isMapped = () => true;
    expect(ascribeJson(['forward', 'redrive', ...site.arguments])).toEqual([
      { 'ascribe.forward': 'redrive', 'ascribe.forward.letters': 1 },
    ]);
    await waitFor(() => ofDevices(bulk).length === 20, PATIENCE, 'the letter at the receiver');
    await waitFor(() => letters() === 0, PATIENCE, 'no letter');
    expect(ascribe(['forward', 'status', ...site.arguments]).status).toBe(0);

    configure(siem, `{ name: second, send: [events], elasticsearch: { url: "${second.url}" } }`);
    daemon.child.kill('SIGHUP');
    await waitFor(() => ofDevices(second).length === 20, PATIENCE, 'the new destination');
    expect(ofDevices(second)).toEqual(ofDevices(bulk));
    await logins(5);
    await waitFor(() => ofDevices(bulk).length + ofDevices(second).length === 50, PATIENCE, 'both going on');

    configure();
    daemon.child.kill('SIGHUP');
    await waitFor(() => site.status().forward === undefined, PATIENCE, 'no destination');
    expect(await daemon.stop()).toBe(0);
    expect(bulk.violations).toEqual([]);

    // A damaged forward.db ends forwarding, is told, and stops nothing else.
    writeFileSync(join(site.data, 'forward.db'), 'no database');
    configure(siem);
    const last = await startDaemon();
    await waitFor(() => last.output.includes('forward failed'), PATIENCE, 'the failure told');
    await logins(3);
    await site.factsMade();
    expect(site.facts('event').filter(({ parser }) => parser !== 'operator')).toHaveLength(28);
    expect(ofDevices(bulk)).toHaveLength(25);
    expect(await last.stop()).toBe(0);
  },
  300_000,
);
