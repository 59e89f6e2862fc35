import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { utils } from 'ssh2';
import { fingerprint } from '../../collectors/ssh/hostkeys/host-key';
import { SshCollector } from '../../collectors/ssh/ssh-collector';
import { sshConfig } from '../../collectors/ssh/ssh-config';
import type { HostPlace, HostsMessage, HostsOrder } from './hosts-child';
import { LineTally } from './lag';

const HELP = `bench:ssh: SIMULATED ESXi hosts read over SSH on loopback: CPU of the collector, lag and loss of log lines
  --hosts N       hosts (100)
  --busy N        of them writing fast and rotating (4)
  --rate N        lines a second of a busy host (1000); the others write one
  --rotate S      seconds between rotations of a busy host (5)
  --poll S        seconds between two looks at the logs (10)
  --seconds S     how long is measured (300)
`;

/** Longest wait for the rest of the lines after the measurement. */
const SETTLE_MS = 120_000;

interface Options {
  readonly hosts: number;
  readonly busy: number;
  readonly rate: number;
  readonly rotate: number;
  readonly poll: number;
  readonly seconds: number;
}

function options(): Options | undefined {
  const number = (fallback: number) => ({ type: 'string', default: String(fallback) }) as const;
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      hosts: number(100),
      busy: number(4),
      rate: number(1000),
      rotate: number(5),
      poll: number(10),
      seconds: number(300),
    },
  });
  if (values.help) return undefined;
  const read = (text: string, most: number): number => Math.min(most, Math.max(1, Number(text) || 1));
  return {
    hosts: read(values.hosts, 500),
    busy: Math.min(read(values.hosts, 500), Number(values.busy) || 0),
    rate: read(values.rate, 20_000),
    rotate: read(values.rotate, 3600),
    poll: read(values.poll, 3600),
    seconds: read(values.seconds, 3600),
  };
}

/** Runs the trial. */
async function main(): Promise<void> {
  const wanted = options();
  if (wanted === undefined) {
    process.stdout.write(HELP);
    return;
  }
  const child = fork(join(__dirname, 'hosts-child.js'));
  try {
    await trial(wanted, child);
  } finally {
    child.kill();
  }
}

async function trial({ hosts, busy, rate, rotate, poll, seconds }: Options, child: ChildProcess): Promise<void> {
  const order: HostsOrder = { hosts, busy, rate, quietRate: 1, rotateMs: rotate * 1000 };
  const places = await asked(child, order, 'places');
  const tally = new LineTally();
  const collector = collectorOf(places.places, poll, tally);
  await collector.start();
  await until(() => places.places.every(({ name }) => tally.reached(name) > 0), SETTLE_MS);
  tally.measure(Date.now());
  const polls = (): number => collector.stats().recordsTaken;
  const before = { cpu: process.cpuUsage(), at: performance.now(), records: polls() };
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const cpu = process.cpuUsage(before.cpu);
  const elapsed = (performance.now() - before.at) / 1000;
  const records = polls() - before.records;
  const memory = process.memoryUsage().rss;
  const { written } = await asked(child, 'finish', 'written');
  await until(() => places.places.every(({ name }) => tally.reached(name) >= (written[name] ?? 0)), SETTLE_MS);
  await collector.stop();
  const unread = places.places.reduce(
    (sum, { name }) => sum + Math.max(0, (written[name] ?? 0) - tally.reached(name)),
    0,
  );
  const cpuMs = (cpu.user + cpu.system) / 1000;
  const { lines, missing, duplicates, gaps } = tally.counts;
  const looks = (hosts * elapsed) / poll;
  process.stdout.write(
    `SIMULATED hosts ${hosts} (${busy} writing ${rate} lines/s, rotated every ${rotate} s), a look every ${poll} s, ${elapsed.toFixed(0)} s
CPU of the collector     ${((cpuMs / elapsed / 1000) * 100).toFixed(1)} % of a core, ${(cpuMs / looks).toFixed(1)} ms for each look at a host, commands included
records                  ${records}, resident memory ${(memory / 2 ** 20).toFixed(0)} MiB
lines                    ${lines} read, ${missing + unread} lost, ${duplicates} twice, ${gaps} gaps
lag of a line            p50 ${tally.lag(0.5)} ms, p99 ${tally.lag(0.99)} ms, most ${tally.lag(1)} ms
`,
  );
  if (missing + unread + duplicates + gaps > 0) process.exitCode = 1;
}

function collectorOf(places: readonly HostPlace[], poll: number, tally: LineTally): SshCollector {
  const settings = sshConfig.parse({
    credentials: [{ name: 'esxi', user: 'ascribe', password: 'env:PASSWORD', subnets: ['127.0.0.0/8'] }],
    devices: places.map(({ name, port, hostKey }) => {
      const key = utils.parseKey(hostKey);
      if (key instanceof Error) throw key;
      return { name, address: '127.0.0.1', port, host_keys: [fingerprint(key.getPublicSSH())] };
    }),
    concurrency: 100,
    log_period: poll,
    start_spread: Math.min(poll, 10),
  });
  return new SshCollector(
    { ...settings, secrets: () => 'right horse' },
    {
      now: Date.now,
      emit: (event) => {
        if (event.kind !== 'ssh_connected') process.stderr.write(`${JSON.stringify(event)}\n`);
      },
      offer: (batch) => {
        for (const record of batch) tally.take(record);
        return batch.length;
      },
    },
  );
}

function asked<Kind extends HostsMessage['kind']>(
  child: ChildProcess,
  order: HostsOrder | 'finish',
  kind: Kind,
): Promise<Extract<HostsMessage, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the hosts have ended')));
    child.on('message', (message: HostsMessage) => {
      if (message.kind === kind) resolve(message as Extract<HostsMessage, { kind: Kind }>);
    });
    child.send(order);
  });
}

async function until(holds: () => boolean, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!holds() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
}

void main();
