import type { SyslogStreamEvent } from '../../collectors/syslog/stream-events';
import { formatCount } from '../output/units';
import type { EventRule } from './event-rule';

type StreamRules = {
  readonly [Kind in SyslogStreamEvent['kind']]: EventRule<Extract<SyslogStreamEvent, { kind: Kind }>>;
};

const REFUSALS = {
  not_allowed: 'not allowed to send',
  too_many: 'more connections than max_connections',
  too_many_of_peer: 'more connections than max_connections_per_peer',
} as const;

const byListener = ({ listener }: { readonly listener: string }): string => listener;
const connections = ({ connections }: { readonly connections: number }): number => connections;

/** What becomes of the events of TCP and TLS listeners. */
export const STREAM_RULES: StreamRules = {
  stream_listening: { level: 'info', message: ({ listener }) => `listening on ${listener}` },
  stream_family_missing: {
    level: 'info',
    message: ({ address, systemCode }) => `${address} left out: this host has no such address family (${systemCode})`,
  },
  stream_server_error: {
    level: 'error',
    message: ({ listener, error }) => `socket error on ${listener}: ${error.message}`,
    subject: byListener,
    counter: 'ascribe_stream_server_errors_total',
  },
  stream_refused: {
    level: 'warn',
    message: ({ listener, address, reason, connections: count }) =>
      `${formatCount(count)} connections to ${listener} refused (${REFUSALS[reason]}), the latest from ${address}`,
    subject: byListener,
    counter: 'ascribe_stream_refused_total',
    amount: connections,
    labels: ({ reason }) => ({ reason }),
  },
  stream_broken: {
    level: 'warn',
    message: ({ listener, address, systemCode, connections: count }) =>
      `${formatCount(count)} connections to ${listener} broke, the latest from ${address} (${systemCode}); what had arrived is kept`,
    subject: byListener,
    counter: 'ascribe_stream_broken_total',
    amount: connections,
  },
  stream_idle: {
    level: 'info',
    message: ({ listener, address, connections: count }) =>
      `${formatCount(count)} silent connections to ${listener} closed, the latest from ${address}`,
    subject: byListener,
  },
  stream_tls_on_plain: {
    level: 'warn',
    message: ({ listener, address }) =>
      `${address} speaks TLS to ${listener}, which is plain TCP: set it to the tls listener`,
    subject: ({ address }) => address,
    counter: 'ascribe_stream_tls_on_plain_total',
    amount: connections,
  },
  stream_plain_on_tls: {
    level: 'warn',
    message: ({ listener, address }) =>
      `${address} speaks plain text to ${listener}, which is TLS: set it to TLS or to the tcp listener`,
    subject: ({ address }) => address,
    counter: 'ascribe_stream_plain_on_tls_total',
    amount: connections,
  },
  stream_tls_failed: {
    level: 'warn',
    message: ({ listener, address, reason }) => `TLS handshake of ${address} with ${listener} failed: ${reason}`,
    subject: ({ address }) => address,
    counter: 'ascribe_stream_tls_failed_total',
    amount: connections,
  },
  stream_tls_denied: {
    level: 'warn',
    message: ({ listener, address, reason, name, fingerprint }) =>
      `the certificate "${name}" (sha256:${fingerprint}) of ${address} may not send to ${listener}: ${reason}`,
    subject: ({ address }) => address,
    counter: 'ascribe_stream_tls_denied_total',
    amount: connections,
  },
  stream_truncated: {
    level: 'error',
    message: ({ listener, address }) =>
      `messages of ${address} to ${listener} are longer than max_message and were cut`,
    subject: ({ address }) => address,
    counter: 'ascribe_stream_truncated_total',
  },
  stream_paused: {
    level: 'warn',
    message: ({ listener }) => `the queue to the journal is full: ${listener} reads no further until it has room`,
    subject: byListener,
    counter: 'ascribe_stream_paused_total',
  },
  stream_undelivered: {
    level: 'error',
    message: ({ listener, messages }) => `${formatCount(messages)} messages of ${listener} were lost at the end`,
    subject: byListener,
    counter: 'ascribe_stream_undelivered_total',
    amount: ({ messages }) => messages,
  },
  stream_tls_reloaded: { level: 'info', message: ({ certificate }) => `certificate ${certificate} read again` },
};
