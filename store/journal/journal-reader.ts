import Database from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { RawFormat, RawOrigin, StoredRecord } from '../../collectors/contract';
import { codeOf } from './error-code';
import { isFinished, listSegments, segmentPath } from './segment-file';
import { checkSegmentVersion, readHead, readMeta, readSealLine } from './segment-schema';

/** A segment as a reader sees it. */
export interface SegmentInfo {
  readonly name: string;
  readonly firstSeq: number;
  /** `firstSeq - 1` for an empty segment. Grows as long as it is not sealed. */
  readonly lastSeq: number;
  readonly isSealed: boolean;
  /** Epoch milliseconds UTC. */
  readonly openedAt: number;
}

/** Where a record is, and who sent it. */
export interface RecordPosition {
  readonly seq: number;
  readonly receivedAt: number;
  /** Source, peer and format. */
  readonly sender: string;
}

interface RecordRow {
  readonly seq: number;
  readonly received_at: number;
  readonly origin_id: number;
  readonly bytes: Buffer;
}

interface OpenSegment {
  readonly name: string;
  readonly db: Database.Database;
  readonly firstSeq: number;
  readonly openedAt: number;
  readonly isSealed: boolean;
  /** A plain read-only file: then holding it is in nobody's way. */
  readonly isFinal: boolean;
  readonly seal: Database.Statement<[], number>;
  readonly rows: Database.Statement<[number, number], RecordRow>;
  readonly origin: Database.Statement<[number], RawOrigin>;
  /** Bounded like the writer's: origins are looked up again when forgotten. */
  readonly origins: LRUCache<number, RawOrigin>;
}

/** Connections kept. A sealed segment's costs a file handle and some cache. */
const MAX_OPEN = 16;
const MAX_ORIGINS = 8192;

/**
 * Read-only access to the journal, from any thread or process, also while it is being written. Sees what is durable.
 * Rereads the list of segments by itself. Throws `SchemaTooNewError` and SQLite's errors for a file it cannot read.
 */
export class JournalReader {
  readonly #directory: string;
  readonly #open = new LRUCache<string, OpenSegment>({ max: MAX_OPEN, dispose: (segment) => segment.db.close() });
  #names: readonly string[] = [];
  readonly #toLetGo: string[] = [];

  /** `directory` is `<data>/journal`. Opens nothing yet. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** All segments, oldest first. Opens each once: for catalogues and `db` commands, not for loops. */
  segments(): SegmentInfo[] {
    this.#refresh();
    return this.#names.map((name) => this.segment(name));
  }

  /** Names of the segments, oldest first. */
  segmentNames(): readonly string[] {
    this.#refresh();
    return this.#names;
  }

  /** One segment by name. Throws when there is none. */
  segment(name: string): SegmentInfo {
    const { db, firstSeq, isSealed, openedAt } = this.#segment(name);
    const info = { name, firstSeq, lastSeq: readHead(db)?.last_seq ?? firstSeq - 1, isSealed, openedAt };
    this.#letGo();
    return info;
  }

  /** Position of the newest durable record; 0 when there is none. */
  lastSeq(): number {
    this.#refresh();
    const newest = this.#names.at(-1);
    return newest === undefined ? 0 : this.segment(newest).lastSeq;
  }

  /** Up to `limit` records from `fromSeq` on, across segments. Fewer mean that there are no more now. */
  read(fromSeq: number, limit: number): StoredRecord[] {
    try {
      return this.#readOn(fromSeq, limit);
    } catch (error) {
      // A segment that was retired since the list was read.
      if (codeOf(error) !== 'SQLITE_CANTOPEN') throw error;
      this.#refresh();
      return this.#readOn(fromSeq, limit);
    } finally {
      this.#letGo();
    }
  }

  /** Up to `limit` records of one segment with `seq` at least `fromSeq`. */
  readSegment(name: string, fromSeq: number, limit: number): StoredRecord[] {
    const records: StoredRecord[] = [];
    this.#readInto(records, this.#segment(name), fromSeq, limit);
    this.#letGo();
    return records;
  }

  /** How many records of these formats a segment holds behind a position. */
  count(name: string, formats: readonly string[], afterSeq: number): number {
    const { db } = this.#segment(name);
    const sql = `SELECT count(*) FROM record r JOIN origin o ON o.id = r.origin_id WHERE r.seq > ?
      AND o.format IN (${formats.map(() => '?').join(', ')})`;
    const counted = db
      .prepare(sql)
      .pluck()
      .get(afterSeq, ...formats) as number;
    this.#letGo();
    return counted;
  }

