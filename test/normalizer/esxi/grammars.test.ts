import { EsxiWorld, essence, events } from './esxi-world';

/**
 * One event in the spelling of every version, in files and over the network, must give one fact. Spellings as in "ESXi Log
 * Files" and "ESXi Syslog Message Formats" (vSphere 5.1 to 9).
 */
const TIME = '2026-11-24T02:10:00.123Z';

interface Spelling {
  readonly version: string;
  readonly file?: string;
  readonly line: string;
}

const GROUP = '[Originator@6876 sub=Vimsvc.ha-eventmgr opID=esxui-1 user=root]';
const SENTENCE = 'Event 175 : web 1 on esx1 in ha-datacenter is powered on';

const HOSTD: readonly Spelling[] = [
  {
    version: '5.x',
    file: '/var/run/log/hostd.log',
    line: `${TIME} [FFB5D920 info 'Vimsvc.ha-eventmgr' opID=esxui-1 user=root] ${SENTENCE}`,
  },
  { version: '6.0', file: '/var/run/log/hostd.log', line: `${TIME} info hostd[6C88890] ${GROUP} ${SENTENCE}` },
  { version: '7.0', file: '/var/run/log/hostd.log', line: `${TIME} info hostd[2101004] ${GROUP} ${SENTENCE}` },
  { version: '8.0', file: '/var/run/log/hostd.log', line: `${TIME} In(166) Hostd[2098867]: ${GROUP} ${SENTENCE}` },
  {
    version: '9.0',
    file: '/var/run/log/hostd.log',
    line: `${TIME} In(166) Hostd[2098867]: [esx@4413 sub="Vimsvc.ha-eventmgr" opID="esxui-1" user="root"] ${SENTENCE}`,
  },
  { version: '7.0 syslog', line: `<166>${TIME} esx1 Hostd: info hostd[2101004] ${GROUP} ${SENTENCE}` },
  { version: '8.0 syslog', line: `<166>${TIME} esx1 Hostd[2098867]: ${GROUP} ${SENTENCE}` },
  { version: '8.0 RFC 5424', line: `<166>1 ${TIME} esx1 Hostd 2098867 - ${GROUP} ${SENTENCE}` },
  {
    version: '9.1 RFC 5424',
    line: `<166>1 ${TIME} esx1 Hostd 2098867 - [esx@4413 sub="Vimsvc.ha-eventmgr" opID="esxui-1" user="root"] ${SENTENCE}`,
  },
  {
    version: '9.1 without version',
    line: `<166>${TIME} esx1 Hostd 2098867 - [esx@4413 sub="Vimsvc.ha-eventmgr" opID="esxui-1" user="root"] ${SENTENCE}`,
  },
];

const VOBD: readonly Spelling[] = [
  {
    version: '7.0',
    file: '/var/run/log/vobd.log',
    line: `${TIME}: [GenericCorrelator] 410535559us: [vob.user.account.locked] Remote access for ESXi local user account 'root' has been locked for 900 seconds after 6 failed login attempts.`,
  },
  {
    version: '8.0',
    file: '/var/run/log/vobd.log',
    line: `${TIME} In(14) vobd[2097451]:  [GenericCorrelator] 410535559us: [vob.user.account.locked] Remote access for ESXi local user account 'root' has been locked for 900 seconds after 6 failed login attempts.`,
  },
  {
    version: '8.0 syslog',
    line: `<14>${TIME} esx1 vobd[2097451]:  [GenericCorrelator] 410535559us: [vob.user.account.locked] Remote access for ESXi local user account 'root' has been locked for 900 seconds after 6 failed login attempts.`,
  },
  {
    version: '9.1',
    line: `<14>1 ${TIME} esx1 vobd 2097451 - [esx@4413 threadName="GenericCorrelator"] 410535559us: [vob.user.account.locked] Remote access for ESXi local user account 'root' has been locked for 900 seconds after 6 failed login attempts.`,
  },
];

