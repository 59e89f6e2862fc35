import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SNMP_TAG, type SnmpVarbind } from '../../../collectors/snmp/snmp-record';

/** Debian's net-snmp (packages snmpd and snmp) as the other side. */
const SNMPD = '/usr/sbin/snmpd';
const TOOLS = '/usr/bin';

/** Whether net-snmp's agent and tools are installed. */
export const strangersHere = existsSync(SNMPD) && existsSync(join(TOOLS, 'snmpbulkwalk'));

/** A loopback UDP port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => {
    socket.bind(0, '127.0.0.1', resolve);
  });
  const { port } = socket.address();
  await new Promise<void>((resolve) => {
    socket.close(() => resolve());
  });
  return port;
}

/** snmpd with a configuration of its own. */
export class Snmpd {
  readonly port: number;
  readonly #folder: string;
  readonly #child: ChildProcess;

  private constructor(port: number, folder: string, child: ChildProcess) {
    this.port = port;
    this.#folder = folder;
    this.#child = child;
  }

  static async start(lines: readonly string[]): Promise<Snmpd> {
    const folder = mkdtempSync(join(tmpdir(), 'ascribe-snmpd-'));
    const port = await freePort();
    writeFileSync(join(folder, 'snmpd.conf'), `${lines.join('\n')}\n`, { mode: 0o600 });
    const args = ['-f', '-Lo', '-C', '-c', join(folder, 'snmpd.conf'), '-p', join(folder, 'pid'), '-m', ''];
    const env = { ...process.env, SNMP_PERSISTENT_DIR: folder };
    const child = spawn(SNMPD, [...args, `udp:127.0.0.1:${port}`], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    await new Promise<void>((resolve, reject) => {
      let output = '';
      const timer = setTimeout(() => reject(new Error(`snmpd did not start: ${output}`)), 15_000);
      const listen = (chunk: Buffer): void => {
        output += chunk.toString();
        if (!output.includes('NET-SNMP version')) return;
        clearTimeout(timer);
        resolve();
      };
      child.stdout?.on('data', listen);
      child.stderr?.on('data', listen);
      child.once('exit', (code) => reject(new Error(`snmpd ended with ${code}: ${output}`)));
    });
    return new Snmpd(port, folder, child);
  }

  async stop(): Promise<void> {
    const { exitCode } = this.#child;
    if (exitCode === null) {
      const ended = new Promise((resolve) => {
        this.#child.removeAllListeners('exit').once('exit', resolve);
      });
      this.#child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Runs a tool of net-snmp with a state folder of its own and returns its output. */
async function runTool(tool: string, args: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ascribe-snmp-'));
  try {
    const env = { ...process.env, SNMP_PERSISTENT_DIR: folder, MIBS: '' };
    const options = { env, timeout: 60_000, maxBuffer: 2 ** 26, encoding: 'latin1' } as const;
    return (await promisify(execFile)(join(TOOLS, tool), [...args], options)).stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `snmpbulkwalk` reads below a root, in our form. */
export async function bulkwalk(who: readonly string[], port: number, root: string): Promise<SnmpVarbind[]> {
  const output = await runTool('snmpbulkwalk', ['-m', '', '-OnxteU', ...who, `127.0.0.1:${port}`, root]);
  return output.split(/\n(?=\.1\.)/).flatMap((line) => varbindOfLine(line.trimEnd()));
}

function varbindOfLine(line: string): SnmpVarbind[] {
  const match = /^\.([\d.]+) = (?:([A-Za-z0-9-]+|Network Address): ?)?([^]*)$/.exec(line);
  if (match === null || line.includes('No Such') || line.includes('No more variables')) return [];
  const [, oid = '', type, text = ''] = match;
  switch (type) {
    case 'INTEGER':
      return [[oid, SNMP_TAG.integer, Number(text)]];
    case 'Counter32':
      return [[oid, SNMP_TAG.counter32, Number(text)]];
    case 'Gauge32':
      return [[oid, SNMP_TAG.gauge32, Number(text)]];
    case 'Counter64':
      return [[oid, SNMP_TAG.counter64, text]];
    case 'OID':
      return [[oid, SNMP_TAG.oid, text.replace(/^\./, '')]];
    case 'IpAddress':
      return [[oid, SNMP_TAG.ipAddress, text]];
    case 'Hex-STRING':
      return [[oid, SNMP_TAG.octetString, text.replaceAll(/\s/g, '').toLowerCase()]];
    case undefined:
      if (text === '""') return [[oid, SNMP_TAG.octetString, '']];
      return [[oid, SNMP_TAG.timeTicks, Number(text)]];
    default:
      throw new Error(`cannot read ${line}`);
  }
}

const SNMPSIMD = '/usr/bin/snmpsimd';

/** Recorded agents, one `.snmprec.bz2` each; beside the repository, so absent elsewhere. */
const RECORDINGS = join(__dirname, '../../../../shared/data/snmp');

/** Names of the recorded agents that can be served here; none when a piece is missing. */
export const recordedAgents: readonly string[] =
  strangersHere && existsSync(SNMPSIMD) && existsSync('/usr/bin/bunzip2') && existsSync(RECORDINGS)
    ? readdirSync(RECORDINGS).flatMap((name) => (name.endsWith('.snmprec.bz2') ? [name.slice(0, -12)] : []))
    : [];

/** snmpsim (Debian package) serving recordings; the community is the recording's name. */
export class Snmpsim {
  readonly port: number;
  readonly #folder: string;
  readonly #child: ChildProcess;

  private constructor(port: number, folder: string, child: ChildProcess) {
    this.port = port;
    this.#folder = folder;
    this.#child = child;
  }

  static async start(names: readonly string[]): Promise<Snmpsim> {
    const folder = mkdtempSync(join(tmpdir(), 'ascribe-snmpsim-'));
    for (const name of names) {
      const recording = execFileSync('/usr/bin/bunzip2', ['-c', join(RECORDINGS, `${name}.snmprec.bz2`)], {
        maxBuffer: 2 ** 28,
      });
      writeFileSync(join(folder, `${name}.snmprec`), recording);
    }
    // Started by root it wants another user, who writes its index here.
    chmodSync(folder, 0o777);
    const port = await freePort();
    const user = process.getuid?.() === 0 ? ['--process-user=nobody', '--process-group=nogroup'] : [];
    const args = [`--data-dir=${folder}`, `--cache-dir=${join(folder, 'cache')}`, '--v2c-arch', ...user];
    // It writes every varbind to its log, which is a hundred times slower than answering.
    const child = spawn(SNMPSIMD, [...args, '--logging-method=null', `--agent-udpv4-endpoint=127.0.0.1:${port}`], {
      stdio: 'ignore',
    });
    return new Snmpsim(port, folder, child);
  }

  /** Whether it is still running; it answers some seconds after its start. */
  get running(): boolean {
    return this.#child.exitCode === null;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      const ended = new Promise((resolve) => {
        this.#child.once('exit', resolve);
      });
      this.#child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
