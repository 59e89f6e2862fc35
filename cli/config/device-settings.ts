import { addressBytes } from '../../normalizer/model/address';
import type { DeviceSettings, SettingsFor } from '../../normalizer/settings';
import { masked } from './network';
import type { DeviceConfig } from './schema';

const MOST_CACHED = 65_536;
const DEFAULTS: DeviceSettings = Object.freeze({});

/**
 * The normalizer's settings from the configured devices: the longest matching network wins, unknown senders get the
 * defaults. An answer is remembered; a flood of forged senders empties the memory instead of growing it.
 */
export function settingsFor(devices: readonly DeviceConfig[]): SettingsFor {
  const lengths = prefixTables(devices);
  const cache = new Map<string, DeviceSettings>();
  return (address) => {
    let settings = cache.get(address);
    if (settings === undefined) {
      settings = lookUp(lengths, address);
      if (cache.size >= MOST_CACHED) cache.clear();
      cache.set(address, settings);
    }
    return settings;
  };
}

/** Per address family (4 or 16 bytes) and prefix length, longest first: the first address's bytes → settings. */
type PrefixTables = readonly { size: number; bits: number; byPrefix: Map<string, DeviceSettings> }[];

function prefixTables(devices: readonly DeviceConfig[]): PrefixTables {
  const tables = new Map<string, { size: number; bits: number; byPrefix: Map<string, DeviceSettings> }>();
  for (const device of devices) {
    const settings = deviceSettings(device);
    for (const { bytes, bits } of device.addresses) {
      const key = `${bytes.length}/${bits}`;
      const table = tables.get(key) ?? { size: bytes.length, bits, byPrefix: new Map<string, DeviceSettings>() };
      tables.set(key, table);
      table.byPrefix.set(bytes.join('.'), settings);
    }
  }
  return [...tables.values()].sort((a, b) => b.bits - a.bits);
}

function lookUp(tables: PrefixTables, address: string): DeviceSettings {
  const bytes = addressBytes(address);
  if (bytes === undefined) return DEFAULTS;
  for (const { size, bits, byPrefix } of tables) {
    if (size !== bytes.length) continue;
    const settings = byPrefix.get(masked(bytes, bits).join('.'));
    if (settings !== undefined) return settings;
  }
  return DEFAULTS;
}

/** What the normalizer is to know of one configured device; keys that were left out stay out. */
export function deviceSettings(device: DeviceConfig): DeviceSettings {
  return Object.freeze({
    name: device.name,
    relay: device.relay,
    samplingOverride: device.sampling_override,
    ...(device.profile !== undefined && { profile: device.profile }),
    ...(device.timezone !== undefined && { timezone: device.timezone }),
    ...(device.scope !== undefined && { scope: device.scope }),
    ...(device.sampling_rate !== undefined && { samplingRate: device.sampling_rate }),
  });
}
