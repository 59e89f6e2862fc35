import { PROTOCOL_NAMES } from '../../normalizer/model/protocol-names.data';
import { findSessions, hasSessions, type SessionFilter, type SessionRow } from '../../store/queries/sessions';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { EXIT } from '../exit-codes';
import type { Column } from '../output/table';
import { counted, formatBytes, formatDuration } from '../output/units';
import { readAnalysis } from './analysis';
import { sessionEcs } from './session-ecs';

/** Answers `sessions`. */
export function listSessions(context: CommandContext, filter: SessionFilter): CommandResult {
  const { rows, any } = readAnalysis(context, (db) => {
    const found = findSessions(db, filter);
    return { rows: found, any: found.length > 0 || hasSessions(db) };
  });
  if (context.json) for (const row of rows) context.printJson(sessionEcs(row));
  else if (rows.length > 0) context.printTable(rows, sessionColumns(context));
  if (rows.length === 0) {
    context.note(
      any
        ? 'no session matched'
        : 'no session yet: sessions are made of flow records (NetFlow, IPFIX, sFlow), which logs prove and translate',
    );
    return EXIT.nothing;
  }
  if (rows.length === filter.limit) context.note(`the latest ${counted(rows.length, 'session')}; --limit shows more`);
  return EXIT.done;
}

/** Columns of a list of sessions. */
export function sessionColumns(context: CommandContext): readonly Column<SessionRow>[] {
  return [
    { title: 'began', value: (row) => toSeconds(context.formatTime(Number(row['start']))) },
    { title: 'lasted', align: 'right', value: (row) => formatDuration(Number(row['end']) - Number(row['start'])) },
    { title: 'source', value: (row) => endpoint(row, 'src'), shrinkTo: 16 },
    { title: 'destination', value: (row) => endpoint(row, 'dst'), shrinkTo: 16 },
    { title: 'proto', value: (row) => protocolName(row) },
    { title: 'service', value: (row) => words(row['service']), shrinkTo: 6 },
    { title: 'direction', value: (row) => words(row['network_direction']) },
    {
      title: 'encrypted',
      value: (row) => words(row['encrypted']),
      paint: (text, row, style) => (row['encrypted'] === 'yes' ? style.good(text) : text),
    },
    { title: 'state', value: (row) => words(row['state']) },
    { title: 'owner', value: (row) => ownerText(row), shrinkTo: 12 },
    { title: 'verdict', value: (row) => words(row['status']), paint: paintStatus },
    { title: 'sure', align: 'right', value: (row) => share(row['confidence']) },
    { title: 'sent', align: 'right', value: (row) => bytes(row['src_bytes']) },
    { title: 'received', align: 'right', value: (row) => bytes(row['dst_bytes']) },
    { title: 'session', value: (row) => words(row['id']) },
  ];
}

/** `web-1`, with the host where it ran; '-' for nobody. */
export function ownerText(row: SessionRow): string {
  const kind = words(row['owner_kind']);
  if (kind === '') return '';
  if (kind === 'unknown') return '-';
  const [name, host] = [words(row['owner_name']), words(row['owner_host'])];
  return kind === 'vm' && host !== '' ? `${name} @ ${host}` : name;
}

/** A weight as people say it: `97 %`. */
export function share(weight: SessionRow[string] | undefined): string {
  return typeof weight === 'number' ? `${Math.floor(weight * 100)} %` : '';
}

export const paintStatus: NonNullable<Column<SessionRow>['paint']> = (text, row, style) => {
  if (row['status'] === 'attributed') return style.good(text);
  return row['status'] === 'ambiguous' ? style.warn(text) : text;
};

/** `10.0.0.5:50000`, `[2001:db8::1]:443`; the address alone where there are no ports. */
export function endpoint(row: SessionRow, side: string): string {
  const address = words(row[`${side}_ip`]);
  const port = row[`${side}_port`];
  if (typeof port !== 'number') return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

export function protocolName(row: SessionRow): string {
  const number = Number(row['protocol']);
  return PROTOCOL_NAMES[number] ?? String(number);
}

/** Nobody counted: `-`, which is not 0. */
export function bytes(count: SessionRow[string] | undefined): string {
  return typeof count === 'number' || typeof count === 'bigint' ? formatBytes(count) : '-';
}

/** Times in a list are for people: the fraction is in `session` and `--json`. */
export function toSeconds(time: string): string {
  return time.replace(/\.\d{3}/u, '');
}

/** Text of a column; empty for NULL. */
export function words(value: SessionRow[string] | undefined): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}
