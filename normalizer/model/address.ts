import { isIPv4, isIPv6 } from 'node:net';

/**
 * Addresses are 4 or 16 bytes in network order; an IPv4-mapped IPv6 address (::ffff:0:0/96) is the IPv4 address. Their
 * text is the canonical form of RFC 5952 (or dotted quad). One form in, one form compared.
 */

/** Bytes (4 or 16) of an address text, or undefined when it is not one. Leading zeros (`010.1.1.1`) and zones are refused. */
export function addressBytes(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return quadBytes(text);
  if (!isIPv6(text) || text.includes('%')) return undefined;
  return unmapped(parseIPv6(text));
}

/** Bytes of a dotted quad. One is parsed for each end of each session: nothing is allocated but the answer. */
function quadBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(4);
  let part = 0;
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x2e) {
      bytes[part++] = value;
      value = 0;
    } else value = value * 10 + code - 0x30;
  }
  bytes[part] = value;
  return bytes;
}

/** Canonical text of 4 or 16 address bytes at `offset`. */
export function addressText(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): string {
  if (length === 4) return `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`;
  return ipv6Text(bytes, offset);
}

/** Canonical text of an address text, or undefined when it is not an address. */
export function canonicalAddress(text: string): string | undefined {
  // A dotted quad without leading zeros is its own canonical text.
  if (isIPv4(text)) return text;
  const bytes = addressBytes(text);
  return bytes === undefined ? undefined : addressText(bytes);
}

/** The IPv4 address inside a mapped one, else the bytes as they are. */
export function unmapped(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 16) return bytes;
  for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return bytes;
  return bytes[10] === 0xff && bytes[11] === 0xff ? bytes.slice(12) : bytes;
}

function parseIPv6(text: string): Uint8Array {
  const out = new Uint8Array(16);
  const [head = '', tail] = text.split('::', 2);
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  front.forEach((value, i) => writeGroup(out, i, value));
  back.forEach((value, i) => writeGroup(out, 8 - back.length + i, value));
  return out;
}

function groups(part: string): number[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}

function writeGroup(out: Uint8Array, index: number, value: number): void {
  out[index * 2] = value >>> 8;
  out[index * 2 + 1] = value & 0xff;
}

/** RFC 5952: lower case, no leading zeros, the longest run (the first of equals) of at least two zero groups becomes `::`. */
function ipv6Text(bytes: Uint8Array, offset: number): string {
  let bestStart = -1;
  let bestLength = 1;
  let start = -1;
  for (let i = 0; i < 8; i++) {
    const zero = bytes[offset + i * 2] === 0 && bytes[offset + i * 2 + 1] === 0;
    if (!zero) start = -1;
    else if (start < 0) start = i;
    if (start >= 0 && i - start + 1 > bestLength) {
      bestStart = start;
      bestLength = i - start + 1;
    }
  }
  let text = '';
  for (let i = 0; i < 8; i++) {
    if (i === bestStart) {
      text += '::';
      i += bestLength - 1;
      continue;
    }
    if (text !== '' && !text.endsWith(':')) text += ':';
    text += (((bytes[offset + i * 2] ?? 0) << 8) | (bytes[offset + i * 2 + 1] ?? 0)).toString(16);
  }
  return text;
}
