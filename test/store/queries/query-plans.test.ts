import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import {
  exportersOf,
  heardOfAll,
  listAssets,
  reasonCounts,
  sharesByInterface,
  sharesByNetwork,
} from '../../../store/queries/coverage';
import { findBindings } from '../../../store/queries/bindings';
import {
  neighboursOfDestination,
  ownersOfDestination,
  servicesOfOwner,
  sessionsSince,
} from '../../../store/queries/investigation';
import { sessionDetail } from '../../../store/queries/session-detail';
import { findSessions, type SessionFilter } from '../../../store/queries/sessions';
import { addressesOf, findOwners, verdictDetail, verdictsAfter } from '../../../store/queries/verdicts';
import { bindingsOf, isTranslated, parseHolder } from '../../../store/queries/who';

/** Tables that hold a row or more for each session. */
const LARGE = [
  'session_row',
  'session_observer_row',
  'session_slice_row',
  'verdict_row',
  'true_source_row',
  'account_row',
  'change_row',
];

/** Indexes that may be walked: the latest sessions are asked for in their order, devices by one probe each. */
const WALKED: ReadonlySet<string> = new Set(['session_by_start', 'account_by_device', 'change_by_device']);

let directory: string;
let db: Database;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-plans-'));
  db = openAnalysisForWriting(join(directory, 'ascribe.db'));
  db.exec(`INSERT INTO owner_row(kind, id, name, host) VALUES ('vm', 'vm:1', 'web', 'esx1'), ('vm', 'vm:2', 'mail', 'esx1');
    INSERT INTO session_row(num, id, scope, protocol, start, "end", src, dst, direction_source, direction_conflict,
    network_direction, encrypted, encrypted_by, state, end_source, sampling, slices, observers, cut, first_seq,
    first_ordinal, last_received, revision, src_is_a, first_from_a, touched_at) VALUES (1, 'a-1', '', 6, 1, 2,
    x'0A000005', x'C6336407', 'port', 0, 'outbound', 'yes', '', 'open', 'none', 'none', 1, 1, 0, 1, 1, 1, 1, 1, 1, 1);
    INSERT INTO verdict_row(session, start, status, confidence, owner, reasons, owners, steps, recorded_at, revision)
    VALUES (1, 1, 'attributed', 0.9, 1, '', '[[1,0.9]]', '[]', 1, 1);`);
});
afterAll(() => {
  db.close();
  rmSync(directory, { recursive: true });
});

/** What every statement walks from end to end that `read` prepares. */
function walkedBy(read: (db: Database) => unknown): string[] {
  const texts = new Set<string>();
  const watched = new Proxy(db, {
    get: (target, name) => {
      if (name !== 'prepare') return Reflect.get(target, name, target) as unknown;
      return (sql: string) => {
        texts.add(sql);
        return target.prepare(sql);
      };
    },
  });
  read(watched);
  return [...texts].flatMap((sql) => walksOf(sql).map((name) => `${name}: ${sql}`));
}

/** Tables and indexes of the large ones over which a statement loops from their first or last row. */
function walksOf(sql: string): string[] {
  const roots = new Map(
    db
      .prepare(`SELECT rootpage, name FROM sqlite_schema WHERE tbl_name IN (${LARGE.map(() => '?').join(', ')})`)
      .raw()
      .all(LARGE) as [number, string][],
  );
  const plain = sql.replaceAll(/\?\d*|@\w+/gu, '1');
  const steps = db.prepare(`EXPLAIN ${plain}`).all() as { opcode: string; p1: number; p2: number }[];
  const opened = new Map<number, string | undefined>();
  const walked = new Set<string>();
  for (const { opcode, p1, p2 } of steps) {
    if (opcode.startsWith('Open')) opened.set(p1, opcode === 'OpenRead' ? roots.get(p2) : undefined);
    const name = opcode === 'Rewind' || opcode === 'Last' ? opened.get(p1) : undefined;
    if (name !== undefined && !WALKED.has(name)) walked.add(name);
  }
  return [...walked];
}

test('a walk over all sessions is noticed', () => {
  expect(walkedBy((watched) => watched.prepare('SELECT count(*) FROM verdict_row WHERE confidence > ?'))).toEqual([
    'verdict_row: SELECT count(*) FROM verdict_row WHERE confidence > ?',
  ]);
  expect(walkedBy((watched) => watched.prepare('SELECT 1 FROM verdict_row WHERE session = ?'))).toEqual([]);
});

const filters: readonly Omit<SessionFilter, 'limit'>[] = [
  {},
  { status: 'ambiguous' },
  { status: 'blind', from: 1, to: 9 },
  { status: 'blind', port: 22 },
  { owner: 'web' },
  { owner: 'esx1', from: 1, to: 9, withoutLegs: true },
  { owner: 'web', port: 22, status: 'blind' },
  { owner: 'nobody' },
  { src: '10.0.0.5' },
  { src: '10.0.0.5', port: 22, state: 'denied' },
  { src: '10.0.0.0/8', dst: '198.51.100.0/24', owner: 'web' },
  { dst: '198.51.100.7', encrypted: 'yes' },
  { port: 22, networkDirection: 'outbound', encrypted: 'yes' },
  { state: 'denied' },
  { networkDirection: 'inbound', to: 9 },
  { encrypted: 'unknown', from: 1 },
];

