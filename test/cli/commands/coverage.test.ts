import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import { ChangeStore } from '../../../store/analysis/change-store';
import { SessionStore } from '../../../store/analysis/session-store';
import { VerdictStore } from '../../../store/analysis/verdict-store';
import { sessionRecord } from '../../store/analysis/session-records';
import { run } from '../support/run';

const T = Date.UTC(2026, 10, 24, 2);
let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'ascribe-coverage-'));
  mkdirSync(join(data, 'flows'));
  const db = openAnalysisForWriting(join(data, 'ascribe.db'));
  new SessionStore(db).commit(
    {
      records: [{ record: sessionRecord(1, { start: T }), fresh: true }],
      slices: [],
      sources: [{ exporter: '192.0.2.1', domain: 0, firstReceived: T, lastReceived: T, rows: 1 }],
      rows: 1,
      sessions: 1,
      watermark: T,
    },
    { segment: 's', lastId: 1 },
  );
  const owner = { kind: 'vm', id: 'vm:web', name: 'web1', host: 'esx1' } as const;
  new VerdictStore(db).write(
    [
      {
        session: 1,
        start: T,
        status: 'ambiguous',
        confidence: 0.5,
        owners: [{ owner, weight: 0.5 }],
        reasons: ['NO_NAT_LOG'],
        steps: [],
        source: null,
        sourcePort: null,
        sources: [],
        legOf: null,
        rule: null,
      },
    ],
    T,
  );
  new ChangeStore(db).add({
    device: 'esx1',
    parser: 'vmware_esxi',
    at: T,
    receivedAt: T,
    category: 'host',
    action: 'message',
    outcome: null,
    code: null,
    user: null,
    src: null,
    process: null,
    command: null,
    message: 'x',
    rawSeq: 1,
    own: false,
  });
  db.close();
});
afterEach(() => rmSync(data, { recursive: true }));

const coverage = (...options: string[]) =>
  run(['coverage', '--data', data, '--at', '2026-11-24T03:00:00Z', ...options]);
const lines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('tells each asset and its worst state', async () => {
  const { stdout, code } = await coverage();
  expect(code).toBe(0);
  expect(stdout).toMatch(/^esx1 +host +blind /mu);
  expect(stdout).toMatch(/^web1 +vm +/mu);
});

test('tells one asset analytic by analytic, with the switch', async () => {
  const { stdout } = await coverage('--asset', 'esx1', '--analytic', 'AN0403', '--json');
  expect(lines(stdout)).toMatchObject([
    {
      'rule.id': 'AN0403',
      'ascribe.asset.name': 'esx1',
      'ascribe.coverage.state': 'blind',
      'ascribe.coverage.lacks': [{ telemetry: 'sockets', why: 'never_heard' }],
    },
  ]);
});

test('writes a Navigator layer and reports', async () => {
  const layer = join(data, 'layer.json');
  const page = join(data, 'page.html');
  expect((await coverage('--navigator', layer, '--report', page)).code).toBe(0);
  expect(JSON.parse(readFileSync(layer, 'utf8'))).toMatchObject({ domain: 'enterprise-attack' });
  const html = readFileSync(page, 'utf8');
  expect(html).toContain('10.0.0.0/24');
  expect(html).toContain('NO_NAT_LOG');
});

test.each([
  [['--asset', 'nobody'], 4],
  [['--analytic', 'AN9999'], 2],
  [['--report', 'x.pdf'], 2],
])('%j is exit %d', async (options, code) => expect((await coverage(...options)).code).toBe(code));
