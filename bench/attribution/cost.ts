import { BindingStage } from '../../attribution/bindings/binding-stage';
import { FindingStage } from '../../attribution/findings/finding-stage';
import { SessionStage } from '../../attribution/sessions/session-stage';
import { VerdictStage } from '../../attribution/verdicts/verdict-stage';
import { bindingRules } from '../../cli/pipeline/binding-rules';
import { findingRules } from '../../cli/pipeline/finding-rules';
import { sessionRules } from '../../cli/pipeline/session-rules';
import { verdictRules } from '../../cli/pipeline/verdict-rules';
import { openAnalysisForWriting } from '../../store/analysis/analysis-db';
import { FactsDirectory } from '../../store/facts/facts-directory';
import { replayFast } from '../../test/site/delivery/fast';
import { siteConfig } from '../../test/site/delivery/site-config';
import { arrivals } from '../../test/site/faults';
import { telemetryOptions } from '../../test/site/run';
import { scenarioOf } from '../../test/site/scenarios/scenarios';
import { makeSite } from '../../test/site/site';
import { telemetryOf } from '../../test/site/telemetry/telemetry';

/** Rows that the analyst takes in a step: each stage is asked in turn, as in the daemon. */
const STEP_ROWS = 4000;

/** CPU milliseconds of a stage, and what it took. */
interface StageCost {
  readonly stage: string;
  readonly cpuMs: number;
  readonly rows: number;
}

export interface Cost {
  readonly owners: number;
  readonly sessions: number;
  /** Verdicts that were made: more than sessions, because evidence goes on coming. */
  readonly verdicts: number;
  readonly stages: readonly StageCost[];
}

/** What a session costs at the pace of a large site: `vms` machines, and `pace` as a factor on the pauses between their sessions. */
export function measureCost(vms: number, pace: number): Cost {
  const scenario = scenarioOf('1');
  const site = makeSite(1, { ...scenario.site, vmCount: vms, pace });
  const arrived = arrivals(1, telemetryOf(site, telemetryOptions(scenario, site)), {});
  const config = siteConfig(site);
  const replayed = replayFast(site, arrived, config, 'facts');
  const { database, facts: directory, casework, root } = replayed.layout;
  const db = openAnalysisForWriting(database);
  const facts = new FactsDirectory(directory);
  const clock = new StageClock();
  try {
    const sessions = new SessionStage(db, facts, sessionRules(config));
    const bindings = new BindingStage(db, facts, bindingRules(config));
    const verdicts = new VerdictStage(db, facts, verdictRules(config));
    const findings = new FindingStage(db, facts, findingRules(config, { casework, directory: root, warn: () => {} }));
    let made = 0;
    for (;;) {
      const read =
        clock.time('flows into sessions', () => sessions.advance(STEP_ROWS).rows) +
        clock.time('bindings', () => bindings.advance(STEP_ROWS).rows) +
        clock.time('session logs', () => verdicts.gather(STEP_ROWS));
      const taken = clock.time('verdicts', () => {
        const step = verdicts.advance(STEP_ROWS);
        made += step.resolved;
        return step.taken;
      });
      const looked = clock.time('findings', () => findings.advance(STEP_ROWS).rows);
      if (read + taken + looked > 0) continue;
      if (clock.time('clocks', () => Number(verdicts.measureClocks())) === 0) break;
    }
    const count = (sql: string): number => db.prepare(sql).pluck().get() as number;
    return {
      owners: count('SELECT count(DISTINCT owner) FROM verdict_row'),
      sessions: count('SELECT count(*) FROM session_row'),
      verdicts: made,
      stages: clock.costs(),
    };
  } finally {
    facts.close();
    db.close();
    replayed.remove();
  }
}

/** Lines for a terminal: CPU microseconds a session, stage by stage, and what one core would do. */
export function costLines({ owners, sessions, verdicts, stages }: Cost): string[] {
  const all = stages.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  const verdictMs = stages.find(({ stage }) => stage === 'verdicts')?.cpuMs ?? 0;
  const perSession = (ms: number): string => `${((ms * 1000) / sessions).toFixed(1)} µs a session`;
  return [
    `${sessions} sessions of ${owners} owners, ${verdicts} verdicts made (${(verdicts / sessions).toFixed(2)} a session)`,
    ...stages.map(({ stage, cpuMs, rows }) => `  ${stage}: ${perSession(cpuMs)}, ${rows} rows`),
    `  all: ${perSession(all)}: ${Math.round((sessions * 1000) / all)} sessions per CPU second of the analyst`,
    `  ${((verdictMs * 1000) / verdicts).toFixed(1)} µs a verdict: ${Math.round((verdicts * 1000) / verdictMs)} verdicts per CPU second`,
  ];
}

/** CPU time of this process by stage: what others take of a shared machine is not in it. */
class StageClock {
  readonly #costs = new Map<string, { cpuMs: number; rows: number }>();

  time(stage: string, work: () => number): number {
    const before = process.cpuUsage();
    const rows = work();
    const { user, system } = process.cpuUsage(before);
    const known = this.#costs.get(stage) ?? { cpuMs: 0, rows: 0 };
    this.#costs.set(stage, { cpuMs: known.cpuMs + (user + system) / 1000, rows: known.rows + rows });
    return rows;
  }

  costs(): StageCost[] {
    return [...this.#costs].map(([stage, cost]) => ({ stage, ...cost }));
  }
}
