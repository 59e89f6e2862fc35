import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Fact } from '../../../normalizer/model/facts';
import { FlowBatch } from '../../../normalizer/model/flow-batch';
import { FactsSegment } from '../../../store/facts/facts-segment';
import { appendRun, type FlowValues } from './flow-rows';

const T = 1_764_000_000_000;
const NAME = '2025-11-24T16-000';
let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-facts-'));
  path = join(directory, `${NAME}.db`);
});
afterEach(() => rmSync(directory, { recursive: true }));

const create = (): FactsSegment =>
  FactsSegment.create(path, { name: NAME, snapshot: Uint8Array.of(1, 2, 3), appliedSeq: 41 });

function write(segment: FactsSegment, batch: FlowBatch, appliedSeq: number): void {
  segment.begin();
  segment.applyFlows(batch);
  segment.commit(appliedSeq);
}

/** Writes the rows as one run and reads the view back, integers as bigint. */
function stored(rows: readonly FlowValues[], view = 'flow'): Record<string, unknown>[] {
  const segment = create();
  const batch = new FlowBatch(Math.max(rows.length, 1));
  appendRun(batch, { rawSeq: 42, receivedAt: T + 5 }, rows);
  write(segment, batch, 42);
  segment.close();
  return read(`SELECT * FROM ${view} ORDER BY id`);
}

function read(sql: string): Record<string, unknown>[] {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare(sql).safeIntegers().all() as Record<string, unknown>[];
  } finally {
    db.close();
  }
}

function setVersion(version: number): void {
  create().close();
  const db = new Database(path);
  db.pragma(`user_version = ${version}`);
  db.close();
}

test("what a creation that was killed left behind is in nobody's way", () => {
  writeFileSync(`${path}.tmp`, 'half of a page');
  const segment = create();
  expect(segment.appliedSeq).toBe(41);
  segment.close();
  expect(readdirSync(directory).filter((file) => file.includes('.tmp'))).toEqual([]);
});

const flow = (i: number): FlowValues => ({
  src: `10.0.0.${i % 250}`,
  dst: '2001:db8::1',
  srcPort: 1024 + i,
  dstPort: 443,
  protocol: 6,
  bytes: BigInt(1000 + i),
  packets: 3n,
  start: T + i,
  end: T + i + 7,
});

