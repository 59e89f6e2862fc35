import type { Collector, CollectorContext } from '../contract';
import type { UdpEvent } from '../udp/udp-events';
import { UDP_DEFAULTS, UdpListener, type UdpListenerStats } from '../udp/udp-listener';
import type { NetflowSettings } from './netflow-config';

/**
 * Receives NetFlow v1-v9, IPFIX and sFlow over UDP. It looks at nothing in a datagram: what is no flow export is kept
 * too, and the normalizer says so.
 */
export class NetflowCollector implements Collector {
  readonly #listener: UdpListener;

  constructor(settings: NetflowSettings, context: CollectorContext<UdpEvent>) {
    this.#listener = new UdpListener({ ...UDP_DEFAULTS, ...settings, collector: 'netflow', format: 'flow' }, context);
  }

  /** Rejects with `PortInUseError`, `PortPermissionError` or `ListenAddressError`; then nothing stays open. */
  start(): Promise<void> {
    return this.#listener.start();
  }

  stop(): Promise<void> {
    return this.#listener.stop();
  }

  /** Endpoints in use now. */
  addresses(): readonly { address: string; port: number }[] {
    return this.#listener.addresses();
  }

  /** Figures of each listener, with those of each exporter in `senders`. Plain data: may be posted to another thread. */
  stats(): readonly UdpListenerStats[] {
    return this.#listener.stats();
  }
}
