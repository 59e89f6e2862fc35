import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import {
  ANALYSIS_SCHEMA_VERSION,
  openAnalysisForReading,
  openAnalysisForWriting,
} from '../../../store/analysis/analysis-db';
import { MIGRATIONS } from '../../../store/analysis/migrations.data';
import { SessionStore } from '../../../store/analysis/session-store';
import { observerRecord, sessionRecord, sliceRecord } from './session-records';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-analysis-'));
  path = join(directory, 'ascribe.db');
});
afterEach(() => rmSync(directory, { recursive: true }));

const set = (sql: string): void => {
  const db = new Database(path);
  db.exec(sql);
  db.close();
};

describe('ascribe.db', () => {
  test('is made, then opened again and for reading', () => {
    openAnalysisForWriting(path).close();
    openAnalysisForWriting(path).close();
    const db = openAnalysisForReading(path);
    expect(db.pragma('user_version', { simple: true })).toBe(ANALYSIS_SCHEMA_VERSION);
    expect(() => db.exec('DELETE FROM counter')).toThrow(expect.objectContaining({ code: 'SQLITE_READONLY' }));
    db.close();
  });

  test('migrations are numbered without holes', () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, i) => i + 1));
  });

  test.each<[string, () => void, string, string]>([
    [
      'a later schema',
      () => set('PRAGMA application_id=0x61736341; PRAGMA user_version=99'),
      'schema_too_new',
      'schema_too_new',
    ],
    ['another program’s file', () => set('CREATE TABLE x(a)'), 'analysis_database', 'analysis_database'],
    ['no database', () => writeFileSync(path, 'x'.repeat(9000)), 'analysis_database', 'analysis_database'],
  ])('%s is refused', (_name, prepare, reading, writing) => {
    prepare();
    expect(() => openAnalysisForReading(path)).toThrow(expect.objectContaining({ code: reading }));
    expect(() => openAnalysisForWriting(path)).toThrow(expect.objectContaining({ code: writing }));
  });

  test.each<[string, () => void]>([
    ['a missing file', () => undefined],
    ['an empty file', () => writeFileSync(path, '')],
  ])('%s is not read', (_name, prepare) => {
    prepare();
    expect(() => openAnalysisForReading(path)).toThrow(expect.objectContaining({ code: 'analysis_database' }));
  });
});

describe('SessionStore', () => {
  const changes = { slices: [], sources: [], rows: 1, sessions: 1, watermark: 5 };
  const cursor = { segment: 's', lastId: 1 };

  test('gives back what it was given, exact to the bit', () => {
    const db = openAnalysisForWriting(path);
    const store = new SessionStore(db);
    const full = sessionRecord(1, {
      initiator: 'b',
      natA: null,
      natB: '20010DB8000000000000000000000001',
      natBPort: 9,
      stated: 'b',
      cut: true,
      user: 'anna',
      directionConflict: true,
      handshakeRoom: null,
      observers: [
        observerRecord(0),
        observerRecord(1, { fromA: false, bytes: 2n ** 63n - 1n, connectionId: '-1', ended: 'rst' }),
      ],
    });
    store.commit({ ...changes, records: [{ record: full, fresh: true }] }, cursor);
    expect(store.latest(10)).toEqual([full]);
    expect(store.cursor()).toEqual(cursor);
    expect(store.counters()).toEqual({ rows: 1, sessions: 1, watermark: 5 });
    db.close();
  });

  test('a change replaces the row, also when the direction turns round', () => {
    const db = openAnalysisForWriting(path);
    const store = new SessionStore(db);
    store.commit({ ...changes, records: [{ record: sessionRecord(1), fresh: true }] }, cursor);
    const changed = sessionRecord(1, { initiator: 'b', revision: 9, observers: [observerRecord(0, { packets: 4 })] });
    store.commit({ ...changes, records: [{ record: changed, fresh: false }] }, { ...cursor, lastId: 2 });
    expect(store.latest(10)).toEqual([changed]);
    expect(db.prepare('SELECT src_ip, dst_ip, nat_dst_ip FROM session').get()).toEqual({
      src_ip: '198.51.100.7',
      dst_ip: '10.0.0.5',
      nat_dst_ip: '203.0.113.1',
    });
    db.close();
  });

  test('latest gives the last changed in the order of their change', () => {
    const db = openAnalysisForWriting(path);
    const store = new SessionStore(db);
    const records = [3, 1, 2].map((num) => ({ record: sessionRecord(num, { revision: 10 - num }), fresh: true }));
    store.commit({ ...changes, records }, cursor);
    expect(store.latest(2).map(({ num }) => num)).toEqual([2, 1]);
    db.close();
  });

  test('nothing of a failed commit stays', () => {
    const db = openAnalysisForWriting(path);
    const store = new SessionStore(db);
    const twice = [sliceRecord(1), sliceRecord(1)];
    const records = [{ record: sessionRecord(1), fresh: true }];
    expect(() => store.commit({ ...changes, records, slices: twice }, cursor)).toThrow(/UNIQUE/);
    expect(store.latest(10)).toEqual([]);
    expect(store.cursor()).toBeUndefined();
    store.commit({ ...changes, records, slices: [sliceRecord(1)] }, cursor);
    expect(db.prepare('SELECT segment FROM session_slice').pluck().all()).toEqual(['2025-11-24T16-000']);
    db.close();
  });
});
