import { spawn, spawnSync, type ChildProcess } from 'node:child_process';

/**
 * Three hosts on one machine: a client and a server in networks of their own, joined by a router. Network namespaces
 * that the test makes and removes; nothing leaves them.
 */
export class RoutedNetwork {
  readonly client: string;
  readonly router: string;
  readonly server: string;
  static readonly clientAddresses = ['10.77.1.10', '10.77.1.11'] as const;
  static readonly serverAddress = '203.0.113.10';
  /** The router's interface towards the client. */
  static readonly meteredInterface = 'r0';
  readonly #children: ChildProcess[] = [];

  constructor(prefix: string) {
    this.client = `${prefix}-c`;
    this.router = `${prefix}-r`;
    this.server = `${prefix}-s`;
  }

  create(): void {
    this.remove();
    const { client, router, server } = this;
    for (const name of [client, router, server]) run('ip', 'netns', 'add', name);
    run('ip', 'link', 'add', 'c0', 'netns', client, 'type', 'veth', 'peer', 'name', 'r0', 'netns', router);
    run('ip', 'link', 'add', 's0', 'netns', server, 'type', 'veth', 'peer', 'name', 'r1', 'netns', router);
    for (const address of RoutedNetwork.clientAddresses) {
      run('ip', '-n', client, 'addr', 'add', `${address}/24`, 'dev', 'c0');
    }
    run('ip', '-n', router, 'addr', 'add', '10.77.1.1/24', 'dev', 'r0');
    run('ip', '-n', server, 'addr', 'add', `${RoutedNetwork.serverAddress}/24`, 'dev', 's0');
    run('ip', '-n', router, 'addr', 'add', '203.0.113.1/24', 'dev', 'r1');
    const links = [
      [client, 'lo'],
      [router, 'lo'],
      [server, 'lo'],
      [client, 'c0'],
      [router, 'r0'],
      [router, 'r1'],
      [server, 's0'],
    ] as const;
    for (const [name, link] of links) run('ip', '-n', name, 'link', 'set', link, 'up');
    run('ip', '-n', client, 'route', 'add', 'default', 'via', '10.77.1.1');
    run('ip', '-n', server, 'route', 'add', 'default', 'via', '203.0.113.1');
    run('ip', 'netns', 'exec', router, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
  }

  remove(): void {
    for (const child of this.#children.splice(0)) child.kill('SIGKILL');
    for (const name of [this.client, this.router, this.server]) spawnSync('ip', ['netns', 'del', name]);
  }

  /** Starts a program inside a namespace; it is killed by `remove` at the latest. */
  spawn(namespace: string, command: string, args: readonly string[], onOutput?: (text: string) => void): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', namespace, command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => onOutput?.(data.toString()));
    this.#children.push(child);
    return child;
  }

  exec(namespace: string, command: string, args: readonly string[]): string {
    return run('ip', 'netns', 'exec', namespace, command, ...args);
  }
}

/** Whether this machine lets us make network namespaces, and has every program named. */
export function canRunInNamespaces(...programs: readonly string[]): boolean {
  if (process.getuid?.() !== 0) return false;
  if (programs.some((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)) return false;
  const probe = spawnSync('ip', ['netns', 'add', 'ascribe-probe']);
  spawnSync('ip', ['netns', 'del', 'ascribe-probe']);
  return probe.status === 0;
}

function run(command: string, ...args: readonly string[]): string {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}
