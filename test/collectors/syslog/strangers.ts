import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Party } from './certificates';

/**
 * Debian's rsyslog and syslog-ng as senders. The packages exclude each other: unpack what is not installed with
 * `dpkg -x` into `$ASCRIBE_PEERS/rsyslog` (rsyslog, rsyslog-gnutls, libestr0, libfastjson4) and
 * `$ASCRIBE_PEERS/syslog-ng` (syslog-ng-core, libivykis0, libnet1, libpcre3, libwrap0).
 */
const PEERS = process.env['ASCRIBE_PEERS'] ?? '';
const TRIPLET = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';

/** Where a message goes and how. */
export interface Route {
  readonly port: number;
  readonly transport: 'udp' | 'tcp-lines' | 'tcp-counted' | 'tls';
  readonly tls?: Party & { readonly ca: string };
}

export interface Stranger {
  readonly name: string;
  readonly program: string;
  /** Starts to send `lines` as messages. */
  send(lines: readonly string[], route: Route): Sending;
}

/** A stranger at work. */
export class Sending {
  readonly folder: string;
  readonly #child: ChildProcess;
  #output = '';

  constructor(folder: string, program: string, args: readonly string[], libraries: string) {
    this.folder = folder;
    this.#child = spawn(program, args, { cwd: folder, env: { ...process.env, LD_LIBRARY_PATH: libraries } });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
  }

  /** Throws when it has ended by itself. */
  check(): void {
    if (this.#child.exitCode !== null) throw new Error(`ended with ${this.#child.exitCode}: ${this.#output}`);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise((resolve) => {
        this.#child.once('exit', resolve);
      });
      this.#child.kill(signal);
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A program of a stranger with what it must be told to find its parts. */
export interface Installed {
  readonly program: string;
  readonly modules: string;
  /** For `LD_LIBRARY_PATH`. */
  readonly libraries: string;
}

/** Where rsyslog or syslog-ng is, unpacked or installed; undefined: nowhere. */
export function installed(name: 'rsyslog' | 'syslog-ng'): Installed | undefined {
  const path = name === 'rsyslog' ? '/usr/sbin/rsyslogd' : '/usr/sbin/syslog-ng';
  const unpacked = join(PEERS, name);
  const root = PEERS !== '' && existsSync(join(unpacked, path)) ? unpacked : '/';
  const program = join(root, path);
  if (!existsSync(program)) return undefined;
  const system = join(root, 'usr/lib', TRIPLET);
  if (name === 'rsyslog') return { program, modules: join(system, 'rsyslog'), libraries: system };
  const own = join(root, 'usr/lib/syslog-ng');
  const modules = join(own, readdirSync(own).find((entry) => /^\d/.test(entry)) ?? '');
  return { program, modules, libraries: [own, system, join(root, 'lib', TRIPLET)].join(':') };
}

function folderWith(name: string, lines: readonly string[]): { folder: string; input: string } {
  const folder = mkdtempSync(join(tmpdir(), `ascribe-${name}-`));
  const input = join(folder, 'input.log');
  writeFileSync(input, lines.map((line) => `${line}\n`).join(''));
  return { folder, input };
}

function rsyslog(): Stranger | undefined {
  const found = installed('rsyslog');
  if (found === undefined) return undefined;
  const send = (lines: readonly string[], route: Route): Sending => {
    const { folder, input } = folderWith('rsyslog', lines);
    const config = join(folder, 'rsyslog.conf');
    writeFileSync(config, rsyslogConfig(folder, input, route));
    const args = ['-n', '-f', config, '-i', join(folder, 'pid'), '-M', found.modules];
    return new Sending(folder, found.program, args, found.libraries);
  };
  return { name: 'rsyslog', program: found.program, send };
}

function rsyslogConfig(folder: string, input: string, { port, transport, tls }: Route): string {
  const secure =
    tls === undefined
      ? ''
      : `defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="${tls.ca}"
         defaultNetstreamDriverCertFile="${tls.cert}" defaultNetstreamDriverKeyFile="${tls.key}"`;
  const driver =
    tls === undefined ? '' : 'StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/certvalid"';
  const framing = transport === 'tcp-lines' ? 'traditional' : 'octet-counted';
  const protocol = transport === 'udp' ? 'protocol="udp"' : `protocol="tcp" TCP_Framing="${framing}"`;
  return `
    global(workDirectory="${folder}" ${secure})
    module(load="imfile")
    input(type="imfile" File="${input}" Tag="stranger" Severity="info" Facility="local0" ruleset="out")
    ruleset(name="out") {
      action(type="omfwd" target="127.0.0.1" port="${port}" ${protocol} ${driver}
        template="RSYSLOG_SyslogProtocol23Format" action.resumeRetryCount="-1" action.resumeInterval="1")
    }`;
}

function syslogNg(): Stranger | undefined {
  const found = installed('syslog-ng');
  if (found === undefined) return undefined;
  const send = (lines: readonly string[], route: Route): Sending => {
    const { folder, input } = folderWith('syslog-ng', lines);
    const config = join(folder, 'syslog-ng.conf');
    writeFileSync(config, syslogNgConfig(input, route));
    const at = (name: string) => join(folder, name);
    const paths = ['-R', at('persist'), '-p', at('pid'), '-c', at('control')];
    const args = ['-F', '--no-caps', '-f', config, ...paths, '--module-path', found.modules];
    return new Sending(folder, found.program, args, found.libraries);
  };
  return { name: 'syslog-ng', program: found.program, send };
}

function syslogNgConfig(input: string, { port, transport, tls }: Route): string {
  // `network` writes RFC 3164 lines, `syslog` RFC 5424 with octet counting.
  const kind = transport === 'tcp-lines' || transport === 'udp' ? 'network' : 'syslog';
  const over = transport === 'udp' || transport === 'tls' ? transport : 'tcp';
  const secure =
    tls === undefined
      ? ''
      : `tls(ca-file("${tls.ca}") cert-file("${tls.cert}") key-file("${tls.key}") peer-verify(required-trusted))`;
  return `@version: current
    options { stats-freq(0); time-reopen(1); };
    source s { file("${input}" flags(no-parse) follow-freq(1)); };
    destination d { ${kind}("127.0.0.1" port(${port}) transport("${over}") ${secure}); };
    log { source(s); destination(d); flags(flow-control); };
  `;
}

/** The strangers that are here. */
export const STRANGERS: readonly Stranger[] = [rsyslog(), syslogNg()].filter((stranger) => stranger !== undefined);
