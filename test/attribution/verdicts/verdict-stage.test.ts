import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { resolveKnownAt } from '../../../attribution/verdicts/known-evidence';
import { DEFAULT_VERDICT_RULES } from '../../../attribution/verdicts/verdict-rules';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import { FactsDirectory } from '../../../store/facts/facts-directory';
import { append, flow, log, newSegment, said, seen, Stages, T, type Told } from './verdict-facts';

const MINUTE = 60_000;
const DST = '198.51.100.7';
const PAT = '203.0.113.9';
const WEB = '4220a1c0-0000-0000-0000-000000000001';
const MAC = '00:50:56:00:00:01';
const OTHER_MAC = '00:50:56:00:00:02';
const OTHER = '4220a1c0-0000-0000-0000-000000000002';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-verdict-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What the stages say of things told in this order, taken in parts of these sizes. */
function answers(
  told: readonly Told[],
  parts: readonly number[] = [],
  look: (db: Database) => void = () => {},
  held?: number,
): unknown[] {
  const root = mkdtempSync(join(directory, 'run-'));
  mkdirSync(join(root, 'flows'));
  const segment = newSegment(join(root, 'flows'));
  const facts = new FactsDirectory(join(root, 'flows'));
  const db = openAnalysisForWriting(join(root, 'ascribe.db'));
  let stages = new Stages(db, facts, held);
  let at = 0;
  for (const size of [...parts, told.length]) {
    append(segment, told.slice(at, at + size), at + 1);
    stages.catchUp();
    // Every other part finds a process that has just been started.
    if (size % 2 === 1) stages = new Stages(db, facts, held);
    at += size;
  }
  look(db);
  const found = said(db);
  facts.close();
  db.close();
  segment.close();
  return found;
}

const machine = (mac: string, uuid: string, name: string, at: number, host = 'esx1'): Told[] => [
  seen(at, { relation: 'mac-vnic', key: mac, value: `${uuid}/4000`, device: host, parser: 'esxi' }),
  seen(at, { relation: 'vnic-vm', key: `${uuid}/4000`, value: name, device: host, parser: 'esxi' }),
  seen(at, { relation: 'vm-host', key: name, value: host, device: host, parser: 'esxi' }),
];

const arp = (ip: string, mac: string, at: number): Told => seen(at, { key: ip, value: mac, device: 'core' });

const translated = (ip: string, port: number, outside: number, at: number, to = at + 900): Told[] => {
  const ends = {
    source: { ip, port, natIp: PAT, natPort: outside },
    destination: { ip: DST, port: 443 },
    sessionKey: `${ip}:${port}`,
    ruleName: 'inside_out',
  };
  return [log('session_start', at, ends), log('session_end', to, ends)];
};

