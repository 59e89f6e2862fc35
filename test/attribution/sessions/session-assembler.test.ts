import type { SessionRecord } from '../../../store/analysis/session-record';
import type { FlowRow } from '../../../store/facts/facts-reader';
import { SessionAssembler } from '../../../attribution/sessions/session-assembler';
import { DEFAULT_SESSION_RULES, type SessionRules } from '../../../attribution/sessions/session-rules';
import { flowRow, hex, replyRow, T0 } from './flow-row';

const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;
const FULL = FIN | SYN | ACK | 0x08;
const S = 1000;

/** A row that lets the exporter be known before the flows under test. */
const heard = flowRow({
  id: 999_999,
  src: '10.9.9.9',
  dst: '10.9.9.8',
  protocol: 1,
  start: T0 - 3600 * S,
  receivedAt: T0 - 3600 * S,
});

function assemble(rows: readonly FlowRow[], rules: Partial<SessionRules> = {}): SessionRecord[] {
  const assembler = new SessionAssembler({ ...DEFAULT_SESSION_RULES, ...rules });
  for (const row of rows) assembler.add(row, 'segment');
  const records = assembler.take().sessions.map(({ record }) => record);
  return records.sort((left, right) => left.num - right.num);
}

function one(rows: readonly FlowRow[], rules: Partial<SessionRules> = {}): SessionRecord {
  const sessions = assemble(rows, rules);
  expect(sessions).toHaveLength(1);
  return sessions[0]!;
}

const initiatorOf = (session: SessionRecord): string => (session.initiator === 'a' ? session.a : session.b);
const sent = (session: SessionRecord): unknown[] =>
  session.initiator === 'a' ? [session.fromA.bytes, session.fromB.bytes] : [session.fromB.bytes, session.fromA.bytes];

