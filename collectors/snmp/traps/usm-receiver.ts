import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AgentAuth, AgentCredential, AgentPriv } from '../adapter/agent-session';
import { MSG_FLAG, PDU_TAG, type UsmHead } from '../adapter/message-head';
import { libraryCipher, type CipherEngine } from '../adapter/net-snmp-library';
import { BerReader } from '../ber/ber-reader';
import { berInteger, berOctets, berOid, berSequence, berValue } from '../ber/ber-writer';
import { SNMP_TAG } from '../snmp-record';
import { userKeys } from '../usm/user-keys';
import { AUTH_PROTOCOLS, PRIV_PROTOCOLS } from '../usm/usm-protocols';
import { TIME_WINDOW_SECONDS } from './replay-window';
import type { TrapRefusal } from './trap-refusal';

/** A user whom messages are taken from. */
export type TrapUser = Extract<AgentCredential, { version: 'v3' }>;

/** A message whose user, level, digest and (for our engine) clock are right. */
export interface Authenticated {
  readonly user: TrapUser;
  readonly level: 'noAuthNoPriv' | 'authNoPriv' | 'authPriv';
  /** Addressed to our engine, so an inform; otherwise the sender's engine is the authority, so a trap. */
  readonly ours: boolean;
  /** SEQUENCE of context engine, context name and PDU. */
  readonly scopedPdu: Buffer;
}

/** Why not, with the report to send back where the sender asked for one. */
export interface Unauthenticated {
  /** Undefined for engine discovery, which is no offence. */
  readonly refusal: TrapRefusal | undefined;
  readonly report: Buffer | undefined;
}

/** Our own clock as an engine (RFC 3414 section 2.2). */
export interface OwnEngine {
  readonly id: Buffer;
  readonly boots: number;
  /** Seconds since our start. */
  readonly time: () => number;
}

const USM_STATS = '1.3.6.1.6.3.15.1.1';
const STATS = { level: 1, window: 2, user: 3, engine: 4, digest: 5, decryption: 6 } as const;
const LEVELS = ['noAuthNoPriv', 'authNoPriv', 'authPriv'] as const;
const MAX_SIZE = 65_507;
const SALT_BYTES = 8;

/** Checks v3 messages by RFC 3414 section 3.2, and signs what goes back. Holds no state of senders. */
export class UsmReceiver {
  readonly #users: ReadonlyMap<string, TrapUser>;
  readonly #engine: OwnEngine;

  constructor(users: readonly TrapUser[], engine: OwnEngine) {
    this.#users = new Map(users.map((user) => [user.user, user]));
    this.#engine = engine;
  }

