import { connect, type Socket } from 'node:net';
import type { RawRecord } from '../../../collectors/contract';
import { SyslogCollector, type SyslogEvent } from '../../../collectors/syslog/syslog-collector';
import { syslogConfig } from '../../../collectors/syslog/syslog-config';

/** A syslog receiver on loopback whose `offer` keeps what it takes, copied as the contract says. */
export class Receiver {
  readonly records: RawRecord[] = [];
  readonly events: SyslogEvent[] = [];
  collector: SyslogCollector;
  /** How many records `offer` takes in all. */
  capacity = Number.POSITIVE_INFINITY;
  readonly #sockets: Socket[] = [];
  #woken: (() => void)[] = [];

  constructor(config: Record<string, unknown>) {
    this.collector = this.#made(config);
  }

  /** Stops the collector and starts another in its place. */
  async replace(config: Record<string, unknown>): Promise<void> {
    await this.collector.stop();
    this.collector = this.#made(config);
    await this.collector.start();
  }

  #made(config: Record<string, unknown>): SyslogCollector {
    const settings = syslogConfig.parse({ udp: [], tcp: [], ...config });
    return new SyslogCollector(settings, {
      offer: (batch) => this.#offer(batch),
      emit: (event) => {
        this.events.push(event);
        this.#wake();
      },
      now: Date.now,
    });
  }

  get texts(): readonly string[] {
    return this.records.map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
  }

  port(protocol: 'udp' | 'tcp' | 'tls'): number {
    const found = this.collector.addresses().find((address) => address.protocol === protocol);
    if (found === undefined) throw new Error(`no ${protocol} listener`);
    return found.port;
  }

  kinds(): readonly string[] {
    return this.events
      .map(({ kind }) => kind)
      .filter((kind) => kind !== 'stream_listening' && kind !== 'udp_listening');
  }

  /** A plain TCP connection to the first TCP (or the named) listener. */
  async connect(protocol: 'tcp' | 'tls' = 'tcp', localAddress = '127.0.0.1'): Promise<Socket> {
    const socket = connect({ host: '127.0.0.1', port: this.port(protocol), localAddress });
    socket.on('error', () => undefined);
    this.#sockets.push(socket);
    await new Promise((resolve) => {
      socket.once('connect', resolve);
    });
    return socket;
  }

  /** Resolves once `condition` holds; it is asked again after each offer and event. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#woken.push(resolve);
        // Counters change without an event too.
        setTimeout(resolve, 5);
      });
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await this.collector.stop();
  }

  #offer(offered: readonly RawRecord[]): number {
    // What was lost is told by the way, at any time.
    const batch = offered.filter(({ origin }) => origin.format !== 'loss');
    if (batch.length === 0) return offered.length;
    const taken = Math.max(0, Math.min(batch.length, this.capacity - this.records.length));
    for (const { origin, receivedAt, bytes } of batch.slice(0, taken)) {
      this.records.push({ origin, receivedAt, bytes: Uint8Array.from(bytes) });
    }
    this.#wake();
    return taken;
  }

  #wake(): void {
    const woken = this.#woken;
    this.#woken = [];
    for (const resolve of woken) resolve();
  }
}
