import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { resolveKnownAt } from '../../../attribution/verdicts/known-evidence';
import { DEFAULT_VERDICT_RULES } from '../../../attribution/verdicts/verdict-rules';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import { FactsDirectory } from '../../../store/facts/facts-directory';
import type { FlowValues } from '../../store/facts/flow-rows';
import { append, flow, log, newSegment, said, seen, Stages, T, type Told } from './verdict-facts';

const MINUTE = 60_000;
const DST = '198.51.100.7';
const PAT = '203.0.113.9';
const PROXY = '10.0.1.31';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-proxies-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

type Verdict = Readonly<Record<string, unknown>>;

/** What is said of things told in this order, taken in parts of these sizes, with a new process for every other part. */
function answers(
  told: readonly Told[],
  parts: readonly number[] = [],
  { look, held }: { look?: (db: Database) => void; held?: number } = {},
): Verdict[] {
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
    if (size % 2 === 1) stages = new Stages(db, facts, held);
    at += size;
  }
  look?.(db);
  const found = said(db) as Verdict[];
  facts.close();
  db.close();
  segment.close();
  return found;
}

/** A machine with its address. */
function machine(ip: string, name: string): Told[] {
  const n = ip.slice(ip.lastIndexOf('.') + 1).padStart(2, '0');
  const [mac, uuid] = [`00:50:56:00:00:${n}`, `4220a1c0-0000-0000-0000-0000000000${n}`];
  return [
    seen(0, { relation: 'mac-vnic', key: mac, value: `${uuid}/4000`, device: 'esx1', parser: 'esxi' }),
    seen(0, { relation: 'vnic-vm', key: `${uuid}/4000`, value: name, device: 'esx1', parser: 'esxi' }),
    seen(0, { key: ip, value: mac, device: 'core' }),
  ];
}

const site = [...machine('10.0.0.5', 'anna'), ...machine('10.0.0.6', 'bert'), ...machine(PROXY, 'proxy')];

interface Line {
  readonly elapsed?: number;
  readonly bytes?: bigint;
  readonly name?: string;
  /** What the proxy called; undefined where the log does not tell. */
  readonly ip?: string | undefined;
  readonly via?: string | undefined;
  readonly action?: string;
  readonly port?: number;
}

/** A line of the access log, written `at` ms after T, when the transaction was over. */
function line(
  client: string,
  at: number,
  { elapsed = 900, bytes, name, via = PROXY, action, port = 443, ...more }: Line = {},
): Told {
  const ip = 'ip' in more ? more.ip : DST;
  return log('session_end', at, {
    device: 'proxy-1',
    parser: 'squid',
    action: action ?? 'proxy_tunnel',
    source: { ip: client },
    destination: { port, ...(ip && { ip }), ...(name && { domain: name }), ...(bytes && { bytes }) },
    start: T + at - elapsed,
    end: T + at,
    ...(via !== '' && { extra: { 'observer.ip': via } }),
  });
}

/** The client's session with the proxy, with an answer. */
const inner = (client: string, srcPort: number, at: number, more: FlowValues = {}): Told[] => [
  flow(client, srcPort, PROXY, at, { dstPort: 3128, ...more }),
  flow(PROXY, 3128, client, at, { dstPort: srcPort, tcpFlags: 0x1b, ...more }),
];

/** The proxy's own session with the server. */
const outer = (srcPort: number, at: number, more: FlowValues = {}): Told => flow(PROXY, srcPort, DST, at, more);

function of(found: readonly Verdict[], srcPort: number): Verdict {
  return found.find((verdict) => verdict['src_port'] === srcPort) ?? {};
}

