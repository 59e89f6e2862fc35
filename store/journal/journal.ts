import { mkdirSync } from 'node:fs';
import type { Emit, RawOrigin, RawRecord, StoredRecord } from '../../collectors/contract';
import { appendCheckpoint, type Checkpoint } from './checkpoint-log';
import { meansDiskFull } from './disk-space';
import { SegmentStateError } from './errors';
import type { JournalEvent } from './events';
import { recoverJournal } from './journal-recovery';
import { LEAF_HEADER_BYTES } from './leaf';
import { Ledger } from './ledger';
import type { RingReader } from './ring-reader';
import { finishSegment, removeDatabase, segmentPath } from './segment-file';
import { nextSegmentName } from './segment-name';
import { SegmentWriter } from './segment-writer';
import type { SigningKeys } from './signing-keys';
import { SpaceGuard } from './space-guard';
import { NO_PREVIOUS_SEAL, retirementOf, signStatement } from './statement';

/** How a journal is opened. */
export interface JournalOptions {
  readonly keys: SigningKeys;
  /** A segment is closed at the next multiple of this many milliseconds UTC after its opening. Default one hour. */
  readonly rotateAfterMs?: number;
  /** A segment is closed when its file has about this many bytes. Default 256 MiB. */
  readonly rotateAfterBytes?: number;
  /** Room kept back for when the disk is full, bytes; 0 for none. Default 64 MiB. */
  readonly reserveBytes?: number;
  /** Epoch milliseconds UTC; default `Date.now`. */
  readonly now?: () => number;
  readonly emit?: Emit<JournalEvent>;
}

/** What one call stored: records `firstSeq` to `lastSeq`, all of them in `segment`. */
export interface Appended {
  readonly segment: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** Called for each record after it is durable. The record object and its bytes are valid during the call only. */
export type OnRecord = (record: StoredRecord) => void;

const HOUR_MS = 3_600_000;
const MIB = 1 << 20;
/** How often a sealed segment that a reader held is tried again. */
const FINISH_RETRY_MS = 1000;

/** A `StoredRecord` that is filled again for each record. */
class RecordView implements StoredRecord {
  seq = 0;
  receivedAt = 0;
  origin!: RawOrigin;
  bytes: Uint8Array = Buffer.alloc(0);
}

/**
 * The raw journal: every record durable before anything looks into it. One instance per data directory (see
 * `DataLock`), one thread. `append` and `appendFrom` throw `DiskFullError`, having written nothing.
 */
export class Journal {
  readonly #directory: string;
  readonly #keys: SigningKeys;
  readonly #rotateAfterMs: number;
  readonly #rotateAfterBytes: number;
  readonly #now: () => number;
  readonly #emit: Emit<JournalEvent>;
  readonly #space: SpaceGuard;
  readonly #ledger: Ledger;
  /** Sealed segments that a reader held when they were to become plain files. */
  readonly #unfinished = new Set<string>();
  readonly #view = new RecordView();
  #scratch = Buffer.alloc(LEAF_HEADER_BYTES + 65_536);
  #live: SegmentWriter | undefined;
  #newest: string | undefined;
  #nextSeq = 1;
  #finishedAt = 0;
  /** Position of the last checkpoint of this process. */
  #checkedSeq = 0;

  private constructor(directory: string, options: JournalOptions) {
    this.#directory = directory;
    this.#keys = options.keys;
    this.#rotateAfterMs = options.rotateAfterMs ?? HOUR_MS;
    this.#rotateAfterBytes = options.rotateAfterBytes ?? 256 * MIB;
    this.#now = options.now ?? Date.now;
    this.#emit = options.emit ?? (() => {});
    this.#space = new SpaceGuard(directory, options.reserveBytes ?? 64 * MIB, this.#now, this.#emit);
    this.#ledger = Ledger.open(directory);
  }

