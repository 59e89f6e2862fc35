import { isIP } from 'node:net';

/** One address to bind. `optional`: its family may be missing on this host (an IPv6-less kernel), which is no error. */
export interface ListenAddress {
  readonly address: string;
  readonly port: number;
  readonly optional: boolean;
}

/** A `listen` entry of the configuration that names no address and port. */
export class ListenSyntaxError extends Error {
  readonly code = 'listen_syntax';
}

const LISTEN = /^(?:udp:\/\/)?(?:(?<host>\*|[\d.]*):|\[(?<v6>[^[\]]+)\]:)?(?<port>\d{1,5})$/;

/**
 * Reads one `listen` entry: `2055`, `":2055"` or `udp://*:2055` (every address of both families), `192.0.2.1:2055`,
 * `"[2001:db8::1]:2055"`. Names are refused: what a resolver says at start is no stable place to send flows to.
 * Throws `ListenSyntaxError`.
 */
export function parseListen(entry: string | number): readonly ListenAddress[] {
  const text = String(entry);
  const match = LISTEN.exec(text);
  const port = Number(match?.groups?.['port'] ?? Number.NaN);
  if (!(port <= 65535)) throw new ListenSyntaxError(`"${text}" is not PORT, *:PORT, ADDRESS:PORT or [ADDRESS]:PORT`);
  const v6 = match?.groups?.['v6'];
  if (v6 !== undefined) return [{ address: checked(v6, 6, text), port, optional: false }];
  const host = match?.groups?.['host'] ?? '*';
  if (host !== '*' && host !== '') return [{ address: checked(host, 4, text), port, optional: false }];
  return [
    { address: '0.0.0.0', port, optional: false },
    { address: '::', port, optional: true },
  ];
}

/** All entries of a `listen` list; the same address and port named twice counts once. Throws `ListenSyntaxError`. */
export function parseListenList(entries: readonly (string | number)[]): readonly ListenAddress[] {
  const byKey = new Map<string, ListenAddress>();
  for (const found of entries.flatMap((entry) => parseListen(entry))) {
    const key = `${found.address} ${found.port}`;
    const known = byKey.get(key);
    byKey.set(key, known?.optional === false ? known : found);
  }
  return [...byKey.values()];
}

function checked(address: string, family: 4 | 6, text: string): string {
  if (isIP(address) !== family) throw new ListenSyntaxError(`"${text}": "${address}" is not an IPv${family} address`);
  return address;
}
