import { keep, type VmState } from '../device-state';
import type { Decoding } from '../decoding';
import type { Row } from '../table-rows';
import { textOf } from '../values';

/** vmwProd: the hypervisor itself. */
export function decodeHypervisor(decoding: Decoding): void {
  const { rows } = decoding;
  if (!rows.hasScalar('vmwProdName', 'vmwProdVersion', 'vmwProdBuild')) return;
  const name = textOf(rows.scalar('vmwProdName'));
  const extra = {
    'ascribe.host.product': name,
    'ascribe.host.version': textOf(rows.scalar('vmwProdVersion')),
    'ascribe.host.build': textOf(rows.scalar('vmwProdBuild')),
    'ascribe.host.update': textOf(rows.scalar('vmwProdUpdate')),
  };
  if (decoding.device.states('host', JSON.stringify(extra), decoding.receivedAt)) {
    decoding.inventory('host', decoding.base.device, decoding.base.device, extra);
  }
}

/** vmwVmTable: the VMs registered on this host, by the key that other sources name them by: the display name. */
export function decodeVms(decoding: Decoding): void {
  const { rows, device, read } = decoding;
  if (!rows.has('vmwVmTable')) return;
  const gone = new Set(read.complete ? device.vms.keys() : []);
  for (const row of rows.rows('vmwVmTable')) {
    const [index] = row.index;
    const name = row.text('vmwVmDisplayName');
    if (index !== undefined) gone.delete(index);
    if (index === undefined || row.index.length !== 1) decoding.refuse('snmp_bad_index', row.key);
    else if (name === undefined) decoding.refuse('snmp_bad_value', row.key);
    else vm(decoding, row, index, name);
  }
  for (const index of gone) {
    device.vms.delete(index);
    device.forgetStated(`vm ${index}`);
  }
  decoding.satisfied('vms');
}

function vm(decoding: Decoding, row: Row, index: number, name: string): void {
  const uuid = uuidOf(row.text('vmwVmUUID'));
  keep<number, VmState>(decoding.device.vms, index, uuid === undefined ? { name } : { name, uuid });
  const about = {
    'ascribe.vm.uuid': uuid,
    'ascribe.vm.path': row.text('vmwVmConfigFile'),
    'ascribe.vm.state': row.text('vmwVmState'),
  };
  decoding.binding('vm-host', name, decoding.base.device, about);
  const extra = {
    ...about,
    'ascribe.vm.guest_os': row.text('vmwVmGuestOS'),
    'ascribe.vm.guest_state': row.text('vmwVmGuestState'),
    'ascribe.vm.memory_mb': row.integer('vmwVmMemSize'),
    'ascribe.vm.cpus': row.integer('vmwVmCpus'),
  };
  if (!decoding.device.states(`vm ${index}`, `${name}\n${JSON.stringify(extra)}`, decoding.receivedAt)) return;
  decoding.inventory('vm', String(index), name, extra);
}

/** `56 4d 1f …` in any grouping, as the canonical UUID; other texts as they are. */
function uuidOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const hex = text.replace(/[\s-]/g, '').toLowerCase();
  if (hex.length !== 32 || /[^0-9a-f]/.test(hex)) return text;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** vmwVmNetTable: the network adapters of VMs. This is what ties a MAC address to a VM. */
export function decodeVmAdapters(decoding: Decoding): void {
  const { device } = decoding;
  if (!decoding.reads('vmwVmNetTable')) return;
  if (device.vms.size === 0 && decoding.waitFor('vms', 'vmwVmNetTable')) return;
  for (const row of decoding.rows.rows('vmwVmNetTable')) {
    const [vmIndex, adapter] = row.index;
    if (vmIndex === undefined || adapter === undefined || row.index.length !== 2) {
      decoding.refuse('snmp_bad_index', row.key);
      continue;
    }
    const owner = device.vms.get(vmIndex);
    if (owner === undefined) {
      decoding.refuse('snmp_vm_unknown', row.key);
      continue;
    }
    const mac = row.mac('vmwVmMAC');
    // A powered-off VM without a generated address has none.
    if (mac === undefined) continue;
    adapterFacts(decoding, row, owner, adapter, mac);
  }
}

function adapterFacts(decoding: Decoding, row: Row, owner: VmState, adapter: number, mac: string): void {
  const vnic = `${owner.uuid ?? owner.name}/${adapter}`;
  const extra = {
    'ascribe.vm.name': owner.name,
    'ascribe.vm.uuid': owner.uuid,
    'ascribe.vnic.portgroup': row.text('vmwVmNetName'),
    'ascribe.vnic.label': row.text('vmwVmNetNum'),
    // VmwConnectedState is a text: true, false, unknown.
    'ascribe.vnic.connected': row.text('vmwVmNetConnected'),
  };
  decoding.binding('mac-vnic', mac, vnic, extra);
  decoding.binding('vnic-vm', vnic, owner.name, { ...extra, 'ascribe.vnic.mac': mac });
}
