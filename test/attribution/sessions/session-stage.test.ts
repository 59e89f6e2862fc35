import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { FlowBatch } from '../../../normalizer/model/flow-batch';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import { SESSION_DIGEST_TABLES } from '../../../store/analysis/session-digest';
import { digestTables } from '../../../store/facts/digest';
import { FactsDirectory } from '../../../store/facts/facts-directory';
import { FactsSegment } from '../../../store/facts/facts-segment';
import { sealFactsSegment } from '../../../store/facts/facts-seal';
import { DEFAULT_SESSION_RULES } from '../../../attribution/sessions/session-rules';
import { SessionStage } from '../../../attribution/sessions/session-stage';
import { appendRun, type FlowValues } from '../../store/facts/flow-rows';

const T = 1_764_000_000_000;
const RULES = { ...DEFAULT_SESSION_RULES, maxLive: 6 };
let directory: string;
let flows: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-stage-'));
  flows = join(directory, 'flows');
  mkdirSync(flows);
});
afterEach(() => rmSync(directory, { recursive: true }));

interface Row {
  readonly values: FlowValues;
  readonly receivedAt: number;
  readonly exporter: string;
}

function segmentOf(name: string, rows: readonly Row[], firstSeq = 1): FactsSegment {
  const segment = FactsSegment.create(join(flows, `${name}.db`), {
    name,
    snapshot: new Uint8Array(0),
    appliedSeq: firstSeq - 1,
  });
  append(segment, rows, firstSeq);
  return segment;
}

function append(segment: FactsSegment, rows: readonly Row[], firstSeq: number): void {
  const batch = new FlowBatch(Math.max(1, rows.length));
  rows.forEach(({ values, receivedAt, exporter }, i) => {
    appendRun(batch, { rawSeq: firstSeq + i, receivedAt, stream: { exporter, port: 1, domain: 0, version: 9 } }, [
      values,
    ]);
  });
  segment.begin();
  segment.applyFlows(batch);
  segment.commit(firstSeq + rows.length - 1);
}

/** Runs the stage with the given batch sizes, each with a new stage and connection when `restart`; returns the digest. */
function run(file: string, batches: readonly { size: number; restart: boolean }[]): string {
  const facts = new FactsDirectory(flows);
  const path = join(directory, file);
  let db = openAnalysisForWriting(path);
  let stage = new SessionStage(db, facts, RULES);
  for (const { size, restart } of [...batches, { size: 1_000_000, restart: false }]) {
    if (restart) {
      db.close();
      db = openAnalysisForWriting(path);
      stage = new SessionStage(db, facts, RULES);
    }
    stage.advance(size);
  }
  const digest = digestTables(db, SESSION_DIGEST_TABLES);
  db.close();
  facts.close();
  return digest;
}

const flow = (i: number, values: FlowValues = {}): Row => ({
  values: {
    src: '10.0.0.5',
    dst: '198.51.100.7',
    srcPort: 50_000 + i,
    dstPort: 443,
    protocol: 6,
    bytes: 1n,
    start: T,
    end: T + 9,
    ...values,
  },
  receivedAt: T + i * 1000,
  exporter: '192.0.2.1',
});

