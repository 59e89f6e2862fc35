import type { Socket } from 'node:net';
import { z } from 'zod';
import { type OutItem, type SendResult, type Transport, type TransportContext, TransportError } from '../contract';
import { joinedBytes } from '../framing/joined-bytes';
import { lineFramed, octetCounted } from '../framing/rfc5424';
import { openConnection } from './connection';
import { endpoint, timeout, type Endpoint } from './settings';
import { syslogKeys, syslogHeads } from './syslog-head';
import type { TlsOptions } from './tls-options';

/** Configuration that syslog over TCP and over TLS share. */
export const streamKeys = {
  to: endpoint('Receiver', 'siem.example.com:6514'),
  framing: z
    .enum(['octets', 'lines'])
    .prefault('octets')
    .describe('octets: counted (RFC 6587 3.4.1), any content survives; lines: for receivers that cannot count'),
  ...syslogKeys,
  timeout,
};

export interface StreamSettings {
  readonly to: Endpoint;
  readonly framing: 'octets' | 'lines';
  readonly facility: number;
  readonly app_name: string;
  readonly timeout: number;
}

/** Bytes of the latest batches that are sent again when the connection breaks: what the receiver may not have read. */
const REPLAY_BYTES = 1 << 20;

/**
 * Syslog over a stream. The receiver never answers: a batch counts as sent when the kernel took it. What was written last
 * is kept and sent again on the next connection, which makes loss rarer (and duplicates likelier), never impossible.
 */
export class SyslogStream implements Transport {
  readonly #settings: StreamSettings;
  readonly #head: (item: OutItem) => string;
  readonly #tls: () => TlsOptions | undefined;
  #socket: Socket | undefined;
  #replay: Buffer[] = [];
  #replayBytes = 0;

  constructor(settings: StreamSettings, context: TransportContext, tls: () => TlsOptions | undefined) {
    this.#settings = settings;
    this.#head = syslogHeads(settings, context);
    this.#tls = tls;
  }

  async send(items: readonly OutItem[], signal: AbortSignal): Promise<SendResult> {
    const frame = this.#settings.framing === 'octets' ? octetCounted : lineFramed;
    const bytes = joinedBytes(items.flatMap((item) => frame(this.#head(item), item.text)));
    const socket = await this.#connected(signal);
    await this.#write(socket, bytes, signal);
    this.#remember(bytes);
    return 'ok';
  }

  async probe(signal: AbortSignal): Promise<string> {
    const { to, timeout } = this.#settings;
    const socket = await openConnection(to, this.#tls(), timeout * 1000, signal);
    socket.on('error', () => undefined);
    socket.end();
    return `${to.host}:${to.port} can be connected to; syslog has no answers: delivery is best effort`;
  }

  close(deadlineMs: number): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined || socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => socket.destroy(), deadlineMs);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.end();
    });
  }

  async #connected(signal: AbortSignal): Promise<Socket> {
    if (this.#socket !== undefined && !this.#socket.destroyed && this.#socket.writable) return this.#socket;
    this.#socket?.destroy();
    const { to, timeout } = this.#settings;
    const socket = await openConnection(to, this.#tls(), timeout * 1000, signal);
    socket.on('error', () => undefined);
    // A receiver that ends is gone; what it writes is not for us.
    socket.on('end', () => socket.destroy());
    socket.resume();
    this.#socket = socket;
    for (const bytes of this.#replay) await this.#write(socket, bytes, signal);
    return socket;
  }

  #write(socket: Socket, bytes: Buffer, signal: AbortSignal): Promise<void> {
    const { to, timeout } = this.#settings;
    return new Promise((resolve, reject) => {
      const settle = (error?: TransportError): void => {
        clearTimeout(timer);
        socket.off('close', closed);
        signal.removeEventListener('abort', stopped);
        if (error === undefined) return resolve();
        socket.destroy();
        reject(error);
      };
      const fail = (code: string, why: string): void =>
        settle(new TransportError('retry', code, `${to.host}:${to.port}: ${why}`));
      const closed = (): void => fail('connection_lost', 'the connection broke');
      const stopped = (): void => fail('stopped', 'stopped');
      const timer = setTimeout(() => fail('timeout', `takes nothing for ${timeout} s`), timeout * 1000);
      socket.once('close', closed);
      signal.addEventListener('abort', stopped, { once: true });
      socket.write(bytes, (error) => (error ? fail('write', error.message) : settle()));
    });
  }

  #remember(bytes: Buffer): void {
    this.#replay.push(bytes);
    this.#replayBytes += bytes.length;
    while (this.#replay.length > 1 && this.#replayBytes > REPLAY_BYTES) {
      this.#replayBytes -= this.#replay.shift()?.length ?? 0;
    }
  }
}
