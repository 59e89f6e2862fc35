import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
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
import { endpoint, type Endpoint } from './settings';
import { syslogKeys, syslogHeads } from './syslog-head';

interface Settings {
  readonly to: Endpoint;
  readonly facility: number;
  readonly app_name: string;
  readonly rate: number;
}

/** UDP's own limit over IPv4: 65,535 less the headers (RFC 5426 section 3.2 leaves it at that). */
const LARGEST = 65_507;
/** Datagrams between two looks at the clock. */
const BURST = 50;

/** RFC 5424 over UDP (RFC 5426). */
export const syslogUdpType: TransportType<Settings> = {
  type: 'syslog_udp',
  stability: 'beta',
  summary: 'Syslog (RFC 5424) over UDP. Best effort: datagrams are lost unseen; longer ones than 64 kB cannot be sent.',
  delivery: 'best_effort',
  media: ['json', 'text'],
  config: z.strictObject({
    to: endpoint('Receiver', 'siem.example.com:514'),
    rate: z.int().min(1).max(1_000_000).prefault(5000).describe('Most datagrams a second: what is sent faster is lost'),
    ...syslogKeys,
  }),
  limits: () => ({ records: 500, bytes: 1 << 20, envelope: 160, waitMs: 0 }),
  create: (settings, context) => new SyslogUdp(settings, context),
};

class SyslogUdp implements Transport {
  readonly #settings: Settings;
  readonly #head: (item: OutItem) => string;
  #socket: Socket | undefined;
  #freeAt = 0;

  constructor(settings: Settings, context: TransportContext) {
    this.#settings = settings;
    this.#head = syslogHeads(settings, context);
  }

  async send(items: readonly OutItem[], signal: AbortSignal): Promise<SendResult> {
    const socket = await this.#connected();
    const outcomes: ItemOutcome[] = [];
    for (const item of items) {
      if (outcomes.length % BURST === 0) await this.#paced(signal);
      const message = Buffer.from(this.#head(item) + item.text);
      if (message.length > LARGEST) {
        outcomes.push({
          state: 'dead',
          code: 'too_large',
          cause: `${message.length} bytes do not fit into a datagram`,
        });
      } else {
        await this.#sendOne(socket, message);
        outcomes.push({ state: 'ok' });
      }
    }
    return outcomes;
  }

  async probe(): Promise<string> {
    const { host, port } = this.#settings.to;
    await this.#address();
    return `${host}:${port} is a known address; UDP has no answers: delivery is best effort`;
  }

  close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      socket.close(() => resolve());
    });
  }

  async #address(): Promise<{ address: string; family: number }> {
    const { host } = this.#settings.to;
    try {
      return await lookup(host);
    } catch (cause) {
      throw new TransportError('retry', 'name', `${host} has no address now`, { cause });
    }
  }

  async #connected(): Promise<Socket> {
    if (this.#socket !== undefined) return this.#socket;
    const { address, family } = await this.#address();
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    const { port } = this.#settings.to;
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (cause) => reject(new TransportError('retry', 'connect', cause.message, { cause })));
      socket.connect(port, address, () => resolve());
    });
    socket.removeAllListeners('error');
    // ICMP's "port unreachable" of an earlier datagram: the next send says it again.
    socket.on('error', () => undefined);
    this.#socket = socket;
    return socket;
  }

  async #sendOne(socket: Socket, message: Buffer): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        socket.send(message, (error) => (error ? reject(error) : resolve()));
      });
    } catch (cause) {
      await this.close();
      throw new TransportError('retry', 'send', cause instanceof Error ? cause.message : String(cause), { cause });
    }
  }

  /** Bursts of `BURST` at the configured rate. */
  async #paced(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const wait = this.#freeAt - now;
    this.#freeAt = Math.max(now, this.#freeAt) + (BURST * 1000) / this.#settings.rate;
    if (wait <= 1) return;
    await new Promise((resolve) => {
      setTimeout(resolve, wait);
    });
    signal.throwIfAborted();
  }
}
