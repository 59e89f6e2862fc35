import fc from 'fast-check';
import { encodeCommandRecord, encodeLogRecord } from '../../../collectors/ssh/ssh-record';
import { readMetadata } from '../../../normalizer/esxi/record/metadata';
import { scanLogLine } from '../../../normalizer/esxi/record/log-line';
import { rowsOf } from '../../../normalizer/esxi/rows/rows-of';
import type { Rejected } from '../../../normalizer/model/facts';
import { readSshRecord } from '../../../normalizer/ssh-record';
import { EsxiWorld, events } from './esxi-world';

const T = '2026-11-24T02:10:00.123Z';
const LOG = [
  `${T} In(166) Hostd[2098867]: [Originator@6876 sub=Vmsvc.vm:/vmfs/volumes/5b-1/My VM [1]/My VM.vmx opID=y user=root] State Transition (VM_STATE_ON -> VM_STATE_OFF)`,
  `${T} info hostd[2101004] [Originator@6876 sub=x] Event 175 : web on 1 on esx1 in ha-datacenter is powered on [context]zKq7[/context]`,
  `${T} info vpxa[1] [Originator@6876 sub=vpxLro] Event [12] [1-2]  (fileName = "ds:///`,
  `${T}: [GenericCorrelator] 4us: [vob.user.ssh.session.failed] SSH login has failed for 'root@192.0.2.1'.`,
  `${T} shell[1]: [root]: $(printf "\\x65sxcli") vm process kill -p S3cret`,
  `${T} cpu4:27)Migrate: vm 2: 3: Setting VMOTION info: Source ts = 14, src ip = <192.0.2.1> dest ip = <192.0.2.2> Dest wid = 3 using`,
  `${T}| vmx| I125: Received migrate 'to' request for mid id 87, src ip <192.0.2.1>, dst ip <192.0.2.2>`,
  `${T} [FFB5D920 info 'Vimsvc' opID=a user=root] Event 1 : Cannot login root@192.0.2.1`,
  '--> continued',
  '',
].join('\n');
const FILES = ['hostd.log', 'shell.log', 'vobd.log', 'vmkernel.log', 'vmware.log', 'other.txt'];

function faults(world: EsxiWorld): Rejected[] {
  return world.facts.filter((fact): fact is Rejected => fact.fact === 'rejected' && fact.reason === 'esxi_fault');
}

test('a log cut at every byte', () => {
  const body = Buffer.from(LOG);
  const world = new EsxiWorld();
  for (let length = 0; length <= body.length; length++) {
    world.log(`/${length}/${FILES[length % FILES.length]}`, body.subarray(0, length), { header: { cut: true } });
  }
  world.finish();
  expect(faults(world)).toEqual([]);
});

test('a log whose bytes are changed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(LOG.length - 1), fc.nat(255)), { maxLength: 20 }),
      fc.constantFrom(...FILES),
      (changes, file) => {
        const body = Buffer.from(LOG);
        for (const [at, byte] of changes) body[at] = byte;
        const world = new EsxiWorld();
        world.log(`/var/run/log/${file}`, body);
        world.finish();
        expect(faults(world)).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
});

test('stretches cut anywhere between lines give the facts of the whole', () => {
  const whole = new EsxiWorld();
  whole.log('/var/run/log/hostd.log', LOG);
  whole.finish();
  const strip = (world: EsxiWorld): string[] =>
    events(world.facts).map(({ rawSeq: _raw, ...event }) => JSON.stringify(event));
  const lines = LOG.split('\n').slice(0, -1);
  for (let cut = 1; cut < lines.length; cut++) {
    const parts = new EsxiWorld();
    parts.log('/var/run/log/hostd.log', `${lines.slice(0, cut).join('\n')}\n`);
    parts.log('/var/run/log/hostd.log', `${lines.slice(cut).join('\n')}\n`, { offset: 1000 });
    parts.finish();
    expect([cut, strip(parts)]).toEqual([cut, strip(whole)]);
  }
});

test('a restart at any record goes on as if there was none', () => {
  const stretches = LOG.split('\n')
    .slice(0, -1)
    .map((line) => `${line}\n`);
  const straight = new EsxiWorld();
  for (const [i, body] of stretches.entries()) straight.log('/var/run/log/shell.log', body, { offset: i * 1000 });
  for (let at = 1; at < stretches.length; at++) {
    const before = new EsxiWorld();
    for (const [i, body] of stretches.slice(0, at).entries())
      before.log('/var/run/log/shell.log', body, { offset: i * 1000 });
    const snapshot = before.ssh.snapshot();
    const after = new EsxiWorld();
    after.ssh.restore(snapshot);
    expect(Buffer.from(after.ssh.snapshot()).equals(Buffer.from(snapshot))).toBe(true);
    for (const [i, body] of stretches.slice(at).entries())
      after.log('/var/run/log/shell.log', body, { offset: (at + i) * 1000 });
    const total = before.facts.length + after.facts.length;
    expect([at, total]).toEqual([at, straight.facts.length]);
  }
});

