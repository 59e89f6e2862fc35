import type { Collector, CollectorContext } from '../../collectors/contract';
import { NetflowCollector } from '../../collectors/netflow/netflow-collector';
import { SyslogCollector } from '../../collectors/syslog/syslog-collector';
import type { UdpListenerStats } from '../../collectors/udp/udp-listener';
import { COLLECTORS, writtenSections } from '../collectors';
import type { ListenerStatus } from '../telemetry/daemon-status';
import type { TelemetryEvent } from '../telemetry/events';
import { senderStatus, type SenderStatus } from './sender-status';

/** The collectors' sections as they were written: plain data that can be handed to a thread. */
export interface DatagramSections {
  readonly netflow: readonly unknown[];
  readonly syslog: readonly unknown[];
}

/** What the receiver thread needs of a configuration. */
export function datagramSections(written: unknown): DatagramSections {
  return { netflow: writtenSections(written, 'netflow'), syslog: writtenSections(written, 'syslog') };
}

/** A collector with its figures in the shape of `status`. */
export interface RunningDatagrams {
  readonly collector: Collector;
  readonly listeners: () => ListenerStatus[];
  readonly senders: () => SenderStatus[];
}

/** Everything that receives datagrams; nothing is opened yet. The sections were validated when they were loaded. */
export function datagramCollectors(
  { netflow, syslog }: DatagramSections,
  context: CollectorContext<TelemetryEvent>,
): RunningDatagrams[] {
  const flow = netflow.map((section) => {
    const collector = new NetflowCollector(COLLECTORS.netflow.config.parse(section), context);
    return running('netflow', 'flow', collector, () => collector.stats());
  });
  const log = syslog.map((section) => {
    const settings = { ...COLLECTORS.syslog.config.parse(section), tcp: [], tls: undefined };
    const collector = new SyslogCollector(settings, context);
    return running('syslog', 'syslog', collector, () => collector.stats().udp);
  });
  return [...flow, ...log];
}

function running(
  protocol: string,
  format: string,
  collector: Collector,
  stats: () => readonly UdpListenerStats[],
): RunningDatagrams {
  return {
    collector,
    listeners: () => stats().map((one) => listenerStatus(protocol, one)),
    senders: () => stats().flatMap(({ senders }) => senders.map((sender) => senderStatus(format, sender))),
  };
}

function listenerStatus(protocol: string, stats: UdpListenerStats): ListenerStatus {
  return {
    address: stats.listener,
    protocol,
    received: stats.received,
    bytes: stats.receivedBytes,
    refused: stats.refused,
    queueDropped: stats.dropped,
    kernelDropped: stats.kernelDrops ?? null,
    bufferBytes: stats.buffer.effectiveBytes,
    bufferWanted: stats.buffer.requestedBytes,
  };
}
