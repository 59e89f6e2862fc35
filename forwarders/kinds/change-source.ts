import { existsSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { openAnalysisForReading } from '../../store/analysis/analysis-db';
import type { ChangedRow, ChangeFeed, ChangePlace } from '../../store/queries/changes';
import type { ForwardRecord, RecordSource, SourcePage, StorePlaces } from '../contract';

const BEGINNING: ChangePlace = { revision: -1, num: -1 };

export interface ChangeSourceOptions {
  readonly places: StorePlaces;
  readonly feed: (db: Database) => ChangeFeed;
  readonly record: (row: ChangedRow, instance: string) => ForwardRecord;
}

/** What changes in `ascribe.db`, by revision: each again whenever it changed. Positions are `REVISION/NUMBER`. */
export class ChangeSource implements RecordSource {
  readonly #options: ChangeSourceOptions;
  #db: Database | undefined;
  #feed: ChangeFeed | undefined;

  constructor(options: ChangeSourceOptions) {
    this.#options = options;
  }

  read(after: string | undefined, limit: number): SourcePage | undefined {
    const rows = this.#opened()?.after(placeOf(after), limit) ?? [];
    const last = rows.at(-1);
    if (last === undefined) return undefined;
    return { records: rows.map((row) => this.#record(row)), position: positionOf(last) };
  }

  get(ref: string): ForwardRecord | undefined {
    const row = this.#opened()?.byId(ref);
    return row === undefined ? undefined : this.#record(row);
  }

  end(): string | undefined {
    const last = this.#opened()?.last();
    return last === undefined ? undefined : positionOf(last);
  }

  behind(after: string | undefined, most: number): number {
    return this.#opened()?.count(placeOf(after), most) ?? 0;
  }

  isAhead(position: string): boolean {
    const feed = this.#opened();
    if (feed === undefined) return false;
    return placeOf(position).revision > (feed.last() ?? BEGINNING).revision;
  }

  close(): void {
    this.#db?.close();
    this.#db = undefined;
    this.#feed = undefined;
  }

  #record(row: ChangedRow): ForwardRecord {
    return this.#options.record(row, this.#options.places.instance);
  }

  /** Undefined until the analysis has made its database. */
  #opened(): ChangeFeed | undefined {
    const { places, feed } = this.#options;
    if (this.#db === undefined && existsSync(places.database)) this.#db = openAnalysisForReading(places.database);
    if (this.#db !== undefined) this.#feed ??= feed(this.#db);
    return this.#feed;
  }
}

function positionOf({ revision, num }: ChangePlace): string {
  return `${revision}/${num}`;
}

function placeOf(position: string | undefined): ChangePlace {
  if (position === undefined) return BEGINNING;
  const [revision, num] = position.split('/').map(Number);
  return { revision: revision ?? -1, num: num ?? -1 };
}
