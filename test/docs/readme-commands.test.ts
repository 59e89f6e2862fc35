import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isBuilt } from '../e2e/ascribe-process';

/** The README's own commands, run as they stand (but for `npm ci` and `npm test`, which are running now, and `npm run demo`'s build). */
const maybe = isBuilt ? test : test.skip;

const blocks = [...readFileSync('README.md', 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
const lines = blocks.flatMap((block) => block.split('\n')).map((line) => line.replace(/\s+#.*$/, '').trim());
const npx = lines.filter((line) => line.startsWith('npx ascribe '));

maybe('init and check work as the README shows them', () => {
  expect(npx).toEqual(['npx ascribe init', 'npx ascribe check --online']);
  const directory = mkdtempSync(join(tmpdir(), 'ascribe-readme-'));
  const main = join(process.cwd(), 'dist', 'cli', 'main.js');
  const run = (line: string) =>
    spawnSync(process.execPath, [main, ...line.split(' ').slice(2)], { cwd: directory, encoding: 'utf8' });
  expect(run('npx ascribe init')).toMatchObject({ status: 0 });
  const checked = run('npx ascribe check --online');
  expect(checked.stdout).toContain('ascribe.yaml: valid');
  rmSync(directory, { recursive: true, force: true });
});

maybe(
  'npm run demo tells how many sessions came out right, and none wrong',
  () => {
    expect(lines).toContain('npm ci && npm run demo');
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    expect(scripts['demo']).toBe('npm run --silent build && node dist/cli/main.js demo');
    const demo = spawnSync(process.execPath, ['dist/cli/main.js', 'demo', '--json', '--speed', '12'], {
      encoding: 'utf8',
      timeout: 240_000,
    });
    expect(demo.stderr).toContain('a site of 3 hypervisors');
    expect(JSON.parse(demo.stdout)).toMatchObject({
      'ascribe.demo.wrong': 0,
      'ascribe.demo.missing': 0,
      'ascribe.demo.surplus': 0,
    });
    expect(demo.status).toBe(0);
  },
  300_000,
);
