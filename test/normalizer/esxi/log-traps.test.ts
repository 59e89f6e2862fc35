import type { Event, Fact, Gap } from '../../../normalizer/model/facts';
import { bindings, EsxiWorld, events, RECEIVED_AT } from './esxi-world';

/** What makes ESXi's logs hard to read, each a case. Lines follow "ESXi Log Files" and "ESXi Syslog Message Formats". */
const T = '2026-11-24T02:10:00.123Z';
const HOSTD = '/var/run/log/hostd.log';

function told(file: string, ...lines: string[]): Event[] {
  return events(new EsxiWorld().log(file, `${lines.join('\n')}\n`));
}

function hostd(group: string, message: string): Event {
  const [event] = told(HOSTD, `${T} info hostd[2101004] [Originator@6876 ${group}] ${message}`);
  return event!;
}

describe('parameters in brackets', () => {
  const STATE = 'State Transition (VM_STATE_OFF -> VM_STATE_ON)';

  test.each([
    ['brackets', 'sub=vmomi.soapStub[0] opID=x user=root', 'vmomi.soapStub[0]', 'root'],
    [
      'parentheses',
      'sub=VigorStatsProvider(000000609e3d09a0).GuestStats(28) user=root',
      'VigorStatsProvider(000000609e3d09a0).GuestStats(28)',
      'root',
    ],
    [
      'a path with blanks and brackets',
      'sub=Vmsvc.vm:/vmfs/volumes/5b-1/My VM [1]/My VM.vmx opID=x user=root',
      'Vmsvc.vm:/vmfs/volumes/5b-1/My VM [1]/My VM.vmx',
      'root',
    ],
    [
      'a path with a closing bracket',
      'sub=Vmsvc.vm:/vmfs/volumes/5b-1/a] b/a] b.vmx opID=x user=root',
      'Vmsvc.vm:/vmfs/volumes/5b-1/a] b/a] b.vmx',
      'root',
    ],
    [
      'a path with an equals sign',
      'sub=Vmsvc.vm:/vmfs/volumes/5b-1/x user=y/x.vmx opID=x user=root',
      'Vmsvc.vm:/vmfs/volumes/5b-1/x user=y/x.vmx',
      'root',
    ],
    ['an open bracket alone', 'sub=Foo[bar opID=x user=root', 'Foo[bar', 'root'],
    [
      'a domain user',
      'sub=Vimsvc user=vpxuser:VSPHERE.LOCAL\\vpxd-extension-1b',
      'Vimsvc',
      'vpxuser:VSPHERE.LOCAL\\vpxd-extension-1b',
    ],
    ['a user without account', 'sub=Vimsvc user=:vsanmgmtd', 'Vimsvc', ':vsanmgmtd'],
    ['the console', 'sub=Vimsvc user=dcui', 'Vimsvc', 'dcui'],
    ['no user in two words', 'sub=Vimsvc opID=x user=vpxuser:<no user>', 'Vimsvc', undefined],
  ])('%s', (_name, group, sub, user) => {
    expect(hostd(group, STATE)).toMatchObject({ action: 'vm_state', extra: { 'ascribe.component': sub } });
    expect(hostd(group, STATE).user).toBe(user);
  });

  test('a message that begins with a bracket is not part of them', () => {
    const [event] = told(
      '/var/run/log/vobd.log',
      `${T} In(14) vobd[1]: [Originator@6876 sub=Default] [vob.user.ssh.session.failed] SSH login has failed for 'root@192.0.2.1'.`,
    );
    expect(event).toMatchObject({ action: 'login', outcome: 'failure', user: 'root', sourceIp: '192.0.2.1' });
  });
});

