import type { VerdictRules } from '../../attribution/verdicts/verdict-rules';
import { settingsFor } from '../config/device-settings';
import type { SettingsFor } from '../../normalizer/settings';
import type { Config } from '../config/schema';
import { bindingRules } from './binding-rules';

/** How this configuration makes verdicts: home networks, and devices known by their configured names. */
export function verdictRules(
  config: Pick<Config, 'home_networks' | 'devices'>,
  settings: SettingsFor = settingsFor(config.devices),
): VerdictRules {
  return {
    homeNetworks: config.home_networks.map(({ text }) => text),
    deviceOf: (address) => settings(address).name ?? address,
    scopeOf: bindingRules(config).scopeOf,
  };
}
