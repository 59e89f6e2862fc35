/**
 * Check Point Log Exporter's own list (sk122323, format `syslog`): `[action:"Accept"; flags:"4"; sys_message::"text"; …]`.
 * It stands where RFC 5424 has structured data but is none: colons, semicolons, and `\]`, `\"`, `\\` inside values. Older
 * versions and other formats write `key="value"`, leave the brackets out, or part bare pairs by bars (`a=1|b=2`, format
 * `splunk`). The first of repeated keys wins.
 */
export function readCheckpointList(text: string, from = 0): Map<string, string> {
  const out = new Map<string, string>();
  const bars = text.includes('|', from) && !text.includes(':"', from) && !text.includes('="', from);
  let at = from;
  while (at < text.length) {
    at = skip(text, at);
    const keyEnd = endOfName(text, at);
    let start = keyEnd;
    while (text[start] === ':' || text[start] === '=') start++;
    if (keyEnd === at || start === keyEnd) {
      at = keyEnd === at ? at + 1 : keyEnd;
      continue;
    }
    const quoted = text[start] === '"';
    const end = quoted ? closing(text, start + 1) : endOfBare(text, start, bars);
    const key = text.slice(at, keyEnd);
    if (!out.has(key)) out.set(key, quoted ? unescape(text.slice(start + 1, end)) : text.slice(start, end).trim());
    at = end + 1;
  }
  return out;
}

function skip(text: string, from: number): number {
  let at = from;
  while (at < text.length && isFiller(text.charCodeAt(at))) at++;
  return at;
}

/** Blanks, `[`, `;`, `]`, `|`. */
function isFiller(code: number): boolean {
  return code <= 0x20 || code === 0x5b || code === 0x3b || code === 0x5d || code === 0x7c;
}

function endOfName(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const name =
      (code >= 0x61 && code <= 0x7a) ||
      (code >= 0x41 && code <= 0x5a) ||
      (code >= 0x30 && code <= 0x39) ||
      code === 0x5f ||
      code === 0x2d ||
      code === 0x2e;
    if (!name) break;
    at++;
  }
  return at;
}

/** The quote that ends a value: not escaped. */
function closing(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at;
  }
  return text.length;
}

function endOfBare(text: string, from: number, bars: boolean): number {
  if (bars) {
    const bar = text.indexOf('|', from);
    return bar < 0 ? text.length : bar;
  }
  let at = from;
  while (at < text.length && text[at] !== ';' && text[at] !== ']') {
    // Blanks belong to the value unless a pair follows: `time=1 action="Drop"`.
    if (text[at] === ' ' && text[endOfName(text, at + 1)] === '=') return at;
    at++;
  }
  return at;
}

function unescape(value: string): string {
  if (!value.includes('\\')) return value;
  let out = '';
  for (let at = 0; at < value.length; at++) {
    const next = value[at + 1];
    if (value[at] === '\\' && (next === '"' || next === ']' || next === '\\')) {
      out += next;
      at++;
    } else out += value[at] ?? '';
  }
  return out;
}
