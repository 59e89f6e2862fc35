import type { Database as Connection } from 'better-sqlite3';
import { narrowed, type SessionRow } from './sessions';

/** Which gaps are asked for; all that is given must hold. */
export interface GapFilter {
  /** Inclusive, epoch ms. */
  readonly from?: number;
  /** Exclusive, epoch ms. */
  readonly to?: number;
  readonly device?: string;
  readonly kind?: string;
  readonly limit: number;
}

/** Exporters' domains with first and last receive time and rows, the one heard last first. */
export function listSources(db: Connection): SessionRow[] {
  return db.prepare('SELECT * FROM source ORDER BY last_received DESC, exporter_ip, domain').all() as SessionRow[];
}

/** Known gaps in the telemetry, the latest first. */
export function listGaps(db: Connection, { from, to, device, kind, limit }: GapFilter): SessionRow[] {
  const given: [string, unknown][] = [
    ['observed_at >= ?', from],
    ['observed_at < ?', to],
    ['device = ?', device],
    ['kind = ?', kind],
  ];
  const used = given.filter(([, value]) => value !== undefined);
  const where = used.length === 0 ? '' : `WHERE ${used.map(([sql]) => sql).join(' AND ')}`;
  const sql = `SELECT gap.*, (SELECT name FROM segment WHERE segment.id = gap.segment) AS segment_name
    FROM gap ${where} ORDER BY observed_at DESC, segment DESC, gap.id DESC LIMIT ?`;
  const values = used.map(([, value]) => value);
  return db
    .prepare(sql)
    .safeIntegers()
    .all(...values, limit)
    .map((row) => narrowed(row as SessionRow));
}

/** Per device, kind and unit: number of gaps, known missing things, first and last time. */
export function summarizeGaps(db: Connection): SessionRow[] {
  const sql = `SELECT device, kind, unit, count(*) AS gaps, sum(missing) AS missing, min(observed_at) AS first,
    max(observed_at) AS last FROM gap GROUP BY device, kind, unit ORDER BY device, kind, unit`;
  return db
    .prepare(sql)
    .safeIntegers()
    .all()
    .map((row) => narrowed(row as SessionRow));
}