describe('the session stage', () => {
  test('reads open and sealed segments in order and stops at the end of what is written', () => {
    const first = segmentOf('2025-11-24T16-000', [flow(1), flow(2)]);
    const second = segmentOf('2025-11-24T16-001', [flow(3)], 3);
    const db = openAnalysisForWriting(join(directory, 'ascribe.db'));
    const facts = new FactsDirectory(flows);
    const stage = new SessionStage(db, facts, RULES);
    expect(stage.advance(100)).toEqual({ rows: 2, sessions: 2, apart: 0 });
    expect(stage.advance(100)).toEqual({ rows: 0, sessions: 0, apart: 0 });
    append(first, [flow(4), { ...flow(5), values: { srcPort: 1 } }], 10);
    expect(stage.advance(1)).toEqual({ rows: 1, sessions: 1, apart: 0 });
    first.complete();
    expect(stage.advance(100)).toEqual({ rows: 2, sessions: 1, apart: 1 });
    expect(sealFactsSegment(first.path)).toBe('sealed');
    append(second, [flow(3, { start: T + 10, end: T + 20 })], 20);
    expect(stage.advance(100)).toEqual({ rows: 1, sessions: 1, apart: 0 });
    expect(stage.cursor).toEqual({ segment: '2025-11-24T16-001', lastId: 2 });
    expect(db.prepare('SELECT count(*) AS n, sum(slices) AS slices FROM session').get()).toEqual({ n: 4, slices: 5 });
    expect(db.prepare('SELECT segment, flow, raw_seq FROM session_slice ORDER BY raw_seq').raw().all()).toEqual([
      ['2025-11-24T16-000', 1, 1],
      ['2025-11-24T16-000', 2, 2],
      ['2025-11-24T16-001', 1, 3],
      ['2025-11-24T16-000', 3, 10],
      ['2025-11-24T16-001', 2, 20],
    ]);
    second.close();
    facts.close();
    db.close();
  });

  test('a step that fails changes nothing, and the next one does it whole', () => {
    segmentOf('2025-11-24T16-000', [flow(1), flow(2)]).complete();
    const db = openAnalysisForWriting(join(directory, 'ascribe.db'));
    const facts = new FactsDirectory(flows);
    const stage = new SessionStage(db, facts, RULES);
    db.exec(`CREATE TRIGGER broken BEFORE INSERT ON session_slice_row WHEN NEW.flow = 2
      BEGIN SELECT RAISE(ABORT, 'broken'); END`);
    expect(() => stage.advance(100)).toThrow('broken');
    expect(stage.cursor).toBeUndefined();
    expect(db.prepare('SELECT count(*) FROM session').pluck().get()).toBe(0);
    db.exec('DROP TRIGGER broken');
    expect(stage.advance(100)).toEqual({ rows: 2, sessions: 2, apart: 0 });
    db.close();
    facts.close();
  });

  test('gaps of all segments are copied once', () => {
    const segment = segmentOf('2025-11-24T16-000', [flow(1)]);
    segment.begin();
    segment.fact({
      fact: 'gap',
      rawSeq: 1,
      observedAt: T,
      timeQuality: 'ok',
      device: 'r1',
      parser: 'v9',
      kind: 'sequence',
      missing: 4n,
      unit: 'packets',
    });
    segment.commit(1);
    segment.complete();
    const db = openAnalysisForWriting(join(directory, 'ascribe.db'));
    const facts = new FactsDirectory(flows);
    const stage = new SessionStage(db, facts, RULES);
    stage.advance(100);
    stage.advance(100);
    expect(db.prepare('SELECT device, kind, missing, unit FROM gap').all()).toEqual([
      { device: 'r1', kind: 'sequence', missing: 4, unit: 'packets' },
    ]);
    db.close();
    facts.close();
  });

  test('the same rows give the same tables, however they are split and however often it restarts', () => {
    const choice = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
    const row = fc.record({
      forward: fc.boolean(),
      client: choice(1, 2, 3),
      start: fc.nat(2000),
      length: choice(0, 1, 60, 600),
      late: choice(1, 30, 1800),
      bytes: choice<bigint>(0n, 1n, 1500n, 2n ** 53n, 2n ** 63n),
      tcpFlags: choice<number | undefined>(undefined, 0x02, 0x12, 0x1b, 0x10, 0x14),
      protocol: choice(6, 17),
      exporter: choice('192.0.2.1', '192.0.2.2'),
      inIf: choice(1, 2),
      samplingRate: choice<number | undefined>(undefined, 1, 100),
      connectionId: choice<bigint | undefined>(undefined, undefined, 7n, 8n),
      firewallEvent: choice<number | undefined>(undefined, undefined, 1, 2, 5),
      replyBytes: choice<bigint | undefined>(undefined, undefined, 9n),
      applicationName: choice<string | undefined>(undefined, 'unknown-tcp', 'ssl'),
      payloadProtocol: choice<string | undefined>(undefined, undefined, 'tls', 'http'),
    });
    const batches = fc.array(fc.record({ size: fc.integer({ min: 1, max: 7 }), restart: fc.boolean() }), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), batches, fc.nat(40), (rows, split, cut) => {
        rmSync(directory, { recursive: true });
        mkdirSync(flows, { recursive: true });
        const written = rows.map((values) => writtenRow(values));
        segmentOf('2025-11-24T16-000', written.slice(0, cut)).complete();
        segmentOf('2025-11-24T16-001', written.slice(cut), cut + 1).close();
        expect(run('split.db', split)).toBe(run('whole.db', []));
      }),
      { numRuns: 12 },
    );
  });
});

type Drawn = {
  readonly forward: boolean;
  readonly client: number;
  readonly start: number;
  readonly length: number;
  readonly late: number;
  readonly exporter: string;
} & { readonly [N in keyof FlowValues]: FlowValues[N] | undefined };

function writtenRow({ forward, client, start, length, late, exporter, ...values }: Drawn): Row {
  const ends = forward
    ? { src: '10.0.0.5', dst: '198.51.100.7', srcPort: 50_000 + client, dstPort: 443 }
    : { src: '198.51.100.7', dst: '10.0.0.5', srcPort: 443, dstPort: 50_000 + client };
  const told = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as FlowValues;
  const at = { start: T + start * 1000, end: T + (start + length) * 1000 };
  return { values: { ...ends, ...at, ...told }, receivedAt: T + (start + length + late) * 1000, exporter };
}
