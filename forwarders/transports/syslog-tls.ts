import { z } from 'zod';
import type { TransportType } from '../contract';
import { tls, type TlsSettings } from './settings';
import { streamKeys, type StreamSettings, SyslogStream } from './syslog-stream';
import { tlsOptions } from './tls-options';

interface Settings extends StreamSettings {
  readonly tls?: TlsSettings | undefined;
}

/** RFC 5424 over TLS (RFC 5425), with a client certificate where one is given. */
export const syslogTlsType: TransportType<Settings> = {
  type: 'syslog_tls',
  stability: 'beta',
  summary: 'Syslog (RFC 5424) over TLS (RFC 5425), also mutual. Best effort: the receiver never says what it has.',
  delivery: 'best_effort',
  media: ['json', 'text'],
  config: z.strictObject({ ...streamKeys, tls: tls.optional() }),
  limits: () => ({ records: 2000, bytes: 1 << 20, envelope: 160, waitMs: 0 }),
  create: (settings, context) => new SyslogStream(settings, context, () => tlsOptions(settings.tls, context)),
};
