import type { Count, Encrypted, SessionState as State } from '../../store/analysis/session-record';
import { serviceOfApplication, serviceOfPayload } from './applications';
import { type Service, serviceOfProtocol, serviceOnPort } from './services';
import type { Direction } from './direction';
import type { SessionState } from './session-state';

/** Whether a session is encrypted, and what says so. */
export interface Encryption {
  readonly encrypted: Encrypted;
  /**
   * `eta:tls`, `app:ssl`, `port:443/tcp`, `protocol:50`, `no_data` (nothing but opening packets), `unknown_port`,
   * `unknown_protocol`.
   */
  readonly by: string;
  readonly service: string | null;
  readonly handshakeRoom: boolean | null;
}

/** IP bytes below which a full TLS handshake has no room: first percentiles of measured sessions, rounded down. */
const CLIENT_HANDSHAKE = 400;
const SERVER_HANDSHAKE = 1000;

/**
 * The best evidence decides: the first payload bytes (Cisco ETA) before the name a device gives the application before port
 * and protocol. Room for a handshake is told beside it, and decides nothing: it is too weak. Without payload bytes an
 * unanswered attempt is no encrypted session, whatever its port.
 */
export function judgeEncryption(
  session: SessionState,
  direction: Direction,
  state: State,
  sent: { readonly fromA: Count | null; readonly fromB: Count | null },
): Encryption {
  const onPort = serviceOnPorts(session, direction);
  const seen = serviceOfPayload(session.payload);
  const service = seen ?? named(session, onPort) ?? onPort;
  if (seen === undefined && service !== undefined && (state === 'attempt' || state === 'denied')) {
    return { encrypted: 'unknown', by: 'no_data', service: nameOf(service, onPort), handshakeRoom: null };
  }
  if (service === undefined) {
    const by = session.aPort === null ? 'unknown_protocol' : 'unknown_port';
    return { encrypted: 'unknown', by, service: null, handshakeRoom: null };
  }
  const { encrypted, by, tls } = service;
  const handshakeRoom = tls && direction.source !== 'unknown' ? hasRoom(direction, sent) : null;
  return { encrypted, by, service: nameOf(service, onPort), handshakeRoom };
}

/**
 * What the application's name means. A firewall that opens TLS names what it found inside (`web-browsing` on 443): a clear
 * name on the port of an encrypted service leaves open what is on the wire.
 */
function named({ application }: SessionState, onPort: Service | undefined): Service | undefined {
  const service = serviceOfApplication(application);
  if (service?.encrypted !== 'no' || onPort?.encrypted !== 'yes') return service;
  return { ...service, encrypted: 'unknown' };
}

/** The port knows its service more exactly (`ldaps`) than better evidence does (`tls`), where the two agree. */
function nameOf(service: Service, onPort: Service | undefined): string {
  const agree = onPort?.encrypted === service.encrypted && onPort.tls === service.tls;
  return agree ? onPort.name : service.name;
}

/** With the initiator unknown either port may be the service's, but not both. */
function serviceOnPorts(session: SessionState, direction: Direction): Service | undefined {
  const { protocol, aPort, bPort } = session;
  if (aPort === null && bPort === null) return serviceOfProtocol(protocol);
  const onA = serviceOnPort(protocol, aPort);
  const onB = serviceOnPort(protocol, bPort);
  if (direction.source !== 'unknown') return direction.initiator === 'a' ? onB : onA;
  return onA?.name === onB?.name ? onA : undefined;
}

function hasRoom(
  { initiator }: Direction,
  { fromA, fromB }: { readonly fromA: Count | null; readonly fromB: Count | null },
): boolean | null {
  const client = initiator === 'a' ? fromA : fromB;
  const server = initiator === 'a' ? fromB : fromA;
  if (client === null || server === null) return null;
  return client >= CLIENT_HANDSHAKE && server >= SERVER_HANDSHAKE;
}
