import type { DestinationList, ListEntry, ListKind } from './destination-list';

/** An entry of a list that holds an address. */
export interface ListHit {
  readonly list: string;
  readonly kind: ListKind;
  readonly sha256: string;
  readonly tlp: string;
  readonly entry: ListEntry;
}

/** Everything that loaded lists say of addresses. Immutable; looking up never leaves this host. */
export class DestinationContext {
  readonly lists: readonly DestinationList[];
  /** Entries by family, prefix length and network. */
  readonly #families: ReadonlyMap<number, ReadonlyMap<number, ReadonlyMap<string, readonly ListHit[]>>>;

  constructor(lists: readonly DestinationList[]) {
    this.lists = lists;
    const families = new Map<number, Map<number, Map<string, ListHit[]>>>();
    for (const { name: list, kind, sha256, tlp, entries } of lists) {
      for (const entry of entries) {
        const family = ensure(families, entry.network.length, () => new Map<number, Map<string, ListHit[]>>());
        const networks = ensure(family, entry.prefix, () => new Map<string, ListHit[]>());
        ensure(networks, entry.network, () => []).push({ list, kind, sha256, tlp, entry });
      }
    }
    this.#families = families;
  }

  /** Entries that hold an address (upper-case hex) and were valid at a time (epoch ms), the narrowest network first. */
  lookUp(address: string, at: number): ListHit[] {
    const family = this.#families.get(address.length);
    if (family === undefined) return [];
    const found: ListHit[] = [];
    for (const prefix of [...family.keys()].sort((a, b) => b - a)) {
      for (const hit of family.get(prefix)?.get(masked(address, prefix)) ?? []) {
        const { validFrom, validTo } = hit.entry;
        if ((validFrom ?? -Infinity) <= at && at <= (validTo ?? Infinity)) found.push(hit);
      }
    }
    return found;
  }
}

export const NO_DESTINATIONS = new DestinationContext([]);

function ensure<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** The first `prefix` bits of an address, the rest zero. */
function masked(address: string, prefix: number): string {
  const digits = prefix >> 2;
  const rest = prefix & 3;
  if (digits >= address.length) return address;
  const head = address.slice(0, digits);
  const nibble = rest === 0 ? '' : (Number.parseInt(address[digits]!, 16) & (0xf << (4 - rest)) & 0xf).toString(16);
  return `${head}${nibble.toUpperCase()}`.padEnd(address.length, '0');
}
