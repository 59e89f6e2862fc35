import type { KeyObject } from 'node:crypto';
import type { StoredRecord } from '../../collectors/contract';
import { leafHash, OriginDigests } from '../journal/leaf';
import { isSignedBy, parseSeal, type SealStatement } from '../journal/statement';
import { PACK_FILES } from './pack-layout';
import { partialRoot } from './partial-tree';
import { objectOf, parseRawLine } from './raw-line';
import { lines, type Stretch } from './spool';

/** A segment may not have more records: the walk over its tree is bounded by it. */
const MOST_RECORDS = 2 ** 31;

export interface RawStretches {
  readonly records: Stretch;
  readonly seals: Stretch;
  readonly proofs: Stretch;
}

/** Proves the records of a pack: each leads with the proofs to the root that a seal of the key states. One pass, flat memory. */
export class RawCheck {
  readonly #key: KeyObject;
  readonly #fault: (file: string, text: string) => void;
  readonly #records: Generator<string>;
  readonly #proofs: Generator<string>;
  readonly #seals: Stretch;
  readonly #digests = new OriginDigests();
  #record: StoredRecord | undefined;
  #count = 0;
  #proved = 0;

  constructor(stretches: RawStretches, key: KeyObject, fault: (file: string, text: string) => void) {
    this.#key = key;
    this.#fault = fault;
    this.#records = lines(stretches.records);
    this.#proofs = lines(stretches.proofs);
    this.#seals = stretches.seals;
  }

  run(): { readonly records: number; readonly proved: number } {
    this.#next();
    let previous: { readonly hash: string; readonly statement: SealStatement } | undefined;
    for (const line of lines(this.#seals)) {
      const seal = parseSeal(line);
      if (seal === undefined || !isSignedBy(seal, this.#key)) {
        this.#fault(PACK_FILES.seals, 'a seal does not bear a valid signature of the key that signed the pack');
        break;
      }
      const { statement } = seal;
      if (previous !== undefined && statement.previous !== previous.hash) {
        this.#fault(PACK_FILES.seals, `the seal of ${statement.name} does not follow on ${previous.statement.name}`);
      }
      this.#segment(statement);
      previous = seal;
    }
    // Of the segment that was still open.
    while (this.#record !== undefined) this.#pass();
    if (this.#proofs.next().done !== true) this.#fault(PACK_FILES.proofs, 'holds hashes that prove nothing');
    return { records: this.#count, proved: this.#proved };
  }

  #segment({ name, first_seq, last_seq, count, root }: SealStatement): void {
    while (this.#record !== undefined && this.#record.seq < first_seq) this.#pass();
    if (this.#record === undefined || this.#record.seq > last_seq || count > MOST_RECORDS) return;
    const found = partialRoot(
      {
        has: (from, leaves) => (this.#record?.seq ?? Infinity) < first_seq + from + leaves,
        leaf: () => {
          const record = this.#pass();
          this.#proved += 1;
          return leafHash(record.seq, record.receivedAt, this.#digests.of(record.origin), record.bytes);
        },
        subtree: (from, leaves) => this.#subtree(name, from, leaves),
      },
      count,
    );
    if (found === undefined || Buffer.from(found).toString('hex') !== root) {
      this.#fault(PACK_FILES.records, `the records of segment ${name} do not lead to the root in its seal`);
    }
  }

  #subtree(segment: string, from: number, leaves: number): Buffer | undefined {
    const proof = objectOf(String(this.#proofs.next().value));
    const hex = proof?.['hash'];
    const fits = proof?.['segment'] === segment && proof['index'] === from && proof['leaves'] === leaves;
    return fits && typeof hex === 'string' && /^[0-9a-f]{64}$/u.test(hex) ? Buffer.from(hex, 'hex') : undefined;
  }

  /** Gives the record at hand and goes to the next. */
  #pass(): StoredRecord {
    const record = this.#record;
    if (record === undefined) throw new RangeError('there is no record at hand');
    this.#count += 1;
    this.#next();
    return record;
  }

  #next(): void {
    const before = this.#record?.seq ?? 0;
    const { value, done } = this.#records.next();
    this.#record = done === true ? undefined : parseRawLine(value);
    if (done !== true && (this.#record === undefined || this.#record.seq <= before)) {
      this.#fault(PACK_FILES.records, `what follows record ${before} is no record in its order`);
      this.#record = undefined;
    }
  }
}
