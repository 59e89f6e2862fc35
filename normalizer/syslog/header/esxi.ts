import { scanStructuredData } from './structured-data';
import { isDigit, scanStamp, skipSpaces } from './stamp';
import { setContent, setPriority, type Draft } from './draft';
import { pattern } from '../patterns';
import { Stamp } from '../time';

/**
 * ESXi's spellings, over the network and in its log files (vSphere 8 "ESXi Syslog Message Formats" and "ESXi Log Files"):
 *
 *     TIME HOST Hostd: info hostd[1053970] [Originator@6876 sub=… opID=… user=root] text     6.5-7, network
 *     TIME HOST Hostd[2098867]: [Originator@6876 sub=…] text                                  8, network
 *     TIME HOST vmkernel: cpu3:2097565)text; TIME HOST vobd:  [UserLevelCorrelator] …         all
 *     1 TIME HOST vpxa 2356178 - [Originator@6876 sub=…] text                                 RFC 5424
 *     TIME info hostd[2098867] [Originator@6876 sub=…] text                                   6.5-7, file
 *     TIME In(166) Hostd[2098867]: [Originator@6876 sub=…] text; `In(166)+` continues         8, file
 *     TIME HOST shell[2100]: [shell.cmd@6876 subject="root" command="…"]                      shell audit
 */
const LEVEL_WORDS: ReadonlyMap<string, number> = new Map([
  ['panic', 0],
  ['error', 3],
  ['warning', 4],
  ['notice', 5],
  ['info', 6],
  ['verbose', 7],
  ['trivia', 7],
  ['debug', 7],
]);

/** Em, Al, Cr, Er, Wa, No, In, Db with the PRI in brackets and a mark on continuation lines. */
const LEVEL = pattern('header_esxi_level', /(?:Em|Al|Cr|Er|Wa|No|In|Db)\((\d{1,3})\)\+? /y);
const NAMED = pattern('header_esxi_named', /([A-Za-z][A-Za-z0-9_.-]{0,63})\[([A-Za-z0-9]{1,16})\]:? (?=\[)/y);

const scratch = new Stamp();

/** The level that ESXi's log files have in the host's place. Returns the place behind it, or `at`. */
export function readEsxiLevel(draft: Draft, at: number): number {
  LEVEL.lastIndex = at;
  const found = LEVEL.exec(draft.text);
  if (found !== null) {
    const priority = Number(found[1]);
    if (priority <= 191 && draft.facility === undefined) setPriority(draft, priority);
    draft.grammar = 'esxi';
    return skipSpaces(draft.text, LEVEL.lastIndex);
  }
  const behind = behindLevelWord(draft, at);
  return behind > at && namedAt(draft.text, behind) ? behind : at;
}

/** Takes over `[info] [name[pid]] [id@6876 …] text`; false when there is no such group at `at`. */
export function readEsxiBody(draft: Draft, at: number, end: number): boolean {
  const { text } = draft;
  let p = behindLevelWord(draft, behindTime(text, at));
  NAMED.lastIndex = p;
  const named = NAMED.exec(text);
  if (named !== null) p = NAMED.lastIndex;
  if (text.charCodeAt(p) !== 0x5b || !isVmwareId(text, p)) return false;
  const scanned = scanStructuredData(text, p);
  if (scanned === undefined) return false;
  if (named !== null) {
    draft.appName = named[1] ?? '';
    draft.procId = named[2] ?? '';
  }
  if (draft.grammar !== 'rfc5424') draft.grammar = 'esxi';
  draft.structuredData = scanned.data;
  setContent(draft, skipSpaces(text, scanned.end), end);
  return true;
}

/** vCenter sends whole lines of its log files: `… vpxd 4189 - - 2026-11-24T03:00:00.123Z info vpxd[4206] [Originator@6876 …] text`. */
function behindTime(text: string, at: number): number {
  const start = skipSpaces(text, at);
  if (!isDigit(text.charCodeAt(start))) return at;
  const end = scanStamp(text, start, scratch);
  return end < 0 ? at : skipSpaces(text, end);
}

function behindLevelWord(draft: Draft, at: number): number {
  const { text } = draft;
  const code = text.charCodeAt(at);
  if (!(code >= 0x64 && code <= 0x77)) return at;
  const space = text.indexOf(' ', at);
  if (space < 0 || space - at > 7) return at;
  const severity = LEVEL_WORDS.get(text.slice(at, space));
  if (severity === undefined || !namedAt(text, space + 1)) return at;
  draft.severity ??= severity;
  return space + 1;
}

function namedAt(text: string, at: number): boolean {
  NAMED.lastIndex = at;
  return NAMED.test(text);
}

/** `[name@6876`: VMware's enterprise number. */
function isVmwareId(text: string, at: number): boolean {
  const sign = text.indexOf('@', at);
  return sign > at && sign - at < 40 && text.startsWith('6876', sign + 1);
}
