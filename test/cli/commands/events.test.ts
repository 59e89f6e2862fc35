import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealFactsSegment } from '../../../store/facts/facts-seal';
import { run } from '../support/run';
import { fact, writeSegment } from './facts-site';

const root = mkdtempSync(join(tmpdir(), 'ascribe-events-'));
const data = join(root, 'data');
afterAll(() => rmSync(root, { recursive: true }));

const login = (minutes: number, device: string, user: string, outcome: 'success' | 'failure' = 'success') => ({
  fact: fact(minutes, device, {
    fact: 'event',
    category: 'authentication',
    action: 'login',
    outcome,
    user,
    sourceIp: '10.0.0.9',
    sourcePort: 50_000,
    code: 'SEC_LOGIN-5',
  }),
});
const command = (minutes: number, device: string, user: string, text: string) => ({
  fact: fact(minutes, device, { fact: 'event', category: 'process', action: 'command', user, command: text }),
});
const item = (minutes: number, device: string, id: string, name: string) => ({
  fact: fact(minutes, device, {
    fact: 'inventory',
    kind: 'interface',
    id,
    name,
    extra: { 'interface.alias': 'uplink' },
  }),
});

beforeAll(() => {
  const first = writeSegment(data, '2026-11-24T01-000', [
    login(0, 'fw1', 'alice'),
    login(1, 'fw1', 'mallory', 'failure'),
    item(1, 'fw1', '1', 'outside'),
    item(2, 'fw1', '2', 'inside'),
    // Told late: its device time lies after all that the next segment holds but the last.
    command(29, 'sw1', 'alice', 'reload\u001b[2J\u202e'),
  ]);
  first.complete();
  expect(sealFactsSegment(first.path)).toBe('sealed');
  writeSegment(data, '2026-11-24T02-000', [
    command(20, 'fw1', 'alice', 'show run'),
    command(30, 'fw1', 'bob', 'configure terminal'),
    item(31, 'fw1', '1', 'wan'),
    item(32, 'sw1', '1', 'Gi1/0/1'),
  ]).close();
});

const ask = (...argv: string[]) => run([...argv, '--data', data], { cwd: root });
const objects = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('events', () => {
  it('lists them, the latest first, over sealed and open segments, on one escaped line each', async () => {
    const { code, stdout, stderr } = await ask('events');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/u));
    expect(lines.map((cells) => cells.slice(0, -1))).toEqual([
      ['time', 'device', 'action', 'outcome', 'user', 'from', 'what'],
      ['2026-11-24T02:00:00Z', 'fw1', 'command', 'bob', 'configure terminal'],
      ['2026-11-24T01:59:00Z', 'sw1', 'command', 'alice', 'reload\\u{1b}[2J\\u{202e}'],
      ['2026-11-24T01:50:00Z', 'fw1', 'command', 'alice', 'show run'],
      ['2026-11-24T01:31:00Z', 'fw1', 'login', 'failure', 'mallory', '10.0.0.9:50000', 'SEC_LOGIN-5'],
      ['2026-11-24T01:30:00Z', 'fw1', 'login', 'success', 'alice', '10.0.0.9:50000', 'SEC_LOGIN-5'],
    ]);
  });

  it('prints objects with ECS names', async () => {
    const { stdout } = await ask('events', '--user', 'mallory', '--json');
    expect(objects(stdout)).toEqual([
      {
        'ascribe.fact': 'event',
        '@timestamp': '2026-11-24T01:31:00.000Z',
        'event.kind': 'event',
        'event.category': 'authentication',
        'event.action': 'login',
        'event.outcome': 'failure',
        'event.code': 'SEC_LOGIN-5',
        'user.name': 'mallory',
        'source.ip': '10.0.0.9',
        'source.port': 50_000,
        'observer.name': 'fw1',
        'ascribe.time_quality': 'ok',
        'ascribe.parser': 'syslog',
        'ascribe.raw_seq': 2,
      },
    ]);
  });

  it.each<[string, string[], string[]]>([
    ['a device', ['--device', 'sw1'], ['01:59']],
    ['an action', ['--action', 'login'], ['01:31', '01:30']],
    ['a category', ['--category', 'process'], ['02:00', '01:59', '01:50']],
    ['a user and a device', ['--user', 'alice', '--device', 'fw1'], ['01:50', '01:30']],
    ['a time from', ['--from', '2026-11-24 01:59'], ['02:00', '01:59']],
    ['a time to', ['--to', '2026-11-24 01:31'], ['01:30']],
    ['a limit, by device time and not by segment', ['--limit', '2'], ['02:00', '01:59']],
  ])('finds by %s', async (_name, argv, times) => {
    const { stdout } = await ask('events', '--json', ...argv);
    expect(objects(stdout).map((event) => String(event['@timestamp']).slice(11, 16))).toEqual(times);
  });

  it('says that there are more than the limit, exits 4 when nothing matched', async () => {
    expect((await ask('events', '--limit', '1')).stderr).toBe('the latest 1 event; --limit shows more\n');
    expect(await ask('events', '--user', 'nobody')).toEqual({ code: 4, stdout: '', stderr: 'no event matched\n' });
    expect((await run(['events', '--data', join(root, 'none')])).code).toBe(10);
  });
});

describe('inventory', () => {
  it('lists each thing once, by its latest row, the one seen last first', async () => {
    const { code, stdout } = await ask('inventory');
    expect(code).toBe(0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/u));
    expect(lines.map((cells) => cells.slice(0, 6))).toEqual([
      ['kind', 'device', 'id', 'name', 'first seen', 'last seen'],
      ['interface', 'sw1', '1', 'Gi1/0/1', '2026-11-24T02:02:00Z', '2026-11-24T02:02:00Z'],
      ['interface', 'fw1', '1', 'wan', '2026-11-24T01:31:00Z', '2026-11-24T02:01:00Z'],
      ['interface', 'fw1', '2', 'inside', '2026-11-24T01:32:00Z', '2026-11-24T01:32:00Z'],
    ]);
  });

  it('prints objects, and finds by device and kind', async () => {
    const { stdout } = await ask('inventory', '--device', 'fw1', '--kind', 'interface', '--limit', '1', '--json');
    expect(objects(stdout)).toEqual([
      expect.objectContaining({
        'ascribe.fact': 'inventory',
        'ascribe.kind': 'interface',
        'ascribe.id': '1',
        'ascribe.name': 'wan',
        'interface.alias': 'uplink',
        'observer.name': 'fw1',
        'ascribe.first_seen': '2026-11-24T01:31:00.000Z',
        'ascribe.last_seen': '2026-11-24T02:01:00.000Z',
        'ascribe.sightings': 2,
      }),
    ]);
    expect((await ask('inventory', '--kind', 'vm')).code).toBe(4);
    expect((await ask('inventory', '--kind', 'car')).code).toBe(2);
  });
});
