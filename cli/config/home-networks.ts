import type { NetworkInterfaceInfo } from 'node:os';
import { addressBytes } from '../../normalizer/model/address';
import { networkHas, networkOf, parseNetwork } from './network';
import { configSchema } from './schema';

/** Ours by definition, or nobody's: not worth a line (loopback, link-local; RFC 6890). */
const NOT_ROUTED = ['127.0.0.0/8', '169.254.0.0/16', '::1/128', 'fe80::/10'];

/**
 * The home networks to start with: the private ranges, and the networks of this host's interfaces that lie outside them,
 * with the interface they came from.
 */
export function findHomeNetworks(
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): { network: string; from: string | undefined }[] {
  const privateRanges = configSchema.parse({}).home_networks;
  const found = new Map(privateRanges.map(({ text }) => [text, undefined as string | undefined]));
  const known = [...privateRanges, ...NOT_ROUTED.map(parseNetwork).filter((network) => typeof network !== 'string')];
  for (const [name, addresses] of Object.entries(interfaces)) {
    for (const { address, cidr } of addresses ?? []) {
      const bytes = addressBytes(address);
      const prefix = cidr?.split('/')[1];
      if (bytes === undefined || prefix === undefined) continue;
      if (known.some((network) => networkHas(network, bytes))) continue;
      const network = networkOf(bytes, Number(prefix)).text;
      if (!found.has(network)) found.set(network, name);
    }
  }
  return Array.from(found, ([network, from]) => ({ network, from }));
}
