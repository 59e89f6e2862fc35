import type { StoredRecord } from '../../collectors/contract';
import type { JournalReader } from '../journal/journal-reader';
import type { Scope } from './scope';

/** Positions looked at in one read. */
const NEAR = 512;

/** The records of a scope in [first, last], in ascending order. Positions that the journal does not have are passed over. */
export function* scopedRecords(
  journal: JournalReader,
  scope: Scope,
  first: number,
  last: number,
): Generator<StoredRecord, undefined> {
  for (let next = first; next <= last;) {
    const seqs = scope.seqs(next, Math.min(last, next + NEAR - 1), NEAR);
    const from = seqs[0];
    if (from === undefined) {
      const further = scope.seqs(next + NEAR, last, 1)[0];
      if (further === undefined) return undefined;
      next = further;
      continue;
    }
    const to = seqs.at(-1) ?? from;
    if (isDense(seqs, from, to)) yield* wantedOf(journal.read(from, to - from + 1), seqs);
    else for (const seq of seqs) yield* wantedOf(journal.read(seq, 1), [seq]);
    next = to + 1;
  }
  return undefined;
}

/** Bytes of records in between are read for nothing: only where these are few one read is cheaper. */
function isDense(seqs: readonly number[], from: number, to: number): boolean {
  return seqs.length * 8 >= to - from + 1;
}

function* wantedOf(records: readonly StoredRecord[], seqs: readonly number[]): Generator<StoredRecord> {
  let at = 0;
  for (const record of records) {
    while ((seqs[at] ?? Infinity) < record.seq) at += 1;
    if (seqs[at] === record.seq) yield record;
  }
}
