import type { Fact, FactBase } from '../../model/facts';
import type { SshCommand } from '../../ssh-record';
import type { EsxiMemory } from '../state/esxi-memory';
import type { HostMemory } from '../state/host-memory';
import { readInterfaces, readNeighbours, readNetstacks, readOwnAddresses } from './addresses';
import { CommandReading } from './command-reading';
import {
  noteClock,
  readHostname,
  readNtp,
  readPlatform,
  readProbe,
  readUptime,
  readUuid,
  readVersion,
} from './host-identity';
import {
  readAcceptance,
  readAccounts,
  readAllowedIps,
  readAuditRecords,
  readDeltas,
  readFirewall,
  readPermissions,
  readProfile,
  readRules,
  readRulesets,
  readSshServer,
  readSyslogConfig,
  readVibs,
} from './policy';
import {
  readBootFiles,
  readDistributedPorts,
  readDnsServers,
  readEncryption,
  readOpenFiles,
  readServices,
  readSignatures,
  readStartupFiles,
} from './persistence';
import { readNetStats, readNics, readPortGroups, readSwitches, readVmPorts } from './ports';
import { readConnections, readProcesses } from './sockets';
import { readAllVms, readGuests, readNetworkVms, readVmProcesses } from './vms';
import { readVmxFile } from './vmx';

/** By the name that the collector's table of allowed commands gives them. */
const READERS: Readonly<Record<string, (reading: CommandReading) => void>> = {
  probe: readProbe,
  system_version: readVersion,
  system_uuid: readUuid,
  system_uptime: readUptime,
  system_hostname: readHostname,
  hardware_platform: readPlatform,
  ntp_get: readNtp,
  netstack_list: readNetstacks,
  connection_list: readConnections,
  neighbor_list: readNeighbours,
  interface_list: readInterfaces,
  interface_ipv4: readOwnAddresses,
  interface_ipv6: readOwnAddresses,
  process_list: readProcesses,
  vm_process_list: readVmProcesses,
  network_vm_list: readNetworkVms,
  vm_port_list: readVmPorts,
  net_stats: readNetStats,
  all_vms: readAllVms,
  guest_info: readGuests,
  vmx_file: readVmxFile,
  vswitch_list: readSwitches,
  portgroup_list: readPortGroups,
  dvs_list: readSwitches,
  nic_list: readNics,
  firewall_get: readFirewall,
  firewall_ruleset_list: readRulesets,
  firewall_rule_list: readRules,
  firewall_allowedip_list: readAllowedIps,
  vib_list: readVibs,
  acceptance_get: readAcceptance,
  profile_get: readProfile,
  account_list: readAccounts,
  permission_list: readPermissions,
  syslog_config: readSyslogConfig,
  audit_records: readAuditRecords,
  advanced_settings: readDeltas,
  guest_ip_hack: readDeltas,
  kernel_settings: readDeltas,
  ssh_server_config: readSshServer,
  encryption_get: readEncryption,
  dns_servers: readDnsServers,
  vib_signature: readSignatures,
  service_list: readServices,
  open_files: readOpenFiles,
  net_dvs: readDistributedPorts,
  startup_files: readStartupFiles,
  boot_files: readBootFiles,
};

/** Answers that serve the collector, or say nothing that is kept: clocks are measured with every command, routes have no use yet. */
const UNREAD: ReadonlySet<string> = new Set([
  'time_get',
  'hardware_clock',
  'route_ipv4',
  'route_ipv6',
  'log_stat',
  'log_generations',
  'log_read',
  'log_blocks',
]);

/** Facts of one command's answer. */
export function readCommand(
  read: SshCommand,
  base: FactBase,
  host: HostMemory,
  memory: EsxiMemory,
  sink: (fact: Fact) => void,
): void {
  const reading = new CommandReading(read, base, host, memory, sink);
  noteClock(reading);
  const reader = Object.hasOwn(READERS, read.command) ? READERS[read.command] : undefined;
  if (reader === undefined) {
    if (UNREAD.has(read.command)) return;
    sink({ ...reading.base, fact: 'rejected', reason: 'esxi_unknown_command', detail: read.command.slice(0, 64) });
    return;
  }
  reader(reading);
  reading.finish();
}
