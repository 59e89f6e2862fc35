import type { Collector } from '../../collectors/contract';
import { RingProducer } from '../../store/journal/ring-producer';
import type { ListenerStatus } from '../telemetry/daemon-status';
import { datagramCollectors, type DatagramListener } from './datagram-collectors';
import { runThread } from './thread-host';

export interface ReceiverData {
  readonly ring: SharedArrayBuffer;
  readonly listeners: readonly DatagramListener[];
}

export interface ReceiverStats {
  readonly listeners: readonly ListenerStatus[];
  readonly senders: readonly SenderStatus[];
}

/** What came from one address, since the start. */
export interface SenderStatus {
  readonly peer: string;
  readonly format: string;
  readonly datagrams: number;
  readonly bytes: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** UDP sockets into the ring, and nothing else: a loop that is busy elsewhere loses what the kernel cannot hold. */
runThread<ReceiverData, ReceiverStats>(async ({ ring, listeners }, host) => {
  const { offer } = new RingProducer(ring);
  const collectors = datagramCollectors(listeners, { offer, emit: host.emit, now: Date.now });
  const started: Collector[] = [];
  try {
    for (const { collector } of collectors) {
      await collector.start();
      started.push(collector);
    }
    host.publish(() => ({
      listeners: collectors.flatMap(({ listeners: status }) => status()),
      senders: collectors.flatMap(({ senders }) => senders()),
    }));
    host.ready();
    await new Promise<void>((resolve) => host.stop.addEventListener('abort', () => resolve(), { once: true }));
  } finally {
    for (const collector of started) await collector.stop();
  }
});
