import type { SnmpVarbind, SnmpVersion } from '../snmp-record';
import { userKeys } from '../usm/user-keys';
import { AUTH_PROTOCOLS, PRIV_PROTOCOLS, type AuthName, type PrivName } from '../usm/usm-protocols';
import { CommunityExchange } from './community-exchange';
import type { Exchange, RequestOptions } from './exchange';
import { LibraryExchange } from './library-exchange';
import type { LibraryUser } from './net-snmp-library';
import type { SharedSockets } from './shared-sockets';
import { SnmpRequestError } from './snmp-errors';

/** Who asks. Passwords are handles of `userKeys`; a community is what goes over the wire, so it is the text itself. */
export type AgentCredential =
  | { readonly version: 'v1' | 'v2c'; readonly community: string }
  | { readonly version: 'v3'; readonly user: string; readonly auth?: AgentAuth; readonly priv?: AgentPriv };

/** Digest and handle of its password. */
export interface AgentAuth {
  readonly protocol: AuthName;
  readonly key: string;
}

/** Cipher and handle of its password; only together with a digest. */
export interface AgentPriv {
  readonly protocol: PrivName;
  readonly key: string;
}

/** Whom to ask and how patiently. */
export interface AgentTarget {
  /** An IP address. */
  readonly address: string;
  readonly port: number;
  readonly credential: AgentCredential;
  /** Milliseconds until a request is sent again; each later wait is half as long again. */
  readonly timeoutMs: number;
  /** Repetitions after the first sending. */
  readonly retries: number;
}

/** What a walk needs of an agent. */
export interface Agent {
  readonly version: SnmpVersion;
  /** v3: engine id as hexadecimal once it is known; else `''`. */
  readonly engineId: string;
  /** The answers column by column, in the order of `oids`; an agent may leave later repetitions or columns out. */
  next(oids: readonly string[], repetitions: number, options: RequestOptions): Promise<readonly SnmpVarbind[][]>;
}

/**
 * Requests to one agent, one at a time. Every request ends: by the answer, by time, or by `signal`. Rejects with
 * `SnmpRequestError` only.
 */
export class AgentSession implements Agent {
  readonly version: SnmpVersion;
  readonly #exchange: Exchange;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(target: AgentTarget, sockets: SharedSockets) {
    this.version = target.credential.version;
    this.#exchange = exchangeFor(target, sockets);
  }

  get engineId(): string {
    return this.#exchange.engineId;
  }

  /** GET. Rejects when the agent answers other OIDs than asked for. */
  async get(oids: readonly string[], options: RequestOptions): Promise<readonly SnmpVarbind[]> {
    const answer = await this.#inTurn(() => this.#exchange.get(oids, options));
    const same = answer.length === oids.length && answer.every(([oid], index) => oid === oids[index]);
    if (!same) throw new SnmpRequestError('transport', 'answer to other objects');
    return answer;
  }

  /** GETBULK, or GETNEXT for version 1 where `repetitions` is not used. */
  next(oids: readonly string[], repetitions: number, options: RequestOptions): Promise<readonly SnmpVarbind[][]> {
    return this.#inTurn(() => this.#exchange.next(oids, repetitions, options));
  }

  /** Forgets what was learned of the agent; the next request begins anew. What waits is rejected as cancelled. */
  close(): void {
    this.#exchange.close();
  }

  #inTurn<Result>(ask: () => Promise<Result>): Promise<Result> {
    const turn = this.#tail.then(ask);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }
}

function exchangeFor({ credential, ...target }: AgentTarget, sockets: SharedSockets): Exchange {
  return credential.version === 'v3'
    ? new LibraryExchange({ ...target, user: libraryUser(credential) }, sockets)
    : new CommunityExchange({ ...target, ...credential }, sockets);
}

function libraryUser({ user: name, auth, priv }: AgentCredential & { version: 'v3' }): LibraryUser {
  if (auth === undefined) return { name, level: 1 };
  const digest = { authProtocol: AUTH_PROTOCOLS[auth.protocol].library, authKey: auth.key };
  if (priv === undefined) return { name, level: 2, ...digest };
  const cipher = { privProtocol: PRIV_PROTOCOLS[priv.protocol], privKey: priv.key };
  return { name, level: 3, ...digest, ...cipher };
}

/** A handle for a password that the configuration named. */
export function keyHandle(password: string): string {
  return userKeys.handle(password);
}
