import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Length } from '../../test/site/run';
import { SCENARIOS, scenarioOf } from '../../test/site/scenarios/scenarios';
import { detect, type DetectionRun } from './measure';

/*
 * `npm run bench:detection -- [--seeds 1-3] [--scenarios 1,2,…] [--length short|day|week] [--write]`: which implants of the simulated
 * site are found, and what is found that is none.
 *
 * How to read it:
 * - "found": a finding names the implant's destination, the rule its sessions go through, or the machine it sits in.
 * - "rank": place of its first finding in the list that people see, worst first; the largest over the seeds.
 * - "false high": findings of severity high or critical that no implant explains, for 100 entities (VMs, hosts, devices) and days.
 * AllowedMgmtHosts holds what the people of the site know of its hypervisors and devices; everything else is as on the first day.
 */

const RESULTS = join(__dirname, '..', '..', '..', 'docs', 'results.md');
const BEGIN = '<!-- bench:detection -->';
const END = '<!-- /bench:detection -->';

function main(): void {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1-3' },
      scenarios: { type: 'string' },
      length: { type: 'string', default: 'day' },
      write: { type: 'boolean', default: false },
    },
  });
  const [first = 1, last = first] = values.seeds.split('-').map(Number);
  const scenarios =
    values.scenarios === undefined
      ? SCENARIOS.filter(({ id, implants }) => id === '1' || (implants ?? []).length > 0)
      : values.scenarios.split(',').map(scenarioOf);
  const lines = [
    `seeds ${values.seeds}, ${values.length}, Node ${process.version}, ${availableParallelism()} CPUs, load ${(loadavg()[0] ?? 0).toFixed(1)}`,
    '',
    '| scenario | implant | found | rank | analytics | false high per 100 entity-days |',
    '| --- | --- | ---: | ---: | --- | ---: |',
  ];
  for (const scenario of scenarios) {
    const runs: DetectionRun[] = [];
    for (let seed = first; seed <= last; seed++) {
      runs.push(detect(scenario, seed, lengthOf(values.length)));
      process.stderr.write(`${scenario.id} seed ${seed}\n`);
    }
    lines.push(...rowsOf(runs));
  }
  process.stdout.write(`${lines.join('\n')}\n`);
  if (values.write)
    write(
      `## Detection\n\n\`npm run bench:detection -- --seeds ${values.seeds} --length ${values.length}\`\n\n${lines.join('\n')}\n`,
    );
}

function lengthOf(text: string): Length {
  if (text === 'short' || text === 'day' || text === 'week') return text;
  throw new RangeError(`no length: ${text}`);
}

function rowsOf(runs: readonly DetectionRun[]): string[] {
  const [one] = runs;
  if (one === undefined) return [];
  const entityDays = runs.reduce((sum, run) => sum + run.entityDays, 0);
  const wrong = runs.reduce((sum, run) => sum + run.falseHigh.length, 0);
  const rate = ((100 * wrong) / entityDays).toFixed(2);
  const names = [...new Set(runs.flatMap(({ detections }) => detections.map(({ implant }) => implant)))];
  if (names.length === 0) return [`| ${one.scenario} ${one.about} | none | | | ${falseText(runs)} | ${rate} |`];
  return names.map((name) => {
    const all = runs.flatMap(({ detections }) => detections.filter(({ implant }) => implant === name));
    const found = all.filter(({ rank }) => rank > 0);
    const analytics = [...new Set(found.flatMap((each) => each.analytics))].join(' ');
    const rank = Math.max(0, ...found.map((each) => each.rank));
    return `| ${one.scenario} ${one.about} | ${name} | ${found.length}/${all.length} | ${rank} | ${analytics} | ${rate} |`;
  });
}

function falseText(runs: readonly DetectionRun[]): string {
  const analytics = runs.flatMap(({ falseHigh }) => falseHigh.map((finding) => String(finding['analytic'])));
  return analytics.length === 0 ? '' : `false: ${[...new Set(analytics)].join(' ')}`;
}

/** Replaces what this bench wrote before, or adds it at the end. */
function write(section: string): void {
  const text = readFileSync(RESULTS, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  const whole = `${BEGIN}\n\n${section}\n${END}\n`;
  const next =
    from >= 0 && to > from
      ? text.slice(0, from) + whole + text.slice(to + END.length + 1)
      : `${text.trimEnd()}\n\n${whole}`;
  writeFileSync(RESULTS, next);
}

main();