describe('a verdict', () => {
  test('names the machine by ARP, adapter and name, on its host then', () => {
    const told = [...machine(MAC, WEB, 'web', 0), arp('10.0.0.5', MAC, 0), flow('10.0.0.5', 50_000, DST, MINUTE)];
    expect(answers(told)).toMatchObject([
      {
        status: 'attributed',
        owner_id: `vm:${WEB}`,
        owner_name: 'web',
        owner_host: 'esx1',
        steps: [
          { relation: 'flow' },
          { relation: 'ip-mac' },
          { relation: 'mac-vnic' },
          { relation: 'vnic-vm' },
          { relation: 'vm-host' },
        ],
      },
    ]);
  });

  test('names neither end of ours where nobody tells who began, and the end that uses a service where ports tell', () => {
    const both = [
      ...machine(MAC, WEB, 'web', 0),
      ...machine(OTHER_MAC, OTHER, 'mail', 0),
      arp('10.0.0.5', MAC, 0),
      arp('10.0.0.6', OTHER_MAC, 0),
    ];
    const answer = (srcPort: number): Told =>
      flow('10.0.0.6', srcPort, '10.0.0.5', MINUTE, { dstPort: 50_000, tcpFlags: 0x18, samplingRate: 100 });
    expect(answers([...both, answer(8765)])).toMatchObject([
      {
        status: 'ambiguous',
        reasons: 'DIRECTION_UNKNOWN MULTI_CANDIDATE SAMPLED',
        source_ip: null,
        owners: [{ owner: `vm:${WEB}` }, { owner: `vm:${OTHER}` }],
      },
    ]);
    expect(answers([...both, answer(3128)])).toMatchObject([{ status: 'attributed', owner_name: 'web' }]);
  });

  test('does not take a group that is sent to for one that began', () => {
    const sent = flow('10.0.0.5', 5353, '224.0.0.251', MINUTE, { dstPort: 5353, protocol: 17 });
    expect(answers([...machine(MAC, WEB, 'web', 0), arp('10.0.0.5', MAC, 0), sent])).toMatchObject([
      { status: 'attributed', owner_name: 'web', reasons: 'DIRECTION_UNKNOWN' },
    ]);
  });

  test('is blind where nobody tells who had the address, and says what is missing', () => {
    expect(answers([flow('10.0.0.5', 50_000, DST, 0)])).toMatchObject([
      { status: 'blind', owner_kind: 'unknown', owner_id: 'address:10.0.0.5', confidence: 0, reasons: 'NO_BINDING' },
    ]);
  });

  test('undoes a translation by the session log, and is one communication with the session inside', () => {
    const told = [
      ...machine(MAC, WEB, 'web', 0),
      arp('10.0.0.5', MAC, 0),
      ...translated('10.0.0.5', 50_000, 61_000, MINUTE),
      flow('10.0.0.5', 50_000, DST, MINUTE),
      flow(PAT, 61_000, DST, MINUTE),
    ];
    expect(answers(told)).toMatchObject([
      { src_ip: '10.0.0.5', owner_id: `vm:${WEB}`, isLeg: false, rule_name: 'inside_out' },
      {
        src_ip: PAT,
        owner_id: `vm:${WEB}`,
        isLeg: true,
        source_ip: '10.0.0.5',
        source_port: 50_000,
        rule_name: 'inside_out',
      },
    ]);
  });

  test('names nobody where a port was given away twice within the clocks’ scatter, and the right one where time tells', () => {
    const both = [
      ...machine(MAC, WEB, 'web', 0),
      ...machine(OTHER_MAC, OTHER, 'mail', 0),
      arp('10.0.0.5', MAC, 0),
      arp('10.0.0.6', OTHER_MAC, 0),
    ];
    const close = [
      ...translated('10.0.0.5', 50_000, 61_000, 0, 400),
      ...translated('10.0.0.6', 50_001, 61_000, 450, 800),
    ];
    expect(answers([...both, ...close, flow(PAT, 61_000, DST, 200)])).toMatchObject([
      { status: 'ambiguous', owners: [{ weight: expect.any(Number) }, { weight: expect.any(Number) }] },
    ]);
    const apart = [...translated('10.0.0.5', 50_000, 61_000, 0), ...translated('10.0.0.6', 50_001, 61_000, MINUTE)];
    expect(answers([...both, ...apart, flow(PAT, 61_000, DST, MINUTE)])).toMatchObject([
      { status: 'attributed', owner_name: 'mail', source_ip: '10.0.0.6' },
    ]);
  });

  test('names neither holder of a port within a second of stamps that tell seconds, unless their bytes differ', () => {
    const told = (bytes: readonly [bigint, bigint]): Told[] => [
      ...machine(MAC, WEB, 'web', 0),
      ...machine(OTHER_MAC, OTHER, 'mail', 0),
      arp('10.0.0.5', MAC, 0),
      arp('10.0.0.6', OTHER_MAC, 0),
      ...[
        ...translated('10.0.0.5', 50_000, 61_000, 59_000, 60_000),
        ...translated('10.0.0.6', 50_001, 61_000, 60_000, 61_000),
      ].map((one, i) => ('log' in one ? { ...one, log: { ...one.log, bytes: bytes[i < 2 ? 0 : 1] } } : one)),
      flow(PAT, 61_000, DST, MINUTE + 100, { replyBytes: 5000n, replyPackets: 9n }),
    ];
    expect(answers(told([6200n, 6200n]))).toMatchObject([
      { status: 'ambiguous', reasons: expect.stringContaining('PORT_REUSE'), owners: [{}, {}] },
    ]);
    expect(answers(told([90_000n, 6200n]))).toMatchObject([{ status: 'attributed', owner_name: 'mail' }]);
  });

  test('names none of the clients whose datagrams are one session outside, in whatever order that is told', () => {
    const udp = { protocol: 17 };
    const client = (ip: string, port: number, at: number): Told[] => [
      ...translated(ip, port, 61_000, at).map((one) => ('log' in one ? { ...one, log: { ...one.log, ...udp } } : one)),
      flow(ip, port, DST, at, { ...udp, natSrc: PAT, natSrcPort: 61_000 }),
      flow(PAT, 61_000, DST, at, udp),
    ];
    const told = [
      ...machine(MAC, WEB, 'web', 0),
      ...machine(OTHER_MAC, OTHER, 'mail', 0),
      arp('10.0.0.5', MAC, 0),
      arp('10.0.0.6', OTHER_MAC, 0),
      ...client('10.0.0.5', 50_000, MINUTE),
      ...client('10.0.0.6', 50_001, 3 * MINUTE),
    ];
    const outer = [
      { owner_name: 'web', src_ip: '10.0.0.5' },
      { status: 'ambiguous', src_ip: PAT, source_ip: null, owners: [{ name: 'web' }, { name: 'mail' }] },
      { owner_name: 'mail', src_ip: '10.0.0.6' },
    ];
    const found = answers(told);
    expect(found).toMatchObject(outer);
    expect(answers(told.toReversed(), [3, 4, 3])).toEqual(found);
  });

  test('takes an address that is translated for nobody’s while no log tells whose session it was', () => {
    const told = [...translated('10.0.0.5', 50_000, 61_000, 0), flow(PAT, 61_500, DST, MINUTE)];
    expect(answers(told)).toMatchObject([{ status: 'blind', reasons: expect.stringContaining('NO_NAT_LOG') }]);
  });

  test('infers the session inside by destination, time and counters, and is never surer than 0.7 of it', () => {
    const told = [
      ...machine(MAC, WEB, 'web', 0),
      arp('10.0.0.5', MAC, 0),
      flow('10.0.0.5', 50_000, DST, MINUTE),
      flow(PAT, 61_000, DST, MINUTE + 20),
    ];
    const [, outer] = answers(told) as [unknown, { confidence: number }];
    expect(outer).toMatchObject({ owner_name: 'web', reasons: expect.stringContaining('NAT_INFERRED') });
    expect(outer.confidence).toBeLessThanOrEqual(0.7);
    const twin = answers([...told, arp('10.0.0.6', OTHER_MAC, 0), flow('10.0.0.6', 50_000, DST, MINUTE + 10)]);
    expect(twin[2]).toMatchObject({ src_ip: PAT, status: 'ambiguous' });
  });

  test('gives a lease’s address to each holder in its time, also when it comes back', () => {
    const lease = (mac: string, at: number): Told =>
      seen(at, { relation: 'ip-dhcp', key: '10.0.0.5', value: mac, state: 'begin', device: 'dhcp1', parser: 'dhcp' });
    const told = [
      ...machine(MAC, WEB, 'web', 0),
      ...machine(OTHER_MAC, OTHER, 'mail', 0),
      lease(MAC, 0),
      lease(OTHER_MAC, 20 * MINUTE),
      lease(MAC, 40 * MINUTE),
      ...[10, 30, 50].map((minutes) => flow('10.0.0.5', 50_000 + minutes, DST, minutes * MINUTE)),
    ];
    expect(answers(told)).toMatchObject([{ owner_name: 'web' }, { owner_name: 'mail' }, { owner_name: 'web' }]);
  });

  test('has no phantom: two machines with one MAC address are both candidates', () => {
    const told = [
      ...machine(MAC, WEB, 'web', 0),
      ...machine(MAC, OTHER, 'clone', 0),
      arp('10.0.0.5', MAC, 0),
      flow('10.0.0.5', 1, DST, 10),
    ];
    expect(answers(told)).toMatchObject([{ status: 'ambiguous', owners: [{ kind: 'vm' }, { kind: 'vm' }] }]);
  });

  test('names the process that held the socket, and else the host alone', () => {
    const own = seen(0, { relation: 'ip-device', key: '10.0.0.2', value: 'esx1', device: 'esx1', parser: 'esxi' });
    const socket = seen(MINUTE, {
      relation: 'socket-process',
      key: `TCP:10.0.0.2:40000>${DST}:443`,
      value: 'hostd',
      device: 'esx1',
      parser: 'esxi',
    });
    const told = [
      own,
      socket,
      flow('10.0.0.2', 40_000, DST, MINUTE),
      flow('10.0.0.2', 40_001, '203.0.113.77', 5 * MINUTE),
    ];
    expect(answers(told)).toMatchObject([{ owner_id: 'service:esx1/hostd' }, { owner_id: 'service:esx1' }]);
  });

  test('names the line of a device’s configuration that declares the destination', () => {
    const own = seen(0, { relation: 'ip-device', key: '10.0.0.3', value: 'fw1', device: 'fw1', parser: 'snmp' });
    const line = seen(0, {
      relation: 'config-endpoint',
      key: 'aaaabbbbccccdddd:12',
      value: `tcp:${DST}:443`,
      device: 'fw1',
      parser: 'config',
      extra: {
        'ascribe.config.purpose': 'syslog',
        'ascribe.config.text': `logging host ${DST}`,
        'ascribe.config.active': 1,
      },
    });
    expect(answers([own, line, flow('10.0.0.3', 514, DST, MINUTE)])).toMatchObject([
      { status: 'attributed', owner_kind: 'device_config', owner_id: `device:fw1/syslog/tcp:${DST}:443` },
    ]);
  });
});

