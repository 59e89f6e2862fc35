import { mkdirSync } from 'node:fs';
import { BindingStage } from '../../attribution/bindings/binding-stage';
import { FindingStage } from '../../attribution/findings/finding-stage';
import { SessionStage } from '../../attribution/sessions/session-stage';
import { VerdictStage } from '../../attribution/verdicts/verdict-stage';
import { openAnalysisForWriting } from '../../store/analysis/analysis-db';
import { FactsDirectory } from '../../store/facts/facts-directory';
import { sealFactsSegment } from '../../store/facts/facts-seal';
import { JournalReader } from '../../store/journal/journal-reader';
import type { Config } from '../config/schema';
import { settingsFor } from '../config/device-settings';
import type { DataLayout } from '../data-layout';
import { bindingRules } from './binding-rules';
import { Derivation } from './derivation';
import { findingRules } from './finding-rules';
import { createNormalizer } from './normalizers';
import { sessionRules } from './session-rules';
import { verdictRules } from './verdict-rules';

const STEP_RECORDS = 1000;
const STEP_ROWS = 20_000;
const SCORED_SERIES = 500;

export interface CaughtUp {
  /** Journal records read, flow rows and other facts made, flow rows that became sessions. */
  readonly records: number;
  readonly flows: number;
  readonly facts: number;
}

/** A configuration and where its relative paths start. `warn` is told of lists that are old or cannot be read. */
export interface ConfigInForce {
  readonly config: Config;
  readonly directory: string;
  readonly warn?: (message: string) => void;
}

/** Where the stages are, for a progress bar: journal records of `until`. */
export type OnStage = (stage: 'facts' | 'sessions', done: number, until: number) => void;

/**
 * Brings facts and sessions up to the journal in this thread, as the daemon's threads do. For commands that hold the
 * data directory alone: `import`, `rebuild`. `isAborted` ends it between two transactions; nothing is half done then.
 */
export function catchUp(
  layout: DataLayout,
  loaded: ConfigInForce,
  onStage: OnStage,
  isAborted: () => boolean = () => false,
): CaughtUp {
  const made = deriveFacts(layout, loaded.config, onStage, isAborted);
  if (!isAborted()) deriveSessions(layout, loaded, made.flows, onStage, isAborted);
  return made;
}

function deriveFacts(layout: DataLayout, config: Config, onStage: OnStage, isAborted: () => boolean): CaughtUp {
  const journal = new JournalReader(layout.journal);
  const complete: string[] = [];
  const settings = settingsFor(config.devices);
  const derivation = new Derivation({
    journal,
    directory: layout.facts,
    createNormalizer: () => createNormalizer(settings),
    onComplete: (path) => void complete.push(path),
    onWarmUp: (seq, until) => onStage('facts', seq, until),
  });
  const sum = { records: 0, flows: 0, facts: 0 };
  try {
    derivation.open();
    const until = journal.lastSeq();
    while (derivation.appliedSeq < until && !isAborted()) {
      const { records, flows, facts } = derivation.advance(STEP_RECORDS);
      sum.records += records;
      sum.flows += flows;
      sum.facts += facts;
      onStage('facts', derivation.appliedSeq, until);
    }
  } finally {
    derivation.close();
    journal.close();
  }
  for (const path of complete) sealFactsSegment(path);
  return sum;
}

function deriveSessions(
  layout: DataLayout,
  { config, directory, warn = () => {} }: ConfigInForce,
  until: number,
  onStage: OnStage,
  isAborted: () => boolean,
): void {
  mkdirSync(layout.root, { recursive: true, mode: 0o750 });
  const db = openAnalysisForWriting(layout.database);
  const facts = new FactsDirectory(layout.facts);
  try {
    const stage = new SessionStage(db, facts, sessionRules(config));
    const bindings = new BindingStage(db, facts, bindingRules(config));
    const findings = new FindingStage(db, facts, findingRules(config, { casework: layout.casework, directory, warn }));
    const verdicts = new VerdictStage(db, facts, verdictRules(config));
    let done = 0;
    for (;;) {
      const { rows } = stage.advance(STEP_ROWS);
      const observations = bindings.advance(STEP_ROWS).rows + verdicts.gather(STEP_ROWS);
      done += rows;
      onStage('sessions', done, Math.max(done, until));
      if (isAborted()) break;
      // Each stage waits for the one before: verdicts and findings are then made once, with all that is known.
      if (rows + observations > 0 || verdicts.measureClocks()) continue;
      if (verdicts.advance(STEP_ROWS).taken > 0) continue;
      if (findings.advance(STEP_ROWS).rows === 0) break;
    }
    while (!isAborted() && findings.score(SCORED_SERIES) > 0);
  } finally {
    facts.close();
    db.close();
  }
}
