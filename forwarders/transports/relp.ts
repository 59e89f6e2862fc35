import type { Socket } from 'node:net';
import { z } from 'zod';
import {
  type ItemOutcome,
  type OutItem,
  type SendResult,
  type Transport,
  type TransportContext,
  TransportError,
  type TransportType,
} from '../contract';
import { openConnection } from './connection';
import { RelpReader, relpFrame } from './relp-frames';
import { endpoint, timeout, tls, type Endpoint, type TlsSettings } from './settings';
import { syslogKeys, syslogHeads } from './syslog-head';
import { tlsOptions } from './tls-options';

interface Settings {
  readonly to: Endpoint;
  readonly facility: number;
  readonly app_name: string;
  readonly timeout: number;
  readonly tls?: TlsSettings | undefined;
}

/** Frames on their way at once: enough to fill a wide-area line, few enough to be sent again after a break. */
const WINDOW = 1024;
const LARGEST_NUMBER = 999_999_999;
const OFFER = 'relp_version=0\nrelp_software=ascribe\ncommands=syslog';

/** Reliable Event Logging Protocol, as librelp speaks it (rsyslog/librelp doc/relp.html). */
export const relpType: TransportType<Settings> = {
  type: 'relp',
  stability: 'beta',
  summary: 'RELP, what rsyslog uses between its own: each message is answered for, over TCP or TLS.',
  delivery: 'confirmed',
  media: ['json', 'text'],
  config: z.strictObject({
    to: endpoint('Receiver', 'siem.example.com:2514'),
    ...syslogKeys,
    timeout,
    tls: tls.optional(),
  }),
  limits: () => ({ records: WINDOW, bytes: 1 << 20, envelope: 180, waitMs: 0 }),
  create: (settings, context) => new Relp(settings, context),
};

interface Session {
  readonly socket: Socket;
  /** What waits for an answer, by transaction number. */
  readonly waiting: Map<number, (outcome: ItemOutcome) => void>;
  next: number;
}

class Relp implements Transport {
  readonly #settings: Settings;
  readonly #context: TransportContext;
  readonly #head: (item: OutItem) => string;
  #session: Session | undefined;

  constructor(settings: Settings, context: TransportContext) {
    this.#settings = settings;
    this.#context = context;
    this.#head = syslogHeads(settings, context);
  }

  async send(items: readonly OutItem[], signal: AbortSignal): Promise<SendResult> {
    const session = await this.#open(signal);
    return this.#exchange(
      session,
      items.map((item) => ['syslog', this.#head(item) + item.text] as const),
      signal,
    );
  }

  async probe(signal: AbortSignal): Promise<string> {
    const { host, port } = this.#settings.to;
    await this.#open(signal);
    await this.close(1000);
    return `${host}:${port} speaks RELP and takes syslog`;
  }

  async close(deadlineMs: number): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session === undefined || session.socket.destroyed) return;
    const { socket } = session;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => socket.destroy(), deadlineMs);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.end(relpFrame(this.#number(session), 'close', ''));
    });
  }

  async #open(signal: AbortSignal): Promise<Session> {
    if (this.#session !== undefined && !this.#session.socket.destroyed) return this.#session;
    const { to, timeout } = this.#settings;
    const options = this.#settings.tls === undefined ? undefined : tlsOptions(this.#settings.tls, this.#context);
    const socket = await openConnection(to, options, timeout * 1000, signal);
    const session: Session = { socket, waiting: new Map(), next: 1 };
    this.#listen(session);
    const [answer] = await this.#exchange(session, [['open', OFFER]], signal);
    if (answer?.state !== 'ok') {
      socket.destroy();
      throw new TransportError('denied', 'relp_open', `${to.host}:${to.port} refuses the session`);
    }
    this.#session = session;
    return session;
  }

  #listen(session: Session): void {
    const { socket, waiting } = session;
    const reader = new RelpReader();
    const lost = (): void => {
      for (const [, answer] of waiting)
        answer({ state: 'retry', code: 'connection_lost', cause: 'the connection broke' });
      waiting.clear();
    };
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy());
    socket.on('close', lost);
    socket.on('data', (bytes: Buffer) => {
      for (const frame of reader.take(bytes)) {
        if (frame === 'malformed' || frame.command === 'serverclose') {
          socket.destroy();
          return;
        }
        if (frame.command !== 'rsp') continue;
        waiting.get(frame.number)?.(answerOf(frame.data));
        waiting.delete(frame.number);
      }
    });
  }

  /** Sends frames and waits for all answers; a receiver that gives none for `timeout` is left. */
  #exchange(
    session: Session,
    frames: readonly (readonly [command: string, data: string])[],
    signal: AbortSignal,
  ): Promise<ItemOutcome[]> {
    const { socket, waiting } = session;
    return new Promise((resolve) => {
      const outcomes: ItemOutcome[] = [];
      let open = frames.length;
      const leave = (): void => void socket.destroy();
      let timer = setTimeout(leave, this.#settings.timeout * 1000);
      signal.addEventListener('abort', leave, { once: true });
      const text = frames.map(([command, data], index) => {
        const number = this.#number(session);
        waiting.set(number, (outcome) => {
          outcomes[index] = outcome;
          clearTimeout(timer);
          if (--open > 0) timer = setTimeout(leave, this.#settings.timeout * 1000);
          else {
            signal.removeEventListener('abort', leave);
            resolve(outcomes);
          }
        });
        return relpFrame(number, command, data);
      });
      socket.write(text.join(''));
      // Closed between two batches: the event came before anybody waited.
      if (socket.destroyed) socket.emit('close');
    });
  }

  #number(session: Session): number {
    const number = session.next;
    session.next = number >= LARGEST_NUMBER ? 1 : number + 1;
    return number;
  }
}

/** `200 OK`, or `500 why not`. */
function answerOf(data: string): ItemOutcome {
  const code = data.slice(0, 3);
  if (code === '200') return { state: 'ok' };
  return { state: 'retry', code: `relp_${code}`, cause: data.slice(4, 200) || 'the receiver refuses the message' };
}