  /**
   * Opens `<data>/journal`, making it when it is not there, and finishes whatever a crash left half done. Throws
   * `JournalDamagedError` when the newest segment cannot be read, `SchemaTooNewError` when it is of a later version.
   */
  static open(directory: string, options: JournalOptions): Journal {
    mkdirSync(directory, { recursive: true, mode: 0o750 });
    const journal = new Journal(directory, options);
    const { live, newest, nextSeq, unfinished } = journal.#space.run(() =>
      recoverJournal(directory, journal.#ledger, options.keys, journal.#now, journal.#emit),
    );
    journal.#live = live;
    journal.#newest = newest;
    journal.#nextSeq = nextSeq;
    for (const name of unfinished) journal.#unfinished.add(name);
    journal.#finishOthers();
    journal.#space.tend();
    return journal;
  }

  /** Position of the newest record; 0 when there is none. */
  get lastSeq(): number {
    return this.#nextSeq - 1;
  }

  /** Name of the open segment; undefined until the first record after a rotation. */
  get segment(): string | undefined {
    return this.#live?.meta.name;
  }

  /** Whether the last append failed for want of room. */
  get isFull(): boolean {
    return this.#space.isFull;
  }

  /** Stores the records in one durable transaction. An empty batch gives undefined. */
  append(batch: readonly RawRecord[], onRecord?: OnRecord): Appended | undefined {
    if (batch.length === 0) return undefined;
    const appended = this.#transact(batch.length, (segment) => {
      for (const { receivedAt, origin, bytes } of batch) {
        const scratch = this.#scratchFor(bytes.length);
        scratch.set(bytes, LEAF_HEADER_BYTES);
        segment.add(receivedAt, origin, scratch, LEAF_HEADER_BYTES, bytes.length);
      }
    });
    if (onRecord !== undefined) {
      for (const [index, { receivedAt, origin, bytes }] of batch.entries()) {
        onRecord(this.#show(appended.firstSeq + index, receivedAt, origin, bytes));
      }
    }
    return appended;
  }

