import type { Config } from '../config/schema';
import type { ListenerStatus } from '../telemetry/daemon-status';
import type { TelemetryEvent } from '../telemetry/events';
import type { SenderStatus } from './receiver-thread';

/** The collectors that hold connections (syslog over TCP and TLS), in the main thread. */
export class StreamCollectors {
  constructor(
    readonly config: Config,
    readonly directory: string,
    readonly env: Readonly<Record<string, string | undefined>>,
    readonly ring: SharedArrayBuffer,
    readonly emit: (event: TelemetryEvent) => void,
  ) {}

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  listeners(): readonly ListenerStatus[] {
    return [];
  }

  senders(): readonly SenderStatus[] {
    return [];
  }
}
