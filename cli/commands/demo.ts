import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type * as AnalysisDbModule from '../../store/analysis/analysis-db';
import type * as FlowPlayerModule from '../../test/site/flow-player';
import type * as ScorerModule from '../../test/site/scorer';
import type * as WorldModule from '../../test/site/flow-world';
import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import { CommandError, EXIT } from '../exit-codes';
import { formatBytes, formatCount } from '../output/units';

type World = WorldModule.World;
type Listed = ScorerModule.ListedSession & {
  readonly num: number;
  readonly start: number;
  readonly service: string | null;
};

const DEFAULT_SEED = 1;
const DEFAULT_SPEED = 6;
const POLL_MS = 500;
const SETTLE_MS = 15_000;

/** `demo`: a small site tells its flows over UDP to a real `run`, and the sessions are scored against the truth. */
export const demoCommand: AscribeCommand = {
  name: 'demo',
  define(program, host) {
    program
      .command('demo')
      .description('a simulated site on loopback, a real daemon, and how many of its sessions came out right')
      .option('--seed <n>', 'another seed is another site', String(DEFAULT_SEED))
      .option('--speed <x>', 'site seconds per second', String(DEFAULT_SPEED))
      .action(
        host.action((context, { seed, speed }) => demo(context, whole('--seed', seed), positive('--speed', speed))),
      );
  },
};

async function demo(context: CommandContext, seed: number, speed: number): Promise<CommandResult> {
  const { makeWorld } = require('../../test/site/flow-world') as typeof WorldModule;
  const world = makeWorld(seed);
  const directory = mkdtempSync(join(tmpdir(), 'ascribe-demo-'));
  const port = await freePort();
  const daemon = startDaemon(directory, port, world);
  try {
    await ready(daemon);
    context.note(
      `a site of ${formatCount(world.sessions.length)} sessions plays ${world.duration / 1000} s in ${Math.round(world.duration / 1000 / speed)} s: a router (NetFlow v9) and a switch (IPFIX) export to 127.0.0.1:${port}`,
    );
    const listed = await play(context, world, speed, port, directory);
    return await conclude(context, world, listed);
  } finally {
    await ended(daemon.child);
    rmSync(directory, { recursive: true, force: true });
  }
}

interface DemoDaemon {
  readonly child: ChildProcess;
  output: string;
}

function startDaemon(directory: string, port: number, world: World): DemoDaemon {
  const config = join(directory, 'ascribe.yaml');
  const homes = JSON.stringify(world.homeNetworks);
  writeFileSync(
    config,
    `home_networks: ${homes}\ncollectors:\n  netflow:\n    - listen: ["127.0.0.1:${port}"]\n  syslog: []\njournal:\n  reserve_bytes: 0B\n`,
  );
  const main = join(__dirname, '..', 'main.js');
  const args = [main, 'run', '--config', config, '--data', join(directory, 'data')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
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

/** Plays the site and shows sessions as they are listed; returns all of them once they no longer change. */
async function play(
  context: CommandContext,
  world: World,
  speed: number,
  port: number,
  directory: string,
): Promise<readonly Listed[]> {
  const { playFlows } = require('../../test/site/flow-player') as typeof FlowPlayerModule;
  const { openAnalysisForReading } = require('../../store/analysis/analysis-db') as typeof AnalysisDbModule;
  const db = openAnalysisForReading(join(directory, 'data', 'ascribe.db'));
  const progress = context.progress({
    label: 'site time',
    total: world.duration,
    format: (ms) => `${Math.round(ms / 1000)} s`,
  });
  const { signal } = context.io.interruption;
  let shown = 0;
  let siteTime = 0;
  const show = (): void => {
    const sessions = db.prepare<[number], Listed>(`${SESSIONS} WHERE num > ? ORDER BY num`).all(shown);
    shown = sessions.at(-1)?.num ?? shown;
    progress.finish();
    for (const session of sessions.slice(-MOST_SHOWN)) printSession(context, session);
    progress.update(siteTime);
  };
  const timer = setInterval(show, POLL_MS);
  try {
    await playFlows(world, { host: '127.0.0.1', port, speed, signal, onProgress: (now) => (siteTime = now) });
    return await settled(() => db.prepare<[], Listed>(SESSIONS).all(), world.sessions.length, signal);
  } finally {
    clearInterval(timer);
    progress.finish();
    db.close();
  }
}

/** The table behind the view: `num` is the order in which sessions were first seen. */
const SESSIONS = `SELECT r.num, s.start, s.src_ip AS src, s.src_port AS srcPort, s.dst_ip AS dst, s.dst_port AS dstPort, s.protocol,
  s.src_bytes AS srcBytes, s.dst_bytes AS dstBytes, s.network_direction AS networkDirection, s.encrypted, s.service
  FROM session_row r JOIN session s ON s.id = r.id`;
const MOST_SHOWN = 6;

function printSession(context: CommandContext, session: Listed): void {
  if (context.json) return;
  const { src, srcPort, dst, dstPort, networkDirection, encrypted, service } = session;
  const from = `${src}:${srcPort}`.padEnd(26);
  const to = `${dst}:${dstPort}`.padEnd(26);
  context.print(
    `${context.formatTime(session.start)}  ${from} -> ${to} ${networkDirection.padEnd(9)} ${encrypted === 'yes' ? 'encrypted' : 'plain'} ${service ?? ''}`,
  );
}

async function settled(read: () => Listed[], expected: number, signal: AbortSignal): Promise<readonly Listed[]> {
  const end = Date.now() + SETTLE_MS;
  let before = '';
  for (;;) {
    signal.throwIfAborted();
    const sessions = read();
    const now = JSON.stringify(sessions);
    if ((sessions.length >= expected && now === before) || Date.now() > end) return sessions;
    before = now;
    await delay(POLL_MS * 2);
  }
}

async function conclude(context: CommandContext, world: World, listed: readonly Listed[]): Promise<CommandResult> {
  const { score } = require('../../test/site/scorer') as typeof ScorerModule;
  const { sent, right, missing, wrong, surplus } = score(world, listed);
  if (context.json) {
    context.printJson({
      'ascribe.demo.seed': world.seed,
      'ascribe.demo.sessions': sent,
      'ascribe.demo.right': right,
      'ascribe.demo.missing': missing.length,
      'ascribe.demo.wrong': wrong.length,
      'ascribe.demo.surplus': surplus,
    });
  } else {
    const bytes = world.sessions.reduce((sum, { bytesUp, bytesDown }) => sum + bytesUp + bytesDown, 0);
    context.print();
    context.print(
      `${formatCount(right)} of ${formatCount(sent)} sessions (${formatBytes(bytes)}) are stored once, with the right initiator, bytes and direction; ${missing.length} missing, ${wrong.length} wrong, ${surplus} surplus`,
    );
    for (const { truth, field, seen } of wrong.slice(0, 5)) {
      context.print(
        `  wrong ${field}: ${truth.client}:${truth.clientPort} -> ${truth.server}:${truth.serverPort}: ${seen}`,
      );
    }
  }
  return right === sent && surplus === 0 ? EXIT.done : EXIT.failed;
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
