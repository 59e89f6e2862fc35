import { SenderCounters, type SenderCount } from '../udp/sender-counters';
import type { FramerCounts } from './framing';
import type { StreamRefusal } from './stream-events';

/** Figures of one TCP or TLS listener. `offered` messages were taken; `held` wait in open connections. */
export interface StreamListenerStats {
  /** `tcp://0.0.0.0:5514`, as in `RawOrigin.source`. */
  readonly listener: string;
  readonly connections: {
    readonly open: number;
    readonly accepted: number;
    readonly refused: Readonly<Record<StreamRefusal, number>>;
  };
  /** Messages and their octets that `offer` took. */
  readonly messages: number;
  readonly messageBytes: number;
  /** Messages with counted octets; the others came as lines. */
  readonly counted: number;
  readonly framingBytes: number;
  readonly truncated: number;
  readonly truncatedBytes: number;
  readonly incomplete: number;
  /** Messages framed and not taken yet. */
  readonly waiting: number;
  /** Messages given up at the end of `stop`. */
  readonly undelivered: number;
  readonly broken: number;
  readonly idle: number;
  readonly tlsOnPlain: number;
  readonly plainOnTls: number;
  readonly tlsFailed: number;
  readonly tlsDenied: number;
  /** Messages by peer address; `datagrams` counts messages. */
  readonly senders: readonly SenderCount[];
}

/** Counts of connections that are over, and of events, for `StreamListenerStats`. */
export class StreamTally {
  readonly refused: Record<StreamRefusal, number> = { not_allowed: 0, too_many: 0, too_many_of_peer: 0 };
  readonly senders: SenderCounters;
  accepted = 0;
  messages = 0;
  messageBytes = 0;
  undelivered = 0;
  broken = 0;
  idle = 0;
  tlsOnPlain = 0;
  plainOnTls = 0;
  tlsFailed = 0;
  tlsDenied = 0;
  readonly #over = { counted: 0, framingBytes: 0, truncated: 0, truncatedBytes: 0, incomplete: 0 };

  constructor(peerLimit: number) {
    this.senders = new SenderCounters(peerLimit);
  }

  taken(address: string, messages: number, bytes: number, now: number): void {
    this.messages += messages;
    this.messageBytes += bytes;
    const sender = this.senders.of(address, now);
    sender.datagrams += messages;
    sender.bytes += bytes;
    sender.lastSeen = now;
  }

  finished(counts: FramerCounts, undelivered: number): void {
    add(this.#over, counts);
    this.undelivered += undelivered;
  }

  /** With the counts of the connections that are open. */
  stats(listener: string, open: readonly FramerCounts[], waiting: number): StreamListenerStats {
    const sum = { ...this.#over };
    for (const counts of open) add(sum, counts);
    const { accepted, refused, messages, messageBytes, undelivered, broken, idle } = this;
    const { tlsOnPlain, plainOnTls, tlsFailed, tlsDenied } = this;
    return {
      listener,
      connections: { open: open.length, accepted, refused: { ...refused } },
      messages,
      messageBytes,
      ...sum,
      waiting,
      undelivered,
      broken,
      idle,
      tlsOnPlain,
      plainOnTls,
      tlsFailed,
      tlsDenied,
      senders: this.senders.snapshot(),
    };
  }
}

type Summed = {
  -readonly [K in 'counted' | 'framingBytes' | 'truncated' | 'truncatedBytes' | 'incomplete']: FramerCounts[K];
};

function add(sum: Summed, counts: FramerCounts): void {
  sum.counted += counts.counted;
  sum.framingBytes += counts.framingBytes;
  sum.truncated += counts.truncated;
  sum.truncatedBytes += counts.truncatedBytes;
  sum.incomplete += counts.incomplete;
}
