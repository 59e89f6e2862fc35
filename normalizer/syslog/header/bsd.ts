import { isHostLike, leadStamp, scanLead, scanNode, type Lead } from './lead';
import { scanStamp, skipSpaces } from './stamp';
import { setContent, setHostname, setSequence, setTime, type Draft, type HeaderContext } from './draft';
import { beginsMnemonic, isFirewall, readBody, readCisco, readTag } from './body';
import { readEsxiLevel } from './esxi';
import { Stamp } from '../time';

/**
 * RFC 3164 and everything that looks like it: Cisco's headers, a missing host (pfSense), a missing time, `HOST :`,
 * a relay's header before the original one. RFC 3164 section 4.3: whatever is no header is content.
 */

const COLON = 0x3a;
const LEVELS: ReadonlySet<string> = new Set(['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']);
const probe = new Stamp();

/**
 * Reads the header at `at`; content ends at `end`. `inner` reads a header behind a relay's and is false when there is
 * nothing that must be one. Returns false when no header at all was there.
 */
export function readBsd(draft: Draft, at: number, end: number, context: HeaderContext, inner: boolean): boolean {
  const { text } = draft;
  const lead = scanLead(text, at, end);
  if (lead.at === at && !lead.stamped && !beginsMnemonic(text, at)) return readBody(draft, at, end, context);
  if (lead.stamped) setTime(draft, leadStamp, context);
  if (draft.grammar === 'bare' || draft.grammar === 'rfc5424') draft.grammar = 'rfc3164';
  setCounters(draft, lead);
  const { origin, task } = lead;
  if (task !== undefined) draft.appName = task;
  if (origin !== undefined) setHostname(draft, origin);
  if (beginsMnemonic(text, lead.at)) readCisco(draft, lead.at, end, lead.yearFirst);
  else if (lead.colon || lead.counters > 0) readBehindColon(draft, lead, end);
  else if (origin === undefined) readHost(draft, lead.at, end, lead.yearFirst, context, inner);
  else readBody(draft, lead.at, end, context);
  return true;
}

/** Two counters: the first counts what was sent to us, the second (`service sequence-numbers`) also what was filtered out. */
function setCounters(draft: Draft, lead: Lead): void {
  if (lead.counters > 0) setSequence(draft, 'ios', lead.firstCounter);
  if (lead.counters > 1) setSequence(draft, 'ios_service', lead.secondCounter);
}

/** `TIME: [NODE: ] [process[pid]: ] %FAC-…`, or IOS text without a mnemonic. */
function readBehindColon(draft: Draft, lead: Lead, end: number): void {
  const { text } = draft;
  const { yearFirst } = lead;
  const node = scanNode(text, lead.at);
  const at = node < 0 ? lead.at : skipSpaces(text, node);
  const behindTag = readTag(draft, at, end);
  const body = behindTag < 0 ? at : behindTag;
  if (beginsMnemonic(text, body)) {
    // Without a colon behind the time the word is a zone of their own: `03:32:04 mng: %SEC-6-…`.
    if (!lead.colon && behindTag >= 0) delete draft.appName;
    readCisco(draft, body, end, yearFirst);
    return;
  }
  if (lead.counters > 0 || leadStamp.unsynced || leadStamp.unheld || leadStamp.uptime) draft.grammar = 'cisco_ios';
  setContent(draft, body, end);
}

function readHost(
  draft: Draft,
  at: number,
  end: number,
  yearFirst: boolean,
  context: HeaderContext,
  inner: boolean,
): void {
  const { text } = draft;
  const level = readEsxiLevel(draft, at);
  if (level > at) {
    readBody(draft, level, end, context);
    return;
  }
  const space = text.indexOf(' ', at);
  const stop = space < 0 || space > end ? end : space;
  const next = Math.min(skipSpaces(text, stop), end);
  if (text.charCodeAt(stop - 1) === COLON && stop > at) {
    readColonToken(draft, at, stop, next, end, yearFirst, context);
    return;
  }
  if (!isHostLike(text, at, stop)) {
    readBody(draft, at, end, context);
    return;
  }
  // Programs that write their own file put the level there: Kea's `2026-11-24 02:10:00.083 INFO  [kea-dhcp4.leases/1] …`.
  if (text.charCodeAt(next) === 0x5b && LEVELS.has(text.slice(at, stop))) {
    readBody(draft, next, end, context);
    return;
  }
  const bracketed = text.charCodeAt(at) === 0x3c;
  const name = bracketed ? text.slice(at + 1, stop - 1) : text.slice(at, stop);
  setHostname(draft, name);
  readBehindHost(draft, name, next, end, yearFirst, context, inner);
}

