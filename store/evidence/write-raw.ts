import Database from 'better-sqlite3';
import type { StoredRecord } from '../../collectors/contract';
import type { JournalReader } from '../journal/journal-reader';
import { DIGEST_BYTES, leafHash, OriginDigests } from '../journal/leaf';
import { MerkleTree } from '../journal/merkle-tree';
import { segmentPath } from '../journal/segment-file';
import { readSealLine } from '../journal/segment-schema';
import { parseSeal, type SealStatement } from '../journal/statement';
import { EvidenceError } from './errors';
import { partialRoot } from './partial-tree';
import { rawLine } from './raw-line';
import { scopedRecords } from './scoped-records';
import type { Scope } from './scope';
import type { SpoolFile } from './spool';

export interface RawFiles {
  readonly records: SpoolFile;
  readonly seals: SpoolFile;
  readonly proofs: SpoolFile;
}

/** What was written, and the positions the journal no longer has. */
export interface RawResult {
  readonly records: number;
  readonly proved: number;
  readonly absent: readonly { readonly first: number; readonly last: number }[];
}

/**
 * Writes the records of a scope with the seals of their segments and what proves that they are in them. Memory is that of one
 * segment's hashes. Throws `EvidenceError` when a segment does not lead to its own seal: `db verify` names why.
 */
export class RawWriter {
  readonly #journal: JournalReader;
  readonly #directory: string;
  readonly #scope: Scope;
  readonly #files: RawFiles;
  readonly #onRecord: (records: number) => void;
  readonly #digests = new OriginDigests();
  #records = 0;
  #proved = 0;

  /** `directory` is `<data>/journal`. `onRecord` is told how many records were written. */
  constructor(
    journal: JournalReader,
    directory: string,
    scope: Scope,
    files: RawFiles,
    onRecord: (records: number) => void,
  ) {
    this.#journal = journal;
    this.#directory = directory;
    this.#scope = scope;
    this.#files = files;
    this.#onRecord = onRecord;
  }

  write(): RawResult {
    const range = this.#scope.range();
    if (range === undefined) return { records: 0, proved: 0, absent: [] };
    const absent: { first: number; last: number }[] = [];
    let next = range.first;
    const concerned = this.#journal
      .segments()
      .filter(({ firstSeq, lastSeq }) => lastSeq >= range.first && firstSeq <= range.last && lastSeq >= firstSeq);
    for (const { name, firstSeq, lastSeq } of concerned) {
      absent.push(...this.#scope.runs(next, firstSeq - 1));
      this.#writeSegment(name, firstSeq, lastSeq);
      next = lastSeq + 1;
    }
    absent.push(...this.#scope.runs(next, range.last));
    return { records: this.#records, proved: this.#proved, absent };
  }

  #writeSegment(name: string, firstSeq: number, lastSeq: number): void {
    const db = new Database(segmentPath(this.#directory, name), { readonly: true, fileMustExist: true });
    try {
      const line = readSealLine(db);
      const seal = line === undefined ? undefined : parseSeal(line);
      if (seal === undefined) {
        for (const record of scopedRecords(this.#journal, this.#scope, firstSeq, lastSeq)) this.#take(record);
        return;
      }
      // Also of segments between: the chain from the first to the last is whole.
      this.#files.seals.line(seal.line);
      if (this.#scope.hasSeq(firstSeq, lastSeq)) this.#prove(db, name, seal.statement);
    } finally {
      db.close();
    }
  }

  #prove(db: Database.Database, name: string, { first_seq, last_seq, count, root }: SealStatement): void {
    const hashes = Buffer.alloc(count * DIGEST_BYTES);
    let at = 0;
    for (const stored of db.prepare<[], Buffer>('SELECT hash FROM record ORDER BY seq').pluck().iterate()) {
      stored.copy(hashes, at);
      at += DIGEST_BYTES;
    }
    const before = countsBefore(this.#scope, first_seq, count);
    const records = scopedRecords(this.#journal, this.#scope, first_seq, last_seq);
    const found = partialRoot(
      {
        has: (from, leaves) => (before[from + leaves] ?? 0) > (before[from] ?? 0),
        leaf: (index) => {
          const record = records.next().value;
          if (record?.seq !== first_seq + index) throw damaged(name);
          this.#take(record);
          this.#proved += 1;
          return leafHash(record.seq, record.receivedAt, this.#digests.of(record.origin), record.bytes);
        },
        subtree: (from, leaves) => this.#subtree(name, hashes, from, leaves),
      },
      count,
    );
    if (found === undefined || Buffer.from(found).toString('hex') !== root) throw damaged(name);
  }

  #subtree(segment: string, hashes: Buffer, from: number, leaves: number): Buffer {
    const tree = new MerkleTree();
    for (let index = from; index < from + leaves; index += 1) tree.add(hashes, index * DIGEST_BYTES);
    const root = tree.root();
    this.#files.proofs.line(JSON.stringify({ segment, index: from, leaves, hash: root.toString('hex') }));
    return root;
  }

  #take(record: StoredRecord): void {
    this.#files.records.line(rawLine(record));
    this.#records += 1;
    this.#onRecord(this.#records);
  }
}

/** How many positions of the scope lie before each of `count` positions from `first` on, and before the end. */
function countsBefore(scope: Scope, first: number, count: number): Uint32Array {
  const before = new Uint32Array(count + 1);
  for (const run of scope.runs(first, first + count - 1)) before.fill(1, run.first - first + 1, run.last - first + 2);
  for (let at = 1; at <= count; at += 1) before[at] = (before[at] ?? 0) + (before[at - 1] ?? 0);
  return before;
}

function damaged(segment: string): EvidenceError {
  return new EvidenceError(
    'evidence_journal',
    `the journal's segment ${segment} does not lead to its own seal; \`ascribe db verify\` says what was changed`,
  );
}