describe('one session or two', () => {
  const continued = { start: T0 + 60 * S, end: T0 + 120 * S };
  test.each<[string, FlowRow[], number]>([
    ['both directions', [flowRow(), replyRow()], 1],
    ['another source port', [flowRow(), flowRow({ srcPort: 50_001 })], 2],
    ['another protocol', [flowRow(), flowRow({ protocol: 17 })], 2],
    ['another scope', [flowRow(), flowRow({ exporter: '192.0.2.99' })], 2],
    ['active-timeout slices', [flowRow({ end: T0 + 60 * S }), flowRow(continued)], 1],
    ['slices the wrong way round', [flowRow(continued), flowRow({ end: T0 + 60 * S })], 1],
    [
      'two whole connections in the same second, told the wrong way round',
      [
        flowRow({ tcpFlags: FULL, start: T0 + 400, end: T0 + 900 }),
        flowRow({ tcpFlags: FULL, start: T0, end: T0 + 300 }),
      ],
      2,
    ],
    ['a pause of 300 s without flags', [flowRow(), flowRow({ start: T0 + 310 * S })], 1],
    ['a longer pause without flags', [flowRow(), flowRow({ start: T0 + 311 * S })], 2],
    [
      'a pause of 50 min, no SYN after it',
      [flowRow({ tcpFlags: ACK }), flowRow({ tcpFlags: ACK, start: T0 + 3000 * S })],
      1,
    ],
    [
      'a pause of 2 h, no SYN after it',
      [flowRow({ tcpFlags: ACK }), flowRow({ tcpFlags: ACK, start: T0 + 7200 * S })],
      2,
    ],
    ['a pause of 3 min in UDP', [flowRow({ protocol: 17 }), flowRow({ protocol: 17, start: T0 + 190 * S })], 1],
    ['a longer pause in UDP', [flowRow({ protocol: 17 }), flowRow({ protocol: 17, start: T0 + 191 * S })], 2],
    [
      'FIN, then SYN on the same ports at once',
      [flowRow({ tcpFlags: FULL }), flowRow({ tcpFlags: FULL, start: T0 + 10_002 })],
      2,
    ],
    ['RST, then SYN', [flowRow({ tcpFlags: SYN | RST }), flowRow({ tcpFlags: SYN, start: T0 + 11 * S })], 2],
    ['FIN, then a late ACK', [flowRow({ tcpFlags: FULL }), flowRow({ tcpFlags: ACK, start: T0 + 20 * S })], 1],
    [
      'end of flow told, then another record without flags',
      [flowRow({ endReason: 3 }), flowRow({ start: T0 + 20 * S })],
      2,
    ],
    ['active timeout told, then another record', [flowRow({ endReason: 2 }), flowRow({ start: T0 + 11 * S })], 1],
    [
      'a SYN long after a connection that was under way',
      [flowRow({ tcpFlags: SYN | ACK }), flowRow({ tcpFlags: SYN, start: T0 + 60 * S })],
      2,
    ],
    ['a SYN repeated without answer', [flowRow({ tcpFlags: SYN }), flowRow({ tcpFlags: SYN, start: T0 + 60 * S })], 1],
    [
      'contiguous slices of an exporter that keeps the SYN flag',
      [flowRow({ tcpFlags: SYN | ACK }), flowRow({ tcpFlags: SYN | ACK, start: T0 + 12 * S })],
      1,
    ],
    [
      'an earlier connection told late',
      [flowRow({ tcpFlags: FULL, start: T0 + 60 * S }), flowRow({ tcpFlags: FULL })],
      2,
    ],
    ['ICMP by type', [flowRow({ protocol: 1, dstPort: 2048 }), replyRow({ protocol: 1, srcPort: 0, dstPort: 0 })], 1],
    [
      'a denied attempt, then an allowed one',
      [
        flowRow({ firewallEvent: 3, connectionId: '1' }),
        flowRow({ firewallEvent: 1, connectionId: '2', start: T0 + 20 * S }),
      ],
      2,
    ],
  ])('%s', (_name, rows, count) => {
    const scopeOf = (exporter: string): string => (exporter === '192.0.2.99' ? 'other' : '');
    expect(assemble(rows, { scopeOf })).toHaveLength(count);
  });

  test('replies of a port used again find their own connection', () => {
    const again = { start: T0 + 30 * S, end: T0 + 35 * S, tcpFlags: FULL };
    const sessions = assemble([
      flowRow({ tcpFlags: FULL, bytes: 1 }),
      flowRow({ ...again, bytes: 2 }),
      replyRow({ tcpFlags: FULL, start: T0 + 1, bytes: 10 }),
      replyRow({ ...again, bytes: 20 }),
    ]);
    expect(sessions.map((session) => sent(session))).toEqual([
      [1, 10],
      [2, 20],
    ]);
  });

  test('a second exporter with a clock 30 s ahead does not split or mix two uses of a port', () => {
    const at = (second: number, bytes: number, exporter: string): FlowRow =>
      flowRow({ exporter, bytes, tcpFlags: FULL, start: T0 + second * S, end: T0 + (second + 5) * S });
    const sessions = assemble([
      at(0, 1, '192.0.2.1'),
      at(30, 1, '192.0.2.2'),
      at(30, 2, '192.0.2.1'),
      at(60, 2, '192.0.2.2'),
    ]);
    expect(sessions.map(({ observers }) => observers.map(({ exporter, bytes }) => [exporter, bytes]))).toEqual([
      [
        ['192.0.2.1', 1],
        ['192.0.2.2', 1],
      ],
      [
        ['192.0.2.1', 2],
        ['192.0.2.2', 2],
      ],
    ]);
  });

  test('rows without both addresses or protocol are no session', () => {
    const assembler = new SessionAssembler(DEFAULT_SESSION_RULES);
    expect(assembler.add(flowRow({ dst: null }), 's')).toBe(false);
    expect(assembler.add(flowRow({ protocol: null }), 's')).toBe(false);
    expect(assembler.take()).toMatchObject({ sessions: [], rows: 2, started: 0 });
  });
});

