import type { Fact } from '../../../normalizer/model/facts';
import { EsxiWorld, events } from './esxi-world';

/** A host says the same in its files and as syslog; each raw record is kept, each fact is made once. */
const T = '2026-11-24T02:10:00.123Z';
const GROUP = '[Originator@6876 sub=Vimsvc.ha-eventmgr opID=esxui-1 user=root]';
const login = (address: string): string => `Event 175 : Cannot login root@${address}`;
const fileLine = (message: string): string => `${T} In(166) Hostd[2098867]: ${GROUP} ${message}\n`;
const syslogLine = (message: string): string => `<166>${T} esx1 Hostd[2098867]: ${GROUP} ${message}`;
const HOSTD = '/var/run/log/hostd.log';

function count(...facts: readonly Fact[][]): number {
  return facts.flat().filter(({ fact }) => fact === 'event').length;
}

test.each(['file first', 'syslog first'])('%s: one fact', (order) => {
  const world = new EsxiWorld();
  const ways = [
    () => world.log(HOSTD, fileLine(login('192.0.2.1'))),
    () => world.message(syslogLine(login('192.0.2.1'))),
  ];
  if (order === 'syslog first') ways.reverse();
  const [first, second] = ways.map((way) => way());
  expect([count(first!), count(second!)]).toEqual([1, 0]);
});

test('the copy may be cut, and of the 7.x spelling', () => {
  const command = `esxcli ${'x'.repeat(1000)}`;
  const shell = (text: string): string => `shell[2099491]: [root]: ${text}`;
  for (const order of ['file', 'syslog']) {
    const world = new EsxiWorld();
    const file = (): Fact[] => world.log('/var/run/log/shell.log', `2026-11-24T02:10:00Z ${shell(command)}\n`);
    const syslog = (): Fact[] => world.message(`<14>${T} esx1 ${shell(command.slice(0, 400))}`);
    const [first, second] = order === 'file' ? [file(), syslog()] : [syslog(), file()];
    expect([order, count(first), count(second)]).toEqual([order, 1, 0]);
  }
});

test('equal records of one source are several', () => {
  const world = new EsxiWorld();
  const twice = fileLine(login('192.0.2.1')) + fileLine(login('192.0.2.1'));
  expect(count(world.log(HOSTD, twice))).toBe(2);
  expect(count(world.message(syslogLine(login('192.0.2.1'))), world.message(syslogLine(login('192.0.2.1'))))).toBe(0);
  expect(count(world.message(syslogLine(login('192.0.2.1'))))).toBe(1);
});

test('others are others: message, program, process, time, host', () => {
  const world = new EsxiWorld();
  world.log(HOSTD, fileLine(login('192.0.2.1')));
  expect(count(world.message(syslogLine(login('192.0.2.2'))))).toBe(1);
  expect(count(world.message(syslogLine(login('192.0.2.1')).replace('2098867', '1')))).toBe(1);
  expect(count(world.message(syslogLine(login('192.0.2.1')).replace('.123Z', '.124Z')))).toBe(1);
  expect(count(world.message(syslogLine(login('192.0.2.1')).replace(' esx1 ', ' esx2 '), '192.0.2.12:514'))).toBe(1);
});

test('warnings stand in two files', () => {
  const line = `${T} cpu4:27)WARNING: Migrate: vm 2: 3: Setting VMOTION info: Source ts = 14, src ip = <192.0.2.1> dest ip = <192.0.2.2> Dest wid = 3 using\n`;
  const world = new EsxiWorld();
  expect(count(world.log('/var/run/log/vmkernel.log', line))).toBe(1);
  expect(count(world.log('/var/run/log/vmkwarning.log', line))).toBe(0);
});

test('a host is one by its name, its full name and its address', () => {
  const world = new EsxiWorld();
  world.command(
    'system_hostname',
    '   Domain Name: example.net\n   Fully Qualified Domain Name: node7.example.net\n   Host Name: node7\n',
  );
  world.log(HOSTD, fileLine(login('192.0.2.1')));
  expect(count(world.message(syslogLine(login('192.0.2.1')).replace(' esx1 ', ' node7.example.net ')))).toBe(0);
  world.log(HOSTD, fileLine(login('192.0.2.3')));
  // By the address that the host is read at.
  expect(count(world.message(syslogLine(login('192.0.2.3')).replace(' esx1 ', ' localhost ')))).toBe(0);
});

test('what is known of copies is in the snapshot', () => {
  const world = new EsxiWorld();
  world.log(HOSTD, fileLine(login('192.0.2.1')));
  const snapshot = world.ssh.snapshot();
  const other = new EsxiWorld();
  other.ssh.restore(snapshot);
  expect(count(other.message(syslogLine(login('192.0.2.1'))))).toBe(0);
  expect(Buffer.from(other.ssh.snapshot()).length).toBeGreaterThan(0);
});

test('memory stays bounded', () => {
  const world = new EsxiWorld();
  const lines: string[] = [];
  for (let i = 0; i < 40_000; i++)
    lines.push(`${new Date(Date.UTC(2026, 10, 24) + i * 1000).toISOString()} In(166) Hostd[1]: ${login('192.0.2.1')}`);
  expect(events(world.log(HOSTD, `${lines.join('\n')}\n`)).length).toBe(40_000);
  const { copies } = JSON.parse(Buffer.from(world.memory.snapshot()).toString()) as { copies: unknown[] };
  expect(copies.length).toBe(32_768);
});
