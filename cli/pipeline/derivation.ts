import { mkdirSync, statSync } from 'node:fs';
import type { StoredRecord } from '../../collectors/contract';
import type { Normalizer } from '../../normalizer/contract';
import type { Fact } from '../../normalizer/model/facts';
import type { FlowBatch } from '../../normalizer/model/flow-batch';
import { FactsDirectory } from '../../store/facts/facts-directory';
import { FactsReader } from '../../store/facts/facts-reader';
import { FactsSegment, recoverFactsSegment } from '../../store/facts/facts-segment';
import type { JournalReader, SegmentInfo } from '../../store/journal/journal-reader';
import { FactBuffer, type FactConsumer } from './fact-buffer';

export interface DerivationOptions {
  readonly journal: JournalReader;
  /** `<data>/flows`. */
  readonly directory: string;
  /** Makes a normalizer in its first state. */
  readonly createNormalizer: () => Normalizer;
  /** A facts segment has all its facts and can be sealed by whoever has time for it. */
  readonly onComplete?: (path: string) => void;
  /** Told of every fact that is stored, with the record being read; for counters. */
  readonly observe?: FactObserver;
  /** How far warming up after a restart has come, in journal positions. */
  readonly onWarmUp?: (seq: number, until: number) => void;
}

export interface FactObserver {
  flows(batch: FlowBatch): void;
  fact(fact: Fact, record: StoredRecord | undefined): void;
}

export interface DerivationStep {
  /** Journal records taken. */
  readonly records: number;
  readonly flows: number;
  readonly facts: number;
}

const NOTHING: DerivationStep = { records: 0, flows: 0, facts: 0 };
const WARM_UP_RECORDS = 4096;
const DISCARD: FactConsumer = { flows: () => {}, fact: () => {} };

/**
 * Journal to facts, one facts segment for each journal segment. Holds the parsers' state; after a restart it is
 * rebuilt from the snapshot at the segment's beginning by reading the segment again (docs/decisions/0005). The same
 * journal gives the same facts, whatever the batches and restarts.
 */
export class Derivation {
  readonly #options: DerivationOptions;
  readonly #facts: FactsDirectory;
  readonly #buffer = new FactBuffer(DISCARD);
  #normalizer: Normalizer;
  #segment: FactsSegment | undefined;
  #appliedSeq = 0;
  #reachedTime: number | undefined;
  /** The journal segment whose facts are being made. */
  #source: string | undefined;

  constructor(options: DerivationOptions) {
    this.#options = options;
    this.#facts = new FactsDirectory(options.directory);
    this.#normalizer = options.createNormalizer();
  }

  /** Journal position up to which facts are durable. */
  get appliedSeq(): number {
    return this.#appliedSeq;
  }

  /** Receive time of the newest record whose facts this instance made durable. */
  get reachedTime(): number | undefined {
    return this.#reachedTime;
  }

  /** What the parsers have left undecoded and no fact tells of, see `Normalizer.waiting`. */
  get waiting(): number {
    return this.#normalizer.waiting ?? 0;
  }

  /** Takes up where the facts on disk end. Throws `FactsSegmentError`, `SchemaTooNewError`, `NormalizerStateError`. */
  open(): void {
    mkdirSync(this.#options.directory, { recursive: true, mode: 0o750 });
    const newest = this.#facts.names().at(-1);
    for (const name of this.#facts.names()) this.#recover(name, name === newest);
    if (newest === undefined) {
      this.#appliedSeq = this.#firstSeqOfJournal() - 1;
      return;
    }
    const path = this.#facts.path(newest);
    const reader = new FactsReader(path);
    const { state, appliedSeq } = reader;
    reader.close();
    this.#source = newest;
    if (state === 'open') this.#segment = FactsSegment.open(path);
    else if (!isFinished(path)) this.#options.onComplete?.(path);
    this.#appliedSeq = appliedSeq;
    this.#warmUp(newest, readSnapshot(path));
  }

  /** Makes the facts of at most `limit` further records durable. Nothing to do gives zeros. */
  advance(limit: number): DerivationStep {
    for (;;) {
      const source = this.#currentSource();
      if (source === undefined) return NOTHING;
      if (this.#appliedSeq < source.lastSeq) {
        const records = this.#options.journal.readSegment(source.name, this.#appliedSeq + 1, limit);
        if (records.length > 0) return this.#apply(this.#segmentFor(source), records);
      }
      if (!this.#completeIfDone(source)) return NOTHING;
    }
  }

  /** Closes the open files; facts that are not durable are made again at the next start. */
  close(): void {
    this.#segment?.close();
    this.#segment = undefined;
    this.#facts.close();
  }

  /** Whatever was not sealed to its end when the process was last ended is sealed now; the newest may still be written. */
  #recover(name: string, isNewest: boolean): void {
    const path = this.#facts.path(name);
    if (isFinished(path)) return;
    recoverFactsSegment(path);
    if (!isNewest) this.#options.onComplete?.(path);
  }

  #apply(segment: FactsSegment, records: readonly StoredRecord[]): DerivationStep {
    const { observe } = this.#options;
    let flows = 0;
    let facts = 0;
    let current: StoredRecord | undefined;
    this.#buffer.consumer = {
      flows: (batch) => {
        flows += batch.length;
        segment.applyFlows(batch);
        observe?.flows(batch);
      },
      fact: (fact) => {
        facts++;
        segment.fact(fact, current?.receivedAt);
        observe?.fact(fact, current);
      },
    };
    const last = records.at(-1)?.seq ?? this.#appliedSeq;
    segment.begin();
    try {
      for (const record of records) {
        current = record;
        this.#buffer.run(this.#normalizer, record, this.#rawRecord);
      }
      this.#buffer.flush();
      segment.commit(last);
    } catch (error) {
      segment.rollback();
      this.#buffer.discard();
      // The parsers have read what was not stored: only reading the segment again makes their state right.
      this.#reopenAt(segment.name);
      throw error;
    }
    this.#appliedSeq = last;
    this.#reachedTime = records.at(-1)?.receivedAt;
    return { records: records.length, flows, facts };
  }

