import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SESSION_RULES } from '../../../attribution/sessions/session-rules';
import { SessionStage } from '../../../attribution/sessions/session-stage';
import { dataLayout } from '../../../cli/data-layout';
import { FlowBatch } from '../../../normalizer/model/flow-batch';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import { FactsDirectory } from '../../../store/facts/facts-directory';
import { FactsSegment } from '../../../store/facts/facts-segment';
import { appendRun, type FlowValues } from '../../store/facts/flow-rows';
import { run } from '../support/run';

const T = Date.UTC(2026, 10, 24, 1, 30);
const root = mkdtempSync(join(tmpdir(), 'ascribe-sessions-'));
const data = join(root, 'data');
afterAll(() => rmSync(root, { recursive: true }));

const FLOWS: readonly FlowValues[] = [
  {
    src: '10.0.0.5',
    dst: '198.51.100.7',
    srcPort: 50_000,
    dstPort: 443,
    protocol: 6,
    bytes: 4000n,
    packets: 12n,
    tcpFlags: 0x1b,
    start: T,
    end: T + 12_000,
  },
  {
    src: '198.51.100.7',
    dst: '10.0.0.5',
    srcPort: 443,
    dstPort: 50_000,
    protocol: 6,
    bytes: 2n ** 62n,
    packets: 40n,
    tcpFlags: 0x1b,
    start: T + 100,
    end: T + 12_000,
  },
  {
    src: '10.0.0.9',
    dst: '10.0.1.1',
    srcPort: 40_000,
    dstPort: 53,
    protocol: 17,
    bytes: 80n,
    packets: 1n,
    start: T + 60_000,
    end: T + 60_000,
  },
  {
    src: '2001:db8::5',
    dst: '2001:db8:f::1',
    srcPort: 40_001,
    dstPort: 853,
    protocol: 6,
    bytes: 900n,
    packets: 9n,
    start: T - 86_400_000,
    end: T - 86_400_000,
  },
];

beforeAll(() => {
  const layout = dataLayout(data);
  mkdirSync(layout.facts, { recursive: true });
  const segment = FactsSegment.create(join(layout.facts, '2026-11-24T01-000.db'), {
    name: '2026-11-24T01-000',
    snapshot: new Uint8Array(0),
    appliedSeq: 0,
  });
  const batch = new FlowBatch(FLOWS.length);
  FLOWS.forEach((values, i) => {
    const stream = { exporter: '192.0.2.1', port: 2055, domain: 0, version: 9 };
    appendRun(batch, { rawSeq: i + 1, receivedAt: T + 61_000, stream }, [values]);
  });
  segment.begin();
  segment.applyFlows(batch);
  segment.commit(FLOWS.length);
  segment.close();
  const db = openAnalysisForWriting(layout.database);
  const facts = new FactsDirectory(layout.facts);
  new SessionStage(db, facts, DEFAULT_SESSION_RULES).advance(1000);
  facts.close();
  db.close();
});

const ask = (...argv: string[]) => run([...argv, '--data', data], { cwd: root });
const objects = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Cells of a line. */
const cells = (line = ''): string[] => line.split(/ {2,}/u);

