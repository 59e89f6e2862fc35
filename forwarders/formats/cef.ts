import type { FieldValue, ForwardRecord, RecordFormat } from '../contract';
import { CEF_KEYS, CEF_LABELS, CEF_LENGTHS, CEF_MACS, CEF_SEVERITIES, CEF_TIMES } from './cef.data';
import { colonMac } from './colon-mac';
import { wellFormed } from './well-formed';

/*
 * CEF:0|vendor|product|version|event class id|name|severity|key=value key=value
 *
 * Escaping ("Implementing ArcSight Common Event Format"; the same as logstash-codec-cef reads):
 *   header     \ and | by a backslash; line ends become a blank; = stands as it is
 *   extension  \ and = by a backslash; line ends become the two characters \n; | stands as it is
 *   both       every other control character becomes \u00XX in text
 */

/** ArcSight Common Event Format. The version is that of this format's mapping. */
export const cefFormat: RecordFormat = {
  name: 'cef',
  summary: 'ArcSight Common Event Format, text',
  medium: 'text',
  encode: cefLine,
};

const HEADER_VERSION = '1';
/** The dictionary's header name has room for 512 characters. */
const NAME_LENGTH = 512;

/** One CEF line. */
export function cefLine(record: ForwardRecord): string {
  const { kind, fields, severity, uid, revision, time } = record;
  const action = String(fields['event.action'] ?? kind);
  const classId = fields['event.code'] === undefined ? `${kind}:${action}` : `${kind}:${String(fields['event.code'])}`;
  const name = String(fields['rule.name'] ?? action).slice(0, NAME_LENGTH);
  const header = ['CEF:0', 'ascribe', 'ascribe', HEADER_VERSION, classId, name, String(CEF_SEVERITIES[severity])];
  const pairs: string[] = [`rt=${Math.floor(time)}`, `externalId=${uid}`];
  if (revision !== undefined) pairs.push(`flexNumber1=${revision}`, 'flexNumber1Label=revision');
  for (const entry of CEF_KEYS) addPair(pairs, entry, fields[entry[0]]);
  const user = fields['user.name'] ?? fields['source.user.name'];
  if (user !== undefined) pairs.push(pair('suser', user));
  const direction = { inbound: '0', outbound: '1' }[String(fields['network.direction'])];
  if (direction !== undefined) pairs.push(`deviceDirection=${direction}`);
  return `${header.map((field, i) => (i === 0 ? field : cefHeader(field))).join('|')}|${pairs.join(' ')}`;
}

function addPair(pairs: string[], [, key, ipv6]: (typeof CEF_KEYS)[number], value: FieldValue | undefined): void {
  if (value === undefined) return;
  const used = ipv6 !== undefined && String(value).includes(':') ? ipv6 : key;
  // Translated addresses have no key for IPv6, and what is no time has no place where one belongs.
  if (used === '' || (CEF_TIMES.has(used) && !Number.isFinite(Date.parse(String(value))))) return;
  pairs.push(pair(used, value));
  const label = CEF_LABELS[used];
  if (label !== undefined) pairs.push(`${used}Label=${label}`);
}

function pair(key: string, value: FieldValue): string {
  if (CEF_TIMES.has(key)) return `${key}=${Date.parse(String(value))}`;
  const shown = CEF_MACS.has(key) ? colonMac(value) : value;
  const text = Array.isArray(shown) ? shown.join(', ') : String(shown);
  const most = CEF_LENGTHS[key];
  return `${key}=${cefValue(most === undefined ? text : text.slice(0, most))}`;
}

/** Escapes a field of the header. */
export function cefHeader(text: string): string {
  if (PLAIN_HEADER.test(text)) return text;
  return wellFormed(text)
    .replace(/[\\|]/gu, '\\$&')
    .replace(/\r\n|[\r\n]/gu, ' ')
    .replace(CONTROL, visible);
}

/** Escapes a value of the extension. */
export function cefValue(text: string): string {
  if (PLAIN_VALUE.test(text)) return text;
  return wellFormed(text)
    .replace(/[\\=]/gu, '\\$&')
    .replace(/\r\n|[\r\n]/gu, '\\n')
    .replace(CONTROL, visible);
}

/** Printable ASCII in which nothing is escaped: nearly every text. */
const PLAIN_HEADER = /^[ -[\]-{}~]*$/u;
const PLAIN_VALUE = /^[ -<>-[\]-~]*$/u;

/** C0 without line ends, DEL, C1, and the separators of Unicode that some receivers break lines at. */
const CONTROL = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]/gu;

function visible(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
