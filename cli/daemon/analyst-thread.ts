import { dirname } from 'node:path';
import { SessionStage } from '../../attribution/sessions/session-stage';
import { openAnalysisForWriting } from '../../store/analysis/analysis-db';
import { FactsDirectory } from '../../store/facts/facts-directory';
import { meansDiskFull } from '../../store/journal/disk-space';
import type { Config } from '../config/schema';
import { sessionRules } from '../pipeline/session-rules';
import { StageProgress } from './stage-progress';
import { runThread, type ThreadHost } from './thread-host';

export interface AnalystData {
  readonly progress: SharedArrayBuffer;
  readonly factsDirectory: string;
  readonly databasePath: string;
  readonly config: Pick<Config, 'home_networks' | 'sessions' | 'devices'>;
}

export interface AnalystStats {
  /** Journal position of the facts that the last pass had before it when it found nothing more to do. */
  readonly position: number;
  readonly flows: number;
  readonly sessions: number;
}

const STEP_ROWS = 20_000;
const IDLE_MS = 250;
const DISK_FULL_MS = 5000;

/** Facts into sessions. */
runThread<AnalystData, AnalystStats>(async (data, host) => {
  const db = openAnalysisForWriting(data.databasePath);
  const facts = new FactsDirectory(data.factsDirectory);
  const stage = new SessionStage(db, facts, sessionRules(data.config));
  const stats = { position: 0, flows: 0, sessions: 0 };
  host.publish(() => ({ ...stats }));
  host.ready();
  try {
    await advance(stage, stats, new StageProgress(data.progress), data, host);
  } finally {
    facts.close();
    db.close();
  }
});

async function advance(
  stage: SessionStage,
  stats: { position: number; flows: number; sessions: number },
  progress: StageProgress,
  data: AnalystData,
  host: ThreadHost<AnalystStats>,
): Promise<void> {
  for (;;) {
    const before = progress.at('facts');
    const rows = step(stage, stats, data);
    if (rows === 'disk_full') {
      if (host.stop.aborted) return;
      await host.pause(DISK_FULL_MS);
      continue;
    }
    if (rows > 0) {
      await new Promise(setImmediate);
      continue;
    }
    stats.position = before;
    if (host.stop.aborted) return;
    await Promise.race([progress.waitPast('facts', before, IDLE_MS), host.pause(IDLE_MS)]);
  }
}

function step(
  stage: SessionStage,
  stats: { flows: number; sessions: number },
  { databasePath }: AnalystData,
): number | 'disk_full' {
  try {
    const { rows, sessions } = stage.advance(STEP_ROWS);
    stats.flows += rows;
    stats.sessions += sessions;
    return rows;
  } catch (error) {
    if (meansDiskFull(error, dirname(databasePath))) return 'disk_full';
    throw error;
  }
}
