import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ESXI_COMMANDS, type EsxiCommandName } from '../../../collectors/ssh/commands/esxi.data';
import { esxcliAnswer, plainAnswer } from './esxi-answers';
import { formatAnswer, type EsxcliFormat } from './esxcli-format';
import { RELEASES, type EsxiHost } from './esxi-world';
import { allVms, guestInfo, netStats } from './vim-answers';

const SSHD = ['/usr/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path));
const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path));

/** OpenSSH's server, busybox, and the right to make a mount namespace. */
export const CAN_SERVE =
  SSHD !== undefined &&
  BUSYBOX !== undefined &&
  spawnSync('unshare', ['-m', 'true'], { stdio: 'ignore' }).status === 0 &&
  process.getuid?.() === 0;

const FORMATS: readonly EsxcliFormat[] = ['csv', 'json', 'xml', 'table'];

/**
 * SIMULATED ESXi host behind a real OpenSSH server with the settings of ESXi (AES only, ECDSA and RSA host keys, no
 * forwarding) and busybox as its shell: what the collector sends is run by a real shell. `esxcli` and its like are scripts
 * that print what was rendered from the world. Its log directory is read-only for whoever logs in.
 */
export class OpensshHost {
  readonly folder = mkdtempSync(join(tmpdir(), 'ascribe-esxi-'));
  /** What is `/var/run/log` on the host; written to from outside. */
  readonly logs = join(this.folder, 'log');
  readonly #answers = join(this.folder, 'answers');
  readonly #bin = join(this.folder, 'bin');
  #child: ChildProcess | undefined;
  #output = '';

  constructor(host: EsxiHost) {
    for (const folder of [this.logs, this.#answers, this.#bin]) mkdirSync(folder);
    this.#writeKeys();
    this.#writeAnswers(host);
    this.#writeTools(host);
  }

  /** Private key of the account, OpenSSH form. */
  get userKey(): string {
    return readFileSync(join(this.folder, 'user'), 'utf8');
  }

  /** Public host keys, as for known_hosts. */
  get publicKeys(): readonly string[] {
    return ['ecdsa', 'rsa'].map((type) => readFileSync(join(this.folder, `${type}.pub`), 'utf8').trim());
  }

  /** Every line that the server was sent. */
  get commands(): readonly string[] {
    const file = join(this.folder, 'commands');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  }

  /** Hash over names and contents of all that the account could reach: tools, answers, logs. */
  treeHash(): string {
    const list = 'find log answers bin -type f -o -type l | sort | xargs sha256sum | sha256sum';
    return execFileSync('/bin/sh', ['-c', list], { cwd: this.folder, encoding: 'utf8' });
  }

  async start(port: number): Promise<void> {
    this.#writeConfig(port);
    const script = [
      'mount -t tmpfs none /run',
      'mkdir -p /run/log /run/sshd',
      `mount --bind ${this.logs} /run/log`,
      'mount -o remount,ro,bind /run/log',
      `exec ${SSHD} -D -e -f ${join(this.folder, 'sshd_config')}`,
    ].join(' && ');
    const child = spawn('unshare', ['-m', '/bin/sh', '-c', script], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error(`sshd ended: ${this.#output}`)));
      child.stderr.on('data', (data: Buffer) => {
        this.#output += data.toString();
        if (this.#output.includes('Server listening')) resolve();
      });
    });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child !== undefined && child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  #writeKeys(): void {
    const make = (name: string, ...args: readonly string[]): void =>
      void execFileSync('ssh-keygen', ['-q', '-N', '', '-f', join(this.folder, name), ...args]);
    make('ecdsa', '-t', 'ecdsa', '-b', '256');
    make('rsa', '-t', 'rsa', '-b', '2048');
    make('user', '-t', 'ed25519');
  }

