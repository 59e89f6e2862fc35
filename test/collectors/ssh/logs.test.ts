import { createHash } from 'node:crypto';
import { ESXI_PLAN } from '../../../collectors/ssh/esxi/esxi-plan.data';
import { EsxiStandIn, type StandInOptions } from '../../site/esxi/esxi-stand-in';
import { makeHost } from '../../site/esxi/esxi-world';
import { finish } from '../../site/ssh/fault-ssh-server';
import { CollectorRun, type RunOptions } from './collector-run';

jest.setTimeout(60_000);

const HOSTD = '/var/run/log/hostd.log';
/** Only log files are read: every command of the plan is left out but the list of VMs. */
const QUIET = { periods: quietPeriods() };
let standIns: EsxiStandIn[] = [];
let runs: CollectorRun[] = [];

function quietPeriods(): Record<string, number> {
  return Object.fromEntries(ESXI_PLAN.map(({ command }) => [command, command === 'vm_process_list' ? 60 : 0]));
}

async function standIn(options: Partial<StandInOptions> = {}): Promise<EsxiStandIn> {
  const host = makeHost();
  const one = await new EsxiStandIn({ host: () => host, ...options }).start();
  standIns.push(one);
  return one;
}

async function read(from: EsxiStandIn, options: RunOptions = {}): Promise<CollectorRun> {
  const run = await new CollectorRun(from, { device: QUIET, ...options }).start();
  runs.push(run);
  return run;
}

/** Numbered lines as hostd writes them, each about 100 bytes. */
function lines(from: number, count: number): string {
  return Array.from(
    { length: count },
    (_, i) =>
      `2026-11-28T00:00:00.000Z info hostd[2101004] [Originator@6876 sub=Vimsvc] Event ${from + i} : something\n`,
  ).join('');
}

/** What a run read of a file must be what was written: all of it, once, in order, and each stretch where it says. */
function expectExactly(run: CollectorRun, file: string, written: string): void {
  expect(run.text(file)).toBe(written);
  for (const { cut, body, reason } of run.logs(file)) {
    if (reason === undefined && cut !== true) expect(body.at(-1)).toBe(0x0a);
  }
}

