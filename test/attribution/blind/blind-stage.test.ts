import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { resolveKnownAt } from '../../../attribution/verdicts/known-evidence';
import { DEFAULT_VERDICT_RULES } from '../../../attribution/verdicts/verdict-rules';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import { FactsDirectory } from '../../../store/facts/facts-directory';
import {
  append,
  flow,
  gap,
  INSIDE,
  log,
  newSegment,
  OUTSIDE,
  said,
  seen,
  Stages,
  T,
  type Told,
} from '../verdicts/verdict-facts';

const MINUTE = 60_000;
const DST = '198.51.100.7';
const ELSEWHERE = '198.51.100.8';
const PAT = '203.0.113.9';
const WEB = '4220a1c0-0000-0000-0000-000000000001';
const MAC = '00:50:56:00:00:01';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-blind-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

interface Answer {
  readonly verdicts: unknown[];
  readonly spots: unknown[];
}

/** What the stages say of things told in this order, taken in parts of this size, with a new process for each. */
function answer(told: readonly Told[], part = told.length, look: (db: Database) => void = () => {}): Answer {
  const root = mkdtempSync(join(directory, 'run-'));
  mkdirSync(join(root, 'flows'));
  const segment = newSegment(join(root, 'flows'));
  const facts = new FactsDirectory(join(root, 'flows'));
  const db = openAnalysisForWriting(join(root, 'ascribe.db'));
  for (let at = 0; at < told.length; at += part) {
    append(segment, told.slice(at, at + part), at + 1);
    new Stages(db, facts).catchUp();
  }
  look(db);
  const spots = db.prepare('SELECT device, kind, "from" - ? AS "from", "to" - ? AS "to", reason, missing FROM blind');
  const found = { verdicts: said(db), spots: spots.all(T, T) };
  facts.close();
  db.close();
  segment.close();
  return found;
}

const known: readonly Told[] = [
  seen(0, { relation: 'mac-vnic', key: MAC, value: `${WEB}/4000`, device: 'esx1', parser: 'esxi' }),
  seen(0, { relation: 'vnic-vm', key: `${WEB}/4000`, value: 'web', device: 'esx1', parser: 'esxi' }),
  seen(0, { key: '10.0.0.5', value: MAC, device: 'core' }),
];

/** The firewall logs a session of its translated address. */
const logged = (at: number): Told =>
  log('session_start', at, {
    source: { ip: '10.0.0.5', port: 40_000 + at / 1000, natIp: PAT, natPort: 50_000 + at / 1000 },
    destination: { ip: DST, port: 443 },
  });

const every = (ms: number, from: number, to: number, tell: (at: number) => Told): Told[] =>
  Array.from({ length: Math.floor((to - from) / ms) }, (_, i) => tell(from + i * ms));

const inOrder = (told: readonly Told[]): Told[] => told.toSorted((a, b) => a.receivedAt - b.receivedAt);

describe('missing flow records', () => {
  const told = inOrder([
    ...known,
    flow('10.0.0.5', 50_000, DST, MINUTE),
    flow('10.0.0.5', 50_001, DST, 5 * MINUTE),
    gap(5 * MINUTE - 1000, 5 * MINUTE + 9000, { missing: 30n, unit: 'records', detail: '2 gaps' }),
  ]);

  test('are told of the sessions of that time, with who lost how many, and of no other', () => {
    const { verdicts, spots } = answer(told);
    expect(spots).toEqual([
      { device: INSIDE, kind: 'flow', from: 5 * MINUTE - 1000, to: 5 * MINUTE + 9000, reason: 'GAP', missing: 30 },
    ]);
    expect(verdicts).toMatchObject([
      { src_port: 50_000, status: 'attributed', reasons: '' },
      { src_port: 50_001, status: 'attributed', owner_name: 'web', reasons: 'FLOW_GAP' },
    ]);
    const { steps } = verdicts[1] as { steps: unknown[] };
    expect(steps.at(-1)).toMatchObject({
      relation: 'blind',
      from: `flow records of ${INSIDE}`,
      to: '30 records are missing',
      valid_from: T + 5 * MINUTE - 1000,
      valid_to: T + 5 * MINUTE + 9000,
    });
  });

  test('give the same however the facts are taken in', () => {
    for (const part of [1, 2, 3]) expect(answer(told, part)).toEqual(answer(told));
  });

  test('of names that somebody makes up fill nothing, and those of known sources go on', () => {
    const madeUp = Array.from({ length: 20_100 }, (_, i) => gap(MINUTE, MINUTE + 1, { device: `forged-${i}` }));
    const later = gap(30 * MINUTE, 31 * MINUTE, { device: 'forged-0' });
    const { spots } = answer([...madeUp, later]);
    expect(spots).toHaveLength(20_001);
    expect(spots).toContainEqual(expect.objectContaining({ device: 'forged-0', from: 30 * MINUTE }));
  });

  test('are not held against a session by what was known before', () => {
    let before: unknown;
    answer(told, told.length, (db) => {
      before = resolveKnownAt(db, DEFAULT_VERDICT_RULES, 2, T + 5 * MINUTE + 5000);
    });
    expect(before).toMatchObject({ status: 'attributed', reasons: [] });
  });

  test('make an inference weigh less: a session that would have fitted as well may be among them', () => {
    const inferred = [...known, flow('10.0.0.5', 50_000, DST, MINUTE), flow(PAT, 61_000, DST, MINUTE)];
    const of = (all: readonly Told[]): { confidence: number; reasons: string } =>
      answer(inOrder(all)).verdicts[1] as { confidence: number; reasons: string };
    const [whole, lossy] = [of(inferred), of([...inferred, gap(MINUTE, MINUTE + 8000, { missing: 1n })])];
    expect(whole.reasons).toContain('NAT_INFERRED');
    expect(lossy.reasons).toContain('FLOW_GAP');
    expect(lossy.confidence).toBeLessThan(whole.confidence);
  });
});

