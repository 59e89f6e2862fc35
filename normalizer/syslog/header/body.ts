import { isDigit, skipSpaces } from './stamp';
import { isHostLike } from './lead';
import { setContent, setHostname, setSequence, type Draft, type HeaderContext } from './draft';
import { readEsxiBody } from './esxi';
import { readKeyValue } from './key-value';
import { readMeraki, readMikrotik } from './short-forms';
import { pattern } from '../patterns';

/** What stands behind time and host: a Cisco mnemonic, a vendor's own form, a tag, or plain text. */

const TAG = pattern(
  'header_tag',
  /([A-Za-z0-9_./@+-]{1,96}(?:\([^()\s]{1,64}\))?|\([A-Za-z0-9_.-]{1,64}\))(?:\[([^\]\s]{0,64})\]:?|:)(?: |$)/y,
);
const NAMED_CEF = pattern('header_named_cef', /([A-Za-z0-9_.-]{1,64}) (?=(?:CEF|LEEF):)/y);
const PANOS = pattern('header_panos', /\d{0,3},\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d,/y);

/** Reads the body at `at`. False when it is text without any form. */
export function readBody(draft: Draft, at: number, end: number, context: HeaderContext): boolean {
  const { text } = draft;
  const p = skipSpaces(text, at);
  const code = text.charCodeAt(p);
  if (code === 0x25 && beginsMnemonic(text, p)) {
    readCisco(draft, p, end, false);
    return true;
  }
  if (code === 0x5b && readEsxiBody(draft, p, end)) return true;
  if (isDigit(code) || code === 0x2c) {
    if (readMeraki(draft, p, end, context)) return true;
    if (readPanos(draft, p, end)) return true;
  }
  if (readKeyValue(draft, p, end, context) || readMikrotik(draft, p, end)) return true;
  return readTagged(draft, p, end);
}

function readTagged(draft: Draft, at: number, end: number): boolean {
  const { text } = draft;
  const named = readNamedCef(draft, at);
  if (named > 0) {
    setContent(draft, named, end);
    return true;
  }
  const behind = readTag(draft, at, end);
  const p = behind < 0 ? at : behindHost(draft, behindCounter(draft, behind), end);
  if (readEsxiBody(draft, p, end)) return true;
  // The management centre's `SFIMS: %FTD-…`.
  if (behind >= 0 && text.charCodeAt(p) === 0x25 && isFirewall(text, p)) draft.grammar = 'cisco_asa';
  setContent(draft, p, end);
  return behind >= 0 || draft.content.startsWith('CEF:') || draft.content.startsWith('LEEF:');
}

/** A name without a colon before CEF: the logging service's `logforwarder CEF:0|…`. The place of `CEF:`, or -1. */
function readNamedCef(draft: Draft, at: number): number {
  NAMED_CEF.lastIndex = at;
  const found = NAMED_CEF.exec(draft.text);
  if (found?.[1] === undefined) return -1;
  draft.appName = found[1];
  return NAMED_CEF.lastIndex;
}

/** Arista numbers behind the tag: `Ebra: 1234: %LINEPROTO-5-UPDOWN`. */
function behindCounter(draft: Draft, at: number): number {
  const { text } = draft;
  let p = at;
  while (isDigit(text.charCodeAt(p)) && p - at < 10) p++;
  if (p === at || !text.startsWith(': %', p) || !beginsMnemonic(text, p + 2)) return at;
  setSequence(draft, 'eos', Number(text.slice(at, p)));
  return p + 2;
}

/** A collector's file, facility and level before the host: `LOCAL4.WARNING: HOST %ASA-4-106023: …`. */
function behindHost(draft: Draft, at: number, end: number): number {
  const { text } = draft;
  const space = text.indexOf(' ', at);
  if (space < 0 || space >= end || text.charCodeAt(space + 1) !== 0x25 || !isFirewall(text, space + 1)) return at;
  if (!isHostLike(text, at, space)) return at;
  setHostname(draft, text.slice(at, space));
  return space + 1;
}

/**
 * Takes over a tag (`name:`, `name[pid]:`, `name[pid]`) at `at` and returns the place of the text behind it, or -1. A colon
 * without a space behind it is no tag: `CEF:0|…`; nor is `CEF: 0|…`, as FortiOS before 6.2 writes it.
 */
export function readTag(draft: Draft, at: number, end: number): number {
  TAG.lastIndex = at;
  const found = TAG.exec(draft.text);
  if (found === null) return -1;
  const [, name = '', pid] = found;
  if (name === 'CEF' && pid === undefined) return -1;
  draft.appName = name.startsWith('/') ? name.slice(name.lastIndexOf('/') + 1) : name;
  if (pid !== undefined && pid !== '') draft.procId = pid;
  return Math.min(skipSpaces(draft.text, TAG.lastIndex), end);
}

/** Whether `%FAC` stands at `at`; Huawei's `%%01IFNET/4` is none. */
export function beginsMnemonic(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== 0x25) return false;
  const code = text.charCodeAt(at + 1);
  return code >= 65 && code <= 90;
}

/** Takes over a message from its `%` on. */
export function readCisco(draft: Draft, at: number, end: number, yearFirst: boolean): void {
  const { text } = draft;
  draft.grammar = isFirewall(text, at) ? 'cisco_asa' : yearFirst ? 'cisco_nxos' : 'cisco_ios';
  if (draft.severity === undefined) setStatedSeverity(draft, at, end);
  setContent(draft, at, end);
}

/** Whether the mnemonic at `at` is of Cisco's firewalls. */
export function isFirewall(text: string, at: number): boolean {
  return (
    text.startsWith('ASA-', at + 1) ||
    text.startsWith('FTD-', at + 1) ||
    text.startsWith('PIX-', at + 1) ||
    text.startsWith('FWSM-', at + 1) ||
    text.startsWith('NGIPS-', at + 1)
  );
}

/** The severity digit of `%FAC-SUB-SEV-MNEM`, for messages without a priority. */
function setStatedSeverity(draft: Draft, at: number, end: number): void {
  const { text } = draft;
  const stop = Math.min(end, at + 64);
  for (let p = at + 1; p < stop - 2; p++) {
    const code = text.charCodeAt(p);
    if (code === 0x20 || code === 0x3a) return;
    const digit = text.charCodeAt(p + 1) - 48;
    if (code !== 0x2d || !(digit >= 0 && digit <= 7) || text.charCodeAt(p + 2) !== 0x2d) continue;
    draft.severity = digit;
    return;
  }
}

/** A PAN-OS line without a header of its own. */
function readPanos(draft: Draft, at: number, end: number): boolean {
  PANOS.lastIndex = at;
  if (!PANOS.test(draft.text)) return false;
  if (draft.grammar === 'bare') draft.grammar = 'panos';
  setContent(draft, at, end);
  return true;
}
