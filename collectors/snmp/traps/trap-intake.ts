import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Emit, Offer, RawOrigin } from '../../contract';
import type { AllowList } from '../../udp/allow-list';
import { endpointText, peerAddress } from '../../udp/peer-address';
import { PDU_TAG, readMessageHead, type CommunityHead, type UsmHead } from '../adapter/message-head';
import { BerError, BerReader } from '../ber/ber-reader';
import { berInteger, berOctets, berSequence, berValue } from '../ber/ber-writer';
import type { SnmpEvent } from '../snmp-events';
import { encodeSnmpRecord, type SnmpTrapRecord } from '../snmp-record';
import { readNotification, type Notification } from './notification';
import { ReplayWindow } from './replay-window';
import { TRAP_REFUSALS, type TrapRefusal } from './trap-refusal';
import { UsmReceiver, type OwnEngine, type TrapUser } from './usm-receiver';

/** What an intake is made with. */
export interface TrapIntakeSettings {
  readonly allow: AllowList;
  readonly communities: readonly string[];
  /** Every other community too. */
  readonly anyCommunity: boolean;
  readonly users: readonly TrapUser[];
  readonly engine: OwnEngine;
}

/** Figures of one listener. received = notAllowed + accepted + dropped + discoveries + all refusals. */
export interface TrapCounts {
  readonly received: number;
  /** Octets of what was received. */
  readonly bytes: number;
  readonly notAllowed: number;
  /** Taken by `offer`. */
  readonly accepted: number;
  /** Informs answered, repeated ones included. */
  readonly acknowledged: number;
  /** Not taken by `offer`; an inform is not answered then, so that its sender repeats it. */
  readonly dropped: number;
  /** Engine discoveries answered. */
  readonly discoveries: number;
  readonly refused: Readonly<Record<TrapRefusal, number>>;
}

/** What is to be done with a datagram: the record, and what to send back if the record is taken. */
interface Accepted {
  readonly record: SnmpTrapRecord;
  readonly answer: Buffer | undefined;
  /** Makes its repetition acceptable, when it could not be kept. */
  readonly readmit: () => void;
}

/** No record: counted by its reason, answered all the same where the protocol says so. */
interface Refused {
  readonly refusal: TrapRefusal | undefined;
  readonly answer: Buffer | undefined;
}

const EVENT_INTERVAL_MS = 10_000;
const PEER_LIMIT = 8192;
const ENGINE_LIMIT = 16_384;
/** Octet that stands for each octet of a community. */
const MASK = 0x2a;

