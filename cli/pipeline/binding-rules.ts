import { type BindingRules, DEFAULT_BINDING_RULES } from '../../attribution/bindings/binding-rules';
import { settingsFor } from '../config/device-settings';
import type { Config } from '../config/schema';

/** How this configuration makes binding intervals: a device is known by its configured name, else by its address. */
export function bindingRules(config: Pick<Config, 'devices'>): BindingRules {
  const settings = settingsFor(config.devices);
  const scopes = new Map(config.devices.map(({ name, scope }) => [name, scope ?? '']));
  return {
    ...DEFAULT_BINDING_RULES,
    scopeOf: (device, vrf) =>
      [scopes.get(device) ?? settings(device).scope ?? '', vrf ?? ''].filter((part) => part !== '').join('/'),
  };
}
