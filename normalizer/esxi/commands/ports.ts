import { macOf } from '../../syslog/vendors/value';
import { vmExtra } from '../facts/vm-facts';
import { numberIn, said } from '../rows/row';
import { keep } from '../state/host-memory';
import type { VmState } from '../state/vm-directory';
import { addressIn, isLocalOnly, type CommandReading } from './command-reading';
import { FIRST_ADAPTER, stateVnic } from './vnics';

/** `network vm port list -w WORLD`: the ports of one VM. The address is only there where the host learns addresses. */
export function readVmPorts(reading: CommandReading): void {
  const world = Number(reading.read.parameters['world']);
  const vm = reading.host.vms.byWorld(world);
  for (const row of reading.rows()) {
    const mac = macOf(said(row, 'macaddress') ?? '');
    if (mac === undefined || vm === undefined) {
      reading.refuse(vm === undefined ? 'esxi_vm_unknown' : 'esxi_bad_row', `world ${world}`);
      continue;
    }
    const dvPort = said(row, 'dvportid');
    const portGroup = said(row, 'portgroup');
    stateVnic(reading, {
      mac,
      vm,
      portGroup,
      port: said(row, 'portid'),
      switch: said(row, 'vswitch'),
      uplink: said(row, 'teamuplink'),
      dvPort,
    });
    const ip = addressIn(said(row, 'ipaddress'));
    if (ip === undefined || isLocalOnly(ip)) continue;
    const about = { ...vmExtra(vm), 'ascribe.source': 'port_list', 'ascribe.vnic.portgroup': portGroup };
    reading.binding('ip-vm', ip, vm.name, { ...about, 'ascribe.vnic.mac': mac });
    reading.binding('ip-mac', ip, mac, about);
  }
}

/** Kinds of ports in `net-stats -l`. */
const VM_PORT = 5;
const UPLINK = 4;
const VMKERNEL = 3;

/** `net-stats -l`: every port of every switch with its MAC address and client, in one answer. */
export function readNetStats(reading: CommandReading): void {
  const lines = reading.text().split('\n');
  const header = lines.findIndex((line) => line.startsWith('PortNum'));
  if (header < 0) {
    reading.incomplete('esxi_no_header');
    return;
  }
  for (const line of lines.slice(header + 1)) {
    const port = portOf(line);
    if (port === undefined) {
      if (line.trim() !== '') reading.refuse('esxi_bad_row', line.slice(0, 80));
      continue;
    }
    reading.rowCount++;
    const { kind, number, client, mac } = port;
    if (kind === VMKERNEL || kind === UPLINK) {
      reading.inventory('interface', `port ${number}`, client, {
        'ascribe.if.mac': mac,
        'ascribe.if.switch': port.switch,
        'ascribe.if.kind': kind === VMKERNEL ? 'vmkernel' : 'uplink',
      });
    } else if (kind === VM_PORT) readVmPort(reading, port);
  }
}

interface SwitchPort {
  readonly number: string;
  readonly kind: number;
  readonly switch: string;
  readonly mac: string;
  readonly client: string;
}

/** `67108880  5  9  DvsPortset-0  00:0c:29:07:d0:b6  web 1.eth0`: the client may hold blanks, so the MAC address is the anchor. */
function portOf(line: string): SwitchPort | undefined {
  const words = line
    .trim()
    .split(' ')
    .filter((word) => word !== '');
  const at = words.findIndex((word, i) => i >= 3 && macOf(word) !== undefined);
  const [number = '', kind = ''] = words;
  const mac = macOf(words[at] ?? '');
  if (mac === undefined || !isNumber(number) || !isNumber(kind)) return undefined;
  const client = line.slice(line.indexOf(words[at] ?? '') + 17).trim();
  return { number, kind: Number(kind), switch: words.slice(3, at).join(' '), mac, client };
}

/** `web1.eth0`. Long names are cut, and with them the adapter. */
function readVmPort(reading: CommandReading, { number, mac, client, switch: name }: SwitchPort): void {
  const dot = client.lastIndexOf('.eth');
  const ordinal = dot > 0 && isNumber(client.slice(dot + 4)) ? Number(client.slice(dot + 4)) : undefined;
  const vmName = ordinal === undefined ? client : client.slice(0, dot);
  const vm = vmNamed(reading, vmName);
  if (vm === undefined) {
    reading.refuse('esxi_vm_unknown', client.slice(0, 80));
    return;
  }
  const adapter = ordinal === undefined || ordinal > 99 ? undefined : FIRST_ADAPTER + ordinal;
  stateVnic(reading, { mac, vm, adapter, port: number, switch: name });
}

/** The VM of that name; two of one name cannot be told apart here. A name not known yet stands for itself. */
function vmNamed({ host }: CommandReading, name: string): VmState | undefined {
  const known = host.vms.byName(name);
  if (known !== undefined) return known;
  const isKnownTwice = host.vms.all.some((vm) => vm.name === name);
  return name === '' || isKnownTwice || host.vms.all.length > 0 ? undefined : { name };
}

function isNumber(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 48 || text.charCodeAt(i) > 57) return false;
  return text !== '' && text.length <= 12;
}

/** `network vswitch standard portgroup list`. */
export function readPortGroups(reading: CommandReading): void {
  for (const row of reading.rows()) {
    const name = said(row, 'name');
    if (name === undefined) continue;
    const vlan = numberIn(row, 'vlanid');
    if (vlan !== undefined) keep(reading.host.vlans, name, vlan);
    reading.inventory('port_group', name, name, {
      'ascribe.if.switch': said(row, 'virtualswitch'),
      'ascribe.if.vlan': vlan,
      'ascribe.if.clients': numberIn(row, 'activeclients'),
    });
  }
}

/** `network vswitch standard list` and `… dvs vmware list`. */
export function readSwitches(reading: CommandReading): void {
  for (const row of reading.rows()) {
    const name = said(row, 'name') ?? said(row, 'title');
    if (name === undefined) continue;
    reading.inventory('switch', said(row, 'vdsid') ?? name, name, {
      'ascribe.switch.uplinks': said(row, 'uplinks'),
      'ascribe.switch.portgroups': said(row, 'portgroups'),
      'ascribe.switch.mtu': numberIn(row, 'mtu'),
      'ascribe.switch.uuid': said(row, 'vdsid'),
    });
  }
}

/** `network nic list`. */
export function readNics(reading: CommandReading): void {
  for (const row of reading.rows()) {
    const name = said(row, 'name');
    if (name === undefined) continue;
    reading.inventory('interface', name, name, {
      'ascribe.if.mac': macOf(said(row, 'macaddress') ?? ''),
      'ascribe.if.state': said(row, 'linkstatus') ?? said(row, 'link'),
      'ascribe.if.speed': numberIn(row, 'speed'),
      'ascribe.if.kind': 'uplink',
    });
  }
}