describe('a translator that falls silent', () => {
  const [quiet, loud] = [10 * MINUTE, 40 * MINUTE];
  const during = flow(PAT, 61_000, ELSEWHERE, 20 * MINUTE);
  const exports = every(60_000, 0, 50 * MINUTE, (at) => flow('10.0.0.5', 30_000 + at / 1000, DST, at));
  const logs = [...every(20_000, 0, quiet, logged), ...every(20_000, loud, 50 * MINUTE, logged)];
  const told = inOrder([...known, ...exports, ...logs, during]);
  const outer = ({ verdicts }: Answer): unknown => verdicts.find((one) => (one as { src_ip: string }).src_ip === PAT);

  test('makes the sessions of its addresses blind, and is named with the stretch of time', () => {
    const found = answer(told);
    const spot = { device: 'fw1', kind: 'session_log', from: quiet - 20_000, to: loud, reason: 'SILENT' };
    expect(found.spots).toEqual([{ ...spot, missing: null }]);
    expect(outer(found)).toMatchObject({ status: 'blind', reasons: expect.stringContaining('LOG_GAP') });
    const { steps } = outer(found) as { steps: unknown[] };
    expect(steps.at(-1)).toMatchObject({ relation: 'blind', from: 'session logs of fw1', to: 'none came' });
  });

  test('is told while it still is, and the same at the end as when all came at once', () => {
    const sofar = told.filter(({ receivedAt }) => receivedAt < T + 30 * MINUTE);
    const open = answer(sofar, 40);
    expect(open.spots).toEqual([
      { device: 'fw1', kind: 'session_log', from: quiet - 20_000, to: null, reason: 'SILENT', missing: null },
    ]);
    expect(outer(open)).toMatchObject({ status: 'blind', reasons: expect.stringContaining('LOG_GAP') });
    expect(answer(told, 40)).toEqual(answer(told));
  });

  test('is none where its log came after all, only later', () => {
    const late = every(20_000, quiet, loud, logged).map((one) => ({ ...one, receivedAt: T + loud + 1000 }));
    const whole = inOrder([...known, ...exports, ...every(20_000, 0, 50 * MINUTE, logged), during]);
    expect(answer(whole).spots).toEqual([]);
    // Received late, the stretch in which nothing came stays true; whose session it was is told now.
    const own = log('session_start', 20 * MINUTE, {
      source: { ip: '10.0.0.5', port: 44_000, natIp: PAT, natPort: 61_000 },
      destination: { ip: ELSEWHERE, port: 443 },
    });
    const answered = answer(inOrder([...told, ...late, { ...own, receivedAt: T + loud + 1000 }]));
    expect(outer(answered)).toMatchObject({ status: 'attributed', owner_name: 'web' });
    expect(outer(answered)).not.toMatchObject({ reasons: expect.stringContaining('LOG_GAP') });
  });
});

