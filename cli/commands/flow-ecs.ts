import { FLOW_COLUMNS, FLOW_TIME_SOURCES, SAMPLING_SOURCES } from '../../normalizer/model/flow-columns.data';
import { flowParserName } from '../../normalizer/model/ecs';
import { PROTOCOL_NAMES } from '../../normalizer/model/protocol-names.data';
import type { SessionRow } from '../../store/queries/sessions';
import type { JsonValue } from '../output/ndjson';
import { isoTime, plain } from './session-ecs';

/** A row of the `flow` view as one ECS object, named as `parse flow --json` names it. NULL columns are left out. */
export function flowEcs(row: SessionRow): Record<string, JsonValue> {
  const members: [string, JsonValue][] = [
    ['ascribe.fact', 'flow'],
    ...Object.values(FLOW_COLUMNS).flatMap(({ kind, sql, ecs }): [string, JsonValue][] =>
      ecs === undefined ? [] : [[ecs, columnValue(kind, sql, row)]],
    ),
    ['ascribe.time_source', word(FLOW_TIME_SOURCES, row['time_source'])],
    ['network.transport', PROTOCOL_NAMES[Number(row['protocol'] ?? -1)]],
    ['event.created', timeOf(row['received_at'])],
    ['observer.ip', plain(row['exporter_ip'])],
    ['ascribe.exporter.domain', plain(row['domain'])],
    ['ascribe.template', plain(row['template_id'])],
    ['ascribe.parser', flowParserName(Number(row['version']))],
    ['ascribe.raw_seq', plain(row['raw_seq'])],
    ['ascribe.ordinal', plain(row['ordinal'])],
    ...extras(row['extra']),
  ];
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

function columnValue(kind: string, sql: string, row: SessionRow): JsonValue {
  if (sql === 'sampling_source') return word(SAMPLING_SOURCES, row[sql]);
  switch (kind) {
    case 'addr':
      return plain(row[`${sql}_ip`]);
    case 'mac':
      return plain(row[`${sql}_text`]);
    case 'ms':
      return timeOf(row[sql], row[`${sql}_us`]);
    default:
      return plain(row[sql]);
  }
}

function word(words: readonly (string | undefined)[], value: SessionRow[string] | undefined): JsonValue {
  return typeof value === 'number' ? words[value] : undefined;
}

function timeOf(value: SessionRow[string] | undefined, micros?: SessionRow[string]): string | undefined {
  if (typeof value !== 'number' || Math.abs(value) > 8.64e15) return undefined;
  const text = isoTime(value);
  return typeof micros === 'number' ? `${text.slice(0, -1)}${String(micros).padStart(3, '0')}Z` : text;
}

function extras(json: SessionRow[string] | undefined): [string, JsonValue][] {
  if (typeof json !== 'string') return [];
  return Object.entries(JSON.parse(json) as Record<string, JsonValue>).map(([key, value]) => [
    `ascribe.flow.${key}`,
    value,
  ]);
}