describe('a session that a proxy made', () => {
  test('is the client’s by the line of its log, and the chain says how', () => {
    const told = [
      ...site,
      ...inner('10.0.0.5', 50_000, MINUTE),
      outer(40_000, MINUTE + 30),
      line('10.0.0.5', MINUTE + 950),
    ];
    let seenAs: unknown;
    const look = (db: Database): void => {
      seenAs = db.prepare(`SELECT "to", raw_seqs FROM verdict_step WHERE relation = 'client-leg'`).get();
    };
    const found = of(answers(told, [], { look }), 40_000);
    expect(seenAs).toEqual({ to: `10.0.0.5:50000 -> ${PROXY}:3128`, raw_seqs: '[10]' });
    expect(found).toMatchObject({
      status: 'attributed',
      owner_name: 'anna',
      source_ip: '10.0.0.5',
      source_port: 50_000,
      isLeg: false,
      reasons: '',
      steps: [
        { relation: 'flow' },
        { relation: 'proxy', from: `${PROXY}:40000`, to: '10.0.0.5:50000', device: 'proxy-1' },
        { relation: 'ip-mac', from: '10.0.0.5' },
        { relation: 'mac-vnic' },
        { relation: 'vnic-vm', to: 'anna' },
      ],
    });
    expect(found['confidence']).toBeGreaterThan(0.9);
  });

  test('is the client’s also as it is seen behind the firewall', () => {
    const ends = {
      source: { ip: PROXY, port: 40_000, natIp: PAT, natPort: 61_000 },
      destination: { ip: DST, port: 443 },
      ruleName: 'inside_out',
    };
    const told = [
      ...site,
      ...inner('10.0.0.5', 50_000, MINUTE),
      outer(40_000, MINUTE + 30),
      flow(PAT, 61_000, DST, MINUTE + 31),
      log('session_start', MINUTE + 30, ends),
      line('10.0.0.5', MINUTE + 950),
    ];
    expect(of(answers(told), 61_000)).toMatchObject({
      status: 'attributed',
      owner_name: 'anna',
      source_ip: '10.0.0.5',
      isLeg: true,
      rule_name: 'inside_out',
      steps: [{ relation: 'flow' }, { relation: 'nat' }, { relation: 'proxy' }, {}, {}, {}, {}],
    });
  });

  test('ends at the proxy where no line tells, and says so', () => {
    const told = [...site, ...inner('10.0.0.5', 50_000, MINUTE), outer(40_000, MINUTE + 30)];
    expect(of(answers(told), 40_000)).toMatchObject({
      status: 'attributed',
      owner_name: 'proxy',
      source_ip: PROXY,
      reasons: 'BEHIND_PROXY',
    });
    expect(of(answers(told), 50_000)).toMatchObject({ owner_name: 'anna', reasons: '' });
  });

  test.each([
    ['another destination', line('10.0.0.5', MINUTE + 950, { ip: '198.51.100.8' })],
    ['another port', line('10.0.0.5', MINUTE + 950, { port: 8443 })],
    ['another time', line('10.0.0.5', 9 * MINUTE)],
    ['a tunnel that was over before', line('10.0.0.5', MINUTE - 20_000)],
    ['another proxy, which its client did not talk with', line('10.0.0.6', MINUTE + 950, { via: '10.0.1.32' })],
    ['what called nobody', line('10.0.0.5', MINUTE + 950, { action: 'proxy_hit' })],
  ])('is not that of a line about %s', (_, wrong) => {
    const told = [...site, ...inner('10.0.0.5', 50_000, MINUTE), outer(40_000, MINUTE + 30), wrong];
    expect(of(answers(told), 40_000)).toMatchObject({ owner_name: 'proxy', reasons: 'BEHIND_PROXY' });
  });

  test('is of each client that asked for it at the same moment, and of one where time tells', () => {
    const both = (apart: number): Told[] => [
      ...site,
      ...inner('10.0.0.5', 50_000, MINUTE),
      ...inner('10.0.0.6', 50_001, MINUTE + apart),
      outer(40_000, MINUTE + 30),
      outer(40_001, MINUTE + apart + 30),
      line('10.0.0.5', MINUTE + 950),
      line('10.0.0.6', MINUTE + apart + 950),
    ];
    expect(of(answers(both(0)), 40_000)).toMatchObject({
      status: 'ambiguous',
      source_ip: null,
      reasons: 'MULTI_CANDIDATE PROXY_SHARED',
      owners: [{ name: 'anna' }, { name: 'bert' }, { name: 'proxy' }],
    });
    const apart = answers(both(20_000));
    expect(of(apart, 40_000)).toMatchObject({ status: 'attributed', owner_name: 'anna' });
    expect(of(apart, 40_001)).toMatchObject({ status: 'attributed', owner_name: 'bert' });
  });

  test('is of the one client that opened several at once', () => {
    const ports = [40_000, 40_001, 40_002, 40_003];
    const told = [
      ...site,
      ...ports.flatMap((port, i) => [...inner('10.0.0.5', 10_000 + port, MINUTE + i), outer(port, MINUTE + 30 + i)]),
      ...ports.map((_, i) => line('10.0.0.5', MINUTE + 950 + i)),
    ];
    const found = answers(told);
    for (const port of ports) expect(of(found, port)).toMatchObject({ status: 'attributed', owner_name: 'anna' });
  });

  test('is not surely a client’s where the proxy made two and tells of one', () => {
    const told = [
      ...site,
      ...inner('10.0.0.5', 50_000, MINUTE),
      outer(40_000, MINUTE + 30),
      outer(40_001, MINUTE + 30),
      line('10.0.0.5', MINUTE + 950),
    ];
    expect(of(answers(told), 40_000)).toMatchObject({
      status: 'ambiguous',
      owners: [{ name: 'proxy' }, { name: 'anna' }],
    });
  });

  test('is found by the name alone, where a DNS log tells whose address it is', () => {
    const told = [
      ...site,
      ...inner('10.0.0.5', 50_000, MINUTE),
      outer(40_000, MINUTE + 30),
      line('10.0.0.5', MINUTE + 950, { ip: undefined, name: 'www.example.com' }),
    ];
    expect(of(answers(told), 40_000)).toMatchObject({ owner_name: 'proxy' });
    const named = seen(MINUTE - 50, { relation: 'ip-name', key: DST, value: 'www.example.com', device: 'dns1' });
    expect(of(answers([...told, named]), 40_000)).toMatchObject({ status: 'attributed', owner_name: 'anna' });
  });

  test('is of all clients whose requests one connection may have carried', () => {
    const told = [
      ...site,
      ...inner('10.0.0.5', 50_000, MINUTE, { end: T + MINUTE + 30_000 }),
      ...inner('10.0.0.6', 50_001, MINUTE, { end: T + MINUTE + 30_000 }),
      outer(40_000, MINUTE + 30, { end: T + MINUTE + 30_000 }),
      line('10.0.0.5', MINUTE + 2000, { action: 'proxy_request' }),
      line('10.0.0.6', MINUTE + 20_000, { action: 'proxy_request' }),
    ];
    expect(of(answers(told), 40_000)).toMatchObject({
      status: 'ambiguous',
      owners: [{ name: 'anna' }, { name: 'bert' }, {}],
    });
  });

  test('is told from another by its bytes', () => {
    const told = [
      ...site,
      ...inner('10.0.0.5', 50_000, MINUTE),
      ...inner('10.0.0.6', 50_001, MINUTE),
      outer(40_000, MINUTE + 30),
      flow(DST, 443, PROXY, MINUTE + 31, { dstPort: 40_000, bytes: 60_000n, packets: 50n }),
      line('10.0.0.5', MINUTE + 950, { bytes: 57_700n }),
      line('10.0.0.6', MINUTE + 950, { bytes: 900_000n }),
    ];
    const [first] = of(answers(told), 40_000)['owners'] as { name: string; weight: number }[];
    expect(first?.name).toBe('anna');
    expect(first?.weight).toBeGreaterThan(0.7);
  });

  test('of a log whose proxy is not known is found by the client’s own session with it', () => {
    const told = [
      ...site,
      flow('10.0.0.5', 50_000, PROXY, MINUTE, { dstPort: 8080 }),
      outer(40_000, MINUTE + 30),
      line('10.0.0.5', MINUTE + 950, { via: '' }),
      flow('10.0.0.6', 50_003, DST, MINUTE + 30),
    ];
    const found = answers(told);
    expect(of(found, 40_000)).toMatchObject({ status: 'attributed', owner_name: 'anna' });
    expect(of(found, 50_003)).toMatchObject({ status: 'attributed', owner_name: 'bert', reasons: '' });
  });
});

