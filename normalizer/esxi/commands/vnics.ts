import { macOf } from '../../syslog/vendors/value';
import { vmExtra } from '../facts/vm-facts';
import { keep } from '../state/host-memory';
import type { VmState } from '../state/vm-directory';
import type { CommandReading } from './command-reading';

/** One adapter of a VM, as far as one answer tells of it. */
export interface Vnic {
  /** Lower case, with colons. */
  readonly mac: string;
  readonly vm: VmState;
  /** Device key: 4000 for the first adapter; undefined where the answer does not say. */
  readonly adapter?: number | undefined;
  readonly portGroup?: string | undefined;
  readonly port?: string | undefined;
  readonly switch?: string | undefined;
  readonly uplink?: string | undefined;
  readonly dvPort?: string | undefined;
}

/** The first adapter's device key; SNMP and flow export number adapters by the same keys. */
export const FIRST_ADAPTER = 4000;

/** States whose MAC address it is, and which port it is on. */
export function stateVnic(reading: CommandReading, vnic: Vnic): void {
  const mac = macOf(vnic.mac);
  const { vm, portGroup } = vnic;
  if (mac === undefined || mac === '00:00:00:00:00:00') return;
  const { host } = reading;
  if (vnic.adapter !== undefined) keep(host.adapters, mac, vnic.adapter);
  // Where no answer has told the adapter's number its MAC address stands for it.
  const adapter = host.adapters.get(mac) ?? mac;
  const key = `${vm.uuid ?? vm.name}/${adapter}`;
  const extra = {
    'ascribe.vm.name': vm.name,
    ...vmExtra(vm),
    'ascribe.vnic.portgroup': portGroup,
    'ascribe.vnic.vlan': portGroup === undefined ? undefined : host.vlans.get(portGroup),
    'ascribe.vnic.port': vnic.port,
    'ascribe.vnic.switch': vnic.switch,
    'ascribe.vnic.uplink': vnic.uplink,
    'ascribe.vnic.dvport': vnic.dvPort,
  };
  reading.binding('mac-vnic', mac, key, extra);
  reading.binding('vnic-vm', key, vm.name, { ...extra, 'ascribe.vnic.mac': mac });
  if (vnic.dvPort !== undefined)
    reading.binding('dvport-vnic', vnic.dvPort, mac, {
      'ascribe.vnic.switch': vnic.switch,
      'ascribe.vm.name': vm.name,
    });
}