  /** Where the records of these formats are in a segment, without their bytes. */
  positions(name: string, formats: readonly string[]): RecordPosition[] {
    const { db } = this.#segment(name);
    const sql = `SELECT r.seq, r.received_at AS receivedAt, o.source || ' ' || o.peer || ' ' || o.format AS sender
      FROM record r JOIN origin o ON o.id = r.origin_id WHERE o.format IN (${formats.map(() => '?').join(', ')}) ORDER BY r.seq`;
    const found = db.prepare(sql).all(...formats) as RecordPosition[];
    this.#letGo();
    return found;
  }

  /** Positions of the records of a segment that were received in [from, to), ascending. */
  receivedBetween(name: string, from: number, to: number): number[] {
    const { db } = this.#segment(name);
    const sql = 'SELECT seq FROM record WHERE received_at >= ? AND received_at < ? ORDER BY seq';
    const found = db.prepare(sql).pluck().all(from, to) as number[];
    this.#letGo();
    return found;
  }

  /** One record, or undefined when there is none (never was, or retired). */
  get(seq: number): StoredRecord | undefined {
    const record = this.read(seq, 1)[0];
    return record?.seq === seq ? record : undefined;
  }

  /** Name of the segment that holds `seq`, whether or not that record exists yet. */
  segmentOf(seq: number): string | undefined {
    this.#refresh();
    const name = this.#names[this.#indexOf(seq)];
    const found = name !== undefined && this.#segment(name).firstSeq <= seq ? name : undefined;
    this.#letGo();
    return found;
  }

  /** Frees everything; the reader may be used again. */
  close(): void {
    this.#open.clear();
  }

  #readOn(fromSeq: number, limit: number): StoredRecord[] {
    const records: StoredRecord[] = [];
    let index = this.#indexOf(fromSeq);
    let next = fromSeq;
    while (records.length < limit) {
      const name = this.#names[index];
      if (name === undefined) {
        const newest = this.#names.at(-1);
        this.#refresh();
        if (this.#names.at(-1) === newest) break;
        index = this.#indexOf(next);
        continue;
      }
      this.#readInto(records, this.#segment(name), next, limit - records.length);
      next = (records.at(-1)?.seq ?? next - 1) + 1;
      index += 1;
    }
    return records;
  }

  /** Closes what must not be held between calls. */
  #letGo(): void {
    for (let name = this.#toLetGo.pop(); name !== undefined; name = this.#toLetGo.pop()) this.#open.delete(name);
  }

  #refresh(): void {
    this.#names = listSegments(this.#directory);
  }

  /** Index of the last segment that begins at or before `seq`; 0 when all begin later. */
  #indexOf(seq: number): number {
    if (this.#names.length === 0) this.#refresh();
    let low = 0;
    let high = this.#names.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#segment(this.#names[middle] ?? '').firstSeq <= seq) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /**
   * A segment that was open when it was first looked at is looked at again. Once it is sealed its connection is not
   * kept until it is a plain file, because it would keep the journal from making it one.
   */
  #segment(name: string): OpenSegment {
    const known = this.#open.get(name);
    if (known !== undefined && (known.isFinal || (!known.isSealed && known.seal.get() === undefined))) return known;
    this.#open.delete(name);
    const opened = openSegment(segmentPath(this.#directory, name), name);
    this.#open.set(name, opened);
    if (opened.isSealed && !opened.isFinal) this.#toLetGo.push(name);
    return opened;
  }

  #readInto(records: StoredRecord[], segment: OpenSegment, fromSeq: number, limit: number): void {
    for (const row of segment.rows.all(fromSeq, limit)) {
      const origin = this.#originOf(segment, row.origin_id);
      records.push({ seq: row.seq, receivedAt: row.received_at, origin, bytes: row.bytes });
    }
  }

  #originOf(segment: OpenSegment, id: number): RawOrigin {
    const known = segment.origins.get(id);
    if (known !== undefined) return known;
    // A row that is gone is tampering, which `db verify` names; here the record is still given.
    const format: RawFormat = 'flow';
    const origin = segment.origin.get(id) ?? { collector: '', source: '', peer: '', format };
    segment.origins.set(id, origin);
    return origin;
  }
}

function openSegment(path: string, name: string): OpenSegment {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    checkSegmentVersion(db, path);
    const meta = readMeta(db);
    return {
      name,
      db,
      firstSeq: meta?.first_seq ?? 0,
      openedAt: meta?.opened_at ?? 0,
      isSealed: readSealLine(db) !== undefined,
      isFinal: isFinished(path),
      seal: db.prepare<[], number>('SELECT 1 FROM seal').pluck(),
      rows: db.prepare('SELECT seq, received_at, origin_id, bytes FROM record WHERE seq >= ? ORDER BY seq LIMIT ?'),
      origin: db.prepare('SELECT collector, source, peer, format FROM origin WHERE id = ?'),
      origins: new LRUCache({ max: MAX_ORIGINS }),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}