describe('sessions', () => {
  it('lists them, the latest first, on one line each', async () => {
    const { code, stdout, stderr } = await ask('sessions');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [title, ...lines] = stdout.trimEnd().split('\n');
    expect(cells(title).slice(0, 4)).toEqual(['began', 'lasted', 'source', 'destination']);
    expect(lines.map((line) => cells(line).slice(0, 5))).toEqual([
      ['2026-11-24T01:31:00Z', '0 ms', '10.0.0.9:40000', '10.0.1.1:53', 'udp'],
      ['2026-11-24T01:30:00Z', '12.0 s', '10.0.0.5:50000', '198.51.100.7:443', 'tcp'],
      ['2026-11-23T01:30:00Z', '0 ms', '[2001:db8::5]:40001', '[2001:db8:f::1]:853', 'tcp'],
    ]);
    expect(lines[1]).toMatch(/outbound +yes +\w+ +3\.91 KiB +4\.00 EiB +00000001-0-[0-9a-f]{8}$/u);
  });

  it('prints ECS objects with exact counters', async () => {
    const { code, stdout } = await ask('sessions', '--json', '--src', '10.0.0.5');
    expect(code).toBe(0);
    expect(stdout).toContain('"network.bytes":4611686018427391904');
    expect(objects(stdout)).toEqual([
      expect.objectContaining({
        '@timestamp': '2026-11-24T01:30:00.000Z',
        'event.duration': 12_000_000_000,
        'source.ip': '10.0.0.5',
        'source.port': 50_000,
        'source.bytes': 4000,
        'destination.ip': '198.51.100.7',
        'destination.port': 443,
        'destination.packets': 40,
        'network.transport': 'tcp',
        'network.protocol': 'https',
        'network.direction': 'outbound',
        'ascribe.encrypted': 'yes',
        'ascribe.encrypted_by': 'port:443/tcp',
        'ascribe.session.slices': 2,
        'ascribe.raw_seq': 1,
      }),
    ]);
  });

  it.each<[string, string[], number[]]>([
    ['a network of sources', ['--src', '10.0.0.0/24'], [53, 443]],
    ['a destination', ['--dst', '2001:db8:f::1'], [853]],
    ['a port', ['--port', '53'], [53]],
    ['a time from', ['--from', '-1h'], [53, 443]],
    ['a time to', ['--to', '2026-11-24 01:30'], [853]],
    ['relative times', ['--from', '-45m', '--to', '-39m30s'], [443]],
    ['outbound alone', ['--outbound'], [443]],
    ['a direction', ['--direction', 'internal'], [53]],
    ['encrypted', ['--encrypted', '--to', 'now'], [443, 853]],
    ['not encrypted', ['--encrypted', 'no'], [53]],
    ['a limit', ['--limit', '1'], [53]],
  ])('finds by %s', async (_name, argv, ports) => {
    const { stdout } = await ask('sessions', '--json', ...argv);
    expect(objects(stdout).map((session) => session['destination.port'])).toEqual(ports);
  });

  it('says that there are more than the limit, unless told to be quiet', async () => {
    expect((await ask('sessions', '--limit', '2')).stderr).toBe('the latest 2 sessions; --limit shows more\n');
    expect((await ask('sessions', '--limit', '2', '-q')).stderr).toBe('');
  });

  it('exits 4 when nothing matched', async () => {
    expect(await ask('sessions', '--port', '1')).toEqual({ code: 4, stdout: '', stderr: 'no session matched\n' });
  });

  it.each([
    ['a time', ['--from', 'yesterday'], /--from: "yesterday" is not a time/u],
    ['an address', ['--src', 'router'], /src: router is no address/u],
    ['a port', ['--port', 'https'], /Not a whole number/u],
    ['a port that cannot be', ['--port', '70000'], /port: .*0 to 65535/u],
    ['a state', ['--state', 'done'], /Allowed choices are open, ended, denied, attempt/u],
    ['a limit', ['--limit', '0'], /limit: .*whole number from 1/u],
  ])('refuses what is not %s', async (_name, argv, message) => {
    const { code, stdout, stderr } = await ask('sessions', ...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('tells a missing data directory from one without sessions', async () => {
    expect((await run(['sessions', '--data', join(root, 'none')])).code).toBe(10);
    expect((await run(['sessions', '--data', root])).code).toBe(4);
  });
});

describe('session', () => {
  const id = async (): Promise<string> =>
    String(objects((await ask('sessions', '--json', '--port', '443')).stdout)[0]?.['ascribe.session.id']);

  it.each([['session'], ['explain']])('%s shows one whole, with the records that prove it', async (command) => {
    const { code, stdout } = await ask(command, await id());
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}ends +10\.0\.0\.5:50000 -> 198\.51\.100\.7:443 {2}tcp {2}https$/mu);
    expect(stdout).toMatch(/^ {2}began +2026-11-24T01:30:00\.000Z$/mu);
    expect(stdout).toMatch(/^ {2}encrypted +yes, by port:443\/tcp; room for a TLS handshake$/mu);
    expect(stdout).toMatch(/^ {2}sent +3\.91 KiB \(4 000 bytes\) in 12 packets$/mu);
    expect(stdout).toMatch(/^source +192\.0\.2\.1 +0 /mu);
    expect(stdout).toMatch(/2026-11-24T01-000 flow 2$/mu);
    expect(stdout).toMatch(/^proved by {2}journal records 1, 2$/mu);
  });

  it('prints the session, its observers and its slices as objects', async () => {
    const lines = objects((await ask('session', await id(), '--json')).stdout);
    expect(lines.map((line) => line['ascribe.part'])).toEqual(['session', 'observer', 'observer', 'slice', 'slice']);
    expect(new Set(lines.map((line) => line['ascribe.session.id'])).size).toBe(1);
    expect(lines[3]).toMatchObject({
      'ascribe.raw_seq': 1,
      'ascribe.slice.segment': '2026-11-24T01-000',
      'ascribe.slice.bytes': 4000,
    });
  });

  it('exits 4 for an id that is not there, shown harmlessly', async () => {
    const { code, stderr } = await ask('session', 'x\u001b[2J');
    expect({ code, stderr }).toEqual({ code: 4, stderr: 'there is no session x\\u{1b}[2J\n' });
  });
});

test('without any session it says what they are made of', async () => {
  const empty = join(root, 'empty');
  mkdirSync(empty, { recursive: true });
  openAnalysisForWriting(dataLayout(empty).database).close();
  const { code, stderr } = await run(['sessions', '--data', empty]);
  expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('made of flow records') as string });
});