test('answers of any shape', () => {
  const shapes = [
    '<output><root><list><structure><field name="A"><string>x',
    '{"A": [1, {"B": 2}]}',
    'A,B,\n"x""y,\n1,2,\n',
    'A  B\n-  -\nx  y\n',
    'web\n   A: b\n',
    'X[0].A.string=1\n',
    '===VM===1\n(vim.vm.GuestInfo) {\n net = [\n',
  ];
  const commands = [
    'connection_list',
    'vm_process_list',
    'vm_port_list',
    'net_stats',
    'all_vms',
    'guest_info',
    'vmx_file',
    'probe',
    'system_uptime',
    'vib_list',
    'firewall_rule_list',
    'syslog_config',
    'advanced_settings',
    'interface_ipv4',
    'neighbor_list',
    'process_list',
    'ntp_get',
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...shapes),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.nat(60),
      fc.constantFrom('csv', 'json', 'xml', 'table', 'keyvalue', 'text', 'x'),
      (shape, noise, at, output) => {
        const body = shape.slice(0, at) + noise + shape.slice(at);
        const world = new EsxiWorld();
        for (const command of commands) world.command(command, body, { header: { output } });
        expect(faults(world)).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});

test('costs no more than the length', () => {
  const long = 400_000;
  const started = process.cpuUsage();
  const { user } = started;
  readMetadata(`[Originator@6876 sub=${'['.repeat(long)}`, 0);
  readMetadata(`[Originator@6876 sub=Vmsvc.vm:/${'.vmx'.repeat(long / 4)}`, 0);
  scanLogLine(`${T} [${'a '.repeat(long / 2)}`);
  for (const output of ['csv', 'xml', 'keyvalue', 'table', 'json']) {
    for (const piece of ['<a>', '"', ',', '&', '[', '=', ' - ', '--\n', 'a: b\n']) rowsOf(piece.repeat(20_000), output);
  }
  const world = new EsxiWorld();
  world.log('/var/run/log/shell.log', `${T} shell[1]: [root]: ${"'".repeat(long)}\n${'-->\n'.repeat(50_000)}`);
  world.log(
    '/var/run/log/hostd.log',
    `${T} info hostd[1] [Originator@6876 sub=x] Event 7 : Renamed ${' from a to '.repeat(2000)} in dc\n`,
  );
  expect((process.cpuUsage().user - user) / 1000).toBeLessThan(8000);
}, 30_000);

describe('the collector writes what is read here', () => {
  const session = { user: 'root', address: '192.0.2.90', port: 40_001, since: 5, hostKey: 'SHA256:x' };

  test('a command', () => {
    const header = {
      platform: 'esxi',
      command: 'connection_list',
      line: 'esxcli network ip connection list',
      parameters: { netstack: 'defaultTcpipStack' },
      exit: 0,
      signal: '',
      complete: true,
      reason: '',
      stderr: 'é',
      startedAt: 1,
      finishedAt: 2,
      clockOffset: 3,
      output: 'csv',
      version: '8.0.3',
      session,
    } as const;
    const { hostKey: _key, ...ours } = session;
    const read = readSshRecord(encodeCommandRecord(header, Buffer.from([0, 255])));
    expect(read).toMatchObject({ ...header, kind: 'command', session: ours });
    expect(read.kind === 'command' && [...read.body]).toEqual([0, 255]);
  });

  test('a stretch and a gap', () => {
    const header = {
      platform: 'esxi',
      file: '/var/run/log/hostd.log',
      generation: '00112233',
      head: 4096,
      offset: 9,
      timezone: 'UTC',
      device: 'esx1',
      clockOffset: 1,
      cut: true,
      session,
    } as const;
    expect(readSshRecord(encodeLogRecord(header, Buffer.from('a\n')))).toMatchObject({
      kind: 'log',
      file: header.file,
      generation: header.generation,
      offset: 9,
      cut: true,
      reason: '',
      device: 'esx1',
      clockOffset: 1,
    });
    const gap = {
      platform: 'esxi',
      file: 'f',
      generation: 'g',
      head: 0,
      offset: 0,
      reason: 'rotated_away',
      from: 1,
      to: 2,
    } as const;
    expect(readSshRecord(encodeLogRecord(gap, Buffer.alloc(0)))).toMatchObject({
      reason: 'rotated_away',
      from: 1,
      to: 2,
    });
  });
});