  readonly #rawRecord = (seq: number): StoredRecord | undefined => this.#options.journal.get(seq);

  #reopenAt(name: string): void {
    this.#normalizer = this.#options.createNormalizer();
    this.#warmUp(name, this.#segment?.snapshot ?? readSnapshot(this.#facts.path(name)));
  }

  #warmUp(name: string, snapshot: Uint8Array): void {
    this.#normalizer.restore(snapshot);
    const { journal, onWarmUp } = this.#options;
    if (!journal.segmentNames().includes(name)) return;
    this.#buffer.consumer = DISCARD;
    let next = journal.segment(name).firstSeq;
    while (next <= this.#appliedSeq) {
      const records = journal.readSegment(name, next, WARM_UP_RECORDS);
      if (records.length === 0) break;
      for (const record of records) {
        if (record.seq > this.#appliedSeq) break;
        this.#buffer.run(this.#normalizer, record, this.#rawRecord);
        next = record.seq + 1;
      }
      if ((records.at(-1)?.seq ?? 0) > this.#appliedSeq) break;
      onWarmUp?.(next - 1, this.#appliedSeq);
    }
    this.#buffer.discard();
  }

  /** The journal segment that holds the next record to take. */
  #currentSource(): SegmentInfo | undefined {
    const { journal } = this.#options;
    const names = journal.segmentNames();
    if (this.#source === undefined || !names.includes(this.#source)) {
      this.#source = names.find((name) => journal.segment(name).lastSeq > this.#appliedSeq) ?? undefined;
    }
    return this.#source === undefined ? undefined : journal.segment(this.#source);
  }

  #segmentFor(source: SegmentInfo): FactsSegment {
    if (this.#segment?.name === source.name) return this.#segment;
    const path = this.#facts.path(source.name);
    this.#segment = FactsSegment.create(path, {
      name: source.name,
      snapshot: this.#normalizer.snapshot(),
      appliedSeq: source.firstSeq - 1,
    });
    this.#appliedSeq = source.firstSeq - 1;
    return this.#segment;
  }

  /** A sealed journal segment that is read to its end completes its facts segment; the next one begins. */
  #completeIfDone(source: SegmentInfo): boolean {
    if (!source.isSealed || this.#appliedSeq < source.lastSeq) return false;
    const names = this.#options.journal.segmentNames();
    const next = names[names.indexOf(source.name) + 1];
    if (next === undefined) return false;
    const path = this.#segment?.path;
    this.#segment?.complete();
    this.#segment = undefined;
    this.#source = next;
    if (path !== undefined) this.#options.onComplete?.(path);
    return true;
  }

  #firstSeqOfJournal(): number {
    const [oldest] = this.#options.journal.segmentNames();
    return oldest === undefined ? 1 : this.#options.journal.segment(oldest).firstSeq;
  }
}

/** Sealing ends with making the file read-only. */
function isFinished(path: string): boolean {
  return (statSync(path).mode & 0o222) === 0;
}

function readSnapshot(path: string): Uint8Array {
  const reader = new FactsReader(path);
  try {
    const [row] = reader.query(`SELECT value FROM meta WHERE key = 'snapshot'`);
    return row?.['value'] as Buffer;
  } finally {
    reader.close();
  }
}
