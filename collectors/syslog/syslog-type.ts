import type { CollectorType, ProbeFinding } from '../contract';
import { SyslogCollector, type SyslogEvent } from './syslog-collector';
import { syslogConfig, type SyslogSettings } from './syslog-config';

/** Declares the syslog receiver. */
export const syslogType: CollectorType<SyslogSettings, SyslogEvent, SyslogCollector> = {
  type: 'syslog',
  stability: 'beta',
  summary: 'Receives syslog over UDP, TCP (octet counting and lines) and TLS with client certificates.',
  config: syslogConfig,
  example: `udp: ["*:5514"]
tcp: ["*:5514"]
tls:
  listen: ["*:6514"]
  cert: /etc/ascribe/tls/cert.pem
  key: /etc/ascribe/tls/key.pem
  ca: /etc/ascribe/tls/ca.pem
  clients: ["*.example.com"]
allow: ["192.0.2.0/24", "2001:db8::/32"]
`,
  create: (settings, context) => new SyslogCollector(settings, context),
  probe,
};

/** Opens the listeners, reads buffers and certificates, closes. */
async function probe(settings: SyslogSettings, signal: AbortSignal): Promise<readonly ProbeFinding[]> {
  const findings: ProbeFinding[] = [];
  const collector = new SyslogCollector(settings, {
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

function findingOf(event: SyslogEvent): readonly ProbeFinding[] {
  switch (event.kind) {
    case 'udp_listening':
    case 'stream_listening':
      return [{ severity: 'ok', text: `${event.listener} can be opened` }];
    case 'udp_buffer_clamped': {
      const { requestedBytes, effectiveBytes } = event.buffer;
      const text = `${event.listener}: receive buffer is ${effectiveBytes} bytes, not ${requestedBytes}; set ${event.sysctl}=${requestedBytes}`;
      return [{ severity: 'warning', text }];
    }
    case 'udp_family_missing':
    case 'stream_family_missing':
      return [{ severity: 'warning', text: `${event.address} is left out: this host lacks that address family` }];
    case 'udp_socket_error':
    case 'stream_server_error':
      return [{ severity: 'error', text: `${event.listener}: ${event.error.message}` }];
    // Of traffic that came while the listeners were open: nothing to say about the configuration.
    case 'udp_refused':
    case 'udp_queue_full':
    case 'stream_refused':
    case 'stream_broken':
    case 'stream_idle':
    case 'stream_tls_on_plain':
    case 'stream_plain_on_tls':
    case 'stream_tls_failed':
    case 'stream_tls_denied':
    case 'stream_truncated':
    case 'stream_paused':
    case 'stream_undelivered':
    case 'stream_tls_reloaded':
      return [];
  }
}
