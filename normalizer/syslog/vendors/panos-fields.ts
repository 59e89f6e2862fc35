import type { SyslogContext } from '../contract';
import { labelledValues, readCef } from '../grammar/cef';
import { readCsvLine } from '../grammar/csv-line';
import { stampTime, type DeviceTime } from '../grammar/device-time';
import { readLeef } from '../grammar/leef';
import { count } from '../grammar/values';
import {
  AUDIT_COLUMNS,
  CEF_COLUMNS,
  CEF_LABELS,
  COMMON_COLUMNS,
  CONFIG_CUSTOM_COLUMNS,
  LEEF_COLUMNS,
  LOG_COLUMNS,
  OTHER_TYPES,
  SERVICE_CEF_COLUMNS,
  TYPE_ALIASES,
} from './panos.data';

/** PAN-OS variable name → text, whatever the format (CSV, CEF, LEEF) they came in; undefined for an empty column. */
export type PanosFields = Pick<ReadonlyMap<string, string>, 'get'>;

/** Columns by name without a map for each line: the columns of a log type stand still. */
class ColumnFields implements PanosFields {
  readonly #places: ReadonlyMap<string, number>;
  readonly #values: readonly string[];
  readonly #type: string;

  constructor(places: ReadonlyMap<string, number>, values: readonly string[], type: string) {
    this.#places = places;
    this.#values = values;
    this.#type = type;
  }

  get(name: string): string | undefined {
    if (name === 'type') return this.#type;
    const place = this.#places.get(name);
    const value = place === undefined ? undefined : this.#values[place];
    if (name === 'high_res_timestamp' && !isRfc3339(value)) return this.#values.slice(-TAIL).find(isRfc3339);
    return value === '' ? undefined : value;
  }
}

/** Releases add columns in front of the last ones, among which the time of high resolution stays. */
const TAIL = 6;

function isRfc3339(value: string | undefined): boolean {
  return value !== undefined && value.length >= 20 && value[4] === '-' && value[10] === 'T';
}

const TYPES: ReadonlySet<string> = new Set([...Object.keys(LOG_COLUMNS), ...OTHER_TYPES]);

/** Types that are also subtypes of traffic logs. */
const TUNNEL_TYPES: ReadonlySet<string> = new Set(['START', 'END']);

/** Third column of the audit log of administrators, which has columns of its own. */
const AUDIT = ',audit,';

/** Whether the text is a PAN-OS log: a date in the second column and a known type in the fourth, or its CEF or LEEF header. */
export function isPanos(content: string): boolean {
  if (content.startsWith('CEF:') || content.startsWith('LEEF:')) return content.includes('|Palo Alto Networks|');
  const first = content.indexOf(',');
  if (first < 0 || first > 24 || !isDateStart(content, first + 1)) return false;
  const second = content.indexOf(',', first + 1);
  if (content.startsWith(AUDIT, second)) return true;
  const third = second < 0 ? -1 : content.indexOf(',', second + 1);
  const fourth = third < 0 ? -1 : content.indexOf(',', third + 1);
  return fourth > 0 && fourth - third < 20 && TYPES.has(content.slice(third + 1, fourth));
}

function isDateStart(text: string, at: number): boolean {
  return text[at] === '2' && text[at + 1] === '0' && (text[at + 4] === '/' || text[at + 4] === '-');
}

/** Reads the fields; empty when the text is none of the formats. */
export function panosFields(content: string): PanosFields {
  if (content.startsWith('CEF:')) return cefFields(content);
  if (content.startsWith('LEEF:')) return leefFields(content);
  const values = readCsvLine(content, 0, true);
  if (values[2] === 'audit') return new ColumnFields(AUDIT_PLACES, values, 'AUDIT');
  const stated = values[TYPE_COLUMN] ?? '';
  const type = TYPE_ALIASES[stated] ?? stated;
  const custom = type === 'CONFIG' && isCustomConfig(values);
  return new ColumnFields(custom ? CONFIG_CUSTOM_PLACES : (PLACES.get(type) ?? COMMON_PLACES), values, type);
}

const TYPE_COLUMN = COMMON_COLUMNS.indexOf('type');
const AUDIT_PLACES = placesOf(AUDIT_COLUMNS);
const COMMON_PLACES = placesOf(COMMON_COLUMNS);
const CONFIG_CUSTOM_PLACES = placesOf([...COMMON_COLUMNS, ...CONFIG_CUSTOM_COLUMNS]);
const PLACES: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map(
  Object.entries(LOG_COLUMNS).map(([type, columns]) => [type, placesOf([...COMMON_COLUMNS, ...columns])]),
);

/** Place of each named column. */
function placesOf(columns: readonly string[]): ReadonlyMap<string, number> {
  return new Map(columns.map((name, place): [string, number] => [name, place]).filter(([name]) => name !== ''));
}

/** In the default format column 15 is the sequence number and column 16 the flags (`0x…`). */
function isCustomConfig(values: readonly string[]): boolean {
  return count(values[14]) === undefined && values.length >= 17 && (values[17] ?? '').startsWith('0x');
}

