import { createSocket, type Socket } from 'node:dgram';
import { setTimeout as delay } from 'node:timers/promises';
import { flowTemplates, IpfixEncoder, NetflowV9Encoder, type FlowEncoder } from './encoders/flow-encoder';
import type { FlowRecord } from './encoders/flow-records';
import { flowsOf, type World } from './flow-world';

export interface PlayerOptions {
  readonly host: string;
  readonly port: number;
  /** Site seconds per real second. */
  readonly speed: number;
  /** Called about ten times a second with site time, ms. */
  readonly onProgress?: (siteTime: number) => void;
  readonly signal?: AbortSignal;
}

export interface PlayedTotals {
  readonly datagrams: number;
  readonly records: number;
}

const TICK_MS = 100;
const ACTIVE_TIMEOUT_MS = 30_000;
const TEMPLATE_PERIOD_MS = 20_000;

/** A device that meters some of the site's traffic and tells it in its own format. */
class Exporter {
  readonly #socket: Socket = createSocket('udp4');
  readonly #queue: FlowRecord[];
  #lastTemplates = Number.NEGATIVE_INFINITY;
  datagrams = 0;
  records = 0;

  constructor(
    readonly encoder: FlowEncoder<FlowRecord>,
    records: readonly FlowRecord[],
    readonly target: { readonly host: string; readonly port: number },
  ) {
    this.#queue = records.toSorted((a, b) => a.end - b.end);
  }

  /** Sends what has ended by site time `until`. */
  async export(until: number, epoch: number): Promise<void> {
    const now = epoch + until;
    if (until - this.#lastTemplates >= TEMPLATE_PERIOD_MS) {
      await this.#send(this.encoder.templates(now));
      this.#lastTemplates = until;
    }
    let due = 0;
    while (due < this.#queue.length && (this.#queue[due]?.end ?? Infinity) <= now) due++;
    const records = this.#queue.splice(0, due);
    this.records += records.length;
    for (const { bytes } of this.encoder.data(records, now)) await this.#send(bytes);
  }

  close(): void {
    this.#socket.close();
  }

  #send(datagram: Buffer): Promise<void> {
    this.datagrams++;
    return new Promise((resolve, reject) => {
      this.#socket.send(datagram, this.target.port, this.target.host, (error) => (error ? reject(error) : resolve()));
    });
  }
}

/**
 * Plays the site's flows over UDP as two devices tell them: the border router (NetFlow v9, everything) and a
 * distributed switch (IPFIX, the outbound half). Site time ends at the real time of the call plus the playing time.
 */
export async function playFlows(world: World, options: PlayerOptions): Promise<PlayedTotals> {
  const playing = world.duration / options.speed;
  const epoch = Date.now() + playing - world.duration;
  const outbound = { ...world, sessions: world.sessions.filter((session) => session.outbound) };
  const exporters = [
    new Exporter(
      new NetflowV9Encoder(1, epoch - 3_600_000, flowTemplates('v9')),
      flowsOf(world, epoch, ACTIVE_TIMEOUT_MS),
      options,
    ),
    new Exporter(new IpfixEncoder(7, flowTemplates('ipfix')), flowsOf(outbound, epoch, ACTIVE_TIMEOUT_MS), options),
  ];
  const began = performance.now();
  for (let siteTime = 0; siteTime < world.duration;) {
    options.signal?.throwIfAborted();
    siteTime = Math.min(world.duration, (performance.now() - began) * options.speed);
    for (const exporter of exporters) await exporter.export(siteTime, epoch);
    options.onProgress?.(siteTime);
    if (siteTime < world.duration) await delay(TICK_MS);
  }
  for (const exporter of exporters) exporter.close();
  return {
    datagrams: exporters.reduce((sum, exporter) => sum + exporter.datagrams, 0),
    records: exporters.reduce((sum, exporter) => sum + exporter.records, 0),
  };
}
