import { BerError, BerReader } from '../ber/ber-reader';

/** Tags of the PDUs of SNMP (RFC 3416 section 3; 0xa4 is the trap of RFC 1157). */
export const PDU_TAG = {
  get: 0xa0,
  getNext: 0xa1,
  response: 0xa2,
  set: 0xa3,
  trapV1: 0xa4,
  getBulk: 0xa5,
  inform: 0xa6,
  trapV2: 0xa7,
  report: 0xa8,
} as const;

/** Bits of msgFlags (RFC 3412 section 6.4). */
export const MSG_FLAG = { auth: 1, priv: 2, reportable: 4 } as const;

/** Head of a v1 or v2c message. `version` is the number on the wire: 0 or 1. */
export interface CommunityHead {
  readonly version: 0 | 1;
  /** The community, one character an octet. */
  readonly community: string;
  /** Offset of the community's octets in the datagram. */
  readonly communityAt: number;
  readonly pduTag: number;
  /** request-id; 0 for a v1 trap, which has none. */
  readonly id: number;
}

/** Head of a v3 message (RFC 3412 section 6 and RFC 3414 section 2.4). */
export interface UsmHead {
  readonly version: 3;
  /** msgID. */
  readonly id: number;
  readonly maxSize: number;
  readonly flags: number;
  readonly securityModel: number;
  readonly engineId: Buffer;
  readonly engineBoots: number;
  readonly engineTime: number;
  /** One character an octet. */
  readonly user: string;
  readonly digest: Buffer;
  /** Offset of the digest in the datagram. */
  readonly digestAt: number;
  readonly salt: Buffer;
  /** The encrypted scoped PDU when the privacy flag is set, the whole scoped PDU otherwise. */
  readonly data: Buffer;
  /** Tag of the PDU when it is readable, -1 when it is encrypted. */
  readonly pduTag: number;
}

/** What can be told of a message without keys. */
export type MessageHead = CommunityHead | UsmHead;

/** Reads the head of a datagram; undefined when it is no SNMP message. Never throws. */
export function readMessageHead(datagram: Buffer): MessageHead | undefined {
  try {
    const message = new BerReader(datagram).enter(0x30);
    const version = message.integer();
    if (version === 0 || version === 1) return communityHead(message, version);
    return version === 3 ? usmHead(message) : undefined;
  } catch (error) {
    if (error instanceof BerError) return undefined;
    throw error;
  }
}

function communityHead(message: BerReader, version: 0 | 1): CommunityHead {
  const community = message.octets();
  const communityAt = message.offset - community.length;
  const pduTag = message.peek();
  const pdu = message.enter(pduTag);
  const id = pduTag === PDU_TAG.trapV1 ? 0 : pdu.integer();
  return { version, community: community.toString('latin1'), communityAt, pduTag, id };
}

function usmHead(message: BerReader): UsmHead {
  const global = message.enter(0x30);
  const id = global.integer();
  const maxSize = global.integer();
  const flagOctets = global.octets();
  if (flagOctets.length !== 1) throw new BerError('msgFlags of another length than 1');
  const flags = flagOctets[0]!;
  const securityModel = global.integer();
  const security = message.enter(0x04).enter(0x30);
  const engineId = security.octets();
  const engineBoots = security.integer();
  const engineTime = security.integer();
  const user = security.octets().toString('latin1');
  const digest = security.octets();
  const digestAt = security.offset - digest.length;
  const salt = security.octets();
  const encrypted = (flags & MSG_FLAG.priv) !== 0;
  const data = encrypted ? message.octets() : message.whole(0x30);
  const pduTag = encrypted ? -1 : scopedPduTag(data);
  const times = { engineId, engineBoots, engineTime };
  return { version: 3, id, maxSize, flags, securityModel, ...times, user, digest, digestAt, salt, data, pduTag };
}

function scopedPduTag(data: Buffer): number {
  const scoped = new BerReader(data).enter(0x30);
  scoped.skip();
  scoped.skip();
  return scoped.peek();
}
