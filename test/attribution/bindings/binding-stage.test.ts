import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { type BindingRules, DEFAULT_BINDING_RULES } from '../../../attribution/bindings/binding-rules';
import { BindingStage } from '../../../attribution/bindings/binding-stage';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import { FactsDirectory } from '../../../store/facts/facts-directory';
import { appendBindings, bindingSegment, type Observation, SEGMENT, T } from './binding-facts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let directory: string;
let flows: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-bindings-'));
  flows = join(directory, 'flows');
  mkdirSync(flows);
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Everything the stage wrote that people can see. */
function rows(db: Database): unknown[] {
  return db
    .prepare('SELECT * FROM binding ORDER BY relation, scope, key, value, device, destination, valid_from_hi')
    .all();
}

interface Pass {
  readonly size: number;
  readonly restart: boolean;
}

function run(file: string, passes: readonly Pass[], rules: BindingRules = DEFAULT_BINDING_RULES): unknown[] {
  const facts = new FactsDirectory(flows);
  const path = join(directory, file);
  let db = openAnalysisForWriting(path);
  let stage = new BindingStage(db, facts, rules);
  for (const { size, restart } of [...passes, { size: 1_000_000, restart: false }]) {
    if (restart) {
      db.close();
      db = openAnalysisForWriting(path);
      stage = new BindingStage(db, facts, rules);
    }
    stage.advance(size);
  }
  const found = rows(db);
  db.close();
  facts.close();
  return found;
}

const derived = (observations: readonly Observation[]): unknown[] => {
  bindingSegment(flows, SEGMENT, observations).close();
  return run('ascribe.db', []);
};

const seen = (minutes: number, more: Partial<Observation> = {}): Observation => ({
  observedAt: T + minutes * MINUTE,
  rawSeq: 1000 + minutes,
  ...more,
});

