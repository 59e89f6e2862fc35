import { SNMP_TAG, type SnmpTag, type SnmpVarbind } from '../../../collectors/snmp/snmp-record';
import { CORE_DOWNLINKS, CORE_UPLINK, DEVICES, NETWORKS } from '../inventory';
import type { Site } from '../site';
import { at as spanAt, type TrueVm } from '../truth';

/** The objects of an agent at one moment, in the order of their OIDs. */
export type MibView = readonly SnmpVarbind[];

/** An agent of the site: who it is, and what it answers at a site time. */
export interface SiteAgent {
  readonly device: string;
  readonly ip: string;
  /** Class of device by which the poller is configured. */
  readonly deviceClass: 'cisco-router' | 'switch' | 'esxi' | 'router';
  readonly view: (time: number) => MibView;
}

type Row = readonly [oid: string, tag: SnmpTag, value: SnmpVarbind[2]];

const text = (oid: string, value: string): Row => [
  oid,
  SNMP_TAG.octetString,
  Buffer.from(value, 'utf8').toString('hex'),
];
const octets = (oid: string, hex: string): Row => [oid, SNMP_TAG.octetString, hex.replaceAll(':', '')];
const integer = (oid: string, value: number): Row => [oid, SNMP_TAG.integer, value];
const ticks = (oid: string, value: number): Row => [oid, SNMP_TAG.timeTicks, value];
const objectId = (oid: string, value: string): Row => [oid, SNMP_TAG.oid, value];
const address = (oid: string, value: string): Row => [oid, SNMP_TAG.ipAddress, value];

/** SNMPv2-MIB, IF-MIB, IP-MIB, BRIDGE-MIB, LLDP-MIB, VMWARE-VMINFO-MIB. */
const MIB = {
  system: '1.3.6.1.2.1.1',
  ifEntry: '1.3.6.1.2.1.2.2.1',
  ifXEntry: '1.3.6.1.2.1.31.1.1.1',
  ipAdEntry: '1.3.6.1.2.1.4.20.1',
  ipNetToMedia: '1.3.6.1.2.1.4.22.1',
  ipNetToPhysical: '1.3.6.1.2.1.4.35.1',
  dot1dBasePort: '1.3.6.1.2.1.17.1.4.1',
  dot1qTpFdb: '1.3.6.1.2.1.17.7.1.2.2.1',
  dot1qVlanCurrent: '1.3.6.1.2.1.17.7.1.4.2.1',
  lldpLocPort: '1.0.8802.1.1.2.1.3.7.1',
  lldpRem: '1.0.8802.1.1.2.1.4.1.1',
  vmwProd: '1.3.6.1.4.1.6876.1',
  vmwVm: '1.3.6.1.4.1.6876.2.1.1',
  vmwVmNet: '1.3.6.1.4.1.6876.2.4.1',
} as const;

/** All agents of the site. */
export function siteAgents(site: Site): SiteAgent[] {
  return [
    { device: 'rt-core', ip: '10.20.0.1', deviceClass: 'cisco-router', view: (time) => sorted(coreRows(site, time)) },
    ...['sw-1', 'sw-2'].map((name): SiteAgent => {
      const ip = DEVICES.find((device) => device.name === name)?.ip ?? '';
      return { device: name, ip, deviceClass: 'switch', view: (time) => sorted(switchRows(site, name, time)) };
    }),
    ...site.inventory.hosts.map(({ name, ip }): SiteAgent => ({
      device: name,
      ip,
      deviceClass: 'esxi',
      view: (time) => sorted(hostRows(site, name, time)),
    })),
  ];
}

function systemRows(time: number, name: string, descr: string, object: string): Row[] {
  return [
    text(`${MIB.system}.1.0`, descr),
    objectId(`${MIB.system}.2.0`, object),
    ticks(`${MIB.system}.3.0`, Math.floor((86_400_000 + time) / 10)),
    text(`${MIB.system}.5.0`, name),
  ];
}

function interfaceRows(index: number, name: string, mac: string, type = 6): Row[] {
  return [
    text(`${MIB.ifEntry}.2.${index}`, name),
    integer(`${MIB.ifEntry}.3.${index}`, type),
    octets(`${MIB.ifEntry}.6.${index}`, mac),
    integer(`${MIB.ifEntry}.8.${index}`, 1),
    text(`${MIB.ifXEntry}.1.${index}`, name),
  ];
}

const ROUTER_MAC = '00:1b:54:00:00:01';

