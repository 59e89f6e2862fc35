import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ESXI_COMMANDS } from '../../../collectors/ssh/commands/esxi.data';
import { SshCollector } from '../../../collectors/ssh/ssh-collector';
import { sshConfig } from '../../../collectors/ssh/ssh-config';
import { freePort } from '../../e2e/data-directory';
import { makeHost } from '../../site/esxi/esxi-world';
import { CAN_SERVE, OpensshHost } from '../../site/esxi/openssh-host';
import { AllowedLines } from '../../site/ssh/allowed-lines';
import { takeApart, type TakenCommand, type TakenLog } from './collector-run';

jest.setTimeout(120_000);

/** A real OpenSSH server and a real busybox: what a stand-in made of our own library would hide. */

const here = CAN_SERVE ? test : test.skip;

here(
  'OpenSSH and busybox run every line of the table, each log line comes once through rotation, nothing is changed',
  async () => {
    const host = new OpensshHost(makeHost({ version: '7.0' }));
    const records: (TakenCommand | TakenLog)[] = [];
    const hostd = join(host.logs, 'hostd.log');
    const lines = (from: number, count: number): string =>
      Array.from({ length: count }, (_, i) => `2026-11-28T00:00:00.000Z info hostd[1] [x] number ${from + i}\n`).join(
        '',
      );
    writeFileSync(hostd, lines(0, 5000));
    writeFileSync(join(host.logs, 'vobd.log'), '2026-11-28T00:00:00.000Z: [x] 1us: [vob.x] a\n');
    const port = await freePort();
    await host.start(port);
    const folder = mkdtempSync(join(tmpdir(), 'ascribe-known-'));
    const knownHosts = join(folder, 'known_hosts');
    // Only the RSA key is known: the server must be asked for that one.
    writeFileSync(knownHosts, `[127.0.0.1]:${port} ${host.publicKeys[1]}\n`);
    const settings = sshConfig.parse({
      known_hosts: [knownHosts],
      credentials: [{ name: 'key', user: 'root', key: 'env:KEY', subnets: ['127.0.0.0/8'] }],
      devices: [{ name: 'esx-01', address: '127.0.0.1', port, periods: { vmx_file: 0 } }],
      start_spread: 0,
      log_period: 1,
    });
    const limits = { ...settings.limits, logPeriodMs: 200 };
    const collector = new SshCollector(
      { ...settings, limits, secrets: () => host.userKey },
      {
        now: Date.now,
        emit: () => undefined,
        offer: (batch) => {
          records.push(...batch.map(({ bytes }) => takeApart(Buffer.from(bytes))));
          return batch.length;
        },
      },
    );
    const text = (): string =>
      records
        .flatMap((one) => (one.kind === 'log' && one.file.endsWith('hostd.log') ? [one.body.toString()] : []))
        .join('');
    const until = async (what: string, holds: () => boolean): Promise<void> => {
      const deadline = Date.now() + 60_000;
      while (!holds()) {
        if (Date.now() > deadline) throw new Error(`never: ${what}; ${JSON.stringify(collector.stats())}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    try {
      const before = host.treeHash();
      await collector.start();
      const asked = (): readonly TakenCommand[] => records.filter((one): one is TakenCommand => one.kind === 'command');
      await until('the last command', () => asked().some(({ command }) => command === 'vib_list'));
      await until('the log', () => text() === lines(0, 5000));
      expect(host.treeHash()).toBe(before);
      for (const { command, complete, exit, stderr } of asked()) {
        expect([command, complete, exit, stderr]).toEqual([command, true, 0, command === 'probe' ? stderr : '']);
      }
      const sockets = asked().find(({ command }) => command === 'connection_list')!;
      expect(JSON.parse(sockets.body.toString())).toContainEqual(
        expect.objectContaining({ ForeignAddress: '10.0.0.200:46932', WorldName: 'sshd' }),
      );
      expect(
        asked()
          .find(({ command }) => command === 'guest_info')!
          .body.toString(),
      ).toMatch(/^===VM===1\nGuest information:/u);
      expect(asked()[0]!.session).toMatchObject({ user: 'root', address: '127.0.0.1' });

      appendFileSync(hostd, lines(5000, 3000));
      renameSync(hostd, join(host.logs, 'hostd.0'));
      writeFileSync(hostd, lines(8000, 10));
      writeFileSync(join(host.logs, 'hostd.0.gz'), gzipSync(readFileSync(join(host.logs, 'hostd.0'))));
      rmSync(join(host.logs, 'hostd.0'));
      appendFileSync(hostd, lines(8010, 10));
      await until('the rotated lines', () => text().includes('number 8019\n'));
      expect(text()).toBe(lines(0, 8020));

      const table = new AllowedLines(ESXI_COMMANDS);
      expect(host.commands.filter((line) => table.match(line) === undefined)).toEqual([]);
      expect(new Set(host.commands.map((line) => table.match(line)!.command)).size).toBeGreaterThan(40);
    } finally {
      await collector.stop();
      await host.stop();
      rmSync(folder, { recursive: true });
    }
  },
);