function cefFields(content: string): PanosFields {
  const out = new Map<string, string>();
  const cef = readCef(content, 0);
  if (cef === undefined) return out;
  // The firewall's template has `subtype|type`; that of the logging service and older ones `type|subtype`.
  const swapped = TYPES.has(cef.name.toUpperCase()) && !TUNNEL_TYPES.has(cef.name.toUpperCase());
  out.set('type', (swapped ? cef.name : cef.classId).toUpperCase());
  out.set('subtype', (swapped ? cef.classId : cef.name).toLowerCase());
  for (const [label, value] of labelledValues(cef.extension)) {
    const column = CEF_LABELS[label];
    if (column !== undefined && value !== '') out.set(column, value);
  }
  const columns = cef.product === 'PAN-OS' ? CEF_COLUMNS : SERVICE_CEF_COLUMNS;
  for (const [key, value] of cef.extension) {
    const column = columns[key];
    if (column !== undefined && value !== '') out.set(column, value);
  }
  // The logging service states the zone of all times once.
  const zone = cef.extension.get('dtz') === 'UTC' ? ' UTC' : '';
  const time = cef.extension.get('start') ?? cef.extension.get('rt');
  if (time !== undefined) out.set('cef_time', `${time}${zone}`);
  const begin = out.get('start');
  if (begin !== undefined) out.set('start', monthNameStamp(begin));
  return out;
}

function leefFields(content: string): PanosFields {
  const out = new Map<string, string>();
  const leef = readLeef(content, 0);
  if (leef === undefined) return out;
  for (const [key, value] of leef.attributes) {
    const column = LEEF_COLUMNS[key];
    if (column !== undefined && value !== '') out.set(column, unquoted(value));
  }
  const time = leef.attributes.get('devTime');
  if (time !== undefined) out.set('cef_time', time);
  return out;
}

function unquoted(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Time of the log and the zone suffix that its other times are to be read in. The high-resolution time carries the zone;
 * some types leave it at 1970, then it is not used.
 */
export function panosTime(
  fields: PanosFields,
  context: SyslogContext,
): { readonly time: DeviceTime | undefined; readonly zone: string } {
  const written = stampTime(fields.get('time_generated') ?? fields.get('receive_time'), context);
  const shift = written?.quality === 'no_zone' ? headerShift(written.ms, context) : undefined;
  const generated: DeviceTime | undefined =
    written === undefined || shift === undefined ? written : { ms: written.ms - shift * MINUTE, quality: 'ok' };
  const precise = fields.get('high_res_timestamp')?.trim();
  const exact = stampTime(precise, context);
  if (precise !== undefined && exact?.quality === 'ok' && exact.ms > 0 && new Date(exact.ms).getUTCFullYear() > 1970) {
    return { time: exact, zone: zoneSuffix(precise) };
  }
  const cef = fields.get('cef_time');
  const stated = cef === undefined ? undefined : stampTime(monthNameStamp(cef), context);
  if (stated !== undefined) return { time: stated, zone: stated.quality === 'ok' ? zoneOfOthers(written, stated) : '' };
  return { time: generated, zone: shift === undefined ? '' : offsetSuffix(shift) };
}

/** LEEF has the same time in the device's zone beside the stated one; the difference is the zone of its other times. */
function zoneOfOthers(written: DeviceTime | undefined, stated: DeviceTime): string {
  if (written?.quality !== 'no_zone') return 'Z';
  const minutes = Math.round((written.ms - stated.ms) / (15 * MINUTE)) * 15;
  return Math.abs(minutes) <= 14 * 60 ? offsetSuffix(minutes) : '';
}

const MINUTE = 60_000;
/** Logs leave the device at most this long after they were made. */
const LATE = 10 * MINUTE;

/**
 * A header that states its zone shows which zone the CSV's times are in: minutes east of UTC, in half hours. Undefined where
 * the header states none, the settings do, or the two do not fit.
 */
function headerShift(writtenMs: number, { base, settings }: SyslogContext): number | undefined {
  if (base.timeQuality !== 'ok' || settings.timezone !== undefined) return undefined;
  const ahead = writtenMs - base.observedAt;
  const minutes = Math.round(ahead / (30 * MINUTE)) * 30;
  const late = minutes * MINUTE - ahead;
  return Math.abs(minutes) <= 14 * 60 && late >= -MINUTE && late <= LATE ? minutes : undefined;
}

/** `+01:00` of minutes east of UTC. */
function offsetSuffix(minutes: number): string {
  const size = Math.abs(minutes);
  const pair = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${pair(Math.floor(size / 60))}:${pair(size % 60)}`;
}

function zoneSuffix(stamp: string): string {
  if (stamp.endsWith('Z')) return 'Z';
  const sign = Math.max(stamp.lastIndexOf('+'), stamp.lastIndexOf('-'));
  return sign > 10 ? stamp.slice(sign) : '';
}

/** `Mar 01 2021 20:48:21 [GMT]` as `2021-03-01 20:48:21[GMT]`. */
function monthNameStamp(text: string): string {
  const [month = '', day = '', year = '', clock = '', zone = ''] = text.trim().split(' ');
  const number = MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1;
  return number === 0 ? text : `${year}-${number}-${day} ${clock}${zone === 'UTC' || zone === 'GMT' ? 'Z' : ''}`;
}
