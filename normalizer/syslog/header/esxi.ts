import { lastLevel, levelWord, scanLevel } from '../../esxi/record/level';
import { beginsMetadata, readMetadata } from '../../esxi/record/metadata';
import { lastProgram, scanDashed, scanProgram } from '../../esxi/record/program';
import { isDigit, scanStamp, skipSpaces } from './stamp';
import { setContent, setPriority, type Draft } from './draft';
import { Stamp } from '../time';

/**
 * ESXi's spellings, over the network and in its log files, by the scanners that read its files too (vSphere 8 "ESXi Syslog Message Formats" and "ESXi Log Files"):
 *
 *     TIME HOST Hostd: info hostd[1053970] [Originator@6876 sub=… opID=… user=root] text     6.5-7, network
 *     TIME HOST Hostd[2098867]: [Originator@6876 sub=…] text                                  8, network
 *     TIME HOST vmkernel: cpu3:2097565)text; TIME HOST vobd:  [UserLevelCorrelator] …         all
 *     1 TIME HOST vpxa 2356178 - [Originator@6876 sub=…] text                                 RFC 5424
 *     [1 ]TIME HOST Hostd 2098516 - [esx@4413 sub="…"] text                                  9.1
 *     TIME info hostd[2098867] [Originator@6876 sub=…] text                                   6.5-7, file
 *     TIME In(166) Hostd[2098867]: [Originator@6876 sub=…] text; `In(166)+` continues         8, file
 *     TIME HOST shell[2100]: [shell.cmd@6876 subject="root" command="…"]                      shell audit
 */
const scratch = new Stamp();

/** The level that ESXi's log files have in the host's place. Returns the place behind it, or `at`. */
export function readEsxiLevel(draft: Draft, at: number): number {
  const end = scanLevel(draft.text, at);
  if (end >= 0 && draft.text.charCodeAt(end) === 0x20) {
    if (draft.facility === undefined) setPriority(draft, lastLevel.priority);
    draft.grammar = 'esxi';
    return skipSpaces(draft.text, end);
  }
  const behind = behindLevelWord(draft, at);
  return behind > at && metadataBehind(draft.text, behind) > 0 ? behind : at;
}

/** Takes over `[info] [name[pid]] [id@6876 …] text`; false when there is no such group at `at`. */
export function readEsxiBody(draft: Draft, at: number, end: number): boolean {
  const { text } = draft;
  const start = behindLevelWord(draft, behindTime(text, at));
  const named = metadataBehind(text, start);
  if (named > 0) {
    draft.appName = lastProgram.name;
    draft.procId = lastProgram.pid;
  }
  const p = named > 0 ? named : dashedGroup(draft, start);
  if (!beginsMetadata(text, p)) return false;
  const scanned = readMetadata(text, p);
  if (scanned === undefined) return false;
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
  const severity = space < 0 ? undefined : levelWord(text, at, space);
  if (severity === undefined || metadataBehind(text, space + 1) < 0) return at;
  draft.severity ??= severity;
  return space + 1;
}

/** 9.1 leaves out version and message id: `vobd 2097451 - [esx@4413 …]`. Place of the group, or `at`. */
function dashedGroup(draft: Draft, at: number): number {
  const { text } = draft;
  const found = scanDashed(text, at);
  if (found === undefined) return at;
  draft.appName = found.program;
  if (found.pid !== '') draft.procId = found.pid;
  return found.groupAt;
}

/** Place of the group behind `name[pid]` at `at`, or -1. */
function metadataBehind(text: string, at: number): number {
  const end = scanProgram(text, at);
  if (end < 0 || lastProgram.pid === '' || text.charCodeAt(end) !== 0x20) return -1;
  return beginsMetadata(text, end + 1) ? end + 1 : -1;
}
