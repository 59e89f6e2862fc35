import type { FactsDirectory } from '../facts/facts-directory';
import { narrowed, type SessionRow } from './sessions';

/** What `inventory` can be asked for. All that is given must hold. */
export interface InventoryFilter {
  readonly kind?: string;
  readonly device?: string;
  /** At most this many, the one seen last first. */
  readonly limit: number;
}

/**
 * Things that exist, each (device, kind, item_id) once: its latest row of the `inventory` table, with `first_seen`,
 * `last_seen` and the number of `sightings` in all segments that are kept. The one seen last comes first.
 */
export function listInventory(facts: FactsDirectory, filter: InventoryFilter): SessionRow[] {
  const items = new Map<string, SessionRow>();
  for (const segment of facts.names()) {
    const reader = facts.reader(segment);
    if (reader === undefined) continue;
    for (const row of reader.query(...inventorySql(filter))) add(items, narrowed(row));
    if (reader.state !== 'sealed') facts.release(segment);
  }
  return [...items.values()].sort(lastSeenFirst).slice(0, filter.limit);
}

/** With one aggregate `max` SQLite takes the other columns from the row that has it. */
function inventorySql({ kind, device }: InventoryFilter): [sql: string, values: unknown[]] {
  const given: [string, unknown][] = [
    ['kind = ?', kind],
    ['device = ?', device],
  ];
  const used = given.filter(([, value]) => value !== undefined);
  const where = used.length === 0 ? '' : `WHERE ${used.map(([sql]) => sql).join(' AND ')}`;
  const values = used.map(([, value]) => value);
  const group = `FROM inventory ${where} GROUP BY kind, item_id, device`;
  const sql = `SELECT l.*, f.first_seen, f.sightings FROM
    (SELECT kind, item_id, device, name, parser, extra, raw_seq, time_quality, max(observed_at) AS last_seen ${group}) l JOIN
    (SELECT kind, item_id, device, min(observed_at) AS first_seen, count(*) AS sightings ${group}) f
    USING (kind, item_id, device)`;
  return [sql, [...values, ...values]];
}

function add(items: Map<string, SessionRow>, row: SessionRow): void {
  const key = JSON.stringify([row['device'], row['kind'], row['item_id']]);
  const known = items.get(key);
  if (known === undefined) {
    items.set(key, row);
    return;
  }
  const latest = Number(row['last_seen']) >= Number(known['last_seen']) ? row : known;
  const first = Math.min(Number(row['first_seen']), Number(known['first_seen']));
  items.set(key, { ...latest, first_seen: first, sightings: Number(row['sightings']) + Number(known['sightings']) });
}

function lastSeenFirst(a: SessionRow, b: SessionRow): number {
  return Number(b['last_seen']) - Number(a['last_seen']) || String(a['item_id']).localeCompare(String(b['item_id']));
}