describe('flow rows', () => {
  test('a row comes back as it went in, with what its run shares', () => {
    const [row] = stored([flow(1)]);
    expect(row).toMatchObject({
      id: 1n,
      raw_seq: 42n,
      ordinal: 0n,
      exporter_ip: '192.0.2.1',
      domain: 1n,
      version: 9n,
      template_id: 256n,
      received_at: BigInt(T + 5),
      src: Buffer.of(10, 0, 0, 1),
      src_ip: '10.0.0.1',
      dst_ip: '2001:db8::1',
      src_port: 1025n,
      dst_port: 443n,
      protocol: 6n,
      bytes: 1001n,
      packets: 3n,
      start: BigInt(T + 1),
      end: BigInt(T + 8),
      start_us: null,
      tcp_flags: null,
      extra: null,
    });
  });

  test('buffers used again leave no row with the address of another', () => {
    const rows = stored(Array.from({ length: 100 }, (_, i) => flow(i)));
    expect(rows.map((row) => row['src_ip'])).toEqual(Array.from({ length: 100 }, (_, i) => `10.0.0.${i % 250}`));
    expect(rows.map((row) => row['ordinal'])).toEqual(Array.from({ length: 100 }, (_, i) => BigInt(i)));
  });

  test.each<[string, FlowValues, Record<string, unknown>]>([
    ['2^31', { bytes: 2n ** 31n }, { bytes: 2n ** 31n, extra: null }],
    ['2^53 - 1', { bytes: 2n ** 53n - 1n }, { bytes: 2n ** 53n - 1n, extra: null }],
    ['2^53 + 1', { bytes: 2n ** 53n + 1n }, { bytes: 2n ** 53n + 1n, extra: null }],
    ['2^63 - 1', { bytes: 2n ** 63n - 1n }, { bytes: 2n ** 63n - 1n, extra: null }],
    ['2^63', { bytes: 2n ** 63n }, { bytes: null, extra: '{"overflow":{"bytes":"9223372036854775808"}}' }],
    [
      '2^64 - 1 beside another element without a column',
      { bytes: 2n ** 64n - 1n, packets: 2n ** 64n - 1n, extra: { '9/77': 'ab' } },
      {
        bytes: null,
        packets: null,
        extra: '{"9/77":"ab","overflow":{"bytes":"18446744073709551615","packets":"18446744073709551615"}}',
      },
    ],
    ['a connection id of 2^64 - 1', { connectionId: 2n ** 64n - 1n }, { connection_id: -1n, extra: null }],
    ['an application id of 2^32 - 1', { application: 2 ** 32 - 1 }, { application: 2n ** 32n - 1n }],
    ['a MAC', { srcMac: 0x0050569a1b2c }, { src_mac: 0x0050569a1b2cn, src_mac_text: '00:50:56:9a:1b:2c' }],
    [
      'microseconds',
      { start: T + 0.25, end: T + 1 },
      { start: BigInt(T), start_us: 250n, end: BigInt(T + 1), end_us: 0n },
    ],
    ['999.7 microseconds', { start: T + 0.9997 }, { start: BigInt(T + 1), start_us: 0n }],
    ['no time', { start: Number.NaN }, { start: null }],
    ['a time beyond integers', { start: 1.8e19 }, { start: null }],
    ['a time before 1970', { start: -1.5 }, { start: -2n, start_us: 500n }],
    ['an absent address', { src: undefined as unknown as string, dst: '10.0.0.1' }, { src: null, dst_ip: '10.0.0.1' }],
    ['a user', { user: 'anna' }, { user: 'anna' }],
  ])('%s', (_name, values, expected) => {
    expect(stored([values])[0]).toMatchObject(expected);
  });

  test('an extra shared by rows is on each of them, and on no other', () => {
    const shared = { '9/1': 'x' };
    const rows = stored([
      { bytes: 1n, extra: shared },
      { bytes: 2n, extra: shared },
      { bytes: 3n },
      { bytes: 4n, extra: { '9/2': 'y' } },
    ]);
    expect(rows.map((row) => row['extra'])).toEqual(['{"9/1":"x"}', '{"9/1":"x"}', null, '{"9/2":"y"}']);
  });

  test('an overflow stays with its own row', () => {
    const rows = stored([{ bytes: 1n }, { bytes: 2n ** 64n - 1n }, { bytes: 3n }]);
    expect(rows.map((row) => row['bytes'])).toEqual([1n, null, 3n]);
    expect(rows.map((row) => row['extra'] !== null)).toEqual([false, true, false]);
  });

  test('runs of different columns in one batch keep their order, and absent columns are NULL', () => {
    const segment = create();
    const batch = new FlowBatch(64);
    appendRun(
      batch,
      { rawSeq: 42, receivedAt: T },
      Array.from({ length: 20 }, (_, i) => flow(i)),
    );
    appendRun(batch, { rawSeq: 43, receivedAt: T, firstOrdinal: 2 }, [{ srcPort: 7, user: 'x' }]);
    appendRun(batch, { rawSeq: 44, receivedAt: T }, [flow(21), flow(22)]);
    write(segment, batch, 44);
    segment.close();
    const rows = read('SELECT raw_seq, ordinal, src_port, user, bytes FROM flow ORDER BY id');
    expect(rows).toHaveLength(23);
    expect(rows[19]).toEqual({ raw_seq: 42n, ordinal: 19n, src_port: 1043n, user: null, bytes: 1019n });
    expect(rows[20]).toEqual({ raw_seq: 43n, ordinal: 2n, src_port: 7n, user: 'x', bytes: null });
    expect(rows[22]).toEqual({ raw_seq: 44n, ordinal: 1n, src_port: 1046n, user: null, bytes: 1022n });
  });

  test('more sets of columns than statements are kept still write right', () => {
    const segment = create();
    const names = ['srcPort', 'dstPort', 'protocol', 'tos', 'icmp', 'inIf', 'outIf', 'vlan', 'vrf'] as const;
    segment.begin();
    for (let set = 1; set < 512; set++) {
      const batch = new FlowBatch(1);
      const row = Object.fromEntries(names.filter((_, bit) => set & (1 << bit)).map((name) => [name, set & 0xff]));
      appendRun(batch, { rawSeq: 42, receivedAt: T }, [row]);
      segment.applyFlows(batch);
    }
    segment.commit(42);
    segment.close();
    const [sum] = read('SELECT count(*) AS n, count(src_port) AS ports, count(vrf) AS vrfs FROM flow');
    expect(sum).toEqual({ n: 511n, ports: 256n, vrfs: 256n });
  });
});

