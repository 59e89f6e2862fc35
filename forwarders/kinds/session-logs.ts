import type { FactRow } from '../../store/facts/facts-reader';
import { PROTOCOL_NAMES } from '../../store/queries/protocol-names';
import type { ForwardRecord, RecordKind } from '../contract';
import { type Draft, ecsMac, set, setColumns, total } from './columns';
import { observedAt, setExtra, setFactBase, setTime } from './facts-fields';
import { FactsSource } from './facts-source';
import { uidOf } from './uid';

/** Firewalls' own accounts of sessions and decisions. */
export const sessionLogKind: RecordKind = {
  name: 'session_logs',
  summary: "firewalls' own records of sessions and decisions",
  settleMs: 250,
  retired: { store: 'facts', table: 'session_log_row' },
  open: (places) => new FactsSource({ places, table: 'session_log', counted: 'session_log_row', record }),
};

const endpoint = (column: string, side: string): [string, string][] => [
  [`${column}_ip`, `${side}.ip`],
  [`${column}_port`, `${side}.port`],
  [`nat_${column}_ip`, `${side}.nat.ip`],
  [`nat_${column}_port`, `${side}.nat.port`],
  [`${column}_bytes`, `${side}.bytes`],
  [`${column}_packets`, `${side}.packets`],
  [`${column}_user`, `${side}.user.name`],
  [`${column}_mac`, `${side}.mac`],
  [`${column}_domain`, `${side}.domain`],
];

const COLUMNS: readonly (readonly [string, string])[] = [
  ['action', 'event.action'],
  ['outcome', 'event.outcome'],
  ['code', 'event.code'],
  ['reason', 'event.reason'],
  ['duration_ns', 'event.duration'],
  ...endpoint('src', 'source'),
  ...endpoint('dst', 'destination'),
  ['application', 'network.application'],
  ['rule_name', 'rule.name'],
  ['rule_id', 'rule.id'],
  ['ingress_interface', 'observer.ingress.interface.name'],
  ['egress_interface', 'observer.egress.interface.name'],
  ['ingress_zone', 'observer.ingress.zone'],
  ['egress_zone', 'observer.egress.zone'],
  ['user', 'user.name'],
  ['icmp_type', 'ascribe.icmp_type'],
  ['icmp_code', 'ascribe.icmp_code'],
  ['direction_source', 'ascribe.direction_source'],
  ['session_key', 'ascribe.session_key'],
];

/** ECS `event.type` of what the device did. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  start: ['connection', 'start'],
  end: ['connection', 'end'],
  allowed: ['connection', 'allowed'],
  denied: ['connection', 'denied'],
};

function record(row: FactRow, ref: string, instance: string): ForwardRecord {
  const fields: Draft = {
    'event.kind': 'event',
    'event.category': ['network'],
    'event.type': TYPES[String(row['action'])] ?? ['connection'],
  };
  setColumns(fields, row, COLUMNS);
  for (const side of ['source.mac', 'destination.mac']) set(fields, side, ecsMac(fields[side]));
  setTime(fields, 'event.start', row['start']);
  setTime(fields, 'event.end', row['end']);
  if (row['protocol'] !== null) {
    set(fields, 'network.iana_number', String(row['protocol']));
    set(fields, 'network.transport', PROTOCOL_NAMES[Number(row['protocol'])]);
  }
  set(fields, 'network.bytes', row['bytes'] ?? bothCounted(row, 'bytes'));
  set(fields, 'network.packets', row['packets'] ?? bothCounted(row, 'packets'));
  const addresses = ['src_ip', 'dst_ip', 'nat_src_ip', 'nat_dst_ip'].map((column) => row[column]);
  const related = [...new Set(addresses.filter((address) => typeof address === 'string'))];
  if (related.length > 0) fields['related.ip'] = related;
  setFactBase(fields, row);
  setExtra(fields, row);
  const time = observedAt(row);
  return { uid: uidOf(instance, 'session_log', ref), kind: 'session_logs', time, severity: 'info', ref, fields };
}

/** The sum, where the device counted both directions. */
function bothCounted(row: FactRow, what: string): number | bigint | undefined {
  const [src, dst] = [row[`src_${what}`], row[`dst_${what}`]];
  return src === null || dst === null ? undefined : total(src, dst);
}