test.each(filters.map((filter) => [JSON.stringify(filter), filter] as const))('sessions %s', (_name, filter) => {
  expect(walkedBy((watched) => findSessions(watched, { ...filter, limit: 2 }))).toEqual([]);
});

test.each([
  ['a session', (watched: Database) => sessionDetail(watched, 'a-1')],
  ['its verdict', (watched: Database) => verdictDetail(watched, 'a-1')],
  ['changed verdicts', (watched: Database) => verdictsAfter(watched, 0, 2)],
  ['an owner', (watched: Database) => findOwners(watched, 'web', 2)],
  ['owners by the beginning of their names', (watched: Database) => findOwners(watched, 'we', 2)],
  ['the addresses of owners', (watched: Database) => addressesOf(watched, [1, 2])],
  ['who had an address', (watched: Database) => bindingsOf(watched, { holder: parseHolder('10.0.0.5')!, limit: 2 })],
  ['whether an address is translated', (watched: Database) => isTranslated(watched, parseHolder('10.0.0.5')!)],
  ['assets', (watched: Database) => listAssets(watched)],
  ['what was heard of assets', (watched: Database) => heardOfAll(watched)],
  ['who exports flows of a machine', (watched: Database) => exportersOf(watched)({ kind: 'vm', id: 'vm:1' })],
  ['who exports flows of a host', (watched: Database) => exportersOf(watched)({ kind: 'host', id: 'esx1' })],
  ['who talks with a destination', (watched: Database) => ownersOfDestination(watched, 'C6336407', 2)],
  ['what an owner does', (watched: Database) => servicesOfOwner(watched, 'vm:1', 2)],
  ['what lies beside a destination', (watched: Database) => neighboursOfDestination(watched, 'C6336409', 2)],
  ['whether an owner has stopped', (watched: Database) => sessionsSince(watched, 'vm:1', 'C6336407', 0)],
  ['reasons', (watched: Database) => reasonCounts(watched, 1)],
  ['shares by interface', (watched: Database) => sharesByInterface(watched, 1, 2)],
  ['shares by network', (watched: Database) => sharesByNetwork(watched, 1, 2)],
])('%s', (_name, read) => {
  expect(walkedBy(read)).toEqual([]);
});

test('an investigation looks at the latest sessions of a destination and an owner, and at what lies beside it', () => {
  expect(ownersOfDestination(db, 'C6336407', 2)).toMatchObject([
    { owner_id: 'vm:1', sessions: 1, looked: 1, first: 1 },
  ]);
  expect(servicesOfOwner(db, 'vm:1', 2)).toMatchObject([{ protocol: 6, sessions: 1, destinations: 1 }]);
  expect(servicesOfOwner(db, 'vm:none', 2)).toEqual([]);
  expect(neighboursOfDestination(db, 'C6336409', 2)).toMatchObject([{ dst_ip: '198.51.100.7', sessions: 1, first: 1 }]);
  expect(neighboursOfDestination(db, 'C6336407', 2)).toEqual([]);
  expect(neighboursOfDestination(db, 'CB007101', 2)).toEqual([]);
  expect([0, 1].map((since) => sessionsSince(db, 'vm:1', 'C6336407', since))).toEqual([1, 0]);
});

test.each([
  ['all', { device: 'core' }],
  ['of a relation', { device: 'core', relation: 'nat' }],
  ['of a time', { device: 'core', from: 1, to: 9 }],
])('bindings of a device, %s, are found by the device', (_name, filter) => {
  db.exec(`INSERT OR IGNORE INTO binding_row(num, series, relation, scope, key, value, destination, device, parser, valid_from_lo,
    valid_from_hi, valid_to_lo, valid_to_hi, begin_source, end_source, first_observed, last_observed, observations, first_seq,
    first_segment, last_seq, last_segment, last_fact, recorded_at, last_recorded_at) VALUES (1, 1, 'nat', '', 'k', 'v', '', 'core', 'p',
    1, 1, 5, 5, 'seen', 'seen', 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)`);
  const plans: string[] = [];
  const watched = new Proxy(db, {
    get: (target, name) => {
      if (name !== 'prepare') return Reflect.get(target, name, target) as unknown;
      return (sql: string) => {
        const plan = sql.includes('FROM binding_row b') ? planOf(sql) : '';
        if (plan !== '') plans.push(plan);
        return target.prepare(sql);
      };
    },
  });
  expect(findBindings(watched, { ...filter, limit: 2 })).toMatchObject([{ device: 'core' }]);
  expect(plans).not.toEqual([]);
  for (const plan of plans) expect(plan).toContain('USING INDEX binding_by_device (device=? AND relation=?)');
});

function planOf(sql: string): string {
  const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql.replaceAll('?', '1')}`).all() as { detail: string }[];
  return steps.map(({ detail }) => detail).join('; ');
}
