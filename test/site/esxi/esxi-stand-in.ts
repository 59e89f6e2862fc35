import type { ServerChannel } from 'ssh2';
import { ESXI_COMMANDS, type EsxiCommandName } from '../../../collectors/ssh/commands/esxi.data';
import { AllowedLines } from '../ssh/allowed-lines';
import { FaultSshServer, finish, type LoginRules } from '../ssh/fault-ssh-server';
import { esxcliAnswer, plainAnswer } from './esxi-answers';
import { formatAnswer, type EsxcliFormat } from './esxcli-format';
import { RELEASES, type EsxiHost } from './esxi-world';
import { loginLines } from './log-lines';
import { LogVolume } from './log-volume';
import { allVms, guestInfo, netStats, vmxText } from './vim-answers';

export interface StandInOptions {
  /** The host as it is at this moment. */
  readonly host: () => EsxiHost;
  readonly login?: LoginRules;
  /** Right time, epoch ms; `Date.now` when absent. */
  readonly now?: () => number;
  /** By how much the host's clock is ahead, ms. May change. */
  readonly skew?: () => number;
  readonly hostKeys?: readonly string[];
  readonly banner?: string;
  readonly maxSessions?: number;
  /** Whether our own logins are written into its logs, as hosts do. */
  readonly footprint?: boolean;
  /** Called instead of answering when it returns true: for faults. */
  readonly intercept?: (command: EsxiCommandName, line: string, channel: ServerChannel) => boolean;
  /** Forms that `esxcli --formatter` knows; 6.7 has no JSON. */
  readonly formats?: readonly EsxcliFormat[];
}

/** What a host of the tests answers, and what it was sent. */
interface Answer {
  readonly stdout: string | Buffer;
  readonly exit: number;
  readonly stderr: string;
}

const LINES = new AllowedLines(ESXI_COMMANDS);
const done = (stdout: string | Buffer, exit = 0, stderr = ''): Answer => ({ stdout, exit, stderr });

/** Applets that esxi.md section 3.1 lists. */
const APPLETS =
  'awk cat cut date dd diff du find grep gunzip gzip head hexdump kill ls md5sum mkfifo more nohup od printf readlink sed sha1sum sha256sum sha512sum sort stat tail tar tee timeout touch uniq vi wc wget xargs zcat';

/**
 * SIMULATED ESXi host: an SSH server that answers the commands of the collector's table from a world, and log files that
 * rotate. It has nothing that could be written to; a line that is not in the table is kept in `refused` and fails.
 */
export class EsxiStandIn {
  readonly volume: LogVolume;
  readonly server: FaultSshServer;
  /** Lines that no entry of the table allows. A test fails when there is one. */
  readonly refused: string[] = [];
  readonly #options: StandInOptions;
  #events = 100;

  constructor(options: StandInOptions) {
    this.#options = options;
    this.volume = new LogVolume(() => this.clock());
    const { login = { user: 'ascribe', password: 'right horse' }, hostKeys, banner, maxSessions } = options;
    this.server = new FaultSshServer({
      login,
      exec: (line, channel) => this.#exec(line, channel),
      loggedIn: (user, address, port) => this.#loggedIn(user, address, port),
      ...(hostKeys !== undefined && { hostKeys }),
      ...(banner !== undefined && { banner }),
      ...(maxSessions !== undefined && { maxSessions }),
    });
  }

  get port(): number {
    return this.server.port;
  }

  /** The host's own clock, epoch ms. */
  clock(): number {
    const { now = Date.now, skew } = this.#options;
    return now() + (skew?.() ?? 0);
  }

