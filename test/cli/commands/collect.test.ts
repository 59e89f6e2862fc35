import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Collection } from '../../../cli/collect/collection-record';
import { dataLayout } from '../../../cli/data-layout';
import { DataLock } from '../../../store/journal/data-lock';
import { JournalReader } from '../../../store/journal/journal-reader';
import { openDevice } from '../../collectors/ssh/devices/read-device';
import type { ScriptedDevice } from '../../site/devices/scripted-device';
import { run } from '../support/run';

jest.setTimeout(60_000);

/** `collect` against scripted devices: what is kept, what is marked, what it answers. */

let folder: string;
let data: string;
const devices: ScriptedDevice[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ascribe-collect-'));
  data = join(folder, 'data');
  for (const [name, secret] of Object.entries({ login: 'secret', wrong: 'wrong', enable: 'open sesame' })) {
    writeFileSync(join(folder, name), secret);
    chmodSync(join(folder, name), 0o600);
  }
});

afterEach(async () => {
  for (const device of devices.splice(0)) await device.close();
  rmSync(folder, { recursive: true, force: true });
});

async function device(options: Parameters<typeof openDevice>[1] = {}): Promise<ScriptedDevice> {
  const opened = await openDevice('mikrotik', options);
  devices.push(opened);
  return opened;
}

function configure(entries: readonly { name: string; device: ScriptedDevice; credential?: string }[]): void {
  const known = entries.map((entry) => `[127.0.0.1]:${entry.device.port} ${entry.device.publicKey}\n`).join('');
  writeFileSync(join(folder, 'known_hosts'), known);
  const lines = entries.map(
    ({ name, device: { port }, credential = 'good' }) =>
      `        - { name: ${name}, address: 127.0.0.1, port: ${port}, platform: mikrotik, credential: ${credential} }\n`,
  );
  writeFileSync(
    join(folder, 'ascribe.yaml'),
    `collectors:
  netflow: []
  syslog: []
  ssh:
    - credentials:
        - { name: good, user: ascribe, password: "file:login" }
        - { name: bad, user: ascribe, password: "file:wrong" }
      known_hosts: [known_hosts]
      devices:
${lines.join('')}`,
  );
}

async function collect(...args: string[]) {
  const argv = ['collect', '--config', join(folder, 'ascribe.yaml'), '--data', data, ...args];
  const { code: status, stdout, stderr } = await run(argv, { cwd: folder });
  return { status, stdout, stderr };
}

function journalHeaders(root: string): Record<string, unknown>[] {
  const journal = new JournalReader(dataLayout(root).journal);
  try {
    return journal.read(1, 10_000).map(({ bytes }) => {
      const text = Buffer.from(bytes).toString('utf8');
      return JSON.parse(text.slice(0, text.indexOf('\n'))) as Record<string, unknown>;
    });
  } finally {
    journal.close();
  }
}

test('keeps what a device says, and a record of who asked what, in the journal and in a file', async () => {
  const one = await device();
  configure([{ name: 'edge', device: one }]);
  const { status, stdout } = await collect('--record', 'record.json', '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    'observer.name': 'edge',
    'ascribe.collect.outcome': 'complete',
    'observer.version': '6.49.10',
  });
  // RouterOS takes settings of the session in the name.
  expect(one.logins).toEqual(['ascribe+ct511w4098h']);
  const headers = journalHeaders(data);
  expect(headers.at(-1)).toMatchObject({ kind: 'collection', devices: 'edge' });
  expect(headers.find(({ command }) => command === 'running_config')).toMatchObject({
    complete: true,
    platform: 'mikrotik',
  });
  const record = JSON.parse(readFileSync(join(folder, 'record.json'), 'utf8')) as Collection;
  expect(record).toMatchObject({ tool: expect.stringMatching(/^ascribe \d/) as string, ssh: [{ device: 'edge' }] });
  expect(record.ssh[0]!.hostKey).toMatch(/^SHA256:/);
  for (const { sha256 } of record.ssh[0]!.commands) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify(record) + JSON.stringify(headers)).not.toContain('"secret"');
});

test('one device of two that ends early is partial: 3, and what came is kept', async () => {
  const good = await device();
  const bad = await device({ faults: { closes: { line: /^\/ip arp/, afterBytes: 20 } } });
  configure([
    { name: 'good', device: good },
    { name: 'bad', device: bad },
  ]);
  const { status, stdout, stderr } = await collect();
  expect(status).toBe(3);
  expect(stdout).toMatch(/good +ssh +complete/);
  expect(stdout).toMatch(/bad +ssh +partial/);
  expect(stderr).toContain('bad: partial');
  expect(journalHeaders(data)).toContainEqual(expect.objectContaining({ command: 'arp', reason: 'disconnected' }));
});

test('a refused login is 12, tried once, and told in the collection record', async () => {
  const one = await device();
  configure([{ name: 'edge', device: one, credential: 'bad' }]);
  const { status, stdout } = await collect('edge');
  expect(status).toBe(12);
  expect(stdout).toMatch(/edge +ssh +failed/);
  expect(one.received).toEqual([]);
  expect(journalHeaders(data)).toMatchObject([{ kind: 'collection' }]);
});

test('a host key that nobody compared ends it before anything is said', async () => {
  const one = await device();
  configure([{ name: 'edge', device: one }]);
  writeFileSync(join(folder, 'known_hosts'), '');
  const { status } = await collect();
  expect(status).toBe(1);
  expect(one.logins).toEqual([]);
});

test('beside a daemon it collects into a directory of its own', async () => {
  const one = await device();
  configure([{ name: 'edge', device: one }]);
  const lock = DataLock.acquire(data);
  try {
    const { status, stderr } = await collect();
    expect(status).toBe(0);
    const own = /collecting into (\S+) /.exec(stderr)![1]!;
    expect(own.startsWith(join(data, 'collections'))).toBe(true);
    expect(journalHeaders(own).at(-1)).toMatchObject({ kind: 'collection' });
  } finally {
    lock.release();
  }
});

test.each([
  [['nobody'], 'there is no device "nobody"'],
  [['--since', 'soon'], '--since'],
  [['--jobs', '0'], '--jobs'],
])('%j is wrong usage', async (args, text) => {
  configure([{ name: 'edge', device: await device() }]);
  const { status, stderr } = await collect(...args);
  expect(status).toBe(2);
  expect(stderr).toContain(text);
});
