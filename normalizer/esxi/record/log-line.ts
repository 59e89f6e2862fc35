import { lastLevel, levelWord, scanLevel } from './level';
import { lastTime, scanLineTime } from './line-time';
import { beginsMetadata, metadataEnd, parametersOf, readMetadata } from './metadata';
import { lastProgram, scanDashed, scanProgram } from './program';

/**
 * The first line of a record of an ESXi log file ("ESXi Log Files" and "ESXi Syslog Message Formats", vSphere 5 to 9):
 *
 *     TIME [6C88890 info 'Vimsvc' opID=… user=root] text                      hostd to 5.x
 *     TIME info hostd[2101004] [Originator@6876 sub=… opID=… user=…] text     hostd, vpxa 6.x, 7.x (the id hexadecimal to 6.5)
 *     TIME In(166) Hostd[1050748]: [Originator@6876 sub=…] text               8.x, 9.x; `In(166)+` continues the line before
 *     TIME cpu14:66536)WARNING: iscsi_vmk: text                               vmkernel to 7.x
 *     TIME In(182) vmkernel: cpu12:2097563 opID=d5991c6f)Migrate: text        vmkernel 8.x, 9.x
 *     TIME: [GenericCorrelator] 410535559us: [vob.…] text                     vobd to 7.x
 *     TIME shell[2099491]: [root]: command                                    shell, auth, syslog, esxcli
 *     TIME esxupdate: root: DEBUG: text                                       esxupdate
 *     TIME vobd 2097451 - [esx@4413 threadName="…"] text                      9.1
 *     TIME In(05) vmx - text; TIME| vmx| I125: text                           vmware.log of a VM, 8.x and before
 *     TIME - time the service was last started …, Section for VMware ESX, …   first line of a file
 */
export interface LogLine {
  ms: number;
  zoned: boolean;
  /** As written; empty where the line does not name it. */
  program: string;
  pid: string;
  severity: number | undefined;
  /** Marked as continuing the record before, or a continuation that bears a header of its own (8.x). */
  continues: boolean;
  /** Place of the group of parameters, and behind it; -1 where there is none. */
  groupAt: number;
  groupEnd: number;
  /** The group is of 5.x: the parameters stand after level and component. */
  legacy: boolean;
  /** Place of the message. */
  messageAt: number;
}

const line: LogLine = {
  ms: 0,
  zoned: true,
  program: '',
  pid: '',
  severity: undefined,
  continues: false,
  groupAt: -1,
  groupEnd: -1,
  legacy: false,
  messageAt: 0,
};

/** The line read last by `scanLogLine`; holds until the next call. */
export const lastLine: Readonly<LogLine> = line;

const SPACE = 0x20;
const COLON = 0x3a;
const BAR = 0x7c;

/** Reads the header of a line; false for a line without one (it continues the record before). */
export function scanLogLine(text: string): boolean {
  const behind = scanLineTime(text, 0);
  if (behind < 0) return false;
  line.ms = lastTime.ms;
  line.zoned = lastTime.zoned;
  line.program = '';
  line.pid = '';
  line.severity = undefined;
  line.continues = false;
  line.groupAt = -1;
  line.groupEnd = -1;
  line.legacy = false;
  const code = text.charCodeAt(behind);
  if (code === BAR) readBars(text, behind + 1);
  else if (code === COLON) line.messageAt = skip(text, behind + 1);
  else if (code <= SPACE) readBody(text, skip(text, behind));
  else if (behind < text.length) return false;
  else line.messageAt = behind;
  line.continues ||= text.startsWith('-->', line.messageAt);
  return true;
}

function readBody(text: string, at: number): void {
  const level = scanLevel(text, at);
  if (level > 0) {
    line.severity = lastLevel.priority & 7;
    line.continues = lastLevel.continues;
    readProgram(text, skip(text, level), true);
    return;
  }
  if (text.charCodeAt(at) === 0x5b && readLegacy(text, at)) return;
  const space = text.indexOf(' ', at);
  const severity = space < 0 ? undefined : levelWord(text, at, space);
  if (severity !== undefined && scanProgram(text, space + 1) > 0) line.severity = severity;
  readProgram(text, line.severity === undefined ? at : space + 1, false);
}

function readProgram(text: string, at: number, levelled: boolean): void {
  const end = scanProgram(text, at);
  if (end > 0) {
    line.program = lastProgram.name;
    line.pid = lastProgram.pid;
    readGroup(text, skip(text, end));
    return;
  }
  const dashed = scanDashed(text, at);
  if (dashed !== undefined) {
    line.program = dashed.program;
    line.pid = dashed.pid;
    readGroup(text, dashed.groupAt);
    return;
  }
  line.messageAt = at;
  // vmware.log: the thread, then a dash or an operation id.
  const space = levelled ? text.indexOf(' ', at) : -1;
  if (space <= at || space - at > 32) return;
  line.program = text.slice(at, space);
  line.messageAt = skip(text, text.startsWith(' - ', space) ? space + 3 : space);
}

function readGroup(text: string, at: number): void {
  line.messageAt = at;
  if (!beginsMetadata(text, at)) return;
  const end = metadataEnd(text, at);
  if (end < 0) return;
  line.groupAt = at;
  line.groupEnd = end;
  line.messageAt = skip(text, end);
}

/** `[6C88890 info 'Vimsvc.ha-eventmgr' opID=… user=root] text`. */
function readLegacy(text: string, at: number): boolean {
  const space = text.indexOf(' ', at);
  const second = space < 0 ? -1 : text.indexOf(' ', space + 1);
  if (second < 0 || space - at > 18) return false;
  const severity = levelWord(text, space + 1, second);
  if (severity === undefined || text.charCodeAt(second + 1) !== 0x27) return false;
  const close = text.indexOf('] ', second);
  if (close < 0) return false;
  line.severity = severity;
  line.pid = text.slice(at + 1, space);
  line.legacy = true;
  line.groupAt = second + 1;
  line.groupEnd = close + 1;
  line.messageAt = skip(text, close + 1);
  return true;
}

const LEVEL_LETTERS = 'EWINDVT';

/** vmware.log before 8: `| vmx| I125: text`, `| vmx| opID| I005: text`. */
function readBars(text: string, at: number): void {
  const bar = text.indexOf('|', at);
  line.messageAt = skip(text, at);
  if (bar < 0) return;
  line.program = text.slice(at, bar).trim();
  let p = skip(text, bar + 1);
  const second = text.indexOf('|', p);
  if (second > 0 && second - p < 64) p = skip(text, second + 1);
  const colon = text.indexOf(': ', p);
  const letter = LEVEL_LETTERS.indexOf(text.charAt(p));
  if (letter >= 0 && colon > p && colon - p <= 5) {
    line.severity = [3, 4, 6, 5, 7, 7, 7][letter];
    p = colon + 2;
  }
  line.messageAt = p;
}

/** The group of the line read last. */
export function groupOf(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> | undefined {
  if (line.groupAt < 0) return undefined;
  if (!line.legacy) return readMetadata(text, line.groupAt)?.data;
  const close = line.groupEnd - 1;
  const quote = text.indexOf("'", line.groupAt + 1);
  const parameters = parametersOf(text, quote < 0 || quote > close ? close : quote + 1, close);
  if (quote > 0 && quote < close) parameters.set('sub', text.slice(line.groupAt + 1, quote));
  return new Map([['Originator@6876', parameters]]);
}

function skip(text: string, at: number): number {
  let p = at;
  while (text.charCodeAt(p) === SPACE) p++;
  return p;
}
