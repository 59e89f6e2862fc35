import type { Fact } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { statedBase, stampTime, type DeviceTime } from '../grammar/device-time';
import { ip } from '../grammar/values';
import { absoluteQuality, epochTime } from '../time';
import { dnsFacts, type DnsAnswer } from './dns-facts';

/**
 * Zeek's `dns.log` (base/protocols/dns/main.zeek, DNS::Info), as tab-separated lines or JSON. Zeek sees both sides of an exchange, so that one
 * line holds who asked, the name and every answer. Columns are found from `qclass_name` on, since `rtt` came later and sites add their own.
 */
export const ZEEK_DNS: VendorParser = {
  name: 'zeek_dns',
  vendor: 'Zeek',
  product: 'Zeek dns.log',
  summary: 'Names that clients asked for, and their addresses, as TSV or JSON',
  stability: 'stable',
  example:
    '{"ts":1795831800.123,"uid":"CHhAvVGS1DHFjwGM9","id.orig_h":"10.0.0.5","id.orig_p":53211,"id.resp_h":"10.0.0.1","id.resp_p":53,"proto":"udp","query":"www.example.com","qtype_name":"A","rcode_name":"NOERROR","answers":["203.0.113.9"],"TTLs":[300.0]}',
  recognizes: ({ content }) => isHeader(content) || columnsOf(content) !== undefined || looksLikeJson(content),
  parse: zeekFacts,
};

/** Places behind `qclass_name` in a line: qtype, qtype_name, rcode, rcode_name, AA, TC, RD, RA, Z, answers, TTLs. */
const NAME = -2;
const TYPE = 2;
const RESPONSE = 4;
const ANSWERS = 10;
const TTLS = 11;
const CLASSES: ReadonlySet<string> = new Set(['C_INTERNET', 'C_ANY', 'C_CHAOS', 'C_HESIOD', 'C_NONE']);
const HEADERS = [
  '#separator',
  '#set_separator',
  '#empty_field',
  '#unset_field',
  '#path',
  '#open',
  '#fields',
  '#types',
  '#close',
];

interface Line {
  readonly time: DeviceTime | undefined;
  readonly client: string | undefined;
  readonly name: string;
  readonly type: string | undefined;
  readonly response: string | undefined;
  readonly answers: readonly string[];
  readonly ttls: readonly number[];
}

function isHeader(content: string): boolean {
  return content.startsWith('#') && HEADERS.some((word) => content.startsWith(word));
}

function columnsOf(content: string): readonly string[] | undefined {
  const tab = content.indexOf('\t');
  if (tab < 10 || tab > 20) return undefined;
  const columns = content.split('\t', 64);
  return epochTime(columns[0] ?? '') !== undefined && classAt(columns) > 8 ? columns : undefined;
}

function classAt(columns: readonly string[]): number {
  return columns.findIndex((column) => CLASSES.has(column));
}

function looksLikeJson(content: string): boolean {
  return content.startsWith('{') && content.includes('"id.orig_h"') && content.includes('"qtype');
}

function zeekFacts({ content }: SyslogMessage, context: SyslogContext): Fact[] {
  const line = content.startsWith('{') ? readJson(content, context) : readColumns(columnsOf(content), context);
  if (line === undefined) return [];
  const { time, client, name, type, response, answers, ttls } = line;
  const addresses = answers.flatMap((text, i): DnsAnswer[] => {
    const address = ip(text);
    return address === undefined ? [] : [{ address, ttl: Number.isFinite(ttls[i]) ? ttls[i] : undefined }];
  });
  return dnsFacts(statedBase(context, time, undefined), { client, name, type, response, answers: addresses });
}

function readColumns(columns: readonly string[] | undefined, context: SyslogContext): Line | undefined {
  if (columns === undefined) return undefined;
  const at = classAt(columns);
  const set = (place: number): string[] => told(columns[at + place])?.split(',') ?? [];
  return {
    time: timeOf(columns[0], context),
    client: ip(columns[2]),
    name: told(columns[at + NAME]) ?? '',
    type: told(columns[at + TYPE]),
    response: told(columns[at + RESPONSE]),
    answers: set(ANSWERS),
    ttls: set(TTLS).map(Number),
  };
}

/** `-` is unset, `(empty)` a set without members. */
function told(text: string | undefined): string | undefined {
  return text === undefined || text === '-' || text === '(empty)' ? undefined : text;
}

function readJson(content: string, context: SyslogContext): Line | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const row = value as Readonly<Record<string, unknown>>;
  const text = (key: string): string | undefined => (typeof row[key] === 'string' ? row[key] : undefined);
  const list = (key: string): readonly unknown[] => (Array.isArray(row[key]) ? (row[key] as unknown[]) : []);
  const { ts } = row;
  return {
    time: timeOf(typeof ts === 'number' ? ts.toFixed(6) : text('ts'), context),
    client: ip(text('id.orig_h')),
    name: text('query') ?? '',
    type: text('qtype_name'),
    response: text('rcode_name'),
    answers: list('answers').map((each) => (typeof each === 'string' ? each : '')),
    ttls: list('TTLs').map((each) => (typeof each === 'number' ? each : Number.NaN)),
  };
}

/** Epoch seconds, or ISO 8601 where Zeek is set to write it. */
function timeOf(text: string | undefined, context: SyslogContext): DeviceTime | undefined {
  const ms = epochTime(text ?? '');
  return ms === undefined ? stampTime(text, context) : { ms, quality: absoluteQuality(ms, context.receivedAt) };
}