describe('a facts segment', () => {
  test('keeps what it was made with', () => {
    create().close();
    const segment = FactsSegment.open(path);
    expect(segment.name).toBe(NAME);
    expect(segment.appliedSeq).toBe(41);
    expect([...segment.snapshot]).toEqual([1, 2, 3]);
    segment.close();
    segment.close();
  });

  test('facts and cursor are lost together when the process dies before the commit', () => {
    const segment = create();
    const batch = new FlowBatch(4);
    appendRun(batch, { rawSeq: 42, receivedAt: T }, [flow(1)]);
    write(segment, batch, 42);
    segment.begin();
    segment.applyFlows(batch);
    segment.close();
    const again = FactsSegment.open(path);
    expect(again.appliedSeq).toBe(42);
    again.close();
    expect(read('SELECT count(*) AS n FROM flow')).toEqual([{ n: 1n }]);
  });

  test('goes on with ids and streams after a rollback and after opening again', () => {
    const segment = create();
    const batch = new FlowBatch(4);
    appendRun(batch, { rawSeq: 42, receivedAt: T }, [flow(1), flow(2)]);
    segment.begin();
    segment.applyFlows(batch);
    segment.rollback();
    write(segment, batch, 42);
    segment.close();
    const again = FactsSegment.open(path);
    write(again, batch, 43);
    again.close();
    expect(read('SELECT id, ordinal, stream_id FROM flow ORDER BY id')).toEqual([
      { id: 1n, ordinal: 0n, stream_id: 1n },
      { id: 2n, ordinal: 1n, stream_id: 1n },
      { id: 3n, ordinal: 0n, stream_id: 1n },
      { id: 4n, ordinal: 1n, stream_id: 1n },
    ]);
    expect(read('SELECT count(*) AS n FROM stream')).toEqual([{ n: 1n }]);
  });

  test.each<[string, () => void, object]>([
    ['a missing file', () => undefined, { code: 'facts_segment' }],
    ['a file that is no database', () => writeFileSync(path, 'x'.repeat(9000)), { code: 'facts_segment' }],
    ['an empty file', () => writeFileSync(path, ''), { code: 'facts_segment' }],
    ['an older schema', () => setVersion(0), { code: 'facts_segment' }],
    ['a later schema', () => setVersion(99), { code: 'schema_too_new' }],
    ['a complete segment', () => create().complete(), { code: 'facts_segment' }],
  ])('%s is refused', (_name, prepare, error) => {
    prepare();
    expect(() => FactsSegment.open(path)).toThrow(expect.objectContaining(error));
  });

  test('is not made over an existing file', () => {
    create().close();
    expect(create).toThrow(expect.objectContaining({ code: 'facts_segment' }));
  });
});