describe('totals', () => {
  test('slices add up, directions stay apart', () => {
    const session = one([
      flowRow({ bytes: 100, packets: 1, end: T0 + 60 * S }),
      replyRow({ bytes: 7, packets: 2, end: T0 + 60 * S }),
      flowRow({ bytes: 10, packets: 3, start: T0 + 60 * S, end: T0 + 90 * S }),
    ]);
    expect(sent(session)).toEqual([110, 7]);
    expect(session).toMatchObject({ start: T0, end: T0 + 90 * S, slices: 3, sampling: 'none' });
    expect(session.fromA.bytesEstimate).toBeNull();
  });

  test('copies of several exporters are observers; the best counts for each direction', () => {
    const session = one([
      flowRow({ bytes: 100 }),
      flowRow({ bytes: 120, exporter: '192.0.2.2' }),
      replyRow({ bytes: 50 }),
      replyRow({ bytes: 40, exporter: '192.0.2.2' }),
    ]);
    expect(sent(session)).toEqual([120, 50]);
    expect(session.observers.map(({ exporter, bytes, counted }) => [exporter, bytes, counted])).toEqual([
      ['192.0.2.1', 100, false],
      ['192.0.2.2', 120, true],
      ['192.0.2.1', 50, true],
      ['192.0.2.2', 40, false],
    ]);
  });

  test.each<[string, Partial<FlowRow>, number]>([
    ['ingress and egress metering of one exporter', { flowDirection: 1, bytes: 90 }, 100],
    ['two domains of one address', { domain: 7, bytes: 200 }, 200],
    ['two interfaces at the same time', { inIf: 9, bytes: 90 }, 100],
    ['a path that changed to another interface', { inIf: 9, bytes: 90, start: T0 + 20 * S }, 190],
  ])('%s', (_name, values, bytes) => {
    expect(sent(one([flowRow({ bytes: 100 }), flowRow(values)]))).toEqual([bytes, null]);
  });

  test('an unsampled observer wins over a sampled one, raw and estimate stay apart', () => {
    const sampled = { exporter: '192.0.2.2', samplingRate: 100, samplingSource: 2, bytes: 500 };
    expect(one([flowRow(sampled)])).toMatchObject({
      sampling: 'sampled',
      fromA: { bytes: 500, bytesEstimate: 50_000, packets: 10, packetsEstimate: 1000 },
    });
    const session = one([flowRow(sampled), flowRow({ bytes: 42_000 })]);
    expect(session).toMatchObject({ sampling: 'none', fromA: { bytes: 42_000, bytesEstimate: null } });
  });

  test('counters that are estimates already are not multiplied', () => {
    const session = one([flowRow({ samplingRate: 100, samplingSource: 5, bytes: 1025 })]);
    expect(session).toMatchObject({ sampling: 'prescaled', fromA: { bytes: 1025, bytesEstimate: 1025 } });
  });

  test.each<[string, FlowRow[], unknown]>([
    ['beyond 2^53', [flowRow({ bytes: '9007199254740993' })], 9007199254740993n],
    ['a sum beyond 2^53', [flowRow({ bytes: 9007199254740991 }), flowRow({ bytes: 2 })], 9007199254740993n],
    [
      'a sum beyond 2^63 stays at the most that a column holds',
      [flowRow({ bytes: '18446744073709551615' }), flowRow({ bytes: 1 })],
      2n ** 63n - 1n,
    ],
    ['not counted', [flowRow({ bytes: null })], null],
  ])('%s', (_name, rows, bytes) => expect(one(rows).fromA.bytes).toBe(bytes));

  test('a biflow row fills both directions and states who began', () => {
    const session = one([replyRow({ bytes: 5, packets: 1, replyBytes: 7, replyPackets: 2, biflowDirection: 2 })]);
    expect(session).toMatchObject({ directionSource: 'stated', slices: 1 });
    expect(initiatorOf(session)).toBe(hex('10.0.0.5'));
    expect(sent(session)).toEqual([7, 5]);
  });
});

describe('flags of a row that tells both directions', () => {
  test.each<[string, Partial<FlowRow>, unknown[]]>([
    ['told apart', { tcpFlags: SYN, replyTcpFlags: RST | ACK }, [SYN, RST | ACK]],
    ['together', { tcpFlags: FULL }, [null, null]],
  ])('%s', (_name, values, flags) => {
    const session = one([flowRow({ ...values, replyBytes: 1, replyPackets: 1 })]);
    expect(session.a === hex('10.0.0.5') ? [session.tcpFlagsA, session.tcpFlagsB] : []).toEqual(flags);
  });
});

