import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataLayout } from '../../../cli/data-layout';
import { writeStatus } from '../../../cli/telemetry/status-file';
import type { DestinationStatus } from '../../../forwarders/delivery/destination-status';
import { ForwardDatabase } from '../../../forwarders/delivery/forward-db';
import type { DeadLetter, Tally } from '../../../forwarders/delivery/forward-rows';
import { HecReceiver } from '../../forwarders/receivers/hec-receiver';
import { type Run, run } from '../support/run';
import { sampleStatus } from '../support/status';

const HOUR = 3_600_000;
/** Two hours before the clock of the command line. */
const EARLY = Date.UTC(2026, 10, 24, 0, 20);
const LATE = Date.UTC(2026, 10, 24, 2, 5);

let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'ascribe-forward-command-'));
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(data, { recursive: true });
});

function database<T>(work: (database: ForwardDatabase) => T): T {
  const { forward } = dataLayout(data);
  mkdirSync(join(forward, '..'), { recursive: true });
  const opened = ForwardDatabase.open(forward);
  try {
    return work(opened);
  } finally {
    opened.close();
  }
}

const at = (time: number, work: (database: ForwardDatabase) => void): void => {
  jest.spyOn(Date, 'now').mockReturnValue(time);
  database(work);
  jest.restoreAllMocks();
};

const tally = (values: Partial<Tally>): Tally => ({
  sent: 0,
  confirmed: 0,
  dead: 0,
  filtered: 0,
  bytes: 0,
  ...values,
});

const letter = (n: number, over: Partial<DeadLetter> = {}): DeadLetter => ({
  kind: 'events',
  uid: `${n}`.padStart(32, '0'),
  ref: `2026-11-24T00-000/${n}`,
  code: 'bulk_400',
  cause: `400 mapper_parsing_exception: \u001b[2J field ${n}`,
  excerpt: '{"n":1}',
  ...over,
});

/** Two destinations: `siem` with a letter and a gap, `old` that is no longer configured. */
function fill(): void {
  at(EARLY, (forward) => {
    forward.activate([
      { destination: 'siem', kind: 'events', start: '' },
      { destination: 'old', kind: 'sessions', start: '' },
    ]);
    forward.commit('siem', 'events', '2026-11-24T00-000/90', tally({ sent: 88, confirmed: 88, dead: 2, bytes: 5000 }), [
      letter(7),
      letter(8, { code: 'bulk_413', cause: 'too large' }),
    ]);
    forward.commit('old', 'sessions', '17/4', tally({ sent: 4, filtered: 3, bytes: 100 }), []);
  });
  at(LATE, (forward) => {
    forward.activate([{ destination: 'siem', kind: 'events', start: '' }]);
    forward.commit('siem', 'events', '2026-11-24T02-000/10', tally({ sent: 10, confirmed: 10, bytes: 600 }), []);
    const where = { destination: 'siem', kind: 'events', segment: '2026-11-24T01-000' };
    forward.addGaps([{ ...where, from_id: 90, to_id: 130, missing: 40, reason: 'retention' }]);
  });
}

const live: DestinationStatus = {
  name: 'siem',
  transport: 'elasticsearch',
  format: 'ecs',
  delivery: 'confirmed',
  state: 'waiting',
  sent: 98,
  dead: 2,
  filtered: 0,
  bytes: 5600,
  behind: 1234,
  lagSeconds: 90,
  lastSentAt: LATE,
  lastError: 'siem answers 503: \u001b[31mbusy',
};

const forward = (...args: readonly string[]): Promise<Run> => run(['forward', ...args, '--data', data]);
const linesOf = ({ stdout }: Run): string[] =>
  stdout.split('\n').map((line) => line.replaceAll(/ {2,}/gu, '  ').trimEnd());
