import type { SessionRow } from '../../store/queries/sessions';
import type { TimeFormat } from '../output/time';
import type { TapKind } from './fact-of-row';
import { bytes, endpoint, protocolName, words } from './sessions-answer';

/** One fact as one line for people, unescaped: time, device, kind, what it says, journal record. */
export function factLine(kind: TapKind, row: SessionRow, formatTime: TimeFormat): string {
  const time = kind === 'flow' ? (row['end'] ?? row['received_at']) : row['observed_at'];
  const device = words(kind === 'flow' ? row['exporter_ip'] : row['device']);
  const stamp = typeof time === 'number' && Math.abs(time) <= 8.64e15 ? formatTime(time) : '-';
  return `${stamp}  ${device}  ${kind}  ${what(kind, row)}  #${words(row['raw_seq'])}`;
}

function what(kind: TapKind, row: SessionRow): string {
  switch (kind) {
    case 'flow':
      return `${pair(row)}  ${transport(row)}  ${bytes(row['bytes'])}`;
    case 'session_log':
      return joined(words(row['action']), pair(row), transport(row), translation(row), words(row['rule_name']));
    case 'binding':
      return `${words(row['relation'])}  ${words(row['key'])} = ${words(row['value'])}  ${words(row['state'])}`;
    case 'event':
      return joined(
        words(row['action']),
        words(row['outcome']),
        words(row['user']),
        endpoint(row, 'src'),
        words(row['command']) || words(row['message']),
      );
    case 'inventory':
      return joined(words(row['kind']), words(row['item_id']), words(row['name']));
    case 'config_line':
      return `${words(row['config_version'])}:${words(row['line_number'])}  ${words(row['text'])}`;
    case 'gap':
      return joined(words(row['kind']), `${words(row['missing'])} ${words(row['unit'])}`.trim(), words(row['detail']));
    case 'rejected':
      return joined(words(row['reason']), words(row['detail']));
  }
}

function pair(row: SessionRow): string {
  return `${endpoint(row, 'src') || '-'} -> ${endpoint(row, 'dst') || '-'}`;
}

function transport(row: SessionRow): string {
  return row['protocol'] === null ? '' : protocolName(row);
}

function translation(row: SessionRow): string {
  const source = endpoint(row, 'nat_src');
  return source === '' ? '' : `as ${source}`;
}

function joined(...parts: string[]): string {
  return parts.filter((part) => part !== '').join('  ');
}