const SHELL: readonly Spelling[] = [
  {
    version: '7.0',
    file: '/var/run/log/shell.log',
    line: `${TIME} shell[2099491]: [root]: vim-cmd vmsvc/getallvms`,
  },
  {
    version: '8.0',
    file: '/var/run/log/shell.log',
    line: `${TIME} In(14) shell[1053659]: [root]: vim-cmd vmsvc/getallvms`,
  },
  { version: '8.0 syslog', line: `<14>${TIME} esx1 shell[1053659]: [root]: vim-cmd vmsvc/getallvms` },
];

const VMOTION =
  'Migrate: vm 2758492: 3284: Setting VMOTION info: Source ts = 1451061663105920, src ip = <192.0.2.176> dest ip = <192.0.2.177> Dest wid = 1830931 using SHARED swap';
const VMKERNEL: readonly Spelling[] = [
  { version: '6.5', file: '/var/run/log/vmkernel.log', line: `${TIME} cpu4:2758489)${VMOTION}` },
  { version: '7.0', file: '/scratch/log/vmkernel.0.gz', line: `${TIME} cpu4:2758489)WARNING: ${VMOTION}` },
  {
    version: '8.0',
    file: '/var/run/log/vmkernel.log',
    line: `${TIME} In(182) vmkernel: cpu4:2758489 opID=d5991c6f)${VMOTION}`,
  },
  {
    version: '8.0 without world',
    file: '/var/run/log/vmkernel.log',
    line: `${TIME} In(182) vmkernel: cpu12 opID=d5991c6f)${VMOTION}`,
  },
  { version: 'syslog', line: `<182>${TIME} esx1 vmkernel: cpu4:2758489)${VMOTION}` },
  { version: '9.1', line: `<182>1 ${TIME} esx1 vmkernel - - [esx@4413] cpu4:2758489)${VMOTION}` },
];

const AUTH: readonly Spelling[] = [
  {
    version: '7.0',
    file: '/var/run/log/auth.log',
    line: `${TIME} sshd[2099486]: Accepted keyboard-interactive/pam for root from 192.0.2.56 port 46932 ssh2`,
  },
  {
    version: '8.0',
    file: '/var/run/log/auth.log',
    line: `${TIME} In(38) sshd[2099486]: Accepted keyboard-interactive/pam for root from 192.0.2.56 port 46932 ssh2`,
  },
  {
    version: '8.0 syslog',
    line: `<38>${TIME} esx1 sshd[2099486]: Accepted keyboard-interactive/pam for root from 192.0.2.56 port 46932 ssh2`,
  },
];

function factOf({ file, line }: Spelling): object {
  const world = new EsxiWorld();
  // The host is read over SSH too.
  world.memory.host('esx1');
  const facts = file === undefined ? world.message(line) : world.log(file, `${line}\n`);
  const [event, ...others] = events(facts);
  expect(others).toEqual([]);
  const { severity: _severity, device: _device, ...rest } = essence(event!) as Record<string, unknown>;
  return rest;
}

describe.each([
  ['hostd', HOSTD, { action: 'vm_power_on', process: 'hostd', user: 'root', extra: { 'ascribe.vm': 'web 1' } }],
  ['vobd', VOBD, { action: 'account_locked', code: 'vob.user.account.locked', user: 'root' }],
  ['shell', SHELL, { action: 'command', command: 'vim-cmd vmsvc/getallvms', user: 'root', process: 'shell' }],
  ['vmkernel', VMKERNEL, { action: 'vm_migrate', sourceIp: '192.0.2.176', process: 'vmkernel' }],
  ['auth', AUTH, { action: 'login', outcome: 'success', sourceIp: '192.0.2.56', sourcePort: 46_932 }],
] as const)('%s', (_program, spellings, expected) => {
  const first = factOf(spellings[0]!);

  test('says what it means', () => {
    expect(first).toMatchObject({ ...expected, observedAt: Date.parse(TIME), timeQuality: 'ok' });
  });

  test.each(spellings.map((spelling) => [spelling.version, spelling] as const))(
    '%s is the same fact',
    (_version, spelling) => {
      expect(factOf(spelling)).toEqual(first);
    },
  );
});
