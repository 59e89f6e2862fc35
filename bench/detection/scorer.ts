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
import { SubjectTable } from '../../store/analysis/subject-table';
import { SeededRandom } from '../../test/site/random';

/*
 * `node dist/bench/detection/scorer.js [--sessions 10000000] [--owners 2000]`: what scoring all series of so many sessions costs on one core, and
 * what the sessions of one more minute cost after that. Rows are written as the stage writes them; series have from one to thousands of
 * sessions (lengths fall off as 1 / n), half of them with a rhythm.
 */

const DAY = 86_400_000;
const EPOCH = Date.UTC(2026, 10, 24);
const LONGEST = 5000;
const BATCH = 500;

function main(): void {
  const { values } = parseArgs({
    options: { sessions: { type: 'string', default: '1000000' }, owners: { type: 'string', default: '2000' } },
  });
  const directory = mkdtempSync(join(tmpdir(), 'ascribe-scorer-'));
  const db = openAnalysisForWriting(join(directory, 'ascribe.db'));
  try {
    const { series, sessions } = fill(db, Number(values.sessions), Number(values.owners));
    const subjects = new SubjectTable(db);
    const findings = new FindingStore(db, subjects);
    const scorer = new SeriesScorer(
      new SeriesStore(db, subjects),
      findings,
      DEFAULT_FINDING_RULES,
      new RelayReader(db),
    );
    const all = scoreAll(db, scorer, findings);
    // A day has 1,440 minutes: as many sessions as one of them brings, each of another series.
    const each = Math.max(1, Math.round(series / Math.max(1, sessions / 1440)));
    const touched = db.prepare('UPDATE series_row SET dirty = 1 WHERE num % ? = 0').run(each).changes;
    const minute = scoreAll(db, scorer, findings);
    process.stdout.write(
      `${sessions} sessions in ${series} series: ${(all / 1000).toFixed(1)} s, ${((1000 * all) / sessions).toFixed(2)} us a session\n` +
        `one more minute (${touched} series): ${(minute / 1000).toFixed(2)} s\n`,
    );
  } finally {
    db.close();
    rmSync(directory, { recursive: true });
  }
}

/** Milliseconds of this process's CPU: other programs do not count. */
function scoreAll(db: Database, scorer: SeriesScorer, findings: FindingStore): number {
  const began = process.cpuUsage();
  const step = db.transaction(() => {
    const done = scorer.score(BATCH);
    findings.sumUp();
    return done;
  });
  while (step() > 0);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

function fill(db: Database, wanted: number, owners: number): { readonly series: number; readonly sessions: number } {
  const random = new SeededRandom(1);
  const subject = db.prepare('INSERT INTO subject_row(num, kind, id, name, host) VALUES (?, ?, ?, ?, ?)');
  const series = db.prepare(
    'INSERT INTO series_row(num, owner, subject, dst, dst_port, protocol) VALUES (?, ?, ?, ?, 443, 6)',
  );
  const session = db.prepare(
    'INSERT INTO series_session_row(series, start, session, sent_bytes, packets, sampling) VALUES (?, ?, ?, ?, 12, 1)',
  );
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
        session.run(num, Math.round(at), ++sessions, 600 + random.int(0, 400));
        at += isRegular ? pause * (0.9 + 0.2 * random.next()) : Math.max(1, random.exponential(pause));
      }
    }
  })();
  return { series: num, sessions };
}

main();
