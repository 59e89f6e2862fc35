import { isIP } from 'node:net';

export type ListenProtocol = 'udp' | 'tcp' | 'tls';

/** One socket to open. */
export interface ListenAddress {
  readonly protocol: ListenProtocol;
  /** An address of this host, `0.0.0.0` or `::`. IPv6 sockets are to be opened for IPv6 alone. */
  readonly address: string;
  readonly port: number;
  /** A host without this address family is no error: the address came from `*`. */
  readonly optional: boolean;
}

const LISTEN = /^(?:([a-z]+):\/\/)?(\*|\[[^\]]*\]|[^:[\]]*):(\d{1,5})$/u;

/**
 * Reads `udp://0.0.0.0:2055`, `[::]:2055`, `*:2055` or `:2055`; `*` and nothing stand for every IPv4 and every IPv6
 * address. Returns the reason as text when it is not one.
 *
 * @param protocols What may be named; the first is meant when none is.
 */
export function parseListen(text: string, protocols: readonly ListenProtocol[]): ListenAddress[] | string {
  const match = LISTEN.exec(text);
  if (match === null) return `"${text}" is not an address to listen on (write ${protocols[0]}://*:2055)`;
  const [, scheme = protocols[0], place = '', digits = ''] = match;
  const protocol = protocols.find((known) => known === scheme);
  if (protocol === undefined) return `"${scheme}" is not a protocol here (${protocols.join(', ')})`;
  const port = Number(digits);
  if (port > 65535) return `${digits} is not a port (0 to 65535)`;
  if (place === '*' || place === '') {
    return ['0.0.0.0', '::'].map((address) => ({ protocol, address, port, optional: address === '::' }));
  }
  const address = place.startsWith('[') ? place.slice(1, -1) : place;
  if (isIP(address) === 0) return `"${address}" is not an IP address; names are not looked up for listeners`;
  return [{ protocol, address, port, optional: false }];
}

/** The address as it is written in the configuration and in messages: `udp://[::]:2055`. */
export function listenText(address: Pick<ListenAddress, 'protocol' | 'address' | 'port'>): string {
  const host = address.address.includes(':') ? `[${address.address}]` : address.address;
  return `${address.protocol}://${host}:${address.port}`;
}
