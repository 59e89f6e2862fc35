import { createHash } from 'node:crypto';
import { utils } from 'ssh2';
import { EsxiStandIn } from '../esxi/esxi-stand-in';
import { RELEASES, type EsxiHost, type EsxiSocket, type EsxiVm } from '../esxi/esxi-world';
import { newHostKey } from '../ssh/fault-ssh-server';
import type { Site } from '../site';
import { addressOf } from '../traffic';
import { at, type TrueHost, type TrueVm } from '../truth';

/** Login of every hypervisor of a site on loopback. */
export const LOGIN = { user: 'ascribe', password: 'site of straw' } as const;

/** A hypervisor of the site as an SSH server on loopback. */
export interface LiveHost {
  readonly name: string;
  readonly port: number;
  /** As `ssh-keygen -lf` prints it. */
  readonly hostKey: string;
  readonly stop: () => Promise<void>;
}

const VERSION = '8.0';
const STACK = 'defaultTcpipStack';

/** Starts an SSH server for each hypervisor; `now` is site time, ms. */
export async function startHosts(site: Site, now: () => number): Promise<LiveHost[]> {
  const hosts: LiveHost[] = [];
  for (const host of site.inventory.hosts) {
    const key = newHostKey();
    const standIn = new EsxiStandIn({ host: () => hostAt(site, host, now()), login: LOGIN, hostKeys: [key] });
    await standIn.start();
    hosts.push({ name: host.name, port: standIn.port, hostKey: fingerprintOf(key), stop: () => standIn.stop() });
  }
  return hosts;
}

function fingerprintOf(privateKey: string): string {
  const key = utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  const digest = createHash('sha256').update(key.getPublicSSH()).digest('base64');
  return `SHA256:${digest.replace(/=+$/u, '')}`;
}

/** The hypervisor as it is at a site time. */
export function hostAt(site: Site, host: TrueHost, time: number): EsxiHost {
  return {
    name: host.name,
    version: VERSION,
    build: RELEASES[VERSION].build,
    uuid: '5f3c1b2a-1111-2222-3333-00112233'.concat(host.mac.replaceAll(':', '').slice(8)),
    bootedAt: site.epoch - 40 * 86_400_000,
    netstacks: [STACK],
    vmkernels: [
      {
        name: 'vmk0',
        mac: host.mac,
        address: host.ip,
        netmask: '255.255.255.0',
        portgroup: 'Management Network',
        vswitch: 'vSwitch0',
        portId: 33_554_436,
        netstack: STACK,
      },
    ],
    neighbours: [{ address: '10.20.0.1', mac: '00:1b:54:00:00:01', vmk: 'vmk0' }],
    sockets: socketsAt(site, host, time),
    vms: site.inventory.vms
      .filter(({ placements }) => at(placements, time)?.host === host.name)
      .map((vm) => vmAt(vm, time)),
    guestIpHack: false,
    accounts: ['root', 'dcui', 'vpxuser', 'ascribe'],
    vibs: [
      {
        name: 'esx-base',
        version: `${RELEASES[VERSION].full}-0.0.${RELEASES[VERSION].build}`,
        acceptance: 'VMwareCertified',
      },
    ],
    rulesets: [{ name: 'sshServer', enabled: true, allowed: ['10.20.0.0/24'] }],
    remoteSyslog: 'udp://10.20.0.62:514',
  };
}

function socketsAt(site: Site, { name, worlds }: TrueHost, time: number): EsxiSocket[] {
  const [hostd] = worlds;
  const own = site.sessions.flatMap((session): EsxiSocket[] => {
    const { owner, start, end, protocol, client, clientPort, server, serverPort } = session;
    if (owner.kind !== 'service' || owner.host !== name || time < start || end <= time) return [];
    return [
      {
        netstack: STACK,
        protocol: protocol === 6 ? 'tcp' : 'udp',
        local: `${client}:${clientPort}`,
        foreign: `${server}:${serverPort}`,
        state: protocol === 6 ? 'ESTABLISHED' : '',
        worldId: owner.worldId,
        worldName: owner.process,
      },
    ];
  });
  const listening: EsxiSocket = {
    netstack: STACK,
    protocol: 'tcp',
    local: '0.0.0.0:443',
    foreign: '0.0.0.0:0',
    state: 'LISTEN',
    worldId: hostd?.id ?? 0,
    worldName: 'rhttpproxy-work',
  };
  return [listening, ...own];
}

function vmAt(vm: TrueVm, time: number): EsxiVm {
  const { uuid, vmid, adapter, hasTools, hostname, dvPort } = vm;
  const [v4, v6] = [addressOf(vm, time), addressOf(vm, time, true)];
  return {
    name: at(vm.names, time)?.name ?? '',
    worldId: 2_099_000 + vmid,
    vmid,
    uuid: uuid.replaceAll('-', ''),
    vmx: `/vmfs/volumes/5f3c1b2a-0c1d2e3f-4a5b-001122334455/${uuid}/vm.vmx`,
    datastore: 'ds-1',
    guestOs: 'ubuntu64Guest',
    annotation: '',
    guestHostname: hasTools ? hostname : undefined,
    nics: [
      {
        index: 0,
        mac: adapter.mac,
        portgroup: adapter.network,
        vswitch: 'vSwitch0',
        portId: 33_554_440 + dvPort,
        uplink: 'vmnic0',
        addresses: hasTools ? [v4, v6].filter((ip) => ip !== undefined) : [],
      },
    ],
  };
}
