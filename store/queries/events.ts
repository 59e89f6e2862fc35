import type { FactsDirectory } from '../facts/facts-directory';
import { narrowed, type SessionRow } from './sessions';

/** What `events` can be asked for. All that is given must hold. */
export interface EventFilter {
  /** Inclusive, epoch ms, device time. */
  readonly from?: number;
  /** Exclusive, epoch ms, device time. */
  readonly to?: number;
  readonly device?: string;
  readonly action?: string;
  readonly user?: string;
  readonly category?: string;
  /** At most this many, the latest first. */
  readonly limit: number;
}

/**
 * Events of all segments that match, the latest first; each is a row of the `event` view with the name of its `segment`. A
 * sealed segment answers from its time index, which also tells at once that it has nothing later than what is found already.
 */
export function findEvents(facts: FactsDirectory, filter: EventFilter): SessionRow[] {
  let found: SessionRow[] = [];
  for (const segment of facts.names().reverse()) {
    const full = found.length >= filter.limit ? found.at(-1) : undefined;
    const rows = eventsOf(facts, segment, filter, full === undefined ? undefined : Number(full['observed_at']));
    if (rows.length === 0) continue;
    found = [...found, ...rows].sort(latestFirst).slice(0, filter.limit);
  }
  return found;
}

function eventsOf(
  facts: FactsDirectory,
  segment: string,
  filter: EventFilter,
  after: number | undefined,
): SessionRow[] {
  const reader = facts.reader(segment);
  if (reader === undefined) return [];
  const given: [string, unknown][] = [
    ['observed_at >= ?', filter.from],
    ['observed_at < ?', filter.to],
    ['observed_at > ?', after],
    ['device = ?', filter.device],
    ['action = ?', filter.action],
    ['user = ?', filter.user],
    ['category = ?', filter.category],
  ];
  const used = given.filter(([, value]) => value !== undefined);
  const where = used.length === 0 ? '' : `WHERE ${used.map(([sql]) => sql).join(' AND ')}`;
  const sql = `SELECT * FROM event ${where} ORDER BY observed_at DESC, id DESC LIMIT ?`;
  const rows = reader.query(sql, [...used.map(([, value]) => value), filter.limit]);
  const isSealed = reader.state === 'sealed';
  if (!isSealed) facts.release(segment);
  return rows.map((row) => ({ ...narrowed(row as SessionRow), segment }));
}

function latestFirst(a: SessionRow, b: SessionRow): number {
  return Number(b['observed_at']) - Number(a['observed_at']) || Number(b['raw_seq']) - Number(a['raw_seq']);
}
