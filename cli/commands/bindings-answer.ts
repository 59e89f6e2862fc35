import { type BindingFilter, type BindingRowFound, findBindings } from '../../store/queries/bindings';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { EXIT } from '../exit-codes';
import type { Column } from '../output/table';
import { counted } from '../output/units';
import { readAnalysis } from './analysis';
import { bindingEcs } from './binding-ecs';
import { toSeconds, words } from './sessions-answer';

/** Answers `bindings`. */
export function listBindings(context: CommandContext, filter: BindingFilter): CommandResult {
  const rows = readAnalysis(context, (db) => findBindings(db, filter));
  if (context.json) for (const row of rows) context.printJson(bindingEcs(row));
  else if (rows.length > 0) context.printTable(rows, bindingColumns(context));
  if (rows.length === 0) {
    context.note('no binding matched');
    return EXIT.nothing;
  }
  if (rows.length === filter.limit) context.note(`the latest ${counted(rows.length, 'binding')}; --limit shows more`);
  return EXIT.done;
}

function bindingColumns(context: CommandContext): readonly Column<BindingRowFound>[] {
  return [
    { title: 'relation', value: (row) => words(row['relation']) },
    { title: 'key', value: (row) => words(row['key']), shrinkTo: 12 },
    { title: 'value', value: (row) => words(row['value']), shrinkTo: 12 },
    { title: 'from', value: (row) => beginText(context, row) },
    { title: 'to', value: (row) => endText(context, row) },
    { title: 'state', value: (row) => words(row['state']), paint: paintState },
    { title: 'seen', align: 'right', value: (row) => words(row['observations']) },
    { title: 'scope', value: (row) => words(row['scope']), shrinkTo: 6 },
    { title: 'told by', value: (row) => toldBy(row), shrinkTo: 10 },
    { title: 'records', value: (row) => records(row) },
  ];
}

/** A stated beginning as it is; else the first observation, marked: it may have held before. */
export function beginText(context: CommandContext, row: BindingRowFound): string {
  const time = toSeconds(context.formatTime(Number(row['valid_from_hi'])));
  return row['begin_source'] === 'stated' ? time : `<= ${time}`;
}

/** A known end as it is; else the last observation, marked: it may have held longer. */
export function endText(context: CommandContext, row: BindingRowFound): string {
  const time = toSeconds(context.formatTime(Number(row['valid_to_lo'])));
  return row['end_source'] === 'none' ? `>= ${time}` : time;
}

/** `fw1, by cisco_asa`. */
export function toldBy(row: BindingRowFound): string {
  return `${words(row['device'])}, by ${words(row['parser'])}`;
}

/** First and latest journal record, which prove it. */
export function records(row: BindingRowFound): string {
  const [first, last] = [words(row['first_seq']), words(row['last_seq'])];
  return first === last ? first : `${first}, ${last}`;
}

const paintState: NonNullable<Column<BindingRowFound>['paint']> = (text, row, style) => {
  if (row['state'] === 'open') return style.good(text);
  return row['state'] === 'uncertain' ? style.warn(text) : text;
};
