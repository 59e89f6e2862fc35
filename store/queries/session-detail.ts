import type { Database as Connection } from 'better-sqlite3';
import { type AskedName, type DestinationName, NameReader } from './names';
import { prepared } from './prepared';
import { narrowed, type SessionRow } from './sessions';

/** One session whole. */
export interface SessionDetail {
  /** Its row of the `session` view. */
  readonly session: SessionRow;
  /** Rows of `session_observer`, by number. */
  readonly observers: readonly SessionRow[];
  /** Rows of `session_slice`, in the order in which they came; at most `sliceLimit`. */
  readonly slices: readonly SessionRow[];
  /** Journal positions of the records that `slices` came from, ascending, each once. */
  readonly rawSeqs: readonly number[];
  /** Names under which DNS logs knew the destination when it began, the surest first. */
  readonly names: readonly DestinationName[];
  /** Where none does: what the source asked for right before. */
  readonly asked: readonly AskedName[];
}

const MOST_NAMES = 10;

/** The session with this id; undefined when there is none. */
export function sessionDetail(db: Connection, id: string, sliceLimit = 10_000): SessionDetail | undefined {
  const all = (view: string, order: string, limit: number): SessionRow[] =>
    prepared(db, `SELECT * FROM ${view} WHERE session = ? ORDER BY ${order} LIMIT ?`, 'exact')
      .all(id, limit)
      .map((row) => narrowed(row as SessionRow));
  const row = prepared(db, 'SELECT * FROM session WHERE id = ?', 'exact').get(id) as SessionRow | undefined;
  if (row === undefined) return undefined;
  const slices = all('session_slice', 'segment, flow', sliceLimit);
  const rawSeqs = [...new Set(slices.map((slice) => slice['raw_seq'] as number))].sort((left, right) => left - right);
  const reader = new NameReader(db);
  const ends = { src: String(row['src_ip']), dst: String(row['dst_ip']), start: Number(row['start']) };
  const names = reader.namesOf(ends, MOST_NAMES);
  const asked = names.length > 0 ? [] : reader.askedBefore(ends, MOST_NAMES);
  return {
    session: narrowed(row),
    names,
    asked,
    observers: all('session_observer', 'number', 10_000),
    slices,
    rawSeqs,
  };
}
