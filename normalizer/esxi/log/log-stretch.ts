import { decodeText } from '../../syslog/header/text';
import { mayBeginSentence } from '../../syslog/vendors/vmware-sentences';
import { observationAt } from '../facts/record-facts';
import { behindVmkernelPrefix, continuationText, withoutContext } from '../record/clean';
import type { EsxiRecord } from '../record/esxi-record';
import { groupOf, lastLine, scanLogLine } from '../record/log-line';
import type { LogKind } from './log-kinds';
import { splitPart, type SplitEvents } from './split-events';

/** A record of a log file with its time and the journal record that it began in. */
export interface TimedRecord {
  readonly record: EsxiRecord;
  readonly ms: number;
  /** False: the line says no zone, `ms` is its wall clock as if UTC. */
  readonly zoned: boolean;
  readonly rawSeq: number;
}

/** A record whose end has not been seen, as JSON. */
export interface OpenRecord {
  readonly ms: number;
  readonly zoned: boolean;
  readonly rawSeq: number;
  readonly program: string | null;
  readonly pid: string | null;
  readonly severity: number | null;
  readonly data: readonly (readonly [string, readonly (readonly [string, string])[]])[] | null;
  readonly message: string;
}

/** Told of the records of a stretch in their order. */
export interface StretchVisitor {
  record(record: TimedRecord): void;
  /** Lines that go on a record of an earlier stretch which was told already. */
  continuation(lines: string): void;
  /** `Section for VMware ESX, pid=…, version=…, build=…`: the first line of a file says what wrote it. */
  section(text: string, ms: number): void;
}

/** Counts of one stretch. */
export interface StretchCounts {
  lines: number;
  records: number;
  /** Lines before the first record that go on nothing we have. */
  orphans: number;
}

const LINE_FEED = 0x0a;
/** Lines kept that go on a record which was told already. */
const MAX_CONTINUED = 256;
/** What is read of a line. */
const MAX_LINE = 65_536;
/** What is kept of a record with its continuation lines. */
const MAX_RECORD = 131_072;

/**
 * Reads whole lines of one log file into records: a line with a time begins one, others go on it (behind `--> ` or, in
 * some versions, without). The last record is told when the stretch ends, unless it is plainly unfinished (an open quote):
 * then it waits in `open` for the next stretch.
 */
export class LogStretch {
  readonly counts: StretchCounts = { lines: 0, records: 0, orphans: 0 };
  readonly #kind: LogKind;
  readonly #visitor: StretchVisitor;
  readonly #splits: SplitEvents;
  #open: OpenRecord | undefined;
  /** An earlier stretch held a record, which lines at the beginning of this one may go on. */
  readonly #begun: boolean;
  /** No record has begun in this stretch. */
  #atStart = true;
  #continued: string[] = [];

  constructor(
    kind: LogKind,
    visitor: StretchVisitor,
    splits: SplitEvents,
    open: OpenRecord | undefined,
    begun: boolean,
  ) {
    this.#kind = kind;
    this.#visitor = visitor;
    this.#splits = splits;
    this.#open = open;
    this.#begun = begun;
  }

  /** Reads the bytes; returns the record that waits for its end. */
  read(bytes: Uint8Array, rawSeq: number): OpenRecord | undefined {
    const { text, encoding } = decodeText(bytes);
    // One bad byte must not spoil the names in all other lines.
    if (encoding === 'latin1') this.#eachLine(bytes, rawSeq);
    else this.#lines(text, rawSeq);
    this.#flushContinued();
    if (this.#open !== undefined && !isUnfinished(this.#open)) this.close();
    return this.#open;
  }

  /** Tells the record that waits, as far as it has come. */
  close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    this.counts.records++;
    this.#visitor.record(timed(open));
  }

