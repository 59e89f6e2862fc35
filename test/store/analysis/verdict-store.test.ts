import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import { SessionStore } from '../../../store/analysis/session-store';
import type { VerdictRecord } from '../../../store/analysis/verdict-record';
import { VerdictStore } from '../../../store/analysis/verdict-store';
import { findOwners, verdictDetail, verdictsAfter } from '../../../store/queries/verdicts';
import { sessionRecord } from './session-records';

const T = 1_764_000_000_000;
const WEB = { kind: 'vm', id: 'vm:web-uuid', name: 'web-1', host: 'esx1' } as const;
const MAIL = { kind: 'vm', id: 'vm:mail-uuid', name: 'mail', host: 'esx2' } as const;

let directory: string;
let db: Database;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-verdicts-'));
  db = openAnalysisForWriting(join(directory, 'ascribe.db'));
  const records = [1, 2].map((num) => ({ record: sessionRecord(num), fresh: true }));
  const counters = { rows: 2, sessions: 2, watermark: T };
  new SessionStore(db).commit({ records, slices: [], sources: [], ...counters }, { segment: 's', lastId: 1 });
});
afterEach(() => {
  db.close();
  rmSync(directory, { recursive: true });
});

const verdict = (session: number, more: Partial<VerdictRecord> = {}): VerdictRecord => ({
  session,
  start: T,
  status: 'attributed',
  confidence: 0.9,
  owners: [
    { owner: WEB, weight: 0.9 },
    { owner: MAIL, weight: 0.05 },
  ],
  reasons: ['MULTI_CANDIDATE', 'STALE'],
  steps: [
    {
      relation: 'ip-mac',
      from: '10.0.0.5',
      to: '02:00:5e:00:53:01',
      device: 'core',
      parser: 'snmp_arp',
      validFrom: T,
      validTo: T + 5,
      clockOffset: -3,
      confidence: 0.95,
      rawSeqs: [7, 9],
      detail: '',
    },
  ],
  source: '0A000005',
  sourcePort: 50_000,
  sources: [],
  legOf: null,
  rule: null,
  ...more,
});

const id = (num: number): string => `${String(num).padStart(8, '0')}-0-00000000`;

describe('the verdict store', () => {
  test('gives a verdict back with candidates, chain and legs', () => {
    const rule = {
      device: 'fw1',
      name: 'out',
      id: '7',
      configVersion: '',
      line: 0,
      author: '',
      committedAt: 0,
      text: '',
    };
    new VerdictStore(db).write([verdict(1), verdict(2, { legOf: 1, rule })], T + 9);
    expect(verdictDetail(db, id(1))).toMatchObject({
      verdict: {
        session: id(1),
        status: 'attributed',
        confidence: 0.9,
        owner_kind: 'vm',
        owner_id: 'vm:web-uuid',
        owner_name: 'web-1',
        owner_host: 'esx1',
        reasons: 'MULTI_CANDIDATE STALE',
        source_ip: '10.0.0.5',
        source_port: 50_000,
        leg_of: null,
        rule_device: null,
        recorded_at: T + 9,
        revision: 1,
      },
      owners: [
        { number: 0, owner: 'vm:web-uuid', weight: 0.9 },
        { number: 1, owner: 'vm:mail-uuid', host: 'esx2', weight: 0.05 },
      ],
      steps: [
        { number: 0, relation: 'ip-mac', from: '10.0.0.5', raw_seqs: '[7,9]', clock_offset: -3, valid_to: T + 5 },
      ],
      legs: [id(2)],
    });
    expect(verdictDetail(db, id(2))?.verdict).toMatchObject({ leg_of: id(1), rule_device: 'fw1', rule_id: '7' });
  });

  test('writes again only what says something new, and a follower is told of that alone', () => {
    const store = new VerdictStore(db);
    expect(store.write([verdict(1), verdict(2)], T)).toBe(2);
    expect(store.write([verdict(1), verdict(2, { confidence: 0.8 })], T + 1)).toBe(1);
    expect(verdictsAfter(db, 2, 10)).toMatchObject([{ session: id(2), revision: 3, recorded_at: T + 1 }]);
    expect(new VerdictStore(db).write([verdict(2)], T + 2)).toBe(1);
    expect(verdictsAfter(db, 3, 10)).toMatchObject([{ session: id(2), revision: 4 }]);
  });

  test.each<[string, Partial<VerdictRecord>]>([
    ['status', { status: 'ambiguous' }],
    ['confidence', { confidence: 0.91 }],
    ['candidates', { owners: [{ owner: MAIL, weight: 0.9 }] }],
    ['weight of a later candidate', { owners: [verdict(1).owners[0]!, { owner: MAIL, weight: 0.06 }] }],
    ['reasons', { reasons: [] }],
    ['chain', { steps: [] }],
    ['source', { source: null }],
    ['port of the source', { sourcePort: null }],
    ['leg', { legOf: 2 }],
    ['begin', { start: T + 1 }],
  ])('tells another %s from the stored one, there and back', (_, more) => {
    const store = new VerdictStore(db);
    store.write([verdict(1)], T);
    const whole = (): unknown => db.prepare('SELECT * FROM verdict_row').all();
    const before = whole();
    expect(store.write([verdict(1)], T + 1)).toBe(0);
    expect(whole()).toEqual(before);
    expect(store.write([verdict(1, more)], T + 1)).toBe(1);
    expect(store.write([verdict(1, more)], T + 2)).toBe(0);
    expect(store.write([verdict(1)], T)).toBe(1);
    expect(whole()).toMatchObject((before as object[]).map((row) => ({ ...row, revision: 3 })));
  });

  test('takes the verdict of a session that was passed over', () => {
    const store = new VerdictStore(db);
    expect(store.write([verdict(2)], T)).toBe(1);
    expect(store.write([verdict(1)], T)).toBe(1);
    expect(store.write([verdict(1), verdict(2)], T)).toBe(0);
  });

  test('finds an owner by any of its names, hosts and the beginning of a name', () => {
    const renamed = [{ owner: { ...WEB, name: 'web-old', host: 'esx3' }, weight: 0.9 }];
    new VerdictStore(db).write([verdict(1), verdict(2, { owners: renamed, start: T + 60 })], T);
    const web = {
      id: 'vm:web-uuid',
      names: ['web-1', 'web-old'],
      hosts: ['esx1', 'esx3'],
      sessions: 2,
      lastStart: T + 60,
    };
    for (const text of ['web-1', 'web-old', 'vm:web-uuid', 'esx3', 'web'])
      expect(findOwners(db, text, 9)).toMatchObject([web]);
    expect(findOwners(db, 'w%', 9)).toEqual([]);
    expect(findOwners(db, 'mail', 9)).toMatchObject([{ id: 'vm:mail-uuid', sessions: 0, firstStart: undefined }]);
  });
});
