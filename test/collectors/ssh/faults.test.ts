import type { ServerChannel } from 'ssh2';
import type { EsxiCommandName } from '../../../collectors/ssh/commands/esxi.data';
import { ESXI_PLAN } from '../../../collectors/ssh/esxi/esxi-plan.data';
import { EsxiStandIn, type StandInOptions } from '../../site/esxi/esxi-stand-in';
import { makeHost, makeVm, type EsxiHost } from '../../site/esxi/esxi-world';
import { eventLine } from '../../site/esxi/log-lines';
import { finish, newHostKey } from '../../site/ssh/fault-ssh-server';
import { CollectorRun, type RunOptions } from './collector-run';
import { fingerprintOf } from './connection-target';

jest.setTimeout(60_000);

/** What hosts do to the collector; the numbers are those of the table in section 6 of the ESXi study. */

let standIns: EsxiStandIn[] = [];
let runs: CollectorRun[] = [];
let world: EsxiHost = makeHost();

async function standIn(options: Partial<StandInOptions> = {}): Promise<EsxiStandIn> {
  const one = await new EsxiStandIn({ host: () => world, ...options }).start();
  standIns.push(one);
  return one;
}

async function read(from: EsxiStandIn, options: RunOptions = {}): Promise<CollectorRun> {
  const run = await new CollectorRun(from, options).start();
  runs.push(run);
  return run;
}

/** Periods that leave out all commands but these. */
function only(...commands: readonly EsxiCommandName[]): { readonly periods: Record<string, number> } {
  const rest = ESXI_PLAN.filter(({ command }) => !commands.includes(command));
  return { periods: Object.fromEntries(rest.map(({ command }) => [command, 0])) };
}

const state = (run: CollectorRun): string => run.collector.stats().devices[0]!.state;
const kinds = (run: CollectorRun): readonly string[] => run.events.map(({ kind }) => kind);

beforeEach(() => (world = makeHost()));

afterEach(async () => {
  await Promise.all(runs.map((run) => run.stop()));
  await Promise.all(standIns.map((one) => one.stop()));
  // 15: nothing was sent but what the table allows, and no terminal, subsystem, environment or forwarding asked for (5).
  for (const { refused, server } of standIns) expect([refused, server.log.requests]).toEqual([[], []]);
  standIns = [];
  runs = [];
});

describe('2: logins', () => {
  it.each([
    ['a wrong password', {}, 'ssh_auth_refused', 'wrong'],
    ['an expired password', { expired: true }, 'ssh_password_expired', 'right horse'],
    ['lockdown', { refuse: true }, 'ssh_lockdown', 'right horse'],
  ] as const)(
    'are tried once after %s, also when the collector is started again, and again when a person acts',
    async (_what, rules, code, password) => {
      const banner = code === 'ssh_lockdown' ? 'The host is in lockdown mode.\n' : 'hello\n';
      const host = await standIn({ login: { user: 'ascribe', password: 'right horse', ...rules }, banner });
      const run = await read(host, { password });
      await run.until('the refusal', () => state(run) === 'held');
      expect(run.events).toMatchObject([{ kind: 'ssh_login_held', code }]);
      await run.stop();
      await run.start();
      // Nothing is planned for it: a held device is never due.
      expect(run.collector.stats()).toMatchObject({ running: 0, waiting: 0 });
      expect(state(run)).toBe('held');
      expect(host.server.log).toMatchObject({ attempts: 1, connections: 1 });
      expect(host.server.log.answers.filter((answer) => answer !== password)).toEqual([]);
      expect(JSON.stringify([run.events, run.collector.stats()])).not.toContain(password);
      host.server.options = { ...host.server.options, login: { user: 'ascribe', password } };
      expect(run.collector.release()).toBe(1);
      await run.until('the login', () => run.commands('probe').length > 0);
      expect(run.records.every(({ bytes }) => !Buffer.from(bytes).includes(password))).toBe(true);
    },
  );
});

describe('3: host keys', () => {
  it.each([
    ['changed', [newHostKey()].map(fingerprintOf), 'ssh_host_key_changed'],
    ['not known', [], 'ssh_host_key_unknown'],
  ])('that are %s keep everything from being said and read', async (_what, keys, code) => {
    const host = await standIn();
    const run = await read(host, { device: { host_keys: keys } });
    await run.until('the refusal', () => state(run) === 'unavailable');
    expect(run.events).toMatchObject([{ kind: 'ssh_host_key_refused', device: 'esx-01', code }]);
    expect(run.records).toEqual([]);
    expect(host.server.log).toMatchObject({ attempts: 0, commands: [] });
  });
});

describe('4 and 5: connections', () => {
  it('that are open go on when no new ones are let in, as after ESXiShellTimeOut; a closed port is not a dead host', async () => {
    const host = await standIn();
    const run = await read(host, { device: only() });
    await run.until('the connection', () => state(run) === 'connected');
    await host.server.refuseNew();
    await run.moreLooks(host, 2);
    expect(state(run)).toBe('connected');
    host.server.reset();
    await run.until('the refusal', () => state(run) === 'unavailable');
    expect(run.events.at(-1)).toMatchObject({ kind: 'ssh_unavailable', code: 'ssh_refused' });
  });

  it('that are turned away at the door are not taken for a refused login', async () => {
    const host = await standIn();
    host.server.options = { ...host.server.options, maxConnections: 0 };
    const run = await read(host, { device: only() });
    await run.until('the refusal', () => state(run) === 'unavailable');
    expect(run.events.at(-1)).toMatchObject({ kind: 'ssh_unavailable', code: 'ssh_turned_away' });
  });
});

