import { addressBytes, addressText } from '../../normalizer/model/address';

/** An address range in CIDR form. A single address is a range of its full length. */
export interface Network {
  /** Canonical text: `10.0.0.0/8`, `2001:db8::1/128`. */
  readonly text: string;
  /** 4 or 16 bytes of the first address. */
  readonly bytes: Uint8Array;
  /** Prefix length in bits of `bytes`. */
  readonly bits: number;
}

/** Reads `10.0.0.0/8` or an address. Returns the reason as text when it is not one. */
export function parseNetwork(text: string): Network | string {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const bytes = addressBytes(address);
  if (bytes === undefined) return `"${text}" is not an address or network (write 10.0.0.0/8 or 2001:db8::/32)`;
  const most = bytes.length * 8;
  const prefix = slash < 0 ? String(most) : text.slice(slash + 1);
  if (!/^\d{1,3}$/u.test(prefix) || Number(prefix) > most) {
    return `"/${prefix}" is not a prefix length of ${addressText(bytes)} (0 to ${most})`;
  }
  const bits = Number(prefix);
  const network = networkOf(bytes, bits);
  if (slash >= 0 && !network.bytes.every((byte, i) => byte === bytes[i])) {
    return `"${text}" has bits set behind its prefix; the network is ${network.text}`;
  }
  return network;
}

/** The network of an address's 4 or 16 bytes and a prefix length. */
export function networkOf(address: Uint8Array, bits: number): Network {
  const bytes = masked(address, bits);
  return { text: `${addressText(bytes)}/${bits}`, bytes, bits };
}

/** The first `bits` bits of an address, the rest zero. */
export function masked(bytes: Uint8Array, bits: number): Uint8Array {
  return bytes.map((byte, i) => {
    const keep = Math.min(8, Math.max(0, bits - i * 8));
    return byte & (0xff << (8 - keep)) & 0xff;
  });
}

/** Whether the 4 or 16 bytes of an address lie in the network. */
export function networkHas(network: Network, address: Uint8Array): boolean {
  if (address.length !== network.bytes.length) return false;
  const whole = network.bits >> 3;
  for (let i = 0; i < whole; i++) if (address[i] !== network.bytes[i]) return false;
  const rest = network.bits & 7;
  return rest === 0 || (((address[whole] ?? 0) ^ (network.bytes[whole] ?? 0)) & (0xff << (8 - rest)) & 0xff) === 0;
}
