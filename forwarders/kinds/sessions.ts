import { type ChangedRow, ChangeFeed } from '../../store/queries/changes';
import { PROTOCOL_NAMES } from '../../store/queries/protocol-names';
import { SESSION_ECS_COLUMNS } from '../../store/queries/session-ecs.data';
import type { ForwardRecord, RecordKind } from '../contract';
import { ChangeSource } from './change-source';
import { type Draft, isoTime, set, setColumns, total } from './columns';
import { uidOf } from './uid';

/** Sessions, each again whenever it changed. */
export const sessionKind: RecordKind = {
  name: 'sessions',
  summary: 'sessions; one that changes is sent again with the same id',
  settleMs: 5000,
  open: (places) => new ChangeSource({ places, feed: (db) => ChangeFeed.ofSessions(db), record: sessionRecord }),
};

const COLUMNS = Object.entries(SESSION_ECS_COLUMNS);

function sessionRecord(row: ChangedRow, instance: string): ForwardRecord {
  const id = String(row['id']);
  return {
    uid: uidOf(instance, 'session', id),
    revision: row.revision,
    kind: 'sessions',
    // The end: what looks at the last minutes must find a session that began long before.
    time: Number(row['end']),
    severity: 'info',
    ref: id,
    fields: sessionFields(row),
  };
}

/** ECS fields of a changed session. */
export function sessionFields(row: ChangedRow): Draft {
  const start = Number(row['start']);
  const end = Number(row['end']);
  const fields: Draft = {
    'event.kind': 'event',
    'event.category': ['network'],
    'event.type': TYPES[String(row['state'])] ?? ['connection'],
    'event.action': `session-${String(row['state'])}`,
    'event.start': isoTime(start) ?? '',
    'event.end': isoTime(end) ?? '',
    'event.duration': Math.round((end - start) * 1e6),
  };
  setColumns(fields, row, COLUMNS);
  const source = row['src_ip'];
  const protocol = row['protocol'];
  if (typeof source === 'string') fields['network.type'] = source.includes(':') ? 'ipv6' : 'ipv4';
  if (typeof protocol === 'number') set(fields, 'network.transport', PROTOCOL_NAMES[protocol]);
  set(fields, 'network.iana_number', protocol === null ? undefined : String(protocol));
  set(fields, 'network.bytes', total(row['src_bytes'], row['dst_bytes']));
  set(fields, 'network.packets', total(row['src_packets'], row['dst_packets']));
  const direction = row['network_direction'];
  set(fields, 'network.direction', direction === 'transit' ? 'external' : direction);
  set(fields, 'ascribe.direction_conflict', flag(row['direction_conflict']));
  set(fields, 'ascribe.handshake_room', flag(row['handshake_room']));
  set(fields, 'ascribe.session.cut', flag(row['cut']));
  fields['related.ip'] = relatedAddresses(row);
  return fields;
}

const TYPES: Readonly<Record<string, readonly string[]>> = {
  open: ['connection', 'start'],
  ended: ['connection', 'end'],
  denied: ['connection', 'denied'],
  attempt: ['connection', 'start'],
};

const ADDRESSES = ['src_ip', 'dst_ip', 'nat_src_ip', 'nat_dst_ip'];

function relatedAddresses(row: ChangedRow): string[] {
  const found: string[] = [];
  for (const column of ADDRESSES) {
    const address = row[column];
    if (typeof address === 'string' && !found.includes(address)) found.push(address);
  }
  return found;
}

function flag(value: unknown): boolean | undefined {
  return value === null || value === undefined ? undefined : value === 1;
}
