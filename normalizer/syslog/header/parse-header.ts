import { readBsd } from './bsd';
import { beginsMnemonic, readCisco } from './body';
import { setPriority, type Draft, type HeaderContext } from './draft';
import { readEsxiBody } from './esxi';
import { beginsRfc5424, readRfc5424, readUnversioned } from './rfc5424';
import { scanLead } from './lead';
import { isDigit, scanStamp, skipSpaces } from './stamp';
import { readRepeat } from './short-forms';
import { contentEnd, decodeText } from './text';
import { Stamp } from '../time';
import type { SyslogMessage } from '../contract';

export type { HeaderContext } from './draft';

/**
 * Reads the header of one message. Total: text that no grammar knows comes back whole as `content` with grammar `bare`.
 * At most one relay header is taken off; the host behind it is the device, the one before it the relay.
 */
export function parseHeader(bytes: Uint8Array, context: HeaderContext): SyslogMessage {
  const { text, encoding } = decodeText(bytes);
  const draft: Draft = {
    text,
    encoding,
    grammar: 'bare',
    timestamp: context.receivedAt,
    timeQuality: 'from_receipt',
    repeat: 1,
    content: '',
  };
  const end = contentEnd(text);
  readMessage(draft, headerStart(text), end, context, false);
  readRepeat(draft);
  return draft;
}

/** Behind a byte order mark (files) and an octet count that a relay left in a datagram: `123 <13>…`. */
function headerStart(text: string): number {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let p = start;
  while (isDigit(text.charCodeAt(p)) && p - start < 7) p++;
  const counted = p > start && text.charCodeAt(p) === 0x20 && priorityEnd(text, p + 1) > p + 1;
  return counted ? p + 1 : start;
}

function readMessage(draft: Draft, at: number, end: number, context: HeaderContext, inner: boolean): void {
  const { text } = draft;
  const p = readPriority(draft, at);
  if (beginsRfc5424(text, p) && readRfc5424(draft, p, end, context)) behind5424(draft, end, context, inner);
  else readBsd(draft, behindVersion(text, p), end, context, inner);
  if (inner) return;
  const content = end - draft.content.length;
  if (priorityEnd(text, content) > content) readInner(draft, content, end, context);
  else if (draft.grammar === 'bare' || draft.grammar === 'rfc3164' || draft.grammar === 'cisco_ios') {
    if (readUnversioned(draft, content, end, context)) return;
    const header = wrappedCisco(text, content, end);
    if (header > content) readInner(draft, header, end, context);
  }
}

/**
 * Where a Cisco header begins behind words that no grammar knows, as collectors write them into files and relays put them in
 * front; -1 where none does within the first words.
 */
function wrappedCisco(text: string, at: number, end: number): number {
  if (text.charCodeAt(at) === 0x25) return -1;
  const sign = text.slice(at, at + 240).indexOf(': %');
  if (sign < 0 || !beginsMnemonic(text, at + sign + 2)) return -1;
  for (let p = at, words = 0; p < at + sign && words < 16; words++) {
    const lead = scanLead(text, p, end);
    if (lead.stamped && lead.at === at + sign + 2) return p;
    const space = text.indexOf(' ', p);
    if (space < 0) return -1;
    p = skipSpaces(text, space);
  }
  return -1;
}

const probe = new Stamp();

/** A version before a time that is none of RFC 5424's: `<134>1 Nov 24 02:10:00 …`. */
function behindVersion(text: string, at: number): number {
  if (text.charCodeAt(at) !== 0x31 || text.charCodeAt(at + 1) !== 0x20) return at;
  const letter = text.charCodeAt(at + 2);
  return letter >= 0x41 && letter <= 0x5a && scanStamp(text, at + 2, probe) >= 0 ? at + 2 : at;
}

/** `<0>` to `<191>`; returns the place behind it, or `at`. Longer numbers are no PRI (RFC 5424 section 6.2.1). */
function readPriority(draft: Draft, at: number): number {
  const end = priorityEnd(draft.text, at);
  if (end === at) return at;
  if (draft.grammar === 'bare') draft.grammar = 'rfc3164';
  setPriority(draft, Number(draft.text.slice(at + 1, end - 1)));
  return end;
}

function priorityEnd(text: string, at: number): number {
  if (text.charCodeAt(at) !== 0x3c) return at;
  let p = at + 1;
  while (isDigit(text.charCodeAt(p)) && p - at < 4) p++;
  if (p === at + 1 || text.charCodeAt(p) !== 0x3e) return at;
  return Number(text.slice(at + 1, p)) <= 191 ? p + 1 : at;
}

/** The message of a 5424 header: Cisco's and ESXi's forms, or another header with the relay's before it. */
function behind5424(draft: Draft, end: number, context: HeaderContext, inner: boolean): void {
  const { text } = draft;
  const at = end - draft.content.length;
  if (beginsMnemonic(text, at) && draft.appName === undefined) readCisco(draft, at, end, false);
  else if (readEsxiBody(draft, at, end)) return;
  else if (!inner && draft.appName === undefined && draft.structuredData === undefined && looksLikeCisco(text, at)) {
    readInner(draft, at, end, context);
  }
}

/** A mnemonic within what a Cisco header can be long. */
function looksLikeCisco(text: string, at: number): boolean {
  const sign = text.indexOf(': %', at);
  return sign > 0 && sign - at < 160 && beginsMnemonic(text, sign + 2);
}

/** The original header: its priority, time, host and tag replace the relay's. */
function readInner(draft: Draft, at: number, end: number, context: HeaderContext): void {
  delete draft.appName;
  delete draft.procId;
  delete draft.msgId;
  delete draft.version;
  draft.timestamp = context.receivedAt;
  draft.timeQuality = 'from_receipt';
  delete draft.timezone;
  readMessage(draft, at, end, context, true);
}
