import type { RawFormat, StoredRecord } from '../collectors/contract';
import type { Fact } from './model/facts';
import type { FlowBatch } from './model/flow-batch';

/** Where a normalizer puts what it reads. */
export interface FactSink {
  /** Filled row by row; whoever calls `normalize` empties it (see `Normalizer.normalize`). */
  readonly flows: FlowBatch;
  fact(fact: Fact): void;
}

/**
 * Raw records in, facts out. Pure: no I/O, no clock, no global state; the same records in the same order give the same
 * facts, so that the facts can be derived again from the journal at any time.
 */
export interface Normalizer {
  readonly formats: readonly RawFormat[];
  /**
   * Reads one record. Never throws for what the record holds: input that cannot be read becomes a `Rejected` fact. The
   * caller guarantees room for `record.bytes.length` more rows in `sink.flows`.
   */
  normalize(record: StoredRecord, sink: FactSink): void;
  /**
   * Journal positions of records that can be read better now than when they came (their template has arrived). The
   * caller reads them from the journal and passes them to `replay`. Emptied by the call.
   */
  takeReplays(): readonly number[];
  /**
   * Parts of records (sets of flow export) left undecoded that no fact tells of: they wait for what would make them
   * readable, or their `gap` fact is still to come. Absent where nothing ever waits.
   */
  readonly waiting?: number;
  /** Reads again only what was left undecoded of a record named by `takeReplays`. */
  replay(record: StoredRecord, sink: FactSink): void;
  /** States what is held back until more comes (loss that may still be reordering): when nothing more will come. */
  finish?(sink: FactSink): void;
  /** Everything later records depend on (templates, options, open connections), as bytes. Equal state gives equal bytes. */
  snapshot(): Uint8Array;
  /** Takes up a snapshot; throws `NormalizerStateError` when it is of another format version. */
  restore(snapshot: Uint8Array): void;
}

/** A snapshot that this version cannot take up: derive the facts again from the journal's beginning. */
export class NormalizerStateError extends Error {
  readonly code = 'normalizer_state';
}
