import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { ToldSession } from './told-session';

/*
 * Sessions as IPFIX messages (RFC 7011), with both directions in one record (RFC 5103): the one form in which the journal keeps flows.
 * A message holds the template of its records and the records; header 16 bytes, sets with 4 bytes before their content.
 */

const REVERSE = 29_305;
const TEMPLATE_SET = 2;
const FIRST_TEMPLATE = 256;
/** Records of a message: some kilobytes. */
const MOST_RECORDS = 50;

interface Field {
  readonly element: number;
  readonly enterprise?: number;
  readonly length: 1 | 2 | 8;
  /** Undefined: not told, and then not in the template. */
  readonly of: (session: ToldSession) => number | undefined;
}

const FIELDS: readonly Field[] = [
  { element: 152, length: 8, of: ({ start }) => start },
  { element: 153, length: 8, of: ({ end }) => end },
  { element: 4, length: 1, of: ({ protocol }) => protocol },
  { element: 7, length: 2, of: ({ sourcePort }) => sourcePort },
  { element: 11, length: 2, of: ({ destinationPort }) => destinationPort },
  { element: 1, length: 8, of: ({ sent }) => sent.bytes },
  { element: 2, length: 8, of: ({ sent }) => sent.packets },
  { element: 6, length: 2, of: ({ sent }) => sent.flags },
  { element: 1, enterprise: REVERSE, length: 8, of: ({ received }) => received?.bytes },
  { element: 2, enterprise: REVERSE, length: 8, of: ({ received }) => received?.packets },
  { element: 6, enterprise: REVERSE, length: 2, of: ({ received }) => received?.flags },
  // biflowDirection 1: the source began.
  { element: 239, length: 1, of: ({ received }) => (received === undefined ? undefined : 1) },
];

/** Puts sessions into messages. Those that are told with the same fields share one until it is full. */
export class SessionMessages {
  readonly #open = new Map<number, ToldSession[]>();
  #sequence = 0;
  /** Latest end so far, epoch ms: when the list knew of it. */
  #latest = 0;

  /** False for a session whose addresses are none, or of two families. */
  takes(session: ToldSession): boolean {
    return familyOf(session) !== undefined;
  }

  /** A full message, when the session fills one. */
  add(session: ToldSession): SessionMessage | undefined {
    const shape = shapeOf(session);
    const sessions = this.#open.get(shape) ?? [];
    sessions.push(session);
    this.#open.set(shape, sessions);
    this.#latest = Math.max(this.#latest, session.end);
    if (sessions.length < MOST_RECORDS) return undefined;
    this.#open.delete(shape);
    return this.#message(shape, sessions);
  }

  /** What is left. */
  *finish(): Generator<SessionMessage, void> {
    for (const [shape, sessions] of this.#open) yield this.#message(shape, sessions);
    this.#open.clear();
  }

  #message(shape: number, sessions: readonly ToldSession[]): SessionMessage {
    const isV6 = shape % 2 === 1;
    const fields = FIELDS.filter((_, i) => (shape >> (i + 1)) % 2 === 1);
    const template = templateOf(shape, fields, isV6);
    const records = Buffer.concat(sessions.map((session) => recordOf(session, fields, isV6)));
    const header = Buffer.alloc(16);
    header.writeUInt16BE(10, 0);
    header.writeUInt16BE(16 + template.length + 4 + records.length, 2);
    header.writeUInt32BE(Math.ceil(this.#latest / 1000), 4);
    header.writeUInt32BE(this.#sequence, 8);
    this.#sequence = (this.#sequence + sessions.length) >>> 0;
    const set = Buffer.alloc(4);
    set.writeUInt16BE(FIRST_TEMPLATE + shape, 0);
    set.writeUInt16BE(4 + records.length, 2);
    return { receivedAt: this.#latest, bytes: Buffer.concat([header, template, set, records]) };
  }
}

export interface SessionMessage {
  readonly receivedAt: number;
  readonly bytes: Uint8Array;
}

function familyOf({ source, destination }: ToldSession): 4 | 6 | undefined {
  if (isIPv4(source) && isIPv4(destination)) return 4;
  return isIPv6(source) && isIPv6(destination) ? 6 : undefined;
}

/** Which fields a session tells, and its family: bit 0 is IPv6, bit i + 1 the field i. */
function shapeOf(session: ToldSession): number {
  const family = familyOf(session) === 6 ? 1 : 0;
  return FIELDS.reduce((shape, field, i) => (field.of(session) === undefined ? shape : shape | (1 << (i + 1))), family);
}

function templateOf(shape: number, fields: readonly Field[], isV6: boolean): Buffer {
  const addresses: readonly (readonly [number, number])[] = isV6
    ? [
        [27, 16],
        [28, 16],
      ]
    : [
        [8, 4],
        [12, 4],
      ];
  const words = [TEMPLATE_SET, 0, FIRST_TEMPLATE + shape, addresses.length + fields.length, ...addresses.flat()];
  for (const { element, enterprise, length } of fields) {
    if (enterprise === undefined) words.push(element, length);
    else words.push(element | 0x8000, length, 0, enterprise);
  }
  words[1] = words.length * 2;
  const bytes = Buffer.alloc(words.length * 2);
  words.forEach((word, i) => bytes.writeUInt16BE(word, 2 * i));
  return bytes;
}

function recordOf(session: ToldSession, fields: readonly Field[], isV6: boolean): Buffer {
  const length = fields.reduce((sum, field) => sum + field.length, isV6 ? 32 : 8);
  const bytes = Buffer.alloc(length);
  bytes.set(ipaddr.parse(session.source).toByteArray(), 0);
  bytes.set(ipaddr.parse(session.destination).toByteArray(), isV6 ? 16 : 4);
  let at = isV6 ? 32 : 8;
  for (const field of fields) {
    const value = Math.max(0, field.of(session) ?? 0);
    if (field.length === 8) bytes.writeBigUInt64BE(BigInt(Math.min(value, Number.MAX_SAFE_INTEGER)), at);
    else bytes.writeUIntBE(value, at, field.length);
    at += field.length;
  }
  return bytes;
}
