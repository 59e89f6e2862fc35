import type { SyslogContext, SyslogMessage } from '../contract';
import { findCef, labelledValues, readCef } from '../grammar/cef';
import { offsetMinutes, stampTime, type DeviceTime } from '../grammar/device-time';
import { readKeyValues } from '../grammar/key-value';
import { epochTime } from '../time';
import { CEF_FIELDS, CEF_LABELS, CEF_PREFIXES, FIELD_ALIASES } from './fortigate.data';

/** FortiOS field name → text, whatever the format (default, csv, cef, rfc5424, json) they came in. */
export type FortigateFields = ReadonlyMap<string, string>;

/** Whether the text is FortiGate's: its log id and subtype in one of the formats. */
export function isFortigate(content: string): boolean {
  if (content.startsWith('{')) return content.includes('"logid"') && content.includes('"subtype"');
  if (content.includes('|Fortinet|Forti')) return isFortigateCef(content);
  if (!hasField(content, 'subtype')) return false;
  if (hasField(content, 'logid')) return true;
  if (hasField(content, 'log_id')) return content.includes('device_id=');
  // Filters take fields out, the log id among them.
  if (!hasField(content, 'type')) return false;
  return hasField(content, 'devid') || hasField(content, 'devname');
}

function isFortigateCef(content: string): boolean {
  const at = findCef(content);
  return (
    at >= 0 &&
    content
      .slice(at, at + 60)
      .toLowerCase()
      .includes('|fortinet|fortigate|')
  );
}

/** A field of that very name: at the start or behind a separator, not as the end of a longer name. */
function hasField(content: string, name: string): boolean {
  const wanted = `${name}=`;
  for (let at = content.indexOf(wanted); at >= 0; at = content.indexOf(wanted, at + 1)) {
    const before = at === 0 ? ' ' : content[at - 1];
    if (before === ' ' || before === ',' || before === '|') return true;
  }
  return false;
}

/** Reads the fields; empty when the text is none of the formats. */
export function fortigateFields(message: SyslogMessage): FortigateFields {
  const { content } = message;
  const fields = content.startsWith('{')
    ? jsonFields(content)
    : content.includes('|Fortinet|Forti')
      ? cefFields(content)
      : readKeyValues(trimmed(content), { separator: 'auto' });
  for (const [alias, field] of FIELD_ALIASES) {
    const value = fields.get(alias);
    if (value !== undefined && !fields.has(field)) fields.set(field, value);
  }
  addOldTranslation(fields);
  return fields;
}

/** FortiOS 4: `tran_ip` is the destination's translation, and the source's where `tran_disp` names that one alone. */
function addOldTranslation(fields: Map<string, string>): void {
  const address = fields.get('tran_ip');
  if (address === undefined) return;
  const sourceAlone = fields.get('trandisp') === 'snat' && !fields.has('transip');
  fields.set(sourceAlone ? 'transip' : 'tranip', address);
  const number = fields.get('tran_port');
  if (number !== undefined) fields.set(sourceAlone ? 'transport' : 'tranport', number);
}

/** Some relays leave a bar behind the message. */
function trimmed(content: string): string {
  return content.trimEnd().endsWith('|') ? content.trimEnd().slice(0, -1) : content;
}

function jsonFields(content: string): Map<string, string> {
  const out = new Map<string, string>();
  let parsed: unknown;
  try {
    parsed = JSON.parse(content.trim());
  } catch {
    return out;
  }
  if (typeof parsed !== 'object' || parsed === null) return out;
  for (const [key, value] of Object.entries(parsed)) {
    if (typeof value === 'string' || typeof value === 'number') out.set(key, String(value));
  }
  return out;
}

// Maps, because looking a slice of the text up in an object makes a name of it first.
const NAMES: ReadonlyMap<string, string> = new Map(Object.entries(CEF_FIELDS));
const LABELS: ReadonlyMap<string, string> = new Map(Object.entries(CEF_LABELS));

function cefFields(content: string): Map<string, string> {
  const out = new Map<string, string>();
  const cef = readCef(content);
  if (cef === undefined) return out;
  for (const [label, value] of labelledValues(cef.extension)) {
    const field = LABELS.get(label);
    if (field !== undefined) out.set(field, value);
  }
  for (const [key, value] of cef.extension) {
    const field = cefField(key);
    if (field !== undefined && !out.has(field)) out.set(field, value);
  }
  const [type, subtype] = (cef.extension.get('cat') ?? '').split(':');
  if (type !== undefined && type !== '' && !out.has('type')) out.set('type', type);
  if (subtype !== undefined && !out.has('subtype')) out.set('subtype', subtype);
  const user = out.get('duser');
  if (user !== undefined && !out.has('user') && type !== 'traffic') out.set('user', user);
  else if (user !== undefined && type === 'traffic') out.set('dstuser', user);
  return out;
}

/** The FortiOS name of a CEF key; undefined for the `csN` family, which its labels name. */
function cefField(key: string): string | undefined {
  const known = NAMES.get(key);
  if (known !== undefined) return known;
  const prefix = CEF_PREFIXES.find((candidate) => key.startsWith(candidate));
  if (prefix !== undefined) return key.slice(prefix.length);
  return key.startsWith('cs') || key.startsWith('cn') || key === 'cat' ? undefined : key;
}

/**
 * Time of the log: `eventtime` (s, ms or ns by its digits), else `date` and `time` in `tz`, else in the configured zone.
 */
export function fortigateTime(fields: FortigateFields, context: SyslogContext): DeviceTime | undefined {
  const ms = epochTime(fields.get('eventtime') ?? '');
  if (ms !== undefined) return { ms, quality: 'ok' };
  const date = fields.get('date');
  const time = fields.get('time');
  if (date === undefined || time === undefined) return undefined;
  const offset = offsetMinutes(fields.get('tz'));
  if (offset === undefined) return stampTime(`${date} ${time}`, context);
  const local = stampTime(`${date} ${time}Z`, context);
  return local === undefined ? undefined : { ms: local.ms - offset * 60_000, quality: 'ok' };
}
