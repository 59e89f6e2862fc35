import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Database } from 'better-sqlite3';
import { openAnalysisForReading } from '../../store/analysis/analysis-db';
import { findBindings } from '../../store/queries/bindings';
import { heardOfAll, listAssets, reasonCounts, sharesByInterface, sharesByNetwork } from '../../store/queries/coverage';
import { neighboursOfDestination, ownersOfDestination, servicesOfOwner } from '../../store/queries/investigation';
import { sessionDetail } from '../../store/queries/session-detail';
import { findSessions, type SessionFilter } from '../../store/queries/sessions';
import { addressesOf, findOwners, verdictDetail } from '../../store/queries/verdicts';
import { bindingsOf, isTranslated, parseHolder } from '../../store/queries/who';
import { BEGIN, CLIENTS, makeBigStore, SPAN_MS } from './big-store';

/*
 * `npm run bench:readers -- [--sessions 1000000] [--directory DIR]` — how long answers take from a large store: about 0.9 kB
 * a session in DIR (default: the system's temporary directory), removed at the end. `--store FILE` asks one that was made
 * before.
 *
 * Every answer is asked for over a connection of its own, as a command does, of different addresses, sessions and owners
 * spread over the store. Shown are the median and the worst CPU time, and the worst time on the wall, which on a shared
 * machine is also that of others. Opening the connection is in it, starting the process is not.
 */

const ASKED = 15;
const MIDDLE = BEGIN + SPAN_MS / 2;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Question = readonly [name: string, ask: (db: Database, i: number) => unknown];

const address = (i: number): string => `10.20.${(i * 37) % 2}.${(i * 11) % 80}`;

const sessionsBy = (name: string, filter: (i: number) => Omit<SessionFilter, 'limit'>): Question => [
  `sessions ${name}`,
  (db, i) => findSessions(db, { ...filter(i), limit: 100 }),
];

const QUESTIONS: readonly Question[] = [
  ['who ADDRESS --at', (db, i) => whoHad(db, address(i))],
  ['who ADDRESS:PORT --at', (db, i) => whoHad(db, `198.51.100.1:${1024 + i * 100}`)],
  ['session ID, with verdict and chain', (db, i) => sessionWhole(db, i)],
  sessionsBy('(the latest)', () => ({})),
  sessionsBy('--from --to', () => ({ from: MIDDLE, to: MIDDLE + HOUR })),
  sessionsBy('--status ambiguous', () => ({ status: 'ambiguous' })),
  sessionsBy('--status ambiguous --from --to', () => ({ status: 'ambiguous', from: MIDDLE, to: MIDDLE + HOUR })),
  sessionsBy('--src ADDRESS', (i) => ({ src: address(i) })),
  sessionsBy('--src ADDRESS --port 22', (i) => ({ src: address(i), port: 22 })),
  sessionsBy('--src ADDRESS --port 25 (none)', (i) => ({ src: address(i), port: 25 })),
  sessionsBy('--dst ADDRESS', (i) => ({ dst: `192.0.${i}.1` })),
  sessionsBy('--dst NETWORK', (i) => ({ dst: `192.0.${i}.0/24` })),
  sessionsBy('--port 22 --state denied', () => ({ port: 22, state: 'denied' })),
  sessionsBy('--owner VM', (i) => ({ owner: `vm-${i * 7}` })),
  sessionsBy('--owner HOST', (i) => ({ owner: `esx-${i}` })),
  sessionsBy('--owner VM --from --to', (i) => ({ owner: `vm-${i * 7}`, from: MIDDLE, to: MIDDLE + HOUR })),
  sessionsBy('--owner VM --port 25 (none)', (i) => ({ owner: `vm-${i * 7}`, port: 25 })),
  ['owner VM: names, counts, addresses', (db, i) => owner(db, `vm-${i * 7}`)],
  ['owner HOST: names, counts, addresses', (db, i) => owner(db, `esx-${i}`)],
  ['bindings (the latest)', (db) => findBindings(db, { limit: 100 })],
  ['bindings --device', (db) => findBindings(db, { device: 'rt-core', limit: 100 })],
  ['investigate: who talks with a destination', (db, i) => ownersOfDestination(db, `C000${byteOf(i)}01`, 5)],
  [
    'investigate: what an owner does',
    (db, i) => servicesOfOwner(db, `vm:${String(i * 7).padStart(8, '0')}-0000-0000-0000-000000000000`, 5),
  ],
  ['investigate: what lies beside a destination', (db, i) => neighboursOfDestination(db, `C000${byteOf(i)}01`, 5)],
  ['coverage: assets', (db) => listAssets(db)],
  ['coverage: what was heard of all', (db) => heardOfAll(db)],
  ['coverage: shares of the last day', (db) => sharesOf(db, BEGIN + SPAN_MS - DAY)],
];

