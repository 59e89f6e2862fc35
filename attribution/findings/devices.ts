import type { ChangeRecord } from '../../store/analysis/finding-record';

/** Parsers that read what ESXi hosts say. */
export const ESXI_PARSERS: ReadonlySet<string> = new Set(['vmware_esxi', 'esxi', 'esxi_log', 'esxi_command']);
const HOSTS: ReadonlySet<string> = new Set([...ESXI_PARSERS, 'vmware_vcenter', 'vmware_nsx', 'unix_auth', 'dhcp']);

/** Told by an ESXi host. */
export function isEsxi({ parser }: Pick<ChangeRecord, 'parser'>): boolean {
  return ESXI_PARSERS.has(parser);
}

/** Told by a router, switch or firewall. */
export function isNetworkDevice({ parser }: Pick<ChangeRecord, 'parser'>): boolean {
  return !HOSTS.has(parser);
}
