import type { SnmpVarbind } from '../snmp-record';
import { TABLE_PLANS, VLAN_TABLE } from './device-plans.data';

/** VLANs read one by one at most: a switch with more is read in the default context and those. */
const VLAN_LIMIT = 256;

const OPERATIONAL = 1;

/**
 * The contexts of the VLANs that a read of vtpVlanState found operational (index: management domain, VLAN). 1002 to 1005
 * are the FDDI and token ring defaults, for which agents keep no bridge table.
 */
export function vlanContexts(varbinds: readonly SnmpVarbind[]): readonly string[] {
  const [root] = TABLE_PLANS[VLAN_TABLE].roots;
  const vlans = new Set<number>();
  for (const [oid, , value] of varbinds) {
    if (root === undefined || !oid.startsWith(`${root}.`) || value !== OPERATIONAL) continue;
    const vlan = Number(oid.slice(oid.lastIndexOf('.') + 1));
    if (vlan >= 1 && vlan <= 4094 && !(vlan >= 1002 && vlan <= 1005)) vlans.add(vlan);
  }
  return [...vlans]
    .sort((a, b) => a - b)
    .slice(0, VLAN_LIMIT)
    .map((vlan) => `vlan-${vlan}`);
}
