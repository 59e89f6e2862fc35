import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A small site in network namespaces: VMs and a monitoring host on one bridge of a Linux gateway, behind whose only public
 * address and only public port everything is. Nothing leaves the namespaces, and `remove` takes all of it away.
 *
 *     vm1, vm2, mon -- br0 [gw: DHCP, SNMP, netfilter] r1 -- s0 [net: TLS servers]
 */
export class GatewayNetwork {
  static readonly gateway = '10.77.1.1';
  static readonly monitor = '10.77.1.5';
  static readonly outside = '203.0.113.1';
  /** The one port of the gateway's address that translated connections get: each takes it over from the one before. */
  static readonly outsidePort = 40_000;
  static readonly servers = ['203.0.113.10', '203.0.113.11', '203.0.113.12', '203.0.113.13'] as const;
  static readonly vms = [
    { namespace: 'vm1', mac: '00:0c:29:00:00:01' },
    { namespace: 'vm2', mac: '00:0c:29:00:00:02' },
  ] as const;
  readonly #prefix: string;
  readonly #children: ChildProcess[] = [];

  constructor(
    prefix: string,
    readonly folder: string,
  ) {
    this.#prefix = prefix;
  }

  create(): void {
    this.remove();
    for (const name of NAMESPACES) run('ip', 'netns', 'add', this.name(name));
    this.#ip('gw', 'link', 'add', 'br0', 'type', 'bridge');
    for (const { namespace, mac } of GatewayNetwork.vms) this.#plug(namespace, mac);
    this.#plug('mon', '00:0c:29:00:00:05');
    run(...['ip', 'link', 'add', 's0', 'netns', this.name('net'), 'type', 'veth'], ...this.#peer('r1'));
    this.#ip('gw', 'addr', 'add', `${GatewayNetwork.gateway}/24`, 'dev', 'br0');
    this.#ip('gw', 'addr', 'add', `${GatewayNetwork.outside}/24`, 'dev', 'r1');
    this.#ip('mon', 'addr', 'add', `${GatewayNetwork.monitor}/24`, 'dev', 'eth0');
    for (const server of GatewayNetwork.servers) this.#ip('net', 'addr', 'add', `${server}/24`, 'dev', 's0');
    for (const name of NAMESPACES) this.#ip(name, 'link', 'set', 'lo', 'up');
    for (const link of ['br0', 'r1']) this.#ip('gw', 'link', 'set', link, 'up');
    this.#ip('net', 'link', 'set', 's0', 'up');
    this.#translate();
  }

  remove(): void {
    for (const child of this.#children.splice(0)) child.kill('SIGKILL');
    for (const name of NAMESPACES) {
      const { stdout } = spawnSync('ip', ['netns', 'pids', this.name(name)], { encoding: 'utf8' });
      for (const pid of (stdout ?? '').split('\n').filter(Boolean)) killQuietly(Number(pid));
      spawnSync('ip', ['netns', 'del', this.name(name)]);
    }
  }

  name(namespace: string): string {
    return `${this.#prefix}-${namespace}`;
  }

  /** Starts a program inside a namespace; it is killed by `remove` at the latest. */
  spawn(namespace: string, command: string, args: readonly string[], onOutput?: (text: string) => void): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.name(namespace), command, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => onOutput?.(data.toString()));
    this.#children.push(child);
    return child;
  }

  exec(namespace: string, command: string, args: readonly string[]): string {
    return run('ip', 'netns', 'exec', this.name(namespace), command, ...args);
  }

  /**
   * Starts a shell script in the gateway with a `/dev` of its own, so that a syslogd of its own can listen at `/dev/log` and
   * forward to the monitoring host, as gateways do.
   */
  spawnWithSyslog(script: string, port: number, onOutput?: (text: string) => void): ChildProcess {
    const file = join(this.folder, 'gateway.sh');
    const devices = [
      ['null', 3],
      ['zero', 5],
      ['random', 8],
      ['urandom', 9],
    ] as const;
    const nodes = devices.map(([name, minor]) => `mknod -m 666 /dev/${name} c 1 ${minor}`).join('\n');
    const syslogd = `busybox syslogd -n -R ${GatewayNetwork.monitor}:${port} &\nuntil [ -S /dev/log ]; do busybox usleep 20000; done`;
    writeFileSync(file, `set -e\nmount -t tmpfs tmpfs /dev\n${nodes}\n${syslogd}\n${script}\n`);
    return this.spawn('gw', 'unshare', ['-m', 'sh', file], onOutput);
  }

