import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { bundleCommand } from '../../../collectors/import/esxi/bundle-commands';
import { logByContent, logPath } from '../../../collectors/import/esxi/log-names';
import { ImportKindError } from '../../../collectors/import/import-model';
import { importStream, openImport, type ImportSettings } from '../../../collectors/import/import-reader';
import {
  AUTH,
  bundleEntries,
  CONNECTIONS,
  HOSTD,
  HOSTD_OLD,
  SHELL,
  tarOf,
  VMKERNEL,
  VMWARE,
  VMX,
  VOBD,
} from './esxi-files';
import { drain, RECEIVED_AT, skips, type Read } from './read-import';

/** Imports bytes, packed or not, given in pieces of `piece` bytes. */
function readPacked(file: Uint8Array, settings: Partial<ImportSettings>, piece = 1 << 20): Promise<Read> {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < file.length; at += piece) pieces.push(file.subarray(at, at + piece));
  return drain(importStream(Readable.from(pieces), { source: 'file', receivedAt: RECEIVED_AT, ...settings }));
}

interface Header {
  readonly kind: string;
  readonly file?: string;
  readonly command?: string;
  readonly offset?: number;
  readonly generation?: string;
  readonly reason?: string;
  readonly cut?: boolean;
  readonly device?: string;
  readonly complete?: boolean;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly body: string;
}

function headers({ records }: Read): Header[] {
  return records.map(({ bytes }) => {
    const buffer = Buffer.from(bytes);
    const end = buffer.indexOf(0x0a);
    const header = JSON.parse(buffer.subarray(0, end).toString('utf8')) as Omit<Header, 'body'>;
    return { ...header, body: buffer.subarray(end + 1).toString('utf8') };
  });
}

jest.setTimeout(30_000);

describe('log files', () => {
  test.each([
    ['hostd.log', HOSTD, '/var/run/log/hostd.log'],
    ['hostd.3.gz', HOSTD_OLD, '/var/run/log/hostd.log'],
    ['vobd.log', VOBD, '/var/run/log/vobd.log'],
    ['copy of the kernel log.txt', VMKERNEL, '/var/run/log/vmkernel.log'],
    ['shell.log.1', SHELL, '/var/run/log/shell.log'],
    ['auth.log', AUTH, '/var/run/log/auth.log'],
    ['vmware-7.log', VMWARE, '/vmware.log'],
  ])('%s', async (name, content, file) => {
    for (const bytes of [Buffer.from(content), gzipSync(content)]) {
      const read = await readPacked(bytes, { source: `/evidence/${name}`, device: 'esx-01' });
      expect(read.summary).toMatchObject({ kind: 'esxi_log', truncated: undefined, damaged: [] });
      expect(headers(read)).toMatchObject([{ kind: 'log', file, offset: 0, device: 'esx-01', body: content }]);
      expect(read.records[0]!.origin).toMatchObject({ collector: 'import', format: 'logfile' });
    }
  });

  test.each([
    ['auth.log', 'Nov 24 01:02:03 web-01 sshd[123]: Accepted publickey for root from 192.0.2.10 port 1 ssh2\n'],
    ['syslog.log', '2026-11-24T01:02:03Z web-01 sshd[123]: Accepted publickey for root from 192.0.2.10 port 1\n'],
    ['notes.txt', '2026-11-24T01:02:03Z sshd[123]: something\n'],
    ['hostd.log', '<166>2026-11-24T01:02:03.004Z esx-01 Hostd: info hostd[1] [Originator@6876 sub=x] y\n'],
  ])('%s of other systems stays syslog', async (name, content) => {
    const read = await readPacked(Buffer.from(content), { source: name });
    expect(read.summary.kind).toBe('text');
  });

  test('are cut into whole lines, and every byte is there', async () => {
    const long = `${HOSTD.slice(0, -1)} ${'x'.repeat(300_000)}\n`;
    const content = HOSTD.repeat(900) + long + HOSTD.repeat(10) + 'no end';
    const read = await readPacked(Buffer.from(content), { source: 'hostd.log' }, 10_000);
    const parts = headers(read);
    expect(parts.map(({ body }) => body).join('')).toBe(content);
    let offset = 0;
    for (const part of parts) {
      expect(part.offset).toBe(offset);
      expect(part.generation).toBe(parts[0]!.generation);
      expect(part.cut === true).toBe(!part.body.endsWith('\n'));
      offset += Buffer.byteLength(part.body);
    }
    expect(parts.length).toBeGreaterThan(3);
  });

  test('a packed one that is damaged gives its whole lines, a gap, and where it broke', async () => {
    const packed = gzipSync(HOSTD.repeat(400));
    const read = await readPacked(packed.subarray(0, packed.length - 20), { source: 'hostd.0.gz' });
    const parts = headers(read);
    expect(parts.at(-1)).toMatchObject({ reason: 'damaged', body: '' });
    expect(
      parts
        .slice(0, -1)
        .map(({ body }) => body)
        .join(''),
    ).toBe(HOSTD.repeat(400).slice(0, parts.at(-1)!.offset));
    expect(read.summary.truncated).toMatchObject({ reason: 'damaged_compression', offset: parts.at(-1)!.offset });
  });
});

