import type Database from 'better-sqlite3';
import type { RawOrigin } from '../../collectors/contract';
import { DIGEST_BYTES, leafHash, originDigest } from './leaf';
import { MerkleTree } from './merkle-tree';
import type { FaultList } from './verify-report';

interface RecordRow {
  readonly seq: number;
  readonly received_at: number;
  readonly origin_id: number;
  readonly hash: Buffer;
  readonly bytes: Buffer;
}

interface OriginState {
  /** Digest that records are checked with. */
  readonly digest: Buffer;
  readonly text: string;
  checked: number;
  wrong: number;
}

/** A record that does not fit its hash, kept to see whether it fits another position. */
interface Misfit {
  readonly row: RecordRow;
  readonly digest: Buffer;
}

/** What the records of a segment came to. */
export interface RecordsResult {
  readonly count: number;
  readonly bytes: number;
  readonly lastSeq: number;
  /** Root over the recomputed hashes. */
  readonly root: Buffer;
  /** Whether a fault of a single record was found: then a wrong root is explained. */
  readonly isExplained: boolean;
}

/** Misfits compared with each other; more are named as changed without looking for their place. */
const MAX_MISFITS = 200;

/** Reads every record of one segment again and names those that are not as they were hashed. */
export class RecordCheck {
  readonly #db: Database.Database;
  readonly #segment: string;
  readonly #faults: FaultList;
  readonly #origins = new Map<number, OriginState>();
  readonly #misfits: Misfit[] = [];
  readonly #tree = new MerkleTree();
  #bytes = 0;
  #next: number;
  #isExplained = false;

  /** `lastSeq` is what seal or head say; records beyond it were put in by somebody else. */
  constructor(db: Database.Database, segment: string, firstSeq: number, faults: FaultList) {
    this.#db = db;
    this.#segment = segment;
    this.#next = firstSeq;
    this.#faults = faults;
  }

  /** Checks all of them. Throws SQLite's errors; `position` tells how far it came. */
  run(lastSeq: number, onRecord: (count: number) => void): RecordsResult {
    this.#readOrigins();
    const first = this.#next;
    const rows = this.#db
      .prepare<[], RecordRow>('SELECT seq, received_at, origin_id, hash, bytes FROM record ORDER BY seq')
      .iterate();
    for (const row of rows) {
      if (row.seq < first || row.seq > lastSeq) {
        this.#explain('record_inserted', row.seq, `record ${row.seq} is outside the segment's ${first} to ${lastSeq}`);
      } else {
        if (row.seq > this.#next) this.#missing(row.seq - 1);
        this.#next = row.seq + 1;
      }
      this.#check(row);
      onRecord(this.#tree.count);
    }
    if (this.#next <= lastSeq) this.#missing(lastSeq);
    this.#nameOrigins();
    this.#nameMisfits();
    return {
      count: this.#tree.count,
      bytes: this.#bytes,
      lastSeq: this.#next - 1,
      root: this.#tree.root(),
      isExplained: this.#isExplained,
    };
  }

  /** Position after the last record that was read. */
  get position(): number {
    return this.#next;
  }

  #check(row: RecordRow): void {
    this.#bytes += row.bytes.length;
    const origin = this.#origins.get(row.origin_id);
    if (origin === undefined) {
      this.#explain('origin_missing', row.seq, `record ${row.seq} names origin ${row.origin_id}, which is not there`);
      this.#tree.add(row.hash.length === DIGEST_BYTES ? row.hash : Buffer.alloc(DIGEST_BYTES));
      return;
    }
    const leaf = leafHash(row.seq, row.received_at, origin.digest, row.bytes);
    this.#tree.add(leaf);
    origin.checked += 1;
    if (leaf.equals(row.hash)) return;
    origin.wrong += 1;
    if (this.#misfits.length < MAX_MISFITS) this.#misfits.push({ row, digest: origin.digest });
    else this.#explain('record_changed', row.seq, changedText(row.seq));
  }

  #readOrigins(): void {
    const rows = this.#db
      .prepare<[], RawOrigin & { readonly id: number; readonly digest: Buffer }>(
        'SELECT id, collector, source, peer, format, digest FROM origin',
      )
      .iterate();
    for (const row of rows) {
      const text = `${row.collector} ${row.source} ${row.peer} ${row.format}`;
      if (!originDigest(row).equals(row.digest)) {
        this.#explain('origin_changed', undefined, `origin ${row.id} (${text}) is not the one its digest was made of`);
      }
      this.#origins.set(row.id, { digest: row.digest, text, checked: 0, wrong: 0 });
    }
  }

  /** An origin all of whose records misfit was changed together with its digest: one fault, not one a record. */
  #nameOrigins(): void {
    for (const [id, { checked, wrong, text }] of this.#origins) {
      if (wrong < 2 || wrong !== checked) continue;
      const only = this.#misfits.filter(({ row }) => row.origin_id === id);
      if (only.some((misfit) => this.#placeOf(misfit) !== undefined)) continue;
      this.#explain(
        'origin_changed',
        only[0]?.row.seq,
        `origin ${id} (${text}): none of its ${checked} records fits its hash`,
      );
      for (const misfit of only) this.#misfits.splice(this.#misfits.indexOf(misfit), 1);
    }
  }

  #nameMisfits(): void {
    for (const misfit of this.#misfits) {
      const { seq } = misfit.row;
      const place = this.#placeOf(misfit);
      if (place === undefined) this.#explain('record_changed', seq, changedText(seq));
      else this.#explain('record_moved', seq, `the record at ${seq} is the one that was stored as ${place}`);
    }
  }

  /** Position whose number makes the record fit a stored hash: its own hash (moved along) or that position's. */
  #placeOf({ row, digest }: Misfit): number | undefined {
    const candidates = new Set([row.seq - 1, row.seq + 1, ...this.#misfits.map((other) => other.row.seq)]);
    for (const seq of candidates) {
      if (seq === row.seq || seq < 1) continue;
      const leaf = leafHash(seq, row.received_at, digest, row.bytes);
      const there = this.#misfits.find((other) => other.row.seq === seq)?.row.hash;
      if (leaf.equals(row.hash) || there?.equals(leaf) === true) return seq;
    }
    return undefined;
  }

  #missing(last: number): void {
    const first = this.#next;
    this.#isExplained = true;
    const which = first === last ? `record ${first} is` : `records ${first} to ${last} are`;
    this.#faults.add({
      code: 'record_missing',
      segment: this.#segment,
      seq: first,
      ...(last > first && { lastSeq: last }),
      text: `${which} missing`,
    });
  }

  #explain(
    code: 'record_changed' | 'record_moved' | 'record_inserted' | 'origin_changed' | 'origin_missing',
    seq: number | undefined,
    text: string,
  ): void {
    this.#isExplained = true;
    this.#faults.add({ code, segment: this.#segment, ...(seq !== undefined && { seq }), text });
  }
}

function changedText(seq: number): string {
  return `record ${seq} is not what was stored: its bytes, time or origin were changed`;
}
