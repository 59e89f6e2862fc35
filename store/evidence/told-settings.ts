import type { DeviceSettings, SettingsFor } from '../../normalizer/settings';
import { objectOf } from './raw-line';

const NO_SETTINGS: DeviceSettings = {};

/** Passes settings of senders on and keeps what was told: a pack states it, so that its records can be read anywhere. */
export class ToldSettings {
  readonly #told = new Map<string, DeviceSettings>();
  readonly #settingsFor: SettingsFor;

  constructor(settingsFor: SettingsFor) {
    this.#settingsFor = settingsFor;
  }

  readonly of: SettingsFor = (address) => {
    const settings = this.#settingsFor(address);
    this.#told.set(address, settings);
    return settings;
  };

  /** Takes in what was told elsewhere. */
  add(told: readonly (readonly [address: string, settings: DeviceSettings])[]): void {
    for (const [address, settings] of told) this.#told.set(address, settings);
  }

  /** What was told, by address. */
  entries(): [address: string, settings: DeviceSettings][] {
    return [...this.#told].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

/** A line of `data/settings.ndjson`. */
export function settingsLine(address: string, settings: DeviceSettings): string {
  return JSON.stringify({ address, settings });
}

/** Reads such lines; `fault` is told of each that is none. */
export function readSettings(found: Iterable<string>, fault: () => void): SettingsFor {
  const all = new Map<string, DeviceSettings>();
  for (const line of found) {
    const { address, settings } = objectOf(line) ?? {};
    if (typeof address === 'string' && typeof settings === 'object' && settings !== null) all.set(address, settings);
    else fault();
  }
  return (address) => all.get(address) ?? NO_SETTINGS;
}
