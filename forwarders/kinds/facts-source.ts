import { compareSegmentNames } from '../../store/journal/segment-name';
import { FactsDirectory } from '../../store/facts/facts-directory';
import type { FactRow, FactsReader, FactTable } from '../../store/facts/facts-reader';
import type { ForwardRecord, RecordSource, SourcePage, StorePlaces } from '../contract';

/** A place in one table of all facts segments: all rows up to `id` of `segment` are done. */
interface Place {
  readonly segment: string;
  readonly id: number;
}

export interface FactsSourceOptions {
  readonly places: StorePlaces;
  readonly table: FactTable;
  /** The table behind the view, for counting. */
  readonly counted: string;
  record(row: FactRow, ref: string, instance: string): ForwardRecord;
}

/** One table of facts, segment after segment in the order of the journal. */
export class FactsSource implements RecordSource {
  readonly #options: FactsSourceOptions;
  readonly #facts: FactsDirectory;

  constructor(options: FactsSourceOptions) {
    this.#options = options;
    this.#facts = new FactsDirectory(options.places.facts);
  }

  read(after: string | undefined, limit: number): SourcePage | undefined {
    const names = this.#facts.names();
    const place = placeOf(after);
    const segment = place?.segment ?? names[0];
    if (segment === undefined) return undefined;
    const id = place?.id ?? 0;
    const reader = this.#facts.reader(segment);
    if (reader !== undefined) {
      const page = this.#page(reader, segment, id, limit);
      if (page !== 'done') return page;
    } else if (names.includes(segment)) {
      // Being made, or made again by another schema.
      return undefined;
    }
    const next = nextName(names, segment);
    return next === undefined ? undefined : { records: [], position: positionOf({ segment: next, id: 0 }) };
  }

  get(ref: string): ForwardRecord | undefined {
    const place = placeOf(ref);
    const reader = place === undefined ? undefined : this.#facts.reader(place.segment);
    if (place === undefined || reader === undefined) return undefined;
    const [row] = reader.rowsAfter(this.#options.table, place.id - 1, 1);
    const isSealed = reader.state === 'sealed';
    if (!isSealed) this.#facts.release(place.segment);
    return Number(row?.['id']) === place.id ? this.#record(row as FactRow, place.segment) : undefined;
  }

  end(): string | undefined {
    const segment = this.#facts.names().at(-1);
    if (segment === undefined) return undefined;
    return positionOf({ segment, id: this.#lastId(segment) });
  }

  behind(after: string | undefined, most: number): number {
    const place = placeOf(after);
    let count = 0;
    for (const name of this.#facts.names()) {
      if (place !== undefined && compareSegmentNames(name, place.segment) < 0) continue;
      const from = place !== undefined && name === place.segment ? place.id : 0;
      count += Math.max(0, this.#lastId(name) - from);
      if (count >= most) return most;
    }
    return count;
  }

  /** Names of segments only grow: a later one was of another journal. */
  isAhead(position: string): boolean {
    const place = placeOf(position);
    const newest = this.#facts.names().at(-1);
    return place !== undefined && newest !== undefined && compareSegmentNames(place.segment, newest) > 0;
  }

  close(): void {
    this.#facts.close();
  }

  #page(reader: FactsReader, segment: string, id: number, limit: number): SourcePage | undefined | 'done' {
    // The state is read first: rows that come between the two reads belong to an open segment, which is not left.
    const { state } = reader;
    const rows = reader.rowsAfter(this.#options.table, id, limit);
    const last = rows.at(-1);
    // A connection to a complete segment would keep the sealer from it.
    if (state === 'complete' || (state === 'sealed' && last === undefined)) this.#facts.release(segment);
    if (last === undefined) return state === 'open' ? undefined : 'done';
    return {
      records: rows.map((row) => this.#record(row, segment)),
      position: positionOf({ segment, id: Number(last['id']) }),
    };
  }

  #record(row: FactRow, segment: string): ForwardRecord {
    const ref = positionOf({ segment, id: Number(row['id']) });
    return this.#options.record(row, ref, this.#options.places.instance);
  }

  #lastId(segment: string): number {
    const reader = this.#facts.reader(segment);
    const [row] = reader?.query(`SELECT max(id) AS last FROM ${this.#options.counted}`) ?? [];
    if (reader !== undefined && reader.state !== 'open') this.#facts.release(segment);
    return Number(row?.['last'] ?? 0);
  }
}

function positionOf({ segment, id }: Place): string {
  return `${segment}/${id}`;
}

function placeOf(position: string | undefined): Place | undefined {
  const slash = position?.lastIndexOf('/') ?? -1;
  if (position === undefined || slash < 0) return undefined;
  return { segment: position.slice(0, slash), id: Number(position.slice(slash + 1)) };
}

/** The oldest segment behind `segment`, which may be gone. */
function nextName(names: readonly string[], segment: string): string | undefined {
  return names.find((name) => compareSegmentNames(name, segment) > 0);
}
