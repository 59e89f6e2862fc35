import type { DestinationList, ListEntry, ListKind } from './destination-list';

/** An entry of a list that holds an address or a name. */
export interface ListHit {
  readonly list: string;
  readonly kind: ListKind;
  readonly sha256: string;
  readonly tlp: string;
  readonly entry: ListEntry;
}

/** Everything that loaded lists say of addresses and names. Immutable; looking up never leaves this host. */
export class DestinationContext {
  readonly lists: readonly DestinationList[];
  /** Entries by family, prefix length and network. */
  readonly #families: ReadonlyMap<number, ReadonlyMap<number, ReadonlyMap<string, readonly ListHit[]>>>;

  readonly #names: ReadonlyMap<string, readonly ListHit[]>;

  constructor(lists: readonly DestinationList[]) {
    this.lists = lists;
    const names = new Map<string, ListHit[]>();
    const families = new Map<number, Map<number, Map<string, ListHit[]>>>();
    for (const { name: list, kind, sha256, tlp, entries } of lists) {
      for (const entry of entries) {
        const hit = { list, kind, sha256, tlp, entry };
        if ('name' in entry) {
          ensure(names, entry.name, () => []).push(hit);
          continue;
        }
        const family = ensure(families, entry.network.length, () => new Map<number, Map<string, ListHit[]>>());
        const networks = ensure(family, entry.prefix, () => new Map<string, ListHit[]>());
        ensure(networks, entry.network, () => []).push(hit);
      }
    }
    this.#families = families;
    this.#names = names;
  }

  /** Whether any list names names. */
  get hasNames(): boolean {
    return this.#names.size > 0;
  }

  /** Entries that hold a name (lower case) and were valid at a time (epoch ms), the longest first. */
  lookUpName(name: string, at: number): ListHit[] {
    const found: ListHit[] = [];
    for (let from = 0; from >= 0; from = nextLabel(name, from)) {
      for (const hit of this.#names.get(from === 0 ? name : name.slice(from)) ?? []) {
        const { entry } = hit;
        if ((from === 0 || ('name' in entry && entry.isDomain)) && isValid(entry, at)) found.push(hit);
      }
    }
    return found;
  }

  /** Entries that hold an address (upper-case hex) and were valid at a time (epoch ms), the narrowest network first. */
  lookUp(address: string, at: number): ListHit[] {
    const family = this.#families.get(address.length);
    if (family === undefined) return [];
    const found: ListHit[] = [];
    for (const prefix of [...family.keys()].sort((a, b) => b - a)) {
      for (const hit of family.get(prefix)?.get(masked(address, prefix)) ?? []) {
        if (isValid(hit.entry, at)) found.push(hit);
      }
    }
    return found;
  }
}

export const NO_DESTINATIONS = new DestinationContext([]);

function isValid({ validFrom, validTo }: ListEntry, at: number): boolean {
  return (validFrom ?? -Infinity) <= at && at <= (validTo ?? Infinity);
}

/** Where the label behind the one at `from` begins; -1 behind the last. */
function nextLabel(name: string, from: number): number {
  const dot = name.indexOf('.', from);
  return dot < 0 ? -1 : dot + 1;
}

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