  async start(): Promise<this> {
    await this.server.start();
    return this;
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  /** Appends lines to a log below `/var/run/log`. */
  log(file: string, ...lines: readonly string[]): void {
    this.volume.append(`/var/run/log/${file}`, `${lines.join('\n')}\n`);
  }

  #loggedIn(user: string, address: string, port: number): void {
    if (this.#options.footprint !== true) return;
    this.#events += 1;
    const { version } = this.#options.host();
    const written = loginLines(version, this.clock(), { user, address, port, event: this.#events });
    this.log('auth.log', ...written.auth);
    this.log('vobd.log', ...written.vobd);
    this.log('hostd.log', ...written.hostd);
  }

  #exec(line: string, channel: ServerChannel): void {
    const allowed = LINES.match(line);
    if (allowed === undefined) {
      this.refused.push(line);
      finish(channel, '', 127, `sh: ${line}: not allowed\n`);
      return;
    }
    const command = allowed.command as EsxiCommandName;
    if (this.#options.intercept?.(command, line, channel) === true) return;
    const { stdout, exit, stderr } = this.#answer(command, allowed.parameters, line);
    finish(channel, stdout, exit, stderr);
  }

  #answer(command: EsxiCommandName, parameters: Readonly<Record<string, string>>, line: string): Answer {
    const host = this.#options.host();
    const name: string = command;
    switch (name) {
      case 'probe':
        return done(this.#probe(host));
      case 'net_stats':
        return done(netStats(host));
      case 'all_vms':
        return done(allVms(host));
      case 'guest_info':
        return this.#guests(host, parameters['vmids'] ?? '');
      case 'vmx_file': {
        const vm = host.vms.find(({ vmx }) => vmx === parameters['path']);
        return vm === undefined ? this.#noFile(parameters['path']!) : done(vmxText(vm), 0, '0+1 records in\n');
      }
      case 'log_stat':
        return this.#stat(`${Math.floor(this.clock() / 1000)}\n`, (parameters['paths'] ?? '').split('\n'));
      case 'log_generations':
        return this.#generations(parameters['stem'] ?? '');
      case 'log_blocks': {
        const { stdout, exit, stderr } = this.#dd(parameters);
        const after = this.#stat('', [parameters['path']!]);
        return done(Buffer.concat([Buffer.from(stdout), Buffer.from(after.stdout)]), exit || after.exit, stderr);
      }
      case 'log_read': {
        const blocks = this.#dd(parameters);
        const head = this.#dd({ path: parameters['path']!, block: parameters['head']!, skip: '0', count: '1' });
        return done(Buffer.concat([Buffer.from(blocks.stdout), Buffer.from(head.stdout)]), head.exit, head.stderr);
      }
      default:
        return this.#esxcli(host, command, parameters, line);
    }
  }

  #probe(host: EsxiHost): string {
    const { full, build } = RELEASES[host.version];
    return [
      `===UNAME===\nVMkernel ${host.name} ${full} #1 SMP Release build-${build} x86_64 x86_64 x86_64 ESXi`,
      `===VERSION===\nVMware ESXi ${full} build-${build}`,
      `===DATE===\n${Math.floor(this.clock() / 1000)}`,
      `===APPLETS===\n${APPLETS.replaceAll(' ', '\n')}\n`,
    ].join('\n');
  }

  #esxcli(
    host: EsxiHost,
    command: EsxiCommandName,
    parameters: Readonly<Record<string, string>>,
    line: string,
  ): Answer {
    const format = (/--formatter=(\w+)/u.exec(line)?.[1] ?? 'table') as EsxcliFormat;
    const { formats = host.version === '6.7' ? ['csv', 'xml', 'table', 'keyvalue'] : ['csv', 'xml', 'json', 'table'] } =
      this.#options;
    if (!formats.includes(format)) return done(`Invalid value for --formatter: ${format}\n`, 1);
    const plain = plainAnswer(host, command, this.clock());
    if (plain !== undefined) return done(format === 'json' ? `"${plain.trim()}"\n` : plain);
    const answer = esxcliAnswer(host, command, parameters, this.clock());
    if (answer === undefined) return done('Error: Unknown command or namespace\n', 1);
    return done(formatAnswer(answer, format));
  }

  #guests(host: EsxiHost, vmids: string): Answer {
    const answers = vmids.split(' ').map((text) => {
      const vmid = Number(text);
      const answer = guestInfo(
        host.vms.find((vm) => vm.vmid === vmid),
        vmid,
      );
      return { ...answer, text: `===VM===${vmid}\n${answer.text}` };
    });
    return done(answers.map(({ text }) => text).join(''), answers.at(-1)?.found === true ? 0 : 1);
  }

  #stat(before: string, paths: readonly string[]): Answer {
    const lines: string[] = [];
    const missing: string[] = [];
    for (const path of paths) {
      const stat = this.volume.stat(path);
      if (stat === undefined) missing.push(`stat: cannot stat '${path}': No such file or directory\n`);
      else lines.push(`${stat}\n`);
    }
    return done(before + lines.join(''), missing.length > 0 ? 1 : 0, missing.join(''));
  }

  #generations(stem: string): Answer {
    const found = this.volume.paths().filter((path) => path.startsWith(stem) && /^[.-]/u.test(path.slice(stem.length)));
    return this.#stat('', found.length > 0 ? found : [`${stem}[.-]*`]);
  }

  #dd(parameters: Readonly<Record<string, string>>): Answer {
    const path = parameters['path'] ?? '';
    const content = this.volume.read(path);
    if (content === undefined) return this.#noFile(path);
    const block = Number(parameters['block']);
    const start = Number(parameters['skip']) * block;
    return done(content.subarray(start, start + Number(parameters['count']) * block), 0, '1+0 records in\n');
  }

  #noFile(path: string): Answer {
    return done('', 1, `dd: can't open '${path}': No such file or directory\n`);
  }
}
