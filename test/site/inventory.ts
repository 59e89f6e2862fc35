import type { SeededRandom } from './random';
import { ALWAYS, type AddressSpan, type Role, type TrueHost, type TrueVm } from './truth';

/** Networks of the site. Every VLAN has its router at `.1`. */
export interface TrueNetwork {
  readonly name: string;
  readonly vlan: number;
  readonly vrf: string;
  /** First three octets. */
  readonly prefix: string;
  readonly dhcp: boolean;
  /** Interface index of the VLAN on the core router. */
  readonly ifIndex: number;
}

/** A switch, router or firewall. */
export interface TrueDevice {
  readonly name: string;
  readonly kind: 'router' | 'firewall' | 'edge' | 'switch' | 'server';
  readonly ip: string;
  readonly mac: string;
}

export type FirewallFlavour = 'asa' | 'fortigate' | 'junos' | 'netfilter';

export interface Inventory {
  readonly networks: readonly TrueNetwork[];
  readonly devices: readonly TrueDevice[];
  readonly hosts: readonly TrueHost[];
  readonly vms: readonly TrueVm[];
  readonly firewall: FirewallFlavour;
  /** Addresses that the firewall translates to. */
  readonly patPool: readonly string[];
  readonly dhcpLeaseMs: number;
}

export interface InventoryOptions {
  readonly firewall?: FirewallFlavour;
  readonly vmCount?: number;
}

export const NETWORKS: readonly TrueNetwork[] = [
  { name: 'Management', vlan: 10, vrf: '', prefix: '10.20.0', dhcp: false, ifIndex: 110 },
  { name: 'Servers', vlan: 20, vrf: '', prefix: '10.20.1', dhcp: false, ifIndex: 120 },
  { name: 'Clients', vlan: 30, vrf: '', prefix: '10.20.2', dhcp: true, ifIndex: 130 },
  { name: 'Devices', vlan: 40, vrf: '', prefix: '10.20.3', dhcp: true, ifIndex: 140 },
  { name: 'Tenant red', vlan: 51, vrf: 'red', prefix: '10.50.0', dhcp: false, ifIndex: 151 },
  { name: 'Tenant blue', vlan: 52, vrf: 'blue', prefix: '10.50.0', dhcp: false, ifIndex: 152 },
];

/** Interfaces of the core router besides the VLANs. */
export const CORE_UPLINK = 1;
export const CORE_DOWNLINKS = [2, 3] as const;

export const DEVICES: readonly TrueDevice[] = [
  { name: 'rt-core', kind: 'router', ip: '10.20.0.1', mac: '00:1b:54:00:00:01' },
  { name: 'fw-1', kind: 'firewall', ip: '10.20.254.2', mac: '00:1b:54:00:00:02' },
  { name: 'rt-edge', kind: 'edge', ip: '198.51.100.14', mac: '00:1b:54:00:00:03' },
  { name: 'sw-1', kind: 'switch', ip: '10.20.0.4', mac: '00:1b:54:00:00:04' },
  { name: 'sw-2', kind: 'switch', ip: '10.20.0.5', mac: '00:1b:54:00:00:05' },
];

/** Networks that are the site's own, the translated addresses among them. */
export const HOME_NETWORKS = ['10.0.0.0/8', '2001:db8:20::/48', '198.51.100.0/28'];

/** Servers that every site has: role, address in Servers or Management. */
const SERVERS: readonly (readonly [name: string, role: Role, network: string, host: number])[] = [
  ['dns-1', 'dns', 'Servers', 53],
  ['dns-2', 'dns', 'Servers', 54],
  ['ntp-1', 'ntp', 'Servers', 123],
  ['dhcp-1', 'dhcp', 'Servers', 67],
  ['mail-1', 'mail', 'Servers', 25],
  ['repo-1', 'repo', 'Servers', 80],
  ['proxy-1', 'proxy', 'Servers', 31],
  ['backup-1', 'backup', 'Management', 60],
  ['mon-1', 'monitoring', 'Management', 61],
  ['vcsa', 'vcenter', 'Management', 10],
];

const WORLDS: readonly (readonly [name: string, path: string])[] = [
  ['hostd-worker', '/usr/lib/vmware/hostd/bin/hostd'],
  ['vpxa-worker', '/usr/lib/vmware/vpxa/bin/vpxa'],
  ['rhttpproxy-work', '/usr/lib/vmware/rhttpproxy/bin/rhttpproxy'],
  ['ntpd', '/usr/sbin/ntpd'],
  ['vmsyslogd', '/usr/lib/vmware/vmsyslog/bin/vmsyslogd'],
  ['esxupdate', '/usr/sbin/esxupdate'],
];