const objectsOf = ({ stdout }: Run): Record<string, unknown>[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test.each(['status', 'audit', 'redrive'])('%s says that nothing was ever forwarded', async (command) => {
  const { code, stderr, stdout } = await forward(command);
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  expect(stderr).toContain('nothing was ever forwarded from here');
});

test('`check --online` reaches each destination, denied ones too, and sends none a record', async () => {
  const [open, shut] = [await new HecReceiver('right').start(), await new HecReceiver('right').start()];
  const config = join(data, 'ascribe.yaml');
  const token = join(data, 'token');
  writeFileSync(token, 'right', { mode: 0o400 });
  const siem = (name: string, url: string): string =>
    `{ name: ${name}, send: [events], splunk_hec: { url: "${url}", token: "file:${token}", timeout: 5 } }`;
  writeFileSync(
    config,
    `journal: { reserve_bytes: 0B }
collectors: { netflow: [], syslog: [] }
forward: [${siem('here', open.url)}, ${siem('gone', shut.url)}]
`,
  );
  await shut.stop();
  const { stdout } = await run(['check', '--online', '--config', config, '--data', join(data, 'new')]);
  expect(stdout).toMatch(/ok +forward here: 127\.0\.0\.1:\d+ is healthy; the token is tried with the first event/u);
  expect(stdout).toMatch(/failed +forward gone: .*ECONNREFUSED/u);
  expect(open.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /services/collector/health']);
  await open.stop();
}, 30_000);

describe('status', () => {
  test('of a running daemon: destinations, cursors, letters and gaps, and exit 3 for what is missing', async () => {
    fill();
    writeStatus(data, sampleStatus({ forward: [live] }));
    const result = await forward('status');
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 3, stderr: '' });
    expect(result.stdout).not.toContain('\u001b');
    expect(linesOf(result)).toEqual([
      'destination  by  as  delivery  state  sent  behind  lag  error',
      expect.stringMatching(
        /^siem {2}elasticsearch {2}ecs {2}confirmed {2}waiting {2}98 {2}1 234 {2}1m 30s {2}siem answers/u,
      ),
      '',
      'destination  kind  confirmed up to  moved  configured',
      'old  sessions  17/4  2026-11-24T00:20:00.000Z  no',
      'siem  events  2026-11-24T02-000/10  2026-11-24T02:05:00.000Z  yes',
      '',
      'dead letters',
      'destination  kind  uid  state  tries  code  cause',
      `siem  events  ${letter(8).uid}  kept  1  bulk_413  too large`,
      expect.stringContaining(`siem  events  ${letter(7).uid}  kept  1  bulk_400  400 mapper`),
      '',
      'gaps',
      'destination  kind  segment  missing  reason  recorded',
      'siem  events  2026-11-24T01-000  40  retention  2026-11-24T02:05:00.000Z',
      '',
    ]);
  });

  test('without a daemon says so, and an unhurt destination is exit 0', async () => {
    fill();
    const { code, stdout, stderr } = await forward('status', '--destination', 'old');
    expect(code).toBe(0);
    expect(stderr).toContain('the daemon does not run');
    expect(stdout).not.toContain('siem');
    expect((await forward('status', '--destination', 'nobody')).code).toBe(4);
  });

  test('as JSON: one object for each part, the newest letters first and no more than asked for', async () => {
    fill();
    writeStatus(data, sampleStatus({ forward: [live] }));
    const result = await forward('status', '--json', '--limit', '1');
    expect(result.code).toBe(3);
    expect(objectsOf(result)).toMatchObject([
      {
        'ascribe.forward': 'destination',
        'ascribe.forward.name': 'siem',
        'ascribe.forward.lag_seconds': 90,
        'ascribe.forward.last_sent': '2026-11-24T02:05:00.000Z',
        'error.message': 'siem answers 503: \u001b[31mbusy',
      },
      { 'ascribe.forward': 'cursor', 'ascribe.forward.destination': 'old', 'ascribe.forward.active': false },
      {
        'ascribe.forward': 'cursor',
        'ascribe.forward.destination': 'siem',
        'ascribe.forward.position': '2026-11-24T02-000/10',
        'ascribe.forward.moved': '2026-11-24T02:05:00.000Z',
      },
      {
        'ascribe.forward': 'dead_letter',
        'ascribe.forward.uid': letter(8).uid,
        'ascribe.forward.failed': '2026-11-24T00:20:00.000Z',
        'error.code': 'bulk_413',
      },
      { 'ascribe.forward': 'gap', 'ascribe.forward.missing': 40, 'ascribe.forward.reason': 'retention' },
    ]);
  });
});

describe('audit', () => {
  test('counts by hour, and what retention took', async () => {
    fill();
    const result = await forward('audit');
    expect(result.code).toBe(0);
    expect(linesOf(result).slice(0, 4)).toEqual([
      'hour  destination  kind  sent  confirmed  dead  filtered  bytes',
      '2026-11-24T00:00:00.000Z  old  sessions  4  0  0  3  100 B',
      '2026-11-24T00:00:00.000Z  siem  events  88  88  2  0  4.88 KiB',
      '2026-11-24T02:00:00.000Z  siem  events  10  10  0  0  600 B',
    ]);
    expect(result.stdout).toContain('retention');
  });

  test('of a range and a destination alone', async () => {
    fill();
    const found = objectsOf(await forward('audit', '--json', '--destination', 'siem', '--from', '-1h'));
    expect(found).toMatchObject([
      { '@timestamp': '2026-11-24T02:00:00.000Z', 'ascribe.forward.sent': 10, 'ascribe.forward.confirmed': 10 },
      { 'ascribe.forward': 'gap' },
    ]);
    const before = objectsOf(await forward('audit', '--json', '--to', new Date(EARLY + HOUR).toISOString()));
    expect(before.map((row) => row['ascribe.forward.destination'])).toEqual(['old', 'siem', 'siem']);
    expect((await forward('audit', '--destination', 'nobody')).code).toBe(4);
  });
});

describe('redrive', () => {
  const states = (): string[] =>
    database((forward) => forward.deadLetters({ limit: 10 }).map(({ uid, state }) => `${Number(uid)} ${state}`)).sort();

  test('marks one letter, then the others, and says when there is none', async () => {
    fill();
    const one = await forward('redrive', '--uid', letter(7).uid);
    expect({ code: one.code, lines: linesOf(one)[0] }).toEqual({ code: 0, lines: '1 dead letters are sent again' });
    expect(states()).toEqual(['7 redrive', '8 kept']);
    expect((await forward('redrive', '--destination', 'old')).code).toBe(4);
    const rest = await forward('redrive', '--json');
    expect(objectsOf(rest)).toEqual([{ 'ascribe.forward': 'redrive', 'ascribe.forward.letters': 1 }]);
    expect(states()).toEqual(['7 redrive', '8 redrive']);
    const none = await forward('redrive');
    expect({ code: none.code, lines: linesOf(none)[0] }).toEqual({ code: 4, lines: 'no dead letter to send again' });
  });
});
