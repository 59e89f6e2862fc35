import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Collection } from '../../../cli/collect/collection-record';
import { dataLayout } from '../../../cli/data-layout';
import { readSshRecord } from '../../../normalizer/ssh-record';
import { JournalReader } from '../../../store/journal/journal-reader';
import { fingerprintOf } from '../../collectors/ssh/connection-target';
import { takeApart } from '../../collectors/ssh/collector-run';
import { EsxiStandIn } from '../../site/esxi/esxi-stand-in';
import { makeHost } from '../../site/esxi/esxi-world';
import { run } from '../support/run';

jest.setTimeout(120_000);

/** `collect` against a SIMULATED ESXi host: volatile first, rotated logs when asked for, one record of who did it. */

const HOSTD = '/var/run/log/hostd.log';
const LINE = '2026-11-28T00:00:00.000Z In(166) Hostd[1]: [Originator@6876 sub=x]';

let folder: string;
let host: EsxiStandIn;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ascribe-collect-'));
  writeFileSync(join(folder, 'login'), 'right horse');
  chmodSync(join(folder, 'login'), 0o600);
  const world = makeHost({ version: '8.0' });
  host = await new EsxiStandIn({ host: () => world }).start();
  host.volume.append(HOSTD, `${LINE} rotated\n`);
  host.volume.rotate(HOSTD, 'rename');
  host.volume.append(HOSTD, `${LINE} current\n`);
  writeFileSync(
    join(folder, 'ascribe.yaml'),
    `collectors:
  netflow: []
  syslog: []
  ssh:
    - credentials: [{ name: esxi, user: ascribe, password: "file:login", subnets: ["127.0.0.0/8"] }]
      devices:
        - { name: esx-01, address: 127.0.0.1, port: ${host.port}, host_keys: [${host.server.hostKeys.map((key) => `"${fingerprintOf(key)}"`).join(', ')}] }
`,
  );
});

afterEach(async () => {
  await host.stop();
  expect(host.refused).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});

async function collected(
  ...args: string[]
): Promise<{ readonly code: number; readonly records: readonly Uint8Array[] }> {
  const argv = ['collect', '--config', join(folder, 'ascribe.yaml'), '--data', join(folder, 'data'), ...args];
  const { code } = await run(argv, { cwd: folder });
  const journal = new JournalReader(dataLayout(join(folder, 'data')).journal);
  try {
    return { code, records: journal.read(1, 10_000).map(({ bytes }) => bytes) };
  } finally {
    journal.close();
  }
}

const hostd = (records: readonly Uint8Array[]): string =>
  records
    .map(takeApart)
    .filter((one) => one.kind === 'log' && one.file === HOSTD)
    .map(({ body }) => body.toString())
    .join('')
    .split('\n')
    .filter((line) => line.startsWith(LINE))
    .map((line) => line.slice(LINE.length + 1))
    .join(' ');

test('sockets and processes come before logs; what the host lacks makes it no less whole', async () => {
  const { code, records } = await collected();
  expect([0, 3]).toContain(code);
  const kinds = records.map(takeApart).map((one) => (one.kind === 'command' ? one.command : one.kind));
  expect(kinds.indexOf('connection_list')).toBeGreaterThanOrEqual(0);
  expect(kinds.indexOf('connection_list')).toBeLessThan(kinds.indexOf('log'));
  expect(kinds.indexOf('vm_process_list')).toBeLessThan(kinds.indexOf('log'));
  expect(hostd(records)).toBe('current');
});

test('--since takes rotated files too', async () => {
  expect(hostd((await collected('--since', '-1d')).records)).toBe('rotated current');
});

test('the collection record reads back as what it says', async () => {
  const { records } = await collected('--json');
  const read = readSshRecord(records.at(-1)!);
  expect(read).toMatchObject({
    kind: 'collection',
    devices: 'esx-01',
    tool: expect.stringMatching(/^ascribe \d/u) as string,
  });
  const bytes = Buffer.from(records.at(-1)!);
  const record = JSON.parse(bytes.toString('utf8', bytes.indexOf(0x0a) + 1)) as Collection;
  if (read.kind !== 'collection') throw new Error('no collection record');
  const { id, user, host: computer, startedAt, finishedAt } = record;
  expect(read).toMatchObject({ id, user, host: computer, startedAt, finishedAt });
  expect(record.ssh[0]).toMatchObject({ device: 'esx-01', hostKey: expect.stringMatching(/^SHA256:/u) as string });
  expect(bytes.toString()).not.toContain('right horse');
});
