import type { StoredRecord } from '../../collectors/contract';
import type { JournalReader } from '../journal/journal-reader';
import type { Scope } from './scope';

/*
 * Without its template a data set cannot be read. NetFlow v9 (RFC 3954): header of 20 bytes, source id at 16, templates in sets 0,
 * options templates in sets 1. IPFIX (RFC 7011): header of 16 bytes, domain at 12, sets 2 and 3. A set is id, length (16 bit each),
 * content; a template id, field count and fields of 4 bytes, of 8 in IPFIX where the first bit is set; an options template of v9
 * id, length of scopes, length of options; one of IPFIX id, field count, scope count, fields.
 */

const STEP_RECORDS = 256;
/** Flow records of a scope that are looked at: exporters send templates every few minutes, so a longer stretch brings its own. */
const MOST_LOOKED_AT = 50_000;
/** Records looked through before the first data set. */
const MOST_BACK = 50_000;
const FIRST_DATA_SET = 256;
const FORMATS = ['flow'];

/** Templates by sender, domain and id. */
interface Sets {
  readonly brings: readonly string[];
  readonly needs: readonly string[];
}

/** Adds to a scope the journal records that brought the templates of its flow records, as far as they are found. */
export function addTemplates(journal: JournalReader, scope: Scope): void {
  const range = scope.range();
  if (range === undefined) return;
  const known = new Set<string>();
  const wanted = new Map<string, number>();
  for (const record of flowRecords(journal, scope, range.first, range.last)) {
    const { brings, needs } = setsOf(record);
    for (const template of brings) known.add(template);
    for (const template of needs) if (!known.has(template) && !wanted.has(template)) wanted.set(template, record.seq);
  }
  if (wanted.size > 0) lookBack(journal, scope, wanted, Math.max(...wanted.values()));
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

function setsOf({ origin, bytes }: StoredRecord): Sets {
  const brings: string[] = [];
  const needs: string[] = [];
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = origin.format === 'flow' && view.length >= 20 ? view.readUInt16BE(0) : 0;
  if (version !== 9 && version !== 10) return { brings, needs };
  const key = `${origin.peer} ${version} ${view.readUInt32BE(version === 9 ? 16 : 12)}`;
  for (let at = version === 9 ? 20 : 16; at + 4 <= view.length;) {
    const [id, length] = [view.readUInt16BE(at), view.readUInt16BE(at + 2)];
    if (length < 4) break;
    if (id >= FIRST_DATA_SET) needs.push(`${key} ${id}`);
    else for (const template of templatesOf(view.subarray(at + 4, at + length), id)) brings.push(`${key} ${template}`);
    at += length;
  }
  return { brings, needs };
}

/** Ids of the templates in the content of a set. */
function* templatesOf(set: Buffer, setId: number): Generator<number> {
  const head = setId === 1 || setId === 3 ? 6 : 4;
  for (let at = 0; at + head <= set.length;) {
    const [id, count] = [set.readUInt16BE(at), set.readUInt16BE(at + 2)];
    if (id < FIRST_DATA_SET) return;
    yield id;
    if (setId === 1) at += head + count + set.readUInt16BE(at + 4);
    else at = afterFields(set, at + head, count, setId >= 2);
  }
}

function afterFields(set: Buffer, from: number, count: number, isIpfix: boolean): number {
  if (!isIpfix) return from + 4 * count;
  let at = from;
  for (let i = 0; i < count && at + 4 <= set.length; i += 1) at += set.readUInt16BE(at) >= 0x8000 ? 8 : 4;
  return at;
}
