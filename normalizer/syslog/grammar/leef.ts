import { pattern } from '../patterns';
import { readExtension, readPipes } from './cef';
import { endOfKey } from './key-value';

const DELIMITER_CODE = pattern('leef_delimiter_code', /^(?:0?x|\\x)([0-9a-fA-F]{2,4})$/);

/**
 * IBM Log Event Extended Format 1.0 and 2.0 ("LEEF overview", IBM QRadar documentation):
 * `LEEF:2.0|vendor|product|version|event id|delimiter|key=value<delimiter>key=value`. Version 1.0 has no delimiter field:
 * it is a tab. Relays turn tabs into blanks or `#011`; both are read.
 */
export interface LeefMessage {
  readonly vendor: string;
  readonly product: string;
  readonly productVersion: string;
  readonly eventId: string;
  /** Attributes as written; the first of repeated keys wins. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** Where `LEEF:` begins in the text, at its start or after a blank; -1 when nowhere. */
export function findLeef(text: string): number {
  for (let at = text.indexOf('LEEF:'); at >= 0; at = text.indexOf('LEEF:', at + 1)) {
    if (at === 0 || text.charCodeAt(at - 1) <= 0x20) return at;
  }
  return -1;
}

/** Reads the message that begins at `from`; undefined when its header is not whole. */
export function readLeef(text: string, from = findLeef(text)): LeefMessage | undefined {
  if (from < 0 || !text.startsWith('LEEF:', from)) return undefined;
  const header = readPipes(text, from, 5);
  if (header === undefined) return undefined;
  const [version = '', vendor = '', product = '', productVersion = '', eventId = ''] = header.fields;
  let { end } = header;
  let delimiter = '\t';
  if (version.startsWith('LEEF:2')) {
    const stated = delimiterField(text, end);
    if (stated !== undefined) ({ delimiter, end } = stated);
  }
  return { vendor, product, productVersion, eventId, attributes: readAttributes(text, end, delimiter) };
}

/** The sixth field of version 2.0: empty, one character, or its code as `x09` / `0x09`. Some senders leave the field out. */
function delimiterField(text: string, from: number): { delimiter: string; end: number } | undefined {
  const pipe = text.indexOf('|', from);
  if (pipe < 0 || pipe - from > 6) return undefined;
  const field = text.slice(from, pipe);
  const end = pipe + 1;
  if (field === '') return { delimiter: '\t', end };
  if (field.length === 1) return { delimiter: field, end };
  const code = DELIMITER_CODE.exec(field)?.[1];
  if (code !== undefined) return { delimiter: String.fromCharCode(Number.parseInt(code, 16)), end };
  if (field === '\\t') return { delimiter: '\t', end };
  return undefined;
}

/** Some senders write version 1.0 with bars: a key follows the first one. */
function barsSeparate(text: string, from: number): boolean {
  const bar = text.indexOf('|', from);
  const keyEnd = endOfKey(text, bar + 1);
  return keyEnd > bar + 1 && (text[keyEnd] === '=' || text.startsWith(' =', keyEnd));
}

function readAttributes(text: string, from: number, delimiter: string): Map<string, string> {
  const separator = [delimiter, '#011', '|'].find((candidate) => text.includes(candidate, from));
  if (separator === undefined || (separator === '|' && !barsSeparate(text, from))) return readExtension(text, from);
  const out = new Map<string, string>();
  let start = from;
  while (start <= text.length) {
    const found = text.indexOf(separator, start);
    const end = found < 0 ? text.length : found;
    const equals = text.indexOf('=', start);
    if (equals > start && equals < end) {
      const key = text.slice(start, equals).trim();
      if (!out.has(key)) out.set(key, text.slice(equals + 1, end).trim());
    }
    start = end + separator.length;
  }
  return out;
}
