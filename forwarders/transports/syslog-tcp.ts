import { z } from 'zod';
import type { TransportType } from '../contract';
import { streamKeys, type StreamSettings, SyslogStream } from './syslog-stream';

/** RFC 5424 over TCP (RFC 6587). */
export const syslogTcpType: TransportType<StreamSettings> = {
  type: 'syslog_tcp',
  stability: 'beta',
  summary: 'Syslog (RFC 5424) over TCP. Best effort: the receiver never says what it has.',
  delivery: 'best_effort',
  media: ['json', 'text'],
  config: z.strictObject(streamKeys),
  limits: () => ({ records: 2000, bytes: 1 << 20, envelope: 160, waitMs: 0 }),
  create: (settings, context) => new SyslogStream(settings, context, () => undefined),
};
