import { observationAt, recordFacts } from '../../esxi/facts/record-facts';
import { withoutContext } from '../../esxi/record/clean';
import type { EsxiRecord } from '../../esxi/record/esxi-record';
import type { Fact, FactBase } from '../../model/facts';
import type { SyslogMessage, VendorParser } from '../contract';
import { ESXI_PROCESSES } from './vmware-esxi.data';

/** VMware ESXi: logins, shell commands, VMs started, stopped and moved, firewall and service changes, lost logs. */
export const VMWARE_ESXI: VendorParser = {
  name: 'vmware_esxi',
  vendor: 'VMware',
  product: 'ESXi',
  summary: 'VMware ESXi: hostd events, vobd observations, shell commands, SSH and API logins, VM power and migration',
  stability: 'stable',
  example:
    '<166>2026-11-24T02:10:00.000Z esx1 Hostd[2098867]: [Originator@6876 sub=Vimsvc.ha-eventmgr opID=esxui-1 user=root] Event 175 : web1 on esx1 in ha-datacenter is powered on',
  recognizes: (message) => recognizesEsxi(message),
  parse: (message, { base }) => parseEsxi(message, base),
};

function recognizesEsxi({ grammar, appName, content, structuredData }: SyslogMessage): boolean {
  const process = appName?.toLowerCase();
  if (process?.startsWith('vpxd') === true || structuredData?.has('nsx@6876') === true) return false;
  if (process !== undefined && ESXI_PROCESSES.has(process)) return true;
  if (grammar === 'esxi') return true;
  if (structuredData !== undefined) {
    for (const id of structuredData.keys()) if (id.startsWith('esx@') || id === 'Originator@6876') return true;
  }
  // `[root]: command` is what no other shell logs.
  return (process === 'shell' && content.startsWith('[')) || observationAt(content) !== undefined;
}

function parseEsxi(message: SyslogMessage, base: FactBase): Fact[] {
  return recordFacts(recordOf(message), base, true);
}

/** The message as the reader of ESXi's log files has it. */
export function recordOf({ appName, procId, severity, structuredData, content }: SyslogMessage): EsxiRecord {
  return { program: appName, pid: procId, severity, data: structuredData, message: withoutContext(content) };
}
