import { NormalizerStateError } from '../contract';
import type { TableName } from './built-in.data';
import { DeviceState, type DeviceJson } from './device-state';

const STATE_VERSION = 1;
/** Devices whose maps are kept; the one that was heard least recently goes. */
const MAX_DEVICES = 4096;

/** Records by journal position, with the tables to read of each. */
export type Ready = readonly (readonly [number, TableName[]])[];

/** The states of all devices, by address. */
export class DeviceStates {
  readonly #devices = new Map<string, DeviceState>();

  get size(): number {
    return this.#devices.size;
  }

  /** The device's state, made when there is none; it becomes the most recent one. */
  of(key: string): DeviceState {
    const known = this.#devices.get(key);
    if (known !== undefined) this.#devices.delete(key);
    const state = known ?? new DeviceState();
    this.#devices.set(key, state);
    if (this.#devices.size > MAX_DEVICES) {
      const [oldest] = this.#devices.keys();
      if (oldest !== undefined) this.#devices.delete(oldest);
    }
    return state;
  }

  /** The device's state if there is one. Nothing changes: anybody can send a trap. */
  peek(key: string): DeviceState | undefined {
    return this.#devices.get(key);
  }

  /** State of all devices with the records that are ready to be read again. */
  snapshot(ready: Ready): Uint8Array {
    const devices = [...this.#devices].map(([key, state]) => [key, state.toJson()] as const);
    return Buffer.from(JSON.stringify({ version: STATE_VERSION, devices, ready }));
  }

  /** Takes up a snapshot and returns its `ready`. Throws `NormalizerStateError` for one of another version. */
  restore(snapshot: Uint8Array): Ready {
    let state: { version?: unknown; devices?: unknown; ready?: unknown } | null;
    try {
      state = JSON.parse(Buffer.from(snapshot).toString('utf8')) as typeof state;
    } catch (cause) {
      throw new NormalizerStateError('the SNMP snapshot is not JSON', { cause });
    }
    if (typeof state !== 'object' || state === null || state.version !== STATE_VERSION) {
      throw new NormalizerStateError('the SNMP snapshot has another format version');
    }
    this.#devices.clear();
    for (const [key, json] of state.devices as [string, DeviceJson][])
      this.#devices.set(key, DeviceState.fromJson(json));
    return state.ready as Ready;
  }
}
