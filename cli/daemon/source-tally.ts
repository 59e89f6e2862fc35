import { LRUCache } from 'lru-cache';
import type { StoredRecord } from '../../collectors/contract';
import type { Fact } from '../../normalizer/model/facts';
import type { FlowBatch } from '../../normalizer/model/flow-batch';
import type { TelemetryEvent } from '../telemetry/events';

/** What the normalizer made of one sender's records, since the start. */
export interface SourceTally {
  readonly peer: string;
  device: string;
  flows: number;
  rejected: number;
  /** Records or packets that the sender counted and that never came. */
  sequenceLost: number;
  /** Sets given up: their template never came. */
  undecoded: number;
}

const MOST_SOURCES = 8192;

/**
 * Counts by sender, bounded (the sender that was silent longest is forgotten; totals stay exact), and the rejects since
 * the last report, so that one event can tell of many.
 */
export class SourceTallies {
  readonly #sources = new LRUCache<string, SourceTally>({ max: MOST_SOURCES });
  readonly #rejects = new Map<string, { peer: string; reason: string; count: number }>();
  readonly #gaps = new Map<string, number>();
  malformed = 0;
  undecoded = 0;
  sequenceLost = 0;

  flows(batch: FlowBatch): void {
    for (const run of batch.runs) this.#of(run.stream.exporter).flows += run.to - run.from;
  }

  fact(fact: Fact, record: StoredRecord | undefined): void {
    if (fact.fact === 'rejected') this.#reject(fact.reason, peerAddress(record));
    else if (fact.fact === 'gap') this.#gap(fact.kind, Number(fact.missing ?? 0n), peerAddress(record) || fact.device);
    else if (record !== undefined) this.#of(peerAddress(record)).device = fact.device;
  }

  /** All senders, the latest to speak first. */
  sources(): SourceTally[] {
    return [...this.#sources.values()];
  }

  /** Events about what came since the last call. */
  takeEvents(): TelemetryEvent[] {
    const events: TelemetryEvent[] = [
      ...[...this.#rejects.values()].map(
        ({ peer, reason, count }) => ({ kind: 'input_rejected', peer, reason, count }) as const,
      ),
      ...[...this.#gaps].map(([peer, missing]) => ({ kind: 'sequence_gap', peer, missing }) as const),
    ];
    this.#rejects.clear();
    this.#gaps.clear();
    return events;
  }

  #reject(reason: string, peer: string): void {
    this.malformed++;
    this.#of(peer).rejected++;
    const key = this.#rejects.size < MOST_SOURCES ? `${peer} ${reason}` : '';
    const known = this.#rejects.get(key) ?? { peer, reason, count: 0 };
    known.count++;
    this.#rejects.set(key, known);
  }

  #gap(kind: string, missing: number, peer: string): void {
    // A restart, or a table that was not read to its end: nothing that was numbered is missing.
    if (missing === 0) return;
    // Our own losses are figures of the listener.
    if (kind === 'kernel_drop' || kind === 'queue_drop') return;
    const source = this.#of(peer);
    if (kind === 'undecoded') {
      source.undecoded += missing;
      this.undecoded += missing;
      return;
    }
    source.sequenceLost += missing;
    this.sequenceLost += missing;
    if (this.#gaps.size < MOST_SOURCES) this.#gaps.set(peer, (this.#gaps.get(peer) ?? 0) + missing);
  }

  #of(peer: string): SourceTally {
    let source = this.#sources.get(peer);
    if (source === undefined) {
      source = { peer, device: '', flows: 0, rejected: 0, sequenceLost: 0, undecoded: 0 };
      this.#sources.set(peer, source);
    }
    return source;
  }
}

/** The address of `192.0.2.1:2055` or `[2001:db8::1]:2055`. */
function peerAddress(record: StoredRecord | undefined): string {
  const peer = record?.origin.peer ?? '';
  const end = peer.lastIndexOf(':');
  const address = end < 0 ? peer : peer.slice(0, end);
  return address.startsWith('[') ? address.slice(1, -1) : address;
}