describe('NSEL', () => {
  const event = (firewallEvent: number, bytes: number, replyBytes: number, second = 0): FlowRow =>
    flowRow({
      firewallEvent,
      bytes,
      replyBytes,
      replyPackets: null,
      packets: null,
      connectionId: '77',
      start: T0 + second * S,
      end: T0 + second * S,
    });
  test.each<[string, FlowRow[], unknown[]]>([
    [
      'create, update, teardown: the teardown states the total',
      [event(1, 0, 0), event(5, 10, 20, 60), event(2, 15, 27, 90)],
      [15, 27],
    ],
    ['updates add up until the teardown', [event(1, 0, 0), event(5, 10, 20, 60), event(5, 3, 4, 120)], [13, 24]],
    ['a teardown alone', [event(2, 763, 0)], [763, 0]],
    ['an update that comes after the teardown', [event(1, 0, 0), event(2, 15, 27, 90), event(5, 10, 20, 60)], [15, 27]],
    ['a teardown hours after the update', [event(5, 10, 20), event(2, 15, 27, 3000)], [15, 27]],
  ])('%s', (_name, rows, bytes) => {
    const session = one(rows);
    expect(sent(session)).toEqual(bytes);
    expect(session.directionSource).toBe('stated');
  });

  test('counts that hold only what was not counted before are summed in any order', () => {
    const rows = [event(5, 10, 20), event(2, 5, 7, 90), event(5, 0, 0, 60), event(5, 1, 1, 95)];
    expect(sent(one(rows.map((row) => Object.assign(row, { summable: 1 }))))).toEqual([16, 28]);
  });

  test('two connection ids on one 5-tuple are two sessions', () => {
    expect(assemble([event(2, 1, 1), { ...event(2, 2, 2), connectionId: '78' }])).toHaveLength(2);
  });

  test('an event without a connection id is of one direction: it states neither initiator nor total', () => {
    const rows = [
      replyRow({ firewallEvent: 5, bytes: 3 }),
      replyRow({ firewallEvent: 2, bytes: 4 }),
      flowRow({ firewallEvent: 2 }),
    ];
    expect(one(rows)).toMatchObject({ directionSource: 'port', state: 'ended', endSource: 'teardown' });
    expect(sent(one(rows))).toEqual([1000, 7]);
  });

  test('flow ids of records that are no firewall events do not part the directions', () => {
    expect(assemble([flowRow({ connectionId: '1' }), replyRow({ connectionId: '2' })])).toHaveLength(1);
  });

  test('a refused one is denied and not encrypted', () => {
    expect(one([event(3, 0, 0)])).toMatchObject({ state: 'denied', encrypted: 'unknown', encryptedBy: 'no_data' });
  });
});

