import type { JournalReader } from '../journal/journal-reader';
import type { Scope } from './scope';
import { type Sets, setsOf } from './template-sets';

/*
 * How an exporter samples it tells apart from its flows, in options data every few minutes: without these the same flows mean other
 * counts. Of each exporter of a scope the last options before its first record are taken along, with their templates.
 */

const FORMATS = ['flow'];
/** Flow records looked through. */
const MOST_BACK = 50_000;

/** What was met of an exporter, going back. */
class Met {
  /** Options templates, and data sets of whatever kind, by their template: the latest position. */
  readonly templates = new Map<string, number>();
  readonly data = new Map<string, number>();
  /** A template came again: what there is was sent in between. */
  isDone = false;

  take({ options, needs }: Sets, seq: number): void {
    for (const id of needs) if (!this.data.has(id)) this.data.set(id, seq);
    for (const id of options) {
      if (this.templates.has(id)) this.isDone = true;
      else this.templates.set(id, seq);
    }
  }
}

/** `exporters`: by sender and domain, the position of its first record in the scope. */
export function addOptions(journal: JournalReader, scope: Scope, exporters: ReadonlyMap<string, number>): void {
  if (exporters.size === 0) return;
  const met = new Map([...exporters.keys()].map((exporter) => [exporter, new Met()]));
  for (const seq of backwards(journal, Math.max(...exporters.values()))) {
    const record = journal.get(seq);
    const sets = record && setsOf(record);
    if (sets?.exporter === undefined || seq >= (exporters.get(sets.exporter) ?? 0)) continue;
    met.get(sets.exporter)?.take(sets, seq);
    if ([...met.values()].every(({ isDone }) => isDone)) break;
  }
  for (const { templates, data } of met.values()) {
    for (const [id, seq] of templates) {
      scope.addSeq(seq);
      scope.addSeq(data.get(id) ?? 0);
    }
  }
}

/** Positions of flow records before one, the latest first. */
function* backwards(journal: JournalReader, before: number): Generator<number> {
  let count = 0;
  for (const { name, firstSeq } of journal.segments().reverse()) {
    if (firstSeq >= before) continue;
    for (const { seq } of journal.positions(name, FORMATS).reverse()) {
      if (seq >= before) continue;
      if (count === MOST_BACK) return;
      count += 1;
      yield seq;
    }
  }
}
