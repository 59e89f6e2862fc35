import type { ListenerStatus } from '../telemetry/daemon-status';
import type { TelemetryEvent } from '../telemetry/events';

/** Looks at the listeners' kernel drops once a second and tells of new ones. */
export class LossWatch {
  readonly #emit: (event: TelemetryEvent) => void;
  readonly #known = new Map<string, number>();

  constructor(emit: (event: TelemetryEvent) => void) {
    this.#emit = emit;
  }

  look(listeners: readonly ListenerStatus[]): void {
    for (const { address, kernelDropped } of listeners) {
      if (kernelDropped === null) continue;
      const before = this.#known.get(address) ?? 0;
      this.#known.set(address, kernelDropped);
      if (kernelDropped > before) {
        this.#emit({ kind: 'kernel_drops', listener: address, datagrams: kernelDropped - before });
      }
    }
  }
}
