import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child, freePort } from '../syslog/receiver';
import { SERVED } from './agents';
import { pollWithExporter } from './exporter';
import type { Round } from './poll-child';
import type { Walked } from './walk-child';

/*
 * `npm run bench:snmp [DEVICES]` — what polling costs. DEVICES: size of the large fleet, 1,000 by default. Takes about a
 * minute. Needs Linux (all of 127.0.0.0/8 is loopback there); snmpbulkwalk (package snmp) and prometheus-snmp-exporter are
 * measured when they are installed.
 *
 * How to read it:
 * - The agents are two processes of this bench; their CPU counts for nobody. All askers ask the same agents, over v2c.
 * - "walk": one agent, two columns of 10,000 rows (texts and Counter64), 50 rows a request. Ours is the walk of the poller
 *   into memory; snmpbulkwalk prints to /dev/null. The least of several runs counts: other work on the machine only adds.
 *   Ours is in one process, as in the daemon: the first walk, before V8 has compiled it, is printed beside the best.
 *   snmpbulkwalk is one process a column, as tools that call it do; its start is in its figure, as it is for them.
 * - "fleet": each device's ifTable, ifXTable and ipNetToMediaTable (11 columns of 101 rows), 100 devices at once, as fast as
 *   it goes. Ours is the whole collector up to the bytes that the journal takes; the exporter's is up to its HTTP answer.
 *   A poll is one device. "1,000 devices every 5 minutes" is the share of one core that this would take.
 * - "loop delay" is of the thread that polls (monitorEventLoopDelay), in the best round; "files" are its descriptors.
 */

const ROWS = 10_000;
const WALKED = ['1.3.6.1.2.1.31.1.1.1.1', '1.3.6.1.2.1.31.1.1.1.6'];
const WALKS = 12;
const FLEET_ROWS = 101;
const ROUNDS = 5;
const CONCURRENCY = 100;
const SMALL_FLEET = 100;

async function main(): Promise<void> {
  const devices = Number(process.argv[2] ?? 1000);
  const folder = mkdtempSync(join(tmpdir(), 'ascribe-bench-snmp-'));
  try {
    print(`Node ${process.version}, ${availableParallelism()} CPUs, load average before ${loadavg()[0]?.toFixed(1)}`);
    await measureWalk();
    await measureFleet(devices, folder);
    print('');
    print(`load average after ${loadavg()[0]?.toFixed(1)} (the bench itself included)`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureWalk(): Promise<void> {
  print('');
  print(`walk of ${WALKED.length} columns of ${ROWS} rows, v2c`);
  const port = await freePort();
  const agents = await startAgents(port, ROWS, ['127.0.0.1']);
  try {
    const walks = runChild('walk-child.js', [port, WALKS, ...WALKED]) as readonly Walked[];
    if (walks.some(({ complete, varbinds }) => !complete || varbinds !== ROWS * WALKED.length)) {
      throw new Error('a walk was not complete');
    }
    const best = Math.min(...walks.map(({ cpu }) => cpu));
    print(`  ascribe        ${walkText(best)}; first walk ${walks[0]!.cpu.toFixed(0)} ms`);
    const peers = Array.from({ length: 5 }, () => bulkwalkCpu(port));
    if (peers.includes(undefined)) {
      print('  snmpbulkwalk   not installed');
      return;
    }
    const theirs = Math.min(...(peers as number[]));
    print(`  snmpbulkwalk   ${walkText(theirs)}`);
    print(`  ascribe takes ${(best / theirs).toFixed(2)} x the CPU of snmpbulkwalk`);
  } finally {
    await agents.stop();
  }
}

function walkText(cpu: number): string {
  const rate = Math.round((ROWS * WALKED.length) / cpu);
  return `${cpu.toFixed(0)} ms CPU (${rate} thousand varbinds a CPU second)`;
}

/** Milliseconds of user and system time of both walks, by the shell's account of its children. */
function bulkwalkCpu(port: number): number | undefined {
  const walks = WALKED.map(
    (root) => `snmpbulkwalk -m "" -v2c -c public -Cr50 -On 127.0.0.1:${port} .${root} >/dev/null || exit 1`,
  );
  const env = { ...process.env, MIBS: '', SNMP_PERSISTENT_DIR: tmpdir() };
  try {
    const script = `command -v snmpbulkwalk >/dev/null || exit 1; ${walks.join('; ')}; times`;
    const output = execFileSync('bash', ['-c', script], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] });
    const children = output.trim().split('\n').at(-1) ?? '';
    return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
      (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
      0,
    );
  } catch {
    return undefined;
  }
}

async function measureFleet(devices: number, folder: string): Promise<void> {
  print('');
  print(`fleet, ${SERVED.length} columns of ${FLEET_ROWS} rows a device, ${CONCURRENCY} devices at once, v2c`);
  const port = await freePort();
  const addresses = Array.from({ length: devices }, (_, at) => `127.1.${at >> 8}.${at & 255}`);
  const half = devices >> 1;
  const agents = [
    await startAgents(port, FLEET_ROWS, addresses.slice(0, half)),
    await startAgents(port, FLEET_ROWS, addresses.slice(half)),
  ];
  try {
    for (const some of [addresses.slice(0, SMALL_FLEET), addresses]) {
      const rounds = runChild('poll-child.js', [port, CONCURRENCY, ROUNDS, ...some]) as readonly Round[];
      if (rounds.some(({ polls, incomplete }) => polls !== some.length || incomplete > 0)) {
        throw new Error('a poll was not complete');
      }
      const best = rounds.reduce((least, round) => (round.cpu < least.cpu ? round : least));
      print(`  ascribe, ${some.length} devices: ${fleetText(best)}, ${best.files} files, ${best.rssMb.toFixed(0)} MB`);
      print(`    loop delay p99 ${best.delayP99.toFixed(1)} ms, longest ${best.delayMax.toFixed(1)} ms`);
    }
    const peers = await pollWithExporter(join(folder, 'exporter'), port, addresses, CONCURRENCY, ROUNDS);
    if (peers === undefined) {
      print('  prometheus-snmp-exporter: not installed');
      return;
    }
    const best = peers.reduce((least, round) => (round.cpu < least.cpu ? round : least));
    const failed = best.failed === 0 ? '' : `, ${best.failed} failed`;
    print(`  prometheus-snmp-exporter, ${devices} devices: ${fleetText(best)}${failed}`);
  } finally {
    for (const one of agents) await one.stop();
  }
}

function fleetText({
  polls,
  wall,
  cpu,
}: {
  readonly polls: number;
  readonly wall: number;
  readonly cpu: number;
}): string {
  const share = ((1000 * (cpu / polls)) / 300) * 100;
  return `${Math.round(polls / cpu)} polls a CPU second, ${Math.round(polls / wall)} polls/s; 1,000 devices every 5 minutes ${share.toFixed(2)} % of a core`;
}

async function startAgents(port: number, rows: number, addresses: readonly string[]): Promise<Child> {
  const child = new Child(process.execPath, [join(__dirname, 'agents.js'), ...[port, rows].map(String), ...addresses]);
  await child.until(() => child.output.includes('agents ready'));
  return child;
}

/** Runs one of the children to its end and returns the objects that it printed. */
function runChild(program: string, args: readonly (string | number)[]): readonly unknown[] {
  const output = execFileSync(process.execPath, [join(__dirname, program), ...args.map(String)], { encoding: 'utf8' });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();
