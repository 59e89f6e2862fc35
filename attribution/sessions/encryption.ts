import type { Count, Encrypted, SessionState as State } from '../../store/analysis/session-record';
import { type Service, serviceOfProtocol, serviceOnPort } from './services';
import type { Direction } from './direction';
import type { SessionState } from './session-state';

/** Whether a session is encrypted, and what says so. */
export interface Encryption {
  readonly encrypted: Encrypted;
  /** `port:443/tcp`, `protocol:50`, `no_data` (nothing but opening packets), `unknown_port`, `unknown_protocol`. */
  readonly by: string;
  readonly service: string | null;
  readonly handshakeRoom: boolean | null;
}

/** IP bytes below which a full TLS handshake has no room: first percentiles of measured sessions, rounded down. */
const CLIENT_HANDSHAKE = 400;
const SERVER_HANDSHAKE = 1000;

/**
 * Judged from port and protocol alone. An unanswered attempt is no encrypted session, whatever its port. With the
 * initiator unknown either port may be the service's, but not both.
 */
export function judgeEncryption(
  session: SessionState,
  direction: Direction,
  state: State,
  sent: { readonly fromA: Count | null; readonly fromB: Count | null },
): Encryption {
  const service = serviceOf(session, direction);
  if (service === undefined) {
    const by = session.aPort === null ? 'unknown_protocol' : 'unknown_port';
    return { encrypted: 'unknown', by, service: null, handshakeRoom: null };
  }
  const name = service.name;
  if (state === 'attempt' || state === 'denied') {
    return { encrypted: 'unknown', by: 'no_data', service: name, handshakeRoom: null };
  }
  const handshakeRoom = service.tls && direction.source !== 'unknown' ? hasRoom(direction, sent) : null;
  return { encrypted: service.encrypted, by: service.by, service: name, handshakeRoom };
}

function serviceOf(session: SessionState, direction: Direction): Service | undefined {
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
