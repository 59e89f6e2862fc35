import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Length } from '../../test/site/run';
import { SCENARIOS, scenarioOf } from '../../test/site/scenarios/scenarios';
import { costLines, measureCost } from './cost';
import { measure } from './measure';
import { markdownOf, missed, tableOf } from './report';

/*
 * `npm run bench:attribution -- [--seeds 1-20] [--scenarios 1,8a,…] [--length short|day|week] [--write]` — who made each
 * session of the simulated site, by ascribe's account and in truth.
 *
 * How to read it:
 * - A session has legs: as the inner router told it, and as the outer one did, behind the translation. Each leg is listed and
 *   each is judged; a session counts by the worst of its legs.
 * - "right": the true owner is named. "wrong": another is. "ambiguous": several are named, the true one among them.
 *   "abstained": nobody is named. For each hop the same: the initiator before translation, the network adapter behind its
 *   address, the owner, its process or line of configuration, the rule that let it out.
 * - "provable": sessions whose evidence arrived: of an outer leg, a statement of its translation. The aims for "right" are of
 *   these; the aim for "wrong" is of all.
 * - Calibration: the weight of the first candidate against how often it is the true one. ECE sums over ten bins.
 * - "chains": attributed sessions whose every step that the truth can judge is true.
 * - `--cost [--vms 300] [--pace 0.1]` measures instead what a session costs at the pace of a large site (about 200,000 sessions),
 *   in CPU time of the stages as the analyst thread runs them: sessions, logs and verdicts come in turn, so that late
 *   evidence makes verdicts again.
 * - Cost in the table: this process's time from the journal to the verdicts, facts and sessions included. `--write` puts the table into
 *   docs/results.md.
 */

const RESULTS = join(__dirname, '..', '..', '..', 'docs', 'results.md');
const BEGIN = '<!-- bench:attribution -->';
const END = '<!-- /bench:attribution -->';

function main(): number {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1-3' },
      scenarios: { type: 'string' },
      length: { type: 'string', default: 'short' },
      write: { type: 'boolean', default: false },
      cost: { type: 'boolean', default: false },
      vms: { type: 'string', default: '300' },
      pace: { type: 'string', default: '0.1' },
    },
  });
  if (values.cost) {
    print(`Node ${process.version}, ${availableParallelism()} CPUs, load ${load()}`);
    for (const line of costLines(measureCost(Number(values.vms), Number(values.pace)))) print(line);
    print(`load ${load()} at the end (this bench included)`);
    return 0;
  }
  const seeds = seedsOf(values.seeds);
  const scenarios = values.scenarios === undefined ? SCENARIOS : values.scenarios.split(',').map(scenarioOf);
  const length = lengthOf(values.length);
  print(`seeds ${values.seeds}, ${length}, Node ${process.version}, ${availableParallelism()} CPUs, load ${load()}`);
  const figures = measure(scenarios, seeds, length, (line) => void process.stderr.write(`${line}\n`));
  for (const line of tableOf(figures)) print(line);
  const faults = missed(figures);
  for (const line of faults) print(`missed: ${line}`);
  print(`load ${load()} at the end (this bench included)`);
  if (values.write) writeResults(markdownOf(figures, values.seeds, length));
  return faults.length === 0 ? 0 : 1;
}

/** `1-20` or `1,5,9`. */
function seedsOf(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) throw new RangeError(`no seeds: ${text}`);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

function lengthOf(text: string): Length {
  if (text === 'short' || text === 'day' || text === 'week') return text;
  throw new RangeError(`no length: ${text}`);
}

/** Replaces what this bench wrote before, or adds it at the end. */
function writeResults(section: string): void {
  const text = readFileSync(RESULTS, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  const whole = `${BEGIN}\n\n${section}\n${END}\n`;
  const next =
    from >= 0 && to > from
      ? text.slice(0, from) + whole + text.slice(to + END.length + 1)
      : `${text.trimEnd()}\n\n${whole}`;
  writeFileSync(RESULTS, next);
}

function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = main();
