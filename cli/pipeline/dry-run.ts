import { LRUCache } from 'lru-cache';
import type { RawRecord, StoredRecord } from '../../collectors/contract';
import {
  ecsOfFact,
  ecsOfFlow,
  ecsOfRecord,
  ecsOfSyslogHeader,
  isoTime,
  type EcsObject,
} from '../../normalizer/model/ecs';
import type { Fact } from '../../normalizer/model/facts';
import type { FlowBatch } from '../../normalizer/model/flow-batch';
import type { Normalizer } from '../../normalizer/contract';
import type { DeviceSettings } from '../../normalizer/settings';
import { syslogHeader } from '../../normalizer/syslog/syslog-header';
import { SyslogNormalizer } from '../../normalizer/syslog/syslog-normalizer';
import { FactBuffer } from './fact-buffer';
import { createNormalizer } from './normalizers';

/** Records kept for when their template comes: in a dry run there is no journal to read them from again. */
const KEPT_BYTES = 64 << 20;

/** The normalizer over records that are not stored, each fact shown at once. Records are numbered from 1. */
export class DryRun {
  readonly #normalizer: Normalizer;
  readonly #buffer: FactBuffer;
  readonly #show: (object: EcsObject) => void;
  readonly #kept = new LRUCache<number, StoredRecord>({ maxSize: KEPT_BYTES, sizeCalculation: sizeOf });
  readonly #syslog: SyslogNormalizer;
  #current: StoredRecord | undefined;
  #shown = 0;
  records = 0;
  /** Facts that say that something could not be read. */
  rejected = 0;

  constructor(settings: DeviceSettings, show: (object: EcsObject) => void) {
    this.#normalizer = createNormalizer(() => settings);
    this.#syslog = new SyslogNormalizer(() => settings);
    this.#show = show;
    this.#buffer = new FactBuffer({
      flows: (batch) => this.#showFlows(batch),
      fact: (fact) => this.#showFact(fact),
    });
  }

  /** Shows all facts of the record before it returns. */
  take(raw: RawRecord): void {
    this.records++;
    const record: StoredRecord = { ...raw, seq: this.records };
    if (raw.origin.format === 'flow') this.#kept.set(record.seq, record);
    this.#current = record;
    this.#shown = 0;
    this.#buffer.run(this.#normalizer, record, (seq) => this.#kept.get(seq));
    this.#buffer.flush();
    if (this.#shown === 0 && raw.origin.format === 'syslog') this.#showNone(record);
  }

  /** Says what is still held back when nothing more comes. */
  finish(): void {
    this.#normalizer.finish?.(this.#buffer);
    this.#buffer.flush();
  }

  /** A well-formed message that no parser makes a fact of is no reject; its header shows that it was read. */
  #showNone(record: StoredRecord): void {
    const { message, device } = this.#syslog.read(record);
    this.#show({
      'ascribe.fact': 'none',
      '@timestamp': isoTime(message.timestamp),
      'observer.name': device,
      'process.name': message.appName,
      message: message.content,
      'ascribe.time_quality': message.timeQuality,
      'ascribe.parser': 'syslog',
      'ascribe.reason': 'syslog_no_fact',
      'ascribe.raw_seq': record.seq,
      ...ecsOfSyslogHeader(syslogHeader(message)),
      ...ecsOfRecord(record),
    });
  }

  #showFlows(batch: FlowBatch): void {
    for (const run of batch.runs) {
      for (let row = run.from; row < run.to; row++) this.#show(ecsOfFlow(batch, run, row));
    }
  }

  #showFact(fact: Fact): void {
    if (fact.fact === 'rejected') this.rejected++;
    this.#shown++;
    const record = fact.rawSeq === this.#current?.seq ? this.#current : this.#kept.get(fact.rawSeq);
    this.#show(ecsOfFact(fact, record !== undefined && isShown(record, fact) ? record : undefined));
  }
}

/**
 * Whether a fact is shown with its input. A stretch of a log file stands for thousands of facts; so does a command's output,
 * and its secrets are masked only in what is made of it.
 */
function isShown({ origin }: StoredRecord, { fact }: Fact): boolean {
  if (origin.format === 'command' || origin.format === 'logfile') return false;
  return origin.format !== 'flow' || fact === 'rejected';
}

function sizeOf(record: StoredRecord): number {
  return record.bytes.length + 100;
}
