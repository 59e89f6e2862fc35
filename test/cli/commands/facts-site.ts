import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_BINDING_RULES } from '../../../attribution/bindings/binding-rules';
import { BindingStage } from '../../../attribution/bindings/binding-stage';
import { dataLayout } from '../../../cli/data-layout';
import type { Fact, FactBase } from '../../../normalizer/model/facts';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import { FactsDirectory } from '../../../store/facts/facts-directory';
import { FactsSegment } from '../../../store/facts/facts-segment';

/** 2026-11-24 01:30 UTC; the command line's clock stands at 02:10. */
export const T = Date.UTC(2026, 10, 24, 1, 30);
export const MINUTE = 60_000;

type Own<F> = F extends Fact ? Omit<F, keyof FactBase> : never;

let seq = 0;

/** A fact observed so many minutes after T, with the next journal position. */
export function fact(minutes: number, device: string, own: Own<Fact>, parser = 'syslog'): Fact {
  const base = { rawSeq: ++seq, observedAt: T + minutes * MINUTE, timeQuality: 'ok' as const, device, parser };
  return { ...base, ...own };
}

/** Writes facts as one segment; `receivedMinutes` tells when each came, by default when it was observed. */
export function writeSegment(
  data: string,
  name: string,
  facts: readonly { readonly fact: Fact; readonly receivedMinutes?: number }[],
): FactsSegment {
  const layout = dataLayout(data);
  mkdirSync(layout.facts, { recursive: true });
  const segment = FactsSegment.create(join(layout.facts, `${name}.db`), {
    name,
    snapshot: new Uint8Array(0),
    appliedSeq: 0,
  });
  appendFacts(segment, facts);
  return segment;
}

export function appendFacts(
  segment: FactsSegment,
  facts: readonly { readonly fact: Fact; readonly receivedMinutes?: number }[],
): void {
  segment.begin();
  for (const { fact, receivedMinutes } of facts) {
    segment.fact(fact, receivedMinutes === undefined ? fact.observedAt : T + receivedMinutes * MINUTE);
  }
  segment.commit(seq);
}

/** Brings the binding intervals of a data directory up to its facts. */
export function deriveBindings(data: string): void {
  const layout = dataLayout(data);
  const db = openAnalysisForWriting(layout.database);
  const facts = new FactsDirectory(layout.facts);
  new BindingStage(db, facts, DEFAULT_BINDING_RULES).advance(1_000_000);
  facts.close();
  db.close();
}
