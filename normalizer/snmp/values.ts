import { addressText, unmapped } from '../model/address';
import { TAG, type Varbind } from './record';

/** Values of varbinds. Each returns undefined for a value of another kind: a wrong value is worse than none. */

/** An INTEGER, Counter32, Gauge32 or TimeTicks; a Counter64 that a number holds exactly. */
export function integerOf(varbind: Varbind | undefined): number | undefined {
  if (varbind === undefined) return undefined;
  const [, tag, value] = varbind;
  if (tag === TAG.counter64) {
    const number = typeof value === 'string' && isDigits(value) ? Number(value) : Number.NaN;
    return Number.isSafeInteger(number) ? number : undefined;
  }
  if (tag !== TAG.integer && (tag < TAG.counter32 || tag > TAG.timeTicks)) return undefined;
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

/** A counter of up to 64 bits. */
export function counterOf(varbind: Varbind | undefined): bigint | undefined {
  if (varbind !== undefined && varbind[1] === TAG.counter64) {
    const [, , value] = varbind;
    return typeof value === 'string' && value.length <= 20 && isDigits(value) ? BigInt(value) : undefined;
  }
  const number = integerOf(varbind);
  return number === undefined || number < 0 ? undefined : BigInt(number);
}

/** The octets of an OCTET STRING, Opaque or IpAddress. */
export function octetsOf(varbind: Varbind | undefined): Uint8Array | undefined {
  if (varbind === undefined) return undefined;
  const [, tag, value] = varbind;
  if (typeof value !== 'string') return undefined;
  if (tag === TAG.ipAddress) return ipv4Octets(value);
  if (tag !== TAG.octets && tag !== TAG.opaque) return undefined;
  const octets = Buffer.from(value, 'hex');
  return octets.length * 2 === value.length ? octets : undefined;
}

const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true });
/** Zero ends a text (agents pad with it); other control characters become blanks. */
const CONTROL = /[\x00-\x1f\x7f]+/g;

/** An OCTET STRING as text: UTF-8, else Latin-1; trimmed; undefined when nothing is left. */
export function textOf(varbind: Varbind | undefined): string | undefined {
  if (varbind === undefined || varbind[1] !== TAG.octets) return undefined;
  const octets = octetsOf(varbind);
  return octets === undefined ? undefined : textOfOctets(octets);
}

/** As `textOf`, of plain octets. */
export function textOfOctets(octets: Uint8Array): string | undefined {
  const zero = octets.indexOf(0);
  const front = zero < 0 ? octets : octets.subarray(0, zero);
  let text: string;
  try {
    text = STRICT_UTF8.decode(front);
  } catch {
    text = Buffer.from(front).toString('latin1');
  }
  const trimmed = text.replace(CONTROL, ' ').trim();
  return trimmed === '' ? undefined : trimmed;
}

/** An OBJECT IDENTIFIER, dotted. */
export function oidOf(varbind: Varbind | undefined): string | undefined {
  return varbind !== undefined && varbind[1] === TAG.oid && typeof varbind[2] === 'string' ? varbind[2] : undefined;
}

/** A MAC address: six octets, or the text that some agents write in their place. Not all zeros, not broadcast. */
export function macOf(varbind: Varbind | undefined): string | undefined {
  const octets = octetsOf(varbind);
  if (octets === undefined || varbind?.[1] !== TAG.octets) return undefined;
  if (octets.length === 6) return macOfOctets(octets);
  if (octets.length < 11 || octets.length > 18) return undefined;
  const text = textOfOctets(octets);
  return text === undefined ? undefined : macOfText(text);
}

/** `02:00:5e:00:53:01` of six numbers; undefined for zeros, broadcast and numbers above 255. */
export function macOfOctets(octets: ArrayLike<number>): string | undefined {
  if (octets.length !== 6) return undefined;
  let text = '';
  let sum = 0;
  for (let i = 0; i < 6; i++) {
    const octet = octets[i] ?? 256;
    if (!(octet >= 0 && octet <= 255)) return undefined;
    sum += octet;
    text += `${i === 0 ? '' : ':'}${octet < 16 ? '0' : ''}${octet.toString(16)}`;
  }
  return sum === 0 || sum === 1530 ? undefined : text;
}

const MAC_GROUPS = /^[0-9a-f]{1,2}(?:([:-])[0-9a-f]{1,2})(?:\1[0-9a-f]{1,2}){4}$/i;
const MAC_DOTTED = /^[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}$/i;
const MAC_BARE = /^[0-9a-f]{12}$/i;

/** `0:e:c4:d0:48:c6`, `00-0e-…`, `000e.c4d0.48c6`, `000ec4d048c6`. */
function macOfText(text: string): string | undefined {
  if (MAC_GROUPS.test(text)) return macOfOctets(text.split(/[:-]/).map((group) => Number.parseInt(group, 16)));
  if (!MAC_DOTTED.test(text) && !MAC_BARE.test(text)) return undefined;
  return macOfOctets(Buffer.from(text.replaceAll('.', ''), 'hex'));
}

/** An IpAddress, or 4 or 16 octets; with a zone index 8 or 20, whose zone is left out. Not the unspecified address. */
export function addressOf(varbind: Varbind | undefined): string | undefined {
  const octets = octetsOf(varbind);
  if (octets === undefined) return undefined;
  const size = octets.length === 8 ? 4 : octets.length === 20 ? 16 : octets.length;
  return addressOfOctets(octets.subarray(0, size));
}

/** Canonical text of 4 or 16 octets; undefined for others and for the unspecified address. */
export function addressOfOctets(octets: Uint8Array): string | undefined {
  if ((octets.length !== 4 && octets.length !== 16) || octets.every((octet) => octet === 0)) return undefined;
  return addressText(unmapped(octets));
}

/** DateAndTime (RFC 2579): UTC epoch milliseconds, and whether the zone is stated. */
export function dateAndTimeOf(
  varbind: Varbind | undefined,
): { readonly ms: number; readonly zoned: boolean } | undefined {
  const octets = varbind?.[1] === TAG.octets ? octetsOf(varbind) : undefined;
  if (octets === undefined || (octets.length !== 8 && octets.length !== 11)) return undefined;
  const [high = 0, low = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, tenth = 0] = octets;
  const ms = Date.UTC(high * 256 + low, month - 1, day, hour, minute, Math.min(second, 59), tenth * 100);
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60 || tenth > 9) return undefined;
  if (new Date(ms).getUTCDate() !== day) return undefined;
  if (octets.length === 8) return { ms, zoned: false };
  const [sign = 0, hours = 0, minutes = 0] = octets.subarray(8);
  if ((sign !== 0x2b && sign !== 0x2d) || hours > 14 || minutes > 59) return undefined;
  const offset = (hours * 60 + minutes) * 60_000;
  return { ms: sign === 0x2b ? ms - offset : ms + offset, zoned: true };
}

function ipv4Octets(text: string): Uint8Array | undefined {
  const parts = text.split('.').map(Number);
  return parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255)
    ? Uint8Array.from(parts)
    : undefined;
}

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return text !== '';
}
