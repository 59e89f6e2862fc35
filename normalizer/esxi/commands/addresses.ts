import { macOf } from '../../syslog/vendors/value';
import { flagIn, numberIn, said } from '../rows/row';
import { addressIn, isLocalOnly, type CommandReading } from './command-reading';

function netstackOf({ read }: CommandReading): string | undefined {
  return read.parameters['netstack'];
}

/** `network ip netstack list`: the TCP/IP stacks of the hypervisor. */
export function readNetstacks(reading: CommandReading): void {
  for (const row of reading.rows()) {
    const key = said(row, 'key') ?? said(row, 'title');
    if (key === undefined) continue;
    reading.inventory('vrf', key, said(row, 'name') ?? key, { 'ascribe.netstack.state': said(row, 'state') });
  }
}

/** `network ip interface list`: the vmkernel interfaces. */
export function readInterfaces(reading: CommandReading): void {
  for (const row of reading.rows()) {
    const name = said(row, 'name') ?? said(row, 'title');
    if (name === undefined) continue;
    const portGroup = said(row, 'portgroup');
    if (portGroup !== undefined) reading.host.mark(`vmk ${name}`, portGroup);
    reading.inventory('interface', name, name, {
      'ascribe.if.mac': macOf(said(row, 'macaddress') ?? ''),
      'ascribe.if.kind': 'vmkernel',
      'ascribe.if.enabled': flagIn(row, 'enabled'),
      'ascribe.if.portgroup': portGroup,
      'ascribe.if.switch': said(row, 'portset') ?? said(row, 'vdsname'),
      'ascribe.if.dvport': numberIn(row, 'vdsport'),
      'ascribe.if.mtu': numberIn(row, 'mtu'),
      'ascribe.netstack': said(row, 'netstackinstance') ?? netstackOf(reading),
    });
  }
}

/** `network ip interface ipv4 get` and `… ipv6 address list`: the host's own addresses. */
export function readOwnAddresses(reading: CommandReading): void {
  for (const row of reading.rows()) {
    const name = said(row, 'name') ?? said(row, 'interface') ?? said(row, 'title');
    const ip = addressIn(said(row, 'ipv4address') ?? said(row, 'address'));
    if (ip === undefined || isLocalOnly(ip)) continue;
    const status = said(row, 'status')?.toUpperCase();
    if (status !== undefined && NOT_OWN.has(status)) continue;
    reading.memory.alias(ip, reading.device);
    reading.binding('ip-device', ip, reading.device, {
      'observer.ingress.interface.name': name,
      'ascribe.if.portgroup': name === undefined ? undefined : reading.host.marks.get(`vmk ${name}`),
      'ascribe.netstack': netstackOf(reading),
      'ascribe.address.type': said(row, 'addresstype') ?? said(row, 'type'),
      'ascribe.gateway': addressIn(said(row, 'gateway')),
    });
  }
}

/** An address that is being tried, or that another host has. */
const NOT_OWN: ReadonlySet<string> = new Set(['TENTATIVE', 'DUPLICATE', 'INVALID']);

/** `network ip neighbor list`: ARP and neighbour discovery of the hypervisor, not of its VMs. */
export function readNeighbours(reading: CommandReading): void {
  for (const row of reading.rows()) {
    const ip = addressIn(said(row, 'neighbor'));
    const mac = macOf(said(row, 'macaddress') ?? '');
    // An entry that waits for an answer has no MAC address.
    if (ip === undefined || mac === undefined || mac === '00:00:00:00:00:00') continue;
    reading.binding('ip-mac', ip, mac, {
      'observer.ingress.interface.name': said(row, 'vmknic'),
      'ascribe.neighbour.type': said(row, 'type')?.toLowerCase(),
      'ascribe.netstack': netstackOf(reading),
      'ascribe.source': 'neighbor_list',
    });
  }
}
