import { addressBytes } from '../../normalizer/model/address';
import { networkHas, networkOf } from './network';
import type { Config, DeviceConfig } from './schema';

/**
 * The devices of the configuration, and those that are polled at an address that none of them has: what such a device
 * says by itself, in flow export, syslog or traps, is then told under the same name as what it answers.
 */
export function knownDevices({ devices, collectors }: Pick<Config, 'devices' | 'collectors'>): DeviceConfig[] {
  const known = [...devices];
  for (const { name, address } of collectors.snmp.flatMap((snmp) => snmp.devices)) {
    const bytes = addressBytes(address);
    if (bytes === undefined) continue;
    const taken = known.some((one) => one.addresses.some((network) => networkHas(network, bytes)));
    const network = networkOf(bytes, bytes.length * 8);
    if (!taken) known.push({ name, addresses: [network], relay: false, sampling_override: false });
  }
  return known;
}