describe('direction', () => {
  const high = { srcPort: 50_000, dstPort: 50_001 };
  const highReply = { srcPort: 50_001, dstPort: 50_000 };
  const later = { start: T0 + 5 };
  test.each<[string, FlowRow[], string, string, boolean]>([
    [
      'the first packet, both directions seen, SYN',
      [replyRow({ ...highReply, ...later, tcpFlags: FULL }), flowRow({ ...high, tcpFlags: FULL })],
      '10.0.0.5',
      'first_packet',
      false,
    ],
    [
      'the first packet of UDP after the exporter was first heard',
      [replyRow({ ...highReply, ...later, protocol: 17 }), flowRow({ ...high, protocol: 17 })],
      '10.0.0.5',
      'first_packet',
      false,
    ],
    [
      'a lead of 1 ms is a tie',
      [replyRow({ ...highReply, start: T0 + 1, tcpFlags: FULL }), flowRow({ ...high, tcpFlags: FULL })],
      '198.51.100.7',
      'unknown',
      false,
    ],
    [
      'picked up in the middle: no SYN',
      [replyRow({ ...highReply, tcpFlags: ACK }), flowRow({ ...high, ...later, tcpFlags: ACK })],
      '198.51.100.7',
      'unknown',
      false,
    ],
    [
      'picked up in the middle, but a known port',
      [replyRow({ tcpFlags: ACK }), flowRow({ ...later, tcpFlags: ACK })],
      '10.0.0.5',
      'port',
      false,
    ],
    [
      'two exporters, one direction each: clocks do not compare',
      [flowRow({ ...high, ...later }), replyRow({ ...highReply, exporter: '192.0.2.2' })],
      '10.0.0.5',
      'unknown',
      false,
    ],
    ['an unanswered SYN', [flowRow({ ...high, tcpFlags: SYN })], '10.0.0.5', 'first_packet', false],
    ['one direction and a known port', [replyRow()], '10.0.0.5', 'port', false],
    [
      'a system port against a high one',
      [replyRow({ srcPort: 1023 }), flowRow({ dstPort: 1023 })],
      '10.0.0.5',
      'port',
      false,
    ],
    [
      'the first packet of a sample is any packet',
      [
        replyRow({ ...highReply, tcpFlags: FULL, samplingRate: 100 }),
        flowRow({ ...high, ...later, tcpFlags: ACK, samplingRate: 100 }),
      ],
      '198.51.100.7',
      'unknown',
      false,
    ],
    [
      'a port handed out to clients that is a service’s by chance',
      [replyRow({ protocol: 17, srcPort: 8765, dstPort: 51_820 })],
      '198.51.100.7',
      'unknown',
      false,
    ],
    ['two known ports', [replyRow({ srcPort: 53, dstPort: 123, protocol: 17 })], '198.51.100.7', 'unknown', false],
    [
      'TCP with SYN against the port',
      [replyRow({ tcpFlags: FULL }), flowRow({ ...later, tcpFlags: FULL })],
      '198.51.100.7',
      'first_packet',
      true,
    ],
    [
      'UDP against the port',
      [replyRow({ protocol: 17 }), flowRow({ ...later, protocol: 17 })],
      '10.0.0.5',
      'port',
      true,
    ],
  ])('%s', (_name, rows, initiator, source, conflict) => {
    const session = assemble([heard, ...rows])[1]!;
    expect([session.directionSource, session.directionConflict, initiatorOf(session)]).toEqual([
      source,
      conflict,
      hex(initiator),
    ]);
  });

  test('UDP that began before its exporter was heard proves nothing', () => {
    const session = one([flowRow({ ...high, protocol: 17 }), replyRow({ ...highReply, ...later, protocol: 17 })]);
    expect(session.directionSource).toBe('unknown');
  });

  test.each<[string, Partial<FlowRow>, string]>([
    ['home to abroad', {}, 'outbound'],
    ['abroad to home', { src: '203.0.113.9', dst: '10.0.0.5' }, 'inbound'],
    ['home to home', { dst: '192.168.3.4' }, 'internal'],
    ['abroad to abroad', { src: '203.0.113.9' }, 'transit'],
    ['IPv6 ULA to abroad', { src: 'fd00::1', dst: '2001:db8::1' }, 'outbound'],
    ['home to multicast', { dst: '239.1.1.1' }, 'internal'],
    ['home to abroad, initiator unknown', { dstPort: 50_001 }, 'unknown'],
    ['home to home, initiator unknown', { dst: '10.0.0.9', dstPort: 50_001 }, 'internal'],
  ])('%s', (_name, values, direction) => expect(one([flowRow(values)]).networkDirection).toBe(direction));

  test('configured home networks replace the usual ones', () => {
    expect(one([flowRow()], { homeNetworks: ['198.51.100.0/24'] }).networkDirection).toBe('inbound');
  });

  test('a home network that is none is refused', () => {
    expect(() => assemble([], { homeNetworks: ['10.0.0.0/33'] })).toThrow(
      expect.objectContaining({ code: 'home_network' }),
    );
  });
});

