import { PORT_PROFILES, type PortProfile, PROTOCOL_PROFILES } from './port-profiles.data';

const TCP = 6;
const UDP = 17;

/** A service by protocol and port, as far as ports are known. */
export interface Service {
  readonly name: string;
  readonly encrypted: PortProfile['encrypted'];
  /** What `encrypted_by` says: `port:443/tcp`, `protocol:50`. */
  readonly by: string;
  readonly tls: boolean;
}

const byPort = new Map<number, Service>(
  PORT_PROFILES.map(({ protocol, port, service, encrypted, tls }) => [
    portKey(protocol === 'tcp' ? TCP : UDP, port),
    { name: service, encrypted, by: `port:${port}/${protocol}`, tls: tls ?? false },
  ]),
);

const byProtocol = new Map<number, Service>(
  PROTOCOL_PROFILES.map(([number, name, encrypted]) => [
    number,
    { name, encrypted, by: `protocol:${number}`, tls: false },
  ]),
);

/** The service known on a port; undefined for an unknown port and for protocols without ports. */
export function serviceOnPort(protocol: number, port: number | null): Service | undefined {
  return port === null ? undefined : byPort.get(portKey(protocol, port));
}

/** The service that an IP protocol is by itself: ESP, ICMP, … */
export function serviceOfProtocol(protocol: number): Service | undefined {
  return byProtocol.get(protocol);
}

function portKey(protocol: number, port: number): number {
  return protocol * 65536 + port;
}
