import { parseRange, rangeBounds } from '../../store/facts/address-filter';
import type { AddressSet } from './contract';

/** Ascending ranges that do not overlap, of addresses of one family. */
interface Ranges {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

/** Addresses and networks (CIDR). Throws `AddressSetError` for a text that is neither. */
export function addressSet(networks: readonly string[]): AddressSet {
  const bounds = networks.map((text) => {
    const range = parseRange(text);
    if (range === undefined) throw new AddressSetError(text);
    return rangeBounds(range).map((bytes) => bytes.toString('hex').toUpperCase()) as [string, string];
  });
  const families = new Map(
    [8, 32].map((length) => [length, merged(bounds.filter(([first]) => first.length === length))]),
  );
  return { size: networks.length, has: (address) => holds(families.get(address.length), address) };
}

/** A text that is no address and no network. */
export class AddressSetError extends Error {
  readonly code = 'address_set';

  constructor(readonly text: string) {
    super(`${text} is no address and no network`);
    this.name = 'AddressSetError';
  }
}

function merged(bounds: readonly [string, string][]): Ranges {
  const first: string[] = [];
  const last: string[] = [];
  for (const [from, to] of bounds.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    const before = last.length - 1;
    if (before >= 0 && from <= last[before]!) last[before] = to > last[before]! ? to : last[before]!;
    else {
      first.push(from);
      last.push(to);
    }
  }
  return { first, last };
}

function holds(ranges: Ranges | undefined, address: string): boolean {
  if (ranges === undefined) return false;
  let [low, high] = [0, ranges.first.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges.first[middle]! <= address) low = middle + 1;
    else high = middle;
  }
  return low > 0 && address <= ranges.last[low - 1]!;
}