describe('encryption', () => {
  test.each<[string, Partial<FlowRow>, string, string, string | null]>([
    ['https', {}, 'yes', 'port:443/tcp', 'https'],
    ['QUIC', { protocol: 17 }, 'yes', 'port:443/udp', 'quic'],
    ['ssh', { dstPort: 22 }, 'yes', 'port:22/tcp', 'ssh'],
    ['http', { dstPort: 80 }, 'no', 'port:80/tcp', 'http'],
    ['smtp may switch to TLS', { dstPort: 25 }, 'unknown', 'port:25/tcp', 'smtp'],
    ['ESP', { protocol: 50 }, 'yes', 'protocol:50', 'esp'],
    ['ICMP', { protocol: 1 }, 'no', 'protocol:1', 'icmp'],
    ['a port nobody knows', { dstPort: 50_001 }, 'unknown', 'unknown_port', null],
    ['a protocol nobody knows', { protocol: 200 }, 'unknown', 'unknown_protocol', null],
    [
      'a client port that is a service',
      { srcPort: 443, dstPort: 50_001, tcpFlags: SYN },
      'unknown',
      'unknown_port',
      null,
    ],
    ['an unanswered attempt', { tcpFlags: SYN }, 'unknown', 'no_data', 'https'],
    ['an application on a port nobody knows', { dstPort: 50_001, application: 'ssl' }, 'yes', 'app:ssl', 'tls'],
    ['an application that is not what the port says', { dstPort: 80, application: 'ssl' }, 'yes', 'app:ssl', 'tls'],
    ['an application on its port', { dstPort: 636, application: 'ssl' }, 'yes', 'app:ssl', 'ldaps'],
    ['a name with a part behind a dot', { dstPort: 8080, application: 'HTTPS.BROWSER' }, 'yes', 'app:https', 'tls'],
    ['a clear application', { dstPort: 8080, application: 'web-browsing' }, 'no', 'app:web-browsing', 'http'],
    ['what a firewall found inside TLS', { application: 'web-browsing' }, 'unknown', 'app:web-browsing', 'http'],
    ['an application that may be either', { application: 'office365-base' }, 'yes', 'port:443/tcp', 'https'],
    ['an application that may switch to TLS', { application: 'smtp' }, 'unknown', 'app:smtp', 'smtp'],
    ['an application not known yet', { application: 'unknown-tcp' }, 'yes', 'port:443/tcp', 'https'],
    ['a name that is a word of the language', { application: 'constructor' }, 'yes', 'port:443/tcp', 'https'],
    ['a named attempt', { tcpFlags: SYN, application: 'ssl' }, 'unknown', 'no_data', 'https'],
    ['TLS in the first bytes', { dstPort: 8080, payload: 'tls' }, 'yes', 'eta:tls', 'tls'],
    ['HTTP in the first bytes, on 443', { payload: 'http' }, 'no', 'eta:http', 'http'],
    ['first bytes before a name', { payload: 'ssh', application: 'ssl' }, 'yes', 'eta:ssh', 'ssh'],
    ['first bytes of what looks like an attempt', { tcpFlags: SYN, payload: 'tls' }, 'yes', 'eta:tls', 'https'],
    ['first bytes nobody knows', { payload: 'gopher' }, 'yes', 'port:443/tcp', 'https'],
  ])('%s', (_name, values, encrypted, encryptedBy, service) => {
    expect(one([flowRow(values)])).toMatchObject({ encrypted, encryptedBy, service });
  });

  test.each<[string, (string | null)[], string | null, string]>([
    ['a name that comes later', [null, 'ssl'], 'ssl', 'app:ssl'],
    ['a name that tells more', ['incomplete', 'ssl', 'google-base'], 'ssl', 'app:ssl'],
    ['the first of two that tell', ['quic', 'ssl'], 'quic', 'app:quic'],
    ['the first of two that do not', ['incomplete', 'google-base'], 'incomplete', 'port:443/tcp'],
  ])('%s', (_name, names, application, encryptedBy) => {
    const rows = names.map((name, i) => flowRow({ application: name, start: T0 + i * S }));
    expect(one(rows)).toMatchObject({ application, encryptedBy });
  });

  test('the first bytes come in a record of their own', () => {
    const record = flowRow({ dstPort: 8080, bytes: null, packets: null, payload: 'tls', inIf: null, outIf: null });
    const [flow, reply] = [flowRow({ dstPort: 8080, bytes: 900 }), replyRow({ srcPort: 8080, bytes: 5000 })];
    for (const rows of [
      [record, flow, reply],
      [flow, reply, record],
    ]) {
      const session = one(rows);
      expect(session).toMatchObject({ encryptedBy: 'eta:tls', payload: 'tls', slices: 3 });
      expect(sent(session)).toEqual([900, 5000]);
    }
  });

  test.each<[string, FlowRow[], boolean | null]>([
    [
      'TLS by another name',
      [flowRow({ dstPort: 99, application: 'ssl', bytes: 399, tcpFlags: 0x1a })].concat(
        replyRow({ srcPort: 99, bytes: 2000 }),
      ),
      false,
    ],
    ['room', [flowRow({ bytes: 400 }), replyRow({ bytes: 1000 })], true],
    ['client too small', [flowRow({ bytes: 399 }), replyRow({ bytes: 1000 })], false],
    ['server too small', [flowRow({ bytes: 400 }), replyRow({ bytes: 999 })], false],
    ['one direction', [flowRow()], null],
    ['sampled', [flowRow({ samplingRate: 10 }), replyRow({ samplingRate: 10 })], null],
    ['no TLS service', [flowRow({ dstPort: 22 }), replyRow({ srcPort: 22 })], null],
  ])('handshake room: %s', (_name, rows, room) => expect(one(rows).handshakeRoom).toBe(room));
});