describe('6: answers', () => {
  it('that are cut, failed, endless or never come are marked, and the rest is read all the same', async () => {
    const flood = (channel: ServerChannel): void => {
      const block = Buffer.alloc(65_536, 'x');
      let left = 500 * 2 ** 20;
      const more = (): void => {
        for (; left > 0 && channel.writable;) {
          left -= block.length;
          if (!channel.write(block)) return void channel.once('drain', more);
        }
      };
      more();
    };
    const host = await standIn({
      intercept: (command, _line, channel) => {
        if (command === 'net_stats') flood(channel);
        else if (command === 'system_uptime') channel.write('half', () => channel.close());
        else if (command === 'all_vms') finish(channel, 'part of it', 1, '(vim.fault.HostNotConnected)\n');
        else return false;
        return true;
      },
    });
    const before = process.memoryUsage().rss;
    const run = await read(host, { device: only('net_stats', 'system_uptime', 'all_vms', 'vm_process_list') });
    await run.until('all four', () => new Set(run.commands().map(({ command }) => command)).size === 5);
    expect(run.commands('net_stats')[0]).toMatchObject({ complete: false, reason: 'byte_cap', exit: null });
    expect(run.commands('net_stats')[0]!.body).toHaveLength(4 * 2 ** 20);
    expect(run.commands('system_uptime')[0]).toMatchObject({ complete: false, reason: 'no_exit' });
    expect(run.commands('system_uptime')[0]!.body.toString()).toBe('half');
    const failed = { complete: true, exit: 1, stderr: '(vim.fault.HostNotConnected)\n' };
    expect(run.commands('all_vms')[0]).toMatchObject(failed);
    expect(run.commands('vm_process_list')[0]).toMatchObject({ complete: true, exit: 0 });
    expect(kinds(run).filter((kind) => kind === 'ssh_command_incomplete')).toHaveLength(2);
    expect(process.memoryUsage().rss - before).toBeLessThan(250 * 2 ** 20);
  });

  it('that never come do not keep the logs waiting', async () => {
    const host = await standIn({ intercept: (command) => command === 'vm_process_list' });
    host.log('vobd.log', 'one');
    const run = await read(host, { device: only('vm_process_list') });
    await run.until('the first line', () => run.text('vobd.log') === 'one\n');
    host.log('vobd.log', 'two');
    await run.until('the second line', () => run.text('vobd.log') === 'one\ntwo\n');
    expect(run.commands('vm_process_list')).toEqual([]);
  });

  it('say when the tools for reading logs are not there', async () => {
    const host = await standIn({
      intercept: (command, _line, channel) => {
        if (command !== 'probe') return false;
        finish(channel, '===VERSION===\nVMware ESXi 6.7.0 build-1\n===APPLETS===\ncat\nls\n');
        return true;
      },
    });
    const run = await read(host, { device: only('net_stats') });
    await run.until('the command', () => run.commands('net_stats').length > 0);
    expect(run.events).toContainEqual({
      kind: 'ssh_limitation',
      device: 'esx-01',
      text: 'log files cannot be read: its busybox has no stat, dd, date',
    });
    expect(run.looks(host)).toBe(0);
    expect(run.collector.stats().devices[0]!.limitations[0]).toMatch(/stat, dd, date/u);
  });
});

describe('11: what changes', () => {
  it('is asked for when a line says so: the ports of a VM that was powered on', async () => {
    const host = await standIn();
    host.log('hostd.log', 'begun');
    const run = await read(host, { device: only('vm_process_list', 'vm_port_list', 'net_stats') });
    const worlds = (): readonly (string | undefined)[] =>
      run.commands('vm_port_list').map(({ parameters }) => parameters?.['world']);
    await run.until('the ports', () => worlds().length === 2 && run.text('hostd.log') !== '');
    world = makeHost({ vms: [...world.vms, makeVm(3)] });
    host.log('hostd.log', eventLine('7.0', Date.now(), 406, 'vm-3 on  esx-01 in ha-datacenter is powered on'));
    await run.until('the new ports', () => worlds().includes('2100030'));
    expect(run.commands('net_stats').at(-1)!.body.toString()).toContain('vm-3.eth0');
  });
});

describe('13: our own footprint', () => {
  it('can be told by account, address and port, which every record names', async () => {
    const host = await standIn({ footprint: true });
    const run = await read(host, { device: only() });
    await run.until('the log of our login', () => run.text('auth.log').includes('Accepted'));
    const { session } = run.logs('auth.log')[0]!;
    expect(run.text('auth.log')).toContain(
      `Accepted keyboard-interactive/pam for ascribe from 127.0.0.1 port ${session!.port}`,
    );
    expect(session).toMatchObject({
      user: 'ascribe',
      address: '127.0.0.1',
      hostKey: fingerprintOf(host.server.hostKeys[0]!),
    });
    expect(run.text('hostd.log')).toContain("SSH session was opened for 'ascribe@127.0.0.1'.");
  });
});

describe('14: tampering', () => {
  it('with shell.log leaves a gap, and sockets go on being read while the log is silent', async () => {
    const host = await standIn();
    host.log('shell.log', '2026-11-28T00:00:00Z shell[1]: [root]: whoami');
    const run = await read(host, {
      device: { periods: { ...only('netstack_list', 'connection_list').periods, connection_list: 0.1 } },
    });
    await run.until('the line', () => run.text('shell.log') !== '');
    host.volume.truncate('/var/run/log/shell.log');
    host.log('shell.log', 'x');
    await run.until('the gap', () => run.logs('shell.log').some(({ reason }) => reason === 'truncated'));
    const before = run.commands('connection_list').length;
    await run.until('more sockets', () => run.commands('connection_list').length > before + 2);
    expect(run.text('shell.log')).toMatch(/whoami\nx\n$/u);
  });
});
