import { canonicalAddress } from '../../model/address';
import { mac } from '../../syslog/grammar/values';
import type { End } from './table-reading';

/** Longest row that is looked at. */
const MAX_ROW = 2048;

/** Words of a row. */
export function wordsOf(line: string): string[] {
  return line
    .slice(0, MAX_ROW)
    .split(/\s+/)
    .filter((word) => word !== '');
}

const MAC =
  /^(?:[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}|[0-9a-f]{2}(?:-[0-9a-f]{2}){5}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})$/i;

/** Whether the word is a MAC address: a dotted quad of twelve digits is none. */
export function isMac(word: string): boolean {
  return word.length <= 17 && MAC.test(word) && mac(padded(word)) !== undefined;
}

/** `0:c:29:1:2:3` of BSD with its zeros. */
export function padded(word: string): string {
  return word.includes(':') && word.length < 17
    ? word
        .split(':')
        .map((part) => part.padStart(2, '0'))
        .join(':')
    : word;
}

/** Address of a word, in brackets or parentheses or with a zone. */
export function addressIn(word: string): string | undefined {
  const bare = word.replace(/^[([]/, '').replace(/[)\],]$/, '');
  return canonicalAddress(bare.split('%')[0] ?? '');
}

/** `A:P`, `[A]:P`, `A/P`, `A[P]`, and, where `dotted`, `A.P`. */
export function endOf(text: string, separator: ':' | '/' | '[' | '.'): End | undefined {
  const bare = separator === '[' && text.endsWith(']') ? text.slice(0, -1) : text;
  const bracket = separator === ':' && bare.startsWith('[') ? bare.indexOf(']') : -1;
  const whole = bracket < 0 ? canonicalAddress(bare) : undefined;
  if (whole !== undefined && separator !== '.') return { ip: whole };
  const at = bracket < 0 ? bare.lastIndexOf(separator) : bracket + 1;
  if (at <= 0) return whole === undefined ? undefined : { ip: whole };
  const ip = canonicalAddress(bare.slice(bracket < 0 ? 0 : 1, bracket < 0 ? at : bracket).split('%')[0] ?? '');
  if (ip === undefined) return undefined;
  const port = bare.slice(at + 1);
  return /^\d{1,5}$/.test(port) && Number(port) <= 65_535 ? { ip, port: Number(port) } : { ip };
}

/** IANA number of a protocol as tables write it: `tcp`, `6`, `TCP`. */
export function protocolOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,3}$/.test(text)) return Number(text) <= 255 ? Number(text) : undefined;
  return PROTOCOLS[text.toLowerCase()];
}

const PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  icmpv6: 58,
  icmp6: 58,
  ospf: 89,
  sctp: 132,
  ipencap: 4,
  'ipsec-esp': 50,
};

/** A count; undefined for anything else. */
export function countOf(text: string | undefined): bigint | undefined {
  return text !== undefined && /^\d{1,19}$/.test(text) ? BigInt(text) : undefined;
}

/** `name=value` pairs of RouterOS's `print terse`; quoted values hold spaces. */
export function pairsOf(line: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  const text = line.slice(0, MAX_ROW);
  let at = 0;
  while (at < text.length) {
    while (at < text.length && text[at] === ' ') at++;
    const equals = text.indexOf('=', at);
    const space = text.indexOf(' ', at);
    if (equals < 0) break;
    if (space >= 0 && space < equals) {
      at = space;
      continue;
    }
    const name = text.slice(at, equals);
    const quoted = text[equals + 1] === '"';
    const close = text.indexOf(quoted ? '"' : ' ', equals + (quoted ? 2 : 1));
    const end = close < 0 ? text.length : close;
    pairs.set(name, text.slice(equals + (quoted ? 2 : 1), end));
    at = end + 1;
  }
  return pairs;
}

/** Blocks of lines, each begun by a line for which `begins` holds. */
export function blocksOf(lines: readonly string[], begins: (line: string) => boolean): string[][] {
  const blocks: string[][] = [];
  for (const line of lines) {
    if (begins(line)) blocks.push([line]);
    else blocks.at(-1)?.push(line);
  }
  return blocks;
}

/** What stands behind `name` and its colon, in the first line of a block that has it. */
export function fieldOf(block: readonly string[], name: string): string | undefined {
  for (const line of block) {
    const from = line.indexOf(name);
    if (from < 0 || line.slice(0, from).trim().replace(/^-$/, '') !== '') continue;
    const rest = line.slice(from + name.length).trimStart();
    if (!rest.startsWith(':')) continue;
    const value = rest.slice(1).trim();
    return value === '' || value.endsWith('not advertised') ? undefined : unquoted(value);
  }
  return undefined;
}

function unquoted(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
}
