import type { CollectorType, ProbeFinding } from '../contract';
import type { UdpEvent } from '../udp/udp-events';
import { NetflowCollector } from './netflow-collector';
import { netflowConfig, type NetflowSettings } from './netflow-config';

/** Declares the flow receiver. */
export const netflowType: CollectorType<NetflowSettings, UdpEvent, NetflowCollector> = {
  type: 'netflow',
  stability: 'beta',
  summary: 'Receives NetFlow v5 and v9, IPFIX and sFlow over UDP.',
  config: netflowConfig,
  example: `listen: ["*:2055"]
allow: ["192.0.2.0/24", "2001:db8::/32"]
receive_buffer: 16MiB
`,
  create: (settings, context) => new NetflowCollector(settings, context),
  probe,
};

/** Opens the sockets, reads the buffers back, closes. A running daemon makes it report the port as in use, truthfully. */
async function probe(settings: NetflowSettings, signal: AbortSignal): Promise<readonly ProbeFinding[]> {
  const findings: ProbeFinding[] = [];
  const collector = new NetflowCollector(settings, {
    offer: (batch) => batch.length,
    emit: (event) => findings.push(...findingOf(event)),
    now: () => 0,
  });
  try {
    signal.throwIfAborted();
    await collector.start();
  } catch (error) {
    findings.push({ severity: 'error', text: (error as Error).message });
  } finally {
    await collector.stop();
  }
  return findings;
}

function findingOf(event: UdpEvent): readonly ProbeFinding[] {
  switch (event.kind) {
    case 'udp_listening':
      return [{ severity: 'ok', text: `${event.listener} can be opened` }];
    case 'udp_buffer_clamped': {
      const { requestedBytes, effectiveBytes } = event.buffer;
      const text = `${event.listener}: receive buffer is ${effectiveBytes} bytes, not ${requestedBytes}; set ${event.sysctl}=${requestedBytes}`;
      return [{ severity: 'warning', text }];
    }
    case 'udp_family_missing':
      return [{ severity: 'warning', text: `${event.address} is left out: this host lacks that address family` }];
    case 'udp_socket_error':
      return [{ severity: 'error', text: `${event.listener}: ${event.error.message}` }];
    case 'udp_refused':
    case 'udp_queue_full':
      return [];
  }
}
