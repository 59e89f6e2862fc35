import { LRUCache } from 'lru-cache';
import type { StoredRecord } from '../../collectors/contract';
import { ecsOfFact, ecsOfFlow, type EcsObject } from '../../normalizer/model/ecs';
import type { FlowBatch } from '../../normalizer/model/flow-batch';
import type { SettingsFor } from '../../normalizer/settings';
import type { FactReader } from '../../store/evidence/contract';
import { jsonLine } from '../output/ndjson';
import { FactBuffer } from './fact-buffer';
import { createNormalizer } from './normalizers';

/** Records kept for when their template comes. */
const KEPT_BYTES = 64 << 20;

/** The facts that the normalizer reads in the records of a pack, as ECS objects without the raw text they were read in. */
export function createPackFacts(settingsFor: SettingsFor, write: (line: string) => void): FactReader {
  const normalizer = createNormalizer(settingsFor);
  const kept = new LRUCache<number, StoredRecord>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ bytes }) => bytes.length + 100,
  });
  const show = (object: EcsObject): void => write(jsonLine(object));
  const buffer = new FactBuffer({ flows: (batch) => showFlows(batch, show), fact: (fact) => show(ecsOfFact(fact)) });
  return {
    take(record) {
      if (record.origin.format === 'flow') kept.set(record.seq, record);
      buffer.run(normalizer, record, (seq) => kept.get(seq));
      buffer.flush();
    },
    finish() {
      normalizer.finish?.(buffer);
      buffer.flush();
    },
  };
}

function showFlows(batch: FlowBatch, show: (object: EcsObject) => void): void {
  for (const run of batch.runs) for (let row = run.from; row < run.to; row++) show(ecsOfFlow(batch, run, row));
}
