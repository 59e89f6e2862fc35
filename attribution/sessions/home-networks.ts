import type { NetworkDirection } from '../../store/analysis/session-record';
import { type AddressRange, parseRange } from '../../store/facts/address-filter';

/** RFC 1918, and RFC 4193 (ULA): what is home when nothing is configured. */
export const DEFAULT_HOME_NETWORKS: readonly string[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];

/** Never beyond the site, whatever is configured: loopback, link-local, multicast, broadcast, unspecified. */
const ON_SITE = ['127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '255.255.255.255/32', '0.0.0.0/32'];
const ON_SITE_6 = ['::/128', '::1/128', 'fe80::/10', 'ff00::/8'];

/** A configured home network that is no address and no CIDR network. */
export class HomeNetworkError extends Error {
  readonly code = 'home_network';

  constructor(readonly network: string) {
    super(`not a network: ${network}`);
    this.name = 'HomeNetworkError';
  }
}

interface HexRange {
  readonly length: number;
  readonly first: string;
  readonly last: string;
}

/** Whether addresses (upper-case hex of 4 or 16 bytes) belong to the site, by configured networks. */
export class HomeNetworks {
  readonly #ranges: readonly HexRange[];

  /** Throws `HomeNetworkError` for a text that is no network. */
  constructor(networks: readonly string[] = DEFAULT_HOME_NETWORKS) {
    this.#ranges = [...networks, ...ON_SITE, ...ON_SITE_6].map((text) => hexRange(text));
  }

  contains(address: string): boolean {
    return this.#ranges.some(
      ({ length, first, last }) => address.length === length && address >= first && address <= last,
    );
  }

  /** How a session crosses the site's border. Its initiator matters only where one end is inside and the other is not. */
  direction(source: string, destination: string, initiatorKnown: boolean): NetworkDirection {
    const from = this.contains(source);
    const to = this.contains(destination);
    if (from === to) return from ? 'internal' : 'transit';
    if (!initiatorKnown) return 'unknown';
    return from ? 'outbound' : 'inbound';
  }
}

function hexRange(text: string): HexRange {
  const range = parseRange(text);
  if (range === undefined) throw new HomeNetworkError(text);
  return { length: range.bytes.length * 2, first: hex(range, 0), last: hex(range, 0xff) };
}

function hex({ bytes, prefix }: AddressRange, fill: number): string {
  const filled = bytes.map((byte, i) => byte | (fill & (0xff >> Math.min(8, Math.max(0, prefix - i * 8)))));
  return Buffer.from(filled).toString('hex').toUpperCase();
}
