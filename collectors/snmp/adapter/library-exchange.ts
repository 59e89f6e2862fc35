import type { SnmpVarbind } from '../snmp-record';
import { BACKOFF, type Exchange, type RequestOptions } from './exchange';
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

/** Who asks whom. */
export interface LibraryTarget {
  readonly address: string;
  readonly port: number;
  readonly user: LibraryUser;
  readonly timeoutMs: number;
  readonly retries: number;
}

type Sending<Result> = (session: LibrarySession, done: LibraryAnswer<Result>) => void;

/** Discovery, the request, and the request again after a report (new clock or engine): three waits at most. */
const WAITS = 3;

/**
 * Version 3 by the library. Every request ends: by the answer, by the library's timer, by `signal`, or by a watchdog of
 * its own.
 */
export class LibraryExchange implements Exchange {
  readonly #target: LibraryTarget;
  readonly #sockets: SharedSockets;
  #session: LibrarySession | undefined;
  /** Rejects the latest request; without effect once that has ended. */
  #fail: ((error: SnmpRequestError) => void) | undefined;

  constructor(target: LibraryTarget, sockets: SharedSockets) {
    this.#target = target;
    this.#sockets = sockets;
  }

  get engineId(): string {
    return this.#session?.msgSecurityParameters?.msgAuthoritativeEngineID?.toString('hex') ?? '';
  }

  async get(oids: readonly string[], options: RequestOptions): Promise<readonly SnmpVarbind[]> {
    const answer = await this.#ask<readonly LibraryVarbind[]>(options, (session, done) => session.get(oids, done));
    return answer.map(varbindOf);
  }

  async next(oids: readonly string[], repetitions: number, options: RequestOptions): Promise<readonly SnmpVarbind[][]> {
    const columns = await this.#ask<readonly (readonly LibraryVarbind[])[]>(options, (session, done) =>
      session.getBulk(oids, 0, repetitions, done),
    );
    return columns.map((column) => column.map(varbindOf));
  }

  close(): void {
    const session = this.#session;
    this.#session = undefined;
    session?.cancelRequests(new SnmpRequestError('cancelled'));
    session?.close();
  }

  #ask<Result>({ context, signal }: RequestOptions, send: Sending<Result>): Promise<Result> {
    if (signal.aborted) return Promise.reject(new SnmpRequestError('cancelled'));
    const session = (this.#session ??= this.#open());
    session.context = context;
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
    return once * WAITS + 1000;
  }

  #open(): LibrarySession {
    const { address, port, user, timeoutMs, retries } = this.#target;
    const session = openLibrarySession(address, user, {
      version: 3,
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
