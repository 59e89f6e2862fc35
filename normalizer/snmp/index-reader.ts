import { addressOfOctets, macOfOctets } from './values';

/** An address out of an index. `ip` is undefined for the unspecified address (an absent peer, "any"). */
export interface IndexAddress {
  readonly ip: string | undefined;
  /** Zone index of the types ipv4z and ipv6z (RFC 4001). */
  readonly zone: number | undefined;
}

const ANY: IndexAddress = { ip: undefined, zone: undefined };
/** Octets of an address by InetAddressType: unknown, ipv4, ipv6, ipv4z, ipv6z. */
const SIZES: readonly number[] = [0, 4, 16, 8, 20];

/**
 * Sub-identifiers of an index, from the front. Each read moves on, or returns undefined and leaves the reader where it
 * was. Devices leave parts out of indexes; what cannot be told apart with certainty is undefined.
 */
export class IndexReader {
  readonly #parts: readonly number[];
  #at = 0;

  constructor(parts: readonly number[]) {
    this.#parts = parts;
  }

  /** Sub-identifiers not read yet. */
  get left(): number {
    return this.#parts.length - this.#at;
  }

  /** The next sub-identifier. */
  take(): number | undefined {
    const part = this.#parts[this.#at];
    if (part === undefined || !Number.isInteger(part)) return undefined;
    this.#at++;
    return part;
  }

  /** Goes over `count` sub-identifiers; false, and nothing is read, when there are not so many. */
  skip(count: number | undefined): boolean {
    if (count === undefined || count > this.left) return false;
    this.#at += count;
    return true;
  }

  /** Six octets. */
  mac(): string | undefined {
    if (this.left < 6) return undefined;
    const mac = macOfOctets(this.#parts.slice(this.#at, this.#at + 6));
    if (mac !== undefined) this.#at += 6;
    return mac;
  }

  /** `size` octets (4 or 16) that are an address, without type and length. */
  address(size: number): string | undefined {
    const octets = this.#octets(this.#at, size);
    const ip = octets === undefined ? undefined : addressOfOctets(octets);
    if (ip !== undefined) this.#at += size;
    return ip;
  }

  /**
   * InetAddressType and InetAddress (RFC 4001), `tail` sub-identifiers before the end of the index; `undefined` when the
   * rest is not known. Some agents leave out the length octet (ASA, FTD, BTI); that is only taken for granted when the
   * number of sub-identifiers proves it.
   */
  inetAddress(tail?: number): IndexAddress | undefined {
    const type = this.#parts[this.#at];
    const length = this.#parts[this.#at + 1];
    const size = type === undefined ? undefined : SIZES[type];
    if (type === undefined || size === undefined) return undefined;
    const rest = tail === undefined ? undefined : this.left - tail - 1;
    if (rest !== undefined && rest === size && type !== 0) return this.#typed(this.#at + 1, size);
    if (rest !== undefined && type === 2 && (rest === 8 || (rest === 9 && (length === 8 || length === 16)))) {
      return this.#words(this.#at + 1 + rest - 8);
    }
    if (length !== size || (rest !== undefined && rest !== size + 1)) return undefined;
    if (size > 0) return this.#typed(this.#at + 2, size);
    this.#at += 2;
    return ANY;
  }

  #typed(from: number, size: number): IndexAddress | undefined {
    const octets = this.#octets(from, size);
    if (octets === undefined) return undefined;
    this.#at = from + size;
    const zoned = size === 8 || size === 20;
    const ip = addressOfOctets(zoned ? octets.subarray(0, size - 4) : octets);
    const zone = zoned ? Buffer.from(octets).readUInt32BE(size - 4) : 0;
    return { ip, zone: zone === 0 ? undefined : zone };
  }

  /** An IPv6 address as eight words of 16 bits (FortiGate). The first word of a real one is above 255. */
  #words(from: number): IndexAddress | undefined {
    const words = this.#parts.slice(from, from + 8);
    const [first = 0] = words;
    if (words.length !== 8 || first < 256 || words.some((word) => !(word >= 0 && word <= 0xffff))) return undefined;
    this.#at = from + 8;
    const octets = Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff]));
    return { ip: addressOfOctets(octets), zone: undefined };
  }

  #octets(from: number, size: number): Uint8Array | undefined {
    if (this.#parts.length < from + size) return undefined;
    for (let i = from; i < from + size; i++) if (!isOctet(this.#parts[i])) return undefined;
    return Uint8Array.from(this.#parts.slice(from, from + size));
  }
}

function isOctet(part: number | undefined): boolean {
  return part !== undefined && part >= 0 && part <= 255;
}
