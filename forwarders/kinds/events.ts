import type { FactRow } from '../../store/facts/facts-reader';
import type { ForwardRecord, RecordKind } from '../contract';
import { type Draft, set, setColumns, severityOfSyslog } from './columns';
import { observedAt, setExtra, setFactBase } from './facts-fields';
import { FactsSource } from './facts-source';
import { uidOf } from './uid';

/** Logins, commands, configuration changes and whatever else happened on devices. */
export const eventKind: RecordKind = {
  name: 'events',
  summary: 'logins, commands, configuration changes, … on devices',
  settleMs: 250,
  retired: { store: 'facts', table: 'event_row' },
  open: (places) => new FactsSource({ places, table: 'event', counted: 'event_row', record }),
};

const COLUMNS = [
  ['action', 'event.action'],
  ['outcome', 'event.outcome'],
  ['code', 'event.code'],
  ['severity', 'event.severity'],
  ['user', 'user.name'],
  ['src_ip', 'source.ip'],
  ['src_port', 'source.port'],
  ['process', 'process.name'],
  ['command', 'process.command_line'],
  ['message', 'message'],
] as const;

/** ECS `event.type` of actions; everything else is `info`. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  login: ['start'],
  logout: ['end'],
  config_change: ['change'],
  command: ['access'],
};

function record(row: FactRow, ref: string, instance: string): ForwardRecord {
  const fields: Draft = {
    'event.kind': 'event',
    'event.category': [String(row['category'])],
    'event.type': TYPES[String(row['action'])] ?? ['info'],
  };
  setColumns(fields, row, COLUMNS);
  setFactBase(fields, row);
  setExtra(fields, row);
  set(fields, 'network.type', networkType(row['src_ip']));
  const severity = row['severity'] === null ? undefined : Number(row['severity']);
  return {
    uid: uidOf(instance, 'event', ref),
    kind: 'events',
    time: observedAt(row),
    severity: severityOfSyslog(severity),
    ref,
    fields,
  };
}

function networkType(address: unknown): string | undefined {
  if (typeof address !== 'string') return undefined;
  return address.includes(':') ? 'ipv6' : 'ipv4';
}
