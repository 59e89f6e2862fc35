import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStatus, StatusWriter, writeStatus } from '../../../cli/telemetry/status-file';
import { sampleStatus } from '../support/status';

const root = mkdtempSync(join(tmpdir(), 'ascribe-status-'));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;
const directory = (): string => {
  const path = join(root, String(++count));
  mkdirSync(path);
  return path;
};

describe('status file', () => {
  const status = sampleStatus();

  it('is read as it was written, and leaves nothing else behind', () => {
    const path = directory();
    writeStatus(path, status);
    writeStatus(path, status);
    expect(readStatus(path, status.updatedAt)).toEqual({ status, state: 'running' });
    expect(readdirSync(path)).toEqual(['status.json']);
    expect(statSync(join(path, 'status.json')).mode & 0o007).toBe(0);
  });

  it('says when the daemon no longer reports, and when it is gone', () => {
    const path = directory();
    writeStatus(path, status);
    expect(readStatus(path, status.updatedAt + 10_001)?.state).toBe('stuck');
    const { pid } = spawnSync('true');
    writeStatus(path, sampleStatus({ pid }));
    expect(readStatus(path, status.updatedAt)?.state).toBe('gone');
  });

  it('is undefined where no daemon ran', () => {
    expect(readStatus(directory(), 0)).toBeUndefined();
  });

  it.each([
    ['half a file', '{"schema":1,', /cannot be read/u],
    ['another layout', '{"schema":2}', /another version of ascribe \(layout 2\)/u],
  ])('is refused when it is %s', (_name, text, message) => {
    const path = directory();
    writeFileSync(join(path, 'status.json'), text);
    expect(() => readStatus(path, 0)).toThrow(message);
  });
});

describe('status writer', () => {
  it('writes at start and stop, and stops twice', () => {
    const path = directory();
    let written = 0;
    const writer = new StatusWriter({
      dataDirectory: path,
      collect: () => sampleStatus({ pid: ++written }),
      failed: () => undefined,
    });
    writer.stop();
    expect(written).toBe(0);
    writer.start();
    writer.stop();
    writer.stop();
    expect(written).toBe(2);
    expect(readStatus(path, 0)?.status.pid).toBe(2);
  });

  it('tells a failure once and goes on', () => {
    const path = directory();
    const failures: unknown[] = [];
    const writer = new StatusWriter({
      dataDirectory: join(path, 'later'),
      collect: sampleStatus,
      failed: (error) => failures.push(error),
    });
    writer.write();
    writer.write();
    expect(failures).toHaveLength(1);
    mkdirSync(join(path, 'later'));
    writer.write();
    expect(readStatus(join(path, 'later'), 0)).toBeDefined();
  });
});
