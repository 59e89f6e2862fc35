import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compareSegmentNames, nameOfFile, segmentFile } from '../journal/segment-name';
import { AddressFilter, type AddressRange, rangeBounds } from './address-filter';
import { type FactRow, FactsReader } from './facts-reader';
import { FactsSegmentError } from './facts-segment';

/** What a sealed segment holds, as far as needed to pass it over. Times in epoch ms. */
export interface SegmentSummary {
  readonly name: string;
  readonly flows: number;
  readonly firstStart: number | undefined;
  readonly lastEnd: number | undefined;
  readonly firstSeq: number | undefined;
  readonly lastSeq: number | undefined;
  readonly filter: AddressFilter;
}

/** Flows that touch a time range, of one address or network (either side, before or after NAT). */
export interface FlowQuery {
  /** Inclusive, epoch ms. */
  readonly from: number;
  /** Exclusive, epoch ms. */
  readonly to: number;
  readonly address?: AddressRange;
  readonly limit: number;
}

/** A row of the `flow` view, and the name of the segment it is in. */
export interface FoundFlow {
  readonly segment: string;
  readonly row: FactRow;
}

/** Open files are bounded: one segment is one file, and there may be thousands. */
const MAX_OPEN = 32;

/**
 * All facts segments under one directory. A query opens a sealed segment only when its catalogue says that it may hold
 * an answer; segments that are still written have no indexes yet and are always read.
 */
export class FactsDirectory {
  readonly #directory: string;
  /** Least recently used first. */
  readonly #open = new Map<string, FactsReader>();
  readonly #summaries = new Map<string, SegmentSummary>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Names of the segments, oldest first. */
  names(): string[] {
    return listNames(this.#directory).sort(compareSegmentNames);
  }

  path(name: string): string {
    return join(this.#directory, segmentFile(name));
  }

  /** The reader of a segment; undefined when it is missing or not made whole yet. It stays open until it is pushed out. */
  reader(name: string): FactsReader | undefined {
    const known = this.#open.get(name);
    if (known !== undefined) {
      this.#open.delete(name);
      this.#open.set(name, known);
      return known;
    }
    try {
      const reader = new FactsReader(this.path(name));
      this.#open.set(name, reader);
      if (this.#open.size > MAX_OPEN) this.release(this.#open.keys().next().value as string);
      return reader;
    } catch (error) {
      if (error instanceof FactsSegmentError) return undefined;
      throw error;
    }
  }

  /** Closes the file of a segment, so that it can be sealed or removed. */
  release(name: string): void {
    this.#open.get(name)?.close();
    this.#open.delete(name);
  }

  /** The catalogue of a segment; undefined while it is not sealed. */
  summary(name: string): SegmentSummary | undefined {
    const known = this.#summaries.get(name);
    if (known !== undefined) return known;
    const [row] = this.reader(name)?.query('SELECT * FROM catalogue') ?? [];
    if (row === undefined) return undefined;
    const summary = summaryOf(name, row);
    this.#summaries.set(name, summary);
    return summary;
  }

  /** Rows of the `flow` view that match, oldest segment first; at most `limit`. */
  flows(query: FlowQuery): FoundFlow[] {
    const found: FoundFlow[] = [];
    for (const segment of this.names()) {
      if (found.length >= query.limit) break;
      const summary = this.summary(segment);
      if (summary !== undefined && !mayMatch(summary, query)) continue;
      const reader = this.reader(segment);
      if (reader === undefined) continue;
      const { sql, values } = flowSql(query, query.limit - found.length);
      for (const row of reader.query(sql, values)) found.push({ segment, row });
      if (summary === undefined) this.release(segment);
    }
    return found;
  }

  close(): void {
    for (const reader of this.#open.values()) reader.close();
    this.#open.clear();
  }
}

function listNames(directory: string): string[] {
  try {
    return readdirSync(directory).flatMap((file) => nameOfFile(file) ?? []);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function summaryOf(name: string, row: FactRow): SegmentSummary {
  const optional = (column: string): number | undefined =>
    typeof row[column] === 'bigint' ? Number(row[column]) : undefined;
  return {
    name,
    flows: optional('flows') ?? 0,
    firstStart: optional('first_start'),
    lastEnd: optional('last_end'),
    firstSeq: optional('first_seq'),
    lastSeq: optional('last_seq'),
    filter: AddressFilter.from(row['filter'] as Buffer),
  };
}

function mayMatch(summary: SegmentSummary, query: FlowQuery): boolean {
  const { firstStart, lastEnd } = summary;
  if (firstStart === undefined || lastEnd === undefined) return false;
  if (firstStart >= query.to || lastEnd < query.from) return false;
  return query.address === undefined || summary.filter.mayContain(query.address);
}

/** One index range for each address column: an OR over four columns would read the whole table. */
function flowSql(query: FlowQuery, limit: number): { sql: string; values: unknown[] } {
  const time = 'start < ? AND coalesce("end", start) >= ?';
  if (query.address === undefined) {
    return { sql: `SELECT * FROM flow WHERE ${time} ORDER BY id LIMIT ?`, values: [query.to, query.from, limit] };
  }
  const [first, last] = rangeBounds(query.address);
  const columns = ['src', 'dst', 'nat_src', 'nat_dst'];
  const ids = columns.map(
    (column) => `SELECT id FROM flow_row WHERE ${column} BETWEEN ? AND ? AND length(${column}) = ? AND ${time}`,
  );
  const values = columns.flatMap(() => [first, last, first.length, query.to, query.from]);
  return {
    sql: `SELECT * FROM flow WHERE id IN (${ids.join(' UNION ')}) ORDER BY id LIMIT ?`,
    values: [...values, limit],
  };
}
