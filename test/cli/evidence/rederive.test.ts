import Database from 'better-sqlite3';
import { DEMO } from '../../site/scenarios/demo';
import { SitePack } from './site-pack';

let site: SitePack;
beforeAll(() => {
  site = new SitePack(DEMO, 1);
});
afterAll(() => site.remove());

const first = (sql: string): string => site.read((db) => db.prepare(sql).pluck().get() as string);

interface Counts {
  readonly same: number;
  readonly differ: number;
  readonly absent: number;
}

interface Verified {
  readonly code: number;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly again: Readonly<Record<'sessions' | 'verdicts' | 'findings', Counts>>;
  readonly differences: readonly Readonly<Record<string, unknown>>[];
}

async function verified(file: string): Promise<Verified> {
  const { code, stdout } = await site.run('verify', file, '--json');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  const summary = lines.at(-1) ?? {};
  return {
    code,
    summary,
    again: summary['ascribe.evidence.again'] as Verified['again'],
    differences: lines.filter((line) => line['ascribe.evidence'] === 'difference'),
  };
}

const all = (same: number): Counts => ({ same, differ: 0, absent: 0 });

test.each([
  [
    'a session behind a translation',
    () => ['--session', first(`SELECT session FROM verdict WHERE leg_of IS NOT NULL LIMIT 1`)],
  ],
  [
    'a session of a hypervisor',
    () => ['--session', first(`SELECT session FROM verdict WHERE owner_kind = 'service' LIMIT 1`)],
  ],
  [
    'a session that a line of configuration began',
    () => ['--session', first(`SELECT session FROM verdict WHERE owner_id LIKE 'device:%/%' LIMIT 1`)],
  ],
  [
    'the session that is least sure',
    () => ['--session', first('SELECT session FROM verdict ORDER BY confidence, session LIMIT 1')],
  ],
  [
    'the finding with the most matches',
    () => ['--finding', first('SELECT id FROM finding ORDER BY matches DESC, id LIMIT 1')],
  ],
  [
    'an owner',
    () => ['--owner', first(`SELECT owner_id FROM verdict WHERE owner_kind = 'vm' ORDER BY session LIMIT 1`)],
  ],
  [
    'half of the time',
    () => ['--from', new Date(site.from + 120_000).toISOString(), '--to', new Date(site.to).toISOString()],
  ],
])('a pack of %s leads to the sessions, verdicts and findings that it states', async (what, selection) => {
  const file = `${what.replaceAll(' ', '-')}.tar`;
  expect(await site.run('pack', ...selection(), '--out', file)).toMatchObject({ code: 0 });
  const { code, again, differences, summary } = await verified(file);
  expect(differences).toEqual([]);
  expect(code).toBe(0);
  expect(summary['event.outcome']).toBe('success');
  for (const counts of Object.values(again)) expect(counts).toEqual(all(counts.same));
  expect(again.sessions.same + again.findings.same).toBeGreaterThan(0);
  expect(again.verdicts.same).toBe(again.sessions.same);
});

test('a verdict and a finding that the records do not lead to are named, though the pack is signed and whole', async () => {
  const session = first(`SELECT session FROM verdict WHERE status = 'attributed' AND owner_kind = 'vm' LIMIT 1`);
  const finding = first('SELECT id FROM finding ORDER BY id LIMIT 1');
  const db = new Database(site.replayed.layout.database);
  db.exec(`UPDATE verdict_row SET confidence = 0.123 WHERE session = (SELECT num FROM session_row WHERE id = '${session}');
    UPDATE finding_row SET severity = 'critical', text = 'made up' WHERE id = '${finding}'`);
  db.close();
  await site.run('pack', '--session', session, '--out', 'bent-verdict.tar');
  const verdict = await verified('bent-verdict.tar');
  expect(verdict).toMatchObject({ code: 3, summary: { 'event.outcome': 'success' } });
  expect(verdict.again.verdicts.differ).toBe(1);
  expect(verdict.differences).toMatchObject([{ 'ascribe.kind': 'verdict', 'event.id': session }]);
  expect(String(verdict.differences[0]?.['message'])).toContain('0.123');
  await site.run('pack', '--finding', finding, '--out', 'bent-finding.tar');
  const told = await verified('bent-finding.tar');
  expect(told.code).toBe(3);
  expect(told.differences).toMatchObject([{ 'ascribe.kind': 'finding', 'event.id': finding }]);
  expect((await site.run('verify', 'bent-finding.tar')).stdout).toContain('DIFFERS  finding');
});

test('what rests on records that are not there is told as not derived again', async () => {
  const session = first('SELECT id FROM session ORDER BY id DESC LIMIT 1');
  const db = new Database(site.replayed.layout.database);
  // The journal has no such records: the pack states a session that nothing in it tells of.
  db.exec(`UPDATE session_slice_row SET raw_seq = 4000000000 WHERE session = (SELECT num FROM session_row WHERE id = '${session}');
    UPDATE session_row SET id = '000zz000-0-00000000' WHERE id = '${session}'`);
  db.close();
  expect((await site.run('pack', '--session', '000zz000-0-00000000', '--out', 'gone.tar')).code).toBe(3);
  const gone = await verified('gone.tar');
  expect(gone.code).toBe(3);
  expect(gone.again.sessions.absent).toBe(1);
  expect(gone.differences).toContainEqual(
    expect.objectContaining({ 'ascribe.kind': 'verdict', 'event.id': '000zz000-0-00000000' }),
  );
});
