import type { StoredRecord } from '../../collectors/contract';
import type { FactSink, Normalizer } from '../../normalizer/contract';
import type { Fact } from '../../normalizer/model/facts';
import { FlowBatch } from '../../normalizer/model/flow-batch';

/** A UDP payload holds at most 65,535 bytes and a flow record at least one of them. */
const ROWS_PER_RECORD = 65_536;
const CAPACITY = 2 * ROWS_PER_RECORD;

/** Takes what a buffer holds. The batch is valid during the call only. */
export interface FactConsumer {
  flows(batch: FlowBatch): void;
  fact(fact: Fact): void;
}

/** The one `FactSink` of a pipeline: runs a normalizer over records and hands its facts on, flows a batch at a time. */
export class FactBuffer implements FactSink {
  readonly flows = new FlowBatch(CAPACITY);
  /** Where facts go from now on. The batch is tens of megabytes, so one buffer serves a pipeline for its life. */
  consumer: FactConsumer;

  constructor(consumer: FactConsumer) {
    this.consumer = consumer;
  }

  fact(fact: Fact): void {
    this.consumer.fact(fact);
  }

  /**
   * Normalizes the record, then whatever older records it made readable. `rawRecord` fetches one of those; one that is
   * no longer kept is passed over.
   */
  run(normalizer: Normalizer, record: StoredRecord, rawRecord: (seq: number) => StoredRecord | undefined): void {
    this.#makeRoom();
    normalizer.normalize(record, this);
    for (const seq of normalizer.takeReplays()) {
      const older = seq === record.seq ? record : rawRecord(seq);
      if (older === undefined) continue;
      this.#makeRoom();
      normalizer.replay(older, this);
    }
  }

  /** Gives up the flows that are held. */
  discard(): void {
    this.flows.clear();
  }

  /** Hands on the flows that are held. */
  flush(): void {
    if (this.flows.length === 0) return;
    this.consumer.flows(this.flows);
    this.flows.clear();
  }

  #makeRoom(): void {
    if (this.flows.length + ROWS_PER_RECORD > CAPACITY) this.flush();
  }
}