describe('a device that cannot be read', () => {
  test('is named where an address was last seen before', () => {
    const polls = every(60_000, 0, 20 * MINUTE, (at) => seen(at, { key: '10.0.0.5', value: MAC, device: 'core' }));
    const others = every(60_000, 0, 60 * MINUTE, (at) => seen(at, { key: '10.0.0.9', value: MAC, device: 'edge' }));
    const session = flow('10.0.0.5', 50_000, DST, 50 * MINUTE);
    const { verdicts, spots } = answer(inOrder([...known, ...polls, ...others, session]));
    expect(spots).toEqual([
      { device: 'core', kind: 'poll', from: 19 * MINUTE, to: null, reason: 'STALE', missing: null },
    ]);
    expect(verdicts).toMatchObject([{ owner_name: 'web', reasons: expect.stringContaining('POLL_GAP') }]);
    const { steps } = verdicts[0] as { steps: unknown[] };
    expect(steps.at(-1)).toMatchObject({ relation: 'blind', from: 'readings of core', to: 'none succeeded' });
  });
});

test('what our own receiver lost may have been any exporter’s, and is told of every session of that time', () => {
  const receiver = {
    device: 'udp://0.0.0.0:2055',
    parser: 'receiver_flow',
    kind: 'kernel_drop',
    unit: 'packets',
  } as const;
  const told = inOrder([
    ...known,
    flow('10.0.0.5', 50_000, DST, MINUTE),
    flow('10.0.0.5', 50_001, DST, 20 * MINUTE),
    gap(MINUTE, MINUTE + 5000, { ...receiver, missing: 12n }),
    gap(MINUTE, MINUTE + 5000, { ...receiver, kind: 'queue_drop', missing: 3n }),
  ]);
  const { verdicts, spots } = answer(told);
  expect(spots).toEqual([
    { device: receiver.device, kind: 'flow', from: MINUTE, to: MINUTE + 5000, reason: 'DROPPED', missing: 15 },
  ]);
  expect(verdicts).toMatchObject([
    { owner_name: 'web', reasons: 'FLOW_GAP' },
    { owner_name: 'web', reasons: '' },
  ]);
  const { steps } = verdicts[0] as { steps: unknown[] };
  expect(steps.at(-1)).toMatchObject({
    relation: 'blind',
    from: 'flow records at udp://0.0.0.0:2055',
    to: '15 packets came and were lost in our own receiver',
  });
  for (const part of [1, 2]) expect(answer(told, part)).toEqual(answer(told));
});

test('a DHCP server whose log falls silent is named where an address was leased before', () => {
  const lease = {
    relation: 'ip-dhcp',
    value: MAC,
    device: 'dhcp1',
    parser: 'dhcp',
    syslog: { hostname: 'dhcp1' },
  } as const;
  const leases = every(60_000, 0, 20 * MINUTE, (at) => seen(at, { ...lease, key: '10.0.0.5' }));
  const others = every(60_000, 0, 60 * MINUTE, (at) => seen(at, { ...lease, key: '10.0.0.9', device: 'dhcp2' }));
  const session = flow('10.0.0.5', 50_000, DST, 50 * MINUTE);
  const { verdicts, spots } = answer(inOrder([...known.slice(0, 2), ...leases, ...others, session]));
  expect(spots).toEqual([
    { device: 'dhcp1', kind: 'lease_log', from: 19 * MINUTE, to: null, reason: 'SILENT', missing: null },
  ]);
  expect(verdicts).toMatchObject([{ owner_name: 'web', reasons: expect.stringContaining('LOG_GAP') }]);
  const { steps } = verdicts[0] as { steps: unknown[] };
  expect(steps.at(-1)).toMatchObject({ relation: 'blind', from: 'lease logs of dhcp1', to: 'none came' });
});

test('an exporter that falls silent may have had more to tell of what went on then', () => {
  const inside = every(10_000, 0, 10 * MINUTE, (at) => flow('10.0.0.5', 30_000 + at / 1000, DST, at));
  const outside = every(10_000, 0, 30 * MINUTE, (at) => flow('203.0.113.77', 30_000 + at / 1000, DST, at));
  const { verdicts, spots } = answer(inOrder([...known, ...inside, ...outside]));
  expect(spots).toMatchObject([{ device: INSIDE, kind: 'flow', to: null, reason: 'SILENT' }]);
  expect(spots).not.toContainEqual(expect.objectContaining({ device: OUTSIDE }));
  const last = verdicts.findLast((one) => (one as { src_ip: string }).src_ip === '10.0.0.5');
  expect(last).toMatchObject({ reasons: 'FLOW_GAP' });
});
