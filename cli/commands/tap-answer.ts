import { setTimeout as sleep } from 'node:timers/promises';
import { nextStep, type Place } from '../../attribution/sessions/segment-walk';
import { ecsOfFact } from '../../normalizer/model/ecs';
import { FactsDirectory } from '../../store/facts/facts-directory';
import type { FactTable } from '../../store/facts/facts-reader';
import { narrowed, type SessionRow } from '../../store/queries/sessions';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { dataLayout } from '../data-layout';
import { EXIT } from '../exit-codes';
import { requireDataDirectory } from './data-directory';
import { factOfRow, type TapKind } from './fact-of-row';
import { flowEcs } from './flow-ecs';
import { factLine } from './fact-line';

const POLL_MS = 200;
/** Rows of one table in one look: bounds memory when more is made than a terminal shows. */
const MOST_ROWS = 1000;

/** Answers `tap`: starts behind what is written already and shows what comes, until it is interrupted. */
export async function tap(
  context: CommandContext,
  kinds: readonly TapKind[],
  device: string | undefined,
): Promise<CommandResult> {
  const directory = new FactsDirectory(dataLayout(requireDataDirectory(context)).facts);
  const { interruption } = context.io;
  const { signal } = interruption;
  interruption.drains();
  const places = new Map(kinds.map((kind) => [kind, endOf(directory, kind)]));
  directory.close();
  context.note('waiting for facts; Ctrl-C ends');
  while (!signal.aborted) {
    const more = look(directory, places);
    // An open file would be in the way of sealing the segment.
    directory.close();
    for (const { kind, row } of more) {
      if (device === undefined || deviceOf(kind, row) === device) show(context, kind, row);
    }
    if (more.length < MOST_ROWS) await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    // Lets a reader of the pipe and the signal have their turn.
    else await sleep(0);
  }
  return EXIT.done;
}

interface Shown {
  readonly kind: TapKind;
  readonly row: SessionRow;
}

/** What came since the last look, in the order of the journal. */
function look(directory: FactsDirectory, places: Map<TapKind, Place | undefined>): Shown[] {
  const found: Shown[] = [];
  for (const [kind, place] of places) {
    let step = nextStep(directory, place, (reader, after) => reader.rowsAfter(tableOf(kind), after, MOST_ROWS));
    // A step without rows only goes on to the next segment.
    while (step !== undefined) {
      places.set(kind, step.place);
      for (const row of step.rows) found.push({ kind, row: narrowed(row) });
      if (step.rows.length > 0) break;
      step = nextStep(directory, step.place, (reader, after) => reader.rowsAfter(tableOf(kind), after, MOST_ROWS));
    }
  }
  return found.sort((a, b) => Number(a.row['raw_seq']) - Number(b.row['raw_seq']));
}

/** The place behind the last row there is; undefined before the first segment. */
function endOf(directory: FactsDirectory, kind: TapKind): Place | undefined {
  const segment = directory.names().at(-1);
  if (segment === undefined) return undefined;
  const [row] = directory.reader(segment)?.query(`SELECT max(id) AS last FROM ${rowTableOf(kind)}`) ?? [];
  return { segment, lastId: Number(row?.['last'] ?? 0) };
}

function tableOf(kind: TapKind): FactTable {
  return kind;
}

/** The table behind a view, whose largest id is found without making the view. */
function rowTableOf(kind: TapKind): FactTable {
  switch (kind) {
    case 'flow':
      return 'flow_row';
    case 'session_log':
      return 'session_log_row';
    case 'event':
      return 'event_row';
    case 'binding':
    case 'inventory':
    case 'config_line':
    case 'gap':
    case 'rejected':
      return kind;
  }
}

function deviceOf(kind: TapKind, row: SessionRow): unknown {
  return kind === 'flow' ? row['exporter_ip'] : row['device'];
}

function show(context: CommandContext, kind: TapKind, row: SessionRow): void {
  if (context.json) context.printJson(kind === 'flow' ? flowEcs(row) : ecsOfFact(factOfRow(kind, row)));
  else context.print(context.text(factLine(kind, row, context.formatTime)));
}