describe('other facts', () => {
  const base = { rawSeq: 42, observedAt: T + 0.5, timeQuality: 'ok', device: 'fw1', parser: 'cisco_asa' } as const;
  const common = { raw_seq: 42n, observed_at: BigInt(T), time_quality: 'ok', device: 'fw1', parser: 'cisco_asa' };

  test.each<[string, string, Fact, Record<string, unknown>]>([
    [
      'a session log',
      'session_log',
      {
        ...base,
        fact: 'session_log',
        action: 'end',
        outcome: 'success',
        source: { ip: '10.0.0.1', port: 5, natIp: '192.0.2.9', natPort: 6, bytes: 2n ** 60n, packets: 1n, user: 'u' },
        destination: { ip: '2001:db8::2', port: 443, mac: '00:11:22:33:44:55', domain: 'd' },
        directionSource: 'stated',
        protocol: 6,
        bytes: 2n ** 64n,
        start: T,
        end: T + 9,
        durationNs: 9_000_000n,
        ruleName: 'r',
        ruleId: '7',
        ingressInterface: 'i',
        egressInterface: 'e',
        ingressZone: 'iz',
        egressZone: 'ez',
        user: 'w',
        application: 'ssl',
        sessionKey: 'k',
        code: '302014',
        reason: 'FIN',
        icmpType: 8,
        icmpCode: 0,
        extra: { 'tls.version': '1.3' },
      },
      {
        ...common,
        action: 'end',
        outcome: 'success',
        src_ip: '10.0.0.1',
        src_port: 5n,
        nat_src_ip: '192.0.2.9',
        nat_src_port: 6n,
        src_bytes: 2n ** 60n,
        src_packets: 1n,
        src_user: 'u',
        dst_ip: '2001:db8::2',
        dst_port: 443n,
        nat_dst: null,
        dst_mac: '00:11:22:33:44:55',
        dst_domain: 'd',
        direction_source: 'stated',
        protocol: 6n,
        bytes: null,
        start: BigInt(T),
        end: BigInt(T + 9),
        duration_ns: 9_000_000n,
        rule_name: 'r',
        rule_id: '7',
        ingress_interface: 'i',
        egress_interface: 'e',
        ingress_zone: 'iz',
        egress_zone: 'ez',
        user: 'w',
        application: 'ssl',
        session_key: 'k',
        code: '302014',
        reason: 'FIN',
        icmp_type: 8n,
        icmp_code: 0n,
        extra: '{"tls.version":"1.3","overflow":{"bytes":"18446744073709551616"}}',
      },
    ],
    [
      'a session log with text for an address and no number for a port',
      'session_log',
      {
        ...base,
        fact: 'session_log',
        action: 'denied',
        source: { ip: 'inside-host', port: Number.NaN },
        destination: {},
        directionSource: 'unknown',
      },
      { ...common, src: null, src_port: null, dst: null, extra: '{"overflow":{"src":"inside-host"}}' },
    ],
    [
      'a binding',
      'binding',
      {
        ...base,
        fact: 'binding',
        relation: 'ip-mac',
        key: 'a',
        value: 'b',
        state: 'seen',
        validUntil: T,
        extra: { x: 1 },
      },
      { ...common, relation: 'ip-mac', key: 'a', value: 'b', state: 'seen', valid_until: BigInt(T), extra: '{"x":1}' },
    ],
    [
      'an event',
      'event',
      {
        ...base,
        fact: 'event',
        category: 'authentication',
        action: 'login',
        outcome: 'failure',
        code: 'c',
        severity: 4,
        user: 'root',
        sourceIp: '10.0.0.3',
        sourcePort: 22,
        process: 'sshd',
        command: 'x',
        message: 'm',
      },
      { ...common, action: 'login', outcome: 'failure', severity: 4n, src_ip: '10.0.0.3', src_port: 22n, message: 'm' },
    ],
    [
      'an inventory item',
      'inventory',
      { ...base, fact: 'inventory', kind: 'interface', id: '3', name: 'Gi0/3' },
      { ...common, kind: 'interface', item_id: '3', name: 'Gi0/3', extra: null },
    ],
    [
      'a socket',
      'socket',
      { ...base, fact: 'inventory', kind: 'socket', id: 's', name: 'vpxa' },
      { ...common, kind: 'socket', item_id: 's' },
    ],
    [
      'a configuration line',
      'config_line',
      { ...base, fact: 'config_line', configVersion: 'v1', lineNumber: 12, text: 'permit ip any any', kind: 'acl' },
      { ...common, config_version: 'v1', line_number: 12n, text: 'permit ip any any', kind: 'acl' },
    ],
    [
      'a gap',
      'gap',
      {
        ...base,
        fact: 'gap',
        kind: 'sequence',
        missing: 7n,
        unit: 'packets',
        detail: 'd',
        syslog: { severity: 4, hostname: 'h' },
      },
      {
        ...common,
        kind: 'sequence',
        missing: 7n,
        unit: 'packets',
        detail: 'd',
        syslog: '{"severity":4,"hostname":"h"}',
      },
    ],
    [
      'a gap that nobody can have counted',
      'gap',
      { ...base, fact: 'gap', kind: 'sequence', missing: 2n ** 64n },
      { ...common, missing: null, detail: 'missing=18446744073709551616 ' },
    ],
    [
      'a rejected record',
      'rejected',
      { ...base, fact: 'rejected', reason: 'flow_short_header', offset: 3, detail: 'd' },
      { ...common, reason: 'flow_short_header', offset: 3n, detail: 'd' },
    ],
  ])('%s comes back as it went in', (_name, view, fact, expected) => {
    const segment = create();
    segment.begin();
    segment.fact(fact);
    segment.commit(42);
    segment.close();
    expect(read(`SELECT * FROM ${view}`)).toEqual([expect.objectContaining(expected)]);
  });
});
