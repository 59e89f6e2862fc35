import type { PortOwner } from './port-owner';
import { endpointText } from './peer-address';

/** The port is taken. Names the port, the protocol and, where it can be told, the process. */
export class PortInUseError extends Error {
  readonly code = 'port_in_use';
  readonly protocol: 'udp' | 'tcp';
  readonly address: string;
  readonly port: number;
  readonly owner: PortOwner | undefined;

  constructor(protocol: 'udp' | 'tcp', address: string, port: number, owner: PortOwner | undefined, cause?: unknown) {
    const who = owner === undefined ? 'by another socket' : `by ${owner.name} (process ${owner.pid})`;
    super(`${protocol} port ${port} on ${address} is in use ${who}`, { cause });
    this.protocol = protocol;
    this.address = address;
    this.port = port;
    this.owner = owner;
  }
}

/** The system does not let this user bind the port. */
export class PortPermissionError extends Error {
  readonly code = 'port_permission';
  readonly port: number;

  constructor(protocol: 'udp' | 'tcp', address: string, port: number, cause?: unknown) {
    const below = port < 1024 ? '; ports below 1024 need CAP_NET_BIND_SERVICE' : '';
    super(`no permission to bind ${protocol} port ${port} on ${address}${below}`, { cause });
    this.port = port;
  }
}

/** The address cannot be bound for another reason: no interface has it, or the host lacks its family. */
export class ListenAddressError extends Error {
  readonly code = 'listen_address';
  /** The system's own code, `EADDRNOTAVAIL`, `EAFNOSUPPORT`, … */
  readonly systemCode: string;

  constructor(protocol: 'udp' | 'tcp', address: string, port: number, cause: NodeJS.ErrnoException) {
    const systemCode = cause.code ?? 'unknown';
    const why = REASONS[systemCode] ?? cause.message;
    super(`cannot bind ${protocol} ${endpointText(address, port)}: ${why}`, { cause });
    this.systemCode = systemCode;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'no interface of this host has that address',
  EAFNOSUPPORT: 'this host does not support that address family',
};

/** Codes that mean that the host has no such address family; an optional listener is then left out. */
export const FAMILY_MISSING: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);
