import fc from 'fast-check';
import type { FieldValue, ForwardRecord } from '../../forwarders/contract';

/** What devices may put into any text: separators and escapes of every format, controls, and what Unicode has to trick with. */
export const HOSTILE: readonly string[] = [
  '',
  '|',
  '\\',
  '=',
  '\\|',
  '\\=',
  '\\n',
  'a=b c=d',
  ' src=10.9.9.9 dst=10.9.9.8 ',
  'CEF:0|x|y|z|1|n|10|src=1.2.3.4',
  'LEEF:2.0|a|b|c|d|^|x=y',
  'line one\nline two',
  'carriage\rreturn',
  'both\r\n',
  '\t',
  'tab\tsrc=10.9.9.9',
  '^',
  '\u0000',
  'nul\u0000byte',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u009b31m',
  '\u007f\b\b\b',
  '\u202egnp.exe',
  '\u2066isolate\u2069',
  '\u200b\u200d\ufeff',
  '\u2028\u2029',
  '\ud800',
  '\udc00tail',
  'pair \ud83d\ude00 end',
  '"',
  '"}],"x":{"',
  "'; DROP TABLE session_row; --",
  '=cmd|calc!A0',
  '__proto__',
  '<134>1 2026-01-01T00:00:00Z h a - - - forged',
  ']',
  '{"index":{}}\n{"forged":true}',
  'é'.repeat(700),
  '\\'.repeat(99),
];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('|', '\\', '=', '\n', '\r', '\t', ' ', 'a', '^', '\u0000', '\u202e', '\ud800') }),
);

/** A network record as the session kind makes it, with texts put in where devices supply them. */
export function sessionLike(
  fields: Readonly<Record<string, FieldValue>> = {},
  over: Partial<ForwardRecord> = {},
): ForwardRecord {
  return {
    uid: '0123456789abcdef0123456789abcdef',
    revision: 42,
    kind: 'sessions',
    time: Date.UTC(2026, 10, 24, 2, 10, 0, 250),
    severity: 'info',
    ref: 's1',
    fields: {
      'event.kind': 'event',
      'event.category': ['network'],
      'event.type': ['connection', 'end'],
      'event.action': 'session-ended',
      'event.start': '2026-11-24T02:09:00.000Z',
      'event.end': '2026-11-24T02:10:00.250Z',
      'event.duration': 60_250_000_000,
      'source.ip': '10.1.2.3',
      'source.port': 50_123,
      'source.nat.ip': '198.51.100.7',
      'source.nat.port': 4711,
      'source.bytes': 1200,
      'destination.ip': '203.0.113.9',
      'destination.port': 443,
      'destination.bytes': 9000,
      'network.iana_number': '6',
      'network.transport': 'tcp',
      'network.type': 'ipv4',
      'network.direction': 'outbound',
      'network.bytes': 10_200,
      'ascribe.session.id': 'abc',
      'ascribe.encrypted': 'yes',
      'ascribe.direction_source': 'first_packet',
      'related.ip': ['10.1.2.3', '203.0.113.9'],
      ...fields,
    },
    ...over,
  };
}

/** A login as the event kind makes it. */
export function eventLike(
  fields: Readonly<Record<string, FieldValue>> = {},
  over: Partial<ForwardRecord> = {},
): ForwardRecord {
  return {
    uid: 'fedcba9876543210fedcba9876543210',
    kind: 'events',
    time: Date.UTC(2026, 10, 24, 2, 10, 0),
    severity: 'medium',
    ref: '2026-11-24T02-000/7',
    fields: {
      'event.kind': 'event',
      'event.category': ['authentication'],
      'event.type': ['start'],
      'event.action': 'login',
      'event.outcome': 'failure',
      'event.code': '605004',
      'event.severity': 4,
      'user.name': 'admin',
      'source.ip': '192.0.2.9',
      'observer.name': 'edge-1',
      message: 'Login denied',
      'ascribe.raw_seq': 17,
      ...fields,
    },
    ...over,
  };
}

/** A detection as the finding kind will make it. */
export function findingLike(fields: Readonly<Record<string, FieldValue>> = {}): ForwardRecord {
  return sessionLike(
    {
      'event.kind': 'alert',
      'event.category': ['intrusion_detection'],
      'event.action': 'finding-new',
      'rule.id': 'beacon',
      'rule.name': 'Regular sessions to one place',
      'threat.technique.id': ['T1071', 'T1095'],
      'threat.technique.subtechnique.id': ['T1071.001', 'T1071.004'],
      'ascribe.finding.id': 'f-1',
      'ascribe.finding.confidence': 0.8,
      message: 'every 60 s for 2 h',
      ...fields,
    },
    { kind: 'findings', severity: 'high' },
  );
}
