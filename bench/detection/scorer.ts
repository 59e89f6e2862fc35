import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Database } from 'better-sqlite3';
import { DEFAULT_FINDING_RULES } from '../../attribution/findings/finding-rules';
import { SeriesScorer } from '../../attribution/findings/series-scorer';
import { openAnalysisForWriting } from '../../store/analysis/analysis-db';
import { FindingStore } from '../../store/analysis/finding-store';
import { RelayReader } from '../../store/analysis/relay-reader';
import { SeriesStore } from '../../store/analysis/series-store';
import type { SeriesKey, Subject } from '../../store/analysis/finding-record';
import { SubjectTable } from '../../store/analysis/subject-table';
import { SeededRandom } from '../../test/site/random';

/*
 * `node dist/bench/detection/scorer.js [--sessions 10000000] [--owners 2000] [--minutes 60]`: what scoring all series of so many sessions costs on one
 * core, and what each minute of a daemon costs after that, in which as many sessions come as in every minute of the day before, in rounds
 * of 30 s. Rows are written as the stage writes them; series have from one to thousands of sessions (lengths fall off as 1 / n), half of
 * them with a rhythm, each with a destination of its own, so that every rhythm is a finding.
 */

const DAY = 86_400_000;
const EPOCH = Date.UTC(2026, 10, 24);
const LONGEST = 5000;
const BATCH = 500;

function main(): void {
  const { values } = parseArgs({
    options: {
      sessions: { type: 'string', default: '1000000' },
      owners: { type: 'string', default: '2000' },
      minutes: { type: 'string', default: '60' },
    },
  });
  const directory = mkdtempSync(join(tmpdir(), 'ascribe-scorer-'));
  const db = openAnalysisForWriting(join(directory, 'ascribe.db'));
  try {
    const { series, sessions, numbers } = fill(db, Number(values.sessions), Number(values.owners));
    const subjects = new SubjectTable(db);
    const findings = new FindingStore(db, subjects);
    const store = new SeriesStore(db, subjects);
    const scorer = new SeriesScorer(store, findings, DEFAULT_FINDING_RULES, new RelayReader(db));
    const all = scoreAll(db, scorer, findings);
    process.stdout.write(
      `${sessions} sessions in ${series} series: ${(all / 1000).toFixed(1)} s, ${((1000 * all) / sessions).toFixed(2)} us a session\n`,
    );
    const costs = minutesOf(Number(values.minutes), sessions / 1440, { db, store, scorer, findings, numbers });
    const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
    process.stdout.write(
      `one more minute (${Math.round(sessions / 1440)} sessions): mean ${(mean / 1000).toFixed(3)} s, worst ${(Math.max(...costs) / 1000).toFixed(3)} s\n`,
    );
  } finally {
    db.close();
    rmSync(directory, { recursive: true });
  }
}

/** Milliseconds of this process's CPU: other programs do not count. */
function scoreAll(db: Database, scorer: SeriesScorer, findings: FindingStore, round?: number): number {
  const began = process.cpuUsage();
  const step = db.transaction(() => {
    const done = scorer.score(BATCH, round);
    findings.sumUp();
    return done;
  });
  while (step() === BATCH);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

interface Filled {
  readonly series: number;
  readonly sessions: number;
  /** Series of each session. */
  readonly numbers: Uint32Array;
}

interface Site {
  readonly db: Database;
  readonly store: SeriesStore;
  readonly scorer: SeriesScorer;
  readonly findings: FindingStore;
  readonly numbers: Uint32Array;
}

/** What scoring costs in each of the minutes after the first day, ms. Series get sessions as often as they had them. */
function minutesOf(minutes: number, each: number, { db, store, scorer, findings, numbers }: Site): number[] {
  const random = new SeededRandom(2);
  const keys = new Map(
    db
      .prepare(
        'SELECT r.num, r.dst, s.kind, s.id, s.name, s.host FROM series_row r JOIN subject_row s ON s.num = r.subject',
      )
      .all()
      .map(keyOf),
  );
  let session = numbers.length;
  let round = 0;
  const pass = (from: number): number => {
    db.transaction(() => {
      for (let i = 0; i < each / 2; i++) {
        const key = keys.get(numbers[random.int(0, numbers.length - 1)]!);
        const start = Math.round(from + random.next() * 30_000);
        store.place(
          { session: ++session, start, sentBytes: 600 + random.int(0, 400), packets: 12, samplingRate: 1 },
          key,
        );
      }
    })();
    return scoreAll(db, scorer, findings, round++);
  };
  return Array.from({ length: minutes }, (_, minute) => {
    const from = EPOCH + DAY + 60_000 * minute;
    return pass(from) + pass(from + 30_000);
  });
}

function keyOf(row: unknown): readonly [number, SeriesKey] {
  const { num, dst, ...subject } = row as Subject & { readonly num: number; readonly dst: Buffer };
  return [num, { subject, dst: dst.toString('hex').toUpperCase(), dstPort: 443, protocol: 6 }];
}

function fill(db: Database, wanted: number, owners: number): Filled {
  const random = new SeededRandom(1);
  const subject = db.prepare('INSERT INTO subject_row(num, kind, id, name, host) VALUES (?, ?, ?, ?, ?)');
  const series = db.prepare(
    'INSERT INTO series_row(num, owner, subject, dst, dst_port, protocol) VALUES (?, ?, ?, ?, 443, 6)',
  );
  const session = db.prepare(
    'INSERT INTO series_session_row(series, start, session, sent_bytes, packets, sampling) VALUES (?, ?, ?, ?, 12, 1)',
  );
  const numbers = new Uint32Array(wanted);
  let sessions = 0;
  let num = 0;
  db.transaction(() => {
    for (let i = 1; i <= owners; i++) subject.run(i, 'vm', `vm:${i}`, `vm${i}`, '');
    while (sessions < wanted) {
      const owner = random.int(1, owners);
      const dst = Buffer.alloc(4);
      dst.writeUInt32BE(0x0b00_0000 + num);
      series.run(++num, `vm:${owner}`, owner, dst);
      const length = Math.min(wanted - sessions, Math.ceil(LONGEST ** random.next()));
      const pause = DAY / length;
      const isRegular = random.next() < 0.5;
      let at = EPOCH + random.next() * pause;
      for (let n = 0; n < length; n++) {
        numbers[sessions] = num;
        session.run(num, Math.round(at), ++sessions, 600 + random.int(0, 400));
        at += isRegular ? pause * (0.9 + 0.2 * random.next()) : Math.max(1, random.exponential(pause));
      }
    }
  })();
  return { series: num, sessions, numbers };
}

main();
