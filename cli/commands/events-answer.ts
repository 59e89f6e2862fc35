import { ecsOfFact } from '../../normalizer/model/ecs';
import { type EventFilter, findEvents } from '../../store/queries/events';
import type { SessionRow } from '../../store/queries/sessions';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { EXIT } from '../exit-codes';
import type { Column } from '../output/table';
import { counted } from '../output/units';
import { factOfRow } from './fact-of-row';
import { readFacts } from './facts';
import { endpoint, toSeconds, words } from './sessions-answer';

/** Answers `events`. */
export function listEvents(context: CommandContext, filter: EventFilter): CommandResult {
  const rows = readFacts(context, (facts) => findEvents(facts, filter));
  if (context.json) for (const row of rows) context.printJson(ecsOfFact(factOfRow('event', row)));
  else if (rows.length > 0) context.printTable(rows, eventColumns(context));
  if (rows.length === 0) {
    context.note('no event matched');
    return EXIT.nothing;
  }
  if (rows.length === filter.limit) context.note(`the latest ${counted(rows.length, 'event')}; --limit shows more`);
  return EXIT.done;
}

function eventColumns(context: CommandContext): readonly Column<SessionRow>[] {
  return [
    { title: 'time', value: (row) => toSeconds(context.formatTime(Number(row['observed_at']))) },
    { title: 'device', value: (row) => words(row['device']), shrinkTo: 8 },
    { title: 'action', value: (row) => words(row['action']) },
    {
      title: 'outcome',
      value: (row) => words(row['outcome']),
      paint: (text, row, style) => (row['outcome'] === 'failure' ? style.bad(text) : text),
    },
    { title: 'user', value: (row) => words(row['user']), shrinkTo: 6 },
    { title: 'from', value: (row) => endpoint(row, 'src'), shrinkTo: 12 },
    { title: 'what', value: (row) => whatText(row), shrinkTo: 16 },
    { title: 'record', align: 'right', value: (row) => words(row['raw_seq']) },
  ];
}

/** The command where there is one, else the message. */
function whatText(row: SessionRow): string {
  return words(row['command']) || words(row['message']) || words(row['code']);
}
