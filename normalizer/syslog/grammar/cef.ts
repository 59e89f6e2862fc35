import { endOfKey } from './key-value';

/**
 * ArcSight Common Event Format, version 0 and 1 ("Implementing ArcSight Common Event Format (CEF)", Micro Focus, ch. 2):
 * `CEF:0|vendor|product|version|class id|name|severity|key=value key=value with blanks …`. In the header `|` and `\` are
 * escaped by `\`; in the extension `=` and `\` are, and `\n`, `\r` stand for line ends.
 */
export interface CefMessage {
  readonly vendor: string;
  readonly product: string;
  readonly productVersion: string;
  readonly classId: string;
  readonly name: string;
  readonly severity: string;
  /** Extension as written; the first of repeated keys wins. */
  readonly extension: ReadonlyMap<string, string>;
}

const HEADER_FIELDS = 7;

/** Where `CEF:` begins in the text, at its start or after a blank; -1 when nowhere. */
export function findCef(text: string): number {
  for (let at = text.indexOf('CEF:'); at >= 0; at = text.indexOf('CEF:', at + 1)) {
    if (at === 0 || text.charCodeAt(at - 1) <= 0x20) return at;
  }
  return -1;
}

/** Reads the message that begins at `from`; undefined when its header is not whole. */
export function readCef(text: string, from = findCef(text)): CefMessage | undefined {
  if (from < 0 || !text.startsWith('CEF:', from)) return undefined;
  const header = readPipes(text, from, HEADER_FIELDS);
  if (header === undefined) return undefined;
  const [, vendor = '', product = '', productVersion = '', classId = '', name = '', severity = ''] = header.fields;
  return { vendor, product, productVersion, classId, name, severity, extension: readExtension(text, header.end) };
}

/** Reads `count` fields that end in `|`; `\` takes the next character literally. Undefined when there are fewer. */
export function readPipes(text: string, from: number, count: number): { fields: string[]; end: number } | undefined {
  const fields: string[] = [];
  let value = '';
  let start = from;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c && (text[at + 1] === '|' || text[at + 1] === '\\')) {
      value += text.slice(start, at);
      start = at + 1;
      at++;
    } else if (code === 0x7c) {
      fields.push(value + text.slice(start, at));
      value = '';
      start = at + 1;
      if (fields.length === count) return { fields, end: at + 1 };
    }
  }
  return undefined;
}

/** Pairs whose values may hold blanks: a value ends where ` key=` follows. */
export function readExtension(text: string, from: number): Map<string, string> {
  const out = new Map<string, string>();
  let key = '';
  let valueStart = -1;
  let at = skipBlanks(text, from);
  while (at < text.length) {
    const keyEnd = endOfExtensionKey(text, at);
    if (keyEnd > at && text.charCodeAt(keyEnd) === 0x3d) {
      if (valueStart >= 0) put(out, key, text.slice(valueStart, at));
      key = text.slice(at, keyEnd);
      valueStart = keyEnd + 1;
      at = keyEnd + 1;
      // An empty value: the next pair follows the blank at once.
      if (text.charCodeAt(at) > 0x20) at = nextBlank(text, at);
    } else {
      at = nextBlank(text, Math.max(keyEnd, at + 1));
    }
    at = skipBlanks(text, at);
  }
  if (valueStart >= 0) put(out, key, text.slice(valueStart));
  return out;
}

/** `csN`, `cnN`, `flexStringN`, … under the name their `…Label` gives. */
export function labelledValues(extension: ReadonlyMap<string, string>): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, label] of extension) {
    if (!key.endsWith('Label')) continue;
    const value = extension.get(key.slice(0, -5));
    if (value !== undefined) out.set(label.trim(), value);
  }
  return out;
}

/** CEF keys may also hold brackets: `dnsquestion[0]=`. */
function endOfExtensionKey(text: string, at: number): number {
  let end = endOfKey(text, at);
  while (text[end] === '[' || text[end] === ']') end = endOfKey(text, end + 1);
  return end;
}

function put(out: Map<string, string>, key: string, raw: string): void {
  if (out.has(key)) return;
  const value = raw.trimEnd();
  out.set(key, value.includes('\\') ? unescape(value) : value);
}

/** Undoes the escapes of an extension value; a backslash before anything else is one (`DOMAIN\user`). */
function unescape(value: string): string {
  let out = '';
  for (let at = 0; at < value.length; at++) {
    const next = value[at] === '\\' ? value[at + 1] : undefined;
    const meant = next === undefined ? undefined : ESCAPES[next];
    if (meant === undefined) out += value[at] ?? '';
    else {
      out += meant;
      at++;
    }
  }
  return out;
}

const ESCAPES: Readonly<Record<string, string>> = { '=': '=', '\\': '\\', '|': '|', '"': '"' };

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return at;
}

function nextBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) > 0x20) at++;
  return at;
}
