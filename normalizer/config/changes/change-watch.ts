import type { RawFormat, StoredRecord } from '../../../collectors/contract';
import type { FactSink, Normalizer } from '../../contract';
import type { Fact } from '../../model/facts';
import type { FlowBatch } from '../../model/flow-batch';
import { peerAddressOf } from '../../syslog/syslog-normalizer';
import { type ChangeNotes, tellsOfChange } from './change-notes';

/** Lets everything through, and notes the changes of configurations that it tells of. */
class WatchingSink implements FactSink {
  readonly #notes: ChangeNotes;
  #record: StoredRecord | undefined;
  #sink: FactSink | undefined;

  constructor(notes: ChangeNotes) {
    this.#notes = notes;
  }

  get flows(): FlowBatch {
    if (this.#sink === undefined) throw new TypeError('no record is being read');
    return this.#sink.flows;
  }

  of(record: StoredRecord, sink: FactSink): this {
    this.#record = record;
    this.#sink = sink;
    return this;
  }

  fact(fact: Fact): void {
    this.#sink?.fact(fact);
    if (fact.fact !== 'event' || this.#record === undefined || !tellsOfChange(fact)) return;
    const { origin, receivedAt } = this.#record;
    const { device, observedAt, user = '', action, command = '', rawSeq } = fact;
    // A row of a history was written before it was read; a message came when it was made.
    const by = origin.format === 'snmp' ? Math.min(observedAt, receivedAt) : receivedAt;
    const commits = action === 'config_commit';
    const note = { at: observedAt, by, author: user, commits, line: command, rawSeq };
    this.#notes.add([device, peerAddressOf(origin.peer)], note);
  }
}

/** A normalizer whose events are watched for changes of configurations. */
export class ChangeWatch implements Normalizer {
  readonly formats: readonly RawFormat[];
  readonly #watched: Normalizer;
  readonly #sink: WatchingSink;

  constructor(watched: Normalizer, notes: ChangeNotes) {
    this.formats = watched.formats;
    this.#watched = watched;
    this.#sink = new WatchingSink(notes);
  }

  get waiting(): number {
    return this.#watched.waiting ?? 0;
  }

  normalize(record: StoredRecord, sink: FactSink): void {
    this.#watched.normalize(record, this.#sink.of(record, sink));
  }

  takeReplays(): readonly number[] {
    return this.#watched.takeReplays();
  }

  replay(record: StoredRecord, sink: FactSink): void {
    this.#watched.replay(record, this.#sink.of(record, sink));
  }

  finish(sink: FactSink): void {
    this.#watched.finish?.(sink);
  }

  snapshot(): Uint8Array {
    return this.#watched.snapshot();
  }

  restore(snapshot: Uint8Array): void {
    this.#watched.restore(snapshot);
  }
}
