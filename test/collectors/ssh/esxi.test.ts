import { EsxiStandIn, type StandInOptions } from '../../site/esxi/esxi-stand-in';
import { makeHost, type EsxiHost } from '../../site/esxi/esxi-world';
import { CollectorRun, type RunOptions } from './collector-run';

jest.setTimeout(60_000);

let standIns: EsxiStandIn[] = [];
let runs: CollectorRun[] = [];

async function standIn(host: Partial<EsxiHost> = {}, options: Partial<StandInOptions> = {}): Promise<EsxiStandIn> {
  const made = makeHost(host);
  const one = await new EsxiStandIn({ host: () => made, ...options }).start();
  standIns.push(one);
  return one;
}

async function read(from: EsxiStandIn, options: RunOptions = {}): Promise<CollectorRun> {
  const run = await new CollectorRun(from, options).start();
  runs.push(run);
  return run;
}

afterEach(async () => {
  await Promise.all(runs.map((run) => run.stop()));
  await Promise.all(standIns.map((one) => one.stop()));
  for (const { refused, server } of standIns) {
    expect(refused).toEqual([]);
    expect(server.log.requests).toEqual([]);
  }
  standIns = [];
  runs = [];
});

describe.each(['6.7', '7.0', '8.0', '9.0'] as const)('an ESXi %s host', (version) => {
  it('is asked everything once, for each netstack and VM, in the best form it writes', async () => {
    const host = await standIn({ version });
    const run = await read(host);
    await run.until('the last command of the plan', () => run.commands('vib_list').length > 0);
    const commands = run.commands();
    const form = version === '6.7' ? 'csv' : 'json';
    const sockets = commands.filter(({ command }) => command === 'connection_list');
    expect(new Set(sockets.map(({ parameters }) => parameters?.['netstack']))).toEqual(
      new Set(['defaultTcpipStack', 'vmotion']),
    );
    expect(sockets[0]).toMatchObject({ platform: 'esxi', output: form, exit: 0, complete: true, reason: '' });
    expect(sockets[0]!.line).toContain(`esxcli --formatter=${form} network ip connection list -t all -N `);
    expect(sockets[0]!.body.toString()).toContain('10.0.0.200:46932');
    expect(
      new Set(commands.filter(({ command }) => command === 'vm_port_list').map(({ parameters }) => parameters)),
    ).toEqual(new Set([{ world: '2100010' }, { world: '2100020' }]));
    expect(commands.find(({ command }) => command === 'guest_info')).toMatchObject({ parameters: { vmids: '1 2' } });
    expect(commands.find(({ command }) => command === 'vmx_file')!.body.toString()).toContain('displayName = "vm-1"');
    expect(commands.some(({ command }) => command === 'ssh_server_config')).toBe(Number.parseInt(version, 10) >= 8);
    expect(commands[0]).toMatchObject({ command: 'probe', session: { user: 'ascribe', address: '127.0.0.1' } });
    expect(run.collector.stats().devices[0]).toMatchObject({ state: 'connected', commandsIncomplete: 0 });
    expect(run.records.every(({ origin }) => origin.source === 'esx-01' && origin.collector === 'ssh')).toBe(true);
    expect(host.server.log.connections).toBe(1);
  });
});

it('falls back to what the host writes, and says which', async () => {
  const host = await standIn({ version: '8.0' }, { formats: ['xml', 'table'] });
  const run = await read(host, { device: { logs: false } });
  await run.until('VM list', () => run.commands('vm_port_list').length > 1);
  expect(run.commands('vm_process_list')[0]).toMatchObject({ output: 'xml', exit: 0 });
});

it('measures the clock of the host, and tells a step', async () => {
  let skew = 1_800_000;
  const host = await standIn({}, { skew: () => skew });
  host.log('vobd.log', '2026-11-28T00:00:00.000Z: [GenericCorrelator] 1us: [vob.x] a');
  const run = await read(host);
  await run.until('an offset', () => run.commands('netstack_list').length > 0);
  const offset = run.collector.stats().devices[0]!.clockOffset!;
  expect(Math.abs(offset - 1_800_000)).toBeLessThan(5000);
  expect(run.commands('netstack_list')[0]!.clockOffset).toBeDefined();
  skew = -90_000;
  await run.until('a step', () => run.events.some(({ kind }) => kind === 'ssh_clock_stepped'));
  await run.moreLooks(host, 1);
  expect(Math.abs(run.collector.stats().devices[0]!.clockOffset! + 90_000)).toBeLessThan(5000);
});
