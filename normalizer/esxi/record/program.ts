import { isDigit } from './level';
import { beginsMetadata } from './metadata';

/** `Hostd[1050748]:`, `hostd[6C88890]`, `vobd:`: the program that logs. One object, used again by the next call. */
export interface Program {
  name: string;
  pid: string;
}

const found: Program = { name: '', pid: '' };

/** Program read last by `scanProgram`; holds until the next call. */
export const lastProgram: Readonly<Program> = found;

const MAX_NAME = 64;
const MAX_PID = 16;

/**
 * Place behind `name[pid]`, `name[pid]:` or `name:` at `at` (before the blanks that follow), or -1. A name alone is none.
 */
export function scanProgram(text: string, at: number): number {
  let p = at;
  if (!isLetter(text.charCodeAt(p)) && text.charCodeAt(p) !== 0x2f) return -1;
  while (p - at < MAX_NAME && isNamePart(text.charCodeAt(p))) p++;
  const nameEnd = p;
  found.pid = '';
  const code = text.charCodeAt(p);
  if (code === 0x5b) {
    const pid = p + 1;
    p = pid;
    while (p - pid <= MAX_PID && isPidPart(text.charCodeAt(p))) p++;
    if (text.charCodeAt(p) !== 0x5d) return -1;
    found.pid = text.slice(pid, p);
    p++;
    if (text.charCodeAt(p) === 0x3a) p++;
  } else if (code === 0x3a) {
    p++;
  } else return -1;
  const behind = text.charCodeAt(p);
  if (behind > 0x20) return -1;
  const path = text.lastIndexOf('/', nameEnd - 1);
  found.name = text.slice(path >= at ? path + 1 : at, nameEnd);
  return found.name === '' ? -1 : p;
}

/** `vobd 2097451 - [esx@4413 …]`, `vmkernel - - [esx@4413]`: 9.1's program, with the place of the group behind it. */
export function scanDashed(
  text: string,
  at: number,
): { readonly program: string; readonly pid: string; readonly groupAt: number } | undefined {
  let space = at;
  while (space - at <= MAX_NAME && isNamePart(text.charCodeAt(space))) space++;
  if (space === at || text.charCodeAt(space) !== 0x20) return undefined;
  let next = space + 1;
  while (next - space <= MAX_PID && (isPidPart(text.charCodeAt(next)) || text.charCodeAt(next) === 0x2d)) next++;
  if (!text.startsWith(' - ', next) || !beginsMetadata(text, next + 3)) return undefined;
  const pid = text.slice(space + 1, next);
  return { program: text.slice(at, space), pid: pid === '-' ? '' : pid, groupAt: next + 3 };
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isNamePart(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === 0x2d || code === 0x2e || code === 0x2f || code === 0x5f;
}

function isPidPart(code: number): boolean {
  return isLetter(code) || isDigit(code);
}