/** One site: three hypervisors, 40 to 60 VMs, and the devices around them. */
export function makeInventory(random: SeededRandom, options: InventoryOptions = {}): Inventory {
  const hosts = [1, 2, 3].map((n): TrueHost => {
    const worlds = WORLDS.map(([name, path], i) => ({
      id: 2_097_000 + n * 1000 + i * 7 + random.int(0, 6),
      name,
      path,
    }));
    const ip = `10.20.0.${20 + n}`;
    return {
      name: `esx-${n}`,
      ip,
      mac: macOf('00:25:b5', 0x100 + n),
      worlds,
      switch: `sw-${1 + (n % 2)}`,
      switchPort: 10 + n,
    };
  });
  const vms: TrueVm[] = [];
  const add = (name: string, role: Role, network: string, host: number | undefined): void => {
    const index = vms.length;
    vms.push(makeVm(random, { index, name, role, network, host, hosts }));
  };
  for (const [name, role, network, host] of SERVERS) add(name, role, network, host);
  const others = (options.vmCount ?? random.int(40, 60)) - SERVERS.length;
  for (let i = 0; i < others; i++) addOther(add, i, others);
  const flavours: readonly FirewallFlavour[] = ['asa', 'fortigate', 'junos', 'netfilter'];
  const firewall = options.firewall ?? random.pick(flavours);
  return {
    networks: NETWORKS,
    devices: DEVICES,
    hosts,
    vms,
    firewall,
    patPool: ['198.51.100.1'],
    dhcpLeaseMs: 3_600_000,
  };
}

const ODD: readonly (readonly [name: string, role: Role, network: string])[] = [
  ['db [prod] 1', 'db', 'Servers'],
  ['app on call', 'app', 'Servers'],
  ['web (blue)', 'web', 'Servers'],
  ['Büro-Terminal', 'desktop', 'Clients'],
  ['sap in der Wolke', 'app', 'Servers'],
];
/** Equal addresses in two VRFs. */
const TENANTS = 6;

type Add = (name: string, role: Role, network: string, host: number | undefined) => void;

/** The i-th of `count` VMs besides the servers. */
function addOther(add: Add, i: number, count: number): void {
  const odd = ODD[i];
  const tenant = count - i - 1;
  if (odd !== undefined) add(...odd, 140 + i);
  else if (tenant < TENANTS) {
    const vrf = tenant % 2 === 0 ? 'red' : 'blue';
    add(`tenant-${vrf}-${Math.floor(tenant / 2)}`, 'tenant', `Tenant ${vrf}`, 10 + Math.floor(tenant / 2));
  } else if (i < count * 0.35) add(`web-${i}`, 'web', 'Servers', 140 + i);
  else if (i < count * 0.55) add(`app-${i}`, 'app', 'Servers', 140 + i);
  else if (i < count * 0.7) add(`desk-${i}`, 'desktop', 'Clients', undefined);
  else add(`cam-${i}`, 'iot', 'Devices', undefined);
}

interface VmPlan {
  readonly index: number;
  readonly name: string;
  readonly role: Role;
  readonly network: string;
  /** Last octet; a DHCP client gets one. */
  readonly host: number | undefined;
  readonly hosts: readonly TrueHost[];
}

function makeVm(random: SeededRandom, { index, name, role, network, host, hosts }: VmPlan): TrueVm {
  const place = networkNamed(network);
  const byDhcp = place.dhcp;
  const address: AddressSpan = {
    ...ALWAYS,
    ip: `${place.prefix}.${byDhcp || host === undefined ? 10 + index : host}`,
    how: byDhcp ? 'dhcp' : 'static',
  };
  return {
    uuid: uuidOf(random),
    names: [{ ...ALWAYS, name }],
    placements: [{ ...ALWAYS, host: random.pick(hosts).name }],
    role,
    adapter: { mac: macOf('00:50:56', 0x9a_0000 + index * 257 + random.int(0, 255)), network, addresses: [address] },
    hasTools: random.next() < 0.8,
    hostname: name.toLowerCase().replaceAll(/[^a-z0-9-]/gu, ''),
    vrf: place.vrf,
    dvPort: 100 + index,
    vmid: 10 + index,
  };
}

export function networkNamed(name: string): TrueNetwork {
  const found = NETWORKS.find((network) => network.name === name);
  if (found === undefined) throw new RangeError(`no network ${name}`);
  return found;
}

export function macOf(oui: string, tail: number): string {
  const hex = tail.toString(16).padStart(6, '0');
  return `${oui}:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}`;
}

export function uuidOf(random: SeededRandom): string {
  const hex = Array.from({ length: 32 }, () => random.int(0, 15).toString(16)).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
