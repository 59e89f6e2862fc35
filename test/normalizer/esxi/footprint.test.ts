import type { Event } from '../../../normalizer/model/facts';
import { EsxiWorld, events, RECEIVED_AT } from './esxi-world';

/** Reading a host leaves traces in its own logs: ours are marked, others' never. */
const SINCE = RECEIVED_AT - 600_000;
const SESSION = { user: 'root', address: '192.0.2.90', port: 40_001, since: SINCE, hostKey: 'SHA256:x' };
const at = (ms: number): string => new Date(ms).toISOString();
const AUTH = '/var/run/log/auth.log';
const HOSTD = '/var/run/log/hostd.log';

function world(offset?: number): EsxiWorld {
  const made = new EsxiWorld();
  const clock = offset === undefined ? {} : { clockOffset: offset };
  made.command('netstack_list', '', {
    header: {
      session: SESSION,
      startedAt: RECEIVED_AT - 5000,
      finishedAt: RECEIVED_AT - 4000,
      line: 'esxcli network ip netstack list',
      ...clock,
    },
  });
  return made;
}

function own(facts: readonly Event[]): (number | string | undefined)[] {
  return facts.map(({ extra }) => extra?.['ascribe.own_footprint']);
}

test('sshd: by our port, and by the process that served it', () => {
  const facts = events(
    world().log(
      AUTH,
      [
        `${at(SINCE)} sshd[7]: Connection from 192.0.2.90 port 40001`,
        `${at(SINCE)} sshd[7]: Accepted keyboard-interactive/pam for root from 192.0.2.90 port 40001 ssh2`,
        `${at(SINCE)} sshd[7]: pam_unix(sshd:session): session opened for user root by (uid=0)`,
        `${at(SINCE)} sshd[8]: Accepted keyboard-interactive/pam for root from 192.0.2.90 port 40002 ssh2`,
        `${at(SINCE)} sshd[8]: pam_unix(sshd:session): session opened for user root by (uid=0)`,
        '',
      ].join('\n'),
    ),
  );
  expect(own(facts)).toEqual([1, 1, 1, undefined, undefined]);
});

test('a command run over SSH: by its text and time', () => {
  const run = (ms: number, text: string): string => `${at(ms)} sshd[9]: User 'root' running command '${text}'`;
  const facts = events(
    world().log(
      AUTH,
      `${run(RECEIVED_AT - 4900, 'esxcli network ip netstack list')}\n${run(RECEIVED_AT - 4900, 'esxcli vm process list')}\n${run(RECEIVED_AT - 90_000, 'esxcli network ip netstack list')}\n`,
    ),
  );
  expect(own(facts)).toEqual([1, undefined, undefined]);
});

test('esxcli logs in to hostd: once for each of ours, by time; the operation carries on', () => {
  const login = (ms: number, op: string): string =>
    `${at(ms)} info hostd[1] [Originator@6876 sub=x opID=${op}] Accepted password for user root from 127.0.0.1`;
  const facts = events(
    world().log(
      HOSTD,
      [
        login(RECEIVED_AT - 4500, 'esxcli-76-ecbf'),
        `${at(RECEIVED_AT - 4400)} info hostd[1] [Originator@6876 sub=x opID=esxcli-76-ecbf] Event 9 : User root@127.0.0.1 logged in as pyvmomi Python/3.8.13 (VMkernel; 7.0.3; x86_64)`,
        // A second login within our time is somebody else's.
        login(RECEIVED_AT - 4300, 'esxcli-77-aaaa'),
        login(RECEIVED_AT - 300_000, 'esxcli-78-bbbb'),
        '',
      ].join('\n'),
    ),
  );
  expect(own(facts)).toEqual([1, 1, undefined, undefined]);
});

test('sessions told without port: by time, account and address', () => {
  const opened = (ms: number, who: string): string =>
    `${at(ms)} info hostd[1] [Originator@6876 sub=x] Event 9 : SSH session was opened for '${who}'.`;
  const closed = (ms: number): string =>
    `${at(ms)} info hostd[1] [Originator@6876 sub=x] Event 9 : SSH session was closed for 'root@192.0.2.90'.`;
  const facts = events(
    world().log(
      HOSTD,
      [
        opened(SINCE + 1000, 'root@192.0.2.90'),
        opened(SINCE + 120_000, 'root@192.0.2.90'),
        opened(SINCE + 1000, 'root@192.0.2.91'),
        closed(SINCE + 130_000),
        closed(SINCE + 140_000),
        '',
      ].join('\n'),
    ),
  );
  expect(own(facts)).toEqual([1, undefined, undefined, undefined, 1]);
});

test('the clock of the host may be off', () => {
  const line = (ms: number): string =>
    `${at(ms)} info hostd[1] [Originator@6876 sub=x] Event 9 : SSH session was opened for 'root@192.0.2.90'.\n`;
  expect(own(events(world(900_000).log(HOSTD, line(SINCE + 900_000))))).toEqual([1]);
  expect(own(events(world(900_000).log(HOSTD, line(SINCE))))).toEqual([undefined]);
});

test('a web login by our account and address is not ours', () => {
  const facts = events(
    world().log(
      HOSTD,
      `${at(SINCE)} info hostd[1] [Originator@6876 sub=x] Event 9 : User root@192.0.2.90 logged in as Mozilla/5.0\n`,
    ),
  );
  expect(own(facts)).toEqual([undefined]);
});

test('what is ours is remembered in the snapshot', () => {
  const other = new EsxiWorld();
  other.ssh.restore(world().ssh.snapshot());
  expect(own(events(other.log(AUTH, `${at(SINCE)} sshd[7]: Connection from 192.0.2.90 port 40001\n`)))).toEqual([1]);
});
