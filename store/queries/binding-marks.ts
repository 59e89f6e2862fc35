import type { Database as Connection } from 'better-sqlite3';
import type { BindingMark } from '../analysis/binding-record';

const STATES = ['seen', 'begin', 'end'] as const;

/** Observations of a series that had come by `receivedTo` (epoch ms), in order of device time and arrival. */
export function marksKnownAt(db: Connection, series: number, receivedTo: number): BindingMark[] {
  const rows = db
    .prepare(
      `SELECT at, raw_seq AS rawSeq, segment, fact, state, valid_until AS validUntil, received_at AS receivedAt
      FROM binding_mark_row WHERE series = ? AND received_at <= ? ORDER BY at, raw_seq, segment, fact`,
    )
    .all(series, receivedTo) as (Omit<BindingMark, 'state'> & { state: number })[];
  return rows.map((row) => ({ ...row, state: STATES[row.state] ?? 'seen' }));
}
