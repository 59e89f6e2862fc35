import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Detection, DetectionRun } from './measure';

const RESULTS = join(__dirname, '..', '..', '..', 'docs', 'results.md');
const BEGIN = '<!-- bench:detection -->';
const END = '<!-- /bench:detection -->';

/** A row for each implant of a scenario's runs, one without implant for a scenario that has none, and one for each false finding. */
export function rowsOf(runs: readonly DetectionRun[]): string[] {
  const [one] = runs;
  if (one === undefined) return [];
  const entityDays = runs.reduce((sum, run) => sum + run.entityDays, 0);
  const wrong = runs.flatMap(({ falseHigh, seed }) => falseHigh.map((each) => ({ ...each, seed })));
  const rate = ((100 * wrong.length) / entityDays).toFixed(2);
  const names = [...new Set(runs.flatMap(({ detections }) => detections.map(({ implant }) => implant)))];
  const head = `${one.scenario} ${one.about}`;
  const told = wrong.map(
    ({ analytic, owner, text, seed }) => `| | false: ${analytic} ${owner}: ${text} (seed ${seed}) | | | | | | | |`,
  );
  if (names.length === 0) return [`| ${head} | none | | | | | | ${runs.length} | ${rate} |`, ...told];
  const rows = names.map((name, i) => {
    const all = runs.flatMap(({ detections }) => detections.filter(({ implant }) => implant === name));
    return `| ${i === 0 ? head : ''} | ${name} | ${cellsOf(all)} | ${i === 0 ? runs.length : ''} | ${i === 0 ? rate : ''} |`;
  });
  return [...rows, ...told];
}

function cellsOf(all: readonly Detection[]): string {
  const found = all.filter(({ rank }) => rank > 0);
  const analytics = [...new Set(found.flatMap((each) => each.analytics))];
  const severities = [...new Set(found.map(({ severity }) => severity))];
  const rank = Math.max(0, ...found.map((each) => each.rank));
  const owner = Math.max(0, ...found.map((each) => each.ownerRank));
  return `${found.length}/${all.length} | ${rank} | ${owner} | ${severities.join(' ')} | ${analytics.join(' ')}`;
}

/** Replaces what this bench wrote before, or adds it at the end. */
export function writeSection(section: string): void {
  const text = readFileSync(RESULTS, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  const whole = `${BEGIN}\n\n${section}\n${END}\n`;
  const next =
    from >= 0 && to > from
      ? text.slice(0, from) + whole + text.slice(to + END.length + 1)
      : `${text.trimEnd()}\n\n${whole}`;
  writeFileSync(RESULTS, next);
}
