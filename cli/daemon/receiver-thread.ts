import type { Collector } from '../../collectors/contract';
import { RingProducer } from '../../store/journal/ring-producer';
import type { ListenerStatus } from '../telemetry/daemon-status';
import { datagramCollectors, type DatagramSections } from './datagram-collectors';
import type { SenderStatus } from './sender-status';
import { runThread } from './thread-host';

export interface ReceiverData {
  readonly ring: SharedArrayBuffer;
  readonly sections: DatagramSections;
}

export interface ReceiverStats {
  readonly listeners: readonly ListenerStatus[];
  readonly senders: readonly SenderStatus[];
}

/** UDP sockets into the ring, and nothing else: a loop that is busy elsewhere loses what the kernel cannot hold. */
runThread<ReceiverData, ReceiverStats>(async ({ ring, sections }, host) => {
  const { offer } = new RingProducer(ring);
  const collectors = datagramCollectors(sections, { offer, emit: host.emit, now: Date.now });
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
