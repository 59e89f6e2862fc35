import { MSG_FLAG, PDU_TAG, type CommunityHead, type MessageHead, type UsmHead } from './message-head';

/** Why a datagram is no answer to a request of ours. */
export type ReplyRefusal =
  /** No SNMP message, or one of an unknown version. */
  | 'malformed'
  /** From an address and port that was not asked. */
  | 'stranger'
  /** No request with that id waits for this agent: late, repeated or made up. */
  | 'unsolicited'
  | 'wrong_version'
  | 'wrong_community'
  /** A PDU that is no answer (or, in reply to engine discovery, no report). */
  | 'wrong_pdu'
  /** A v3 answer of another security level than the request: a forger needs no key for a lower one. */
  | 'wrong_level'
  | 'wrong_user'
  /** A v3 answer in the name of another engine than the one that was asked. */
  | 'wrong_engine'
  /** The library failed on it with an exception. */
  | 'library';

/** All refusals, for counters. */
export const REPLY_REFUSALS: readonly ReplyRefusal[] = [
  'malformed',
  'stranger',
  'unsolicited',
  'wrong_version',
  'wrong_community',
  'wrong_pdu',
  'wrong_level',
  'wrong_user',
  'wrong_engine',
  'library',
];

/**
 * Whether a reply may go to the library, judged by the request with the same id. Undefined means yes. The library
 * itself looks at the flags of the reply only, and at no address.
 */
export function refusalOf(request: MessageHead, reply: MessageHead): ReplyRefusal | undefined {
  if (request.version !== reply.version) return 'wrong_version';
  return request.version === 3
    ? usmRefusal(request, reply as UsmHead)
    : communityRefusal(request, reply as CommunityHead);
}

function communityRefusal(request: CommunityHead, reply: CommunityHead): ReplyRefusal | undefined {
  if (reply.pduTag !== PDU_TAG.response) return 'wrong_pdu';
  return reply.community === request.community ? undefined : 'wrong_community';
}

const LEVEL = MSG_FLAG.auth | MSG_FLAG.priv;

function usmRefusal(request: UsmHead, reply: UsmHead): ReplyRefusal | undefined {
  // Reports tell of engines and clocks, not of managed objects, and come without keys (RFC 3414 section 3.2).
  if (reply.pduTag === PDU_TAG.report) return undefined;
  const discovery = request.engineId.length === 0;
  if (discovery) return 'wrong_pdu';
  if (((request.flags ^ reply.flags) & LEVEL) !== 0) return 'wrong_level';
  if (reply.pduTag !== PDU_TAG.response && reply.pduTag !== -1) return 'wrong_pdu';
  if (reply.user !== request.user) return 'wrong_user';
  return reply.engineId.equals(request.engineId) ? undefined : 'wrong_engine';
}
