import type { SyslogContext, SyslogMessage } from '../contract';
import { findCef, labelledValues, readCef } from '../grammar/cef';
import { readCheckpointList } from '../grammar/checkpoint-list';
import { stampTime, type DeviceTime } from '../grammar/device-time';
import { findLeef, readLeef } from '../grammar/leef';
import { epochTime } from '../time';
import { CEF_LABELS, FIELD_ALIASES } from './checkpoint.data';

/** Check Point field name → text, whatever the format (syslog, CEF, LEEF, splunk, generic, JSON) they came in. */
export type CheckpointFields = ReadonlyMap<string, string>;

const ALIASES = Object.entries(FIELD_ALIASES);

/** SD-ID of the syslog that gateways and SmartView write themselves; 2620 is Check Point's enterprise number. */
const SD_ID = 'Fields@1.3.6.1.4.1.2620';

/** Whether the message is Check Point's. */
export function isCheckpoint(message: SyslogMessage): boolean {
  const { content } = message;
  if (content.startsWith('CEF:') || content.startsWith('LEEF:')) return content.includes('|Check Point|');
  if (message.structuredData?.has(SD_ID) === true || content.includes(`[${SD_ID} `)) return true;
  if (content.startsWith('{')) return content.includes('"loguid"') || content.includes('"originsicname"');
  if (content.startsWith('[')) return hasAny(content, ['loguid:"', 'originsicname:"', 'sequencenum:"', 'product:"']);
  const named = message.appName === 'CheckPoint' || message.appName === 'Check Point';
  return (
    hasAny(content, ['loguid=', 'loguid:"', 'originsicname=', ' UUid="{0x']) || (named && content.includes('product='))
  );
}

function hasAny(text: string, parts: readonly string[]): boolean {
  return parts.some((part) => text.includes(part));
}

/** Reads the fields; empty when the text is none of the formats. */
export function checkpointFields(message: SyslogMessage): CheckpointFields {
  const out = rawFields(message);
  for (const [alias, name] of ALIASES) {
    const value = out.get(alias);
    if (value !== undefined && !out.has(name)) out.set(name, value);
  }
  // Some exporters carry JSON's escape of the ampersand into other formats.
  if (message.text.includes('\\u0026')) {
    for (const [key, value] of out) out.set(key, value.replaceAll('\\u0026', '&'));
  }
  return out;
}

function rawFields(message: SyslogMessage): Map<string, string> {
  const { content } = message;
  const structured = message.structuredData?.get(SD_ID);
  if (structured !== undefined) return withoutColons(structured);
  if (content.startsWith('CEF:')) return cefFields(content);
  if (content.startsWith('LEEF:')) return leefFields(content);
  if (content.startsWith('{')) return jsonFields(content);
  // Its own syslog may have a time that no grammar reads (`12:10:16--5:00`), so the list need not be at the start.
  const at = content.indexOf(`[${SD_ID} `);
  return readCheckpointList(content, at < 0 ? 0 : at + SD_ID.length + 2);
}

/** `sys_message::"…"` of the exporter's list leaves a colon at the name when a header read it as structured data. */
function withoutColons(fields: ReadonlyMap<string, string>): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of fields) {
    const name = key.endsWith(':') ? key.slice(0, -1) : key;
    if (!out.has(name)) out.set(name, value);
  }
  return out;
}

function cefFields(content: string): Map<string, string> {
  const cef = readCef(content, findCef(content));
  const out = new Map<string, string>(cef?.extension);
  if (cef === undefined) return out;
  for (const [label, value] of labelledValues(cef.extension)) {
    const field = CEF_LABELS[label];
    if (field !== undefined && value !== '') out.set(field, value);
  }
  return out;
}

function leefFields(content: string): Map<string, string> {
  const leef = readLeef(content, findLeef(content));
  const out = new Map<string, string>(leef?.attributes);
  if (leef !== undefined && !out.has('action')) out.set('action', out.get('act') ?? leef.eventId);
  return out;
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

/** `time` is epoch seconds or milliseconds, or RFC 3339. */
export function checkpointTime(fields: CheckpointFields, context: SyslogContext): DeviceTime | undefined {
  const text = fields.get('time')?.trim() ?? '';
  const ms = epochTime(text);
  return ms === undefined ? stampTime(text, context) : { ms, quality: 'ok' };
}