/** Where the last record of each file leaves off, as the composition root reads it from the journal. */
function positions(run: CollectorRun): NonNullable<RunOptions['resume']> {
  const last = new Map<string, NonNullable<RunOptions['resume']>[number]>();
  for (const { file, generation, head, offset, body } of [HOSTD, '/var/run/log/shell.log'].flatMap((f) =>
    run.logs(f),
  )) {
    last.set(file, { file, generation, head, offset: offset + body.length, at: Date.now() });
  }
  return [...last.values()];
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

describe('a growing log', () => {
  it('is read line by line as it grows, and a line without its end is left for later', async () => {
    const host = await standIn();
    const first = lines(0, 100);
    host.volume.append(HOSTD, `${first}2026-11-28T00:00:01.000Z info hostd[1] half`);
    const run = await read(host);
    await run.until('100 lines', () => run.text('hostd.log') === first);
    await run.moreLooks(host);
    expect(run.text('hostd.log')).toBe(first);
    host.volume.append(HOSTD, ' a line\n');
    await run.until('the rest', () => run.text('hostd.log').endsWith('half a line\n'));
    const [record, ...more] = run.logs('hostd.log');
    const head = Math.min(4096, Buffer.byteLength(first) + 43);
    expect(record).toMatchObject({ platform: 'esxi', file: HOSTD, offset: 0, head });
    const whole = host.volume.read(HOSTD)!;
    const name = createHash('sha256').update(whole.subarray(0, record!.head)).digest('hex').slice(0, 16);
    expect(record!.generation).toBe(name);
    expect(more.at(-1)).toMatchObject({ generation: name, offset: first.length });
    expect(record!.session).toMatchObject({ user: 'ascribe' });
  });

  it('keeps every byte: NUL, invalid UTF-8, carriage returns, a line of 200 KB, one of 3 MB', async () => {
    const host = await standIn();
    const odd = Buffer.concat([
      Buffer.from('2026-11-28T00:00:00.000Z a\0b\r\n'),
      Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0a]),
      Buffer.alloc(200_000, 'x'),
      Buffer.from('\n--> no header\nlast\n'),
      Buffer.alloc(3_000_000, 'y'),
      Buffer.from('\nend\n'),
    ]);
    host.volume.append(HOSTD, odd);
    const run = await read(host);
    const bodies = (): Buffer => Buffer.concat(run.logs('hostd.log').map(({ body }) => body));
    await run.until('all bytes', () => bodies().length === odd.length);
    expect(bodies().equals(odd)).toBe(true);
    expect(run.logs('hostd.log').some(({ cut }) => cut === true)).toBe(true);
    expect(run.logs('hostd.log').every(({ body }) => body.length <= 2 ** 20)).toBe(true);
  });

  it("also reads the running VMs' own logs, beside their configuration", async () => {
    const host = await standIn();
    const path = makeHost().vms[0]!.vmx.replace(/[^/]+$/u, 'vmware.log');
    host.volume.append(path, '2026-11-28T00:00:00.000Z In(05) vmx Log for VMware ESX\n');
    const run = await read(host);
    await run.until('vmware.log', () => run.logs(path).length > 0);
    // A restarted VM begins a new file and numbers the old one upwards.
    host.volume.append(path, '2026-11-28T00:00:01.000Z In(05) vmx last words\n');
    host.volume.rename(path, path.replace('.log', '-7.log'));
    host.volume.append(path, '2026-11-28T00:00:02.000Z In(05) vmx Log for VMware ESX again\n');
    await run.until('both', () => run.text(path).includes('again'));
    expect(run.text(path)).toMatch(/Log for VMware ESX\n.*last words\n.*again\n$/su);
  });

  it('reads no more than it may in one look, and says how far it is behind', async () => {
    const host = await standIn();
    const content = lines(0, 100_000);
    host.volume.append(HOSTD, content);
    const run = await read(host, { section: { start_spread: 0, log_bytes: 1_048_576 } });
    await run.until('some', () => run.text('hostd.log').length > 0);
    expect(run.text('hostd.log').length).toBeLessThan(3 * 2 ** 20);
    await run.until('all', () => run.text('hostd.log').length === content.length);
    expectExactly(run, 'hostd.log', content);
    await run.until('no lag', () => run.collector.stats().devices[0]!.logLagBytes === 0);
  });
});

describe.each(['rename', 'copy_truncate'] as const)('rotation by %s', (style) => {
  it('loses nothing: during reading, twice and more between two looks, compressed or not yet', async () => {
    const host = await standIn();
    let written = '';
    let next = 0;
    const write = (count: number): void => {
      const text = lines(next, count);
      next += count;
      written += text;
      host.volume.append(HOSTD, text);
    };
    write(500);
    const run = await read(host);
    await run.until('the first lines', () => run.text('hostd.log').length > 0);
    for (let round = 0; round < 6; round += 1) {
      write(300);
      host.volume.rotate(HOSTD, style, 16, round % 2 === 0);
      write(200);
      if (round % 3 === 0) {
        host.volume.rotate(HOSTD, style, 16);
        write(50);
        host.volume.rotate(HOSTD, style, 16);
      }
      write(7);
      await run.moreLooks(host, round % 2);
    }
    await run.until('everything', () => run.text('hostd.log').length >= written.length);
    expectExactly(run, 'hostd.log', written);
    expect(run.events.filter(({ kind }) => kind === 'ssh_log_gap')).toEqual([]);
    expect(run.collector.stats().devices[0]).toMatchObject({ logLines: next, logGaps: 0, logLagBytes: 0 });
  });

  it.each(['log_blocks', 'log_read', 'log_generations'])(
    'loses nothing when names move on just before %s',
    async (moment) => {
      let moves = 0;
      let isBegun = false;
      let written = lines(0, 200);
      let next = 200;
      const host: EsxiStandIn = await standIn({
        intercept: (command) => {
          if (command !== moment || !isBegun || moves >= 8) return false;
          moves += 1;
          const text = lines(next, 100);
          next += 100;
          written += text;
          host.volume.append(HOSTD, text);
          host.volume.rotate(HOSTD, style, 32);
          return false;
        },
      });
      host.volume.append(HOSTD, written);
      const run = await read(host);
      await run.until('the first lines', () => run.text('hostd.log').length > 0);
      isBegun = true;
      for (let round = 0; round < 3; round += 1) {
        const text = lines(next, 50);
        next += 50;
        written += text;
        host.volume.append(HOSTD, text);
        host.volume.rotate(HOSTD, style, 32);
      }
      const last = lines(next, 5);
      written += last;
      host.volume.append(HOSTD, last);
      await run.until('all moves and lines', () => moves > 0 && run.text('hostd.log').length >= written.length);
      expectExactly(run, 'hostd.log', written);
      expect(run.collector.stats().devices[0]).toMatchObject({ logGaps: 0 });
    },
  );

  it('notices a new generation that is longer than the old one was and has its inode', async () => {
    const host = await standIn();
    host.volume.append(HOSTD, lines(0, 50));
    const run = await read(host);
    await run.until('the first lines', () => run.text('hostd.log').length > 0);
    const inode = host.volume.inode(HOSTD);
    host.volume.rotate(HOSTD, style);
    host.volume.append(HOSTD, lines(50, 500));
    host.volume.reuseInode(HOSTD, inode);
    await run.until('the new lines', () => run.text('hostd.log').length >= lines(0, 550).length);
    expectExactly(run, 'hostd.log', lines(0, 550));
  });
});

