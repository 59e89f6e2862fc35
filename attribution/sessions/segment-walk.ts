import type { FactsDirectory } from '../../store/facts/facts-directory';
import type { FactsReader } from '../../store/facts/facts-reader';

/** A place in the facts: all rows up to `lastId` of `segment` are done. */
export interface Place {
  readonly segment: string;
  readonly lastId: number;
}

/** The next rows after a place, and the place after them. */
export interface Step<Row> {
  readonly rows: readonly Row[];
  readonly place: Place;
}

/**
 * The next rows of one table of facts, segment after segment in the order of the journal. A segment is left only when
 * nothing can be added to it any more. Undefined when there is nothing new; a step without rows only moves on.
 */
export function nextStep<Row extends { readonly id?: unknown }>(
  directory: FactsDirectory,
  place: Place | undefined,
  read: (reader: FactsReader, after: number) => readonly Row[],
): Step<Row> | undefined {
  const names = directory.names();
  const segment = place?.segment ?? names[0];
  if (segment === undefined) return undefined;
  const lastId = place?.lastId ?? 0;
  const reader = directory.reader(segment);
  if (reader !== undefined) {
    // The state is read first: rows that come between the two reads belong to an open segment, which is not left.
    const { state } = reader;
    const rows = read(reader, lastId);
    const last = rows.at(-1);
    if (last !== undefined) return { rows, place: { segment, lastId: Number(last.id) } };
    if (state === 'open') return undefined;
    directory.release(segment);
  } else if (names.includes(segment)) {
    return undefined;
  }
  const next = names.find((name) => names.indexOf(name) > names.indexOf(segment));
  return next === undefined ? undefined : { rows: [], place: { segment: next, lastId: 0 } };
}
