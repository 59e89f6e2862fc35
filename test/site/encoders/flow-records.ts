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
  /** UTC milliseconds by the device's clock. */
  readonly start: number;
  readonly end: number;
  readonly inIf: number;
  readonly outIf: number;
  /** One packet in how many was looked at. */
  readonly sampling?: number;
  readonly vrf?: number;
}

/** A session as one device sees it pass, in its own clock. */
export interface PassingSession {
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly serverPort: number;
  readonly protocol: number;
  readonly start: number;
  readonly end: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly packetsUp: number;
  readonly packetsDown: number;
  readonly inIf: number;
  readonly outIf: number;
  readonly vrf?: number;
}

const SYN = 0x02;
const ACK_PSH = 0x18;
const FIN = 0x01;

/**
 * The records of one session as a router with this active timeout makes them: each direction is cut into slices, the
 * totals of the slices are the session's. The first slice holds the SYN, the last the FIN.
 */
export function recordsOf(session: PassingSession, activeTimeout: number): FlowRecord[] {
  const count = Math.max(1, Math.ceil((session.end - session.start) / activeTimeout));
  const { protocol, vrf } = session;
  const common = { protocol, ...(vrf !== undefined && { vrf }) };
  const out: FlowRecord[] = [];
  for (let i = 0; i < count; i++) {
    const start = session.start + i * activeTimeout;
    const end = Math.min(session.end, start + activeTimeout - 1);
    const last = i === count - 1;
    const share = (total: number): number =>
      last ? total - Math.floor(total / count) * (count - 1) : Math.floor(total / count);
    const tcpFlags = protocol === 6 ? ACK_PSH | (i === 0 ? SYN : 0) | (last ? FIN : 0) : 0;
    const up = { src: session.client, dst: session.server, srcPort: session.clientPort, dstPort: session.serverPort };
    const down = { src: session.server, dst: session.client, srcPort: session.serverPort, dstPort: session.clientPort };
    const { inIf, outIf } = session;
    out.push(
      {
        ...common,
        ...up,
        tcpFlags,
        bytes: share(session.bytesUp),
        packets: share(session.packetsUp),
        start,
        end,
        inIf,
        outIf,
      },
      {
        ...common,
        ...down,
        tcpFlags,
        bytes: share(session.bytesDown),
        packets: share(session.packetsDown),
        start: Math.min(start + 3, end),
        end,
        inIf: outIf,
        outIf: inIf,
      },
    );
  }
  return out;
}