describe('support bundles', () => {
  test.each(['gnu', 'pax'] as const)(
    'logs, rotated and cut into pieces, and commands; long names as %s',
    async (long) => {
      const folder = `esx-esx-01.example-2026-11-24--01.05-2099999/vmfs/volumes/5f-1/${'long '.repeat(25)}vm`;
      const entries = [...bundleEntries(), { name: `${folder}/vmware.log`, content: VMWARE }];
      const read = await readPacked(gzipSync(tarOf(entries, long)), { source: 'bundle.tgz' }, 700);
      expect(read.summary).toMatchObject({ kind: 'esxi_bundle', truncated: undefined, damaged: [] });
      expect(headers(read).map(({ command, file, body, device }) => [command ?? file, body, device])).toEqual([
        ['connection_list', CONNECTIONS, 'esx-01.example'],
        ['vm_process_list', 'web-01\n   World ID: 2100001\n', 'esx-01.example'],
        ['net_stats', 'PortNum Type SubType SwitchName MACAddress ClientName\n', 'esx-01.example'],
        ['/var/run/log/hostd.log', HOSTD_OLD, 'esx-01.example'],
        ['/var/run/log/hostd.log', HOSTD, 'esx-01.example'],
        ['/var/run/log/vobd.log', VOBD, 'esx-01.example'],
        ['/var/run/log/vmkernel.log', VMKERNEL, 'esx-01.example'],
        ['/vmfs/volumes/5f-1/web 01/vmware.log', VMWARE, 'esx-01.example'],
        ['vmx_file', VMX, 'esx-01.example'],
        [`/vmfs/volumes/5f-1/${'long '.repeat(25)}vm/vmware.log`, VMWARE, 'esx-01.example'],
      ]);
      const [connections, ...rest] = headers(read);
      // Nobody kept whether the command came to its end: a row that is absent says nothing.
      expect(connections).toMatchObject({
        complete: false,
        reason: 'no_exit',
        parameters: { netstack: 'defaultTcpipStack' },
      });
      expect(rest.find(({ command }) => command === 'vmx_file')).toMatchObject({ complete: true });
      expect(skips(read)).toEqual({ other_file: 2, link: 1 });
    },
  );

  test('nothing that leads out of the archive is taken', async () => {
    const entries = ['../../etc/passwd', '/var/run/log/hostd.log', 'a/../../hostd.log', 'x\u0001/hostd.log'].map(
      (name) => ({
        name,
        content: HOSTD,
      }),
    );
    const read = await readPacked(tarOf([...entries, ...bundleEntries()]), { source: 'bundle.tar' });
    expect(skips(read)).toMatchObject({ unsafe_name: 4 });
    expect(read.records).toHaveLength(9);
  });

  test('a packed log that is damaged does not end the bundle', async () => {
    const packed = gzipSync(HOSTD.repeat(400));
    const broken = { name: 'var/run/log/vpxa.0.gz', content: packed.subarray(0, 300) };
    const read = await readPacked(tarOf([broken, ...bundleEntries()]), { source: 'bundle.tar' });
    expect(read.summary.damaged).toMatchObject([{ path: 'var/run/log/vpxa.0.gz' }]);
    expect(headers(read).findLast(({ file }) => file === '/var/run/log/vpxa.log')).toMatchObject({ reason: 'damaged' });
    expect(read.summary.truncated).toBeUndefined();
    expect(headers(read).some(({ body }) => body === VMX)).toBe(true);
  });

  test('cut short anywhere: what is whole comes, and where it broke', async () => {
    const whole = tarOf(bundleEntries());
    const all = headers(await readPacked(whole, { source: 'bundle.tar' })).map(({ body }) => body);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1200, max: whole.length - 1100 }), async (length) => {
        const read = await readPacked(whole.subarray(0, length), { source: 'bundle.tar' });
        const bodies = headers(read)
          .filter(({ reason }) => reason !== 'damaged')
          .map(({ body }) => body);
        for (const [index, body] of bodies.slice(0, -1).entries()) expect(body).toBe(all[index]);
        const last = bodies.at(-1);
        if (last !== undefined) expect(all[bodies.length - 1]!.startsWith(last)).toBe(true);
        // On the border of two entries a tar may end: only its two zero blocks are missing.
        if (read.summary.truncated !== undefined) {
          expect(read.summary.truncated).toMatchObject({ reason: 'cut_short' });
          expect(read.summary.truncated.offset).toBeLessThanOrEqual(length);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('damaged headers end it with a word', async () => {
    const whole = tarOf(bundleEntries());
    whole[512 * 4 + 130] = 0x39;
    const read = await readPacked(whole, { source: 'bundle.tar' });
    expect(read.summary.truncated).toMatchObject({ reason: 'corrupt' });
  });

  test('a packed log that unpacks to implausibly much is left, and the rest is read', async () => {
    const bomb = { name: 'var/run/log/vpxa.1.gz', content: gzipSync(Buffer.alloc(48 * 1024 * 1024)) };
    const read = await readPacked(tarOf([bomb, ...bundleEntries()]), { source: 'bundle.tar' });
    expect(read.summary.damaged).toMatchObject([{ path: 'var/run/log/vpxa.1.gz' }]);
    expect(headers(read).find(({ reason }) => reason === 'too_large')).toBeDefined();
    expect(headers(read).some(({ body }) => body === VMX)).toBe(true);
  });

  test('an archive of something else is refused by name', async () => {
    const other = tarOf([{ name: 'photos/cat.jpg', content: 'x' }]);
    await expect(readPacked(other, { source: 'photos.tar' })).rejects.toThrow(ImportKindError);
  });

  describe.each(['tar', 'busybox'])('made by %s', (program) => {
    const args = program === 'busybox' ? ['tar'] : [];
    const works = spawnSync(program, [...args, '--help']).error === undefined;
    (works ? test : test.skip)('is read the same', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'ascribe-bundle-'));
      try {
        // The order of a folder is nobody's: pieces of one file need not follow one another.
        for (const { name, content, link } of bundleEntries().filter((entry) => !entry.name.includes('FRAG'))) {
          const path = join(folder, name);
          mkdirSync(dirname(path), { recursive: true });
          if (link !== undefined) symlinkSync(link, path);
          else writeFileSync(path, content ?? '');
        }
        const made = spawnSync(program, [...args, '-czf', 'b.tgz', 'esx-esx-01.example-2026-11-24--01.05-2099999'], {
          cwd: folder,
        });
        expect(made.stderr.toString()).toBe('');
        const read = await drain(await openImport(join(folder, 'b.tgz')));
        const bodies = headers(read).map(({ body }) => body);
        for (const body of [CONNECTIONS, HOSTD, HOSTD_OLD, VOBD, VMWARE, VMX]) expect(bodies).toContain(body);
        expect(read.summary.truncated).toBeUndefined();
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
});

test.each([
  ['localcli_network-ip-connection-list.txt', 'connection_list'],
  ['localcli_network-ip-connection-list--N-vmotion.txt', 'connection_list'],
  ['localcli_network-ip-neighbor-list.txt', 'neighbor_list'],
  ['localcli_network-firewall-ruleset-rule-list.txt', 'firewall_rule_list'],
  ['localcli_software-vib-list.txt', 'vib_list'],
  ['localcli_system-settings-advanced-list--d.txt', 'advanced_settings'],
  ['esxcli_vm-process-list.txt', 'vm_process_list'],
  ['net-stats_-l.txt', 'net_stats'],
  ['vim-cmd_vmsvcgetallvms.txt', 'all_vms'],
  ['df.txt', undefined],
  ['net-stats.txt', undefined],
  ['localcli_storage-core-path-list.txt', undefined],
  ['../x.txt', undefined],
])('commands/%s is %s', (name, command) => expect(bundleCommand(name)?.command).toBe(command));

test('the stack that a command was asked for is told', () => {
  expect(bundleCommand('localcli_network-ip-connection-list--N-vmotion.txt')?.parameters).toEqual({
    netstack: 'vmotion',
  });
});

test.each([
  ['hostd.log', '/var/run/log/hostd.log'],
  ['scratch/log/hostd.10.gz', '/scratch/log/hostd.log'],
  ['var/run/log/vmkernel.log.gz', '/var/run/log/vmkernel.log'],
  ['hostd', undefined],
  ['hostd.txt', undefined],
  ['other.log', undefined],
  ['vmware.log.bak', undefined],
])('logPath %s', (name, path) => expect(logPath(name)).toBe(path));

test('content that is none of ESXi is none', () => {
  expect(logByContent('2026-11-24T01:02:03Z nothing\n')).toBeUndefined();
  expect(logByContent('')).toBeUndefined();
});
