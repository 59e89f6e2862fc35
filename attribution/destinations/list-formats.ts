import { type ListEntry, ListFormatError, type ParsedList } from './destination-list';
import { csvCells } from './csv-cells';
import { entryOf } from './listed-host';
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
      return parseLines(text, (line) => [hostOfLine(line), '']);
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

/** The first word; behind the address that a hosts file gives to what is blocked, the second. */
function hostOfLine(line: string): string {
  const [first = '', second = ''] = line.split(line.startsWith('||') ? /[\s;#,]+/u : /[\s;#,|]+/u, 2);
  return second !== '' && SINKS.has(first) ? second : first;
}

const SINKS: ReadonlySet<string> = new Set(['0.0.0.0', '127.0.0.1', '::', '::1']);

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

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ListFormatError(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** https://github.com/MISP/misp-warninglists: `{name, type, list, version}`; `type: cidr` holds addresses, `hostname` names, with a dot before those that stand for the names under them. */
function parseWarninglist(json: unknown): ParsedList {
  const { list, name, version, type } = json as { list?: unknown; name?: unknown; version?: unknown; type?: unknown };
  if (!Array.isArray(list)) throw new ListFormatError('no MISP warninglist: it has no array "list"');
  const label = typeof name === 'string' ? name : '';
  // Parts of names and expressions over them are no destinations.
  const holds = type === undefined || type === 'cidr' || type === 'hostname' || type === 'string';
  return { ...collected(holds ? list : [], (item) => [item, label, false]), ...dated(version) };
}

/** A version of a warninglist is its date: 20261124. */
function dated(version: unknown): { readonly date?: number } {
  const match = /^(\d{4})(\d{2})(\d{2})$/u.exec(String(version));
  if (match === null) return {};
  return { date: Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) };
}

/** MISP core format (draft-dulaunoy-misp-core-format): attributes of type `ip-dst`, `ip-src`, those with a port, `domain`, `hostname` and `url`. */
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
    const host = HOST_TYPES.test(String(type)) ? String(value).split('|', 1)[0] : '';
    return [host, typeof comment === 'string' && comment !== '' ? comment : label, String(type).startsWith('domain')];
  });
  return { ...parsed, ...(Number.isFinite(date) && { date }) };
}

const HOST_TYPES = /^(?:ip-(?:dst|src)(?:\|port)?|domain(?:\|ip)?|hostname(?:\|port)?|url)$/u;

function collected(
  items: readonly unknown[],
  read: (item: unknown) => readonly [host: unknown, label: string, isDomain: boolean],
): ParsedList {
  const entries: ListEntry[] = [];
  let skipped = 0;
  items.forEach((item, i) => {
    const [host, label, isDomain] = item === null || item === undefined ? ['', '', false] : read(item);
    const entry = typeof host === 'string' ? entryOf(host, i + 1, label.slice(0, 200), isDomain) : undefined;
    if (entry === undefined || entries.length >= MOST_ENTRIES) skipped++;
    else entries.push(entry);
  });
  return { entries, skipped };
}
