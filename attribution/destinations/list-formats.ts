import { parseRange, rangeBounds } from '../../store/facts/address-filter';
import { type ListEntry, ListFormatError, type ParsedList } from './destination-list';
import { parseStix } from './stix-bundle';

/** Entries of one list at most. */
export const MOST_ENTRIES = 2_000_000;

export const LIST_FORMATS = ['plain', 'csv', 'misp_warninglist', 'misp_event', 'stix'] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

/** Which column of a CSV file holds what, from 1. */
export interface CsvColumns {
  readonly address: number;
  readonly label?: number | undefined;
}

/** Reads a list. Throws `ListFormatError` for JSON that is not of the format; single entries that cannot be read are counted. */
export function parseList(text: string, format: ListFormat, columns?: CsvColumns): ParsedList {
  switch (format) {
    case 'plain':
      return parseLines(text, (line) => [line.split(/[\s;#,|]/u, 1)[0] ?? '', '']);
    case 'csv': {
      const { address, label } = columns ?? { address: 1 };
      return parseLines(text, (line) => {
        const cells = csvCells(line);
        return [cells[address - 1] ?? '', label === undefined ? '' : (cells[label - 1] ?? '')];
      });
    }
    case 'misp_warninglist':
      return parseWarninglist(jsonOf(text));
    case 'misp_event':
      return parseMispEvent(jsonOf(text));
    case 'stix':
      return parseStix(jsonOf(text));
  }
}

/** The entry of an address or a network (CIDR, or `first-last` of one network); undefined for anything else. */
export function entryOf(text: string, line: number, label: string): ListEntry | undefined {
  const range = parseRange(text.trim().replace(/^\[(.+)\]$/u, '$1'));
  if (range === undefined) return undefined;
  const [first] = rangeBounds(range);
  return { network: first.toString('hex').toUpperCase(), prefix: range.prefix, line, label };
}

function parseLines(text: string, read: (line: string) => readonly [address: string, label: string]): ParsedList {
  const entries: ListEntry[] = [];
  let skipped = 0;
  let number = 0;
  for (const raw of text.split('\n')) {
    number++;
    const line = raw.trim();
    if (line === '' || /^(?:#|;|\/\/)/u.test(line)) continue;
    const [address, label] = read(line);
    const entry = entryOf(address, number, label.slice(0, 200));
    if (entry === undefined || entries.length >= MOST_ENTRIES) skipped++;
    else entries.push(entry);
  }
  return { entries, skipped };
}

/** RFC 4180, one record a line. */
function csvCells(line: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (line[i + 1] === '"') cell += line[++i]!;
      else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === ',') {
      cells.push(cell.trim());
      cell = '';
    } else cell += char;
  }
  cells.push(cell.trim());
  return cells;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ListFormatError(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** https://github.com/MISP/misp-warninglists: `{name, type, list, version}`; only `type: cidr` holds addresses. */
function parseWarninglist(json: unknown): ParsedList {
  const { list, name, version } = json as { list?: unknown; name?: unknown; version?: unknown };
  if (!Array.isArray(list)) throw new ListFormatError('no MISP warninglist: it has no array "list"');
  const label = typeof name === 'string' ? name : '';
  return { ...collected(list, (item) => [item, label]), ...dated(version) };
}

/** A version of a warninglist is its date: 20261124. */
function dated(version: unknown): { readonly date?: number } {
  const match = /^(\d{4})(\d{2})(\d{2})$/u.exec(String(version));
  if (match === null) return {};
  return { date: Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) };
}

/** MISP core format (draft-dulaunoy-misp-core-format): attributes of type `ip-dst`, `ip-src` and those with a port. */
function parseMispEvent(json: unknown): ParsedList {
  const { Event: event } = json as {
    Event?: { Attribute?: unknown; Object?: unknown; date?: unknown; info?: unknown };
  };
  if (event === undefined) throw new ListFormatError('no MISP event: it has no "Event"');
  const objects = Array.isArray(event.Object) ? (event.Object as { Attribute?: unknown }[]) : [];
  const attributes = [event, ...objects].flatMap(({ Attribute: own }) =>
    Array.isArray(own) ? (own as unknown[]) : [],
  );
  const label = typeof event.info === 'string' ? event.info : '';
  const date = Date.parse(String(event.date));
  const parsed = collected(attributes, (item) => {
    const { type, value, comment } = item as { type?: unknown; value?: unknown; comment?: unknown };
    const address = /^ip-(?:dst|src)(?:\|port)?$/u.test(String(type)) ? String(value).split('|', 1)[0] : '';
    return [address, typeof comment === 'string' && comment !== '' ? comment : label];
  });
  return { ...parsed, ...(Number.isFinite(date) && { date }) };
}

function collected(items: readonly unknown[], read: (item: unknown) => readonly [unknown, string]): ParsedList {
  const entries: ListEntry[] = [];
  let skipped = 0;
  items.forEach((item, i) => {
    const [address, label] = item === null || typeof item === 'undefined' ? ['', ''] : read(item);
    const entry = typeof address === 'string' ? entryOf(address, i + 1, label.slice(0, 200)) : undefined;
    if (entry === undefined || entries.length >= MOST_ENTRIES) skipped++;
    else entries.push(entry);
  });
  return { entries, skipped };
}
