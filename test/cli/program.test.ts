import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './support/run';

const cwd = mkdtempSync(join(tmpdir(), 'ascribe-program-'));
afterAll(() => rmSync(cwd, { recursive: true }));

describe('command line', () => {
  it.each([
    ['an unknown command', ['versoin'], /unknown command 'versoin'[^]*Did you mean version\?/u],
    ['an unknown option', ['version', '--jsno'], /unknown option '--jsno'[^]*Did you mean --json\?/u],
    ['an option without its value', ['version', '--config'], /argument missing/u],
    ['too many arguments', ['version', 'extra'], /too many arguments/u],
    ['no command at all', [], /Usage: ascribe/u],
  ])('%s is wrong usage', async (_name, argv, message) => {
    const { code, stdout, stderr } = await run(argv, { cwd });
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it.each([[['--json', 'version']], [['version', '--json']]])('takes shared options anywhere: %j', async (argv) => {
    const { code, stdout } = await run(argv, { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ 'service.version': '0.1.0', 'ascribe.sqlite': expect.any(String) });
  });

  it.each([['--help'], ['-h'], ['help'], ['--version']])('%s answers on stdout', async (option) => {
    const { code, stdout, stderr } = await run([option], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(option === '--version' ? /^0\.1\.0\n$/u : /Usage: ascribe/u);
  });

  it('names the shared options in the help of each command', async () => {
    const { stdout } = await run(['help', 'version'], { cwd });
    expect(stdout).toMatch(/Global Options:[^]*--data <dir>/u);
  });

  it.each([
    ['SIGINT', false, 130],
    ['SIGTERM', false, 143],
    ['SIGTERM', true, 0],
  ] as const)('ends by %s (draining: %s) with %i', async (received, draining, code) => {
    const { signal } = new AbortController();
    const interruption = { signal, received, draining, drains: () => undefined };
    expect((await run(['version'], { cwd, interruption })).code).toBe(code);
  });
});
