import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import type { MatchRecord } from '../../../store/analysis/finding-record';
import { findingId, FindingStore } from '../../../store/analysis/finding-store';
import { SubjectTable } from '../../../store/analysis/subject-table';
import { run } from '../support/run';

const T = Date.UTC(2026, 10, 24, 2, 10);

const match = (more: Partial<MatchRecord> = {}): MatchRecord => ({
  analytic: 'AN0403',
  strategy: 'DET0143',
  techniques: ['T1573.001'],
  subject: { kind: 'service', id: 'service:esx1/hostd', name: 'hostd', host: 'esx1' },
  key: '203.0.113.9:443/tcp',
  severity: 'critical',
  text: 'service hostd on esx1 holds a session',
  terms: { why: 'no_handshake_room' },
  at: T,
  approvedBy: '',
  changes: [],
  ...more,
});

let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'ascribe-findings-'));
  mkdirSync(join(data, 'flows'));
  const db = openAnalysisForWriting(join(data, 'ascribe.db'));
  const store = new FindingStore(db, new SubjectTable(db));
  store.replace({ kind: 'change', num: 1 }, [match()], T);
  store.replace({ kind: 'change', num: 2 }, [match({ analytic: 'AN0404', severity: 'low', key: 'x' })], T);
  store.replace({ kind: 'change', num: 3 }, [match({ key: 'approved', approvedBy: 'CHG-1' })], T);
  const hostile = { kind: 'vm', id: 'vm:1', name: 'web\u001B[31m\n', host: '' } as const;
  store.replace({ kind: 'change', num: 4 }, [match({ subject: hostile, severity: 'medium', at: T + 1000 })], T);
  store.sumUp();
  db.close();
});
afterEach(() => rmSync(data, { recursive: true }));

const findings = (...options: string[]) => run(['findings', '--data', data, ...options]);
const lines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('lists the most severe first, without what is approved, and escapes names', async () => {
  const { stdout, code } = await findings();
  expect(code).toBe(0);
  expect(
    stdout
      .split('\n')
      .slice(1, 4)
      .map((line) => line.split(/\s/)[0]),
  ).toEqual(['critical', 'medium', 'low']);
  expect(stdout).not.toContain('\u001B');
  expect(stdout).not.toContain('approved');
});

test.each([
  [['--severity', 'medium'], 2],
  [['--analytic', 'T1573.001'], 3],
  [['--analytic', 'AN0404'], 1],
  [['--owner', 'esx1'], 2],
  [['--all'], 4],
  [['--from', '2026-11-24T02:10:01Z'], 1],
  [['--limit', '1'], 1],
])('%j gives %d', async (options, count) => {
  const { stdout } = await findings('--json', ...options);
  expect(lines(stdout)).toHaveLength(count);
});

test('one finding by the beginning of its id, with why', async () => {
  const id = findingId(match());
  const { stdout } = await findings(id.slice(0, 8));
  expect(stdout).toMatch(/^critical {2}service hostd on esx1 holds a session\n/u);
  expect(stdout).toContain('why = no_handshake_room');
  expect(stdout).toContain('DET0143');
  const [found] = lines((await findings(id, '--json')).stdout);
  expect(found).toMatchObject({
    'event.kind': 'alert',
    'rule.id': 'AN0403',
    'threat.technique.id': ['T1573'],
    'threat.technique.subtechnique.id': ['T1573.001'],
    'host.name': 'esx1',
    'ascribe.finding.terms': { why: 'no_handshake_room' },
  });
});

test('nothing matched is exit 4', async () => {
  expect((await findings('--owner', 'nobody')).code).toBe(4);
  expect((await findings('ffffffff')).code).toBe(4);
});
