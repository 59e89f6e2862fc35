import { type InventoryFilter, listInventory } from '../../store/queries/inventory';
import type { SessionRow } from '../../store/queries/sessions';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { EXIT } from '../exit-codes';
import { counted } from '../output/units';
import { ecsOfFact } from '../../normalizer/model/ecs';
import { factOfRow } from './fact-of-row';
import { readFacts } from './facts';
import { isoTime } from './session-ecs';
import { toSeconds, words } from './sessions-answer';

/** Answers `inventory`. */
export function showInventory(context: CommandContext, filter: InventoryFilter): CommandResult {
  const rows = readFacts(context, (facts) => listInventory(facts, filter));
  if (context.json) for (const row of rows) context.printJson(inventoryEcs(row));
  else if (rows.length > 0) {
    const time = (column: string) => (row: SessionRow) => toSeconds(context.formatTime(Number(row[column])));
    context.printTable(rows, [
      { title: 'kind', value: (row) => words(row['kind']) },
      { title: 'device', value: (row) => words(row['device']), shrinkTo: 8 },
      { title: 'id', value: (row) => words(row['item_id']), shrinkTo: 8 },
      { title: 'name', value: (row) => words(row['name']), shrinkTo: 12 },
      { title: 'first seen', value: time('first_seen') },
      { title: 'last seen', value: time('last_seen') },
      { title: 'times', align: 'right', value: (row) => words(row['sightings']) },
      { title: 'record', align: 'right', value: (row) => words(row['raw_seq']) },
    ]);
  }
  if (rows.length === 0) {
    context.note('nothing in the inventory matched');
    return EXIT.nothing;
  }
  if (rows.length === filter.limit) context.note(`the last seen ${counted(rows.length, 'item')}; --limit shows more`);
  return EXIT.done;
}

function inventoryEcs(row: SessionRow) {
  return {
    ...ecsOfFact(factOfRow('inventory', { ...row, observed_at: row['last_seen'] ?? null })),
    'ascribe.first_seen': isoTime(Number(row['first_seen'])),
    'ascribe.last_seen': isoTime(Number(row['last_seen'])),
    'ascribe.sightings': Number(row['sightings']),
  };
}
