import { fork } from 'node:child_process';
import { join } from 'node:path';
import { freePort, type Receiver } from './receiver';

/** The npm package `syslog-server` in a process of its own. It has UDP only and no parser: its lines are only counted. */
export async function startSyslogServer(): Promise<Receiver> {
  const port = await freePort();
  const child = fork(join(__dirname, 'syslog-server-child.js'), [String(port)]);
  const answer = (): Promise<number> =>
    new Promise((resolve) => child.once('message', (count) => resolve(Number(count))));
  await answer();
  return {
    name: 'syslog-server (npm)',
    does: 'receives and counts; stores and parses nothing',
    protocols: ['udp'],
    pid: child.pid ?? 0,
    port,
    stored() {
      const counted = answer();
      child.send('count');
      return counted;
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
    },
  };
}