describe('continuation lines', () => {
  const HEAD = `${T} shell[2099491]: [root]: cat <<EOF`;

  test('to 7.x: an arrow, or nothing', () => {
    const [event, ...others] = told('/var/run/log/shell.log', HEAD, '--> one', 'two', 'EOF');
    expect(event).toMatchObject({ action: 'command', command: 'cat <<EOF\none\ntwo\nEOF' });
    expect(others).toEqual([]);
  });

  test('8.x: a header of its own, with a plus sign or an arrow', () => {
    const [event] = told(
      '/var/run/log/shell.log',
      `${T} In(14) shell[1]: [root]: cat <<EOF`,
      `${T} In(14)+ shell[1]: --> one`,
      `${T} In(14) shell[1]: --> EOF`,
    );
    expect(event).toMatchObject({ command: 'cat <<EOF\none\nEOF' });
  });

  test('quotes and line ends inside a command that was run without a shell', () => {
    const [event] = told('/var/run/log/auth.log', `${T} sshd[9]: User 'root' running command 'echo 'a'`, "b 2>&1'");
    expect(event).toMatchObject({ action: 'command', user: 'root', command: "echo 'a'\nb 2>&1" });
  });

  test('an event block does not hide the line after it', () => {
    const facts = told(
      HOSTD,
      `${T} info hostd[1] [Originator@6876 sub=Hostsvc.VmkVprobSource] VmkVprobSource::Post event: (vim.event.EventEx) {`,
      '-->    eventTypeId = "esx.audit.ssh.session.opened", ',
      '-->    arguments = (vmodl.KeyAnyValue) [',
      '-->       (vmodl.KeyAnyValue) { key = "1", value = "root" }',
      '-->    ]',
      '--> }',
      `${T} info hostd[1] [Originator@6876 sub=Vimsvc.ha-eventmgr] Event 12 : SSH session was opened for 'root@192.0.2.7'.`,
    );
    expect(facts.map(({ action }) => action)).toEqual(['login']);
  });

  test('a record that the next stretch goes on with', () => {
    const world = new EsxiWorld();
    expect(events(world.log('/var/run/log/shell.log', `${HEAD}\nfirst\n`))).toEqual([]);
    const [event, ...others] = events(
      world.log('/var/run/log/shell.log', `second\nEOF\n${T} shell[1]: [root]: ls\n`, { offset: 60 }),
    );
    expect(event).toMatchObject({ command: 'cat <<EOF\nfirst\nsecond\nEOF', rawSeq: 1 });
    expect(others).toMatchObject([{ command: 'ls', rawSeq: 2 }]);
  });

  test('an unfinished record is told when nothing more comes, and after a minute', () => {
    const world = new EsxiWorld();
    world.log('/var/run/log/shell.log', `${HEAD}\n`);
    expect(events(world.finish())).toMatchObject([{ command: 'cat <<EOF' }]);
    const other = new EsxiWorld();
    other.log('/var/run/log/shell.log', `${HEAD}\n`);
    const later = other.log(HOSTD, `${T} info hostd[1] nothing\n`, { receivedAt: RECEIVED_AT + 61_000 });
    expect(events(later)).toMatchObject([{ command: 'cat <<EOF' }]);
  });

  test('lines that go on a command told already are a command of their own', () => {
    const world = new EsxiWorld();
    world.log('/var/run/log/shell.log', `${T} shell[1]: [root]: echo a\n`);
    const facts = world.log('/var/run/log/shell.log', 'password secret123\n', { offset: 40 });
    expect(events(facts)).toMatchObject([
      { action: 'command', user: 'root', command: 'password ***', extra: { 'ascribe.command.continues': 1 } },
    ]);
  });

  test('lines without a record are counted', () => {
    const facts = new EsxiWorld().log(HOSTD, '--> lost\n--> too\n', { offset: 4096 });
    expect(facts).toMatchObject([{ fact: 'rejected', reason: 'esxi_lines_without_record' }]);
  });
});

describe('names of VMs', () => {
  test.each([
    ['two blanks', 'v-queworx_a on  localhost.localdomain in ha-datacenter is powered on', 'v-queworx_a'],
    [' on ', 'web on 1 on esx1 in ha-datacenter is powered on', 'web on 1'],
    [' in ', 'box in rack on esx1 in ha-datacenter is powered on', 'box in rack'],
    ['a colon', 'a: b on esx1 in ha-datacenter is powered on', 'a: b'],
    ['from', 'copy from old on esx1 in ha-datacenter is powered on', 'copy from old'],
    ['other letters', 'Zürich ✓ on esx1 in ha-datacenter is powered on', 'Zürich ✓'],
  ])('%s', (_name, sentence, vm) => {
    const world = new EsxiWorld();
    const facts = world.log(
      HOSTD,
      `${T} info hostd[1] [Originator@6876 sub=Vimsvc.ha-eventmgr user=root] Event 7 : ${sentence}\n`,
    );
    expect(events(facts)).toMatchObject([{ action: 'vm_power_on', extra: { 'ascribe.vm': vm } }]);
    expect(bindings(facts)).toEqual([`vm-host ${vm} -> esx1 begin`]);
  });

  test('a renamed VM', () => {
    const world = new EsxiWorld();
    const facts = world.log(
      HOSTD,
      `${T} info hostd[1] [Originator@6876 sub=x] Event 7 : Renamed new to you from old to new to you in ha-datacenter\n`,
    );
    expect(events(facts)).toMatchObject([
      { action: 'vm_rename', extra: { 'ascribe.vm': 'new to you', 'ascribe.vm.old_name': 'old' } },
    ]);
    expect(bindings(facts)).toEqual(['vm-host old -> esx1 end', 'vm-host new to you -> esx1 begin']);
  });
});

