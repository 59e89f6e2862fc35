import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UDP_DEFAULTS } from '../../collectors/udp/udp-listener';
import { installed } from '../../test/collectors/syslog/strangers';
import { Child, freePort, LineCounter, type Receiver } from './receiver';

/** The peers ask for the receive buffer that the kernel gives us: as root they could force more. */
function bufferBytes(): number {
  const limit = Number(readFileSync('/proc/sys/net/core/rmem_max', 'utf8'));
  return Math.min(UDP_DEFAULTS.receiveBufferBytes, limit);
}

/** rsyslog that writes each message as it came to one file. */
export async function startRsyslog(folder: string): Promise<Receiver | undefined> {
  const found = installed('rsyslog');
  if (found === undefined) return undefined;
  const { config, output, port } = await place(folder);
  writeFileSync(
    config,
    `global(workDirectory="${folder}")
module(load="imudp")
module(load="imtcp")
template(name="raw" type="string" string="%rawmsg%\\n")
input(type="imudp" address="127.0.0.1" port="${port}" rcvbufSize="${bufferBytes()}")
input(type="imtcp" address="127.0.0.1" port="${port}")
action(type="omfile" file="${output}" template="raw")
`,
  );
  const args = ['-n', '-f', config, '-i', join(folder, 'pid'), '-M', found.modules];
  return fileReceiver('rsyslog', new Child(found.program, args, { LD_LIBRARY_PATH: found.libraries }), output, port);
}

/** syslog-ng that writes each message to one file. */
export async function startSyslogNg(folder: string): Promise<Receiver | undefined> {
  const found = installed('syslog-ng');
  if (found === undefined) return undefined;
  const { config, output, port } = await place(folder);
  const listen = `ip("127.0.0.1") port(${port}) flags(no-parse)`;
  writeFileSync(
    config,
    `@version: current
options { stats-freq(0); };
source s {
  network(transport("udp") ${listen} so-rcvbuf(${bufferBytes()}));
  network(transport("tcp") ${listen} log-iw-size(100000));
};
destination d { file("${output}" template("$MSG\\n")); };
log { source(s); destination(d); flags(flow-control); };
`,
  );
  const at = (name: string): string => join(folder, name);
  const paths = ['-R', at('persist'), '-p', at('pid'), '-c', at('control')];
  const args = ['-F', '--no-caps', '-f', config, ...paths, '--module-path', found.modules];
  return fileReceiver('syslog-ng', new Child(found.program, args, { LD_LIBRARY_PATH: found.libraries }), output, port);
}

async function place(folder: string): Promise<{ config: string; output: string; port: number }> {
  mkdirSync(folder, { recursive: true });
  return { config: join(folder, 'config'), output: join(folder, 'output.log'), port: await freePort() };
}

async function fileReceiver(name: string, child: Child, output: string, port: number): Promise<Receiver> {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const isBound = (table: string): boolean => readFileSync(`/proc/net/${table}`, 'utf8').includes(local);
  await child.until(() => isBound('udp') && isBound('tcp'));
  const lines = new LineCounter(output);
  return {
    name,
    does: 'appends to a file, no fsync, no parsing',
    protocols: ['udp', 'tcp'],
    pid: child.pid,
    port,
    stored: () => Promise.resolve(lines.count()),
    stop: () => child.stop(),
  };
}
