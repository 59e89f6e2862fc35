import type { SnmpVarbind, SnmpVersion } from '../snmp-record';
import { userKeys } from '../usm/user-keys';
import { AUTH_PROTOCOLS, PRIV_PROTOCOLS, type AuthName, type PrivName } from '../usm/usm-protocols';
import {
  openLibrarySession,
  type LibraryAnswer,
  type LibrarySession,
  type LibraryUser,
  type LibraryVarbind,
} from './net-snmp-library';
import type { SharedSockets } from './shared-sockets';
import { requestErrorOf, SnmpRequestError } from './snmp-errors';
import { varbindOf } from './varbind';

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

/** What a single request may be told. */
export interface RequestOptions {
  /** v3 context name, or what to index the community with (`vlan-10` asks as `community@10`); `''` for neither. */
  readonly context: string;
  readonly signal: AbortSignal;
}

/** What a walk needs of an agent. */
export interface Agent {
  readonly version: SnmpVersion;
  /** v3: engine id as hexadecimal once it is known; else `''`. */
  readonly engineId: string;
  /** The answers column by column, in the order of `oids`; an agent may leave later repetitions or columns out. */
  next(oids: readonly string[], repetitions: number, options: RequestOptions): Promise<readonly SnmpVarbind[][]>;
}

type Sending<Result> = (session: LibrarySession, done: LibraryAnswer<Result>) => void;

const BACKOFF = 1.5;
const VERSION_NUMBER = { v1: 0, v2c: 1, v3: 3 } as const;

/** Discovery, the request, and the request again after a report (new clock or engine): three waits at most in v3. */
const WAITS = { v1: 1, v2c: 1, v3: 3 } as const;

/**
 * Requests to one agent, one at a time. Every request ends: by the answer, by the library's timer, by `signal`, or by a
 * watchdog of its own. Rejects with `SnmpRequestError` only.
 */
export class AgentSession implements Agent {
  readonly version: SnmpVersion;
  readonly #target: AgentTarget;
  readonly #sockets: SharedSockets;
  #session: LibrarySession | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  /** Rejects the latest request; without effect once that has ended. */
  #fail: ((error: SnmpRequestError) => void) | undefined;

  constructor(target: AgentTarget, sockets: SharedSockets) {
    this.version = target.credential.version;
    this.#target = target;
    this.#sockets = sockets;
  }

  get engineId(): string {
    return this.#session?.msgSecurityParameters?.msgAuthoritativeEngineID?.toString('hex') ?? '';
  }

  /** GET. Rejects when the agent answers other OIDs than asked for (the library would take them). */
  async get(oids: readonly string[], options: RequestOptions): Promise<readonly SnmpVarbind[]> {
    const answer = await this.#request<readonly LibraryVarbind[]>(options, (session, done) => session.get(oids, done));
    const same = answer.length === oids.length && answer.every(({ oid }, index) => oid === oids[index]);
    if (!same) throw new SnmpRequestError('transport', 'answer to other objects');
    return answer.map(varbindOf);
  }

  /** GETBULK, or GETNEXT for version 1 where `repetitions` is not used. */
  async next(oids: readonly string[], repetitions: number, options: RequestOptions): Promise<readonly SnmpVarbind[][]> {
    if (this.version === 'v1') {
      const row = await this.#request<readonly LibraryVarbind[]>(options, (session, done) =>
        session.getNext(oids, done),
      );
      return row.map((one) => [varbindOf(one)]);
    }
    const columns = await this.#request<readonly (readonly LibraryVarbind[])[]>(options, (session, done) =>
      session.getBulk(oids, 0, repetitions, done),
    );
    return columns.map((column) => column.map(varbindOf));
  }

  /** Forgets the library's session; the next request opens one. What waits is rejected as cancelled. */
  close(): void {
    const session = this.#session;
    this.#session = undefined;
    session?.cancelRequests(new SnmpRequestError('cancelled'));
    session?.close();
  }

  #request<Result>(options: RequestOptions, send: Sending<Result>): Promise<Result> {
    const turn = this.#tail.then(() => this.#ask(options, send));
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  #ask<Result>({ context, signal }: RequestOptions, send: Sending<Result>): Promise<Result> {
    if (signal.aborted) return Promise.reject(new SnmpRequestError('cancelled'));
    const session = (this.#session ??= this.#open());
    this.#address(session, context);
    return new Promise<Result>((resolve, reject) => {
      const watchdog = setTimeout(() => this.#abandon(session, 'watchdog'), this.#watchdogMs());
      const over = (): void => {
        clearTimeout(watchdog);
        signal.removeEventListener('abort', abort);
      };
      const fail = (error: SnmpRequestError): void => {
        over();
        reject(error);
      };
      const abort = (): void => {
        fail(new SnmpRequestError('cancelled'));
        session.cancelRequests(new SnmpRequestError('cancelled'));
      };
      this.#fail = fail;
      signal.addEventListener('abort', abort, { once: true });
      try {
        send(session, (error, result) => {
          if (result === undefined)
            return fail(requestErrorOf(error ?? new SnmpRequestError('transport', 'no answer')));
          over();
          resolve(result);
        });
      } catch {
        fail(new SnmpRequestError('transport', 'request could not be made'));
      }
    });
  }

  /** The library lost track of a request or could not read an answer: leave its session behind. */
  #abandon(session: LibrarySession, detail: string): void {
    if (this.#session !== session) return;
    this.#fail?.(new SnmpRequestError('transport', detail));
    this.close();
  }

  #watchdogMs(): number {
    const { timeoutMs, retries } = this.#target;
    const once = (timeoutMs * (BACKOFF ** (retries + 1) - 1)) / (BACKOFF - 1);
    return once * WAITS[this.version] + 1000;
  }

  #address(session: LibrarySession, context: string): void {
    const { credential } = this.#target;
    if (credential.version === 'v3') session.context = context;
    else session.community = indexedCommunity(credential.community, context);
  }

  #open(): LibrarySession {
    const { address, port, credential, timeoutMs, retries } = this.#target;
    const session = openLibrarySession(address, identityOf(credential), {
      version: VERSION_NUMBER[credential.version],
      port,
      transport: address.includes(':') ? 'udp6' : 'udp4',
      timeout: timeoutMs,
      retries,
      backoff: BACKOFF,
      context: '',
      dgramModule: { createSocket: () => this.#sockets.channel(address, port) },
    });
    // Without a listener the library's complaint about one unreadable answer would end the process.
    session.on('error', () => this.#abandon(session, 'unreadable answer'));
    return session;
  }
}

function indexedCommunity(community: string, context: string): string {
  if (context === '') return community;
  return `${community}@${context.startsWith('vlan-') ? context.slice(5) : context}`;
}

function identityOf(credential: AgentCredential): { community: string } | { user: LibraryUser } {
  if (credential.version !== 'v3') return { community: credential.community };
  const { user: name, auth, priv } = credential;
  if (auth === undefined) return { user: { name, level: 1 } };
  const digest = { authProtocol: AUTH_PROTOCOLS[auth.protocol].library, authKey: auth.key };
  if (priv === undefined) return { user: { name, level: 2, ...digest } };
  const cipher = { privProtocol: PRIV_PROTOCOLS[priv.protocol], privKey: priv.key };
  return { user: { name, level: 3, ...digest, ...cipher } };
}

/** A handle for a password that the configuration named. */
export function keyHandle(password: string): string {
  return userKeys.handle(password);
}
