import type { DeviceSettings, SettingsFor } from '../../normalizer/settings';

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

  /** What was told, by address. */
  entries(): [address: string, settings: DeviceSettings][] {
    return [...this.#told].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
