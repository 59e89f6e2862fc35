import { resolve } from 'node:path';
import { SyslogCollector } from '../../collectors/syslog/syslog-collector';
import type { SyslogSettings } from '../../collectors/syslog/syslog-config';
import type { StreamListenerStats } from '../../collectors/syslog/stream-tally';
import { RingProducer } from '../../store/journal/ring-producer';
import type { LoadedConfig } from '../config/load';
import type { ListenerStatus } from '../telemetry/daemon-status';
import type { TelemetryEvent } from '../telemetry/events';
import { senderStatus, type SenderStatus } from './sender-status';

/** The collectors that hold connections (syslog over TCP and TLS), in the main thread. */
export class StreamCollectors {
  readonly #collectors: readonly SyslogCollector[];

  constructor({ config, directory }: LoadedConfig, ring: SharedArrayBuffer, emit: (event: TelemetryEvent) => void) {
    const { offer } = new RingProducer(ring);
    this.#collectors = config.collectors.syslog.map(
      (settings) => new SyslogCollector(streamsOf(settings, directory), { offer, emit, now: Date.now }),
    );
  }

  /** Opens all or none. Rejects as `SyslogCollector.start`. */
  async start(): Promise<void> {
    try {
      for (const collector of this.#collectors) await collector.start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    for (const collector of this.#collectors) await collector.stop();
  }

  /** Reads certificates again. Rejects with `TlsFilesError`; then the old ones stay in force. */
  async reloadTls(): Promise<void> {
    for (const collector of this.#collectors) await collector.reloadTls();
  }

  listeners(): ListenerStatus[] {
    return this.#streams().map(listenerStatus);
  }

  senders(): SenderStatus[] {
    return this.#streams().flatMap(({ senders }) => senders.map((sender) => senderStatus('syslog', sender)));
  }

  #streams(): StreamListenerStats[] {
    return this.#collectors.flatMap((collector) => collector.stats().streams);
  }
}

/** UDP is the receiver thread's. Paths of certificates start at the configuration file. */
function streamsOf(settings: SyslogSettings, directory: string): SyslogSettings {
  const { tls } = settings;
  if (tls === undefined) return { ...settings, udp: [] };
  const { cert, key, ca } = tls.files;
  const files = {
    cert: resolve(directory, cert),
    key: resolve(directory, key),
    ca: ca === undefined ? undefined : resolve(directory, ca),
  };
  return { ...settings, udp: [], tls: { ...tls, files } };
}

function listenerStatus(stats: StreamListenerStats): ListenerStatus {
  const { refused } = stats.connections;
  return {
    address: stats.listener,
    protocol: 'syslog',
    received: stats.messages,
    bytes: stats.messageBytes,
    refused: refused.not_allowed + refused.too_many + refused.too_many_of_peer + stats.tlsDenied,
    queueDropped: stats.undelivered,
    kernelDropped: null,
    bufferBytes: null,
    bufferWanted: null,
  };
}
