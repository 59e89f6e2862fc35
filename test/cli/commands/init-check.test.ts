import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../../cli/config/load';
import { run } from '../support/run';

const root = mkdtempSync(join(tmpdir(), 'ascribe-init-'));
afterAll(() => rmSync(root, { recursive: true }));
const cwd = (): string => mkdtempSync(join(root, 'c'));
const objects = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('init', () => {
  it('writes a configuration that check takes, not readable by others', async () => {
    const dir = cwd();
    expect(await run(['init'], { cwd: dir })).toMatchObject({ code: 0, stderr: '' });
    expect(statSync(join(dir, 'ascribe.yaml')).mode & 0o007).toBe(0);
    expect((await run(['check'], { cwd: dir })).stdout).toMatch(/^ascribe\.yaml: valid\n/u);
  });

  it('never overwrites', async () => {
    const dir = cwd();
    writeFileSync(join(dir, 'mine.yaml'), 'data: x\n');
    const { code, stderr } = await run(['init', '--config', 'mine.yaml'], { cwd: dir });
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'ascribe: mine.yaml exists; it is not overwritten\n' });
    expect(readFileSync(join(dir, 'mine.yaml'), 'utf8')).toBe('data: x\n');
  });

  it('prints to stdout when asked and writes nothing', async () => {
    const dir = cwd();
    const { stdout } = await run(['init', '--stdout'], { cwd: dir });
    expect(parseConfig(stdout, 'out').home_networks.map(({ text }) => text)).toContain('10.0.0.0/8');
    expect(() => statSync(join(dir, 'ascribe.yaml'))).toThrow('ENOENT');
  });

  it('says where it wrote, as JSON', async () => {
    const { stdout } = await run(['init', '--json'], { cwd: cwd() });
    expect(objects(stdout)).toEqual([
      { 'file.path': 'ascribe.yaml', 'ascribe.home_networks': expect.arrayContaining(['192.168.0.0/16']) },
    ]);
  });
});

describe('check', () => {
  it('holds without a file', async () => {
    const dir = cwd();
    const { code, stdout } = await run(['check'], { cwd: dir });
    expect(code).toBe(0);
    expect(stdout).toContain(`data directory   ${join(dir, 'ascribe-data')}`);
    expect(stdout).toContain('netflow          udp://0.0.0.0:2055 udp://[::]:2055');
  });

  it('prints each fault where editors find it, and exits 2', async () => {
    const dir = cwd();
    writeFileSync(join(dir, 'ascribe.yaml'), 'data: 1\njurnal: {}\n');
    expect(await run(['check'], { cwd: dir })).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'ascribe.yaml:1:7: data: expected text, found 1\nascribe.yaml:2:1: jurnal: unknown key; did you mean "journal"?\n',
    });
  });

  it('prints the faults as objects with --json', async () => {
    const dir = cwd();
    writeFileSync(join(dir, 'ascribe.yaml'), 'data: 1\n');
    const { code, stdout, stderr } = await run(['check', '--json'], { cwd: dir });
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(objects(stdout)).toEqual([
      {
        'ascribe.check': 'configuration',
        'event.outcome': 'failure',
        'file.path': 'ascribe.yaml',
        'ascribe.line': 1,
        'ascribe.column': 7,
        'ascribe.path': 'data',
        'error.message': 'expected text, found 1',
      },
    ]);
  });

  it('cannot be made to act on the terminal by a configuration', async () => {
    const dir = cwd();
    writeFileSync(join(dir, 'ascribe.yaml'), '"\\e[2Jdata": 1\n');
    const { stderr } = await run(['check'], { cwd: dir });
    expect(stderr).toContain('\\u{1b}[2Jdata: unknown key');
    expect(stderr).not.toContain('\u001b');
  });

  it('prints the JSON Schema', async () => {
    const { stdout } = await run(['check', '--schema']);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object', additionalProperties: false });
  });
});

describe('check --online', () => {
  it('tries ports, data directory and certificate, and leaves nothing behind', async () => {
    const dir = cwd();
    const socket = createSocket('udp4');
    await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
    const { port } = socket.address();
    writeFileSync(
      join(dir, 'ascribe.yaml'),
      `data: .
journal: {reserve_bytes: 0B}
collectors:
  netflow: [{listen: ["127.0.0.1:${port}"], receive_buffer: 64KiB}, {listen: ["127.0.0.1:0"], receive_buffer: 64KiB}]
  syslog:
    - {udp: [], tcp: ["127.0.0.1:0"]}
    - {udp: [], tcp: [], tls: {listen: ["127.0.0.1:0"], cert: none.crt, key: none.key}}
`,
    );
    const { code, stdout } = await run(['check', '--online', '--json'], { cwd: dir });
    socket.close();
    expect(code).toBe(1);
    const outcome = objects(stdout).map((line) => `${String(line['ascribe.check'])} ${String(line['event.outcome'])}`);
    expect(outcome).toEqual([
      'configuration success',
      'netflow failure',
      'netflow success',
      'syslog success',
      'syslog failure',
      `data directory ${dir} success`,
    ]);
    expect(stdout).toMatch(/udp port \d+ on 127\.0\.0\.1 is in use/u);
    expect(stdout).toContain('cannot read the certificate none.crt');
  });
});
