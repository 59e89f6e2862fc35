import type { Collector, CollectorContext, RawFormat } from '../../collectors/contract';
import { AllowList } from '../../collectors/udp/allow-list';
import type { UdpEvent } from '../../collectors/udp/udp-events';
import { UDP_DEFAULTS, UdpListener, type UdpListenerStats } from '../../collectors/udp/udp-listener';
import type { ListenAddress } from '../config/listen';
import type { Config } from '../config/schema';
import type { ListenerStatus } from '../telemetry/daemon-status';
import type { SenderStatus } from './receiver-thread';

/** A UDP listener as the configuration wants it; plain data, so that it can be handed to a thread. */
export interface DatagramListener {
  readonly collector: string;
  readonly format: RawFormat;
  readonly listen: readonly ListenAddress[];
  readonly receiveBufferBytes: number;
  /** Networks; empty: everyone. */
  readonly allow: readonly string[];
}

/** Every UDP listener of the configuration. */
export function datagramListeners({ collectors }: Config): DatagramListener[] {
  const of = (collector: string, format: RawFormat, entries: Config['collectors']['netflow']): DatagramListener[] =>
    entries.flatMap(({ listen, receive_buffer: receiveBufferBytes, allow }) => {
      const datagrams = listen.filter(({ protocol }) => protocol === 'udp');
      if (datagrams.length === 0) return [];
      return [{ collector, format, listen: datagrams, receiveBufferBytes, allow: allow.map(({ text }) => text) }];
    });
  return [...of('netflow', 'flow', collectors.netflow), ...of('syslog', 'syslog', collectors.syslog)];
}

/** A collector with its figures in the shape of `status`. */
export interface RunningDatagrams {
  readonly collector: Collector;
  readonly listeners: () => ListenerStatus[];
  readonly senders: () => SenderStatus[];
}

/** Makes the collectors; nothing is opened yet. */
export function datagramCollectors(
  listeners: readonly DatagramListener[],
  context: CollectorContext<UdpEvent>,
): RunningDatagrams[] {
  return listeners.map(({ allow, ...settings }) => {
    const list = allow.length === 0 ? AllowList.everyone : AllowList.parse(allow);
    const collector = new UdpListener({ ...UDP_DEFAULTS, ...settings, allow: list }, context);
    return {
      collector,
      listeners: () => collector.stats().map((stats) => listenerStatus(settings.collector, stats)),
      senders: () =>
        collector.stats().flatMap(({ senders }) => senders.map((sender) => senderStatus(settings.format, sender))),
    };
  });
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

function senderStatus(format: RawFormat, sender: UdpListenerStats['senders'][number]): SenderStatus {
  return {
    peer: sender.address,
    format,
    datagrams: sender.datagrams,
    bytes: sender.bytes,
    firstSeen: sender.firstSeen,
    lastSeen: sender.lastSeen,
  };
}
