import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FindingStage } from '../../../attribution/findings/finding-stage';
import { addressSet } from '../../../attribution/findings/address-set';
import { DEFAULT_FINDING_RULES } from '../../../attribution/findings/finding-rules';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import { ChangeStore } from '../../../store/analysis/change-store';
import { SessionStore } from '../../../store/analysis/session-store';
import type { Owner } from '../../../store/analysis/verdict-record';
import { VerdictStore } from '../../../store/analysis/verdict-store';
import { FactsDirectory } from '../../../store/facts/facts-directory';
import { findFindings } from '../../../store/queries/findings';
import { sessionRecord } from '../../store/analysis/session-records';
import { run } from '../support/run';

const T = Date.UTC(2026, 10, 24, 2);
const HOSTD: Owner = { kind: 'service', id: 'service:esx1/hostd', name: 'hostd', host: 'esx1' };
const WEB: Owner = { kind: 'vm', id: 'vm:web', name: 'web1', host: 'esx1' };
const COUNTS = { bytes: 5000, packets: 12, bytesEstimate: null, packetsEstimate: null };

let data: string;
let finding: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'ascribe-investigate-'));
  mkdirSync(join(data, 'flows'));
  const db = openAnalysisForWriting(join(data, 'ascribe.db'));
  const records = [1, 2, 3].map((num) => ({
    record: sessionRecord(num, { start: T, end: T, bPort: 443, fromA: COUNTS, fromB: COUNTS }),
    fresh: true,
  }));
  new SessionStore(db).commit(
    { records, slices: [], sources: [], rows: 3, sessions: 3, watermark: T },
    { segment: 's', lastId: 1 },
  );
  const verdict = (session: number, owner: Owner) => ({
    session,
    start: T,
    status: 'attributed' as const,
    confidence: 0.9,
    owners: [{ owner, weight: 0.9 }],
    reasons: ['STALE_ARP'],
    steps: [
      {
        relation: 'socket-process',
        from: '10.0.0.5:50000',
        to: 'hostd',
        device: 'esx1',
        parser: 'esxi',
        validFrom: T,
        validTo: T,
        clockOffset: 0,
        confidence: 0.9,
        rawSeqs: [7],
        detail: '',
      },
    ],
    source: '0A000005',
    sourcePort: 50_000,
    sources: [],
    legOf: null,
    rule: {
      device: 'fw1',
      name: 'out',
      id: '',
      configVersion: 'c1',
      line: 40,
      author: 'mallory',
      committedAt: T - 3_600_000,
      text: 'access-list out permit tcp any any eq 443',
    },
  });
  new VerdictStore(db).write([verdict(1, HOSTD), verdict(2, WEB), verdict(3, HOSTD)], T);
  new ChangeStore(db).add({
    device: 'esx1',
    parser: 'vmware_esxi',
    at: T - 60_000,
    receivedAt: T,
    category: 'authentication',
    action: 'login',
    outcome: 'success',
    code: null,
    user: 'root',
    src: null,
    process: null,
    command: null,
    message: 'login\u001B[2J by root',
    rawSeq: 5,
    own: false,
  });
  const facts = new FactsDirectory(join(data, 'flows'));
  const values = { ...DEFAULT_FINDING_RULES.values, AllowedMgmtHosts: addressSet(['10.9.0.0/24']) };
  new FindingStage(db, facts, { ...DEFAULT_FINDING_RULES, values }).advance(1000);
  facts.close();
  finding = String(findFindings(db, { analytic: 'AN0762', limit: 1 })[0]?.['id']);
  db.close();
});
afterEach(() => rmSync(data, { recursive: true }));

const investigate = (...options: string[]) => run(['investigate', finding, '--data', data, ...options]);

test('fills the ten steps from what is stored', async () => {
  const { stdout, code } = await investigate();
  expect(code).toBe(0);
  const titles = [...stdout.matchAll(/^(\d+)\. (.+)$/gmu)].map((match) => match[2]);
  expect(titles).toEqual([
    'Validate',
    'Attribute',
    'Owner',
    'Asset role',
    'Destination',
    'Path',
    'Scope',
    'Preserve',
    'Contain',
    'Verify and close',
  ]);
  expect(stdout).toContain('socket-process: 10.0.0.5:50000 -> hostd, told by esx1');
  expect(stdout).toContain('web1: 1 session');
  expect(stdout).toContain('line 40: access-list out permit tcp any any eq 443, committed');
  expect(stdout).toContain('by mallory');
  expect(stdout).toContain('ascribe collect esx1');
  expect(stdout).toContain('login on esx1');
  expect(stdout).not.toContain('\u001B');
  expect(stdout).toContain('isolate the ESXi host');
  expect(stdout).not.toContain('disconnect the vNIC');
});

test('decisions are recorded with name and time, and told in their step', async () => {
  expect((await investigate('--step', '2', '--decide', 'accepted', '--by', 'ann')).code).toBe(0);
  const { stdout } = await investigate('--json');
  const { 'ascribe.investigation.steps': steps } = JSON.parse(stdout) as Record<string, { decisions: object[] }[]>;
  expect(steps?.[1]?.decisions).toMatchObject([{ text: 'accepted', by: 'ann' }]);
  expect(steps?.[2]?.decisions).toEqual([]);
});

test('exports Markdown and JSON', async () => {
  const [page, json] = [join(data, 'case.md'), join(data, 'case.json')];
  await investigate('--export', page);
  await investigate('--export', json);
  expect(readFileSync(page, 'utf8')).toMatch(/^## 1\. Validate$/mu);
  expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ 'event.id': finding });
});

test.each([
  [['--decide', 'x'], 2],
  [['--export', 'x.pdf'], 2],
  [['--step', '11'], 2],
])('%j is exit %d', async (options, code) => expect((await investigate(...options)).code).toBe(code));

test('an unknown finding is exit 4', async () => {
  expect((await run(['investigate', 'ffffffff', '--data', data])).code).toBe(4);
});

describe('baseline', () => {
  const baseline = (...options: string[]) => run(['baseline', ...options, '--data', data]);

  test('proposes what was seen, lets a person approve it, and proposes it no more', async () => {
    const proposed = await baseline('propose', '--since', '2026-11-24', '--json');
    const values = proposed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(values).toContainEqual(
      expect.objectContaining({ element: 'AllowedMgmtHosts', value: '198.51.100.7', sessions: 2, owners: 1 }),
    );
    expect(
      (await baseline('approve', 'AllowedMgmtHosts', '198.51.100.7', '--by', 'ann', '--note', 'vCenter')).code,
    ).toBe(0);
    expect((await baseline('list')).stdout).toMatch(/AllowedMgmtHosts +198\.51\.100\.7 .*ann .*vCenter/u);
    expect((await baseline('propose', '--since', '2026-11-24', '--json')).stdout).not.toContain('AllowedMgmtHosts');
    expect((await baseline('retire', 'AllowedMgmtHosts', '198.51.100.7')).code).toBe(0);
    expect((await baseline('list')).code).toBe(4);
  });

  test.each([
    [['approve', 'Nothing', 'x']],
    [['approve', 'PortProfiles', '99999']],
    [['approve', 'AllowedMgmtHosts', 'not-an-address']],
  ])('%j is wrong usage', async (options) => expect((await baseline(...options)).code).toBe(2));
});