/** Judges the datagrams of one listener and offers the notifications among them. Knows no socket. */
export class TrapIntake {
  readonly #source: string;
  readonly #settings: TrapIntakeSettings;
  readonly #offer: Offer;
  readonly #emit: Emit<SnmpEvent>;
  readonly #communities: ReadonlyMap<string, string>;
  readonly #usm: UsmReceiver;
  readonly #window = new ReplayWindow(ENGINE_LIMIT);
  readonly #origins = new LRUCache<string, RawOrigin>({ max: PEER_LIMIT });
  readonly #refused = Object.fromEntries(TRAP_REFUSALS.map((reason) => [reason, 0])) as Record<TrapRefusal, number>;
  readonly #counts = { received: 0, bytes: 0, notAllowed: 0, accepted: 0, acknowledged: 0, dropped: 0, discoveries: 0 };
  #untold = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(source: string, settings: TrapIntakeSettings, offer: Offer, emit: Emit<SnmpEvent>) {
    this.#source = source;
    this.#settings = settings;
    this.#offer = offer;
    this.#emit = emit;
    this.#communities = new Map(settings.communities.map((community) => [latin1(community), communityHash(community)]));
    this.#usm = new UsmReceiver(settings.users, settings.engine);
  }

  /** Takes one datagram; returns what to send back to its sender, if anything. `now` is our clock in epoch milliseconds. */
  receive(datagram: Buffer, address: string, port: number, now: number): Buffer | undefined {
    this.#counts.received += 1;
    this.#counts.bytes += datagram.length;
    const shown = peerAddress(address);
    if (!this.#settings.allow.allows(shown)) {
      this.#counts.notAllowed += 1;
      return undefined;
    }
    const judged = this.#judge(datagram);
    if ('record' in judged) return this.#hand(judged, shown, port, now);
    const { refusal, answer } = judged;
    if (refusal === undefined) this.#counts.discoveries += 1;
    else this.#refuse(refusal, shown, now);
    // The answer to an inform was lost on the way: the sender needs another, the journal no second record.
    if (refusal === 'replayed' && answer !== undefined) this.#counts.acknowledged += 1;
    return answer;
  }

  counts(): TrapCounts {
    return { ...this.#counts, refused: { ...this.#refused } };
  }

  #judge(datagram: Buffer): Accepted | Refused {
    const head = readMessageHead(datagram);
    if (head === undefined) return refused('malformed');
    try {
      return head.version === 3 ? this.#judgeUsm(head, datagram) : this.#judgeCommunity(head, datagram);
    } catch (error) {
      if (error instanceof BerError) return refused('malformed');
      throw error;
    }
  }

  #judgeCommunity(head: CommunityHead, datagram: Buffer): Accepted | Refused {
    const known = this.#communities.get(head.community);
    if (known === undefined && !this.#settings.anyCommunity) return refused('unknown_community');
    const hash = known ?? communityHash(Buffer.from(head.community, 'latin1'));
    const message = new BerReader(datagram).enter(0x30);
    message.skip();
    message.skip();
    const notification = readNotification(message);
    const wrongVersion = (head.pduTag === PDU_TAG.trapV1) !== (head.version === 0);
    if (notification === undefined || wrongVersion) return refused('wrong_pdu');
    const masked = Buffer.from(datagram).fill(MASK, head.communityAt, head.communityAt + head.community.length);
    const record: SnmpTrapRecord = {
      kind: 'trap',
      version: head.version === 0 ? 'v1' : 'v2c',
      inform: notification.inform,
      communityHash: hash,
      user: '',
      level: '',
      engineId: '',
      context: '',
      engineBoots: null,
      engineTime: null,
      ...told(notification),
      datagram: masked.toString('hex'),
    };
    return {
      record,
      answer: notification.inform ? communityAnswer(head, notification) : undefined,
      readmit: () => undefined,
    };
  }

  #judgeUsm(head: UsmHead, datagram: Buffer): Accepted | Refused {
    const checked = this.#usm.check(head, datagram);
    if ('refusal' in checked) return { refusal: checked.refusal, answer: checked.report };
    const { user, level, ours, scopedPdu } = checked;
    const scoped = readScoped(scopedPdu);
    // A cipher makes something of every text: only what comes out tells that the password is another.
    if (scoped === undefined) return refused(level === 'authPriv' ? 'undecryptable' : 'malformed');
    const { contextEngine, context, notification } = scoped;
    if (notification === undefined) return refused('wrong_pdu');
    // A trap is under its sender's clock and an inform under ours: the other way round its age would not be checked.
    if (notification.inform !== ours) return refused('unknown_engine');
    const answer = ours ? this.#usm.respond(head, user, answerPdu(contextEngine, context, notification)) : undefined;
    const { engineId, engineBoots, engineTime, digest } = head;
    const authority = engineId.toString('hex');
    const seal = digest.toString('latin1');
    // An unsigned message has no digest and no clock that could be believed, so nothing tells it from its repetition.
    const signed = level !== 'noAuthNoPriv';
    if (signed && !this.#window.passes(authority, engineBoots, engineTime, seal))
      return { refusal: 'replayed', answer };
    const sender = ours ? contextEngine : engineId;
    const record: SnmpTrapRecord = {
      kind: 'trap',
      version: 'v3',
      inform: notification.inform,
      communityHash: '',
      user: user.user,
      level,
      engineId: sender.equals(this.#settings.engine.id) ? '' : sender.toString('hex'),
      context: context.toString('latin1'),
      engineBoots: signed && !ours ? engineBoots : null,
      engineTime: signed && !ours ? engineTime : null,
      ...told(notification),
      datagram: datagram.toString('hex'),
    };
    return { record, answer, readmit: () => this.#window.readmit(authority, seal) };
  }

  #hand({ record, answer, readmit }: Accepted, address: string, port: number, now: number): Buffer | undefined {
    const bytes = encodeSnmpRecord(record);
    if (this.#offer([{ origin: this.#originOf(address, port), receivedAt: now, bytes }]) === 0) {
      this.#counts.dropped += 1;
      readmit();
      return undefined;
    }
    this.#counts.accepted += 1;
    if (answer !== undefined) this.#counts.acknowledged += 1;
    return answer;
  }

  #originOf(address: string, port: number): RawOrigin {
    const peer = endpointText(address, port);
    const known = this.#origins.get(peer);
    if (known !== undefined) return known;
    const made = Object.freeze({ collector: 'snmp', source: this.#source, peer, format: 'snmp' as const });
    this.#origins.set(peer, made);
    return made;
  }

  #refuse(reason: TrapRefusal, address: string, now: number): void {
    this.#refused[reason] += 1;
    this.#untold += 1;
    // A clock set back would keep this silent for that long.
    if (now < this.#toldAt + EVENT_INTERVAL_MS && now >= this.#toldAt) return;
    const datagrams = this.#untold;
    this.#untold = 0;
    this.#toldAt = now;
    this.#emit({ kind: 'snmp_traps_refused', listener: this.#source, address, reason, datagrams });
  }
}

/** What stands for a community in records: enough to tell communities apart, not to use one. */
export function communityHash(community: string | Buffer): string {
  return createHash('sha256').update('ascribe snmp community\n').update(community).digest('hex').slice(0, 16);
}

function readScoped(scopedPdu: Buffer) {
  try {
    const scoped = new BerReader(scopedPdu).enter(0x30);
    const contextEngine = scoped.octets();
    const context = scoped.octets();
    return { contextEngine, context, notification: readNotification(scoped) };
  } catch (error) {
    if (error instanceof BerError) return undefined;
    throw error;
  }
}

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function refused(refusal: TrapRefusal): Refused {
  return { refusal, answer: undefined };
}

function told({ trapOid, upTime, enterprise, agentAddress, varbinds }: Notification) {
  return { trapOid, upTime, enterprise, agentAddress, varbinds };
}

/** A response repeats the varbinds of the inform (RFC 3416 section 4.2.7). */
function responsePdu({ requestId, varbindList }: Notification): Buffer {
  return berValue(PDU_TAG.response, berInteger(requestId), berInteger(0), berInteger(0), varbindList);
}

function communityAnswer(head: CommunityHead, notification: Notification): Buffer {
  const community = berOctets(Buffer.from(head.community, 'latin1'));
  return berSequence(berInteger(head.version), community, responsePdu(notification));
}

function answerPdu(contextEngine: Buffer, context: Buffer, notification: Notification): Buffer {
  return berSequence(berOctets(contextEngine), berOctets(context), responsePdu(notification));
}
