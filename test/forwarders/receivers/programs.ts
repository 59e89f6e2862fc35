import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed, type Installed } from '../../collectors/syslog/strangers';
import type { Party } from '../../collectors/syslog/certificates';
import { freePort } from '../../e2e/data-directory';
import { until } from '../store-site';

/**
 * Receivers by strangers, from Debian: rsyslog, syslog-ng, nats-server, and librdkafka's mock cluster in kcat. What is not
 * installed is looked for in `$ASCRIBE_PEERS/{rsyslog,syslog-ng,nats,kcat}`, unpacked with `dpkg -x`.
 */
const PEERS = process.env['ASCRIBE_PEERS'] ?? '';
const TRIPLET = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';

/** Where a program is, and its libraries; undefined: nowhere. */
export function program(folder: string, ...paths: readonly string[]): Installed | undefined {
  for (const root of [join(PEERS, folder), '/']) {
    const found = paths
      .map((path) => join(root, path))
      .find((path) => (PEERS !== '' || root === '/') && existsSync(path));
    if (found !== undefined) return { program: found, modules: '', libraries: join(root, 'usr/lib', TRIPLET) };
  }
  return undefined;
}

export const RSYSLOG = installed('rsyslog');
export const SYSLOG_NG = installed('syslog-ng');
export const HAS_IMRELP = RSYSLOG !== undefined && existsSync(join(RSYSLOG.modules, 'imrelp.so'));
export const HAS_OMELASTICSEARCH = RSYSLOG !== undefined && existsSync(join(RSYSLOG.modules, 'omelasticsearch.so'));
export const HAS_MOD_HTTP = SYSLOG_NG !== undefined && existsSync(join(SYSLOG_NG.modules, 'libhttp.so'));
export const NATS = program('nats', 'usr/sbin/nats-server', 'usr/bin/nats-server');
export const KCAT = program('kcat', 'usr/bin/kcat', 'usr/bin/kafkacat');

/** A program at work, which a test may freeze and kill. */
export class Stranger {
  readonly #start: () => ChildProcess;
  #child: ChildProcess;
  output = '';

  constructor(start: () => ChildProcess) {
    this.#start = start;
    this.#child = this.#run();
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (!this.running) return;
    const ended = new Promise((resolve) => {
      this.#child.once('exit', resolve);
    });
    this.#child.kill('SIGCONT');
    this.#child.kill(signal);
    await ended;
  }

  /** The same again, after it was killed. */
  restart(): void {
    this.#child = this.#run();
  }

  #run(): ChildProcess {
    const child = this.#start();
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data: Buffer) => (this.output += data.toString()));
    }
    return child;
  }
}

export interface LineReceiver {
  readonly stranger: Stranger;
  readonly port: number;
  /** Path of the file that the messages are in. */
  readonly output: string;
  /** What was received so far, one line a message. */
  readonly lines: () => string[];
}

