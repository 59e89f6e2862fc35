import type { Collector, CollectorContext } from '../contract';
import type { ListenAddress } from '../udp/listen-address';
import { FAMILY_MISSING, ListenAddressError } from '../udp/udp-errors';
import type { UdpEvent } from '../udp/udp-events';
import { UDP_DEFAULTS, UdpListener, type UdpListenerStats } from '../udp/udp-listener';
import { ConnectionTable } from './connection-table';
import type { SyslogSettings, TlsSettings } from './syslog-config';
import type { SyslogStreamEvent } from './stream-events';
import { StreamPort } from './stream-port';
import type { StreamListenerStats } from './stream-tally';
import { TlsEngine } from './tls-engine';
import { readTlsFiles } from './tls-files';

/** All that the syslog receiver reports. */
export type SyslogEvent = UdpEvent | SyslogStreamEvent;

/** Figures of all listeners. Plain data: may be posted to another thread. */
export interface SyslogStats {
  readonly udp: readonly UdpListenerStats[];
  readonly streams: readonly StreamListenerStats[];
}

/**
 * Receives syslog over UDP, TCP and TLS. It cuts streams into messages and looks at nothing else: what is no syslog is
 * kept too, and the normalizer says so. Leave `udp` or `tcp` and `tls` empty to run the parts in different threads.
 */
export class SyslogCollector implements Collector {
  readonly #settings: SyslogSettings;
  readonly #context: CollectorContext<SyslogEvent>;
  readonly #udp: UdpListener | undefined;
  readonly #table: ConnectionTable;
  #tls: TlsEngine | undefined;
  #ports: StreamPort[] = [];
  #starting: Promise<void> | undefined;

  constructor(settings: SyslogSettings, context: CollectorContext<SyslogEvent>) {
    this.#settings = settings;
    this.#context = context;
    this.#table = new ConnectionTable(settings);
    const { udp, allow, receiveBufferBytes, refusedSampleBytes } = settings;
    const datagrams = { ...UDP_DEFAULTS, listen: udp, allow, receiveBufferBytes, refusedSampleBytes };
    this.#udp =
      udp.length === 0 ? undefined : new UdpListener({ ...datagrams, collector: 'syslog', format: 'syslog' }, context);
  }

  /**
   * Opens all listeners or none. Rejects with `PortInUseError`, `PortPermissionError`, `ListenAddressError` or
   * `TlsFilesError`.
   */
  start(): Promise<void> {
    this.#starting ??= this.#openAll();
    return this.#starting;
  }

  async stop(): Promise<void> {
    const starting = this.#starting;
    if (starting === undefined) return;
    await starting.catch(() => undefined);
    if (this.#starting !== starting) return;
    this.#starting = undefined;
    await this.#closeAll();
  }

  /**
   * Reads the certificate files again; connections from now on use them, open ones go on. Rejects with `TlsFilesError`,
   * and then the old ones stay in force.
   */
  async reloadTls(): Promise<void> {
    const { tls } = this.#settings;
    if (tls === undefined || this.#tls === undefined) return;
    this.#tls.reload(await readTlsFiles(tls.files));
    this.#context.emit({ kind: 'stream_tls_reloaded', certificate: tls.files.cert });
  }

  /** Endpoints in use now, by protocol. */
  addresses(): readonly { protocol: 'udp' | 'tcp' | 'tls'; address: string; port: number }[] {
    const datagrams = (this.#udp?.addresses() ?? []).map(({ address, port }) => ({
      protocol: 'udp' as const,
      address,
      port,
    }));
    return [...datagrams, ...this.#ports.flatMap((port) => port.endpoint() ?? [])];
  }

  stats(): SyslogStats {
    return { udp: this.#udp?.stats() ?? [], streams: this.#ports.map((port) => port.stats()) };
  }

  async #openAll(): Promise<void> {
    try {
      await this.#udp?.start();
      const { tcp, tls } = this.#settings;
      if (tls !== undefined) this.#tls = await engineOf(tls);
      this.#ports = [];
      await this.#openStreams(tcp, undefined);
      await this.#openStreams(tls?.listen ?? [], this.#tls);
    } catch (error) {
      this.#starting = undefined;
      await this.#closeAll();
      throw error;
    }
  }

  async #openStreams(listen: readonly ListenAddress[], tls: TlsEngine | undefined): Promise<void> {
    for (const one of listen) {
      const port = new StreamPort(this.#settings, this.#context, this.#table, tls);
      const v4too = listen.some((other) => !other.address.includes(':') && other.port === one.port);
      try {
        await port.open(one, v4too);
        this.#ports.push(port);
      } catch (error) {
        const missing = error instanceof ListenAddressError && FAMILY_MISSING.has(error.systemCode);
        if (!(missing && one.optional)) throw error;
        this.#context.emit({ kind: 'stream_family_missing', address: one.address, systemCode: error.systemCode });
      }
    }
  }

  async #closeAll(): Promise<void> {
    const deadline = AbortSignal.timeout(this.#settings.stopMs);
    await Promise.all([this.#udp?.stop(), ...this.#ports.map((port) => port.close(deadline))]);
  }
}

async function engineOf({ files, clients, handshakeMs }: TlsSettings): Promise<TlsEngine> {
  return new TlsEngine(await readTlsFiles(files), clients, handshakeMs);
}