describe('what cannot be read whole', () => {
  it('waits for a compressed file that is still being written', async () => {
    const host = await standIn();
    host.volume.append(HOSTD, lines(0, 1000));
    const run = await read(host);
    await run.until('the first lines', () => run.text('hostd.log').length > 0);
    host.volume.append(HOSTD, lines(1000, 1000));
    host.volume.rotate(HOSTD, 'rename');
    host.volume.append(HOSTD, lines(2000, 5));
    const rotated = '/var/run/log/hostd.0.gz';
    const whole = host.volume.read(rotated)!;
    host.volume.write(rotated, whole.subarray(0, whole.length - 100));
    await run.moreLooks(host, 2);
    expect(run.logs('hostd.log').every(({ reason }) => reason === undefined)).toBe(true);
    host.volume.write(rotated, whole);
    await run.until('everything', () => run.text('hostd.log').length >= lines(0, 2005).length);
    expectExactly(run, 'hostd.log', lines(0, 2005));
  });

  it.each([
    ['rotated away before it was read', 'rotated_away'],
    ['emptied by somebody', 'truncated'],
    ['damaged when it was compressed', 'damaged'],
  ] as const)('tells a gap where lines were %s', async (_what, reason) => {
    const host = await standIn();
    host.volume.append(HOSTD, lines(0, 100));
    const run = await read(host);
    await run.until('the first lines', () => run.text('hostd.log').length > 0);
    await run.moreLooks(host, 1);
    if (reason === 'truncated') {
      host.volume.append(HOSTD, lines(100, 10));
      host.volume.truncate(HOSTD);
    } else {
      host.volume.append(HOSTD, lines(100, 10));
      host.volume.rotate(HOSTD, 'rename');
      if (reason === 'damaged') {
        const gz = host.volume.read('/var/run/log/hostd.0.gz')!;
        const broken = Buffer.from(gz);
        broken.fill(0xff, Math.floor(gz.length * 0.8), gz.length - 20);
        host.volume.write('/var/run/log/hostd.0.gz', broken);
      } else {
        host.volume.append(HOSTD, lines(110, 10));
        host.volume.rotate(HOSTD, 'rename');
        host.volume.remove('/var/run/log/hostd.1.gz');
      }
    }
    host.volume.append(HOSTD, lines(200, 10));
    await run.until('the new lines', () => run.text('hostd.log').includes('Event 209 '));
    const gap = run.logs('hostd.log').filter((one) => one.reason !== undefined);
    expect(gap).toHaveLength(1);
    expect(gap[0]).toMatchObject({ reason, offset: 0 });
    expect(gap[0]!.body).toHaveLength(0);
    expect(gap[0]!.from).toBeLessThan(gap[0]!.to!);
    const kept = reason === 'rotated_away' ? lines(110, 10) : '';
    expect(run.text('hostd.log')).toBe(`${lines(0, 100)}${kept}${lines(200, 10)}`);
    expect(run.events).toContainEqual({ kind: 'ssh_log_gap', device: 'esx-01', file: HOSTD, reason });
  });

  it('tells a file that vanished, and goes on when it is back', async () => {
    const host = await standIn();
    host.volume.append(HOSTD, lines(0, 10));
    const run = await read(host);
    await run.until('the first lines', () => run.text('hostd.log').length > 0);
    const content = host.volume.read(HOSTD)!;
    host.volume.remove(HOSTD);
    await run.until('the gap', () => run.logs('hostd.log').some(({ reason }) => reason === 'vanished'));
    await run.moreLooks(host, 4);
    expect(run.logs('hostd.log')).toHaveLength(2);
    host.volume.append(HOSTD, content);
    host.volume.append(HOSTD, lines(10, 10));
    await run.until('more lines', () => run.text('hostd.log').includes('Event 19 '));
    expect(run.text('hostd.log')).toBe(lines(0, 20));
  });

  it('finds a file whose directory was moved', async () => {
    let directory = '/scratch/log';
    const host = await standIn({
      intercept: (command, _line, channel) => {
        if (command !== 'syslog_config') return false;
        finish(channel, `[{"LocalLogOutput": "${directory}"}]`);
        return true;
      },
    });
    host.volume.append(HOSTD, lines(0, 10));
    const run = await read(host, { device: { periods: { ...QUIET.periods, syslog_config: 0.2 } } });
    await run.until('the first lines', () => run.text('hostd.log').length > 0);
    directory = '/vmfs/volumes/ds/logs';
    const moved = `${directory}/hostd.log`;
    host.volume.append(moved, lines(0, 20));
    host.volume.remove(HOSTD);
    await run.until('the rest', () => run.text(moved).length > 0);
    expect(run.text('hostd.log') + run.text(moved)).toBe(lines(0, 20));
  });
});

