import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintOf } from '../collectors/ssh/connection-target';
import { takeApart } from '../collectors/ssh/collector-run';
import { EsxiStandIn } from '../site/esxi/esxi-stand-in';
import { makeHost } from '../site/esxi/esxi-world';
import { ascribe, AscribeDaemon, isBuilt, waitFor } from './ascribe-process';
import { Site } from './data-directory';

/** A real `run` reads a SIMULATED ESXi host: each line of its logs is in the journal once, through kills and reloads. */

jest.setTimeout(180_000);

const here = isBuilt ? test : test.skip;
const HOSTD = '/var/run/log/hostd.log';
const PASSWORD = 'correct horse battery staple';

let site: Site;
let host: EsxiStandIn;
let daemons: AscribeDaemon[];

beforeEach(async () => {
  site = new Site();
  daemons = [];
  const world = makeHost({ version: '8.0' });
  host = await new EsxiStandIn({ host: () => world, login: { user: 'ascribe', password: PASSWORD } }).start();
  writeFileSync(join(site.folder, 'password'), `${PASSWORD}\n`, { mode: 0o600 });
  configure(host.server.hostKeys.map(fingerprintOf));
});

afterEach(async () => {
  for (const daemon of daemons) await daemon.kill();
  await host.stop();
  expect(host.refused).toEqual([]);
  site.remove();
});

function configure(hostKeys: readonly string[], more = ''): void {
  site.configure(`journal: { reserve_bytes: 0B, rotate_bytes: 1MiB }
collectors:
  netflow: []
  syslog: []
  ssh:
    - credentials: [{ name: esxi, user: ascribe, password: "file:password", subnets: ["127.0.0.0/8"] }]
      devices: [{ name: esx-01, address: 127.0.0.1, port: ${host.port}, host_keys: [${hostKeys.map((key) => `"${key}"`).join(', ')}] }]
      start_spread: 0
      log_period: 1
${more}`);
}

async function startDaemon(): Promise<AscribeDaemon> {
  const daemon = new AscribeDaemon(site.arguments);
  daemons.push(daemon);
  await daemon.ready();
  return daemon;
}

const lines = (from: number, count: number): string =>
  Array.from(
    { length: count },
    (_, i) => `2026-11-28T00:00:00.000Z In(166) Hostd[2099494]: [Originator@6876 sub=Vimsvc] number ${from + i}\n`,
  ).join('');

function hostd(): string {
  return site
    .records()
    .filter(({ origin }) => origin.format === 'logfile')
    .map(({ bytes }) => takeApart(bytes))
    .filter((one) => one.kind === 'log' && one.file === HOSTD)
    .map(({ body }) => body.toString('utf8'))
    .join('');
}

here('has each line of a log once, through a kill, a reload, a restart and rotations between', async () => {
  host.volume.append(HOSTD, lines(0, 1000));
  const first = await startDaemon();
  await waitFor(() => hostd().includes('number 999\n'), 60_000, 'the first lines');
  host.volume.append(HOSTD, lines(1000, 20_000));
  await waitFor(() => hostd().includes('number 1500\n'), 60_000, 'some of the next lines');
  await first.kill();

  host.volume.rotate(HOSTD, 'rename');
  host.volume.append(HOSTD, lines(21_000, 1000));
  const second = await startDaemon();
  await waitFor(() => hostd().includes('number 21999\n'), 60_000, 'the lines after the kill');

  configure(host.server.hostKeys.map(fingerprintOf), '      log_bytes: 1000000\n');
  host.volume.append(HOSTD, lines(22_000, 1000));
  second.child.kill('SIGHUP');
  await waitFor(() => /configuration reloaded/u.test(second.output), 30_000, 'the reload');
  host.volume.rotate(HOSTD, 'rename');
  host.volume.append(HOSTD, lines(23_000, 1000));
  await waitFor(() => hostd().includes('number 23999\n'), 60_000, 'the lines after the reload');
  expect(hostd()).toBe(lines(0, 24_000));

  await waitFor(() => site.status().devices?.[0]?.state === 'connected', 60_000, 'a status');
  expect(site.status().devices).toMatchObject([{ device: 'esx-01', protocol: 'ssh', state: 'connected', gaps: 0 }]);
  expect(ascribe(['status', ...site.arguments]).stdout).toMatch(/esx-01\s+ssh\s+connected/u);
  expect(await second.stop()).toBe(0);
  const everything = JSON.stringify(site.records().map(({ bytes }) => Buffer.from(bytes).toString('latin1')));
  expect(everything + first.output + second.output).not.toContain(PASSWORD);
});

here('sends one wrong password and no second until it is reloaded', async () => {
  writeFileSync(join(site.folder, 'password'), 'wrong\n', { mode: 0o600 });
  const daemon = await startDaemon();
  await waitFor(() => /not tried again until ascribe is reloaded/u.test(daemon.output), 30_000, 'the refusal');
  await waitFor(() => site.status().devices?.[0]?.state === 'held', 60_000, 'the state');
  expect(host.server.log.attempts).toBe(1);
  writeFileSync(join(site.folder, 'password'), `${PASSWORD}\n`, { mode: 0o600 });
  daemon.child.kill('SIGHUP');
  await waitFor(() => site.status().devices?.[0]?.state === 'connected', 60_000, 'the login');
  expect(host.server.log.attempts).toBe(2);
  expect(daemon.output).not.toContain(PASSWORD);
});

here('check --online shows an unknown key and sends no password, then what a known host answers', async () => {
  configure([]);
  const unknown = await checkOnline();
  expect(unknown).toContain('which is not known yet: compare it');
  expect(unknown).toContain(fingerprintOf(host.server.hostKeys[0]!));
  expect(host.server.log.attempts).toBe(0);
  configure(host.server.hostKeys.map(fingerprintOf));
  host.log('hostd.log', 'a line');
  const known = await checkOnline();
  expect(known).toMatch(/ok\s+ssh: esx-01: OpenSSH_8.8, host key ecdsa-sha2-nistp256 SHA256:\S+ is known, logged in/u);
  expect(known).toMatch(/VMware ESXi 8\.0\.3 build-24677879; its clock is/u);
  expect(known).toContain('esx-01: log files: hostd.log');
  expect(known).not.toContain(PASSWORD);
});

/** The stand-in lives in this process, so that it must not wait for the command. */
async function checkOnline(): Promise<string> {
  const main = join(process.cwd(), 'dist', 'cli', 'main.js');
  const child = spawn(process.execPath, [main, 'check', '--online', ...site.arguments]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  return output;
}
