import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OperatorRecord } from '../../collectors/operator/operator-record';
import { dataLayout } from '../../cli/data-layout';
import { loadConfig } from '../../cli/config/load';
import { catchUp } from '../../cli/pipeline/offline';
import { takeOperatorRecords } from '../../cli/pipeline/operator-intake';
import { Journal } from '../../store/journal/journal';
import { SigningKeys } from '../../store/journal/signing-keys';
import { run, type Run } from './support/run';

const T = Date.UTC(2026, 10, 24, 1);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ascribe-audit-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ascribe = (...argv: string[]): Promise<Run> =>
  run([...argv, '--data', folder], {
    cwd: folder,
    now: T,
    env: { SUDO_USER: 'eva', SSH_CONNECTION: '192.0.2.9 50000 192.0.2.1 22', SSH_TTY: '/dev/pts/3' },
  });

function waiting(): OperatorRecord[] {
  const { operator } = dataLayout(folder);
  return readdirSync(operator)
    .map((name) => JSON.parse(readFileSync(join(operator, name), 'utf8')) as OperatorRecord)
    .sort((a, b) => (a.phase < b.phase ? -1 : 1));
}

test('a command that changes something is written down before and after, its secrets masked', async () => {
  const { code } = await ascribe('baseline', 'approve', 'AllowedUsers', 'root', '--note', 'password Kanarienvogel-7');
  const [begin, end] = waiting();
  expect(begin).toMatchObject({ phase: 'begin', action: 'baseline approve', sudoUser: 'eva', client: '192.0.2.9' });
  expect(begin).toMatchObject({ terminal: '/dev/pts/3', at: T });
  expect(end).toEqual({ ...begin, phase: 'end', exit: code });
  expect(begin?.command).toContain('ascribe baseline approve AllowedUsers root');
  expect(JSON.stringify(waiting())).not.toContain('Kanarienvogel');
});

test('one that writes the journal takes in its beginning by itself; one that fails leaves its exit code, one that only reads nothing', async () => {
  const { code } = await ascribe('import', 'not-there.pcap');
  expect(code).toBeGreaterThan(0);
  expect(waiting().map(({ phase, exit }) => [phase, exit])).toEqual([['end', code]]);
  rmSync(dataLayout(folder).operator, { recursive: true });
  await ascribe('baseline', 'list');
  await ascribe('db', 'path');
  expect(readdirSync(folder)).not.toContain('operator');
});

test('what cannot be written down is not done', async () => {
  writeFileSync(dataLayout(folder).operator, 'in the way');
  const { code, stderr } = await ascribe('baseline', 'approve', 'AllowedUsers', 'root');
  expect([code, stderr]).toEqual([1, expect.stringContaining('cannot be written down')]);
  expect((await ascribe('baseline', 'list')).stdout).not.toContain('root');
});

test('the journal takes it in and chains it, and events shows it', async () => {
  await ascribe('baseline', 'approve', 'AllowedUsers', 'root');
  const layout = dataLayout(folder);
  const journal = Journal.open(layout.journal, { keys: SigningKeys.open(layout.keys), reserveBytes: 0, now: () => T });
  expect(takeOperatorRecords(journal, layout.operator)).toBe(2);
  expect(takeOperatorRecords(journal, layout.operator)).toBe(0);
  journal.close();
  catchUp(layout, loadConfig({ cwd: folder, dataDirectory: folder }), () => undefined);
  const { stdout } = await ascribe('events', '--from', '2026-11-24T00:00:00Z', '--json');
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events.map((event) => event['event.action'])).toEqual(['operator_end', 'operator_begin']);
  expect(events[0]).toMatchObject({
    'event.outcome': 'success',
    'event.code': 'baseline approve',
    'source.ip': '192.0.2.9',
  });
  expect((await ascribe('db', 'verify')).stdout).toContain('whole');
});

test('without a data directory nothing is made for it', async () => {
  const there = join(folder, 'none');
  await run(['rebuild', '--data', there], { cwd: folder, now: T });
  expect(readdirSync(folder)).toEqual([]);
  mkdirSync(there);
  chmodSync(there, 0o700);
});
