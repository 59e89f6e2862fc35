import { canonicalAddress } from '../../model/address';
import { PROTOCOL_NAMES } from '../../model/protocol-names.data';

/** Words for IP protocols beside the IANA keywords, as Cisco, Juniper and netfilter write them. `ip` means any: no number. */
const PROTOCOL_ALIASES: Readonly<Record<string, number>> = {
  icmp6: 58,
  icmpv6: 58,
  ipinip: 4,
  ahp: 51,
  igrp: 9,
  nos: 94,
  pcp: 108,
  snp: 109,
  'udp-lite': 136,
};

const protocols = new Map<string, number>([
  ...Object.entries(PROTOCOL_NAMES).map(([number, name]): [string, number] => [name, Number(number)]),
  ...Object.entries(PROTOCOL_ALIASES),
]);

/** Canonical text of an address, with or without brackets; undefined when it is none. */
export function addressOf(text: string): string | undefined {
  if (isQuad(text, 0, text.length)) return text;
  if (text.startsWith('[') && text.endsWith(']')) return canonicalAddress(text.slice(1, -1));
  return text.includes(':') ? canonicalAddress(text) : undefined;
}

/** Whether `text` from `from` to before `to` is a dotted quad without leading zeros. */
export function isQuad(text: string, from: number, to: number): boolean {
  let dots = 0;
  // -1: no digit yet.
  let value = -1;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit === -2) {
      if (value < 0 || ++dots > 3) return false;
      value = -1;
    } else if (digit < 0 || digit > 9 || value === 0) return false;
    else {
      value = value < 0 ? digit : value * 10 + digit;
      if (value > 255) return false;
    }
  }
  return dots === 3 && value >= 0;
}

/** Decimal digits only, at most 15 of them. */
export function integerOf(text: string): number | undefined {
  if (text.length === 0 || text.length > 15) return undefined;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

export function portOf(text: string): number | undefined {
  const value = integerOf(text);
  return value !== undefined && value <= 65_535 ? value : undefined;
}

/** A counter of any size up to 64 bits. */
export function countOf(text: string): bigint | undefined {
  const small = integerOf(text);
  if (small !== undefined) return BigInt(small);
  if (text.length > 20 || text.length === 0) return undefined;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 48 || text.charCodeAt(i) > 57) return undefined;
  return BigInt(text);
}

/** IANA number of a protocol word or number. */
export function protocolOf(text: string): number | undefined {
  const number = integerOf(text);
  if (number !== undefined) return number <= 255 ? number : undefined;
  return protocols.get(text.toLowerCase());
}

/** Nanoseconds of `0:00:30`, `92:24:20`, `0h:05m:39s`, `1d 04h:11m:09s`; undefined for anything else. */
export function durationNsOf(text: string): bigint | undefined {
  let seconds = 0;
  const days = text.indexOf('d ');
  const clock = days < 0 ? text : text.slice(days + 2);
  if (days >= 0) seconds += (integerOf(text.slice(0, days)) ?? Number.NaN) * 86_400;
  const minutes = clock.indexOf(':') + 1;
  const ends = clock.indexOf(':', minutes) + 1;
  if (minutes === 0 || ends === 0) return undefined;
  seconds += timePart(clock, 0, minutes - 1, 'h') * 3600;
  seconds += timePart(clock, minutes, ends - 1, 'm') * 60 + timePart(clock, ends, clock.length, 's');
  // Beyond 104 days the nanoseconds are no exact number any more.
  if (seconds < 9_000_000) return BigInt(seconds * 1e9);
  return Number.isNaN(seconds) ? undefined : BigInt(seconds) * 1_000_000_000n;
}

/** The number in `text` from `from` to before `to`, a unit behind it or not; NaN when it is none. */
function timePart(text: string, from: number, to: number, unit: string): number {
  return integerOf(text.slice(from, text[to - 1] === unit ? to - 1 : to)) ?? Number.NaN;
}

/**
 * Lower-case, colon-separated form of a MAC address: six pairs with `:` or `-`, or three fours with `.`. Strict, because
 * `192.168.100.197` has twelve digits too.
 */
export function macOf(text: string): string | undefined {
  const byPairs = text.length === 17 ? text[2] : undefined;
  const separator = byPairs === ':' || byPairs === '-' ? byPairs : '.';
  const groups = text.split(separator);
  const width = separator === '.' ? 4 : 2;
  if (groups.length !== 12 / width || groups.some((group) => group.length !== width || !isHex(group))) return undefined;
  const hex = groups.join('').toLowerCase();
  return [0, 2, 4, 6, 8, 10].map((at) => hex.slice(at, at + 2)).join(':');
}

function isHex(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const letter = code | 0x20;
    if (!(code >= 0x30 && code <= 0x39) && !(letter >= 0x61 && letter <= 0x66)) return false;
  }
  return true;
}