describe('what a proxy tells late', () => {
  const day: Told[] = [
    ...site,
    ...inner('10.0.0.5', 50_000, MINUTE),
    ...inner('10.0.0.6', 50_001, MINUTE + 15_000),
    outer(40_000, MINUTE + 30),
    outer(40_001, MINUTE + 15_030),
    outer(40_002, 5 * MINUTE),
    line('10.0.0.5', MINUTE + 950),
    line('10.0.0.6', MINUTE + 15_950, { ip: undefined, name: 'www.example.com' }),
    line('10.0.0.6', 5 * MINUTE + 40_000, { action: 'proxy_request', via: '' }),
    seen(MINUTE - 50, { relation: 'ip-name', key: DST, value: 'www.example.com', device: 'dns1' }),
    flow('10.0.0.6', 50_003, DST, 5 * MINUTE),
  ];

  test('any order of arrival, in any parts, with any restarts and however little is held in memory, gives equal verdicts', () => {
    const onTime = answers(day);
    const order = fc.shuffledSubarray([...day.keys()], { minLength: day.length });
    const parts = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 5 });
    fc.assert(
      fc.property(order, parts, fc.constantFrom(2, 5, 1000), (indexes, sizes, held) => {
        expect(
          answers(
            indexes.map((i) => day[i]!),
            sizes,
            { held },
          ),
        ).toEqual(onTime);
      }),
      { numRuns: 8 },
    );
  });

  test('changes the verdict, and what was known before it can be asked for', () => {
    const late = { ...line('10.0.0.5', MINUTE + 950), receivedAt: T + 120 * MINUTE };
    const told = [...site, ...inner('10.0.0.5', 50_000, MINUTE), outer(40_000, MINUTE + 30), late];
    const before: unknown[] = [];
    const now = answers(told, [told.length - 1], {
      look: (db) => {
        for (const num of [1, 2]) before.push(resolveKnownAt(db, DEFAULT_VERDICT_RULES, num, T + 60 * MINUTE));
      },
    });
    expect(of(now, 40_000)).toMatchObject({ owner_name: 'anna' });
    expect(before).toContainEqual(
      expect.objectContaining({
        reasons: ['BEHIND_PROXY'],
        owners: [expect.objectContaining({ owner: expect.objectContaining({ name: 'proxy' }) as unknown })],
      }),
    );
  });
});
