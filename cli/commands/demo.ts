import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type * as AnalysisDbModule from '../../store/analysis/analysis-db';
import type * as DemoModule from '../../test/site/demo';
import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import { CommandError, EXIT } from '../exit-codes';
import { formatCount } from '../output/units';

type Demo = DemoModule.Demo;
type Score = ReturnType<Demo['score']>;

const DEFAULT_SEED = 1;
const DEFAULT_SPEED = 6;
const POLL_MS = 500;
const SETTLE_MS = 30_000;
/** Where the daemon finds the secrets of the site's devices. */
const VARIABLES = { community: 'ASCRIBE_DEMO_COMMUNITY', password: 'ASCRIBE_DEMO_PASSWORD' } as const;

/** `demo`: a simulated site speaks to a real `run`, and who made its sessions is scored against the truth. */
export const demoCommand: AscribeCommand = {
  name: 'demo',
  define(program, host) {
    program
      .command('demo')
      .description('a simulated site on loopback, a real daemon, and how many of its sessions were ascribed rightly')
      .option('--seed <n>', 'another seed is another site', String(DEFAULT_SEED))
      .option('--speed <x>', 'site seconds per second', String(DEFAULT_SPEED))
      .action(
        host.action((context, { seed, speed }) => demo(context, whole('--seed', seed), positive('--speed', speed))),
      );
  },
};

async function demo(context: CommandContext, seed: number, speed: number): Promise<CommandResult> {
  const { openDemo } = require('../../test/site/demo') as typeof DemoModule;
  const directory = mkdtempSync(join(tmpdir(), 'ascribe-demo-'));
  const collector = { flowPort: await freePort(), syslogPort: await freePort() };
  const played = await openDemo(seed, speed);
  const names = { community: `env:${VARIABLES.community}`, password: `env:${VARIABLES.password}` };
  const daemon = startDaemon(directory, played.configuration(collector, names), {
    [VARIABLES.community]: played.secrets.community,
    [VARIABLES.password]: played.secrets.password,
  });
  try {
    await ready(daemon);
    introduce(context, played);
    const database = join(directory, 'data', 'ascribe.db');
    await play(context, played, collector, database);
    return conclude(context, played, played.score(database));
  } finally {
    await ended(daemon.child);
    await played.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function introduce(context: CommandContext, { site, minutes }: Demo): void {
  const { vms, hosts, devices } = site.inventory;
  context.note(
    `a site of ${hosts.length} hypervisors, ${vms.length} VMs and ${devices.length} network devices plays ${minutes} minutes in ${Math.round(site.duration / 1000)} s: ` +
      `${formatCount(site.sessions.length)} sessions, told by NetFlow v9, IPFIX, syslog, SNMP and SSH on loopback`,
  );
}

interface DemoDaemon {
  readonly child: ChildProcess;
  output: string;
}

function startDaemon(directory: string, configuration: string, secrets: Readonly<Record<string, string>>): DemoDaemon {
  const config = join(directory, 'ascribe.yaml');
  writeFileSync(config, configuration);
  const main = join(__dirname, '..', 'main.js');
  const args = [main, 'run', '--config', config, '--data', join(directory, 'data')];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...secrets },
  });
  const daemon: DemoDaemon = { child, output: '' };
  child.stderr?.on('data', (data: Buffer) => (daemon.output += data.toString()));
  return daemon;
}

async function ready(daemon: DemoDaemon): Promise<void> {
  while (!daemon.output.includes('daemon_ready')) {
    if (daemon.child.exitCode !== null) {
      throw new CommandError('demo_daemon', `the daemon ended with ${daemon.child.exitCode}:\n${daemon.output}`);
    }
    await delay(50);
  }
}

/** Plays the site and shows sessions as they are ascribed, until nothing changes any more. */
async function play(
  context: CommandContext,
  played: Demo,
  collector: Parameters<Demo['play']>[0],
  database: string,
): Promise<void> {
  const { openAnalysisForReading } = require('../../store/analysis/analysis-db') as typeof AnalysisDbModule;
  const db = openAnalysisForReading(database);
  const { duration } = played.site;
  const progress = context.progress({
    label: 'site time',
    total: duration,
    format: (ms) => `${Math.round(ms / 1000)} s`,
  });
  const { signal } = context.io.interruption;
  let shown = 0;
  let siteTime = 0;
  const show = (): void => {
    const verdicts = newVerdicts(db, shown);
    shown = verdicts.at(-1)?.revision ?? shown;
    progress.finish();
    for (const verdict of verdicts.filter(({ encrypted }) => encrypted === 'yes').slice(-MOST_SHOWN)) {
      printVerdict(context, verdict);
    }
    progress.update(siteTime);
  };
  const timer = setInterval(show, POLL_MS);
  try {
    await played.play(collector, (now) => (siteTime = now), signal);
    await settled(db, played.flowRecords, signal);
  } finally {
    clearInterval(timer);
    progress.finish();
    db.close();
  }
}

