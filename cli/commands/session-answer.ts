import { type SessionDetail, sessionDetail } from '../../store/queries/session-detail';
import { agoText, nameJson, nameText } from './destination-names';
import { placeLines } from './destination-place';
import type { SessionRow } from '../../store/queries/sessions';
import { type VerdictDetail, verdictDetail } from '../../store/queries/verdicts';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { EXIT } from '../exit-codes';
import type { Column } from '../output/table';
import { counted, formatCount, formatDuration } from '../output/units';
import { readAnalysis } from './analysis';
import { chainJson, printChain } from './chain-answer';
import { isoTime, plain, sessionEcs } from './session-ecs';
import { bytes, endpoint, protocolName, words } from './sessions-answer';
import { verdictKnownAt } from './verdict-known-at';

/** Slices shown to people; `--json` has all. */
const SHOWN_SLICES = 50;
const SHOWN_RECORDS = 30;

/** Answers `session`. */
export function showSession(context: CommandContext, id: string, knownAt: number | undefined): CommandResult {
  const { detail, verdict } = readAnalysis(context, (db) => ({
    detail: sessionDetail(db, id),
    verdict: knownAt === undefined ? verdictDetail(db, id) : verdictKnownAt(context, db, id, knownAt),
  }));
  if (detail === undefined) {
    context.note(`there is no session ${id}`);
    return EXIT.nothing;
  }
  if (knownAt !== undefined && verdict === undefined) {
    context.note(`session ${id} was not known at ${context.formatTime(knownAt)}`);
    return EXIT.nothing;
  }
  if (context.json) printJson(context, detail, verdict);
  else printDetail(context, detail, verdict, knownAt);
  return EXIT.done;
}

function printDetail(
  context: CommandContext,
  { session, observers, slices, rawSeqs, names, asked }: SessionDetail,
  verdict: VerdictDetail | undefined,
  knownAt: number | undefined,
): void {
  const { style } = context;
  context.print(style.bold(`session ${context.text(words(session['id']))}`));
  for (const [name, value] of facts(context, session)) {
    if (value !== '') context.print(`  ${name.padEnd(11)}${context.text(value)}`);
  }
  for (const line of nameLines(names, asked, Number(session['start']))) context.print(`  ${context.text(line)}`);
  context.print();
  if (knownAt !== undefined) context.print(`as known at ${context.formatTime(knownAt)}:`);
  if (verdict === undefined) context.print('who began it has not been looked for yet');
  else printChain(context, verdict);
  context.print();
  context.print(style.bold('observers'));
  context.printTable(observers, observerColumns());
  context.print();
  context.print(style.bold('slices'));
  context.printTable(slices.slice(0, SHOWN_SLICES), sliceColumns(context));
  if (slices.length > SHOWN_SLICES) context.print(`and ${counted(slices.length - SHOWN_SLICES, 'more slice')}`);
  context.print();
  const more = rawSeqs.length > SHOWN_RECORDS ? ` and ${formatCount(rawSeqs.length - SHOWN_RECORDS)} more` : '';
  context.print(`${style.bold('proved by')}  journal records ${rawSeqs.slice(0, SHOWN_RECORDS).join(', ')}${more}`);
}

/** One line for each name; the first begins with what they are. */
function nameLines(names: SessionDetail['names'], asked: SessionDetail['asked'], start: number): string[] {
  const lines = [
    ...names.map((name) => nameText(name, start)),
    ...asked.map(
      ({ name, askedAt, device, rawSeq }) =>
        `asked for ${name} ${agoText(start - askedAt)}, by the log of ${device} (record ${rawSeq}); its answer is not logged`,
    ),
  ];
  const head = names.length > 0 ? 'named' : 'perhaps';
  return lines.map((line, i) => `${(i === 0 ? head : '').padEnd(11)}${line}`);
}

/** What is known, a name and a sentence each; an empty one is not shown. */
function facts(context: CommandContext, row: SessionRow): [string, string][] {
  const [start, end] = [Number(row['start']), Number(row['end'])];
  const ended = words(row['end_source']);
  return [
    [
      'ends',
      `${endpoint(row, 'src')} -> ${endpoint(row, 'dst')}  ${protocolName(row)}  ${words(row['service'])}`.trimEnd(),
    ],
    ['destination', placeLines(context, words(row['dst_ip'])).join('; ')],
    ['translated', translation(row)],
    ['scope', words(row['scope'])],
    ['began', context.formatTime(start)],
    ['ended', `${context.formatTime(end)}  lasted ${formatDuration(end - start)}`],
    ['state', `${words(row['state'])}${ended === 'none' || ended === '' ? '' : `, told by ${ended}`}`],
    ['direction', directionText(row)],
    ['encrypted', `${words(row['encrypted'])}, by ${words(row['encrypted_by'])}${handshake(row['handshake_room'])}`],
    ['application', words(row['application'])],
    ['sent', amount(row, 'src')],
    ['received', amount(row, 'dst')],
    ['sampling', row['sampling'] === 'none' ? '' : words(row['sampling'])],
    ['user', words(row['user'])],
    ['cut', row['cut'] === 1 ? 'pushed out of memory while it could still have grown' : ''],
  ];
}

