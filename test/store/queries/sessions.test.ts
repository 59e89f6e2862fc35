import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { openAnalysisForReading, openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import { GapStore } from '../../../store/analysis/gap-store';
import { SessionStore } from '../../../store/analysis/session-store';
import { sessionDetail } from '../../../store/queries/session-detail';
import { findSessions, type SessionFilter } from '../../../store/queries/sessions';
import { listGaps, listSources, summarizeGaps } from '../../../store/queries/sources';
import { sessionRecord, sliceRecord } from '../analysis/session-records';

const T = 1_764_000_000_000;
const DAY = 86_400_000;
let directory: string;
let db: Database;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-queries-'));
  const path = join(directory, 'ascribe.db');
  const writer = openAnalysisForWriting(path);
  const records = [
    sessionRecord(1, { a: '0A000005', b: 'C6336407', aPort: 50_000, bPort: 443, start: T, end: T + 10 }),
    sessionRecord(2, {
      a: '0A000105',
      b: 'C6336408',
      bPort: 22,
      start: T + 20,
      end: T + 30,
      encrypted: 'no',
      state: 'ended',
    }),
    sessionRecord(3, {
      a: '0A000006',
      b: '20010DB8000000000000000000000001',
      start: T + 40,
      end: T + 50,
      networkDirection: 'inbound',
    }),
    sessionRecord(4, { a: '0A000005', b: 'C6336407', start: T - 3 * DAY, end: T + 5, state: 'denied' }),
    sessionRecord(5, {
      a: '0A000005',
      b: 'C6336407',
      initiator: 'b',
      aPort: 7,
      bPort: 8,
      start: T - 5 * DAY,
      end: T - 5 * DAY + 1,
    }),
  ];
  new SessionStore(writer).commit(
    {
      records: records.map((record) => ({ record, fresh: true })),
      slices: [
        sliceRecord(1, { flow: 7, rawSeq: 41 }),
        sliceRecord(1, { flow: 8, rawSeq: 41 }),
        sliceRecord(1, { flow: 9, rawSeq: 40, fromA: false }),
      ],
      sources: [
        { exporter: '192.0.2.1', domain: 0, firstReceived: T, lastReceived: T + 1, rows: 3 },
        { exporter: '192.0.2.2', domain: 9, firstReceived: T, lastReceived: T + 2, rows: 1 },
      ],
      rows: 3,
      sessions: 5,
      watermark: T,
    },
    { segment: '2025-11-24T16-000', lastId: 3 },
  );
  const gap = (id: number, observedAt: number, kind: string, missing: number | null) => ({
    id,
    raw_seq: id,
    observed_at: observedAt,
    time_quality: 'ok',
    device: 'r1',
    parser: 'v9',
    kind,
    missing,
    unit: 'packets',
    detail: null,
  });
  new GapStore(writer).commit(
    '2025-11-24T16-000',
    [gap(1, T, 'sequence', 4), gap(2, T + 9, 'sequence', 3), gap(3, T + 5, 'restart', null)],
    3,
  );
  writer.close();
  db = openAnalysisForReading(path);
});

afterAll(() => {
  db.close();
  rmSync(directory, { recursive: true });
});

const found = (filter: Partial<SessionFilter>): unknown[] =>
  findSessions(db, { limit: 100, ...filter }).map((row) => Number(String(row['id']).slice(7, 8)));

