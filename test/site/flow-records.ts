import type { TrueSession } from './world';

/** What a metering device says of one direction of a session over one stretch of time. */
export interface FlowRecord {
  readonly src: string;
  readonly dst: string;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly protocol: number;
  readonly tcpFlags: number;
  readonly bytes: number;
  readonly packets: number;
  /** Site time, ms. */
  readonly start: number;
  readonly end: number;
  readonly inIf: number;
  readonly outIf: number;
}

const SYN_ACK_PSH = 0x1a;
const FIN = 0x01;

/**
 * The records of one session as a router with this active timeout makes them: each direction is cut into slices, the
 * totals of the slices are the session's.
 */
export function recordsOf(session: TrueSession, activeTimeout: number): FlowRecord[] {
  const count = Math.max(1, Math.ceil((session.end - session.start) / activeTimeout));
  const out: FlowRecord[] = [];
  for (let i = 0; i < count; i++) {
    const start = session.start + i * activeTimeout;
    const end = Math.min(session.end, start + activeTimeout - 1);
    const last = i === count - 1;
    const share = (total: number): number =>
      last ? total - Math.floor(total / count) * (count - 1) : Math.floor(total / count);
    const flags = session.protocol === 6 ? SYN_ACK_PSH | (last ? FIN : 0) : 0;
    out.push(
      {
        src: session.client,
        dst: session.server,
        srcPort: session.clientPort,
        dstPort: session.serverPort,
        protocol: session.protocol,
        tcpFlags: flags,
        bytes: share(session.bytesUp),
        packets: share(session.packetsUp),
        start,
        end,
        inIf: 1,
        outIf: 2,
      },
      {
        src: session.server,
        dst: session.client,
        srcPort: session.serverPort,
        dstPort: session.clientPort,
        protocol: session.protocol,
        tcpFlags: flags,
        bytes: share(session.bytesDown),
        packets: share(session.packetsDown),
        start: start + 3,
        end,
        inIf: 2,
        outIf: 1,
      },
    );
  }
  return out;
}
