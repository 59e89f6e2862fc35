import type { RecordKind } from '../contract';
import { FactsDirectory } from '../../store/facts/facts-directory';
import { JournalReader } from '../../store/journal/journal-reader';
import { compareSegmentNames } from '../../store/journal/segment-name';
import { KINDS } from '../registry';
import { ForwardDatabase } from './forward-db';
import type { GapRow } from './forward-rows';

/** What destinations will miss of a segment. */
export type GapFound = Omit<GapRow, 'num' | 'recorded_at'>;

/** Records of one kind in a segment behind an id. */
interface SegmentCount {
  readonly lastId: number;
  readonly records: number;
}

/**
 * To be called before a segment of the facts or of the journal is removed: records, durably, what no destination will get
 * any more, and returns it. Nothing where nothing is forwarded. Throws SQLite's errors; then nothing may be removed.
 *
 * @param database Path of `forward.db`.
 * @param directory The directory the segment is in.
 */
export function recordRetirement(
  database: string,
  store: 'facts' | 'journal',
  directory: string,
  segment: string,
): GapFound[] {
  const forward = ForwardDatabase.openExisting(database);
  if (forward === undefined) return [];
  try {
    const found = findGaps(forward, store, directory, segment);
    if (found.length > 0) forward.addGaps(found);
    return found;
  } finally {
    forward.close();
  }
}

function findGaps(
  forward: ForwardDatabase,
  store: 'facts' | 'journal',
  directory: string,
  segment: string,
): GapFound[] {
  const kinds = new Map(KINDS.filter(({ retired }) => retired?.store === store).map((kind) => [kind.name, kind]));
  return forward.cursors().flatMap(({ destination, kind: name, position, active }) => {
    const kind = active === 1 ? kinds.get(name) : undefined;
    const from = kind === undefined ? undefined : idWithin(position, segment);
    if (kind === undefined || from === undefined) return [];
    const { lastId, records } = countOf(kind, directory, segment, from);
    if (records === 0) return [];
    const ids = { from_id: from, to_id: lastId, missing: records };
    return [{ destination, kind: name, segment, ...ids, reason: 'retention' }];
  });
}

/** The id up to which a cursor has a segment's records; undefined when it is past the segment. Raw positions are ids alone. */
function idWithin(position: string, segment: string): number | undefined {
  if (position === '') return 0;
  const slash = position.lastIndexOf('/');
  if (slash < 0) return Number(position);
  const order = compareSegmentNames(position.slice(0, slash), segment);
  if (order > 0) return undefined;
  return order < 0 ? 0 : Number(position.slice(slash + 1));
}

function countOf({ retired }: RecordKind, directory: string, segment: string, after: number): SegmentCount {
  switch (retired?.store) {
    case undefined:
      return { lastId: after, records: 0 };
    case 'facts': {
      const facts = new FactsDirectory(directory);
      try {
        const sql = `SELECT count(*) AS records, max(id) AS last FROM ${retired.table} WHERE id > ?`;
        const [row] = facts.reader(segment)?.query(sql, [after]) ?? [];
        return { lastId: Number(row?.['last'] ?? after), records: Number(row?.['records'] ?? 0) };
      } finally {
        facts.close();
      }
    }
    case 'journal': {
      const journal = new JournalReader(directory);
      try {
        return { lastId: journal.segment(segment).lastSeq, records: journal.count(segment, retired.formats, after) };
      } finally {
        journal.close();
      }
    }
  }
}
