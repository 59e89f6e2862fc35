/**
 * STRUCTURED-DATA of RFC 5424 section 6.3, with what ESXi makes of it: values without quotes, which may hold spaces
 * (`[Originator@6876 sub=Vmsvc.vm:/vmfs/volumes/ds 1/a.vmx opID=x]`). Anything else (Check Point's `[action:"Accept"; …]`)
 * is not structured data.
 */
export type StructuredData = Map<string, Map<string, string>>;

export interface ScannedData {
  readonly data: StructuredData;
  /** Place behind the last `]`. */
  readonly end: number;
}

const QUOTE = 0x22;
const EQUALS = 0x3d;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;
/** RFC 5424 allows 32; vendors write longer ones. */
const MAX_NAME = 64;

/** Reads all elements at `at`, or undefined when there is none or one is malformed. */
export function scanStructuredData(text: string, at: number): ScannedData | undefined {
  const data: StructuredData = new Map();
  let p = at;
  while (text.charCodeAt(p) === OPEN) {
    const end = scanElement(text, p + 1, data);
    // A malformed second element belongs to the message.
    if (end < 0) return p === at ? undefined : { data, end: p };
    p = end;
  }
  return p === at ? undefined : { data, end: p };
}

function scanElement(text: string, at: number, data: StructuredData): number {
  const idEnd = nameEnd(text, at);
  if (idEnd === at) return -1;
  const id = text.slice(at, idEnd);
  const parameters = data.get(id) ?? new Map<string, string>();
  let p = idEnd;
  while (text.charCodeAt(p) === 0x20) {
    while (text.charCodeAt(p) === 0x20) p++;
    if (text.charCodeAt(p) === CLOSE) break;
    p = scanParameter(text, p, parameters);
    if (p < 0) return -1;
  }
  if (text.charCodeAt(p) !== CLOSE) return -1;
  // `[vob.user.ssh.session.begin]` and `[12345]` are text: an element without parameters needs a registered or private id.
  if (parameters.size === 0 && !id.includes('@')) return -1;
  data.set(id, parameters);
  return p + 1;
}

function scanParameter(text: string, at: number, parameters: Map<string, string>): number {
  const end = nameEnd(text, at);
  if (end === at || text.charCodeAt(end) !== EQUALS) return -1;
  const name = text.slice(at, end);
  return text.charCodeAt(end + 1) === QUOTE
    ? scanQuoted(text, end + 2, name, parameters)
    : scanUnquoted(text, end + 1, name, parameters);
}

/** Escapes are `\"`, `\\`, `\]`; a backslash before any other character is itself (section 6.3.3). */
function scanQuoted(text: string, at: number, name: string, parameters: Map<string, string>): number {
  let value = '';
  let from = at;
  for (let p = at; p < text.length; p++) {
    const code = text.charCodeAt(p);
    if (code === BACKSLASH) {
      const next = text.charCodeAt(p + 1);
      if (next !== QUOTE && next !== BACKSLASH && next !== CLOSE) continue;
      value += text.slice(from, p);
      from = ++p;
    } else if (code === QUOTE) {
      parameters.set(name, value + text.slice(from, p));
      return p + 1;
    }
  }
  return -1;
}

/** Up to the next ` name=` or `]`. */
function scanUnquoted(text: string, at: number, name: string, parameters: Map<string, string>): number {
  for (let p = at; p < text.length; p++) {
    const code = text.charCodeAt(p);
    const ends = code === CLOSE || (code === 0x20 && beginsParameter(text, p + 1));
    if (code === QUOTE) return -1;
    if (!ends) continue;
    parameters.set(name, text.slice(at, p));
    return p;
  }
  return -1;
}

function beginsParameter(text: string, at: number): boolean {
  const end = nameEnd(text, at);
  return end > at && text.charCodeAt(end) === EQUALS;
}

/** End of an SD-NAME at `at`: printable ASCII without `=`, space, `]`, `"`. */
function nameEnd(text: string, at: number): number {
  let p = at;
  while (p - at < MAX_NAME) {
    const code = text.charCodeAt(p);
    if (!(code > 0x20 && code < 0x7f) || code === EQUALS || code === CLOSE || code === QUOTE) break;
    p++;
  }
  return p;
}
