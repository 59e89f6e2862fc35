import { techniqueFields } from '../../store/queries/techniques';
import { ANALYTICS } from '../../attribution/findings/registry';
import { findFindings, findingDetail, type FindingFilter, type FindingRow } from '../../store/queries/findings';
import type { SessionRow } from '../../store/queries/sessions';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { EXIT } from '../exit-codes';
import type { JsonValue } from '../output/ndjson';
import type { Column } from '../output/table';
import { counted, formatCount } from '../output/units';
import { readAnalysis } from './analysis';
import { toSeconds, words } from './sessions-answer';

/** Answers `findings`. */
export function listFindings(context: CommandContext, filter: FindingFilter): CommandResult {
  const rows = readAnalysis(context, (db) => findFindings(db, filter));
  if (context.json) for (const row of rows) context.printJson(findingEcs(row));
  else if (rows.length > 0) context.printTable(rows, findingColumns(context));
  if (rows.length === 0) {
    context.note('no finding matched; `ascribe coverage` says what could not have been found');
    return EXIT.nothing;
  }
  if (rows.length === filter.limit) context.note(`the first ${counted(rows.length, 'finding')}; --limit shows more`);
  return EXIT.done;
}

/** Answers `findings ID`. */
export function showFinding(context: CommandContext, id: string): CommandResult {
  const detail = readAnalysis(context, (db) => findingDetail(db, id));
  if (detail === undefined) {
    context.note(`no finding, or more than one, begins with ${id}`);
    return EXIT.nothing;
  }
  const { finding, matches } = detail;
  if (context.json) {
    context.printJson({ ...findingEcs(finding), 'ascribe.finding.matches': matches.map(matchOf) });
    return EXIT.done;
  }
  for (const line of headLines(context, finding)) context.print(line);
  context.print('');
  context.printTable(matches, matchColumns(context));
  return EXIT.done;
}

function headLines(context: CommandContext, row: FindingRow): string[] {
  const analytic = ANALYTICS.find(({ id }) => id === row['analytic']);
  const time = (name: string): string => toSeconds(context.formatTime(Number(row[name])));
  const terms = Object.entries(JSON.parse(words(row['terms'])) as Record<string, unknown>);
  return [
    `${words(row['severity'])}  ${words(row['text'])}`,
    '',
    `finding     ${words(row['id'])}`,
    `owner       ${words(row['owner_name'])} (${words(row['owner_id'])})${words(row['owner_host']) === '' ? '' : ` on ${words(row['owner_host'])}`}`,
    `seen        ${time('first_seen')} to ${time('last_seen')}, ${formatCount(Number(row['matches']))} times`,
    `analytic    ${words(row['analytic'])}, ${words(row['strategy'])}, ${words(row['techniques'])}`,
    ...(words(row['approved_by']) === '' ? [] : [`approved    ${words(row['approved_by'])}`]),
    ...(analytic === undefined
      ? []
      : [
          `looks for   ${analytic.text}`,
          `else        ${analytic.falsePositives}`,
          `needs       ${analytic.needs.join(', ')}`,
        ]),
    ...terms.map(([name, value], i) => `${i === 0 ? 'terms       ' : '            '}${name} = ${String(value)}`),
  ];
}

function findingColumns(context: CommandContext): readonly Column<FindingRow>[] {
  return [
    {
      title: 'severity',
      value: (row) => words(row['severity']),
      paint: (text, row, style) => (['high', 'critical'].includes(words(row['severity'])) ? style.bad(text) : text),
    },
    { title: 'last seen', value: (row) => toSeconds(context.formatTime(Number(row['last_seen']))) },
    { title: 'analytic', value: (row) => words(row['analytic']) },
    { title: 'owner', value: (row) => words(row['owner_name']), shrinkTo: 8 },
    { title: 'host', value: (row) => words(row['owner_host']), shrinkTo: 6 },
    { title: 'what', value: (row) => words(row['text']), shrinkTo: 24 },
    { title: 'matches', align: 'right', value: (row) => words(row['matches']) },
    { title: 'finding', value: (row) => words(row['id']).slice(0, 8) },
  ];
}

function matchColumns(context: CommandContext): readonly Column<SessionRow>[] {
  return [
    { title: 'at', value: (row) => toSeconds(context.formatTime(Number(row['at']))) },
    { title: 'what', value: (row) => words(row['text']), shrinkTo: 24 },
    { title: 'session', value: (row) => words(row['session']) },
    { title: 'record', align: 'right', value: (row) => words(row['raw_seq']) },
  ];
}

function matchOf(row: SessionRow): Record<string, JsonValue> {
  return {
    '@timestamp': new Date(Number(row['at'])).toISOString(),
    message: words(row['text']),
    ...(row['session'] !== null && { 'ascribe.session_key': words(row['session']) }),
    ...(row['raw_seq'] !== null && { 'ascribe.raw_seq': Number(row['raw_seq']) }),
    'ascribe.finding.terms': JSON.parse(words(row['terms'])) as JsonValue,
  };
}

/** A finding under ECS names. */
export function findingEcs(row: FindingRow): Record<string, JsonValue> {
  return {
    '@timestamp': new Date(Number(row['last_seen'])).toISOString(),
    'event.kind': 'alert',
    'event.id': words(row['id']),
    'event.start': new Date(Number(row['first_seen'])).toISOString(),
    'event.end': new Date(Number(row['last_seen'])).toISOString(),
    'event.severity': words(row['severity']),
    message: words(row['text']),
    'rule.id': words(row['analytic']),
    'rule.ruleset': words(row['strategy']),
    'threat.framework': 'MITRE ATT&CK',
    ...techniqueFields(words(row['techniques'])),
    'ascribe.fact': 'finding',
    'ascribe.owner.kind': words(row['owner_kind']),
    'ascribe.owner.id': words(row['owner_id']),
    'ascribe.owner.name': words(row['owner_name']),
    ...(words(row['owner_host']) !== '' && { 'host.name': words(row['owner_host']) }),
    'ascribe.finding.key': words(row['key']),
    'ascribe.finding.matches': Number(row['matches']),
    'ascribe.finding.terms': JSON.parse(words(row['terms'])) as JsonValue,
    ...(words(row['approved_by']) !== '' && { 'ascribe.finding.approved_by': words(row['approved_by']) }),
  };
}
