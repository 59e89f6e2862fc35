import { scanStamp } from './stamp';
import { scanStructuredData } from './structured-data';
import { setContent, setHostname, setSequence, setTime, type Draft, type HeaderContext } from './draft';
import { pattern } from '../patterns';
import { Stamp } from '../time';

/**
 * RFC 5424: `VERSION SP TIMESTAMP SP HOSTNAME SP APP-NAME SP PROCID SP MSGID SP STRUCTURED-DATA [SP MSG]`, `-` for none.
 * Lenient where senders are: a missing MSGID before `[` (ESXi), structured data that is none (then it is MSG), fields
 * missing at the end.
 */
const stamp = new Stamp();

/** Whether a version and a time or `-` stand at `at`. */
export function beginsRfc5424(text: string, at: number): boolean {
  const digit = text.charCodeAt(at);
  if (!(digit >= 0x31 && digit <= 0x39) || text.charCodeAt(at + 1) !== 0x20) return false;
  const next = text.charCodeAt(at + 2);
  if (next === 0x2d) return text.charCodeAt(at + 3) === 0x20;
  return next >= 0x30 && next <= 0x39 && text.charCodeAt(at + 6) === 0x2d;
}

/** Reads the header at `at` (behind the PRI); content ends at `end`. False when the time is not one. */
export function readRfc5424(draft: Draft, at: number, end: number, context: HeaderContext): boolean {
  const { text } = draft;
  let p = at + 2;
  if (text.charCodeAt(p) === 0x2d) p++;
  else {
    p = scanStamp(text, p, stamp);
    if (p < 0) return false;
    setTime(draft, stamp, context);
  }
  draft.version = text.charCodeAt(at) - 48;
  readBehindTime(draft, p + 1, end);
  return true;
}

const JUNOS = pattern(
  'header_junos_unversioned',
  /(?=\d{4}-\d\d-\d\dT\S{8,24} \S{1,255} \S{1,48} \S{1,48} [A-Z0-9_]{3,64} \[junos@)/y,
);

/** Reads Junos's structured message that stands at `at` without a version, behind another header's tag; false when none does. */
export function readUnversioned(draft: Draft, at: number, end: number, context: HeaderContext): boolean {
  JUNOS.lastIndex = at;
  if (!JUNOS.test(draft.text)) return false;
  const p = scanStamp(draft.text, at, stamp);
  if (p < 0) return false;
  setTime(draft, stamp, context);
  delete draft.appName;
  delete draft.procId;
  readBehindTime(draft, p + 1, end);
  return true;
}

function readBehindTime(draft: Draft, at: number, end: number): void {
  const { text } = draft;
  draft.grammar = 'rfc5424';
  let p = readFields(draft, at, end);
  if (text.charCodeAt(p) === 0x2d && (p + 1 >= end || text.charCodeAt(p + 1) === 0x20)) p++;
  else p = readData(draft, p);
  if (text.charCodeAt(p) === 0x20) p++;
  if (text.charCodeAt(p) === 0xfeff) p++;
  else if (text.startsWith('\xef\xbb\xbf', p)) p += 3;
  setContent(draft, p, end);
}

/** HOSTNAME, APP-NAME, PROCID, MSGID; returns the place of the structured data. */
function readFields(draft: Draft, at: number, end: number): number {
  const { text } = draft;
  let p = at;
  for (let field = 0; field < 4; field++) {
    if (field === 3 && text.charCodeAt(p) === 0x5b) break;
    const space = text.indexOf(' ', p);
    const stop = space < 0 || space > end ? end : space;
    const value = text.slice(p, stop);
    if (value !== '-' && value !== '') setField(draft, field, value);
    p = Math.min(stop + 1, end);
  }
  return p;
}

function setField(draft: Draft, field: number, value: string): void {
  if (field === 0) setHostname(draft, value);
  else if (field === 1) draft.appName = value;
  else if (field === 2) draft.procId = value;
  else draft.msgId = value;
}

function readData(draft: Draft, at: number): number {
  const scanned = scanStructuredData(draft.text, at);
  if (scanned === undefined) return at;
  draft.structuredData = scanned.data;
  const number = scanned.data.get('meta')?.get('sequenceId');
  if (number !== undefined && Number.isSafeInteger(Number(number))) setSequence(draft, 'meta', Number(number));
  return scanned.end;
}
