import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { BindingStage } from '../../attribution/bindings/binding-stage';
import { FindingStage } from '../../attribution/findings/finding-stage';
import { SessionStage } from '../../attribution/sessions/session-stage';
import { VerdictStage } from '../../attribution/verdicts/verdict-stage';
import { openAnalysisForWriting } from '../../store/analysis/analysis-db';
import { FactsDirectory } from '../../store/facts/facts-directory';
import { meansDiskFull } from '../../store/journal/disk-space';
import { removeDatabase, segmentPath } from '../../store/journal/segment-file';
import { factsToRemove, type RetentionLimits } from '../../store/retention';
import type { Config } from '../config/schema';
import type { TelemetryEvent } from '../telemetry/events';
import { bindingRules } from '../pipeline/binding-rules';
import { findingRules } from '../pipeline/finding-rules';
import { sessionRules } from '../pipeline/session-rules';
import { verdictRules } from '../pipeline/verdict-rules';
import { recordGaps } from './forward-gaps';
import { StageProgress } from './stage-progress';
import { runThread } from './thread-host';

export interface AnalystData {
  readonly progress: SharedArrayBuffer;
  readonly factsDirectory: string;
  readonly databasePath: string;
  readonly caseworkPath: string;
  /** `forward.db`, where what destinations will miss is recorded before it is removed. */
  readonly forwardPath: string;
  /** Where relative paths of the configuration start. */
  readonly configDirectory: string;
  readonly config: Pick<Config, 'home_networks' | 'sessions' | 'devices' | 'findings' | 'destinations' | 'assets'>;
  /** How long facts are kept. */
  readonly retention: RetentionLimits;
}

export interface AnalystStats {
  /** Journal position of the facts that the last pass had before it when it found nothing more to do. */
  readonly position: number;
  readonly flows: number;
  readonly sessions: number;
  readonly verdicts: number;
}

const STEP_ROWS = 4000;
/** Journal records that the facts may be behind before the analysis steps back, and by how much of its own time. */
const FACTS_BEHIND = 2000;
const YIELD = 6;
const IDLE_MS = 250;
const DISK_FULL_MS = 5000;
const RETENTION_PERIOD_MS = 60_000;
const SCORE_PERIOD_MS = 30_000;
const SCORED_SERIES = 100;
const CLOCK_PERIOD_MS = 60_000;

/** The stages over the facts, in one thread because `ascribe.db` has one writer. */
class Analyst {
  readonly stats = { position: 0, flows: 0, sessions: 0, verdicts: 0 };
  readonly #data: AnalystData;
  readonly #db: Database;
  readonly #facts: FactsDirectory;
  readonly #sessions: SessionStage;
  readonly #bindings: BindingStage;
  readonly #findings: FindingStage;
  #scoredAt = 0;
  #round = 0;
  readonly #verdicts: VerdictStage;
  #retainedAt = 0;
  #measuredAt = Number.NEGATIVE_INFINITY;

  constructor(data: AnalystData, warn: (message: string) => void) {
    this.#data = data;
    this.#db = openAnalysisForWriting(data.databasePath);
    this.#facts = new FactsDirectory(data.factsDirectory);
    this.#sessions = new SessionStage(this.#db, this.#facts, sessionRules(data.config));
    this.#bindings = new BindingStage(this.#db, this.#facts, bindingRules(data.config));
    const { caseworkPath: casework, configDirectory: directory } = data;
    const rules = findingRules(data.config, { casework, directory, warn });
    this.#findings = new FindingStage(this.#db, this.#facts, rules);
    this.#verdicts = new VerdictStage(this.#db, this.#facts, verdictRules(data.config));
  }

  /** Rows read; 0 when there is nothing to do now. */
  step(): number | 'disk_full' {
    try {
      const { rows, sessions } = this.#sessions.advance(STEP_ROWS);
      this.stats.flows += rows;
      this.stats.sessions += sessions;
      const observations = this.#bindings.advance(STEP_ROWS).rows + this.#verdicts.gather(STEP_ROWS);
      const { taken, changed } = this.#verdicts.advance(STEP_ROWS);
      this.stats.verdicts += changed;
      const done = rows + observations + taken;
      return done + this.#measureClocks(done) + this.#lookForFindings();
    } catch (error) {
      if (meansDiskFull(error, dirname(this.#data.databasePath))) return 'disk_full';
      throw error;
    }
  }

  /** Series are scored when they have grown for a while: scoring one again for each of its sessions would cost too much. */
  #lookForFindings(): number {
    const { rows } = this.#findings.advance(STEP_ROWS);
    const now = Date.now();
    if (now - this.#scoredAt < SCORE_PERIOD_MS) return rows;
    const scored = this.#findings.score(SCORED_SERIES, this.#round);
    // What is left is scored in the next steps; only then does the pause begin.
    if (scored < SCORED_SERIES) {
      this.#scoredAt = now;
      this.#round++;
    }
    return rows + scored;
  }

  /** Clocks are measured while there is nothing else to do, and not all the time: it takes tens of milliseconds a source. */
  #measureClocks(busy: number): number {
    const now = performance.now();
    if (busy > 0 || now - this.#measuredAt < CLOCK_PERIOD_MS) return 0;
    this.#measuredAt = now;
    return this.#verdicts.measureClocks() ? 1 : 0;
  }

  /** Facts past their retention, but never what is still to be read. What destinations have not had is recorded first. */
  removeOldFacts(emit: (event: TelemetryEvent) => void): void {
    const now = Date.now();
    const reading = this.#sessions.cursor?.segment;
    if (reading === undefined || now - this.#retainedAt < RETENTION_PERIOD_MS) return;
    this.#retainedAt = now;
    const { factsDirectory, forwardPath, retention } = this.#data;
    for (const name of factsToRemove(factsDirectory, retention, now, reading)) {
      recordGaps(forwardPath, 'facts', factsDirectory, name, emit);
      this.#facts.release(name);
      removeDatabase(segmentPath(factsDirectory, name));
    }
  }

  close(): void {
    this.#facts.close();
    this.#db.close();
  }
}

/** Facts into sessions. At the end of the file: the body begins at once, and needs the class above. */
runThread<AnalystData, AnalystStats>(async (data, host) => {
  const analyst = new Analyst(data, (message) => host.emit({ kind: 'config_warning', message }));
  const progress = new StageProgress(data.progress);
  host.publish(() => ({ ...analyst.stats }));
  host.ready();
  try {
    for (;;) {
      const before = progress.at('facts');
      const began = performance.now();
      const rows = analyst.step();
      if (rows === 'disk_full') {
        if (host.stop.aborted) return;
        await host.pause(DISK_FULL_MS);
        continue;
      }
      if (rows > 0) {
        // Facts come first: while they are behind the journal, most of this core is theirs.
        const behind = progress.at('journal') - progress.at('facts') > FACTS_BEHIND;
        if (behind) await host.pause((performance.now() - began) * YIELD);
        else await new Promise(setImmediate);
        continue;
      }
      analyst.stats.position = before;
      analyst.removeOldFacts(host.emit);
      if (host.stop.aborted) return;
      await Promise.race([progress.waitPast('facts', before, IDLE_MS), host.pause(IDLE_MS)]);
    }
  } finally {
    analyst.close();
  }
});