describe('exactly once', () => {
  it('goes on where the journal leaves off, also through rotations that happened meanwhile', async () => {
    const host = await standIn();
    host.volume.append(HOSTD, lines(0, 100));
    const before = await read(host);
    await before.until('the first lines', () => before.text('hostd.log').length > 0);
    await before.stop();
    host.volume.append(HOSTD, lines(100, 100));
    host.volume.rotate(HOSTD, 'rename');
    host.volume.append(HOSTD, lines(200, 100));
    host.volume.rotate(HOSTD, 'rename');
    host.volume.append(HOSTD, lines(300, 100));
    const after = await read(host, { resume: positions(before) });
    await after.until('the rest', () => after.text('hostd.log').includes('Event 399 '));
    expect(before.text('hostd.log') + after.text('hostd.log')).toBe(lines(0, 400));
  });

  it('reads again what the queue did not take', async () => {
    const host = await standIn();
    host.volume.append(HOSTD, lines(0, 40_000));
    let refusals = 3;
    const refuse = ({ origin }: { origin: { format: string } }): boolean =>
      origin.format === 'logfile' && (refusals -= 1) > 0;
    const run = await read(host, { refuse });
    await run.until('everything', () => run.text('hostd.log').length >= lines(0, 40_000).length);
    expectExactly(run, 'hostd.log', lines(0, 40_000));
  });

  it('reads on after the connection was lost in the middle', async () => {
    const host = await standIn();
    host.volume.append(HOSTD, lines(0, 200));
    const run = await read(host);
    await run.until('the first lines', () => run.text('hostd.log').length > 0);
    host.server.reset();
    host.volume.append(HOSTD, lines(200, 10));
    await run.until('the rest', () => run.text('hostd.log').includes('Event 209 '));
    expectExactly(run, 'hostd.log', lines(0, 210));
    expect(host.server.log.connections).toBe(2);
  });
});
