import { createSocket, type Socket } from 'node:dgram';
import { setTimeout as delay } from 'node:timers/promises';
import type { Site } from '../site';
import type { Arrival } from '../faults';
import { siteAgents } from '../telemetry/snmp-agents';
import { LOGIN, startHosts, type LiveHost } from './esxi-hosts';
import { speakers } from './site-config';
import { SnmpResponder } from './snmp-responder';

/** Where the collector listens. */
export interface Collector {
  readonly flowPort: number;
  readonly syslogPort: number;
}

interface SiteClock {
  epoch: number;
}

export interface PlayOptions {
  readonly epoch: number;
  readonly collector: Collector;
  /** Called some times a second with site time, ms. */
  readonly onProgress?: (siteTime: number) => void;
  readonly signal?: AbortSignal;
}

/** Secrets of a live site. */
export const SECRETS = { community: 'public', password: LOGIN.password } as const;

/** References by which a configuration names the secrets. */
export type SecretNames = Readonly<Record<keyof typeof SECRETS, string>>;

/** What went out. */
export interface Played {
  readonly datagrams: number;
}

const TICK_MS = 40;

/**
 * The devices of a site on loopback: each sends from an address of its own out of 127.0.0.0/8, and those with an SNMP agent
 * answer on it. Times are true: site time 0 is the epoch that `play` is given; agents tell of site time 0 until then. Linux
 * alone lets any process use all of 127.0.0.0/8.
 */
export class LiveSite {
  readonly #site: Site;
  readonly #responders: readonly (readonly [device: string, responder: SnmpResponder])[];
  readonly #hosts: readonly LiveHost[];
  readonly #sockets = new Map<string, Socket>();
  readonly #clock: SiteClock;

  private constructor(
    site: Site,
    clock: SiteClock,
    responders: readonly (readonly [string, SnmpResponder])[],
    hosts: readonly LiveHost[],
  ) {
    this.#site = site;
    this.#clock = clock;
    this.#responders = responders;
    this.#hosts = hosts;
  }

  static async open(site: Site): Promise<LiveSite> {
    const clock: SiteClock = { epoch: Number.POSITIVE_INFINITY };
    const now = (): number => Math.min(site.duration, Math.max(0, Date.now() - clock.epoch));
    const responders: (readonly [string, SnmpResponder])[] = [];
    for (const { device, ip, view } of siteAgents(site)) {
      responders.push([device, await SnmpResponder.open(loopbackOf(ip), () => view(now()))]);
    }
    return new LiveSite(site, clock, responders, await startHosts(site, now));
  }

  /** Configuration of a collector for this site, as JSON, which is YAML. `secrets` name those of `SECRETS`. */
  configuration({ flowPort, syslogPort }: Collector, secrets: SecretNames): string {
    const agents = new Map(siteAgents(this.#site).map((agent) => [agent.device, agent]));
    const devices = this.#responders.map(([name, responder]) => ({
      name,
      address: loopbackOf(agents.get(name)?.ip ?? ''),
      port: responder.port,
      class: agents.get(name)?.deviceClass,
      credential: 'site',
      periods: { vmwVmTable: 10, vmwVmNetTable: 10, ipNetToMediaTable: 10, ipNetToPhysicalTable: 10 },
    }));
    return JSON.stringify(
      {
        home_networks: this.#site.homeNetworks,
        devices: [...speakers(this.#site)].map(([name, ip]) => ({ name, addresses: [loopbackOf(ip)] })),
        collectors: {
          netflow: [{ listen: [`127.0.0.1:${flowPort}`] }],
          syslog: [{ udp: [`127.0.0.1:${syslogPort}`], tcp: [] }],
          snmp: [
            { credentials: [{ name: 'site', version: 'v2c', community: secrets.community }], devices, start_spread: 0 },
          ],
          ssh: [this.#ssh(secrets.password)],
        },
        journal: { reserve_bytes: '0B' },
      },
      null,
      1,
    );
  }

  #ssh(password: string): object {
    const devices = this.#hosts.map(({ name, port, hostKey }) => ({
      name,
      address: '127.0.0.1',
      port,
      platform: 'esxi',
      credential: 'site',
      host_keys: [hostKey],
      logs: false,
      periods: { connection_list: 2, vm_process_list: 10, net_stats: 10 },
    }));
    return { credentials: [{ name: 'site', user: LOGIN.user, password }], devices, start_spread: 0 };
  }

  /** Sends everything at its time, `epoch` being that of site time 0; resolves after the last. */
  async play(arrived: readonly Arrival[], { epoch, collector, onProgress, signal }: PlayOptions): Promise<Played> {
    this.#clock.epoch = epoch;
    const ports = { flow: collector.flowPort, syslog: collector.syslogPort };
    let datagrams = 0;
    let next = 0;
    while (next < arrived.length) {
      signal?.throwIfAborted();
      const now = Date.now() - epoch;
      for (let one = arrived[next]; one !== undefined && one.at <= now; one = arrived[++next]) {
        const { format, from, bytes, stream } = one.emission;
        if (format !== 'flow' && format !== 'syslog') continue;
        await this.#send(await this.#socketOf(from, stream), bytes, ports[format]);
        datagrams++;
      }
      onProgress?.(Math.max(0, Math.min(now, this.#site.duration)));
      if (next < arrived.length) await delay(TICK_MS);
    }
    return { datagrams };
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.values()) socket.close();
    for (const [, responder] of this.#responders) await responder.close();
    for (const host of this.#hosts) await host.stop();
  }

  /** Every stream of a device has a socket of its own, as exporting processes have. */
  async #socketOf(from: string, stream: string): Promise<Socket> {
    const key = `${from} ${stream}`;
    let socket = this.#sockets.get(key);
    if (socket === undefined) {
      socket = createSocket('udp4');
      this.#sockets.set(key, socket);
      const opened = socket;
      await new Promise<void>((resolve, reject) => {
        opened.once('error', reject);
        opened.bind(0, loopbackOf(from), resolve);
      });
    }
    return socket;
  }

  #send(socket: Socket, bytes: Buffer, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      socket.send(bytes, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
    });
  }
}

/** The address on loopback from which a device of the site speaks. */
export function loopbackOf(ip: string): string {
  return `127.${ip.split('.').slice(1).join('.')}`;
}
