import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataLock } from '../../../store/journal/data-lock';

let data: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'ascribe-lock-'));
});
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) await end(child);
  child = undefined;
  rmSync(data, { recursive: true });
});

/** A second process that holds the lock. */
async function holder(): Promise<ChildProcess> {
  const script = `
    require(${JSON.stringify(join(__dirname, '../../setup/ts-hook.js'))});
    const { DataLock } = require(${JSON.stringify(join(__dirname, '../../../store/journal/data-lock.ts'))});
    globalThis.lock = DataLock.acquire(${JSON.stringify(data)});
    console.log('held');
    setInterval(() => {}, 1000);`;
  const started = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => started.stdout.once('data', resolve));
  return started;
}

async function end(held: ChildProcess): Promise<void> {
  const closed = new Promise((resolve) => held.once('close', resolve));
  held.kill('SIGKILL');
  await closed;
}

it('refuses a directory that another process holds, naming the process, and takes it when that one is killed', async () => {
  child = await holder();
  expect(() => DataLock.acquire(data)).toThrow(
    expect.objectContaining({
      code: 'data_in_use',
      pid: child.pid,
      message: expect.stringContaining(`in use by process ${child.pid}`),
    }),
  );
  await end(child);
  DataLock.acquire(data).release();
});

it('refuses a second holder in the same process', () => {
  const lock = DataLock.acquire(data);
  expect(() => DataLock.acquire(data)).toThrow(expect.objectContaining({ code: 'data_in_use', pid: process.pid }));
  lock.release();
  lock.release();
  DataLock.acquire(data).release();
});

it('does not believe a pid file without a lock, nor need one', () => {
  writeFileSync(join(data, 'lock.pid'), '1\n');
  const lock = DataLock.acquire(data);
  writeFileSync(join(data, 'lock.pid'), 'nonsense');
  expect(() => DataLock.acquire(data)).toThrow(
    expect.objectContaining({ pid: undefined, message: expect.stringContaining('another process') }),
  );
  lock.release();
});

it('makes the directory', () => {
  const lock = DataLock.acquire(join(data, 'a/b'));
  lock.release();
});
