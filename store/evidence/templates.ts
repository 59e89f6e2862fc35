import type { StoredRecord } from '../../collectors/contract';
import type { JournalReader } from '../journal/journal-reader';
import { addOptions } from './options-data';
import type { Scope } from './scope';
import { setsOf } from './template-sets';

const STEP_RECORDS = 256;
/** Flow records of a scope that are looked at: exporters send templates every few minutes, so a longer stretch brings its own. */
const MOST_LOOKED_AT = 50_000;
/** Records looked through before the first data set. */
const MOST_BACK = 50_000;
const FORMATS = ['flow'];

/** Adds to a scope the journal records that brought the templates of its flow records, as far as they are found. */
export function addTemplates(journal: JournalReader, scope: Scope): void {
  const range = scope.range();
  if (range === undefined) return;
  const known = new Set<string>();
  const wanted = new Map<string, number>();
  const exporters = new Map<string, number>();
  for (const record of flowRecords(journal, scope, range.first, range.last)) {
    const { brings, needs, exporter } = setsOf(record);
    if (exporter !== undefined && !exporters.has(exporter)) exporters.set(exporter, record.seq);
    for (const template of brings) known.add(template);
    for (const template of needs) if (!known.has(template) && !wanted.has(template)) wanted.set(template, record.seq);
  }
  if (wanted.size > 0) lookBack(journal, scope, wanted, Math.max(...wanted.values()));
  addOptions(journal, scope, exporters);
}

/** The first flow records of a scope. */
function* flowRecords(journal: JournalReader, scope: Scope, first: number, last: number): Generator<StoredRecord> {
  let count = 0;
  for (const { name, firstSeq, lastSeq } of journal.segments()) {
    if (lastSeq < first || firstSeq > last || !scope.hasSeq(firstSeq, lastSeq)) continue;
    for (const { seq } of journal.positions(name, FORMATS)) {
      const record = scope.hasSeq(seq, seq) ? journal.get(seq) : undefined;
      if (record === undefined) continue;
      yield record;
      count += 1;
      if (count === MOST_LOOKED_AT) return;
    }
  }
}

function lookBack(journal: JournalReader, scope: Scope, wanted: Map<string, number>, last: number): void {
  for (let to = last; to > Math.max(0, last - MOST_BACK) && wanted.size > 0; to -= STEP_RECORDS) {
    const from = Math.max(1, to - STEP_RECORDS + 1);
    for (const record of journal.read(from, to - from + 1).reverse()) {
      if (record.seq > to) continue;
      for (const template of setsOf(record).brings) {
        if (record.seq > (wanted.get(template) ?? 0)) continue;
        scope.addSeq(record.seq);
        wanted.delete(template);
      }
    }
  }
}