describe('what comes late', () => {
  const day: Told[] = [
    ...machine(MAC, WEB, 'web', 0),
    ...machine(OTHER_MAC, OTHER, 'mail', 0),
    ...machine(MAC, WEB, 'web', 30 * MINUTE, 'esx2'),
    arp('10.0.0.5', MAC, 0),
    arp('10.0.0.5', OTHER_MAC, 20 * MINUTE),
    arp('10.0.0.6', OTHER_MAC, 5 * MINUTE),
    ...translated('10.0.0.5', 50_000, 61_000, MINUTE),
    ...translated('10.0.0.6', 50_001, 61_000, 3 * MINUTE),
    flow('10.0.0.5', 50_000, DST, MINUTE),
    flow(PAT, 61_000, DST, MINUTE),
    flow('10.0.0.6', 50_001, DST, 3 * MINUTE),
    flow(PAT, 61_000, DST, 3 * MINUTE),
    flow(PAT, 61_001, DST, 4 * MINUTE),
    flow('10.0.0.5', 50_002, DST, 25 * MINUTE),
  ];

  test('any order of arrival, in any parts, with any restarts and however little is held in memory, gives equal verdicts', () => {
    const onTime = answers(day);
    const order = fc.shuffledSubarray([...day.keys()], { minLength: day.length });
    const parts = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 5 });
    fc.assert(
      fc.property(order, parts, fc.constantFrom(2, 5, 1000), (indexes, sizes, held) => {
        const told = indexes.map((i) => day[i]!);
        expect(answers(told, sizes, undefined, held)).toEqual(onTime);
      }),
      { numRuns: 12 },
    );
  });

  test('a translation log that comes late changes the verdict, and what was known before it can be asked for', () => {
    const late = translated('10.0.0.5', 50_000, 61_000, MINUTE).map((one) => ({
      ...one,
      receivedAt: T + 120 * MINUTE,
    }));
    const told = [...machine(MAC, WEB, 'web', 0), arp('10.0.0.5', MAC, 0), flow(PAT, 61_000, DST, MINUTE), ...late];
    let before: unknown;
    const [now] = answers(told, [], (db) => {
      before = resolveKnownAt(db, DEFAULT_VERDICT_RULES, 1, T + 60 * MINUTE);
    });
    expect(now).toMatchObject({ status: 'attributed', owner_name: 'web' });
    expect(before).toMatchObject({ owners: [{ owner: { kind: 'external' } }] });
  });
});