describe('bytes', () => {
  const LINE = `${T} info hostd[1] [Originator@6876 sub=x] Event 7 : Cannot login root@192.0.2.1`;

  test('CR LF, NUL before and behind a line', () => {
    expect(told(HOSTD, `${LINE}\r`)).toMatchObject([{ sourceIp: '192.0.2.1' }]);
    expect(told(HOSTD, `\0\0\0\0${LINE}\0\0`)).toMatchObject([{ sourceIp: '192.0.2.1' }]);
  });

  test('one bad byte does not spoil the other lines', () => {
    const body = Buffer.concat([
      Buffer.from(`${T} info hostd[1] x \xff\n`, 'latin1'),
      Buffer.from(
        `${T} info hostd[1] [Originator@6876 sub=x] Event 7 : Zürich on esx1 in ha-datacenter is powered off\n`,
      ),
    ]);
    expect(events(new EsxiWorld().log(HOSTD, body))).toMatchObject([{ extra: { 'ascribe.vm': 'Zürich' } }]);
  });

  test('a line of 200 KB is read up to the limit', () => {
    const [event] = told(
      '/var/run/log/shell.log',
      `${T} shell[1]: [root]: echo ${'a'.repeat(200_000)}`,
      `${T} shell[1]: [root]: ls`,
    );
    expect(event?.command?.length).toBeLessThan(70_000);
  });

  test('noise behind an error', () => {
    const [event] = told(HOSTD, `${LINE} [context]zKq7AVECAAAAAF1ZrAAPdm1rZXJuZWw=[/context]`);
    expect(event).toMatchObject({ sourceIp: '192.0.2.1', user: 'root' });
  });
});

test('an event in several records is joined by its number', () => {
  const part = (n: number, text: string): string =>
    `${T} info vpxa[1] [Originator@6876 sub=vpxLro] Event [1201186] [${n}-3] ${text}`;
  const facts = told(
    '/var/run/log/vpxa.log',
    part(
      1,
      ' [2026-11-24T02:10:00Z] [vim.event.VmPoweredOnEvent] [info] [VSPHERE.LOCAL\\Admin] [DC1] [1201186] [web 1 on ',
    ),
    part(3, 'DC1 is powered on]'),
    part(2, 'esx1 in '),
  );
  expect(facts).toMatchObject([{ action: 'vm_power_on', extra: { 'ascribe.vm': 'web 1' } }]);
});

test('the first line of a file says what wrote it', () => {
  const facts = told(
    HOSTD,
    `${T} - last log rotation time, ${T} - time the service was last started ${T}, Section for VMware ESX, pid=2098599, version=7.0.3, build=20328353, option=Release`,
  );
  expect(facts).toMatchObject([
    { action: 'log_section', extra: { 'ascribe.host.version': '7.0.3', 'ascribe.host.build': '20328353' } },
  ]);
});

test('missing lines are a gap and, where a file shrank, a trace', () => {
  const facts = new EsxiWorld().log('/var/run/log/shell.log', '', { header: { reason: 'truncated', from: 1, to: 2 } });
  expect(facts.filter((fact): fact is Gap => fact.fact === 'gap')).toMatchObject([
    { kind: 'log_gap', detail: '/var/run/log/shell.log: truncated' },
  ]);
  expect(events(facts)).toMatchObject([
    { action: 'log_truncated', extra: { 'ascribe.gap.from': 1, 'ascribe.gap.to': 2 } },
  ]);
});

test('a time without zone is the file’s, one ahead of its receipt is a wrong clock', () => {
  const world = new EsxiWorld();
  const facts = world.log(
    '/var/run/log/auth.log',
    '2026-11-24T03:10:00 sshd[1]: Connection from 192.0.2.1 port 5\n2026-11-29T03:10:00Z sshd[1]: Connection from 192.0.2.1 port 5\n',
    {
      header: { timezone: 'Europe/Berlin' },
    },
  );
  expect(facts.map(({ observedAt, timeQuality }: Fact) => [new Date(observedAt).toISOString(), timeQuality])).toEqual([
    ['2026-11-24T02:10:00.000Z', 'no_zone'],
    ['2026-11-29T03:10:00.000Z', 'skewed'],
  ]);
});

describe('rhttpproxy: who connected', () => {
  const proxy = (message: string): Event[] =>
    told(
      '/var/run/log/rhttpproxy.log',
      `${T} verbose rhttpproxy[2100113] [Originator@6876 sub=Proxy Req 7] ${message}`,
    );
  const client = (address: string): string =>
    `New proxy client <SSL(<io_obj p:0x00000012, h:12, <TCP '192.0.2.10 : 443'>, <TCP '${address}'>>)>`;

  test('a client is the second end', () => {
    expect(proxy(client('198.51.100.9 : 51000'))).toMatchObject([
      { action: 'api_connection', sourceIp: '198.51.100.9', sourcePort: 51_000, process: 'rhttpproxy' },
    ]);
    expect(proxy(client('[2001:db8::9]:51000'))[0]).toMatchObject({ sourceIp: '2001:db8::9', sourcePort: 51_000 });
  });

  test.each([
    ['its own programs', client('127.0.0.1 : 51000')],
    ['an address that is none', client('300.1.1.1 : 51000')],
    ['one end alone', "New proxy client <TCP '192.0.2.10 : 443'>"],
    [
      'other lines',
      "Resolved endpoint : [N7Vmacore4Http16LocalServiceSpecE:0x1] <TCP '1.2.3.4 : 5'>, <TCP '1.2.3.5 : 6'>",
    ],
  ])('%s tell nothing', (_, message) => {
    expect(proxy(message)).toEqual([]);
  });
});
