import { canonicalAddress } from '../../model/address';
import { pattern } from '../patterns';

/**
 * Texts of vendor fields as the values facts carry. Each gives undefined for what is no such value, so that a field that
 * says nothing (`N/A`, `-`, `0.0.0.0`, an empty text) stays absent.
 */

/** `T` where each field may also be undefined: what the readers of vendor fields give before absent fields are dropped. */
export type Partially<T> = { readonly [K in keyof T]: T[K] | undefined };

/** The object without its undefined fields (`exactOptionalPropertyTypes`: absent is not undefined). */
export function present<T extends object>(fields: Partially<T>): T {
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) {
    const value = (fields as Record<string, unknown>)[key];
    if (value !== undefined) out[key] = value;
  }
  return out as T;
}

const NOTHING = new Set(['', '-', 'N/A', 'n/a', '(null)', 'null', '(none)', 'undefined', '<none>', 'None', 'NULL']);
const LONGEST_NOTHING = 9;

/** `text.trim()`, without a call for the texts that begin and end in a plain character: nearly all. */
function trimmed(text: string): string {
  return isPlain(text.charCodeAt(0)) && isPlain(text.charCodeAt(text.length - 1)) ? text : text.trim();
}

function isPlain(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

/** The text, blanks at its ends taken off; undefined when it says nothing. */
export function word(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const value = trimmed(text);
  return value.length <= LONGEST_NOTHING && NOTHING.has(value) ? undefined : value;
}

/** Canonical address. Brackets around IPv6 are taken off; an unspecified address (`0.0.0.0`, `::`) is none. */
export function ip(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  let value = trimmed(text);
  if (value.startsWith('[') && value.endsWith(']')) value = value.slice(1, -1);
  const zone = value.indexOf('%');
  if (zone > 0) value = value.slice(0, zone);
  const address = canonicalAddress(value);
  return address === '0.0.0.0' || address === '::' ? undefined : address;
}

/** As `ip`, but the unspecified address is kept: it is a real source of DHCP and a real destination of listeners. */
export function anyIp(text: string | undefined): string | undefined {
  return text === undefined ? undefined : canonicalAddress(text.trim());
}

/** Decimal digits only, up to 2^53; undefined for anything else. */
export function integer(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = trimmed(text);
  if (value === '' || value.length > 16) return undefined;
  let number = 0;
  for (let at = 0; at < value.length; at++) {
    const digit = value.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return Number.isSafeInteger(number) ? number : undefined;
}

/** A port 0-65535. */
export function port(text: string | undefined): number | undefined {
  const value = integer(text);
  return value !== undefined && value <= 65_535 ? value : undefined;
}

/** A counter of at most 20 digits. */
export function count(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  const small = integer(text);
  if (small !== undefined) return BigInt(small);
  const value = text.trim();
  return value === '' || value.length > 20 || !allDigits(value) ? undefined : BigInt(value);
}

function allDigits(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

/** `aa:bb:cc:dd:ee:ff` from the colon, hyphen, dotted and bare spellings; undefined for others and for all zeros. */
export function mac(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 17) return undefined;
  let hex = '';
  for (const char of text.trim().toLowerCase()) {
    if ((char >= '0' && char <= '9') || (char >= 'a' && char <= 'f')) hex += char;
    else if (char !== ':' && char !== '-' && char !== '.') return undefined;
  }
  if (hex.length !== 12 || hex === '000000000000') return undefined;
  return `${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}:${hex.slice(6, 8)}:${hex.slice(8, 10)}:${hex.slice(10)}`;
}

/** IANA number of a protocol written as number or name, in any case. */
export function protocol(text: string | undefined): number | undefined {
  const value = word(text)?.toLowerCase();
  if (value === undefined) return undefined;
  const number = integer(value);
  if (number !== undefined) return number <= 255 ? number : undefined;
  return PROTOCOL_NUMBERS.get(value);
}

const PROTOCOL_NUMBERS: ReadonlyMap<string, number> = new Map([
  ['hopopt', 0],
  ['icmp', 1],
  ['igmp', 2],
  ['ipip', 4],
  ['ipencap', 4],
  ['tcp', 6],
  ['egp', 8],
  ['igp', 9],
  ['udp', 17],
  ['dccp', 33],
  ['ipv6', 41],
  ['rsvp', 46],
  ['gre', 47],
  ['esp', 50],
  ['ipsec-esp', 50],
  ['ah', 51],
  ['ipsec-ah', 51],
  ['icmp6', 58],
  ['icmpv6', 58],
  ['ipv6-icmp', 58],
  ['eigrp', 88],
  ['ospf', 89],
  ['ospfigp', 89],
  ['etherip', 97],
  ['pim', 103],
  ['ipcomp', 108],
  ['carp', 112],
  ['vrrp', 112],
  ['l2tp', 115],
  ['pfsync', 240],
  ['sctp', 132],
  ['udplite', 136],
]);

/** A translated endpoint, absent where it states no translation: nothing, all zeros, or the untranslated pair again. */
export function translation(
  realIp: string | undefined,
  realPort: number | undefined,
  natIp: string | undefined,
  natPort: number | undefined,
): { natIp?: string; natPort?: number } {
  const usefulPort = natPort === 0 ? undefined : natPort;
  if (natIp === undefined) return usefulPort === undefined || usefulPort === realPort ? {} : { natPort: usefulPort };
  if (natIp === realIp && (usefulPort === undefined || usefulPort === realPort)) return {};
  return usefulPort === undefined ? { natIp } : { natIp, natPort: usefulPort };
}

/** Nanoseconds of a count of seconds, fractions down to the microsecond. */
export function secondsAsNs(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  const small = integer(text);
  // Whole seconds of up to three months, in nanoseconds, are exact in a double.
  if (small !== undefined && small < 9_000_000) return BigInt(small * 1_000_000_000);
  const [whole = '', fraction = '', ...rest] = text.trim().split('.');
  const seconds = count(whole);
  if (seconds === undefined || rest.length > 0 || (fraction !== '' && count(fraction) === undefined)) return undefined;
  return seconds * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
}

/** `address:port` with IPv6 in brackets; the address alone when there is no port. */
export function socket(address: string, number: number | undefined): string {
  const shown = address.includes(':') ? `[${address}]` : address;
  return number === undefined ? shown : `${shown}:${number}`;
}

/** `extra` of a fact: the fields that say something; undefined when none does. */
export function extras(
  fields: Readonly<Record<string, string | number | undefined>>,
): Readonly<Record<string, string | number>> | undefined {
  const out: Record<string, string | number> = {};
  let any = false;
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    if (value === undefined) continue;
    out[key] = value;
    any = true;
  }
  return any ? out : undefined;
}

/** A vendor's word as an action name: lower case, everything but letters and digits as `_`. */
export function actionName(text: string): string {
  let out = '';
  for (const char of text.toLowerCase()) {
    const plain = (char >= 'a' && char <= 'z') || (char >= '0' && char <= '9');
    if (plain) out += char;
    else if (out !== '' && !out.endsWith('_')) out += '_';
  }
  return out.endsWith('_') ? out.slice(0, -1) : out;
}

/** The address in the parentheses at the end of `https(192.0.2.1)`, `ssh(192.0.2.1:50122)`. */
export function addressInParentheses(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const open = text.indexOf('(');
  const close = text.indexOf(')', open);
  if (open < 0 || close < 0) return undefined;
  const inner = text.slice(open + 1, close);
  return ip(inner) ?? ip(inner.slice(0, Math.max(0, inner.lastIndexOf(':'))));
}

/** The text between the first `before` and the next `after` (or the end); undefined without `before`. */
export function between(text: string, before: string, after: string): string | undefined {
  const at = text.indexOf(before);
  if (at < 0) return undefined;
  const start = at + before.length;
  const end = text.indexOf(after, start);
  return end < 0 ? text.slice(start) : text.slice(start, end);
}

const TLS_VERSION = pattern('value_tls_version', /^(tls|dtls|ssl)[ _]?v?(?:(\d)(?:[._]?(\d))?)?$/i);

/** `TLSv1.2`, `tls1.2`, `TLS_V12`, `SSLv3`: the ECS numbers and protocol; nothing for other words. */
export function tlsVersion(
  text: string | undefined,
): Readonly<Partial<Record<'tls.version' | 'tls.version_protocol', string>>> {
  const found = text === undefined ? null : TLS_VERSION.exec(text);
  if (found === null) return {};
  const [, name = '', major, minor] = found;
  const protocol = name.toLowerCase();
  if (major === undefined) return { 'tls.version_protocol': protocol };
  const whole = protocol === 'ssl' && minor === undefined ? major : `${major}.${minor ?? '0'}`;
  return { 'tls.version': whole, 'tls.version_protocol': protocol };
}