describe('state and end', () => {
  test.each<[string, FlowRow[], string, string]>([
    ['no end', [flowRow({ tcpFlags: SYN | ACK })], 'open', 'none'],
    ['FIN', [flowRow({ tcpFlags: FULL })], 'ended', 'fin'],
    ['RST wins over FIN', [flowRow({ tcpFlags: FULL | RST })], 'ended', 'rst'],
    ['end reason', [flowRow({ endReason: 3 })], 'ended', 'end_reason'],
    ['idle timeout is no end', [flowRow({ endReason: 1 })], 'open', 'none'],
    ['SYN without answer', [flowRow({ tcpFlags: SYN })], 'attempt', 'none'],
    ['SYN answered by RST', [flowRow({ tcpFlags: SYN }), replyRow({ tcpFlags: RST | ACK })], 'attempt', 'rst'],
    ['NAT session delete', [flowRow({ natEvent: 5, bytes: null, packets: null })], 'ended', 'teardown'],
  ])('%s', (_name, rows, state, endSource) => expect(one(rows)).toMatchObject({ state, endSource }));

  test('translations are kept at the end they belong to', () => {
    const session = one([flowRow({ natSrc: '203.0.113.1', natSrcPort: 1024 }), replyRow()]);
    const nat =
      session.a === hex('10.0.0.5')
        ? [session.natA, session.natAPort, session.natB]
        : [session.natB, session.natBPort, session.natA];
    expect(nat).toEqual([hex('203.0.113.1'), 1024, null]);
  });
});

describe('bounds', () => {
  test('the session unchanged longest is cut when there are too many, and says so', () => {
    const rows = [1, 2, 3].map((i) => flowRow({ srcPort: 50_000 + i }));
    const sessions = assemble([...rows, flowRow({ srcPort: 50_001, start: T0 + 20 * S })], { maxLive: 2 });
    expect(sessions.map(({ aPort, cut }) => [aPort, cut])).toEqual([
      [50_001, true],
      [50_002, true],
      [50_003, false],
      [50_001, false],
    ]);
  });

  test('vantage points of one session are bounded; rows of further ones stay slices', () => {
    const assembler = new SessionAssembler(DEFAULT_SESSION_RULES);
    for (let i = 0; i < 100; i++) assembler.add(flowRow({ exporter: `192.0.2.${i}`, bytes: i }), 's');
    const { sessions, slices } = assembler.take();
    expect(sessions.map(({ record }) => [record.slices, record.observers.length, record.fromA.bytes])).toEqual([
      [100, 64, 63],
    ]);
    expect(slices.filter(({ observer }) => observer === null)).toHaveLength(36);
  });

  test('ids are stable, sort by journal position and differ by content', () => {
    const [first, second] = assemble([flowRow({ id: 35 }), flowRow({ id: 36, srcPort: 7777 })]);
    expect(first!.id).toMatch(/^0000000z-0-[0-9a-f]{8}$/);
    expect(second!.id > first!.id).toBe(true);
    expect(one([flowRow({ id: 35 })]).id).toBe(first!.id);
    expect(one([flowRow({ id: 35, srcPort: 1 })]).id).not.toBe(first!.id);
  });
});
