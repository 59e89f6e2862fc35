import type { EsxiCommandName } from '../commands/esxi.data';

/** What a command is run for, one run each. */
export type PlannedFor = 'host' | 'netstack' | 'world' | 'vms' | 'vmx';

export interface PlannedCommand {
  readonly command: EsxiCommandName;
  /** Seconds between two runs. A session of length d is seen with probability min(1, d / period). */
  readonly everySeconds: number;
  readonly for: PlannedFor;
  /** First major version that has the command. */
  readonly since?: number;
}

const plan = (
  command: EsxiCommandName,
  everySeconds: number,
  target: PlannedFor = 'host',
  since?: number,
): PlannedCommand => ({ command, everySeconds, for: target, ...(since !== undefined && { since }) });

/**
 * What a host is asked and how often, in the order in which it is asked when all is due: what is lost first comes first,
 * and what names netstacks and VMs comes before what is asked for each of them.
 */
export const ESXI_PLAN: readonly PlannedCommand[] = [
  plan('netstack_list', 600),
  plan('connection_list', 30, 'netstack'),
  plan('system_uptime', 60),
  plan('vm_process_list', 60),
  plan('net_stats', 60),
  plan('neighbor_list', 60, 'netstack'),
  plan('process_list', 300),
  plan('system_version', 3600),
  plan('system_uuid', 86_400),
  plan('system_hostname', 3600),
  plan('syslog_config', 900),
  plan('vm_port_list', 300, 'world'),
  plan('network_vm_list', 300),
  plan('all_vms', 300),
  plan('guest_info', 300, 'vms'),
  plan('interface_list', 300, 'netstack'),
  plan('interface_ipv4', 300, 'netstack'),
  plan('interface_ipv6', 300),
  plan('route_ipv4', 300, 'netstack'),
  plan('route_ipv6', 900, 'netstack'),
  plan('vswitch_list', 900),
  plan('portgroup_list', 900),
  plan('dvs_list', 900),
  plan('nic_list', 900),
  plan('vmx_file', 3600, 'vmx'),
  plan('firewall_get', 3600),
  plan('firewall_ruleset_list', 3600),
  plan('firewall_rule_list', 3600),
  plan('firewall_allowedip_list', 3600),
  plan('account_list', 3600),
  plan('permission_list', 3600),
  plan('ssh_server_config', 3600, 'host', 8),
  plan('audit_records', 3600, 'host', 7),
  plan('guest_ip_hack', 3600),
  plan('advanced_settings', 3600),
  plan('kernel_settings', 3600),
  plan('time_get', 3600),
  plan('hardware_clock', 3600),
  plan('ntp_get', 3600),
  plan('hardware_platform', 86_400),
  plan('acceptance_get', 3600),
  plan('profile_get', 86_400),
  plan('vib_list', 86_400),
  plan('encryption_get', 3600, 'host', 7),
  plan('dns_servers', 3600, 'netstack'),
  plan('service_list', 3600),
  plan('startup_files', 3600),
  plan('boot_files', 86_400),
  plan('open_files', 900),
  plan('net_dvs', 900),
  plan('vib_signature', 86_400),
];

/** Words in a log that say that something changed, and what is asked anew then. */
export const TRIGGERS: readonly { readonly words: string; readonly commands: readonly EsxiCommandName[] }[] = [
  { words: ' is powered on', commands: ['vm_process_list', 'net_stats', 'all_vms', 'guest_info'] },
  { words: ' is powered off', commands: ['vm_process_list', 'net_stats'] },
  { words: ': Reconfigured ', commands: ['net_stats', 'vm_port_list', 'all_vms', 'guest_info', 'vmx_file'] },
  { words: 'Migration of virtual machine', commands: ['vm_process_list', 'net_stats', 'all_vms', 'guest_info'] },
  { words: 'Setting VMOTION info', commands: ['vm_process_list', 'net_stats'] },
  {
    words: 'esx.audit.net.firewall',
    commands: ['firewall_get', 'firewall_ruleset_list', 'firewall_rule_list', 'firewall_allowedip_list'],
  },
  { words: 'esx.audit.esximage', commands: ['vib_list', 'acceptance_get', 'profile_get'] },
  { words: 'esx.audit.ssh.enabled', commands: ['connection_list', 'account_list'] },
  { words: 'vmsyslogd', commands: ['syslog_config'] },
];

/** Log files below the log directory, the most telling first. `vmkwarning.log` repeats what `vmkernel.log` has. */
export const ESXI_LOGS: readonly string[] = [
  'hostd.log',
  'vobd.log',
  'auth.log',
  'shell.log',
  'vmkernel.log',
  'vpxa.log',
  'syslog.log',
  'esxcli.log',
  'esxupdate.log',
  'rhttpproxy.log',
  'envoy.log',
  'envoy-access.log',
  'vmauthd.log',
  'fdm.log',
  'dhclient.log',
  'sysboot.log',
];

/** Where the log files are unless the host says otherwise. */
export const LOG_DIRECTORY = '/var/run/log';
