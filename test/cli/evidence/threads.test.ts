import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PackSite } from './pack-site';

const MAIN = join(process.cwd(), 'dist', 'cli', 'main.js');
const WHOLE = ['--from', '2026-11-24T00:00:00Z', '--to', '2026-11-24T03:00:00Z'];

let site: PackSite;
beforeAll(() => {
  site = new PackSite(1, 6000);
});
afterAll(() => site.remove());

/** Runs the built program, which begins threads for a pack of so many records. */
function built(...argv: string[]): { readonly status: number | null; readonly stdout: string } {
  const all = [MAIN, 'evidence', ...argv, '--data', site.data];
  const { status, stdout, stderr } = spawnSync(process.execPath, all, { cwd: site.folder, encoding: 'utf8' });
  if (stderr.includes('rror')) throw new Error(stderr);
  return { status, stdout };
}

test('threads write the same bytes as one alone, and find the same', async () => {
  expect(await site.run('pack', ...WHOLE, '--out', 'alone.tar')).toMatchObject({ code: 0 });
  expect(built('pack', ...WHOLE, '--out', 'threads.tar')).toMatchObject({ status: 0 });
  expect(readFileSync(site.path('threads.tar')).equals(readFileSync(site.path('alone.tar')))).toBe(true);
  const alone = await site.run('verify', 'alone.tar', '--json');
  const threads = built('verify', 'threads.tar', '--json');
  expect(alone.code).toBe(0);
  expect(threads).toEqual({ status: 0, stdout: alone.stdout });
  expect(JSON.parse(threads.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ 'event.outcome': 'success' });
});

test('the integrity of a pack is checked without deriving anything again', () => {
  const { status, stdout } = built('verify', 'threads.tar', '--integrity', '--json');
  const summary = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
  expect([status, summary['event.outcome'], summary['ascribe.evidence.facts']]).toEqual([0, 'success', undefined]);
});
