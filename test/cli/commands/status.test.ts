import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Interruption } from '../../../cli/io';
import { writeStatus } from '../../../cli/telemetry/status-file';
import { run } from '../support/run';
import { sampleStatus } from '../support/status';

const data = mkdtempSync(join(tmpdir(), 'ascribe-status-command-'));
afterAll(() => rmSync(data, { recursive: true }));
beforeEach(() => writeStatus(data, sampleStatus()));

describe('status', () => {
  it('shows the daemon, listeners, sources, stages, loss and disk', async () => {
    const { code, stdout, stderr } = await run(['status', '--data', data]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n').map((line) => line.replaceAll(/ {2,}/gu, '  ').trimEnd());
    expect(lines).toEqual([
      `running  pid ${process.pid}  version 0.1.0  up 59m 60s since 2026-11-24T01:10:00.000Z`.replace(
        '59m 60s',
        '1h 0m',
      ),
      'ALARM  sessions is behind (since 2026-11-24T02:09:48.000Z)',
      '',
      'listeners',
      'address  for  received  bytes  refused  lost in kernel  lost in queue  buffer',
      'udp://0.0.0.0:2055  netflow  36 000  47.7 MiB  3  7  0  4.00 MiB',
      '',
      'sources',
      'peer  device  format  last seen  records  rate  flows  rejected  never came  undecoded',
      '192.0.2.1  edge\\u{1b}[2J  flow  1.5 s ago  36 000  10 /s  800 000  0  12  0',
      '',
      'devices',
      'device  by  state  last read  clock  log behind  log gaps  in part  note',
      'core-1  snmp  silent  2026-11-24T02:08:55.000Z  0 B  0  1  timeout',
      '',
      'stages',
      'stage  at record  behind  by',
      'journal  36 000  0  0 ms',
      'facts  35 990  10  300 ms',
      'sessions  35 000  1 000  12.0 s',
      '',
      'loss  kernel 7  queue 0  sequence 12  undecoded 0  malformed 0',
      'disk  data 2.00 GiB  free 32.0 GiB  reserve 1.00 GiB',
      '',
    ]);
  });

  it('prints one object for each part with --json', async () => {
    const { code, stdout } = await run(['status', '--json', '--data', data]);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(code).toBe(0);
    expect(lines.map((line) => line['ascribe.status'])).toEqual([
      'daemon',
      'listener',
      'source',
      'device',
      'stage',
      'stage',
      'stage',
      'alarm',
    ]);
    expect(lines[0]).toMatchObject({
      'ascribe.state': 'running',
      'ascribe.loss.kernel': 7,
      'ascribe.disk.free_bytes': 2 ** 35,
    });
    expect(lines[1]).toMatchObject({ 'ascribe.listener.kernel_dropped': 7 });
    expect(lines[2]).toMatchObject({
      'source.address': '192.0.2.1',
      'observer.name': 'edge\u001b[2J',
      'ascribe.source.last_seen': '2026-11-24T02:09:58.500Z',
    });
    expect(lines[3]).toMatchObject({
      'observer.name': 'core-1',
      'ascribe.device.state': 'silent',
      'ascribe.device.last_read_at': '2026-11-24T02:08:55.000Z',
    });
    expect(lines[7]).toMatchObject({ 'ascribe.alarm.since': '2026-11-24T02:09:48.000Z' });
  });

  it('fails when the daemon is not running', async () => {
    writeStatus(data, sampleStatus({ updatedAt: Date.UTC(2026, 10, 24, 2) }));
    const { code, stdout } = await run(['status', '--data', data]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^stuck, has not reported for 10m 0s/u);
  });

  it.each([
    ['no data directory', ['--data', join(data, 'none')], 10, /there is no data directory .*none/u],
    ['a directory in which none ran', ['--data', tmpdir()], 1, /no daemon has run on/u],
  ])('tells of %s', async (_name, argv, code, message) => {
    const result = await run(['status', ...argv]);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(message);
  });
});

describe('top', () => {
  it('needs a terminal', async () => {
    expect(await run(['top', '--data', data])).toMatchObject({ code: 2, stdout: '' });
  });

  it('redraws on a terminal and leaves it as it was when interrupted', async () => {
    const controller = new AbortController();
    const interruption: Interruption = {
      signal: controller.signal,
      received: undefined,
      draining: false,
      drains: () => setImmediate(() => controller.abort()),
    };
    const { code, stdout } = await run(['top', '--data', data, '--no-color'], { tty: true, interruption });
    expect(code).toBe(0);
    expect(stdout.startsWith('\u001b[?1049h\u001b[?25l\u001b[H\u001b[Jrunning')).toBe(true);
    expect(stdout.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true);
    expect(stdout).not.toContain('edge\u001b');
  });
});