  /**
   * Stores the next records of a ring in one durable transaction and releases them; undefined when the ring is empty.
   * On `DiskFullError` they stay in the ring and the next call takes the same ones.
   */
  appendFrom(ring: RingReader, maxRecords: number, maxBytes: number, onRecord?: OnRecord): Appended | undefined {
    const { count, data, offset, length, receivedAt, origin } = ring.peek(maxRecords, maxBytes);
    if (count === 0) return undefined;
    const appended = this.#transact(count, (segment) => {
      for (let index = 0; index < count; index += 1) {
        segment.add(receivedAt[index]!, origin[index]!, data, offset[index]!, length[index]!);
      }
    });
    try {
      const shown = onRecord === undefined ? 0 : count;
      for (let index = 0; index < shown; index += 1) {
        const bytes = data.subarray(offset[index], offset[index]! + length[index]!);
        onRecord?.(this.#show(appended.firstSeq + index, receivedAt[index]!, origin[index]!, bytes));
      }
    } finally {
      // They are stored: whatever the callback did, the next call must not store them again.
      ring.advance();
    }
    return appended;
  }

  /** Closes the open segment now, if it holds anything. The next record opens another. */
  rotate(): void {
    this.#space.run(() => this.#closeLive());
  }

  /**
   * Signs what the journal holds now and keeps it in `checkpoints.ndjson`, for others to take along; undefined when nothing came
   * since the last. A full disk puts it off.
   */
  checkpoint(): Checkpoint | undefined {
    const live = this.#live;
    if (live === undefined || live.lastSeq === this.#checkedSeq) return undefined;
    const checkpoint = live.checkpoint(this.#now(), this.#keys);
    if (checkpoint === undefined) return undefined;
    try {
      appendCheckpoint(this.#directory, checkpoint);
    } catch (error) {
      if (meansDiskFull(error, this.#directory)) return undefined;
      throw error;
    }
    this.#checkedSeq = live.lastSeq;
    return checkpoint;
  }

  /**
   * Removes a sealed segment for good: first the signed ledger line that says so, then the file, so that `db verify` can
   * tell retention from tampering. Throws `SegmentStateError` for a segment that is open or unknown.
   */
  retire(name: string, reason: string): void {
    const seal = this.#ledger.sealOf(name);
    if (seal === undefined || this.#ledger.isRetired(name)) {
      throw new SegmentStateError(name, seal === undefined ? 'is not sealed' : 'is retired already');
    }
    const statement = retirementOf(seal, reason, this.#now(), this.#keys.fingerprint);
    this.#space.run(() => this.#ledger.append(signStatement(statement, this.#keys)));
    this.#unfinished.delete(name);
    removeDatabase(segmentPath(this.#directory, name));
    this.#emit({ kind: 'segment_retired', segment: name, reason });
  }

  /** Seals nothing: the open segment is gone on with at the next start. Safe to call twice. */
  close(): void {
    this.#finishOthers();
    this.#live?.close();
    this.#live = undefined;
  }

  #transact(count: number, fill: (segment: SegmentWriter) => void): Appended {
    this.#space.tend();
    if (this.#unfinished.size > 0 && this.#now() - this.#finishedAt >= FINISH_RETRY_MS) this.#finishOthers();
    const segment = this.#space.run(() => {
      const live = this.#writable();
      live.begin();
      try {
        fill(live);
        live.commit();
      } catch (error) {
        live.rollback();
        throw error;
      }
      return live.meta.name;
    });
    const firstSeq = this.#nextSeq;
    this.#nextSeq += count;
    return { segment, firstSeq, lastSeq: this.#nextSeq - 1 };
  }

  /** The open segment, after a rotation when one is due. */
  #writable(): SegmentWriter {
    if (this.#live !== undefined && this.#isDue(this.#live)) this.#closeLive();
    this.#live ??= this.#openNext();
    return this.#live;
  }

  #isDue(live: SegmentWriter): boolean {
    const period = Math.floor(this.#now() / this.#rotateAfterMs);
    return (
      live.seal !== undefined ||
      live.bytes >= this.#rotateAfterBytes ||
      period > Math.floor(live.meta.opened_at / this.#rotateAfterMs)
    );
  }

  #openNext(): SegmentWriter {
    const now = this.#now();
    const name = nextSegmentName(now, this.#newest);
    const previousSeal = this.#ledger.last?.hash ?? NO_PREVIOUS_SEAL;
    const live = SegmentWriter.create(this.#directory, { name, openedAt: now, firstSeq: this.#nextSeq, previousSeal });
    this.#newest = name;
    this.#emit({ kind: 'segment_opened', segment: name, firstSeq: this.#nextSeq });
    return live;
  }

  /**
   * Seals the open segment. Order: the seal in the segment's own file, then the ledger line, then the tidying. Whatever
   * is missing after a crash follows from what is there, and `#recover` or the next call does it. An empty segment, which
   * only a full disk leaves, is removed instead.
   */
  #closeLive(): void {
    const live = this.#live;
    if (live === undefined) return;
    if (live.count === 0) {
      live.close();
      removeDatabase(live.path);
      this.#live = undefined;
      return;
    }
    const { name } = live.meta;
    this.checkpoint();
    if (live.seal === undefined) {
      const startedAt = performance.now();
      live.writeSeal(this.#now(), this.#keys);
      const durationMs = performance.now() - startedAt;
      this.#emit({ kind: 'segment_sealed', segment: name, count: live.count, durationMs });
    }
    if (live.seal !== undefined && this.#ledger.sealOf(name) === undefined) this.#ledger.append(live.seal);
    live.close();
    this.#live = undefined;
    this.#unfinished.add(name);
    this.#finishOthers();
  }

  #finishOthers(): void {
    this.#finishedAt = this.#now();
    for (const name of this.#unfinished) {
      const path = segmentPath(this.#directory, name);
      try {
        if (finishSegment(path)) this.#unfinished.delete(name);
      } catch (error) {
        // On a full disk it is complete and sealed all the same, and tidied at the next chance.
        if (meansDiskFull(error, this.#directory)) continue;
        this.#unfinished.delete(name);
        this.#emit({ kind: 'segment_damaged', segment: name, what: String(error) });
      }
    }
  }

  #scratchFor(length: number): Buffer {
    if (this.#scratch.length < LEAF_HEADER_BYTES + length) this.#scratch = Buffer.alloc(LEAF_HEADER_BYTES + length);
    return this.#scratch;
  }

  #show(seq: number, receivedAt: number, origin: RawOrigin, bytes: Uint8Array): StoredRecord {
    const view = this.#view;
    view.seq = seq;
    view.receivedAt = receivedAt;
    view.origin = origin;
    view.bytes = bytes;
    return view;
  }
}
