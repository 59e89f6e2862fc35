import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionLog } from '../../../../normalizer/model/facts';
import { freePort } from '../../../e2e/data-directory';
import { listening, program, Stranger } from '../../../forwarders/receivers/programs';
import { until } from '../../../forwarders/store-site';
import { factsOfLine } from './read-line';

/** Debian's Squid, which writes what clients really asked of it. */

const SQUID = program('squid', 'usr/sbin/squid');
const maybe = SQUID === undefined ? test.skip : test;

/** Bytes that the server answers with. */
const ANSWER = 1000;

let folder: string;
let server: Server;
let squid: Stranger | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ascribe-squid-'));
  chmodSync(folder, 0o777);
  server = createServer((client) => {
    client.on('error', () => client.destroy());
    client.once('data', (asked) => {
      const head = asked.toString('latin1').startsWith('GET')
        ? `HTTP/1.0 200 OK\r\nContent-Length: ${ANSWER}\r\n\r\n`
        : '';
      client.end(head + 'x'.repeat(ANSWER));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await squid?.kill();
  squid = undefined;
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** Squid on a port of loopback, with both of its logs. */
async function startSquid(): Promise<number> {
  const found = SQUID!;
  const port = await freePort();
  const share = join(found.program, '../../share/squid');
  const errors = join(folder, 'errors');
  mkdirSync(errors);
  const config = join(folder, 'squid.conf');
  const lines = [
    `http_port 127.0.0.1:${port}`,
    'http_access allow all',
    `access_log stdio:${join(folder, 'native.log')} logformat=squid`,
    `access_log stdio:${join(folder, 'combined.log')} logformat=combined`,
    'buffered_logs off',
    `cache_log ${join(folder, 'cache.log')}`,
    'pid_filename none',
    'cache deny all',
    `coredump_dir ${folder}`,
    'netdb_filename none',
    ...(existsSync(join(share, 'mime.conf')) ? [`mime_table ${join(share, 'mime.conf')}`] : []),
    ...(existsSync(join(share, 'errors')) ? [`error_directory ${join(share, 'errors/templates')}`] : []),
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  squid = new Stranger(() =>
    spawn(found.program, ['-N', '-d', '1', '-f', config], {
      cwd: folder,
      env: { ...process.env, LD_LIBRARY_PATH: found.libraries },
    }),
  );
  await listening(squid, port);
  return port;
}

/** Asks the proxy, says more when it has answered, and ends when the proxy does. */
async function ask(port: number, request: string, then?: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const client = connect(port, '127.0.0.1', () => client.write(request));
    client.once('data', () => then !== undefined && client.write(then));
    client.resume();
    client.once('error', () => client.destroy());
    client.once('close', () => resolve());
  });
}

function linesOf(name: string): string[] {
  const path = join(folder, name);
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line.includes('127.0.0.1'))
    : [];
}

maybe(
  'who asked for what, as Squid writes it, in both of its forms',
  async () => {
    const port = await startSquid();
    const upstream = (server.address() as AddressInfo).port;
    const began = Date.now();
    await ask(port, `CONNECT 127.0.0.1:${upstream} HTTP/1.1\r\nHost: x\r\n\r\n`, 'hello');
    await ask(port, `GET http://u:secret@127.0.0.1:${upstream}/p?token=secret HTTP/1.0\r\n\r\n`);
    const done = (name: string): boolean => linesOf(name).filter((line) => line.includes('HIER_DIRECT')).length >= 2;
    await until(() => done('native.log') && done('combined.log'), 'lines of both requests', 60_000);
    const ended = Date.now();

    const native = linesOf('native.log').flatMap((line) => factsOfLine(line, { receivedAt: ended })) as SessionLog[];
    const told = native.filter(({ action }) => action.startsWith('proxy_'));
    const destination = { ip: '127.0.0.1', port: upstream };
    expect(told).toMatchObject([
      { action: 'proxy_tunnel', source: { ip: '127.0.0.1' }, destination, timeQuality: 'ok' },
      { action: 'proxy_request', source: { ip: '127.0.0.1' }, destination },
    ]);
    for (const { start, end, destination: to } of told) {
      expect(start!).toBeGreaterThanOrEqual(began - 1000);
      expect(end!).toBeLessThanOrEqual(ended + 1000);
      expect(end!).toBeGreaterThanOrEqual(start!);
      expect(Number(to.bytes)).toBeGreaterThan(ANSWER);
    }

    const combined = linesOf('combined.log').flatMap((line) =>
      factsOfLine(line, { receivedAt: ended }),
    ) as SessionLog[];
    const same = combined.filter(({ action }) => action.startsWith('proxy_'));
    expect(same.map(({ action, code }) => [action, code])).toEqual(told.map(({ action, code }) => [action, code]));
    expect(same.map((log) => log.destination)).toEqual(told.map((log) => log.destination));
    const all = JSON.stringify([native, combined], (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(all).not.toContain('secret');
  },
  120_000,
);