function linesOf(path: string): string[] {
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

function spawned({ program, libraries }: Installed, args: readonly string[], cwd: string): ChildProcess {
  return spawn(program, args, { cwd, env: { ...process.env, LD_LIBRARY_PATH: libraries } });
}

/** Waits until the program listens on a port of loopback. */
export async function listening(stranger: Stranger, port: number): Promise<void> {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  await until(() => {
    if (!stranger.running) throw new Error(`ended at once: ${stranger.output}`);
    return ['tcp', 'tcp6'].some((table) => {
      const rows = readFileSync(`/proc/net/${table}`, 'utf8').split('\n');
      return rows.some((row) => row.includes(local) && row.includes(' 0A '));
    });
  }, `a listener on ${port}`);
}

export type RsyslogInput = 'tcp' | 'tls' | 'relp' | 'relp_tls';

/** rsyslog that appends each message, as it understood it, to a file. */
export async function rsyslogReceiver(
  folder: string,
  input: RsyslogInput,
  tls?: Party & { readonly ca: string },
): Promise<LineReceiver> {
  const { modules } = RSYSLOG as Installed;
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const config = join(folder, 'rsyslog.conf');
  const output = join(folder, 'received.log');
  const inputs: Readonly<Record<RsyslogInput, string>> = {
    tcp: `module(load="imtcp" maxSessions="50")\ninput(type="imtcp" address="127.0.0.1" port="${port}")`,
    tls: `module(load="imtcp" StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="x509/certvalid")
input(type="imtcp" address="127.0.0.1" port="${port}")`,
    relp: `module(load="imrelp")\ninput(type="imrelp" address="127.0.0.1" port="${port}" maxDataSize="1m")`,
    relp_tls: `module(load="imrelp")
input(type="imrelp" address="127.0.0.1" port="${port}" maxDataSize="1m" tls="on" tls.authmode="certvalid"
  tls.cacert="${tls?.ca}" tls.mycert="${tls?.cert}" tls.myprivkey="${tls?.key}")`,
  };
  const files =
    tls === undefined || input !== 'tls'
      ? ''
      : `defaultNetstreamDriverCAFile="${tls.ca}" defaultNetstreamDriverCertFile="${tls.cert}" defaultNetstreamDriverKeyFile="${tls.key}"`;
  writeFileSync(
    config,
    `global(workDirectory="${folder}" maxMessageSize="256k" ${files})
main_queue(queue.type="Direct")
template(name="whole" type="string" string="%syslogpriority% %hostname% %app-name% %msgid% %structured-data%%msg%\\n")
${inputs[input]}
action(type="omfile" file="${output}" template="whole" asyncWriting="off" ioBufferSize="4k" flushOnTXEnd="on")
`,
  );
  const args = ['-n', '-f', config, '-i', join(folder, 'pid'), '-M', modules];
  const stranger = new Stranger(() => spawned(RSYSLOG as Installed, args, folder));
  await listening(stranger, port);
  return { stranger, port, output, lines: () => linesOf(output) };
}

/** syslog-ng that appends each message to a file. */
export async function syslogNgReceiver(folder: string, tls?: Party & { readonly ca: string }): Promise<LineReceiver> {
  const { modules } = SYSLOG_NG as Installed;
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const output = join(folder, 'received.log');
  const secure =
    tls === undefined
      ? ''
      : `tls(ca-file("${tls.ca}") cert-file("${tls.cert}") key-file("${tls.key}") peer-verify(required-trusted))`;
  const kind = tls === undefined ? 'tcp' : 'tls';
  writeFileSync(
    join(folder, 'syslog-ng.conf'),
    `@version: current
options { stats-freq(0); log-msg-size(262144); keep-hostname(yes); };
source s { syslog(ip("127.0.0.1") port(${port}) transport("${kind}") ${secure} log-iw-size(10000)); };
destination d { file("${output}" template("$LEVEL_NUM $HOST $PROGRAM $MSGID $SDATA $MSG\\n")); };
log { source(s); destination(d); flags(flow-control); };
`,
  );
  const at = (name: string): string => join(folder, name);
  const paths = ['-R', at('persist'), '-p', at('pid'), '-c', at('control')];
  const args = ['-F', '--no-caps', '-f', at('syslog-ng.conf'), ...paths, '--module-path', modules];
  const stranger = new Stranger(() => spawned(SYSLOG_NG as Installed, args, folder));
  await listening(stranger, port);
  return { stranger, port, output, lines: () => linesOf(output) };
}

/** nats-server with JetStream on disk; with certificates it wants one of its clients. */
export async function natsServer(
  folder: string,
  tls?: Party & { readonly ca: string },
): Promise<{ readonly stranger: Stranger; readonly port: number }> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const config = join(folder, 'nats.conf');
  const secure =
    tls === undefined
      ? ''
      : `tls { cert_file: "${tls.cert}", key_file: "${tls.key}", ca_file: "${tls.ca}", verify: true }\n`;
  writeFileSync(config, `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${join(folder, 'store')}" }\n${secure}`);
  const stranger = new Stranger(() => spawned(NATS as Installed, ['-c', config], folder));
  await listening(stranger, port);
  return { stranger, port };
}

/** librdkafka's mock cluster of two brokers in a kcat that consumes a topic and prints key and value. */
export async function kafkaMock(
  folder: string,
  topic: string,
): Promise<{
  readonly stranger: Stranger;
  readonly broker: string;
  /** `KEY VALUE` of what was consumed. */
  readonly consumed: () => string[];
}> {
  mkdirSync(folder, { recursive: true });
  const output = join(folder, 'consumed.log');
  const found = KCAT as Installed;
  const args = ['-b', 'x', '-X', 'test.mock.num.brokers=2', '-d', 'mock', '-C', '-u', '-t', topic, '-f', '%k %s\\n'];
  const stranger = new Stranger(() => {
    const child = spawn('/bin/sh', ['-c', `exec "$0" "$@" > '${output}'`, found.program, ...args], {
      env: { ...process.env, LD_LIBRARY_PATH: found.libraries },
    });
    return child;
  });
  const broker = (): string | undefined => /bootstrap\.servers=(127\.0\.0\.1:\d+)/u.exec(stranger.output)?.[1];
  await until(() => {
    if (!stranger.running) throw new Error(`kcat ended: ${stranger.output}`);
    return broker() !== undefined;
  }, 'the mock cluster');
  return {
    stranger,
    broker: broker() ?? '',
    consumed: () => (existsSync(output) && statSync(output).size > 0 ? linesOf(output) : []),
  };
}