function directionText(row: SessionRow): string {
  const source = words(row['direction_source']);
  const begun = source === 'unknown' ? 'who began it is not known' : `who began it is known by ${source}`;
  const conflict = row['direction_conflict'] === 1 ? '; first packet and port disagree' : '';
  return `${words(row['network_direction'])}; ${begun}${conflict}`;
}

function handshake(room: SessionRow[string] | undefined): string {
  if (room === 0) return '; too few bytes for a TLS handshake';
  return room === 1 ? '; room for a TLS handshake' : '';
}

function translation(row: SessionRow): string {
  const sides = ['nat_src', 'nat_dst'].filter((side) => words(row[`${side}_ip`]) !== '');
  return sides.map((side) => `${side === 'nat_src' ? 'source' : 'destination'} ${endpoint(row, side)}`).join(', ');
}

function amount(row: SessionRow, side: string): string {
  const packets = row[`${side}_packets`];
  const estimate = row[`${side}_bytes_estimate`];
  const told = typeof packets === 'number' || typeof packets === 'bigint' ? ` in ${formatCount(packets)} packets` : '';
  const exact = typeof row[`${side}_bytes`] === 'number' ? ` (${formatCount(Number(row[`${side}_bytes`]))} bytes)` : '';
  const scaled = estimate === null ? '' : `, about ${bytes(estimate)} before sampling`;
  return `${bytes(row[`${side}_bytes`])}${exact}${told}${scaled}`;
}

function observerColumns(): readonly Column<SessionRow>[] {
  return [
    { title: 'sender', value: (row) => (row['sender'] === 'src' ? 'source' : 'destination') },
    { title: 'exporter', value: (row) => words(row['exporter_ip']) },
    { title: 'domain', align: 'right', value: (row) => words(row['domain']) },
    { title: 'in', align: 'right', value: (row) => words(row['in_if']) },
    { title: 'out', align: 'right', value: (row) => words(row['out_if']) },
    { title: 'bytes', align: 'right', value: (row) => bytes(row['bytes']) },
    { title: 'packets', align: 'right', value: (row) => count(row['packets']) },
    { title: 'end', value: (row) => (row['ended'] === 'none' ? '' : words(row['ended'])) },
    { title: 'counted', value: (row) => (row['counted'] === 1 ? 'yes' : 'no: a copy') },
  ];
}

function sliceColumns(context: CommandContext): readonly Column<SessionRow>[] {
  return [
    { title: 'began', value: (row) => context.formatTime(Number(row['start'])) },
    { title: 'lasted', align: 'right', value: (row) => formatDuration(Number(row['end']) - Number(row['start'])) },
    { title: 'sender', value: (row) => (row['sender'] === 'src' ? 'source' : 'destination') },
    { title: 'bytes', align: 'right', value: (row) => bytes(row['bytes']) },
    { title: 'packets', align: 'right', value: (row) => count(row['packets']) },
    { title: 'reply', align: 'right', value: (row) => bytes(row['reply_bytes']) },
    { title: 'record', align: 'right', value: (row) => words(row['raw_seq']) },
    { title: 'facts', value: (row) => `${words(row['segment'])} flow ${words(row['flow'])}` },
  ];
}

function count(value: SessionRow[string] | undefined): string {
  return typeof value === 'number' || typeof value === 'bigint' ? formatCount(value) : '-';
}

/** Of a verdict what `sessions` shows. */
function shortVerdict(detail: VerdictDetail | undefined): SessionRow {
  if (detail === undefined) return {};
  const { session: _session, start: _start, revision: _revision, source: _source, ...verdict } = detail.verdict;
  return verdict;
}

/** The session as `sessions --json` has it, then its observers and slices, each with the session's id. */
function printJson(
  context: CommandContext,
  { session, observers, slices, names, asked }: SessionDetail,
  verdict: VerdictDetail | undefined,
): void {
  context.printJson({ 'ascribe.part': 'session', ...sessionEcs({ ...session, ...shortVerdict(verdict) }) });
  if (verdict !== undefined) chainJson(context, verdict);
  for (const name of [...names, ...asked]) context.printJson(nameJson(session, name));
  for (const row of observers) context.printJson(part('observer', row));
  for (const row of slices) context.printJson(part('slice', row));
}

function part(
  kind: 'observer' | 'slice',
  { session, exporter_ip: exporter, raw_seq: rawSeq, start, end, ...rest }: SessionRow,
) {
  const members = Object.entries(rest).map(([column, value]) => [`ascribe.${kind}.${column}`, plain(value)]);
  return {
    'ascribe.part': kind,
    'ascribe.session.id': plain(session),
    'observer.ip': plain(exporter),
    'ascribe.raw_seq': plain(rawSeq),
    'event.start': isoTime(Number(start)),
    'event.end': isoTime(Number(end)),
    ...Object.fromEntries(members),
  };
}