function coreRows(site: Site, time: number): Row[] {
  const rows = systemRows(time, 'rt-core', 'Cisco IOS Software, Version 17.9.4a', '1.3.6.1.4.1.9.1.2494');
  const uplinks = [CORE_UPLINK, ...CORE_DOWNLINKS].map((index) => [index, `TenGigabitEthernet1/0/${index}`] as const);
  const vlans = NETWORKS.map(({ ifIndex, vlan }) => [ifIndex, `Vlan${vlan}`] as const);
  for (const [index, name] of uplinks) rows.push(...interfaceRows(index, name, ROUTER_MAC));
  for (const [index, name] of vlans) rows.push(...interfaceRows(index, name, ROUTER_MAC, 53));
  for (const { prefix, ifIndex, vrf } of NETWORKS) {
    if (vrf === '')
      rows.push(
        integer(`${MIB.ipAdEntry}.2.${prefix}.1`, ifIndex),
        address(`${MIB.ipAdEntry}.3.${prefix}.1`, '255.255.255.0'),
      );
  }
  for (const vm of site.inventory.vms) rows.push(...neighbourRows(vm, time));
  for (const { ip, mac } of site.inventory.hosts) rows.push(...mediaRows(110, ip, mac));
  rows.push(...mediaRows(CORE_UPLINK, '10.20.254.2', '00:1b:54:00:00:02'));
  return rows;
}

function mediaRows(ifIndex: number, ip: string, mac: string): Row[] {
  return [octets(`${MIB.ipNetToMedia}.2.${ifIndex}.${ip}`, mac), integer(`${MIB.ipNetToMedia}.4.${ifIndex}.${ip}`, 3)];
}

/** What the router's caches hold of a VM: the addresses it has, IPv6 through ipNetToPhysicalTable. */
function neighbourRows({ adapter }: TrueVm, time: number): Row[] {
  const ifIndex = NETWORKS.find(({ name }) => name === adapter.network)?.ifIndex ?? 0;
  const held = adapter.addresses.filter(({ from, to }) => from <= time && time < to);
  return held.flatMap(({ ip }) => {
    if (!ip.includes(':')) return mediaRows(ifIndex, ip, adapter.mac);
    const index = `${ifIndex}.2.16.${ipv6Arcs(ip)}`;
    return [
      octets(`${MIB.ipNetToPhysical}.4.${index}`, adapter.mac),
      integer(`${MIB.ipNetToPhysical}.6.${index}`, 3),
      integer(`${MIB.ipNetToPhysical}.7.${index}`, 1),
    ];
  });
}

function ipv6Arcs(ip: string): string {
  const [head = '', tail = ''] = ip.split('::');
  const front = head.split(':').filter(Boolean);
  const back = tail.split(':').filter(Boolean);
  const groups = [...front, ...Array.from({ length: 8 - front.length - back.length }, () => '0'), ...back];
  return groups
    .map((group) => Number.parseInt(group, 16))
    .map((value) => `${value >> 8}.${value & 255}`)
    .join('.');
}

function macArcs(mac: string): string {
  return mac
    .split(':')
    .map((pair) => Number.parseInt(pair, 16))
    .join('.');
}

const TRUNK = 49;

function switchRows(site: Site, name: string, time: number): Row[] {
  const rows = systemRows(time, name, 'Example Switch 9.2', '1.3.6.1.4.1.9.1.2066');
  const hosts = site.inventory.hosts.filter((host) => host.switch === name);
  const ports = [...hosts.map(({ switchPort }) => switchPort), TRUNK];
  for (const port of ports) {
    rows.push(...interfaceRows(port, `Gi1/0/${port}`, ROUTER_MAC), integer(`${MIB.dot1dBasePort}.2.${port}`, port));
    rows.push(
      integer(`${MIB.lldpLocPort}.2.${port}`, 5),
      text(`${MIB.lldpLocPort}.3.${port}`, `Gi1/0/${port}`),
      text(`${MIB.lldpLocPort}.4.${port}`, `Gi1/0/${port}`),
    );
  }
  for (const { vlan } of NETWORKS) rows.push(integer(`${MIB.dot1qVlanCurrent}.3.0.${vlan}`, vlan));
  const learned = (mac: string, vlan: number, port: number): void => {
    rows.push(
      integer(`${MIB.dot1qTpFdb}.2.${vlan}.${macArcs(mac)}`, port),
      integer(`${MIB.dot1qTpFdb}.3.${vlan}.${macArcs(mac)}`, 3),
    );
  };
  for (const vm of site.inventory.vms) {
    const vlan = NETWORKS.find((network) => network.name === vm.adapter.network)?.vlan ?? 0;
    const here = hosts.find((host) => host.name === spanAt(vm.placements, time)?.host);
    learned(vm.adapter.mac, vlan, here?.switchPort ?? TRUNK);
  }
  for (const host of site.inventory.hosts) learned(host.mac, 10, hosts.includes(host) ? host.switchPort : TRUNK);
  hosts.forEach((host, i) => rows.push(...neighbourOf(host.switchPort, i + 1, host.mac, 'vmnic0', host.name)));
  rows.push(
    ...neighbourOf(
      TRUNK,
      9,
      ROUTER_MAC,
      name === 'sw-1' ? 'TenGigabitEthernet1/0/2' : 'TenGigabitEthernet1/0/3',
      'rt-core',
    ),
  );
  return rows;
}

