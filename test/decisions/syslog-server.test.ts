import { createSocket } from 'node:dgram';
import { spawnSync } from 'node:child_process';

/** docs/decisions/0003: what syslog-server does with a busy port and with bytes that are not UTF-8. */

const inChild = (script: string, timeout: number) =>
  spawnSync(process.execPath, ['-e', script], { timeout, encoding: 'utf8', cwd: process.cwd() });

test('start() on a busy port neither resolves nor rejects', async () => {
  const holder = createSocket('udp4');
  await new Promise<void>((resolve) => void holder.bind(0, '127.0.0.1', resolve));
  const { port } = holder.address();
  const result = inChild(
    `const Server = require('syslog-server');
     process.on('uncaughtException', () => {});
     setTimeout(() => { process.stdout.write('still pending'); process.exit(0); }, 1000);
     const server = new Server();
     server.on('error', () => {});
     server.start({ port: ${port}, address: '127.0.0.1' }).then(
       () => process.stdout.write('resolved '), () => process.stdout.write('rejected '));`,
    60_000,
  );
  holder.close();
  expect(result.stdout).toBe('still pending');
});

test('bytes that are not UTF-8 are destroyed', () => {
  const result = inChild(
    `const Server = require('syslog-server');
     const dgram = require('node:dgram');
     const server = new Server();
     server.on('message', (value) => {
       process.stdout.write(JSON.stringify({ text: value.message, keys: Object.keys(value) }));
       process.exit(0);
     });
     const probe = dgram.createSocket('udp4');
     probe.bind(0, '127.0.0.1', () => {
       const { port } = probe.address();
       probe.close(() => server.start({ port, address: '127.0.0.1' }).then(() => {
         dgram.createSocket('udp4').send(Buffer.from([0x3c, 0x31, 0x33, 0x3e, 0xe4]), port, '127.0.0.1');
       }));
     });`,
    60_000,
  );
  const seen = JSON.parse(result.stdout) as { text: string; keys: string[] };
  expect(seen.text).toContain('\u{fffd}');
  expect(seen.keys).not.toContain('port');
});
