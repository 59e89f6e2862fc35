import type { Collector, CollectorContext } from '../contract';
import { SshPoller, type SshStats } from './poller/ssh-poller';
import type { SshEvent } from './ssh-events';
import type { SshSettings } from './ssh-settings';

/** Reads ESXi hosts and network devices over SSH, and changes nothing on them. */
export class SshCollector implements Collector {
  readonly #poller: SshPoller;

  constructor(settings: SshSettings, context: CollectorContext<SshEvent>) {
    this.#poller = new SshPoller(settings, context);
  }

  /** Begins to connect; never rejects: a device that cannot be read is reported and tried again. */
  start(): Promise<void> {
    this.#poller.start();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    await this.#poller.stop();
  }

  /** A person acted: logins that were refused are tried once more. How many devices that concerns. */
  release(): number {
    return this.#poller.release();
  }

  /** A device told elsewhere, by name or from an address, that its configuration changed. How many devices are meant. */
  changed(device: string, address: string): number {
    return this.#poller.changed(device, address);
  }

  stats(): SshStats {
    return this.#poller.stats();
  }
}