describe('findSessions', () => {
  test.each<[string, Partial<SessionFilter>, number[]]>([
    ['all, the latest first', {}, [3, 2, 1, 4, 5]],
    ['limit', { limit: 2 }, [3, 2]],
    ['from: what still lasted, however long ago it began', { from: T + 5 }, [3, 2, 1, 4]],
    ['from, limited', { from: T + 5, limit: 3 }, [3, 2, 1]],
    ['from after the end of the long one', { from: T + 6 }, [3, 2, 1]],
    ['to', { to: T + 20 }, [1, 4, 5]],
    ['from and to', { from: T + 11, to: T + 40 }, [2]],
    ['an address', { src: '10.0.0.5' }, [1, 4]],
    ['an address not in canonical form', { dst: '2001:DB8:0::1' }, [3]],
    ['an IPv4-mapped address', { src: '::ffff:10.0.0.6' }, [3]],
    ['a network', { src: '10.0.0.0/24' }, [3, 1, 4]],
    ['a network with host bits', { src: '10.0.1.77/24' }, [2]],
    ['everything of IPv4', { dst: '0.0.0.0/0' }, [2, 1, 4, 5]],
    ['everything of IPv6', { dst: '::/0' }, [3]],
    ['the initiator, not the lower address', { src: '198.51.100.7' }, [5]],
    ['port of the responder', { port: 22 }, [2]],
    ['port 0', { port: 0 }, []],
    ['state', { state: 'denied' }, [4]],
    ['encrypted', { encrypted: 'no' }, [2]],
    ['direction', { networkDirection: 'inbound' }, [3]],
    ['all together', { src: '10.0.0.0/16', dst: '198.51.100.8', port: 22, encrypted: 'no', from: T, to: T + 21 }, [2]],
    ['a word with SQL in it', { state: "ended' OR 1=1 --" as 'ended' }, []],
  ])('%s', (_name, filter, ids) => expect(found(filter)).toEqual(ids));

  test.each<[string, string, string]>([
    ['an address', 'src = ?', 'session_by_src'],
    ['a port', 'dst_port = ?', 'session_by_dst_port'],
    ['encrypted alone', 'encrypted = ?', 'session_by_encrypted'],
    ['encrypted outbound', "encrypted = ? AND network_direction = 'outbound'", 'session_by_kind'],
    ['state', 'state = ?', 'session_by_state'],
    ['time', 'start < ?', 'session_by_start'],
    ['long ones', '"end" - start > 86400000 AND start < ?', 'session_long'],
  ])('%s is found by index and in order', (_name, where, index) => {
    const sql = `EXPLAIN QUERY PLAN SELECT num FROM session_row WHERE ${where} ORDER BY start DESC, num DESC LIMIT 9`;
    const plan = db.prepare(sql).all(1) as { detail: string }[];
    expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining(index)]);
  });

  test.each<[string, Partial<SessionFilter>, string]>([
    ['no address', { src: '10.0.0' }, 'src'],
    ['leading zeros', { dst: '010.0.0.1' }, 'dst'],
    ['a prefix too long', { src: '10.0.0.0/33' }, 'src'],
    ['SQL in an address', { src: "1.1.1.1' OR 1=1" }, 'src'],
    ['a port too high', { port: 65_536 }, 'port'],
    ['no port', { port: Number.NaN }, 'port'],
    ['no limit', { limit: 0 }, 'limit'],
  ])('%s is refused by name', (_name, filter, option) => {
    expect(() => found(filter)).toThrow(expect.objectContaining({ code: 'session_filter', option }));
  });

  test('rows have exact counters and text beside addresses', () => {
    expect(findSessions(db, { port: 443, limit: 1 })[0]).toMatchObject({
      src_ip: '10.0.0.5',
      src: Buffer.of(10, 0, 0, 5),
      src_port: 50_000,
      dst_ip: '198.51.100.7',
      src_bytes: 2n ** 60n,
      dst_bytes: 7,
      start: T,
      direction_source: 'port',
    });
  });
});

describe('sessionDetail', () => {
  test('gives slices, observers and raw records', () => {
    const [row] = findSessions(db, { port: 443, limit: 1 });
    const detail = sessionDetail(db, row!['id'] as string)!;
    expect(detail.session).toEqual(row);
    expect(detail.observers).toEqual([
      expect.objectContaining({ number: 0, sender: 'src', exporter_ip: '192.0.2.1', counted: 1 }),
    ]);
    expect(detail.slices.map(({ flow, sender, segment }) => [flow, sender, segment])).toEqual([
      [7, 'src', '2025-11-24T16-000'],
      [8, 'src', '2025-11-24T16-000'],
      [9, 'dst', '2025-11-24T16-000'],
    ]);
    expect(detail.rawSeqs).toEqual([40, 41]);
  });

  test('an unknown id gives nothing, SQL in it too', () => {
    expect(sessionDetail(db, 'x')).toBeUndefined();
    expect(sessionDetail(db, "' OR 1=1 --")).toBeUndefined();
  });

  test('slices are bounded', () => {
    const [row] = findSessions(db, { port: 443, limit: 1 });
    expect(sessionDetail(db, row!['id'] as string, 1)?.slices).toHaveLength(1);
  });
});

describe('sources and gaps', () => {
  test('sources, the latest first', () => {
    expect(listSources(db).map((row) => [row['exporter_ip'], row['flows']])).toEqual([
      ['192.0.2.2', 1],
      ['192.0.2.1', 3],
    ]);
  });

  test.each<[string, object, number[]]>([
    ['all', {}, [2, 3, 1]],
    ['by time', { from: T + 5, to: T + 9 }, [3]],
    ['by kind and device', { kind: 'sequence', device: 'r1' }, [2, 1]],
    ['of nobody', { device: 'r2' }, []],
  ])('gaps: %s', (_name, filter, ids) => {
    expect(listGaps(db, { ...filter, limit: 10 }).map((row) => row['id'])).toEqual(ids);
  });

  test('sums add what is known', () => {
    expect(summarizeGaps(db)).toEqual([
      { device: 'r1', kind: 'restart', unit: 'packets', gaps: 1, missing: null, first: T + 5, last: T + 5 },
      { device: 'r1', kind: 'sequence', unit: 'packets', gaps: 2, missing: 7, first: T, last: T + 9 },
    ]);
  });
});
