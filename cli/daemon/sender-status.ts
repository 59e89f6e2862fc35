import type { SenderCount } from '../../collectors/udp/sender-counters';

/** What came from one address, since the start. */
export interface SenderStatus {
  readonly peer: string;
  readonly format: string;
  readonly datagrams: number;
  readonly bytes: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** A collector's count of one sender in the shape of `status`. */
export function senderStatus(format: string, sender: SenderCount): SenderStatus {
  const { address: peer, datagrams, bytes, firstSeen, lastSeen } = sender;
  return { peer, format, datagrams, bytes, firstSeen, lastSeen };
}