  /** Throws `BerError` when a message that is to be reported on cannot be read. */
  check(head: UsmHead, datagram: Buffer): Authenticated | Unauthenticated {
    if (head.securityModel !== 3) return { refusal: 'wrong_security_model', report: undefined };
    const flags = head.flags & (MSG_FLAG.auth | MSG_FLAG.priv);
    if (flags === MSG_FLAG.priv) return { refusal: 'malformed', report: undefined };
    if (head.engineId.length === 0) return this.#refuse(head, undefined, STATS.engine);
    if (head.user === '') return { refusal: 'empty_user', report: undefined };
    const user = this.#users.get(head.user);
    if (user === undefined) return this.#refuse(head, 'unknown_user', STATS.user);
    const level = user.auth === undefined ? 0 : user.priv === undefined ? 1 : 2;
    // A user of ours who signs is not believed unsigned, so the level must be the user's, not only one that can be met.
    if (level !== flags - (flags === 3 ? 1 : 0)) return this.#refuse(head, 'wrong_level', STATS.level);
    const ours = head.engineId.equals(this.#engine.id);
    if (user.auth !== undefined) {
      if (!isAuthentic(head, datagram, user.auth)) return this.#refuse(head, 'wrong_digest', STATS.digest);
      if (ours && !this.#inWindow(head)) return this.#refuse(head, 'not_in_time_window', STATS.window, user.auth);
    }
    const scopedPdu = user.priv === undefined ? head.data : decrypted(head, user.auth!, user.priv);
    if (scopedPdu === undefined) return this.#refuse(head, 'undecryptable', STATS.decryption);
    return { user, level: LEVELS[level], ours, scopedPdu };
  }

  /** The answer to an inform: its scoped PDU in the same level, under our engine. */
  respond(head: UsmHead, user: TrapUser, scopedPdu: Buffer): Buffer {
    const engine = this.#cipherEngine();
    if (user.priv === undefined) return this.#message(head.id, user.user, scopedPdu, user.auth, EMPTY);
    const auth = AUTH_PROTOCOLS[user.auth!.protocol].library;
    const priv = PRIV_PROTOCOLS[user.priv.protocol];
    const { encryptedPdu, msgPrivacyParameters } = libraryCipher.encryptPdu(
      priv,
      scopedPdu,
      user.priv.key,
      auth,
      engine,
    );
    return this.#message(head.id, user.user, berOctets(encryptedPdu), user.auth, msgPrivacyParameters, engine);
  }

  #inWindow(head: UsmHead): boolean {
    const { boots, time } = this.#engine;
    return head.engineBoots === boots && Math.abs(head.engineTime - time()) <= TIME_WINDOW_SECONDS;
  }

  #refuse(head: UsmHead, refusal: TrapRefusal | undefined, counter: number, auth?: AgentAuth): Unauthenticated {
    if ((head.flags & MSG_FLAG.reportable) === 0) return { refusal: refusal ?? 'unknown_engine', report: undefined };
    const varbind = berSequence(berOid(`${USM_STATS}.${counter}.0`), berInteger(1, SNMP_TAG.counter32));
    const pdu = berValue(
      PDU_TAG.report,
      berInteger(requestIdOf(head)),
      berInteger(0),
      berInteger(0),
      berSequence(varbind),
    );
    const scoped = berSequence(berOctets(this.#engine.id), berOctets(EMPTY), pdu);
    // A clock that the sender is to take over must be signed (RFC 3414 section 3.2, 7a).
    const user = auth === undefined ? '' : head.user;
    return { refusal, report: this.#message(head.id, user, scoped, auth, EMPTY) };
  }

  #cipherEngine(): CipherEngine {
    const { id, boots, time } = this.#engine;
    return { engineID: id, engineBoots: boots, engineTime: time() };
  }

  #message(
    id: number,
    user: string,
    data: Buffer,
    auth: AgentAuth | undefined,
    salt: Buffer,
    engine: CipherEngine = this.#cipherEngine(),
  ): Buffer {
    const flags = (auth === undefined ? 0 : MSG_FLAG.auth) | (salt.length > 0 ? MSG_FLAG.priv : 0);
    const codeBytes = auth === undefined ? 0 : AUTH_PROTOCOLS[auth.protocol].codeBytes;
    const build = (digest: Buffer): Buffer => {
      const global = berSequence(berInteger(id), berInteger(MAX_SIZE), berOctets(Buffer.from([flags])), berInteger(3));
      const security = berSequence(
        berOctets(engine.engineID),
        berInteger(engine.engineBoots),
        berInteger(engine.engineTime),
        berOctets(Buffer.from(user, 'latin1')),
        berOctets(digest),
        berOctets(salt),
      );
      return berSequence(berInteger(3), global, berOctets(security), data);
    };
    const unsigned = build(Buffer.alloc(codeBytes));
    return auth === undefined ? unsigned : build(digestOf(unsigned, auth, engine.engineID));
  }
}

const EMPTY = Buffer.alloc(0);

/** A report repeats the request-id where it can be read (RFC 3412 section 7.1.3). */
function requestIdOf(head: UsmHead): number {
  if (head.pduTag === -1) return 0;
  const scoped = new BerReader(head.data).enter(0x30);
  scoped.skip();
  scoped.skip();
  return scoped.enter(head.pduTag).integer();
}

function digestOf(message: Buffer, { protocol, key }: AgentAuth, engineId: Buffer): Buffer {
  const { hash, codeBytes } = AUTH_PROTOCOLS[protocol];
  const localized = userKeys.localize(protocol, key, engineId);
  return createHmac(hash, localized).update(message).digest().subarray(0, codeBytes);
}

function isAuthentic(head: UsmHead, datagram: Buffer, auth: AgentAuth): boolean {
  if (head.digest.length !== AUTH_PROTOCOLS[auth.protocol].codeBytes) return false;
  const blank = Buffer.from(datagram);
  blank.fill(0, head.digestAt, head.digestAt + head.digest.length);
  return timingSafeEqual(digestOf(blank, auth, head.engineId), head.digest);
}

/** Undefined when it cannot be: a wrong password, or a cipher this Node lacks. */
function decrypted(head: UsmHead, auth: AgentAuth, priv: AgentPriv): Buffer | undefined {
  if (head.salt.length !== SALT_BYTES || head.engineBoots < 0 || head.engineTime < 0) return undefined;
  const engine = { engineID: head.engineId, engineBoots: head.engineBoots, engineTime: head.engineTime };
  const digest = AUTH_PROTOCOLS[auth.protocol].library;
  try {
    return libraryCipher.decryptPdu(PRIV_PROTOCOLS[priv.protocol], head.data, head.salt, priv.key, digest, engine);
  } catch {
    return undefined;
  }
}
