import type { DestinationStatus } from '../../forwarders/delivery/destination-status';
import { ForwardDatabase } from '../../forwarders/delivery/forward-db';
import type { CursorRow, DeadLetterRow, GapRow, HourRow } from '../../forwarders/delivery/forward-rows';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { dataLayout } from '../data-layout';
import { CommandError, EXIT } from '../exit-codes';
import type { JsonValue } from '../output/ndjson';
import type { Column } from '../output/table';
import { formatBytes, formatCount, formatDuration } from '../output/units';
import { readStatus } from '../telemetry/status-file';
import { requireDataDirectory } from './data-directory';

/** Answers `forward status`. */
export function status(
  context: CommandContext,
  { destination, limit }: { readonly destination: string | undefined; readonly limit: number },
): CommandResult {
  return withDatabase(context, (database) => {
    const wanted = <Row extends { readonly destination: string }>(rows: readonly Row[]): Row[] =>
      rows.filter((row) => destination === undefined || row.destination === destination);
    const cursors = wanted(database.cursors());
    if (cursors.length === 0) return EXIT.nothing;
    const given = destination === undefined ? {} : { destination };
    const letters = database.deadLetters({ ...given, limit });
    const gaps = database.gaps(given);
    const live = liveStatus(context).filter(({ name }) => destination === undefined || name === destination);
    if (context.json) printStatusJson(context, { cursors, letters, gaps, live });
    else printStatus(context, { cursors, letters, gaps, live });
    return letters.length + gaps.length > 0 ? EXIT.partial : EXIT.done;
  });
}

/** Answers `forward audit`. */
export function audit(
  context: CommandContext,
  filter: { readonly destination: string | undefined; readonly from?: number; readonly to?: number },
): CommandResult {
  return withDatabase(context, (database) => {
    const { destination, ...range } = filter;
    const given = destination === undefined ? {} : { destination };
    const hours = database.hours({ ...given, ...range });
    const gaps = database.gaps(given);
    if (context.json) {
      for (const row of hours) context.printJson(hourJson(row));
      for (const gap of gaps) context.printJson(gapJson(gap));
    } else {
      context.printTable(hours, hourColumns(context));
      printGaps(context, gaps);
    }
    return hours.length + gaps.length === 0 ? EXIT.nothing : EXIT.done;
  });
}

/** Answers `forward redrive`. */
export function redrive(
  context: CommandContext,
  { destination, uid }: { readonly destination: string | undefined; readonly uid: string | undefined },
): CommandResult {
  return withDatabase(context, (database) => {
    const letters = database.requestRedrive({
      ...(destination !== undefined && { destination }),
      ...(uid !== undefined && { uid }),
    });
    if (context.json) context.printJson({ 'ascribe.forward': 'redrive', 'ascribe.forward.letters': letters });
    else
      context.print(
        letters === 0 ? 'no dead letter to send again' : `${formatCount(letters)} dead letters are sent again`,
      );
    return letters === 0 ? EXIT.nothing : EXIT.done;
  });
}

interface StatusParts {
  readonly cursors: readonly CursorRow[];
  readonly letters: readonly DeadLetterRow[];
  readonly gaps: readonly GapRow[];
  readonly live: readonly DestinationStatus[];
}

function printStatus(context: CommandContext, { cursors, letters, gaps, live }: StatusParts): void {
  if (live.length > 0) context.printTable(live, LIVE_COLUMNS);
  else context.note('the daemon does not run: where each destination stands');
  context.print();
  context.printTable(cursors, cursorColumns(context));
  if (letters.length > 0) {
    context.print();
    context.print(context.style.bold('dead letters'));
    context.printTable(letters, LETTER_COLUMNS);
  }
  printGaps(context, gaps);
}

function printGaps(context: CommandContext, gaps: readonly GapRow[]): void {
  if (gaps.length === 0) return;
  context.print();
  context.print(context.style.bold('gaps'));
  context.printTable(gaps, [
    { title: 'destination', value: ({ destination }) => destination },
    { title: 'kind', value: ({ kind }) => kind },
    { title: 'segment', value: ({ segment }) => segment },
    { title: 'missing', align: 'right', value: ({ missing }) => formatCount(missing) },
    { title: 'reason', value: ({ reason }) => reason },
    { title: 'recorded', value: (gap) => context.formatTime(gap.recorded_at) },
  ]);
}

const LIVE_COLUMNS: readonly Column<DestinationStatus>[] = [
  { title: 'destination', value: ({ name }) => name },
  { title: 'by', value: ({ transport }) => transport },
  { title: 'as', value: ({ format }) => format },
  { title: 'delivery', value: ({ delivery }) => delivery.replace('_', ' ') },
  { title: 'state', value: ({ state }) => state },
  { title: 'sent', align: 'right', value: ({ sent }) => formatCount(sent) },
  { title: 'behind', align: 'right', value: ({ behind }) => formatCount(behind) },
  { title: 'lag', align: 'right', value: ({ lagSeconds }) => formatDuration(lagSeconds * 1000) },
  { title: 'error', value: ({ lastError }) => lastError, shrinkTo: 16 },
];

