import { existsSync, readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { recordRetirement } from '../../../forwarders/delivery/retirement';
import { type RunningForwarder, StoreSite, until } from '../store-site';

interface Document {
  readonly event: { readonly id: string; readonly sequence?: number };
  readonly message?: string;
  readonly ascribe: { readonly session?: { readonly id: string; readonly state: string } };
}

let site: StoreSite;
let running: RunningForwarder | undefined;

beforeEach(() => {
  site = new StoreSite();
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
  site.remove();
});

/** What arrived in the files of a destination; nothing half written is ever seen. */
function arrived(name = 'out'): Document[] {
  const folder = join(site.folder, name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ndjson'))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as Document);
}

const ids = (name?: string): Set<string> => new Set(arrived(name).map(({ event }) => event.id));
const to = (directory = 'out') => ({ file: { directory, roll_after: 1 } });
const start = (...destinations: object[]): void => {
  running = site.forwarder(destinations);
};

test('a stopped forwarder goes on where it stood, and a change comes again under the same id', async () => {
  site.addSessions(30);
  start({ name: 'a', send: ['sessions'], ...to() });
  await until(() => arrived().length === 30, 'the sessions');
  await running?.stop();
  site.addSessions(5);
  site.changeSession(3, { state: 'ended' });
  start({ name: 'a', send: ['sessions'], ...to() });
  await until(() => arrived().length === 36, 'what came meanwhile');
  expect(ids().size).toBe(35);
  const states = arrived().filter(({ ascribe }) => ascribe.session?.id === '00000003-0-00000000');
  expect(new Set(states.map(({ ascribe }) => ascribe.session?.state))).toEqual(new Set(['open', 'ended']));
  const counted = (what: 'sent' | 'confirmed'): number =>
    site.database((database) => database.hours({}).reduce((sum, hour) => sum + hour[what], 0));
  await until(() => counted('sent') === 36, 'the count');
  expect(counted('confirmed')).toBe(36);
}, 30_000);

test('events are read across segments, and a filter moves the cursor without sending', async () => {
  site.addEvents(10);
  site.completeSegment();
  site.addEvents(10, '2026-11-24T03-000');
  start(
    { name: 'all', send: ['events'], ...to('all') },
    { name: 'some', send: ['events'], only: { device: ['edge-1'], min_severity: 'medium' }, ...to('some') },
  );
  await until(() => arrived('all').length === 20, 'all events');
  await until(() => (running?.status()[1]?.filtered ?? 0) + arrived('some').length === 20, 'the filtered');
  expect(arrived('some').map(({ message }) => message)).toEqual([
    'event 1',
    'event 3',
    'event 9',
    'event 11',
    'event 17',
    'event 19',
  ]);
  const position = () => site.database((database) => database.position('some', 'events'));
  await until(() => position() === '2026-11-24T03-000/10', 'the cursor behind the filtered');
}, 30_000);

test('what retention takes away before it was sent is a gap first, and only what is missing', async () => {
  site.addEvents(40);
  const destination = { name: 'slow', send: ['events'], ...to() };
  start({ ...destination });
  await until(() => arrived().length === 40, 'the first');
  await running?.stop();
  running = undefined;
  site.addEvents(25);
  site.completeSegment();
  const [gap] = recordRetirement(site.layout.forward, 'facts', site.layout.facts, '2026-11-24T02-000');
  expect(gap).toMatchObject({ destination: 'slow', kind: 'events', from_id: 40, to_id: 65, missing: 25 });
  unlinkSync(site.segmentPath('2026-11-24T02-000'));
  site.addEvents(5, '2026-11-24T03-000');
  start({ ...destination });
  await until(() => arrived().length === 45, 'what is left');
  expect(site.database((database) => database.gaps())).toMatchObject([{ missing: 25, reason: 'retention' }]);
}, 30_000);

test('a destination that is no longer configured has no gaps', () => {
  site.addEvents(3);
  site.completeSegment();
  site.database((database) => database.activate([{ destination: 'old', kind: 'events', start: '' }]));
  site.database((database) => database.activate([]));
  expect(recordRetirement(site.layout.forward, 'facts', site.layout.facts, '2026-11-24T02-000')).toEqual([]);
});

test('`start: now` begins with what comes', async () => {
  site.addSessions(10);
  start({ name: 'new', send: ['sessions'], start: 'now', ...to() });
  const [late] = site.addSessions(1);
  await until(() => arrived().length > 0, 'the late one');
  expect(arrived().map(({ ascribe }) => ascribe.session?.id)).toEqual([late]);
}, 30_000);
