import { isIP } from 'node:net';

const MAPPED = '::ffff:';

/**
 * A peer's address as the rest of the program writes it: an IPv4 peer seen through an IPv6 socket
 * (`::ffff:192.0.2.1`, RFC 4291 section 2.5.5.2) is shown as IPv4; everything else stays as the kernel printed it.
 */
export function peerAddress(address: string): string {
  if (!address.startsWith(MAPPED)) return address;
  const inner = address.slice(MAPPED.length);
  return isIP(inner) === 4 ? inner : address;
}

/** Address and port in one text: `192.0.2.1:2055`, `[2001:db8::1]:2055`. */
export function endpointText(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
