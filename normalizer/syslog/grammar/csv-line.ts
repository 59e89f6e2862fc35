/**
 * One line of comma-separated values (RFC 4180 section 2): a field that begins with a quote ends at the next quote that
 * is not doubled. Fields without quotes are taken as they stand, blanks included. PAN-OS writes lists in braces without
 * quoting them (`{link, tag, type}`); with `braces` such a list is one field. Linear; never throws; an unclosed quote or
 * brace runs to the end of the line.
 */
export function readCsvLine(text: string, from = 0, braces = false): string[] {
  const out: string[] = [];
  let at = from;
  while (true) {
    if (text.charCodeAt(at) === 0x22) {
      const field = readQuoted(text, at);
      out.push(field.value);
      at = field.end;
    } else {
      const end = endOfPlain(text, at, braces);
      out.push(text.slice(at, end));
      at = end;
    }
    if (at >= text.length) return out;
    at++;
  }
}

/** A quoted field; text between its closing quote and the next comma is kept (some senders do not double quotes). */
function readQuoted(text: string, from: number): { value: string; end: number } {
  let value = '';
  let start = from + 1;
  let at = text.indexOf('"', start);
  while (at >= 0) {
    value += text.slice(start, at);
    if (text.charCodeAt(at + 1) === 0x22) {
      value += '"';
      start = at + 2;
      at = text.indexOf('"', start);
      continue;
    }
    const comma = text.indexOf(',', at + 1);
    const end = comma < 0 ? text.length : comma;
    return { value: value + text.slice(at + 1, end).trimEnd(), end };
  }
  return { value: value + text.slice(start), end: text.length };
}

function endOfPlain(text: string, from: number, braces: boolean): number {
  let start = from;
  if (braces && text.charCodeAt(from) === 0x7b) {
    const close = text.indexOf('}', from);
    if (close >= 0) start = close;
  }
  const comma = text.indexOf(',', start);
  return comma < 0 ? text.length : comma;
}
