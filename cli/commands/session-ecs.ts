import { PROTOCOL_NAMES } from '../../normalizer/model/protocol-names.data';
import { SESSION_ECS_COLUMNS } from '../../store/queries/session-ecs.data';
import type { SessionRow } from '../../store/queries/sessions';
import type { JsonValue } from '../output/ndjson';

/** Columns of its verdict, where they stand beside it. */
const VERDICT_ECS_COLUMNS: Readonly<Record<string, string>> = {
  status: 'ascribe.verdict.status',
  confidence: 'ascribe.verdict.confidence',
  owner_kind: 'ascribe.owner.kind',
  owner_id: 'ascribe.owner.id',
  owner_name: 'ascribe.owner.name',
  owner_host: 'ascribe.owner.host',
  source_ip: 'ascribe.source.ip',
  source_port: 'ascribe.source.port',
  leg_of: 'ascribe.session.leg_of',
};

/** A row of the `session` view as one ECS object; what ECS lacks is under `ascribe.*`. NULL columns are left out. */
export function sessionEcs(row: SessionRow): Record<string, JsonValue> {
  const names = { ...SESSION_ECS_COLUMNS, ...VERDICT_ECS_COLUMNS };
  const ecs = Object.entries(names).map(([column, name]) => [name, plain(row[column])]);
  const start = Number(row['start']);
  const end = Number(row['end']);
  return withoutNull({
    '@timestamp': isoTime(start),
    'event.kind': 'event',
    'event.category': 'network',
    'event.start': isoTime(start),
    'event.end': isoTime(end),
    'event.duration': Math.round((end - start) * 1e6),
    'network.transport': PROTOCOL_NAMES[Number(row['protocol'])],
    'network.bytes': sum(row['src_bytes'], row['dst_bytes']),
    'network.packets': sum(row['src_packets'], row['dst_packets']),
    'network.direction': row['network_direction'] === 'transit' ? 'external' : plain(row['network_direction']),
    ...Object.fromEntries(ecs),
    'ascribe.verdict.reasons': codes(row['reasons']),
    'ascribe.direction_conflict': flag(row['direction_conflict']),
    'ascribe.handshake_room': flag(row['handshake_room']),
    'ascribe.session.cut': flag(row['cut']),
  });
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** Both directions together; absent where neither was counted. */
export function sum(left: SessionRow[string] | undefined, right: SessionRow[string] | undefined): JsonValue {
  const counts = [left, right].filter((count) => typeof count === 'number' || typeof count === 'bigint');
  return counts.length === 0 ? undefined : counts.reduce<bigint>((total, count) => total + BigInt(count), 0n);
}

/** NULL and '' mean that there is nothing to say. */
export function plain(value: SessionRow[string] | undefined): JsonValue {
  if (value === null || value === '' || Buffer.isBuffer(value)) return undefined;
  return value;
}

function codes(value: SessionRow[string] | undefined): readonly string[] | undefined {
  return typeof value === 'string' && value !== '' ? value.split(' ') : undefined;
}

function flag(value: SessionRow[string] | undefined): boolean | undefined {
  return value === null || value === undefined ? undefined : value === 1;
}

function withoutNull(members: Record<string, JsonValue>): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
