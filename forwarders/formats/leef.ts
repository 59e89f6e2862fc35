import type { FieldValue, ForwardRecord, RecordFormat } from '../contract';
import { colonMac } from './colon-mac';
import { LEEF_KEYS, LEEF_MACS, LEEF_SEVERITIES } from './leef.data';
import { wellFormed } from './well-formed';

/*
 * LEEF:1.0|vendor|product|version|event id|key=value TAB key=value
 * LEEF:2.0|vendor|product|version|event id|x09|key=value TAB key=value
 *
 * There is no escape in LEEF (IBM QRadar, "LEEF event components" and its best practices): what would end a value or a
 * header field is replaced. Control characters and the Unicode line separators become a blank; `|` and `^` become `_` in
 * the header and in values, as IBM advises against them there.
 */

/** Log Event Extended Format 2.0. */
export const leefFormat: RecordFormat = {
  name: 'leef',
  summary: 'IBM Log Event Extended Format 2.0, text',
  medium: 'text',
  encode: (record) => `LEEF:2.0|${header(record)}|x09|${attributes(record)}`,
};

/** Log Event Extended Format 1.0, for QRadar before 7.2. */
export const leef1Format: RecordFormat = {
  name: 'leef1',
  summary: 'IBM Log Event Extended Format 1.0, text',
  medium: 'text',
  encode: (record) => `LEEF:1.0|${header(record)}|${attributes(record)}`,
};

const HEADER_VERSION = '1';

function header({ kind, fields }: ForwardRecord): string {
  const action = String(fields['event.code'] ?? fields['event.action'] ?? kind);
  return ['ascribe', 'ascribe', HEADER_VERSION, `${kind}:${action}`].map(leefText).join('|');
}

function attributes(record: ForwardRecord): string {
  const { uid, revision, kind, time, severity, fields } = record;
  const pairs = [
    `devTime=${Math.floor(time)}`,
    `cat=${leefText(kind)}`,
    `sev=${LEEF_SEVERITIES[severity]}`,
    `eventUid=${uid}`,
  ];
  if (revision !== undefined) pairs.push(`revision=${revision}`);
  const user = fields['user.name'] ?? fields['source.user.name'];
  if (user !== undefined) pairs.push(`usrName=${valueText(user)}`);
  for (const [field, key] of LEEF_KEYS) {
    const value = fields[field];
    if (value !== undefined) pairs.push(`${key}=${valueText(LEEF_MACS.has(key) ? colonMac(value) : value)}`);
  }
  return pairs.join('\t');
}

function valueText(value: FieldValue): string {
  return leefText(Array.isArray(value) ? value.join(', ') : String(value));
}

/** Text that ends neither a value nor a header field. */
export function leefText(text: string): string {
  if (PLAIN.test(text)) return text;
  return wellFormed(text)
    .replace(/\r\n|[\u0000-\u001f\u007f-\u009f\u2028\u2029]/gu, ' ')
    .replace(/[|^]/gu, '_');
}

/** Printable ASCII in which nothing is replaced: nearly every text. */
const PLAIN = /^[ -\]_-{}~]*$/u;