  /** Lets a VM ask for its address; resolves to it when it has one. */
  lease(namespace: string): string {
    const script = join(this.folder, 'udhcpc.sh');
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(
      script,
      '#!/bin/sh\n[ "$1" = bound ] || [ "$1" = renew ] || exit 0\n' +
        'ip addr flush dev $interface; ip addr add $ip/24 dev $interface; ip route replace default via $router\n',
      { mode: 0o755 },
    );
    const wait = ['-t', '30', '-T', '1', '-n', '-q', '-f'];
    this.exec(namespace, 'busybox', ['udhcpc', '-i', 'eth0', ...wait, '-s', script, '-x', `hostname:${namespace}`]);
    const [link] = JSON.parse(this.exec(namespace, 'ip', ['-j', '-4', 'addr', 'show', 'dev', 'eth0'])) as {
      addr_info: { local: string }[];
    }[];
    return link?.addr_info[0]?.local ?? '';
  }

  #plug(namespace: string, mac: string): void {
    const bridged = `p-${namespace}`;
    run(
      'ip',
      'link',
      'add',
      'eth0',
      'address',
      mac,
      'netns',
      this.name(namespace),
      'type',
      'veth',
      ...this.#peer(bridged),
    );
    this.#ip('gw', 'link', 'set', bridged, 'master', 'br0', 'up');
    this.#ip(namespace, 'link', 'set', 'eth0', 'up');
  }

  #peer(link: string): string[] {
    return ['peer', 'name', link, 'netns', this.name('gw')];
  }

  #ip(namespace: string, ...args: readonly string[]): void {
    run('ip', '-n', this.name(namespace), ...args);
  }

  /** Masquerading to one port; what has ended is forgotten soon, so that the port is free for the next connection. */
  #translate(): void {
    const rules = join(this.folder, 'rules.nft');
    writeFileSync(
      rules,
      `table ip nat {
  chain post {
    type nat hook postrouting priority 100
    oifname "r1" ip protocol tcp masquerade to :${GatewayNetwork.outsidePort}
  }
}
`,
    );
    this.exec('gw', 'nft', ['-f', rules]);
    const timeouts = ['time_wait', 'close', 'close_wait', 'last_ack', 'fin_wait'].map(
      (state) => `net.netfilter.nf_conntrack_tcp_timeout_${state}=1`,
    );
    const counted = ['net.netfilter.nf_conntrack_acct=1', 'net.netfilter.nf_conntrack_timestamp=1'];
    this.exec('gw', 'sysctl', ['-qw', 'net.ipv4.ip_forward=1', ...counted, ...timeouts]);
  }
}

/** Whether the kernel lets us translate addresses, track connections and make devices in namespaces of our own. */
export function canTranslate(): boolean {
  const rule = 'nft add rule ip t p tcp dport 1 masquerade to :40000';
  const chain = "nft add chain ip t p '{ type nat hook postrouting priority 100; }'";
  const tracking = 'sysctl -q net.netfilter.nf_conntrack_acct && conntrack -L';
  const devices = 'mount -t tmpfs tmpfs /dev && mknod /dev/null c 1 3';
  const probe = `nft add table ip t && ${chain} && ${rule} && ${tracking} && ${devices}`;
  return spawnSync('unshare', ['-n', '-m', 'sh', '-c', probe], { stdio: 'ignore' }).status === 0;
}

const NAMESPACES = ['gw', 'vm1', 'vm2', 'mon', 'net'] as const;

function run(command: string, ...args: readonly string[]): string {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
