import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RawRecord } from '../../../collectors/contract';
import { encodeCommandRecord, encodeLogRecord } from '../../../collectors/ssh/ssh-record';
import { LogPositions } from '../../../cli/daemon/log-positions';
import { Journal } from '../../../store/journal/journal';
import { SigningKeys } from '../../../store/journal/signing-keys';

let folder: string;
let journal: Journal;
let now = Date.UTC(2026, 10, 28);
const HOSTD = '/var/run/log/hostd.log';
const VOBD = '/var/run/log/vobd.log';

function record(source: string, file: string, generation: string, offset: number, body: string): RawRecord {
  const header = { platform: 'esxi', file, generation, head: 10, offset } as const;
  return {
    origin: { collector: 'ssh', source, peer: '192.0.2.1:22', format: 'logfile' },
    receivedAt: now,
    bytes: encodeLogRecord(header, Buffer.from(body)),
  };
}

function command(): RawRecord {
  const how = { exit: 0, signal: '', complete: true, reason: '', stderr: '', startedAt: now, finishedAt: now } as const;
  const header = { platform: 'esxi', command: 'net_stats', line: 'net-stats -l', output: 'text', ...how } as const;
  return {
    origin: { collector: 'ssh', source: 'esx-01', peer: '192.0.2.1:22', format: 'command' },
    receivedAt: now,
    bytes: encodeCommandRecord(header, Buffer.from('{"kind":"log"}\n')),
  };
}

const positions = (drained = async (): Promise<void> => undefined): LogPositions =>
  new LogPositions(join(folder, 'journal'), drained, () => now);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ascribe-positions-'));
  const keys = SigningKeys.open(join(folder, 'keys'));
  journal = Journal.open(join(folder, 'journal'), { keys, reserveBytes: 0, now: () => now });
});

afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true });
});

describe('where the journal leaves off', () => {
  it('is the newest record of each file of each device, over segments', async () => {
    journal.append([record('esx-01', VOBD, 'aa', 0, 'vobd\n'), record('esx-01', HOSTD, 'aa', 0, 'first\n')]);
    journal.rotate();
    journal.append([
      record('esx-01', HOSTD, 'aa', 6, 'second\n'),
      record('esx-02', HOSTD, 'cc', 100, 'other\n'),
      record('esx-01', HOSTD, 'bb', 0, ''),
      command(),
    ]);
    const found = positions();
    expect(await found.of('esx-01', [HOSTD])).toEqual([
      { file: HOSTD, generation: 'bb', head: 10, offset: 0, at: now },
    ]);
    expect(await found.of('esx-02', [HOSTD])).toEqual([
      { file: HOSTD, generation: 'cc', head: 10, offset: 106, at: now },
    ]);
    const both = await found.of('esx-01', [HOSTD, VOBD, '/var/run/log/none.log']);
    expect(both.find(({ file }) => file === VOBD)).toMatchObject({ generation: 'aa', offset: 5 });
    expect(await found.of('esx-09', [HOSTD])).toEqual([]);
  });

  it('counts what was handed over and is not in the journal yet', async () => {
    const found = positions(async () => void journal.append([record('esx-01', HOSTD, 'aa', 0, 'late\n')]));
    expect(await found.of('esx-01', [HOSTD])).toMatchObject([{ offset: 5 }]);
  });

  it('looks no further back than a host keeps its logs', async () => {
    journal.append([record('esx-01', VOBD, 'aa', 0, 'old\n')]);
    journal.rotate();
    now += 9 * 24 * 3_600_000;
    journal.append([record('esx-02', HOSTD, 'aa', 0, 'x\n')]);
    journal.rotate();
    now += 9 * 24 * 3_600_000;
    journal.append([record('esx-01', HOSTD, 'aa', 0, 'new\n')]);
    expect(await positions().of('esx-01', [HOSTD, VOBD])).toMatchObject([{ file: HOSTD }]);
  });
});
