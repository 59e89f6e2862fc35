import { HOPS } from '../../test/site/score/hops';
import type { Tally } from '../../test/site/score/score';
import type { Figures, Measured } from './measure';

/** What the whole is to reach. */
const AIMS = { wrong: 0.005, right: 0.97, rightWithoutFaults: 0.99, ece: 0.03 } as const;
/** Scenarios with nothing amiss. */
const FAULTLESS = new Set(['1', '2', '15']);
/** Ports given again at once. */
const REUSE = /^8/u;

/** The table for a terminal. */
export function tableOf({ scenarios, overall }: Measured): string[] {
  const head = [
    '',
    'sessions',
    'right',
    'wrong',
    'ambig.',
    'abst.',
    'provable right',
    ...HOPS,
    'chains',
    'brier',
    'ece',
    'ms/session',
  ];
  const rows = [...scenarios, overall].map((figures) => [
    figures.id,
    String(figures.sessions),
    ...shares(figures.all),
    share(figures.provable.right, total(figures.provable)),
    ...HOPS.map((hop) => hopText(figures.hops[hop])),
    share(figures.chains.right, figures.chains.checked),
    figures.calibration.brier.toFixed(4),
    figures.calibration.ece.toFixed(4),
    figures.costMs.toFixed(2),
  ]);
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const lines = [head, ...rows].map((row) => row.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  '));
  return [...lines, '', ...calibrationLines(overall), ...scenarios.flatMap(faultLines)];
}

function calibrationLines({ calibration }: Figures): string[] {
  const bins = calibration.bins
    .filter(({ count }) => count > 0)
    .map(
      ({ from, to, count, confidence, right }) =>
        `  ${from.toFixed(1)}-${to.toFixed(1)}: ${count} claims, ${confidence.toFixed(3)} sure, ${right.toFixed(3)} right`,
    );
  return ['confidence against truth:', ...bins];
}

function faultLines({ id, missing, surplus, unexpected }: Figures): string[] {
  return [
    ...(missing > 0 ? [`${id}: ${missing} sessions missing that a flow record told of`] : []),
    ...(surplus > 0 ? [`${id}: ${surplus} listed sessions that never happened`] : []),
    ...unexpected.map((line) => `${id}: ${line}`),
  ];
}

/** Right, wrong, ambiguous and abstained of one hop, as shares of 100. */
function hopText(tally: Tally): string {
  const all = total(tally);
  if (all === 0) return '-';
  return [tally.right, tally.wrong, tally.ambiguous, tally.abstained]
    .map((count) => ((count / all) * 100).toFixed(1))
    .join('/');
}

function shares({ right, wrong, ambiguous, abstained }: Tally): string[] {
  const all = total({ right, wrong, ambiguous, abstained });
  return [right, wrong, ambiguous, abstained].map((count) => share(count, all));
}

function share(count: number, all: number): string {
  return all === 0 ? '-' : `${((count / all) * 100).toFixed(2)} %`;
}

function total({ right, wrong, ambiguous, abstained }: Tally): number {
  return right + wrong + ambiguous + abstained;
}

/** The aims that were not reached. */
export function missed({ scenarios, overall }: Measured): string[] {
  const out: string[] = [];
  const wrong = overall.all.wrong / Math.max(1, overall.sessions);
  if (wrong > AIMS.wrong)
    out.push(`${share(overall.all.wrong, overall.sessions)} wrong overall, at most ${AIMS.wrong * 100} %`);
  for (const { id, all } of scenarios) {
    if (REUSE.test(id) && all.wrong > 0) out.push(`${all.wrong} wrong in ${id}, where none may be`);
  }
  const right = overall.provable.right / Math.max(1, total(overall.provable));
  if (right < AIMS.right)
    out.push(
      `${share(overall.provable.right, total(overall.provable))} right of what could be proved, at least ${AIMS.right * 100} %`,
    );
  for (const { id, provable } of scenarios) {
    if (FAULTLESS.has(id) && provable.right < AIMS.rightWithoutFaults * total(provable)) {
      out.push(`${share(provable.right, total(provable))} right in ${id}, at least ${AIMS.rightWithoutFaults * 100} %`);
    }
  }
  if (overall.calibration.ece > AIMS.ece)
    out.push(`calibration error ${overall.calibration.ece.toFixed(4)}, at most ${AIMS.ece}`);
  return out;
}

/** The section of docs/results.md. */
export function markdownOf({ scenarios, overall }: Measured, seeds: string, length: string): string {
  const head = ['', 'scenario', 'sessions', 'right', 'wrong', 'ambiguous', 'abstained', 'right of provable', 'ECE'];
  const rows = [...scenarios, overall].map((figures) => [
    figures.id,
    figures.about,
    String(figures.sessions),
    ...shares(figures.all),
    share(figures.provable.right, total(figures.provable)),
    figures.calibration.ece.toFixed(3),
  ]);
  const table = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  const hops = ['hop', 'right', 'wrong', 'ambiguous', 'abstained'];
  const byHop = HOPS.map((hop) => [hop, ...shares(overall.hops[hop])]);
  const bins = overall.calibration.bins
    .filter(({ count }) => count > 0)
    .map(({ from, to, count, confidence, right }) => [
      `${from.toFixed(1)}-${to.toFixed(1)}`,
      String(count),
      confidence.toFixed(3),
      right.toFixed(3),
    ]);
  return [
    '## Who made each session',
    '',
    `\`npm run bench:attribution -- --seeds ${seeds} --length ${length}\`, Node ${process.version}. The simulated site of \`test/site/\`, scored against its truth; how to read`,
    'the columns stands at the top of `bench/attribution/main.ts`.',
    '',
    ...table,
    '',
    ...[hops, hops.map(() => '---'), ...byHop].map((row) => `| ${row.join(' | ')} |`),
    '',
    `Confidence against truth: Brier ${overall.calibration.brier.toFixed(4)}, expected calibration error ${overall.calibration.ece.toFixed(4)}.`,
    `Chains whose every step is true: ${share(overall.chains.right, overall.chains.checked)}`,
    `${overall.costMs.toFixed(2)} ms of one core a session from journal to verdict.`,
    '',
    ...[['weight', 'claims', 'mean weight', 'right'], ['---', '---', '---', '---'], ...bins].map(
      (row) => `| ${row.join(' | ')} |`,
    ),
    '',
  ].join('\n');
}