describe('the binding stage', () => {
  test('makes one interval of observations that lie close, and says what proves it', () => {
    expect(derived([seen(0), seen(5), seen(200)])).toEqual([
      {
        relation: 'ip-mac',
        scope: '',
        key: '10.0.0.5',
        value: '02:00:5e:00:53:01',
        destination: '',
        valid_from_lo: T - 4 * HOUR,
        valid_from_hi: T,
        valid_to_lo: T + 200 * MINUTE,
        valid_to_hi: T + 200 * MINUTE + 4 * HOUR,
        state: 'open',
        begin_source: 'none',
        end_source: 'none',
        first_observed: T,
        last_observed: T + 200 * MINUTE,
        observations: 3,
        device: 'core',
        parser: 'snmp_arp',
        first_seq: 1000,
        first_segment: SEGMENT,
        last_seq: 1200,
        last_segment: SEGMENT,
        recorded_at: T,
        last_recorded_at: T + 200 * MINUTE,
        end_recorded_at: null,
        extra: null,
      },
    ]);
  });

  test.each<[string, Observation[], object[]]>([
    [
      'a silence longer than the relation’s freshness leaves the first uncertain',
      [seen(0), seen(241)],
      [
        { state: 'uncertain', valid_to_lo: T, valid_to_hi: T + 4 * HOUR },
        { state: 'open', valid_from_lo: T + MINUTE, valid_from_hi: T + 241 * MINUTE },
      ],
    ],
    [
      'a device that stops answering makes its intervals uncertain, not ended',
      [seen(0), seen(300, { device: 'other', key: '10.0.0.6' })],
      [{ state: 'uncertain', end_source: 'none' }, { state: 'open' }],
    ],
    [
      'a lease holds until it runs out',
      [seen(0, { relation: 'ip-dhcp', state: 'begin', validUntil: T + HOUR })],
      [{ state: 'open', begin_source: 'stated', end_source: 'expiry', valid_to_lo: T + HOUR, valid_to_hi: T + HOUR }],
    ],
    [
      'a lease that ran out has ended',
      [seen(0, { relation: 'ip-dhcp', state: 'begin', validUntil: T + HOUR }), seen(90, { device: 'other', key: 'x' })],
      [{ state: 'ended', end_recorded_at: T }, { state: 'open' }],
    ],
    [
      'a renewal extends the lease',
      [
        seen(0, { relation: 'ip-dhcp', state: 'begin', validUntil: T + HOUR }),
        seen(30, { relation: 'ip-dhcp', state: 'begin', validUntil: T + 90 * MINUTE }),
      ],
      [{ observations: 2, valid_from_lo: T, valid_to_lo: T + 90 * MINUTE, end_recorded_at: T + 30 * MINUTE }],
    ],
    [
      'a release ends the lease before it runs out',
      [
        seen(0, { relation: 'ip-dhcp', state: 'begin', validUntil: T + HOUR }),
        seen(30, { relation: 'ip-dhcp', state: 'end' }),
      ],
      [{ state: 'ended', end_source: 'stated', valid_to_lo: T + 30 * MINUTE, valid_to_hi: T + 30 * MINUTE }],
    ],
    [
      'a lease after the release is another',
      [
        seen(0, { relation: 'ip-dhcp', state: 'begin', validUntil: T + HOUR }),
        seen(30, { relation: 'ip-dhcp', state: 'end' }),
        seen(31, { relation: 'ip-dhcp', state: 'begin', validUntil: T + 2 * HOUR }),
      ],
      [{ state: 'ended' }, { state: 'open', valid_from_lo: T + 31 * MINUTE, valid_from_hi: T + 31 * MINUTE }],
    ],
    [
      'a translation has exact ends',
      [
        seen(0, { relation: 'nat', key: 'TCP:192.0.2.1:5000', value: '10.0.0.5:40000', state: 'begin' }),
        seen(1, { relation: 'nat', key: 'TCP:192.0.2.1:5000', value: '10.0.0.5:40000', state: 'end' }),
      ],
      [{ valid_from_lo: T, valid_from_hi: T, valid_to_lo: T + MINUTE, valid_to_hi: T + MINUTE, state: 'ended' }],
    ],
    [
      'an end whose beginning was missed says that it held up to then',
      [seen(0, { relation: 'nat', state: 'end' })],
      [{ valid_from_lo: T - HOUR, valid_from_hi: T, valid_to_lo: T, begin_source: 'none', end_source: 'stated' }],
    ],
    [
      'a missed beginning lies after the end before',
      [
        seen(0, { relation: 'nat', state: 'begin' }),
        seen(1, { relation: 'nat', state: 'end' }),
        seen(9, { relation: 'nat', state: 'end' }),
      ],
      [{ valid_to_lo: T + MINUTE }, { valid_from_lo: T + MINUTE, valid_from_hi: T + 9 * MINUTE }],
    ],
    [
      'two values of one key compete: neither ends the other',
      [seen(0, { value: 'a' }), seen(5, { value: 'b' }), seen(10, { value: 'a' })],
      [
        { value: 'a', state: 'open', valid_from_hi: T, valid_to_lo: T + 10 * MINUTE },
        { value: 'b', state: 'open', valid_from_hi: T + 5 * MINUTE, valid_to_lo: T + 5 * MINUTE },
      ],
    ],
    [
      'two sources are two votes',
      [seen(0, { device: 'a' }), seen(1, { device: 'b' })],
      [
        { device: 'a', observations: 1 },
        { device: 'b', observations: 1 },
      ],
    ],
    [
      'translations to two destinations are two',
      [
        seen(0, { relation: 'nat', state: 'begin', extra: { destination: '198.51.100.7:443' } }),
        seen(1, { relation: 'nat', state: 'begin', extra: { destination: '198.51.100.8:443' } }),
      ],
      [{ destination: '198.51.100.7:443' }, { destination: '198.51.100.8:443' }],
    ],
    [
      'a clock that is off by days is not believed',
      [seen(0, { observedAt: 9e12, timeQuality: 'skewed', receivedAt: T, validUntil: 9e12 + HOUR })],
      [{ valid_from_hi: T, valid_to_lo: T + HOUR }],
    ],
    [
      'a late end cuts what was one interval',
      [seen(0), seen(60), seen(30, { state: 'end', receivedAt: T + 61 * MINUTE })],
      [
        { state: 'ended', valid_to_lo: T + 30 * MINUTE, end_recorded_at: T + 61 * MINUTE, observations: 2 },
        { state: 'open', valid_from_lo: T + 30 * MINUTE, valid_from_hi: T + 60 * MINUTE, observations: 1 },
      ],
    ],
    [
      'a late observation joins two intervals',
      [seen(0), seen(400), seen(200)],
      [{ valid_from_hi: T, valid_to_lo: T + 400 * MINUTE, observations: 3 }],
    ],
  ])('%s', (_name, observations, expected) => {
    const found = derived(observations);
    expect(found).toHaveLength(expected.length);
    expect(found).toEqual(expected.map((row) => expect.objectContaining(row)));
  });

  test('asks for the scope by device and VRF', () => {
    bindingSegment(flows, SEGMENT, [seen(0, { extra: { vrf: 'red' } }), seen(1)]).close();
    const scopeOf = (device: string, vrf: string | null): string => [device, vrf ?? ''].join('/');
    expect(run('ascribe.db', [], { ...DEFAULT_BINDING_RULES, scopeOf })).toEqual([
      expect.objectContaining({ scope: 'core/' }),
      expect.objectContaining({ scope: 'core/red' }),
    ]);
  });

  test('goes on across segments, open and sealed, and never reads a row twice', () => {
    const first = bindingSegment(flows, SEGMENT, [seen(0)]);
    const db = openAnalysisForWriting(join(directory, 'ascribe.db'));
    const facts = new FactsDirectory(flows);
    const stage = new BindingStage(db, facts, DEFAULT_BINDING_RULES);
    expect(stage.advance(100)).toEqual({ rows: 1, intervals: 1 });
    expect(stage.advance(100)).toEqual({ rows: 0, intervals: 0 });
    appendBindings(first, [seen(5)]);
    first.complete();
    bindingSegment(flows, '2026-11-24T02-1000', [seen(10)]).close();
    expect(stage.advance(100)).toEqual({ rows: 2, intervals: 2 });
    expect(stage.cursor).toEqual({ segment: '2026-11-24T02-1000', lastId: 1 });
    expect(rows(db)).toEqual([
      expect.objectContaining({ observations: 3, first_segment: SEGMENT, last_segment: '2026-11-24T02-1000' }),
    ]);
    facts.close();
    db.close();
  });

  test('a step that fails changes nothing, and the next one does it whole', () => {
    bindingSegment(flows, SEGMENT, [seen(0), seen(5), seen(10, { key: '10.0.0.6' })]).close();
    const db = openAnalysisForWriting(join(directory, 'ascribe.db'));
    const facts = new FactsDirectory(flows);
    const stage = new BindingStage(db, facts, DEFAULT_BINDING_RULES);
    db.exec(`CREATE TRIGGER broken BEFORE INSERT ON binding_mark_row WHEN NEW.fact = 3
      BEGIN SELECT RAISE(ABORT, 'broken'); END`);
    expect(() => stage.advance(100)).toThrow('broken');
    expect(stage.cursor).toBeUndefined();
    expect(rows(db)).toEqual([]);
    db.exec('DROP TRIGGER broken');
    expect(stage.advance(100)).toEqual({ rows: 3, intervals: 2 });
    expect(rows(db)).toEqual([
      expect.objectContaining({ key: '10.0.0.5', observations: 2 }),
      expect.objectContaining({ key: '10.0.0.6', observations: 1 }),
    ]);
    facts.close();
    db.close();
  });

  test('any order, any batches, any restarts and any memory give equal intervals', () => {
    const observation = fc.record({
      minute: fc.integer({ min: 0, max: 1500 }),
      state: fc.constantFrom('seen', 'begin', 'end'),
      relation: fc.constantFrom('ip-mac', 'nat', 'ip-dhcp'),
      key: fc.constantFrom('10.0.0.5', '10.0.0.6'),
      value: fc.constantFrom('a', 'b'),
      lease: fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined, freq: 3 }),
    });
    const passes = fc.array(fc.record({ size: fc.integer({ min: 1, max: 9 }), restart: fc.boolean() }), {
      maxLength: 8,
    });
    const order = fc.array(fc.nat(), { minLength: 40, maxLength: 40 });
    let round = 0;
    fc.assert(
      fc.property(fc.array(observation, { minLength: 1, maxLength: 40 }), order, passes, (given, keys, split) => {
        const observations = given.map(({ minute, lease, ...rest }, i): Observation => {
          const observedAt = T + minute * MINUTE;
          const until = lease === undefined ? {} : { validUntil: observedAt + lease * MINUTE };
          return { ...rest, ...until, observedAt, rawSeq: i + 1, receivedAt: T + i };
        });
        const shuffled = observations.map((o, i) => ({ o, key: keys[i]! })).sort((a, b) => a.key - b.key);
        const inOrder = observations.toSorted((a, b) => a.observedAt - b.observedAt || a.rawSeq - b.rawSeq);
        const results = [inOrder, shuffled.map(({ o }) => o)].map((list, i) => {
          round++;
          flows = join(directory, `flows${round}`);
          mkdirSync(flows);
          bindingSegment(flows, SEGMENT, list).close();
          return run(`${round}.db`, i === 0 ? [] : split, { ...DEFAULT_BINDING_RULES, maxSeries: i === 0 ? 100 : 2 });
        });
        expect(results[1]).toEqual(results[0]);
      }),
      { numRuns: 25 },
    );
  });
});
