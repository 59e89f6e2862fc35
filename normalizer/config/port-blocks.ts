import { addressBytes, addressText } from '../model/address';

/**
 * Deterministic NAT: which inside address a translated port belongs to follows from the configuration. Blocks of equal size lie
 * side by side on an outside address, and belong to inside addresses that follow each other (RFC 7422 section 2.2, sequential
 * allocation). Only what a vendor's document or source states is computed.
 */

/** Blocks of one outside address: the block at `first` is `inside`'s, the next one the next address's. */
export interface PortBlocks {
  /** Canonical IPv4 texts. */
  readonly outside: string;
  readonly inside: string;
  readonly first: number;
  /** Last port of the last block. */
  readonly last: number;
  readonly size: number;
}

/** Addresses that follow each other, as numbers. */
export interface AddressRange {
  readonly first: number;
  readonly count: number;
}

/** Outside addresses of one pool that are looked at: a /22. */
const MOST_OUTSIDE = 1024;

const LAST_PORT = 65_535;

/** `192.0.2.0/28`, `192.0.2.1-192.0.2.9`, `192.0.2.1`, the network's own and its broadcast address among them; undefined for other text. */
export function addressRange(text: string | undefined): AddressRange | undefined {
  const dash = text?.indexOf('-') ?? -1;
  if (text === undefined) return undefined;
  if (dash > 0) return rangeBetween(text.slice(0, dash), text.slice(dash + 1));
  const [address = '', length = '32'] = text.split('/');
  const first = numberOf(address);
  const bits = Number(length);
  if (first === undefined || !/^\d{1,2}$/u.test(length) || bits < 8 || bits > 32) return undefined;
  const count = 2 ** (32 - bits);
  return { first: first - (first % count), count };
}

/** Both ends inclusive; undefined where one is no IPv4 address or they are the wrong way round. */
export function rangeBetween(low: string | undefined, high: string | undefined): AddressRange | undefined {
  const [first, last] = [numberOf(low ?? ''), numberOf(high ?? '')];
  return first === undefined || last === undefined || last < first ? undefined : { first, count: last - first + 1 };
}

/**
 * Junos `deterministic-port-block-allocation` ("Deterministic NAPT Overview": Pu_Port_Range_Start is 1024, Rounded_Port_Range_Per_IP is
 * the block size times the inside addresses per outside one, rounded up). A block size of 0 is computed. Empty where it does not fit.
 */
export function junosBlocks(inside: AddressRange, outside: AddressRange, blockSize: number): PortBlocks[] {
  const each = Math.ceil(inside.count / outside.count);
  const size = blockSize === 0 ? Math.floor(64_512 / each) : blockSize;
  return size * each > 64_512 ? [] : blocksOf(inside, outside, { first: 1024, each, size });
}

/** VyOS `nat cgnat` (nat_cgnat.py, generate_port_rules): as many whole blocks on each outside address as its ports have room for. */
export function vyosBlocks(
  inside: AddressRange,
  outside: AddressRange,
  { first, last, size }: Pick<PortBlocks, 'first' | 'last' | 'size'>,
): PortBlocks[] {
  const each = Math.floor((last - first + 1) / size);
  return each * outside.count < inside.count ? [] : blocksOf(inside, outside, { first, each, size });
}

function blocksOf(
  inside: AddressRange,
  outside: AddressRange,
  { first, each, size }: { readonly first: number; readonly each: number; readonly size: number },
): PortBlocks[] {
  const found: PortBlocks[] = [];
  if (!(size >= 1) || !(each >= 1)) return found;
  for (let at = 0; at < Math.min(outside.count, MOST_OUTSIDE); at++) {
    const blocks = Math.min(each, inside.count - at * each);
    const last = first + blocks * size - 1;
    if (blocks < 1 || last > LAST_PORT) break;
    const [from, to] = [textOf(outside.first + at), textOf(inside.first + at * each)];
    found.push({ outside: from, inside: to, first, last, size });
  }
  return found;
}

function numberOf(text: string): number | undefined {
  const bytes = addressBytes(text.trim());
  if (bytes?.length !== 4) return undefined;
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

function textOf(number: number): string {
  return addressText(Uint8Array.of(number / 2 ** 24, (number / 2 ** 16) & 255, (number / 256) & 255, number & 255));
}
