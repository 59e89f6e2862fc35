import { MASK, SECRET_WORDS, SUFFIXES } from './mask-secrets.data';
import { isInteger } from './secret-words';

/** Masks secrets that are part of a word: in URLs, in brackets, behind `ENC`, in JSON. */
export function maskEmbedded(line: string): string {
  let text = line;
  if (text.includes('://')) text = maskUrls(text);
  if (text.includes('[')) text = maskBrackets(text);
  if (text.includes('ENC ')) text = maskEncoded(text);
  return text.includes('":') || text.includes('" :') ? maskJson(text) : text;
}

/** `ftp://user:SECRET@host/path`: the user's part may itself hold an `@`. */
function maskUrls(line: string): string {
  let out = '';
  let done = 0;
  for (let at = line.indexOf('://'); at >= 0; at = line.indexOf('://', at + 3)) {
    const from = at + 3;
    const host = userInfoEnd(line, from);
    const colon = host < 0 ? -1 : line.indexOf(':', from);
    if (colon < 0 || colon >= host || from < done) continue;
    out += line.slice(done, colon + 1) + MASK;
    done = host;
  }
  return out + line.slice(done);
}

/** Position of the `@` before the host, or -1. A password with a slash ends at the word's last `@`. */
function userInfoEnd(line: string, from: number): number {
  let slash = -1;
  let end = from;
  for (; end < line.length; end++) {
    const code = line.charCodeAt(end);
    if (code <= 0x20 || code === 0x22 || code === 0x27) break;
    if (slash < 0 && (line[end] === '/' || line[end] === '?' || line[end] === '#')) slash = end;
  }
  const authority = slash < 0 ? end : slash;
  const inAuthority = line.lastIndexOf('@', authority - 1);
  if (inAuthority >= from) return inAuthority;
  const last = line.lastIndexOf('@', end - 1);
  const port = line.slice(line.indexOf(':', from) + 1, authority);
  return last > authority && line.indexOf(':', from) < authority && !isInteger(port) ? last : -1;
}

/** FortiOS: `psksecret[old->new]`. */
function maskBrackets(line: string): string {
  let out = '';
  let done = 0;
  for (let open = line.indexOf('[', 1); open > 0; open = line.indexOf('[', open + 1)) {
    const close = line.indexOf(']', open);
    if (open < done || close === open + 1 || (close === open + 2 && line[open + 1] === '*')) continue;
    if (!isSecretName(nameBefore(line, open, done))) continue;
    out += `${line.slice(done, open + 1)}${MASK}`;
    done = close < 0 ? line.length : close;
  }
  return out + line.slice(done);
}

/** FortiOS: `ENC ` and base 64. */
function maskEncoded(line: string): string {
  let out = '';
  let done = 0;
  for (let at = line.indexOf('ENC '); at >= 0; at = line.indexOf('ENC ', at + 4)) {
    const from = at + 4;
    let to = from;
    while (to < line.length && isBase64(line.charCodeAt(to))) to++;
    if (to === from || (at > 0 && isLetter(line.charCodeAt(at - 1)))) continue;
    out += line.slice(done, from) + MASK;
    done = to;
  }
  return out + line.slice(done);
}

/** `"password":"S"`, `"password": 1234`. */
function maskJson(line: string): string {
  let out = '';
  let done = 0;
  for (let colon = line.indexOf(':'); colon > 0; colon = line.indexOf(':', colon + 1)) {
    let quote = colon - 1;
    while (quote > done && line[quote] === ' ') quote--;
    if (quote <= done || line[quote] !== '"' || !isSecretName(nameBefore(line, quote, done))) continue;
    let from = colon + 1;
    while (line[from] === ' ') from++;
    const quoted = line[from] === '"';
    if (quoted) from++;
    const to = quoted ? stringEnd(line, from) : scalarEnd(line, from);
    if (to === from) continue;
    out += line.slice(done, from) + MASK;
    done = to;
  }
  return out + line.slice(done);
}

function stringEnd(line: string, from: number): number {
  let at = from;
  while (at < line.length && line[at] !== '"') at += line[at] === '\\' ? 2 : 1;
  return Math.min(at, line.length);
}

function scalarEnd(line: string, from: number): number {
  let at = from;
  while (at < line.length && !',}] '.includes(line[at] ?? '')) at++;
  return line[from] === '{' || line[from] === '[' ? from : at;
}

function nameBefore(line: string, end: number, floor: number): string {
  let from = end;
  while (from > floor && isNamePart(line.charCodeAt(from - 1))) from--;
  return line.slice(from, end).toLowerCase();
}

function isSecretName(name: string): boolean {
  return SECRET_WORDS.has(name) || SUFFIXES.some((suffix) => name.endsWith(suffix)) || name === 'community';
}

function isNamePart(code: number): boolean {
  return isLetter(code) || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x5f;
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isBase64(code: number): boolean {
  return isLetter(code) || (code >= 0x2f && code <= 0x39) || code === 0x2b || code === 0x3d;
}
