import type { Database } from 'better-sqlite3';
import type { BindingInterval } from '../../store/analysis/binding-record';
import { marksKnownAt } from '../../store/queries/binding-marks';
import type { BindingRowFound } from '../../store/queries/bindings';
import { derive } from './derive';
import { freshnessOf } from './freshness';

/**
 * Intervals of the series of `rows` as they were known at a time (receive time, epoch ms): derived from the observations
 * that had come by then, by the same rules. What came later, an end or a late log, is not in them.
 */
export function knownAt(db: Database, rows: readonly BindingRowFound[], time: number): BindingRowFound[] {
  const bySeries = new Map(rows.map((row) => [Number(row['series']), row]));
  return [...bySeries].flatMap(([series, row]) => {
    const marks = marksKnownAt(db, series, time);
    return derive(marks, freshnessOf(String(row['relation']))).map((interval) => rowOf(row, interval, time));
  });
}

function rowOf(row: BindingRowFound, interval: BindingInterval, time: number): BindingRowFound {
  return {
    ...row,
    valid_from_lo: interval.fromLo,
    valid_from_hi: interval.fromHi,
    valid_to_lo: interval.toLo,
    valid_to_hi: interval.toHi,
    state: stateAt(interval, time),
    begin_source: interval.beginSource,
    end_source: interval.endSource,
    first_observed: interval.firstObserved,
    last_observed: interval.lastObserved,
    observations: interval.observations,
    first_seq: interval.firstSeq,
    last_seq: interval.lastSeq,
    recorded_at: interval.recordedAt,
    last_recorded_at: interval.lastRecordedAt,
    end_recorded_at: interval.endRecordedAt,
    first_segment: null,
    last_segment: null,
  };
}

function stateAt({ endSource, toHi }: BindingInterval, time: number): 'open' | 'ended' | 'uncertain' {
  if (endSource === 'stated') return 'ended';
  if (toHi >= time) return 'open';
  return endSource === 'expiry' ? 'ended' : 'uncertain';
}
