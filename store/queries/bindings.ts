import type { Database as Connection } from 'better-sqlite3';
import { BINDING_COLUMNS } from '../analysis/binding-schema.data';
import { narrowed, type SessionRow } from './sessions';

/** What `bindings` can be asked for. All that is given must hold. */
export interface BindingFilter {
  readonly relation?: string;
  readonly key?: string;
  readonly value?: string;
  readonly device?: string;
  /** May have held at or after this time, epoch ms. */
  readonly from?: number;
  /** May have held before this time, epoch ms. */
  readonly to?: number;
  /** May have held at this time, epoch ms. */
  readonly at?: number;
  /** At most this many, the latest begun first. */
  readonly limit: number;
}

/** A row of the `binding` view with the number of its series. */
export type BindingRowFound = SessionRow;

/**
 * Relations are few: each has its own part of the time index, so that rare ones are found among many translations. One
 * probe of the index for each; DISTINCT would read all of it.
 */
const RELATIONS = `WITH RECURSIVE r(name) AS (SELECT min(relation) FROM binding_row UNION ALL
  SELECT (SELECT min(relation) FROM binding_row WHERE relation > r.name) FROM r WHERE r.name IS NOT NULL)
  SELECT name FROM r WHERE name IS NOT NULL`;

interface Clause {
  readonly sql: string;
  readonly value: unknown;
}

/**
 * Binding intervals that match, the latest begun first. With a key or a value an index leads to them; by time alone the
 * intervals, or those of a device, are walked back from the latest.
 */
export function findBindings(db: Connection, filter: BindingFilter): BindingRowFound[] {
  const clauses = clausesOf(filter);
  const indexed = filter.key !== undefined || filter.value !== undefined;
  if (indexed) return select(db, clauses, filter.limit);
  const relations = filter.relation === undefined ? distinctRelations(db) : [filter.relation];
  const index = filter.device === undefined ? 'binding_by_time' : 'binding_by_device';
  const found = relations.flatMap((relation) =>
    select(db, [...clauses, { sql: 'b.relation = ?', value: relation }], filter.limit, index),
  );
  return found.sort(latestFirst).slice(0, filter.limit);
}

/** Relations that have intervals. */
export function distinctRelations(db: Connection): string[] {
  return db.prepare(RELATIONS).pluck().all() as string[];
}

function clausesOf({ relation, key, value, device, from, to, at }: BindingFilter): Clause[] {
  const given: [string, unknown][] = [
    ['b.key = ?', key],
    ['b.value = ?', value],
    ['b.device = ?', device],
    ['b.valid_to_hi >= ?', from],
    ['b.valid_from_lo < ?', to],
    ['b.valid_from_lo <= ?', at],
    ['b.valid_to_hi >= ?', at],
    ['b.relation = ?', key === undefined && value === undefined ? undefined : relation],
  ];
  return given.flatMap(([sql, given]) => (given === undefined ? [] : [{ sql, value: given }]));
}

function select(db: Connection, clauses: readonly Clause[], limit: number, index?: string): BindingRowFound[] {
  const where = clauses.length === 0 ? '' : `WHERE ${clauses.map(({ sql }) => sql).join(' AND ')}`;
  const sql = `SELECT ${BINDING_COLUMNS}, b.series, b.num FROM binding_row b ${index === undefined ? '' : `INDEXED BY ${index}`} ${where}
    ORDER BY b.valid_from_hi DESC, b.num DESC LIMIT ?`;
  return db
    .prepare(sql)
    .safeIntegers()
    .all(...clauses.map(({ value }) => value), limit)
    .map((row) => narrowed(row as SessionRow));
}

function latestFirst(a: BindingRowFound, b: BindingRowFound): number {
  return Number(b['valid_from_hi']) - Number(a['valid_from_hi']) || Number(b['num']) - Number(a['num']);
}
