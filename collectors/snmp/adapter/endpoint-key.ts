import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** One text for an address and port however the address is written: kernels and people abbreviate IPv6 differently. */
export function endpointKey(address: string, port: number): string {
  if (!address.includes(':')) return `${address} ${port}`;
  const zone = address.indexOf('%');
  const bare = zone === -1 ? address : address.slice(0, zone);
  return `${isIPv6(bare) ? ipaddr.IPv6.parse(bare).toNormalizedString() : bare} ${port}`;
}
