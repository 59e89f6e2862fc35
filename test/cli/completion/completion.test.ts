import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { run } from '../support/run';

const present = (shell: string): boolean => spawnSync(shell, ['--version']).error === undefined;
const script = async (shell: string): Promise<string> => (await run(['completion', shell])).stdout;

/** What bash would offer after these words, the last of which is being typed. */
function offered(source: string, words: readonly string[]): string[] {
  const program = `${source}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _ascribe; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', program], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.trim().split('\n');
}

describe('completion', () => {
  for (const [shell, check] of [
    ['bash', '-n'],
    ['zsh', '-n'],
    ['fish', '--no-execute'],
  ] as const) {
    (present(shell) ? it : it.skip)(`makes a script that ${shell} can read`, async () => {
      const directory = mkdtempSync(join(tmpdir(), 'ascribe-completion-'));
      const file = join(directory, 'script');
      writeFileSync(file, await script(shell));
      const { status, stderr } = spawnSync(shell, [check, file], { encoding: 'utf8' });
      rmSync(directory, { recursive: true });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    });
  }

  it.each([
    ['zsh', 'check) _ascribe_check ;;'],
    ['fish', "complete -c ascribe -n '__ascribe_exactly completion' -f -a 'bash zsh fish'"],
  ])('names commands and choices in %s', async (shell, line) => {
    expect(await script(shell)).toContain(line);
  });

  it.each([
    ['commands', ['ascribe', 'ch'], ['check']],
    ['options of a command', ['ascribe', 'check', '--on'], ['--online']],
    ['options every command takes', ['ascribe', 'check', '--js'], ['--json']],
    ['commands behind an option with a value', ['ascribe', '--config', 'check', 'vers'], ['version']],
    ['choices of an argument', ['ascribe', 'completion', 'z'], ['zsh']],
    ['nothing behind a command without arguments', ['ascribe', 'version', ''], ['']],
  ])('offers %s in bash', async (_name, words, expected) => {
    expect(offered(await script('bash'), words)).toEqual(expected);
  });

  it('offers files behind --config in bash', async () => {
    expect(offered(await script('bash'), ['ascribe', '--config', '/etc/passw'])).toContain('/etc/passwd');
  });

  it('refuses a shell it does not know', async () => {
    expect(await run(['completion', 'tcsh'])).toMatchObject({ code: 2, stdout: '' });
  });
});