  #eachLine(bytes: Uint8Array, rawSeq: number): void {
    for (let at = 0; at < bytes.length;) {
      const end = bytes.indexOf(LINE_FEED, at);
      const stop = end < 0 ? bytes.length : end;
      this.#line(decodeText(bytes.subarray(at, Math.min(stop, at + MAX_LINE))).text, rawSeq);
      at = stop + 1;
    }
  }

  #lines(text: string, rawSeq: number): void {
    for (let at = 0; at < text.length;) {
      const end = text.indexOf('\n', at);
      const stop = end < 0 ? text.length : end;
      this.#line(text.slice(at, Math.min(stop, at + MAX_LINE)), rawSeq);
      at = stop + 1;
    }
  }

  #line(raw: string, rawSeq: number): void {
    const line = bare(raw);
    this.counts.lines++;
    if (!scanLogLine(line)) {
      if (line !== '') this.#goesOn(continuationText(line, 0));
      return;
    }
    if (lastLine.continues) {
      this.#goesOn(continuationText(line, lastLine.messageAt));
      return;
    }
    this.#flushContinued();
    this.close();
    this.#atStart = false;
    const { messageAt } = lastLine;
    if (isSection(line, messageAt)) this.#visitor.section(line.slice(messageAt), lastLine.ms);
    else if (this.#mayTell(line, messageAt)) this.#begin(line, rawSeq);
  }

  #begin(line: string, rawSeq: number): void {
    const { ms, zoned, program, pid, severity, messageAt } = lastLine;
    const data = groupOf(line);
    const part = splitPart(line, messageAt);
    const message = part === undefined ? line.slice(messageAt) : this.#splits.take(part);
    // A part of an event waits for the others.
    if (message === undefined) return;
    this.#open = {
      ms,
      zoned,
      rawSeq,
      program: program === '' ? (this.#kind.program ?? programOf(message)) : program,
      pid: pid === '' ? null : pid,
      severity: severity ?? null,
      data: data === undefined ? null : [...data].map(([id, parameters]) => [id, [...parameters]] as const),
      message,
    };
  }

  #goesOn(text: string): void {
    const open = this.#open;
    if (open !== undefined) {
      if (open.message.length < MAX_RECORD) this.#open = { ...open, message: `${open.message}\n${text}` };
    } else if (this.#atStart) {
      if (!this.#begun) this.counts.orphans++;
      else if (this.#continued.length < MAX_CONTINUED) this.#continued.push(text);
    }
  }

  #flushContinued(): void {
    if (this.#continued.length === 0) return;
    const lines = this.#continued.join('\n');
    this.#continued = [];
    this.#visitor.continuation(lines);
  }

  #mayTell(line: string, at: number): boolean {
    if (this.#kind.whole) return true;
    if (line.startsWith('Event ', at) || mayBeginSentence(line, at)) return true;
    const code = line.charCodeAt(at);
    if (code === 0x5b) return line.includes('[vob.', at) || line.includes('[esx.', at) || isAudit(line);
    if (code === 0x63) {
      const text = behindVmkernelPrefix(line, at);
      return text > at && tellsKernel(line, text);
    }
    return tellsProgram(line, at, this.#kind.name === 'vmware' ? 'vmx' : lastLine.program);
  }
}

/** What the form of a line tells where neither line nor file name the program. */
function programOf(message: string): string | null {
  if (behindVmkernelPrefix(message, 0) > 0) return 'vmkernel';
  return observationAt(message) === undefined ? null : 'vobd';
}

/** `[shell.cmd@6876 subject=…]` fills the whole line. */
function isAudit(line: string): boolean {
  return lastLine.groupAt >= 0 && lastLine.messageAt >= line.length;
}

function tellsKernel(line: string, at: number): boolean {
  if (line.startsWith('Migrate: ', at) || line.startsWith('VMotion', at)) return true;
  return line.includes('exec denied', at) || line.startsWith('[vob.', at);
}

/** What programs say in their own way (`program-facts.ts`), by a glance. */
function tellsProgram(line: string, at: number, program: string): boolean {
  if (line.startsWith('Set called with key', at) || line.startsWith('TSM', at)) return true;
  switch (program.toLowerCase()) {
    case 'vmsyslogd':
    case 'vmsyslog':
    case 'esxupdate':
    case 'esxshell':
    case 'ssh':
    case 'sshd':
    case 'shell':
    case 'vobd':
      return true;
    case 'rhttpproxy':
      return line.startsWith('New proxy client', at);
    case 'vmx':
      return line.includes('igrate', at) || line.includes('DICT ', at);
    default:
      return isAudit(line);
  }
}

/** `- last log rotation time, … - time the service was last started …, Section for VMware ESX, pid=…, version=…`. */
function isSection(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  if (code !== 0x2d && code !== 0x53 && code !== 0x74) return false;
  return (
    line.startsWith('- time the service', at) ||
    line.includes('Section for VMware ESX', at) ||
    line.startsWith('- last log rotation', at)
  );
}

/** Without CR, NUL and blanks around: a crash leaves runs of NUL before the next line. */
function bare(raw: string): string {
  let from = 0;
  let to = raw.length;
  while (from < to && raw.charCodeAt(from) === 0) from++;
  while (to > from && (raw.charCodeAt(to - 1) === 0 || raw.charCodeAt(to - 1) === 0x0d)) to--;
  return from === 0 && to === raw.length ? raw : raw.slice(from, to);
}

/** A command whose quotes do not close, or whose text goes on behind a backslash or `<<`. */
function isUnfinished({ message, program }: OpenRecord): boolean {
  if (message.length >= MAX_RECORD) return false;
  const quoted = message.indexOf(" running command '");
  if (quoted >= 0) return !message.endsWith("'");
  if (program?.toLowerCase() !== 'shell' || !message.startsWith('[')) return false;
  return message.endsWith('\\') || message.endsWith('|') || hasOpenQuote(message) || hasOpenHeredoc(message);
}

function hasOpenQuote(text: string): boolean {
  let open = 0;
  for (let p = text.indexOf(']: '); p >= 0 && p < text.length; p++) {
    const code = text.charCodeAt(p);
    if (code === 0x5c && open !== 0x27) p++;
    else if (open === code) open = 0;
    else if (open === 0 && (code === 0x22 || code === 0x27)) open = code;
  }
  return open !== 0;
}

function hasOpenHeredoc(text: string): boolean {
  const at = text.indexOf('<<');
  if (at < 0 || text.charCodeAt(at + 2) === 0x3c) return false;
  let from = at + 2;
  while (from < text.length && '-\'" '.includes(text[from] ?? '')) from++;
  let end = from;
  while (end < text.length && !'\'" \n;|<>'.includes(text[end] ?? '')) end++;
  const word = text.slice(from, end);
  return word !== '' && !text.endsWith(`\n${word}`) && !text.includes(`\n${word}\n`, end);
}

function timed({ ms, zoned, rawSeq, program, pid, severity, data, message }: OpenRecord): TimedRecord {
  return {
    ms,
    zoned,
    rawSeq,
    record: {
      program: program ?? undefined,
      pid: pid ?? undefined,
      severity: severity ?? undefined,
      data: data === null ? undefined : new Map(data.map(([id, parameters]) => [id, new Map(parameters)] as const)),
      message: withoutContext(message),
    },
  };
}