/** The third byte of a destination, in hex. */
function byteOf(i: number): string {
  return i.toString(16).toUpperCase().padStart(2, '0');
}

function whoHad(db: Database, text: string): unknown {
  const holder = parseHolder(text)!;
  return [bindingsOf(db, { holder, at: MIDDLE, limit: 20 }), isTranslated(db, holder)];
}

function sessionWhole(db: Database, i: number): unknown {
  const count = db.prepare('SELECT max(num) FROM session_row').pluck().get() as number;
  const num = Math.max(1, Math.floor((count * (i + 0.5)) / ASKED));
  const id = db.prepare('SELECT id FROM session_row WHERE num = ?').pluck().get(num) as string;
  return [sessionDetail(db, id), verdictDetail(db, id)];
}

function owner(db: Database, name: string): unknown {
  return findOwners(db, name, 10).map((found) => addressesOf(db, found.numbers));
}

function sharesOf(db: Database, since: number): unknown {
  return [sharesByInterface(db, since, 20), sharesByNetwork(db, since, 20), reasonCounts(db, since)];
}

function ask(path: string, [name, read]: Question): string {
  const cpu: number[] = [];
  let wall = 0;
  for (let i = 0; i < ASKED; i++) {
    const before = process.cpuUsage();
    const began = performance.now();
    const db = openAnalysisForReading(path);
    read(db, i);
    db.close();
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000);
    wall = Math.max(wall, performance.now() - began);
  }
  cpu.sort((a, b) => a - b);
  const [middle, worst] = [cpu[ASKED >> 1]!, cpu.at(-1)!].map((ms) => ms.toFixed(1).padStart(8));
  return `${name.padEnd(44)}${middle} ms CPU, worst ${worst} ms, on the wall ${wall.toFixed(1).padStart(8)} ms`;
}

function askAll(path: string): void {
  const db = openAnalysisForReading(path);
  const sessions = db.prepare('SELECT max(num) FROM session_row').pluck().get() as number;
  db.close();
  print(`${sessions} sessions of ${CLIENTS} owners, Node ${process.version}, ${availableParallelism()} CPUs`);
  print(`load ${(loadavg()[0] ?? 0).toFixed(1)}`);
  for (const question of QUESTIONS) print(ask(path, question));
}

function main(): void {
  const { values } = parseArgs({
    options: {
      sessions: { type: 'string', default: '1000000' },
      directory: { type: 'string', default: tmpdir() },
      store: { type: 'string' },
    },
  });
  if (values.store !== undefined) {
    askAll(values.store);
    return;
  }
  const directory = mkdtempSync(join(values.directory, 'ascribe-readers-'));
  const path = join(directory, 'ascribe.db');
  const began = performance.now();
  try {
    makeBigStore(path, Number(values.sessions), (what) => {
      process.stderr.write(`${what}: ${Math.round((performance.now() - began) / 1000)} s\n`);
    });
    askAll(path);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main();
