import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Length } from '../../test/site/run';
import type { Scenario } from '../../test/site/scenarios/scenario';
import { SCENARIOS, scenarioOf } from '../../test/site/scenarios/scenarios';
import { detect, type DetectionRun } from './measure';
import { rowsOf, writeSection } from './report';
import { TOGETHER } from './together';

/*
 * `npm run bench:detection -- [--seeds 1-20] [--scenarios together,12,22,1] [--length short|day|week] [--out DIRECTORY] [--jobs 2] [--write]`: which
 * implants of the simulated site are found, and what is found that is none. Each seed of a scenario is a process of its own, and its
 * result a file in DIRECTORY: what is there is not run again, so that a run which was stopped goes on.
 *
 * How to read it:
 * - "found": a finding names the implant's destination, the rule its sessions go through, or the hypervisor or device it sits in.
 * - "rank": place of its first finding in the list that people see, worst first, other implants left out; the largest over the seeds.
 *   "owner": the same among owners: 1 means that nobody without an implant stands above.
 * - "false high": findings of severity high or critical that no implant explains, for 100 entities (VMs, hosts, devices) and days.
 * AllowedMgmtHosts holds what the people of the site know of its hypervisors and devices; everything else is as on the first day.
 */

interface Task {
  readonly scenario: string;
  readonly seed: number;
  readonly path: string;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1-3' },
      scenarios: { type: 'string', default: 'together,12,22,1' },
      length: { type: 'string', default: 'day' },
      out: { type: 'string' },
      jobs: { type: 'string', default: '2' },
      write: { type: 'boolean', default: false },
      one: { type: 'string' },
    },
  });
  const length = lengthOf(values.length);
  if (values.one !== undefined) return runOne(values.one, length);
  const [first = 1, last = first] = values.seeds.split('-').map(Number);
  const ids = values.scenarios === 'all' ? idsOfAll() : values.scenarios.split(',');
  const out = values.out ?? mkdtempSync(join(tmpdir(), 'ascribe-detection-'));
  mkdirSync(out, { recursive: true });
  const seeds = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  // Seeds first: a run that is stopped has whole seeds.
  const tasks = seeds.flatMap((seed) =>
    ids.map((id): Task => ({ scenario: id, seed, path: join(out, `${namedScenario(id).id}-${length}-${seed}.json`) })),
  );
  await runAll(tasks, length, Number(values.jobs));
  const lines = reportOf(ids, tasks, `seeds ${values.seeds}, ${length}`);
  process.stdout.write(`${lines.join('\n')}\n`);
  if (values.write) {
    writeSection(
      `## Detection\n\n\`npm run bench:detection -- --seeds ${values.seeds} --scenarios ${values.scenarios} --length ${length}\`\n\n${lines.join('\n')}\n`,
    );
  }
}

function idsOfAll(): string[] {
  return SCENARIOS.filter(({ id, implants }) => id === '1' || (implants ?? []).length > 0).map(({ id }) => id);
}

function namedScenario(id: string): Scenario {
  return id === TOGETHER.id ? TOGETHER : scenarioOf(id);
}

function lengthOf(text: string): Length {
  if (text === 'short' || text === 'day' || text === 'week') return text;
  throw new RangeError(`no length: ${text}`);
}

/** `SCENARIO:SEED:PATH`, in a process of its own, whose memory goes with it. */
function runOne(text: string, length: Length): void {
  const [id = '', seed = '', ...path] = text.split(':');
  const run = detect(namedScenario(id), Number(seed), length);
  const file = path.join(':');
  writeFileSync(`${file}.part`, JSON.stringify(run));
  renameSync(`${file}.part`, file);
}

/** Runs what has no result yet, `jobs` at a time. */
async function runAll(tasks: readonly Task[], length: Length, jobs: number): Promise<void> {
  const open = tasks.filter(({ path }) => !existsSync(path));
  let next = 0;
  const work = async (): Promise<void> => {
    for (let task = open[next++]; task !== undefined; task = open[next++]) {
      const { scenario, seed, path } = task;
      const began = performance.now();
      const code = await childOf(['--one', `${scenario}:${seed}:${path}`, '--length', length]);
      const seconds = Math.round((performance.now() - began) / 1000);
      process.stderr.write(`${scenario} seed ${seed}: ${code === 0 ? `${seconds} s` : `failed (${code})`}\n`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
}

function childOf(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [__filename, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function reportOf(ids: readonly string[], tasks: readonly Task[], what: string): string[] {
  const lines = [
    `${what}, Node ${process.version}, ${availableParallelism()} CPUs, load ${(loadavg()[0] ?? 0).toFixed(1)}`,
    '',
    '| scenario | implant | found | rank | owner | severity | analytics | seeds | false high per 100 entity-days |',
    '| --- | --- | ---: | ---: | ---: | --- | --- | ---: | ---: |',
  ];
  for (const id of ids) {
    const runs = tasks
      .filter(({ scenario, path }) => scenario === id && existsSync(path))
      .map(({ path }) => JSON.parse(readFileSync(path, 'utf8')) as DetectionRun);
    lines.push(...rowsOf(runs));
  }
  return lines;
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
