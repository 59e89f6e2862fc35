import type { FlowLimits } from './limits';

/** The sets of one record that wait for their templates. */
export interface PendingRecord {
  readonly seq: number;
  /** Key of the stream, see `streamKey`. */
  readonly stream: string;
  readonly receivedAt: number;
  /** Ordinal for the next rows of this record: those read before have the lower ones. */
  nextOrdinal: number;
  sets: { readonly index: number; readonly templateId: number }[];
}

const NONE: readonly number[] = [];

/**
 * Sets that came before their template, remembered by where they stand in the journal, not by their bytes. Bounded by
 * count and age; what is given up is counted by stream.
 */
export class PendingSets {
  readonly #records = new Map<number, PendingRecord>();
  /** By stream, the records waiting for each template. */
  readonly #waiting = new Map<string, Map<number, Set<number>>>();
  readonly #perStream = new Map<string, number>();
  readonly #ready = new Set<number>();
  readonly #taken = new Set<number>();
  #count = 0;

  constructor(readonly limits: FlowLimits) {}

  /** Sets that wait. */
  get count(): number {
    return this.#count;
  }

  of(seq: number): PendingRecord | undefined {
    return this.#records.get(seq);
  }

  /** Remembers a set; returns false when there is no room, and it is given up at once. */
  add(seq: number, stream: string, receivedAt: number, index: number, templateId: number): boolean {
    const ofStream = this.#perStream.get(stream) ?? 0;
    if (this.#count >= this.limits.pending || ofStream >= this.limits.pendingPerStream) return false;
    let record = this.#records.get(seq);
    if (record === undefined) {
      record = { seq, stream, receivedAt, nextOrdinal: 0, sets: [] };
      this.#records.set(seq, record);
    }
    record.sets.push({ index, templateId });
    this.#wait(record, templateId);
    return true;
  }

  /** A template of this id has come to a stream: the records that waited for it are ready. */
  arrived(stream: string, templateId: number): void {
    for (const seq of this.#waiting.get(stream)?.get(templateId) ?? []) this.#ready.add(seq);
  }

  take(): readonly number[] {
    if (this.#ready.size === 0) return NONE;
    const seqs = [...this.#ready].sort((a, b) => a - b);
    this.#ready.clear();
    for (const seq of seqs) this.#taken.add(seq);
    return seqs;
  }

  /** A record is being read again: returns what waits of it, and stops waiting for the sets that `settle` is told of. */
  settle(record: PendingRecord, settled: ReadonlySet<number>): void {
    this.#taken.delete(record.seq);
    this.#ready.delete(record.seq);
    const remaining = record.sets.filter(({ index }) => !settled.has(index));
    for (const { index, templateId } of record.sets) {
      if (settled.has(index)) this.#stopWaiting(record, templateId, remaining);
    }
    record.sets = remaining;
    if (remaining.length === 0) this.#records.delete(record.seq);
  }

  /** Gives up what is too old; calls `lost` with the stream, the number of sets and when they came. The oldest come first. */
  expire(now: number, lost: (stream: string, sets: number, receivedAt: number) => void): void {
    for (const record of this.#records.values()) {
      if (now - record.receivedAt <= this.limits.pendingAgeMs) return;
      lost(record.stream, record.sets.length, record.receivedAt);
      this.#drop(record);
    }
  }

  /** Gives up everything of a stream that is being dropped; returns the number of sets. */
  dropStream(stream: string): number {
    let sets = 0;
    for (const seqs of this.#waiting.get(stream)?.values() ?? []) {
      for (const seq of seqs) {
        const record = this.#records.get(seq);
        if (record === undefined) continue;
        sets += record.sets.length;
        this.#drop(record);
      }
    }
    return sets;
  }

  toJSON(): unknown {
    return {
      records: [...this.#records.values()],
      ready: [...new Set([...this.#ready, ...this.#taken])].sort((a, b) => a - b),
    };
  }

  restore(state: { records: PendingRecord[]; ready: number[] }): void {
    for (const record of state.records) {
      this.#records.set(record.seq, record);
      for (const { templateId } of record.sets) this.#wait(record, templateId);
    }
    for (const seq of state.ready) this.#ready.add(seq);
  }

  #wait({ seq, stream }: PendingRecord, templateId: number): void {
    let templates = this.#waiting.get(stream);
    if (templates === undefined) this.#waiting.set(stream, (templates = new Map()));
    let seqs = templates.get(templateId);
    if (seqs === undefined) templates.set(templateId, (seqs = new Set()));
    seqs.add(seq);
    this.#count++;
    this.#perStream.set(stream, (this.#perStream.get(stream) ?? 0) + 1);
  }

  #drop(record: PendingRecord): void {
    this.settle(record, new Set(record.sets.map(({ index }) => index)));
  }

  #stopWaiting(
    { seq, stream }: PendingRecord,
    templateId: number,
    remaining: readonly { readonly templateId: number }[],
  ): void {
    this.#count--;
    const left = (this.#perStream.get(stream) ?? 1) - 1;
    if (left === 0) this.#perStream.delete(stream);
    else this.#perStream.set(stream, left);
    if (remaining.some((set) => set.templateId === templateId)) return;
    const templates = this.#waiting.get(stream);
    const seqs = templates?.get(templateId);
    seqs?.delete(seq);
    if (seqs?.size === 0) templates?.delete(templateId);
    if (templates?.size === 0) this.#waiting.delete(stream);
  }
}