const cursorColumns = (context: CommandContext): Column<CursorRow>[] => [
  { title: 'destination', value: ({ destination }) => destination },
  { title: 'kind', value: ({ kind }) => kind },
  { title: 'confirmed up to', value: ({ position }) => (position === '' ? 'nothing yet' : position) },
  { title: 'moved', value: (cursor) => context.formatTime(cursor.moved_at) },
  { title: 'configured', value: ({ active }) => (active === 1 ? 'yes' : 'no') },
];

const LETTER_COLUMNS: readonly Column<DeadLetterRow>[] = [
  { title: 'destination', value: ({ destination }) => destination },
  { title: 'kind', value: ({ kind }) => kind },
  { title: 'uid', value: ({ uid }) => uid },
  { title: 'state', value: ({ state }) => state },
  { title: 'tries', align: 'right', value: ({ attempts }) => formatCount(attempts) },
  { title: 'code', value: ({ code }) => code },
  { title: 'cause', value: ({ cause }) => cause, shrinkTo: 16 },
];

const hourColumns = (context: CommandContext): Column<HourRow>[] => [
  { title: 'hour', value: ({ hour }) => context.formatTime(hour) },
  { title: 'destination', value: ({ destination }) => destination },
  { title: 'kind', value: ({ kind }) => kind },
  { title: 'sent', align: 'right', value: ({ sent }) => formatCount(sent) },
  { title: 'confirmed', align: 'right', value: ({ confirmed }) => formatCount(confirmed) },
  { title: 'dead', align: 'right', value: ({ dead }) => formatCount(dead) },
  { title: 'filtered', align: 'right', value: ({ filtered }) => formatCount(filtered) },
  { title: 'bytes', align: 'right', value: ({ bytes }) => formatBytes(bytes) },
];

function printStatusJson(context: CommandContext, { cursors, letters, gaps, live }: StatusParts): void {
  const at = (time: number): string | null => (time === 0 ? null : new Date(time).toISOString());
  for (const { lastSentAt, lastError, lagSeconds, ...rest } of live) {
    context.printJson({
      ...prefixed('destination', rest),
      'ascribe.forward.lag_seconds': lagSeconds,
      'ascribe.forward.last_sent': at(lastSentAt),
      'error.message': lastError === '' ? undefined : lastError,
    });
  }
  for (const { moved_at: moved, active, ...rest } of cursors) {
    const named = { ...rest, active: active === 1 };
    context.printJson({ ...prefixed('cursor', named), 'ascribe.forward.moved': at(moved) });
  }
  for (const { failed_at: failed, cause, code, num: _num, ...rest } of letters) {
    context.printJson({
      ...prefixed('dead_letter', rest),
      'error.code': code,
      'error.message': cause,
      'ascribe.forward.failed': at(failed),
    });
  }
  for (const gap of gaps) context.printJson(gapJson(gap));
}

function gapJson({ num: _num, recorded_at: recorded, ...rest }: GapRow): { readonly [key: string]: JsonValue } {
  return { ...prefixed('gap', rest), 'ascribe.forward.recorded': new Date(recorded).toISOString() };
}

function hourJson({ hour, ...rest }: HourRow): { readonly [key: string]: JsonValue } {
  return { '@timestamp': new Date(hour).toISOString(), ...prefixed('hour', rest) };
}

function prefixed(
  about: string,
  members: Readonly<Record<string, string | number | boolean>>,
): { readonly [key: string]: JsonValue } {
  const entries = Object.entries(members).map(([key, value]) => [`ascribe.forward.${key}`, value]);
  return { 'ascribe.forward': about, ...(Object.fromEntries(entries) as Record<string, JsonValue>) };
}

/** What the running daemon says of its destinations; nothing when none runs. */
function liveStatus(context: CommandContext): readonly DestinationStatus[] {
  const found = readStatus(context.dataDirectory, context.io.now());
  return found?.state === 'running' ? (found.status.forward ?? []) : [];
}

function withDatabase(context: CommandContext, work: (database: ForwardDatabase) => CommandResult): CommandResult {
  const { forward } = dataLayout(requireDataDirectory(context));
  const database = ForwardDatabase.openExisting(forward);
  if (database === undefined) {
    throw new CommandError(
      'nothing_forwarded',
      'nothing was ever forwarded from here (forward: in the configuration)',
      EXIT.nothing,
    );
  }
  try {
    return work(database);
  } finally {
    database.close();
  }
}
