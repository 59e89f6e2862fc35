import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A rule that is neither an address nor a prefix. */
export class AllowListError extends Error {
  readonly code = 'allow_list';
}

/** Sorted, disjoint, inclusive ranges of one family; `firsts[i]..lasts[i]`. */
interface Ranges<T extends number | bigint> {
  readonly firsts: readonly T[];
  readonly lasts: readonly T[];
}

/**
 * Which addresses may send. Rules of a family are merged into sorted ranges, so that a question costs a binary search
 * whatever the number of rules; the listener asks once per peer and keeps the answer. IPv4 rules also hold for IPv4
 * peers seen through an IPv6 socket, because those are shown as IPv4 before they get here.
 */
export class AllowList {
  /** Lets everybody in. */
  static readonly everyone = AllowList.parse(['0.0.0.0/0', '::/0']);

  readonly #v4: Ranges<number>;
  readonly #v6: Ranges<bigint>;

  private constructor(v4: Ranges<number>, v6: Ranges<bigint>) {
    this.#v4 = v4;
    this.#v6 = v6;
  }

  /** From `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`. Host bits in a prefix are ignored. Throws `AllowListError`. */
  static parse(rules: readonly string[]): AllowList {
    const v4: [number, number][] = [];
    const v6: [bigint, bigint][] = [];
    for (const rule of rules) {
      const { address, family, length } = split(rule);
      if (family === 4) v4.push(range4(v4Number(address), length));
      else v6.push(range6(v6Number(address), length));
    }
    return new AllowList(merged(v4), merged(v6));
  }

  /** Whether this peer may send. A zone (`fe80::1%eth0`) is not looked at. Text that is no address is refused. */
  allows(address: string): boolean {
    if (address.includes(':')) {
      const zone = address.indexOf('%');
      const bare = zone === -1 ? address : address.slice(0, zone);
      return isIP(bare) === 6 && inside(this.#v6, v6Number(bare));
    }
    return isIP(address) === 4 && inside(this.#v4, v4Number(address));
  }
}

function split(rule: string): { address: string; family: number; length: number } {
  const slash = rule.indexOf('/');
  const address = slash === -1 ? rule : rule.slice(0, slash);
  const family = isIP(address);
  // A zone would silently mean nothing here; say so.
  if (family === 0 || address.includes('%')) throw new AllowListError(`"${rule}" is not an address or prefix`);
  const bits = family === 4 ? 32 : 128;
  const text = slash === -1 ? String(bits) : rule.slice(slash + 1);
  const length = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(length <= bits)) throw new AllowListError(`"${rule}": the prefix length must be 0 to ${bits}`);
  return { address, family, length };
}

/** Only for text that `isIP` accepted. */
function v4Number(address: string): number {
  let value = 0;
  for (const octet of address.split('.')) value = value * 256 + Number(octet);
  return value;
}

/** Only for text that `isIP` accepted. */
function v6Number(address: string): bigint {
  let value = 0n;
  for (const octet of ipaddr.IPv6.parse(address).toByteArray()) value = (value << 8n) | BigInt(octet);
  return value;
}

function range4(address: number, length: number): [number, number] {
  const size = 2 ** (32 - length);
  const first = Math.floor(address / size) * size;
  return [first, first + size - 1];
}

function range6(address: bigint, length: number): [bigint, bigint] {
  const size = 1n << BigInt(128 - length);
  const first = address - (address % size);
  return [first, first + size - 1n];
}

function merged<T extends number | bigint>(ranges: [T, T][]): Ranges<T> {
  ranges.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  const firsts: T[] = [];
  const lasts: T[] = [];
  for (const [first, last] of ranges) {
    const top = lasts.at(-1);
    if (top !== undefined && first <= top) {
      if (last > top) lasts[lasts.length - 1] = last;
    } else {
      firsts.push(first);
      lasts.push(last);
    }
  }
  return { firsts, lasts };
}

function inside<T extends number | bigint>(ranges: Ranges<T>, value: T): boolean {
  let low = 0;
  let high = ranges.firsts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges.firsts[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low > 0 && value <= ranges.lasts[low - 1]!;
}
