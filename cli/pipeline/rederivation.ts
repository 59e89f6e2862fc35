import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import { BindingStage } from '../../attribution/bindings/binding-stage';
import { FindingStage } from '../../attribution/findings/finding-stage';
import { SessionStage } from '../../attribution/sessions/session-stage';
import { VerdictStage } from '../../attribution/verdicts/verdict-stage';
import type { StoredRecord } from '../../collectors/contract';
import type { Normalizer } from '../../normalizer/contract';
import { ecsMembers, ecsOfFlow } from '../../normalizer/model/ecs';
import type { FlowBatch } from '../../normalizer/model/flow-batch';
import type { SettingsFor } from '../../normalizer/settings';
import { openAnalysisForWriting } from '../../store/analysis/analysis-db';
import { seedContext } from '../../store/evidence/context';
import type { FactReader, PackContext, Rederivation } from '../../store/evidence/contract';
import { FactsDirectory } from '../../store/facts/facts-directory';
import { FactsSegment } from '../../store/facts/facts-segment';
import { jsonLine } from '../output/ndjson';
import { FactBuffer } from './fact-buffer';
import { createNormalizer } from './normalizers';
import { stageRules } from './pack-rules';

/** Records kept for when what they wait for comes: a template, another table of the device. Syslog waits for nothing. */
const KEPT_BYTES = 64 << 20;
const STEP_ROWS = 20_000;
const SCORED_SERIES = 500;
/** Records of one transaction. */
const TRANSACTION = 2000;

/** Runs a normalizer over the records of a pack, and gives up what it held back for a template that never came. */
class PackReading {
  readonly #normalizer: Normalizer;
  readonly #buffer: FactBuffer;
  readonly #kept = new LRUCache<number, StoredRecord>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ bytes }) => bytes.length + 100,
  });

  constructor(settingsFor: SettingsFor, buffer: FactBuffer) {
    this.#normalizer = createNormalizer(settingsFor);
    this.#buffer = buffer;
  }

  take(record: StoredRecord): void {
    if (record.origin.format !== 'syslog') this.#kept.set(record.seq, record);
    this.#buffer.run(this.#normalizer, record, (seq) => this.#kept.get(seq));
    this.#buffer.flush();
  }

  finish(): void {
    this.#normalizer.finish?.(this.#buffer);
    this.#buffer.flush();
  }
}

/** The facts that the normalizer reads in the records of a pack, as ECS objects without the raw text they were read in. */
export function createPackFacts(settingsFor: SettingsFor, write: (line: string) => void): FactReader {
  const buffer = new FactBuffer({
    flows: (batch) => writeFlows(batch, write),
    fact: (fact) => write(jsonLine(ecsMembers(fact))),
  });
  return new PackReading(settingsFor, buffer);
}

/** Reads the records of a pack into facts, and derives from these what the pack states, in a directory of its own. */
export function createRederivation(settingsFor: SettingsFor): Rederivation {
  return new RederivationInDirectory(settingsFor);
}

class RederivationInDirectory implements Rederivation {
  readonly #directory = mkdtempSync(join(tmpdir(), 'ascribe-verify-'));
  readonly #settingsFor: SettingsFor;
  readonly #reading: PackReading;
  #segment: FactsSegment | undefined;
  #record: StoredRecord | undefined;
  #uncommitted = 0;
  #db: Database | undefined;

  constructor(settingsFor: SettingsFor) {
    this.#settingsFor = settingsFor;
    const buffer = new FactBuffer({
      flows: (batch) => this.#segment?.applyFlows(batch),
      fact: (fact) => this.#segment?.fact(fact, this.#record?.receivedAt),
    });
    this.#reading = new PackReading(settingsFor, buffer);
  }

  take(record: StoredRecord): void {
    this.#segment ??= this.#begin(record);
    this.#record = record;
    this.#reading.take(record);
    this.#uncommitted += 1;
    if (this.#uncommitted < TRANSACTION) return;
    this.#segment.commit(record.seq);
    this.#segment.begin();
    this.#uncommitted = 0;
  }

  finish(): void {
    this.#reading.finish();
    this.#segment?.commit(this.#record?.seq ?? 0);
    this.#segment?.close();
  }

  analyse(context: PackContext): Database {
    const rules = stageRules(context.rules, this.#settingsFor);
    const db = openAnalysisForWriting(join(this.#directory, 'ascribe.db'));
    this.#db = db;
    db.pragma('journal_mode = MEMORY');
    db.pragma('synchronous = OFF');
    seedContext(db, context);
    const facts = new FactsDirectory(join(this.#directory, 'flows'));
    try {
      const sessions = new SessionStage(db, facts, rules.sessions);
      const bindings = new BindingStage(db, facts, rules.bindings);
      const verdicts = new VerdictStage(db, facts, rules.verdicts);
      const known = new Map(context.prevalence.map((one) => [one.dst, one]));
      const findings = new FindingStage(db, facts, { ...rules.findings, prevalence: (dst) => known.get(dst) });
      // Clocks are not measured again: a pack holds too few sessions for that, and states what was measured.
      while (sessions.advance(STEP_ROWS).rows > 0);
      while (bindings.advance(STEP_ROWS).rows > 0);
      while (verdicts.gather(STEP_ROWS) > 0);
      while (verdicts.advance(STEP_ROWS).taken > 0);
      while (findings.advance(STEP_ROWS).rows > 0);
      while (findings.score(SCORED_SERIES) > 0);
    } finally {
      facts.close();
    }
    return db;
  }

  close(): void {
    this.#segment?.close();
    this.#db?.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #begin({ seq, receivedAt }: StoredRecord): FactsSegment {
    const directory = join(this.#directory, 'flows');
    mkdirSync(directory);
    const name = `${new Date(receivedAt).toISOString().slice(0, 13)}-000`;
    const path = new FactsDirectory(directory).path(name);
    const segment = FactsSegment.create(path, { name, snapshot: Buffer.of(), appliedSeq: seq - 1 }, 'temporary');
    segment.begin();
    return segment;
  }
}

function writeFlows(batch: FlowBatch, write: (line: string) => void): void {
  for (const run of batch.runs) {
    for (let row = run.from; row < run.to; row++) write(jsonLine(ecsOfFlow(batch, run, row)));
  }
}
