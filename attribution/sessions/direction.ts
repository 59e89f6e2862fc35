import type { SessionDirectionSource } from '../../store/analysis/session-record';
import { serviceOnPort } from './services';
import { SYN } from './session-match';
import type { ObserverState, SessionState } from './session-state';

/** Who began a session, how that is known, and whether two ways of knowing disagree. */
export interface Direction {
  readonly initiator: 'a' | 'b';
  readonly source: SessionDirectionSource;
  readonly conflict: boolean;
}

const ACK = 0x10;
const TCP = 6;

/** Exporters stamp in milliseconds, and some derive both stamps from one uptime: a lead of 1 ms is no lead. */
const TIE_MS = 1;

/** Ports below this are handed out as services by custom (RFC 6335 section 6: system ports). */
const SYSTEM_PORTS = 1024;

/** Systems hand out ports from here on to clients (Linux from 32768, RFC 6335 section 6 from 49152): a service known on one may be a client's by chance. */
const CLIENT_PORTS = 32_768;

/**
 * Stated by a record; else the first packet, when one exporter saw both directions and their true beginning (of a sample
 * the first is any packet: there only a SYN without ACK tells); else the known port; else unknown, in the order of the first record. `heardSince(observer)` is the receive time of the first
 * record of its exporter. Where first packet and port disagree, TCP goes by the packet (its beginning is proved by
 * SYN), everything else by the port (a lost first record turns the order round), and the conflict is kept.
 */
export function decideDirection(session: SessionState, heardSince: (observer: ObserverState) => number): Direction {
  if (session.stated !== null) return { initiator: session.stated, source: 'stated', conflict: false };
  const byPacket = firstPacket(session, heardSince);
  const byPort = clientByPort(session);
  const conflict = byPacket !== undefined && byPort !== undefined && byPacket !== byPort;
  if (byPacket !== undefined && (!conflict || session.protocol === TCP)) {
    return { initiator: byPacket, source: 'first_packet', conflict };
  }
  if (byPort !== undefined) return { initiator: byPort, source: 'port', conflict };
  return { initiator: session.firstFromA ? 'a' : 'b', source: 'unknown', conflict: false };
}

function firstPacket(session: SessionState, heardSince: (observer: ObserverState) => number): 'a' | 'b' | undefined {
  const opening = session.observers.find(({ tcpFlags }) => tcpFlags !== null && (tcpFlags & (SYN | ACK)) === SYN);
  if (session.protocol === TCP && opening !== undefined) return opening.fromA ? 'a' : 'b';
  for (const one of session.observers) {
    if (!one.fromA || one.sampling !== 'none') continue;
    const other = session.observers.find(
      ({ fromA, exporter, domain }) => !fromA && exporter === one.exporter && domain === one.domain,
    );
    if (other === undefined || other.sampling !== 'none' || Math.abs(one.start - other.start) <= TIE_MS) continue;
    const first = one.start < other.start ? one : other;
    if (isBeginning(session, first, heardSince)) return first.fromA ? 'a' : 'b';
  }
  return undefined;
}

/**
 * TCP proves its beginning by SYN. Elsewhere a slice that begins after we first heard from its exporter is a beginning:
 * an earlier slice of the same session would have been exported when it was cut, and would be in the session.
 */
function isBeginning(
  session: SessionState,
  first: ObserverState,
  heardSince: (observer: ObserverState) => number,
): boolean {
  if (session.protocol === TCP && first.firstFlags !== null) return (first.firstFlags & SYN) !== 0;
  return first.start >= heardSince(first);
}

/** The side whose port is no service's, when the other's is. */
function clientByPort({ protocol, aPort, bPort }: SessionState): 'a' | 'b' | undefined {
  const a = serviceOnPort(protocol, aPort) !== undefined;
  const b = serviceOnPort(protocol, bPort) !== undefined;
  if (a !== b) {
    const [served, other] = a ? [aPort, bPort] : [bPort, aPort];
    const mayBeChance = served !== null && other !== null && served >= CLIENT_PORTS && other < CLIENT_PORTS;
    return mayBeChance ? undefined : a ? 'b' : 'a';
  }
  if (a || aPort === null || bPort === null) return undefined;
  if (aPort < SYSTEM_PORTS === bPort < SYSTEM_PORTS) return undefined;
  return aPort < SYSTEM_PORTS ? 'b' : 'a';
}
