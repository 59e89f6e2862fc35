import { type BeaconAnswer, scoreSeries } from '../../attribution/beacons/beacon-score';
import { SeededRandom } from '../../test/site/random';
import { type NextPause, sleep, WITHOUT_RHYTHM } from './pauses';

/*
 * `node dist/bench/detection/rhythms.js [SERIES]`: what is called a beacon. Series of pauses without a rhythm, over a day and over a week, and sleeps
 * with jitter of which a share is lost; how many of `SERIES` (default 200) get each answer. Other seeds than those of `interval-null`.
 */

const DAY = 86_400_000;
const MOST = 20_000;
const ANSWERS: readonly BeaconAnswer[] = ['beacon', 'none', 'insufficient_data'];
const PERIODS = [60, 300, 3600] as const;
const JITTERS = [0, 0.1, 0.2, 0.33, 0.5] as const;
const LOSSES = [0, 0.3, 0.6, 0.9] as const;

interface Counted {
  readonly answers: Readonly<Record<string, number>>;
  readonly sessions: number;
}

function main(): void {
  const series = Number(process.argv[2] ?? 200);
  console.log(
    `${series} series each\n\n| without a rhythm | days | sessions | ${ANSWERS.join(' | ')} |\n| --- | ---: | ---: | ---: | ---: | ---: |`,
  );
  const benign: Readonly<Record<string, NextPause>> = {
    ...WITHOUT_RHYTHM,
    'one session of 24 h': () => 10 * DAY,
    'NTP, 64 s (a rhythm: port 123 is left out)': sleep(64, 0.01),
    'monitoring, 300 s (a rhythm: its role or list leaves it out)': sleep(300, 0.005),
  };
  for (const [name, next] of Object.entries(benign)) {
    for (const days of [1, 7]) console.log(rowOf(name, days, counted(next, days, 0, series)));
  }
  console.log(
    `\n| sleep | days | found at ${LOSSES.map((loss) => `${100 * loss} % lost`).join(' | ')} |\n| --- | ---: | ${LOSSES.map(() => '---:').join(' | ')} |`,
  );
  for (const period of PERIODS) {
    for (const days of [1, 7]) {
      for (const jitter of JITTERS) {
        const found = LOSSES.map((loss) => counted(sleep(period, jitter), days, loss, series).answers['beacon'] ?? 0);
        console.log(
          `| ${period} s, ${100 * jitter} % jitter | ${days} | ${found.map((count) => `${((100 * count) / series).toFixed(0)} %`).join(' | ')} |`,
        );
      }
    }
  }
}

function rowOf(name: string, days: number, { answers, sessions }: Counted): string {
  return `| ${name} | ${days} | ${sessions} | ${ANSWERS.map((answer) => answers[answer] ?? 0).join(' | ')} |`;
}

function counted(next: NextPause, days: number, loss: number, series: number): Counted {
  const answers: Record<string, number> = {};
  let sessions = 0;
  const period = { from: 0, to: days * DAY };
  for (let seed = 1; seed <= series; seed++) {
    const random = new SeededRandom(1000 + seed);
    const starts: number[] = [];
    for (let at = random.next() * 60_000; at < period.to && starts.length < MOST; at += next(random) * 1000) {
      if (random.next() >= loss) starts.push(Math.round(at));
    }
    const none = { sentBytes: [], packets: [], samplingRate: 1 };
    const { answer } = scoreSeries({ starts, ...none }, period);
    answers[answer] = (answers[answer] ?? 0) + 1;
    sessions += starts.length;
  }
  return { answers, sessions: Math.round(sessions / series) };
}

main();
