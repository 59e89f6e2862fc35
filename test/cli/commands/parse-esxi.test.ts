import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { run } from '../support/run';

/** `parse esxi`: loose log files, as support bundles and responders have them. */
const T = '2026-11-24T02:10:00.123Z';
const LOG = `${T} info hostd[2101004] [Originator@6876 sub=x user=root] Event 7 : web 1 on esx1 in ha-datacenter is powered on\n`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ascribe-parse-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function facts(...argv: string[]): Promise<{ code: number; objects: Record<string, unknown>[] }> {
  const { code, stdout } = await run(['parse', 'esxi', ...argv]);
  return {
    code,
    objects: stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

test.each([
  ['hostd.log', Buffer.from(LOG)],
  ['hostd.3.gz', gzipSync(LOG)],
  ['renamed.txt', Buffer.from(LOG)],
])('%s', async (name, bytes) => {
  const { code, objects } = await facts(file(name, bytes), '--device', 'esx7');
  expect(code).toBe(0);
  expect(objects).toMatchObject([
    {
      'ascribe.fact': 'event',
      'event.action': 'vm_power_on',
      '@timestamp': T,
      'observer.name': 'esx7',
      'ascribe.parser': 'esxi',
    },
    { 'ascribe.fact': 'binding', 'ascribe.relation': 'vm-host', 'ascribe.key': 'web 1', 'ascribe.value': 'esx7' },
  ]);
});

test('files of other names are known by their lines', async () => {
  const { objects } = await facts(
    file(
      'all.txt',
      `${T}: [GenericCorrelator] 4us: [vob.user.ssh.session.failed] SSH login has failed for 'root@192.0.2.1'.\n${T} cpu4:27)Migrate: vm 2: 3: Setting VMOTION info: Source ts = 14, src ip = <192.0.2.1> dest ip = <192.0.2.2> Dest wid = 3 using\n${T} shell[1]: [root]: ls\n`,
    ),
  );
  expect(objects.map((object) => [object['event.action'], object['process.name']])).toEqual([
    ['login', 'vobd'],
    ['vm_migrate', 'vmkernel'],
    ['command', 'shell'],
  ]);
});

test('a large file is read in stretches', async () => {
  const line = `${T} shell[1]: [root]: ls ${'x'.repeat(100)}\n`;
  const { objects } = await facts(file('shell.log', line.repeat(5000)));
  expect(objects.length).toBe(5000);
  expect(new Set(objects.map((object) => object['ascribe.raw_seq'])).size).toBeGreaterThan(2);
});

test('a damaged archive gives what is whole, and says so', async () => {
  const { code, objects } = await facts(file('hostd.4.gz', gzipSync(LOG.repeat(20_000)).subarray(0, 2000)));
  expect(code).toBe(3);
  expect(objects.length).toBeGreaterThan(0);
});

describe('the output of one command', () => {
  const SOCKETS = `Proto  Recv Q  Send Q  Local Address        Foreign Address     State        World ID  CC Algo  World Name
-----  ------  ------  -------------------  ------------------  -----------  --------  -------  ---------------
tcp         0       0  192.0.2.10:22        192.0.2.99:50514    ESTABLISHED   2099486  newreno  sshd
`;
  const socket = {
    'ascribe.fact': 'binding',
    'ascribe.relation': 'socket-process',
    'ascribe.key': 'TCP:192.0.2.10:22>192.0.2.99:50514',
    'observer.name': 'esx7',
  };

  test.each([
    ['by its name', ['--command', 'connection_list'], 'sockets.txt'],
    ['by the line that was typed', ['--command', 'esxcli network ip connection list'], 'sockets.txt'],
    ['by the name that vm-support gives the file', [], 'localcli_network-ip-connection-list.txt'],
  ])('%s', async (_, options, name) => {
    const { code, objects } = await facts(file(name, SOCKETS), ...options, '--device', 'esx7');
    expect(code).toBe(0);
    expect(objects).toContainEqual(expect.objectContaining(socket));
  });

  test('in the form in which esxcli wrote it', async () => {
    const csv = 'MACAddress,Name,\n00:50:56:01:02:03,vmk0,\n';
    const { objects } = await facts(
      file('vibs.csv', `AcceptanceLevel,Name,Version,\nCommunitySupported,evil,1,\n`),
      '--command',
      'vib_list',
    );
    expect(objects).toContainEqual(expect.objectContaining({ 'ascribe.fact': 'inventory', 'ascribe.name': 'evil' }));
    expect((await facts(file('vmk.csv', csv), '--command', 'interface_list')).code).toBe(0);
  });

  test('of a command that is not on the list, or of another kind of input, it is not read', async () => {
    const path = file('x.txt', SOCKETS);
    expect((await run(['parse', 'esxi', path, '--command', 'vm-support'])).stderr).toContain('connection_list');
    expect((await run(['parse', 'esxi', path, '--command', 'vm-support'])).code).toBe(2);
    expect((await run(['parse', 'syslog', path, '--command', 'vib_list'])).code).toBe(2);
  });
});