  #writeConfig(port: number): void {
    const at = (name: string): string => join(this.folder, name);
    const lines = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${at('rsa')}`,
      `HostKey ${at('ecdsa')}`,
      `AuthorizedKeysFile ${at('user.pub')}`,
      `ForceCommand ${at('run')}`,
      'Ciphers aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes192-ctr,aes128-ctr',
      'PermitRootLogin prohibit-password',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      // Or bash would read the start-up file of whoever runs the tests.
      'SetEnv SHLVL=2',
      'StrictModes no',
      'AllowTcpForwarding no',
      'PermitTunnel no',
      'X11Forwarding no',
      'ClientAliveInterval 200',
      'ClientAliveCountMax 3',
      'PidFile none',
      'LogLevel INFO',
    ];
    writeFileSync(at('sshd_config'), `${lines.join('\n')}\n`);
  }

  /** One file for each line that esxcli, vim-cmd and net-stats can be asked, named as the scripts look for it. */
  #writeAnswers(host: EsxiHost): void {
    const put = (tool: string, args: string, content: string): void =>
      writeFileSync(join(this.#answers, `${tool}_${args.replaceAll(/[^A-Za-z0-9.=-]/gu, '_')}`), content);
    for (const [command, { line }] of Object.entries(ESXI_COMMANDS)) {
      if (!line.startsWith('esxcli ')) continue;
      for (const parameters of parametersOf(line, host)) {
        for (const format of FORMATS) {
          const content = contentOf(host, command as EsxiCommandName, parameters, format);
          const formatter = format === 'table' ? '' : `--formatter=${format} `;
          const args = line
            .replace('esxcli {formatter}', formatter)
            .replaceAll(/\{(\w+)\}/gu, (_, name: string) => parameters[name] ?? '');
          if (content !== undefined) put('esxcli', args, content);
        }
      }
    }
    put('vim-cmd', 'vmsvc/getallvms', allVms(host));
    for (const vm of host.vms) {
      if (vm.vmid !== undefined) put('vim-cmd', `vmsvc/get.guest ${vm.vmid}`, guestInfo(vm, vm.vmid).text);
    }
    put('net-stats', '-l', netStats(host));
  }

  #writeTools(host: EsxiHost): void {
    const script = (path: string, ...lines: readonly string[]): void => {
      writeFileSync(path, `#!${BUSYBOX} sh\n${lines.join('\n')}\n`);
      chmodSync(path, 0o755);
    };
    const { full, build } = RELEASES[host.version];
    for (const tool of ['esxcli', 'vim-cmd', 'net-stats']) {
      script(
        join(this.#bin, tool),
        `name=${tool}_$(printf '%s' "$*" | sed 's/[^A-Za-z0-9.=-]/_/g')`,
        `[ -f ${this.#answers}/"$name" ] || { echo 'Error: Unknown command or namespace'; exit 1; }`,
        `exec cat ${this.#answers}/"$name"`,
      );
    }
    script(join(this.#bin, 'vmware'), `echo 'VMware ESXi ${full} build-${build}'`);
    script(join(this.#bin, 'uname'), `echo 'VMkernel ${host.name} ${full} #1 SMP Release build-${build} x86_64 ESXi'`);
    for (const applet of ['sh', 'stat', 'dd', 'date', 'cat', 'sed', 'busybox']) {
      symlinkSync(BUSYBOX!, join(this.#bin, applet));
    }
    // Each line is kept, and then run as a login shell would, with nothing else on the path.
    script(
      join(this.folder, 'run'),
      `printf '%s\\n' "$SSH_ORIGINAL_COMMAND" >>${this.folder}/commands`,
      `exec env -i PATH=${this.#bin} ${BUSYBOX} sh -c "$SSH_ORIGINAL_COMMAND"`,
    );
  }
}

function parametersOf(line: string, host: EsxiHost): readonly Readonly<Record<string, string>>[] {
  if (line.includes('{netstack}')) return host.netstacks.map((netstack) => ({ netstack }));
  if (line.includes('{world}')) return host.vms.map(({ worldId }) => ({ world: String(worldId) }));
  return [{}];
}

function contentOf(
  host: EsxiHost,
  command: EsxiCommandName,
  parameters: Readonly<Record<string, string>>,
  format: EsxcliFormat,
): string | undefined {
  const plain = plainAnswer(host, command, Date.now());
  if (plain !== undefined) return format === 'json' ? `"${plain.trim()}"\n` : plain;
  const answer = esxcliAnswer(host, command, parameters, Date.now());
  return answer && formatAnswer(answer, format);
}
