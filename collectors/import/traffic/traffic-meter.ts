import type { ToldSession } from '../sessions/told-session';
import type { HeaderFields } from './ip-header';

/** When a session without an end of its own is over, ms after its last packet. */
const IDLE_TCP_MS = 15 * 60_000;
const IDLE_MS = 60_000;
/** After both sides have ended a connection, or one has reset it: late copies still belong to it. */
const LINGER_MS = 2000;
/** Sessions that are looked for those that are over. */
const SWEEP_MS = 30_000;
const MOST_SESSIONS = 500_000;

const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;
const TCP = 6;

interface Direction {
  bytes: number;
  packets: number;
  flags: number;
}

interface Metered {
  readonly first: HeaderFields;
  /** The first packet came from the side that began. */
  readonly isForward: boolean;
  readonly start: number;
  end: number;
  readonly own: Direction;
  readonly other: Direction;
}

/** Makes sessions of packets, as flow exporters do, but whole: a long one is not cut. Packets in order of time. */
export class TrafficMeter {
  readonly #sessions = new Map<string, Metered>();
  #sweptAt = Number.NEGATIVE_INFINITY;

  /** `at`: epoch ms. Sessions that are over by then. */
  *add(packet: HeaderFields, at: number): Generator<ToldSession, void> {
    if (at - this.#sweptAt >= SWEEP_MS) yield* this.#sweep(at);
    const key = keyOf(packet);
    const known = this.#sessions.get(key);
    if (known !== undefined && isOver(known, at, packet)) {
      this.#sessions.delete(key);
      yield toldOf(known);
    } else if (known !== undefined) {
      count(known, packet, at);
      return;
    }
    const [oldest] = this.#sessions.size >= MOST_SESSIONS ? this.#sessions : [];
    if (oldest !== undefined) {
      this.#sessions.delete(oldest[0]);
      yield toldOf(oldest[1]);
    }
    this.#sessions.set(key, begun(packet, at));
  }

  /** What is still open. */
  *finish(): Generator<ToldSession, void> {
    for (const session of this.#sessions.values()) yield toldOf(session);
    this.#sessions.clear();
  }

  *#sweep(at: number): Generator<ToldSession, void> {
    this.#sweptAt = at;
    for (const [key, session] of this.#sessions) {
      if (!isOver(session, at)) continue;
      this.#sessions.delete(key);
      yield toldOf(session);
    }
  }
}

function begun(packet: HeaderFields, at: number): Metered {
  // An answer that comes first: the capture began in the middle.
  const isAnswer = packet.protocol === TCP && (packet.flags & (SYN | ACK)) === (SYN | ACK);
  const session: Metered = {
    first: packet,
    isForward: !isAnswer,
    start: at,
    end: at,
    own: { bytes: 0, packets: 0, flags: 0 },
    other: { bytes: 0, packets: 0, flags: 0 },
  };
  count(session, packet, at);
  return session;
}

function count(session: Metered, packet: HeaderFields, at: number): void {
  const { first } = session;
  const isOwn = packet.source === first.source && packet.sourcePort === first.sourcePort;
  const direction = isOwn ? session.own : session.other;
  direction.bytes += packet.length;
  direction.packets += 1;
  direction.flags |= packet.flags;
  session.end = Math.max(session.end, at);
}

function isOver({ first, own, other, end }: Metered, at: number, next?: HeaderFields): boolean {
  const silence = at - end;
  if (first.protocol !== TCP) return silence > IDLE_MS;
  if (silence > IDLE_TCP_MS) return true;
  const isClosed = ((own.flags | other.flags) & RST) !== 0 || (own.flags & other.flags & FIN) !== 0;
  // A port that is used again begins with SYN alone.
  const begins = next !== undefined && (next.flags & (SYN | ACK)) === SYN;
  return isClosed && (begins || silence > LINGER_MS);
}

function toldOf({ first, isForward, start, end, own, other }: Metered): ToldSession {
  const [client, server] = [
    { address: first.source, port: first.sourcePort },
    { address: first.destination, port: first.destinationPort },
  ];
  const [from, to] = isForward ? [client, server] : [server, client];
  const counters = ({ bytes, packets, flags }: Direction): ToldSession['sent'] => ({
    bytes,
    packets,
    ...(first.protocol === TCP && { flags }),
  });
  return {
    start,
    end,
    protocol: first.protocol,
    source: from.address,
    destination: to.address,
    sourcePort: from.port,
    destinationPort: to.port,
    sent: counters(isForward ? own : other),
    received: counters(isForward ? other : own),
  };
}

/** The same for both directions. */
function keyOf({ protocol, source, destination, sourcePort, destinationPort }: HeaderFields): string {
  const one = `${source} ${sourcePort}`;
  const other = `${destination} ${destinationPort}`;
  return one < other ? `${protocol} ${one} ${other}` : `${protocol} ${other} ${one}`;
}
