import type { BindingRowFound } from '../../store/queries/bindings';
import type { JsonValue } from '../output/ndjson';
import { isoTime, plain } from './session-ecs';

const TIMES = ['valid_from_lo', 'valid_from_hi', 'valid_to_lo', 'valid_to_hi', 'first_observed', 'last_observed'];
const RECORDED = ['recorded_at', 'last_recorded_at', 'end_recorded_at'];
const PLAIN = ['state', 'begin_source', 'end_source', 'observations', 'first_segment', 'last_segment', 'last_seq'];

/** A binding interval as one object; what ECS lacks is under `ascribe.*`. NULL columns are left out. */
export function bindingEcs(row: BindingRowFound): Record<string, JsonValue> {
  const members: [string, JsonValue][] = [
    ['@timestamp', timeOf(row['valid_from_hi'])],
    ['ascribe.fact', 'binding'],
    ['ascribe.relation', plain(row['relation'])],
    ['ascribe.key', plain(row['key'])],
    ['ascribe.value', plain(row['value'])],
    ['ascribe.destination', plain(row['destination'])],
    ['ascribe.scope', plain(row['scope'])],
    ['observer.name', plain(row['device'])],
    ['ascribe.parser', plain(row['parser'])],
    ['ascribe.raw_seq', plain(row['first_seq'])],
    ...[...TIMES, ...RECORDED].map((column): [string, JsonValue] => [`ascribe.binding.${column}`, timeOf(row[column])]),
    ...PLAIN.map((column): [string, JsonValue] => [`ascribe.binding.${column}`, plain(row[column])]),
  ];
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

/** RFC 3339; nothing for what no calendar holds. */
function timeOf(value: BindingRowFound[string] | undefined): string | undefined {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15 ? isoTime(value) : undefined;
}
