import { hash, randomUUID } from 'node:crypto';
import { chmodSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { RawOrigin } from '../../collectors/contract';
import { syncDirectory } from './durable-file';
import { codeOf } from './error-code';
import { JournalDamagedError } from './errors';
import { DIGEST_BYTES, LEAF_HEADER_BYTES, writeLeafHeader } from './leaf';
import { MerkleTree } from './merkle-tree';
import { OriginTable } from './origin-table';
import { removeDatabase } from './segment-file';
import { segmentFile } from './segment-name';
import {
  checkSegmentVersion,
  readHead,
  readMeta,
  readSealLine,
  SEGMENT_APPLICATION_ID,
  SEGMENT_DDL,
  SEGMENT_PAGE_BYTES,
  SEGMENT_SCHEMA_VERSION,
  WAL_PAGES,
  type SegmentHead,
  type SegmentMeta,
} from './segment-schema';
import {
  type CheckpointStatement,
  parseSeal,
  signStatement,
  type SealStatement,
  type SignedStatement,
} from './statement';
import type { SigningKeys } from './signing-keys';

/** What a record costs in the file beside its bytes: hash, integers, cell and page overhead, rounded up. */
const ROW_OVERHEAD_BYTES = 64;

/** What a new segment is told of its place. */
export interface SegmentPlace {
  readonly name: string;
  /** Epoch milliseconds UTC. */
  readonly openedAt: number;
  readonly firstSeq: number;
  /** Hash of the seal before, hex. */
  readonly previousSeal: string;
}

/** The one open segment: takes records in transactions until it is sealed. */
export class SegmentWriter {
  readonly path: string;
  readonly meta: SegmentMeta;
  readonly #db: Database.Database;
  readonly #origins: OriginTable;
  readonly #insert: Database.Statement;
  readonly #updateHead: Database.Statement;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  /** Durable state, and the one that the transaction in progress will make durable. */
  readonly #tree = new MerkleTree();
  readonly #pendingTree = new MerkleTree();
  #head: SegmentHead;
  #earliest: number;
  #latest: number;
  #bytes: number;
  #pendingBytes = 0;
  #seal: SignedStatement<SealStatement> | undefined;
  /** Reused for every row: [seq, received_at, origin_id, hash, bytes]. */
  readonly #hash = Buffer.alloc(DIGEST_BYTES);
  readonly #row: [number, number, number, Buffer, Uint8Array] = [0, 0, 0, this.#hash, this.#hash];

  private constructor(path: string, db: Database.Database, meta: SegmentMeta, head: SegmentHead) {
    this.path = path;
    this.meta = meta;
    this.#db = db;
    this.#head = head;
    this.#earliest = head.earliest_received_at;
    this.#latest = head.latest_received_at;
    this.#origins = new OriginTable(db);
    this.#insert = db.prepare('INSERT INTO record (seq, received_at, origin_id, hash, bytes) VALUES (?, ?, ?, ?, ?)');
    this.#updateHead = db.prepare(
      'UPDATE head SET count = ?, last_seq = ?, root = ?, earliest_received_at = ?, latest_received_at = ?',
    );
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#bytes = Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true }));
  }

  /** Makes a new segment. It appears under its name complete or not at all. */
  static create(directory: string, place: SegmentPlace): SegmentWriter {
    const path = join(directory, segmentFile(place.name));
    const temporary = `${path}.tmp`;
    removeDatabase(temporary);
    try {
      fillNewSegment(temporary, place);
    } catch (error) {
      // On a full disk every page counts.
      removeDatabase(temporary);
      throw error;
    }
    chmodSync(temporary, 0o640);
    renameSync(temporary, path);
    syncDirectory(directory);
    return SegmentWriter.open(path);
  }

  /** Opens a segment to go on with it. Throws `JournalDamagedError` when SQLite cannot read it, `SchemaTooNewError`. */
  static open(path: string): SegmentWriter {
    let db: Database.Database | undefined;
    try {
      db = new Database(path, { fileMustExist: true });
      checkSegmentVersion(db, path);
      const seal = readSealLine(db);
      if (seal === undefined) {
        db.pragma('journal_mode = WAL');
        db.pragma('synchronous = FULL');
        db.pragma(`wal_autocheckpoint = ${WAL_PAGES}`);
      }
      const meta = readMeta(db);
      const head = readHead(db);
      if (meta === undefined || head === undefined) return damaged(path, 'its meta or head row is gone');
      const writer = new SegmentWriter(path, db, meta, head);
      if (seal !== undefined) writer.#seal = parseSeal(seal) ?? damaged(path, 'its seal cannot be read');
      return writer;
    } catch (error) {
      db?.close();
      if (/^SQLITE_(CORRUPT|NOTADB|ERROR)/u.test(codeOf(error))) {
        throw new JournalDamagedError(path, `SQLite cannot read it (${String(error)})`, error);
      }
      throw error;
    }
  }

  /** Records in the segment, durable ones only. */
  get count(): number {
    return this.#head.count;
  }

  get lastSeq(): number {
    return this.#head.last_seq;
  }

  /** Approximate size of the file, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The seal, once there is one. */
  get seal(): SignedStatement<SealStatement> | undefined {
    return this.#seal;
  }

  /**
   * Takes up the tree from the stored record hashes. False when they are not what the head says, or cannot be read:
   * going on would write a new head over the damage.
   */
  restoreTree(): boolean {
    try {
      for (const stored of this.#db.prepare<[], Buffer>('SELECT hash FROM record ORDER BY seq').pluck().iterate()) {
        if (stored.length !== DIGEST_BYTES) return false;
        this.#tree.add(stored);
      }
    } catch (error) {
      if (codeOf(error).startsWith('SQLITE_CORRUPT')) return false;
      throw error;
    }
    return this.#tree.count === this.#head.count && this.#tree.root().equals(this.#head.root);
  }

  begin(): void {
    this.#begin.run();
    this.#pendingTree.copyFrom(this.#tree);
    this.#pendingBytes = 0;
    this.#earliest = this.#head.count === 0 ? Number.MAX_SAFE_INTEGER : this.#head.earliest_received_at;
    this.#latest = this.#head.count === 0 ? Number.MIN_SAFE_INTEGER : this.#head.latest_received_at;
  }

  /**
   * Adds one record to the transaction. Its bytes stand in `buffer` at `offset`; the 49 bytes before them are
   * overwritten with the rest of the canonical encoding, so that hash and insert need no copy.
   */
  add(receivedAt: number, origin: RawOrigin, buffer: Buffer, offset: number, length: number): void {
    const interned = this.#origins.intern(origin);
    const seq = this.meta.first_seq + this.#pendingTree.count;
    const start = offset - LEAF_HEADER_BYTES;
    writeLeafHeader(buffer, start, seq, receivedAt, interned.digest);
    // As text and back: a third of the cost of a fresh Buffer (measured).
    this.#hash.write(hash('sha256', buffer.subarray(start, offset + length), 'binary'), 0, DIGEST_BYTES, 'latin1');
    this.#pendingTree.add(this.#hash);
    const row = this.#row;
    row[0] = seq;
    row[1] = receivedAt;
    row[2] = interned.id;
    row[4] = buffer.subarray(offset, offset + length);
    this.#insert.run(row);
    this.#pendingBytes += length + ROW_OVERHEAD_BYTES;
    if (receivedAt < this.#earliest) this.#earliest = receivedAt;
    if (receivedAt > this.#latest) this.#latest = receivedAt;
  }

  /** Makes the transaction durable: when this returns, the records survive a power cut. */
  commit(): void {
    const head = {
      count: this.#pendingTree.count,
      last_seq: this.meta.first_seq + this.#pendingTree.count - 1,
      root: this.#pendingTree.root(),
      earliest_received_at: this.#earliest,
      latest_received_at: this.#latest,
    };
    this.#updateHead.run(head.count, head.last_seq, head.root, head.earliest_received_at, head.latest_received_at);
    this.#commit.run();
    this.#head = head;
    this.#tree.copyFrom(this.#pendingTree);
    this.#bytes += this.#pendingBytes;
  }

  /** Undoes the transaction, also one that SQLite has already undone by itself. */
  rollback(): void {
    if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    this.#origins.forget();
  }

  /** Closes the segment for ever: writes the signed seal, durably. Its contents are the head's, which every commit kept. */
  writeSeal(sealedAt: number, keys: SigningKeys): SignedStatement<SealStatement> {
    if (this.#seal !== undefined) return this.#seal;
    const { count, last_seq, root, earliest_received_at, latest_received_at } = this.#head;
    const { segment, name, first_seq, previous_seal } = this.meta;
    const signed = signStatement<SealStatement>(
      {
        type: 'seal',
        version: 1,
        segment,
        name,
        first_seq,
        last_seq,
        count,
        root: root.toString('hex'),
        previous: previous_seal,
        earliest_received_at,
        latest_received_at,
        sealed_at: sealedAt,
        key: keys.fingerprint,
      },
      keys,
    );
    this.#db.prepare('INSERT INTO seal (id, line) VALUES (1, ?)').run(signed.line);
    this.#seal = signed;
    return signed;
  }

  /** States what the segment holds now; undefined when it holds nothing. */
  checkpoint(at: number, keys: SigningKeys): SignedStatement<CheckpointStatement> | undefined {
    const { count, last_seq, root } = this.#head;
    const { segment, name, first_seq, previous_seal: previous } = this.meta;
    if (count === 0) return undefined;
    const version = 1 as const;
    const place = { segment, name, first_seq, last_seq, count, root: root.toString('hex'), previous };
    return signStatement({ type: 'checkpoint', version, ...place, at, key: keys.fingerprint }, keys);
  }

  /**
   * Frees the file; safe to call twice. The segment can be opened again. What stands in the write-ahead log goes into the file
   * first, also where a reader keeps SQLite from doing so: a damaged byte in the log would end it there, unseen.
   */
  close(): void {
    try {
      if (this.#db.open) this.#db.pragma('wal_checkpoint(PASSIVE)');
    } catch {
      // On a full disk it stays in the log, where it is durable too.
    }
    this.#db.close();
  }
}

function damaged(path: string, what: string): never {
  throw new JournalDamagedError(path, what);
}

function fillNewSegment(path: string, { name, openedAt, firstSeq, previousSeal }: SegmentPlace): void {
  const db = new Database(path);
  try {
    db.pragma(`page_size = ${SEGMENT_PAGE_BYTES}`);
    db.pragma('synchronous = FULL');
    db.transaction(() => {
      db.pragma(`application_id = ${SEGMENT_APPLICATION_ID}`);
      db.pragma(`user_version = ${SEGMENT_SCHEMA_VERSION}`);
      db.exec(SEGMENT_DDL);
      db.prepare('INSERT INTO meta VALUES (1, ?, ?, ?, ?, ?)').run(
        randomUUID(),
        name,
        openedAt,
        firstSeq,
        previousSeal,
      );
      db.prepare('INSERT INTO head VALUES (1, 0, ?, ?, 0, 0)').run(firstSeq - 1, new MerkleTree().root());
    })();
  } finally {
    db.close();
  }
}
