import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { factOfRow, type FactKind } from '../../../cli/commands/fact-of-row';
import type { Fact } from '../../../normalizer/model/facts';
import { FactsReader } from '../../../store/facts/facts-reader';
import { narrowed } from '../../../store/queries/sessions';
import { fact, T, writeSegment } from './facts-site';

const root = mkdtempSync(join(tmpdir(), 'ascribe-rows-'));
afterAll(() => rmSync(root, { recursive: true }));

const FACTS: readonly Fact[] = [
  fact(0, 'fw1', {
    fact: 'session_log',
    action: 'end',
    outcome: 'success',
    directionSource: 'stated',
    source: { ip: '10.0.0.5', port: 1, natIp: '192.0.2.1', natPort: 2, bytes: 2n ** 62n, packets: 3n, user: 'u' },
    destination: { ip: '2001:db8::1', port: 443, mac: 'm', domain: 'd' },
    protocol: 6,
    bytes: 5n,
    packets: 6n,
    start: T,
    end: T + 1,
    durationNs: 7n,
    ruleName: 'r',
    ruleId: '8',
    ingressInterface: 'in',
    egressInterface: 'out',
    ingressZone: 'a',
    egressZone: 'b',
    user: 'v',
    application: 'ssl',
    sessionKey: 'k',
    code: 'c',
    reason: 'x',
    icmpType: 8,
    icmpCode: 0,
    extra: { 'tls.version': '1.3' },
  }),
  fact(0, 'fw1', { fact: 'session_log', action: 'denied', directionSource: 'unknown', source: {}, destination: {} }),
  fact(1, 'fw1', {
    fact: 'binding',
    relation: 'nat',
    key: 'k',
    value: 'v',
    state: 'begin',
    validUntil: T,
    extra: { a: 1 },
  }),
  fact(2, 'fw1', {
    fact: 'event',
    category: 'authentication',
    action: 'login',
    outcome: 'failure',
    code: 'c',
    severity: 4,
    user: 'u',
    sourceIp: '10.0.0.9',
    sourcePort: 22,
    process: 'sshd',
    command: 'show',
    message: 'm',
    extra: { b: 'c' },
  }),
  fact(3, 'fw1', { fact: 'inventory', kind: 'vm', id: 'i', name: 'n', extra: { c: 1 } }),
  fact(4, 'fw1', { fact: 'config_line', configVersion: 'v', lineNumber: 1, text: 't', kind: 'acl' }),
  fact(5, 'fw1', { fact: 'gap', kind: 'sequence', missing: 9n, unit: 'packets', detail: 'd' }),
  fact(6, 'fw1', { fact: 'rejected', reason: 'r', offset: 1, detail: 'd' }),
  { ...fact(7, 'fw1', { fact: 'rejected', reason: 'r' }), syslog: { facility: 4, severity: 2, hostname: 'h' } },
];

test('every fact comes back from its row as it was made', () => {
  const segment = writeSegment(
    join(root, 'data'),
    '2026-11-24T01-000',
    FACTS.map((made) => ({ fact: made })),
  );
  segment.close();
  const reader = new FactsReader(segment.path);
  const kinds: FactKind[] = ['session_log', 'binding', 'event', 'inventory', 'config_line', 'gap', 'rejected'];
  const read = kinds.flatMap((kind) => reader.rowsAfter(kind, 0, 100).map((row) => factOfRow(kind, narrowed(row))));
  reader.close();
  expect(read).toEqual(FACTS);
});
