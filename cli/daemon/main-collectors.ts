import { resolve } from 'node:path';
import type { DeviceStatus } from '../../collectors/snmp/poller/polled-device';
import { SnmpCollector } from '../../collectors/snmp/snmp-collector';
import type { TrapListenerStats } from '../../collectors/snmp/traps/trap-receiver';
import { SyslogCollector } from '../../collectors/syslog/syslog-collector';
import type { SyslogSettings } from '../../collectors/syslog/syslog-config';
import type { StreamListenerStats } from '../../collectors/syslog/stream-tally';
import { RingProducer } from '../../store/journal/ring-producer';
import type { LoadedConfig } from '../config/load';
import { secretResolver } from '../config/secrets';
import type { DeviceStatus as StatusOfDevice, ListenerStatus } from '../telemetry/daemon-status';
import type { TelemetryEvent } from '../telemetry/events';
import { senderStatus, type SenderStatus } from './sender-status';

export interface MainCollectorsOptions {
  /** The one ring of the main thread. */
  readonly ring: SharedArrayBuffer;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly emit: (event: TelemetryEvent) => void;
}

/** The collectors of the main thread: those that hold connections (syslog over TCP and TLS) and those that ask (SNMP). */
export class MainCollectors {
  readonly #syslog: readonly SyslogCollector[];
  readonly #snmp: readonly SnmpCollector[];

  constructor({ config, directory }: LoadedConfig, { ring, env, emit }: MainCollectorsOptions) {
    const { offer } = new RingProducer(ring);
    const context = { offer, emit, now: Date.now };
    const secrets = secretResolver(directory, env, (message) => emit({ kind: 'config_warning', message }));
    this.#syslog = config.collectors.syslog.map(
      (settings) => new SyslogCollector(streamsOf(settings, directory), context),
    );
    this.#snmp = config.collectors.snmp.map((settings) => new SnmpCollector({ ...settings, secrets }, context));
  }

  /** Opens all or none. Rejects as `SyslogCollector.start` and `SnmpCollector.start`. */
  async start(): Promise<void> {
    try {
      for (const collector of [...this.#syslog, ...this.#snmp]) await collector.start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    for (const collector of [...this.#snmp, ...this.#syslog]) await collector.stop();
  }

  /** Reads certificates again. Rejects with `TlsFilesError`; then the old ones stay in force. */
  async reloadTls(): Promise<void> {
    for (const collector of this.#syslog) await collector.reloadTls();
  }

  listeners(): ListenerStatus[] {
    const traps = this.#snmp.flatMap((collector) => collector.stats().traps.map(trapListenerStatus));
    return [...this.#streams().map(listenerStatus), ...traps];
  }

  senders(): SenderStatus[] {
    return this.#streams().flatMap(({ senders }) => senders.map((sender) => senderStatus('syslog', sender)));
  }

  /** Devices that are polled. */
  devices(): StatusOfDevice[] {
    return this.#snmp.flatMap((collector) => collector.stats().poller.devices.map(polledStatus));
  }

  #streams(): StreamListenerStats[] {
    return this.#syslog.flatMap((collector) => collector.stats().streams);
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

function polledStatus(status: DeviceStatus): StatusOfDevice {
  const { device, state, lastAnswerAt, reason, detail, incomplete } = status;
  const trouble = [reason, detail].filter((part) => part !== '').join(', ') || incomplete.join(', ');
  return {
    device,
    protocol: 'snmp',
    state,
    lastReadAt: lastAnswerAt ?? null,
    version: '',
    clockOffsetMs: null,
    lagBytes: 0,
    gaps: 0,
    incomplete: status.tablesIncomplete,
    text: trouble,
  };
}

function trapListenerStatus(stats: TrapListenerStats): ListenerStatus {
  const refused = Object.values(stats.refused).reduce((sum, count) => sum + count, stats.notAllowed);
  return {
    address: stats.listener,
    protocol: 'snmp',
    received: stats.received,
    bytes: stats.bytes,
    refused,
    queueDropped: stats.dropped,
    kernelDropped: stats.kernelDrops ?? null,
    bufferBytes: null,
    bufferWanted: null,
  };
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