/** `HOST: %FAC`, `HOST: TIME …`, UniFi's `MODEL,mac,version: `, else a tag without a host before it. */
function readColonToken(
  draft: Draft,
  at: number,
  stop: number,
  next: number,
  end: number,
  yearFirst: boolean,
  context: HeaderContext,
): void {
  const { text } = draft;
  const name = text.slice(at, stop - 1);
  if (beginsMnemonic(text, next)) {
    setHostname(draft, name);
    readCisco(draft, next, end, yearFirst);
    return;
  }
  const comma = name.indexOf(',');
  if (comma > 0 && !name.includes('[') && !name.includes('"')) {
    setHostname(draft, name.slice(0, comma));
    readBody(draft, next, end, context);
    return;
  }
  if (!name.includes('[') && scanStamp(text, next, probe) >= 0 && readBehindRelay(draft, next, end, context)) {
    if (draft.hostname === undefined) draft.hostname = name;
    else if (draft.relayHostname === undefined && draft.hostname !== name) draft.relayHostname = name;
    return;
  }
  readBody(draft, at, end, context);
}

function readBehindHost(
  draft: Draft,
  name: string,
  at: number,
  end: number,
  yearFirst: boolean,
  context: HeaderContext,
  inner: boolean,
): void {
  const { text } = draft;
  let p = at;
  // ASA, NX-OS: `HOST : `.
  if (text.charCodeAt(p) === COLON && text.charCodeAt(p + 1) === 0x20) p = skipSpaces(text, p + 1);
  // UniFi writes its name twice.
  if (text.startsWith(name, p) && text.charCodeAt(p + name.length) === 0x20) p = skipSpaces(text, p + name.length);
  p = behindZone(text, p);
  if (beginsMnemonic(text, p)) readCisco(draft, p, end, yearFirst);
  else if (inner || !readBehindRelay(draft, p, end, context)) readBody(draft, p, end, context);
}

/** NX-OS: the zone behind the host, `Jun 14 11:34:35 HOST AEST: %…`. The time is read already; the name adds nothing certain. */
function behindZone(text: string, at: number): number {
  let p = at;
  while (p - at < 6 && text.charCodeAt(p) >= 65 && text.charCodeAt(p) <= 90) p++;
  return p - at >= 2 && text.startsWith(': %', p) && !isFirewall(text, p + 2) ? p + 2 : at;
}

/**
 * The original header behind a relay's time and host, if there is one: Cisco's, or another time with a host and a tag. A
 * message that merely begins with a time (application logs do) is not a header.
 */
function readBehindRelay(draft: Draft, at: number, end: number, context: HeaderContext): boolean {
  const { text } = draft;
  const lead = scanLead(text, at, end);
  if (lead.at === at) return false;
  // A name before a mnemonic alone is Arista's tag: `HOST Bgp: %BGP-5-ADJCHANGE`.
  if (!lead.stamped && (lead.counters === 0 || lead.origin !== undefined)) return false;
  const cisco = beginsMnemonic(text, lead.at) || lead.counters > 0 || (lead.colon && lead.origin === undefined);
  if (!cisco && !hostAndTagAt(text, lead.at, end)) return false;
  return readBsd(draft, at, end, context, true);
}

function hostAndTagAt(text: string, at: number, end: number): boolean {
  const space = text.indexOf(' ', at);
  if (space <= at || space > end || !isHostLike(text, at, space)) return false;
  const word = skipSpaces(text, space);
  const wordEnd = text.indexOf(' ', word);
  return text.charCodeAt((wordEnd < 0 ? end : wordEnd) - 1) === COLON || beginsMnemonic(text, word);
}
