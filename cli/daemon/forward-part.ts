import { type DestinationSettings, destinationSettings } from '../../forwarders/forward-config';
import type { LoadedConfig } from '../config/load';
import type { DataLayout } from '../data-layout';
import type { TelemetryEvent } from '../telemetry/events';
import { DaemonThread, type ThreadError } from './daemon-thread';
import type { ForwardData, ForwardStats } from './forward-thread';

export interface ForwardPartOptions {
  readonly layout: DataLayout;
  readonly env: ForwardData['env'];
  readonly emit: (event: TelemetryEvent) => void;
}

const STOP_DEADLINE_MS = 5000;
const RESTART_MS = 30_000;

/**
 * The forwarding thread, there only while something is to be forwarded. Its end by an error is told and mended by a new
 * start: what cannot be sent waits in the store, and collecting goes on.
 */
export class ForwardPart {
  readonly #options: ForwardPartOptions;
  readonly #thread: DaemonThread<ForwardData, ForwardStats>;
  #loaded: LoadedConfig | undefined;
  #restart: NodeJS.Timeout | undefined;

  constructor(options: ForwardPartOptions) {
    this.#options = options;
    const { emit } = options;
    this.#thread = new DaemonThread({ name: 'forward', emit, onFailure: (error) => this.#failed(error) });
  }

  /** Figures of the destinations; undefined where there are none. */
  get stats(): ForwardStats | undefined {
    return this.#destinations().length === 0 ? undefined : this.#thread.stats;
  }

  /** Never rejects: see above. */
  async start(loaded: LoadedConfig): Promise<void> {
    this.#loaded = loaded;
    const destinations = this.#destinations();
    if (destinations.length === 0) return;
    const { layout, env } = this.#options;
    const data: ForwardData = { layout, destinations, directory: loaded.directory, env: { ...env } };
    await this.#thread.start(data).catch((error: unknown) => this.#failed(error as ThreadError));
  }

  async reload(loaded: LoadedConfig): Promise<void> {
    const before = JSON.stringify(this.#destinations());
    const after = JSON.stringify(loaded.config.forward.map(destinationSettings));
    if (before === after && this.#restart === undefined) {
      this.#loaded = loaded;
      return;
    }
    await this.stop();
    await this.start(loaded);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#restart);
    this.#restart = undefined;
    await this.#thread.stop(STOP_DEADLINE_MS);
  }

  #destinations(): DestinationSettings[] {
    return this.#loaded?.config.forward.map(destinationSettings) ?? [];
  }

  #failed(error: ThreadError): void {
    this.#options.emit({ kind: 'part_failed', part: 'forward', error });
    const loaded = this.#loaded;
    if (loaded === undefined) return;
    clearTimeout(this.#restart);
    this.#restart = setTimeout(() => {
      this.#restart = undefined;
      void this.start(loaded);
    }, RESTART_MS);
  }
}
