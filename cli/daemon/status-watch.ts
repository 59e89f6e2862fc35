import type { DaemonStatus } from '../telemetry/daemon-status';
import type { TelemetryEvent } from '../telemetry/events';

const BEHIND_SECONDS = 60;
const CAUGHT_UP_SECONDS = 5;
const CLOCK_JUMP_MS = 2000;
/** Senders that are remembered as told of; a flood of forged ones starts over instead of growing it. */
const MOST_SENDERS = 65_536;

/** Looks at the daemon's status once a second and tells what a person would want to hear of it. */
export class StatusWatch {
  readonly #emit: (event: TelemetryEvent) => void;
  readonly #kernelDrops = new Map<string, number>();
  readonly #senders = new Set<string>();
  readonly #behind = new Set<string>();
  /** Difference between the wall clock and the monotonic one at the last look. */
  #clockOffset: number | undefined;

  constructor(emit: (event: TelemetryEvent) => void) {
    this.#emit = emit;
  }

  /** `monotonic`: milliseconds of a clock that nobody sets. */
  look(status: DaemonStatus, monotonic: number): void {
    this.#lookAtListeners(status);
    this.#lookAtSenders(status);
    this.#lookAtStages(status);
    this.#lookAtClock(status.updatedAt, monotonic);
  }

  #lookAtListeners({ listeners }: DaemonStatus): void {
    for (const { address, kernelDropped } of listeners) {
      if (kernelDropped === null) continue;
      const before = this.#kernelDrops.get(address) ?? 0;
      this.#kernelDrops.set(address, kernelDropped);
      if (kernelDropped > before) {
        this.#emit({ kind: 'kernel_drops', listener: address, datagrams: kernelDropped - before });
      }
    }
  }

  #lookAtSenders({ sources }: DaemonStatus): void {
    for (const { peer, format } of sources) {
      const key = `${format} ${peer}`;
      if (peer === '' || this.#senders.has(key)) continue;
      if (this.#senders.size >= MOST_SENDERS) this.#senders.clear();
      this.#senders.add(key);
      this.#emit({ kind: 'source_seen', peer, format });
    }
  }

  #lookAtStages({ stages: { facts, sessions } }: DaemonStatus): void {
    for (const [stage, { lagRecords, lagSeconds }] of Object.entries({ facts, sessions })) {
      if (lagSeconds > BEHIND_SECONDS && !this.#behind.has(stage)) {
        this.#behind.add(stage);
        this.#emit({ kind: 'stage_behind', stage, records: lagRecords, seconds: lagSeconds });
      } else if (lagSeconds < CAUGHT_UP_SECONDS && this.#behind.delete(stage)) {
        this.#emit({ kind: 'stage_caught_up', stage });
      }
    }
  }

  #lookAtClock(wall: number, monotonic: number): void {
    const offset = wall - monotonic;
    const jumped = this.#clockOffset === undefined ? 0 : offset - this.#clockOffset;
    this.#clockOffset = offset;
    if (Math.abs(jumped) > CLOCK_JUMP_MS) this.#emit({ kind: 'clock_jumped', milliseconds: Math.round(jumped) });
  }
}
