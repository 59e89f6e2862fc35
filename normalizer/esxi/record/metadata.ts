import { scanStructuredData, type StructuredData } from '../../syslog/header/structured-data';

/**
 * `[Originator@6876 sub=… opID=… user=…]` (to 8.x, values without quotes) and `[esx@4413 threadName="…"]` (9.x, quoted).
 * Values without quotes hold spaces and brackets: `sub=vmomi.soapStub[0]`, `user=vpxuser:<no user>`,
 * `sub=Vmsvc.vm:/vmfs/volumes/UUID/My VM [1]/My VM.vmx`. So the group ends where its brackets balance; the path of a VM
 * ends at `.vmx`, whatever its name holds.
 */

const OPEN = 0x5b;
const CLOSE = 0x5d;
const SPACE = 0x20;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const MAX_ID = 40;
const MAX_NAME = 24;
/** A group is never longer; what claims to be is text. */
const MAX_GROUP = 8192;
const VM_PATH = 'Vmsvc.vm:/';

/** The group at `at` and the place behind it. */
export interface ScannedMetadata {
  readonly data: StructuredData;
  readonly end: number;
}

/** Whether VMware's group begins at `at`: `[name@6876` or `[name@4413`. */
export function beginsMetadata(text: string, at: number): boolean {
  return text.charCodeAt(at) === OPEN && idEnd(text, at) > 0;
}

/** Place behind the `]` of the group at `at`, or -1. Cheap: what stands inside is only read by `readMetadata`. */
export function metadataEnd(text: string, at: number): number {
  const id = idEnd(text, at);
  if (id < 0) return -1;
  const limit = Math.min(text.length, at + MAX_GROUP);
  if (isQuoted(text, id)) return scanStructuredData(text, at)?.end ?? -1;
  let depth = 1;
  for (let p = behindVmPath(text, id, limit); p < limit; p++) {
    const code = text.charCodeAt(p);
    if (code === OPEN) depth++;
    if (code !== CLOSE) continue;
    if (--depth > 0) continue;
    if (endsAt(text, p)) return p + 1;
    // A bracket inside of a name.
    depth = 1;
  }
  return firstClose(text, id, limit);
}

/** The parameters of the group at `at`; undefined when there is none. Several groups in a row (quoted form) are read all. */
export function readMetadata(text: string, at: number): ScannedMetadata | undefined {
  const id = idEnd(text, at);
  const end = metadataEnd(text, at);
  if (id < 0 || end < 0) return undefined;
  if (isQuoted(text, id)) return scanStructuredData(text, at);
  return { data: new Map([[text.slice(at + 1, id), parametersOf(text, id, end - 1)]]), end };
}

/** `name=value` after `name=value`; a value ends at the next ` name=`. */
export function parametersOf(text: string, from: number, to: number): Map<string, string> {
  const parameters = new Map<string, string>();
  let p = from;
  while (p < to) {
    const name = nameEnd(text, p + 1, to);
    if (text.charCodeAt(p) !== SPACE || name < 0) {
      p++;
      continue;
    }
    const value = name + 1;
    const end = valueEnd(text, value, to);
    parameters.set(text.slice(p + 1, name), text.slice(value, end));
    p = end;
  }
  return parameters;
}

function valueEnd(text: string, from: number, to: number): number {
  for (let p = text.startsWith(VM_PATH, from) ? vmPathEnd(text, from, to) : from; p < to; p++) {
    if (text.charCodeAt(p) === SPACE && nameEnd(text, p + 1, to) > 0) return p;
  }
  return to;
}

/** Place of the `=` behind a name at `at`, or -1. */
function nameEnd(text: string, at: number, to: number): number {
  let p = at;
  while (p < to && p - at < MAX_NAME && isLetter(text.charCodeAt(p))) p++;
  return p > at && p < to && text.charCodeAt(p) === EQUALS ? p : -1;
}

/** Place behind the id `name@6876`, or -1. */
function idEnd(text: string, at: number): number {
  if (text.charCodeAt(at) !== OPEN) return -1;
  let p = at + 1;
  while (p - at < MAX_ID && isIdCharacter(text.charCodeAt(p))) p++;
  if (p === at + 1 || text.charCodeAt(p) !== 0x40) return -1;
  if (!text.startsWith('6876', p + 1) && !text.startsWith('4413', p + 1)) return -1;
  const behind = text.charCodeAt(p + 5);
  return behind === SPACE || behind === CLOSE ? p + 5 : -1;
}

function isQuoted(text: string, id: number): boolean {
  const equals = nameEnd(text, id + 1, text.length);
  return equals > 0 && text.charCodeAt(equals + 1) === QUOTE;
}

/** A group may only end before a blank or the end of the text. */
function endsAt(text: string, close: number): boolean {
  return close + 1 === text.length || text.charCodeAt(close + 1) <= SPACE;
}

function firstClose(text: string, from: number, limit: number): number {
  for (let p = from; p < limit; p++) if (text.charCodeAt(p) === CLOSE && endsAt(text, p)) return p + 1;
  return -1;
}

/** Where to look for the end: behind the path when the group begins with a VM's. */
function behindVmPath(text: string, id: number, limit: number): number {
  return text.startsWith(` sub=${VM_PATH}`, id) ? vmPathEnd(text, id + 5, limit) : id;
}

/** Place behind the `.vmx` that ends the path at `from`: the first that the group goes on or ends behind. */
function vmPathEnd(text: string, from: number, limit: number): number {
  for (let p = text.indexOf('.vmx', from); p >= 0 && p < limit; p = text.indexOf('.vmx', p + 4)) {
    const behind = p + 4;
    const code = text.charCodeAt(behind);
    if (code === CLOSE && endsAt(text, behind)) return behind;
    if (code === SPACE && nameEnd(text, behind + 1, limit) > 0) return behind;
  }
  return from;
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isIdCharacter(code: number): boolean {
  return isLetter(code) || (code >= 0x30 && code <= 0x39) || code === 0x2e || code === 0x2d || code === 0x5f;
}