function neighbourOf(port: number, remote: number, mac: string, remotePort: string, system: string): Row[] {
  const index = `0.${port}.${remote}`;
  return [
    integer(`${MIB.lldpRem}.4.${index}`, 4),
    octets(`${MIB.lldpRem}.5.${index}`, mac),
    integer(`${MIB.lldpRem}.6.${index}`, 5),
    text(`${MIB.lldpRem}.7.${index}`, remotePort),
    text(`${MIB.lldpRem}.9.${index}`, system),
  ];
}

function hostRows(site: Site, name: string, time: number): Row[] {
  const rows = systemRows(time, name, 'VMware ESXi 8.0.3 build-24280767 VMware, Inc. x86_64', '1.3.6.1.4.1.6876.4.1');
  const host = site.inventory.hosts.find((candidate) => candidate.name === name);
  rows.push(...interfaceRows(1, 'Device vmnic0 at 02:00.0 nmlx5_core', host?.mac ?? ''));
  rows.push(
    ...interfaceRows(2, 'Virtual interface: vmk0 on vswitch vSwitch0 portgroup Management Network', host?.mac ?? ''),
  );
  if (host !== undefined)
    rows.push(integer(`${MIB.ipAdEntry}.2.${host.ip}`, 2), address(`${MIB.ipAdEntry}.3.${host.ip}`, '255.255.255.0'));
  rows.push(
    text(`${MIB.vmwProd}.1.0`, 'VMware ESXi'),
    text(`${MIB.vmwProd}.2.0`, '8.0.3'),
    text(`${MIB.vmwProd}.4.0`, '24280767'),
  );
  for (const vm of site.inventory.vms) {
    if (spanAt(vm.placements, time)?.host === name) rows.push(...vmRows(vm, time));
  }
  return rows;
}

function vmRows(vm: TrueVm, time: number): Row[] {
  const name = spanAt(vm.names, time)?.name ?? '';
  const { vmid, uuid, hasTools, adapter } = vm;
  const hex = uuid.replaceAll('-', '');
  const spaced = `${hex.slice(0, 16).match(/../gu)?.join(' ')}-${hex.slice(16).match(/../gu)?.join(' ')}`;
  return [
    text(`${MIB.vmwVm}.2.${vmid}`, name),
    text(`${MIB.vmwVm}.3.${vmid}`, `/vmfs/volumes/ds-1/${uuid}/vm.vmx`),
    text(`${MIB.vmwVm}.4.${vmid}`, hasTools ? 'Ubuntu Linux (64-bit)' : 'E: tools not installed'),
    text(`${MIB.vmwVm}.6.${vmid}`, 'powered on'),
    text(`${MIB.vmwVm}.8.${vmid}`, hasTools ? 'running' : 'not running'),
    text(`${MIB.vmwVm}.10.${vmid}`, spaced),
    text(`${MIB.vmwVmNet}.3.${vmid}.4000`, 'Network adapter 1'),
    text(`${MIB.vmwVmNet}.4.${vmid}.4000`, adapter.network),
    text(`${MIB.vmwVmNet}.6.${vmid}.4000`, 'true'),
    octets(`${MIB.vmwVmNet}.7.${vmid}.4000`, adapter.mac),
  ];
}

function sorted(rows: readonly Row[]): MibView {
  return rows
    .map((row) => ({ row, arcs: row[0].split('.').map(Number) }))
    .sort((a, b) => compareArcs(a.arcs, b.arcs))
    .map(({ row }) => row);
}

function compareArcs(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