interface Shown {
  readonly revision: number;
  readonly start: number;
  readonly status: string;
  readonly confidence: number;
  readonly owner: string;
  readonly host: string;
  readonly src: string;
  readonly dst: string;
  readonly encrypted: string;
  readonly source: string | null;
  readonly rule: string | null;
}

const VERDICTS = `SELECT v.revision, v.start, v.status, v.confidence, v.owner_name AS owner, v.owner_host AS host,
  s.src_ip || ':' || ifnull(s.src_port, '') AS src, s.dst_ip || ':' || ifnull(s.dst_port, '') AS dst, s.encrypted,
  v.source_ip || ':' || ifnull(v.source_port, '') AS source, nullif(v.rule_name, '') AS rule
  FROM verdict v JOIN session s ON s.id = v.session WHERE v.revision > ? ORDER BY v.revision`;
const MOST_SHOWN = 5;

function newVerdicts(db: Database, revision: number): Shown[] {
  return db.prepare<[number], Shown>(VERDICTS).all(revision);
}

function printVerdict(context: CommandContext, verdict: Shown): void {
  if (context.json) return;
  const { start, status, confidence, owner, host, src, dst, source, rule } = verdict;
  const at = host === '' || host === owner ? '' : ` on ${context.text(host)}`;
  const who = status === 'attributed' ? `${context.text(owner)}${at}` : status;
  const behind = source === null || source === src ? '' : `, ${source} behind it`;
  const by = rule === null ? '' : `, rule ${context.text(rule)}`;
  const sure = status === 'attributed' ? ` (${Math.round(confidence * 100)} %)` : '';
  context.print(`${context.formatTime(start)}  ${who.padEnd(32)} ${src} -> ${dst}${behind}${by}${sure}`);
}

/** Waits until every flow record is in a session, every session has a verdict, and none has changed for a while. */
async function settled(db: Database, flowRecords: number, signal: AbortSignal): Promise<void> {
  const state = db.prepare<[], string>(
    `SELECT (SELECT count(*) FROM session) || ' ' || (SELECT count(*) FROM verdict) || ' ' ||
      (SELECT ifnull(max(revision), 0) FROM verdict) || ' ' || (SELECT ifnull(sum(flows), 0) FROM source)`,
  );
  const end = Date.now() + SETTLE_MS;
  let before = '';
  let since = Date.now();
  while (Date.now() < end) {
    signal.throwIfAborted();
    const now = state.pluck().get() ?? '';
    const [sessions, verdicts, , flows = 0] = now.split(' ').map(Number);
    if (now !== before) since = Date.now();
    if (flows >= flowRecords && sessions === verdicts && Date.now() - since > 3 * POLL_MS) return;
    before = now;
    await delay(POLL_MS);
  }
}

function conclude(context: CommandContext, { site }: Demo, score: Score): CommandResult {
  const { provable, hops, missing, surplus, wrongs, calibration } = score;
  const evident = provable.right + provable.wrong + provable.ambiguous + provable.abstained;
  const wrong = score.all.wrong + hops.nat.wrong + hops.process.wrong;
  if (context.json) {
    context.printJson({
      'ascribe.demo.seed': site.seed,
      'ascribe.demo.sessions': score.sessions,
      'ascribe.demo.provable': evident,
      'ascribe.demo.right': provable.right,
      'ascribe.demo.ambiguous': provable.ambiguous,
      'ascribe.demo.abstained': provable.abstained,
      'ascribe.demo.wrong': wrong,
      'ascribe.demo.missing': missing.length,
      'ascribe.demo.surplus': surplus.length,
      'ascribe.demo.brier': calibration.brier,
    });
  } else {
    context.print();
    context.print(
      `${formatCount(score.sessions)} sessions; of ${formatCount(evident)} with evidence ${formatCount(provable.right)} ascribed to who made them, ${wrong} wrongly, ${provable.ambiguous} ambiguous, ${provable.abstained} to nobody; ` +
        `${missing.length} missing, ${surplus.length} that never were`,
    );
    const { right } = hops.nat;
    context.print(
      `${formatCount(right)} legs behind the firewall traced back through its translation, ${hops.nat.wrong} wrongly`,
    );
    for (const { hop, matched } of wrongs.slice(0, 5)) {
      const { truth, answer } = matched;
      const named = answer.verdict?.owners[0]?.name ?? 'nobody';
      context.print(
        `  wrong ${hop}: ${truth.client}:${truth.clientPort} -> ${truth.server}:${truth.serverPort}: ${context.text(named)}`,
      );
    }
  }
  return wrong === 0 && missing.length === 0 && surplus.length === 0 ? EXIT.done : EXIT.failed;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exit;
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => {
    socket.bind(0, '127.0.0.1', resolve);
  });
  const { port } = socket.address();
  await new Promise<void>((resolve) => {
    socket.close(resolve);
  });
  return port;
}

function whole(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new CommandError('bad_option', `${option}: "${text}" is not a whole number`, EXIT.usage);
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0.5 && value <= 60) return value;
  throw new CommandError('bad_option', `${option}: "${text}" is not a number from 0.5 to 60`, EXIT.usage);
}
