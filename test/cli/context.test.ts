import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandContext, type GlobalOptions } from '../../cli/context';
import { CommandError, exitCodeOf } from '../../cli/exit-codes';
import { fakeIo } from './support/run';

const cwd = mkdtempSync(join(tmpdir(), 'ascribe-context-'));
afterAll(() => rmSync(cwd, { recursive: true }));
writeFileSync(join(cwd, 'ascribe.yaml'), 'nonsense: 1\n');

function context(options: Partial<GlobalOptions> = {}, tty = false) {
  const io = fakeIo({ cwd, tty });
  return { io, context: new CommandContext(io, { color: true, ...options }) };
}

describe('command context', () => {
  it('needs no configuration for a named data directory, and reads it for every other', () => {
    expect(context({ data: 'here' }).context.dataDirectory).toBe(join(cwd, 'here'));
    expect(() => context().context.dataDirectory).toThrow('ascribe.yaml:1:1: nonsense: unknown key');
    expect(() => context({ data: 'here', config: 'none.yaml' }).context.dataDirectory).toThrow(
      'none.yaml: no such file',
    );
  });

  it('keeps notes and warnings off stdout, escapes them line by line, and is silent with -q', () => {
    const { io, context: loud } = context();
    loud.note('one\u001b[2J\ntwo');
    loud.warn('three\u202e');
    expect(io.stdout.text).toBe('');
    expect(io.stderr.text).toBe('one\\u{1b}[2J\ntwo\nascribe: warning: three\\u{202e}\n');
    const { io: silent, context: quiet } = context({ quiet: true });
    quiet.note('one');
    quiet.warn('two');
    quiet.progress({ label: 'x' }).update(1);
    expect(silent.stderr.text).toBe('');
  });

  it('reads times by the clock it is given, and names the option of one it cannot read', () => {
    const { io, context: made } = context();
    expect(made.time('--from', '-1h')).toBe(io.now() - 3_600_000);
    expect(() => made.time('--from', 'soon')).toThrow('--from: "soon" is not a time');
  });
});

it.each([
  ['an error of ours', new CommandError('x', 'x', 12), 12],
  ['a data directory in use', Object.assign(new Error('x'), { code: 'data_in_use' }), 11],
  ['a configuration', Object.assign(new Error('x'), { code: 'config_invalid' }), 2],
  ['a port in use', Object.assign(new Error('x'), { code: 'port_in_use' }), 1],
  ['what is no error at all', 'x', 1],
])('the exit code of %s', (_name, thrown, code) => {
  expect(exitCodeOf(thrown)).toBe(code);
});
