import type { CommandSpec } from './command-table';

/**
 * Everything that is ever sent to an ESXi host. All of it reads. `esxcli` is asked in the format its version writes
 * best; the record says which. The names are those of records; parameters stand in their `parameters`.
 *
 * Names of namespaces and commands: "ESXCLI Reference" of 6.7, 7.0 and 8.0; vim-cmd and net-stats are undocumented and
 * known from collections of responders.
 */

const MINUTE_MS = 60_000;

function esxcli(rest: string, limits: Partial<CommandSpec> = {}) {
  return {
    line: `esxcli {formatter}${rest}`,
    parameters: { formatter: 'formatter' },
    output: 'table',
    ...limits,
  } as const;
}

function perNetstack(rest: string, limits: Partial<CommandSpec> = {}) {
  return {
    line: `esxcli {formatter}${rest} -N {netstack}`,
    parameters: { formatter: 'formatter', netstack: 'name' },
    output: 'table',
    ...limits,
  } as const;
}

function plain(line: string, limits: Partial<CommandSpec> = {}) {
  return { line, output: 'text', ...limits } as const;
}

export const ESXI_COMMANDS = {
  // Who is this, what can it do, what time is it there. Sections begin with a line of their own.
  probe: plain(
    "echo '===UNAME==='; uname -a; echo '===VERSION==='; vmware -v; echo '===DATE==='; date +%s; echo '===APPLETS==='; busybox --list",
  ),
  system_version: esxcli('system version get'),
  system_uuid: esxcli('system uuid get'),
  /** Microseconds since boot: less than last time is a reboot, and world ids begin again. */
  system_uptime: esxcli('system stats uptime get'),
  system_hostname: esxcli('system hostname get'),
  hardware_platform: esxcli('hardware platform get'),
  time_get: esxcli('system time get'),
  hardware_clock: esxcli('hardware clock get'),
  ntp_get: esxcli('system ntp get'),

  // The host's own sockets, addresses and neighbours, for each TCP/IP stack.
  netstack_list: esxcli('network ip netstack list'),
  connection_list: perNetstack('network ip connection list -t all'),
  neighbor_list: perNetstack('network ip neighbor list'),
  interface_list: perNetstack('network ip interface list'),
  interface_ipv4: perNetstack('network ip interface ipv4 get'),
  interface_ipv6: esxcli('network ip interface ipv6 address list'),
  route_ipv4: perNetstack('network ip route ipv4 list'),
  route_ipv6: perNetstack('network ip route ipv6 list'),
  process_list: esxcli('system process list'),

  // VMs, their ports and addresses.
  vm_process_list: esxcli('vm process list'),
  network_vm_list: esxcli('network vm list'),
  vm_port_list: {
    line: 'esxcli {formatter}network vm port list -w {world}',
    parameters: { formatter: 'formatter', world: 'number' },
    output: 'table',
  },
  net_stats: plain('net-stats -l'),
  all_vms: plain('vim-cmd vmsvc/getallvms', { timeoutMs: MINUTE_MS }),
  /** One answer for each VM, after a line `===VM===<vmid>`. Each takes about a second. */
  guest_info: {
    line: "for v in {vmids}; do printf '===VM===%d\\n' $v; vim-cmd vmsvc/get.guest $v; done",
    parameters: { vmids: 'numbers' },
    output: 'text',
    timeoutMs: 3 * MINUTE_MS,
    byteCap: 8 * 2 ** 20,
  },
  vmx_file: { line: 'dd if={path} bs=65536 count=8', parameters: { path: 'path' }, output: 'text' },

  // Switches.
  vswitch_list: esxcli('network vswitch standard list'),
  portgroup_list: esxcli('network vswitch standard portgroup list'),
  dvs_list: esxcli('network vswitch dvs vmware list'),
  nic_list: esxcli('network nic list'),

  // What the host allows and how it is set up.
  firewall_get: esxcli('network firewall get'),
  firewall_ruleset_list: esxcli('network firewall ruleset list'),
  firewall_rule_list: esxcli('network firewall ruleset rule list'),
  firewall_allowedip_list: esxcli('network firewall ruleset allowedip list'),
  vib_list: esxcli('software vib list', { timeoutMs: 2 * MINUTE_MS }),
  acceptance_get: esxcli('software acceptance get'),
  profile_get: esxcli('software profile get', { timeoutMs: 2 * MINUTE_MS }),
  account_list: esxcli('system account list'),
  permission_list: esxcli('system permission list'),
  syslog_config: esxcli('system syslog config get'),
  /** Since 7.0 U3. */
  audit_records: esxcli('system auditrecords get'),
  /** Only what differs from the default. */
  advanced_settings: esxcli('system settings advanced list -d'),
  guest_ip_hack: esxcli('system settings advanced list -o /Net/GuestIPHack'),
  kernel_settings: esxcli('system settings kernel list -d'),
  /** Since 7.0 U2. */
  encryption_get: esxcli('system settings encryption get'),
  dns_servers: perNetstack('network ip dns server list'),
  /** Each package is read and hashed: slow. */
  vib_signature: esxcli('software vib signature verify', { timeoutMs: 5 * MINUTE_MS }),
  /** Which services start with the host. */
  service_list: plain('chkconfig --list'),
  /** Open files and sockets of the host's processes: VMCI and vsock stand nowhere else. */
  open_files: plain('lsof -nPl || lsof', { timeoutMs: MINUTE_MS }),
  net_dvs: plain('net-dvs -l', { timeoutMs: MINUTE_MS }),
  /** What runs at boot or lets in, each after a line `===FILE===PATH`. */
  startup_files: plain(
    'for f in /etc/rc.local.d/local.sh /etc/profile.local /etc/inetd.conf /var/spool/cron/crontabs/root /etc/ssh/sshd_config /etc/ssh/keys-*/authorized_keys /etc/vmware/firewall/*.xml; do if [ -f "$f" ]; then printf \'===FILE===%s\\n\' "$f"; dd if="$f" bs=65536 count=4; fi; done',
  ),
  /** Modules of the boot bank by size and time. */
  boot_files: plain("stat -L -c '%s %Y %n' /bootbank/*"),
  /** Since 8.0. */
  ssh_server_config: esxcli('system ssh server config list'),

  // Log files. One look at all of them, with the host's clock before it.
  log_stat: {
    line: "date +%s; stat -L -c '%d %i %s %Y %n' {paths}",
    parameters: { paths: 'paths' },
    output: 'text',
  },
  /** Rotated files of one log: what the shell makes of its stem. */
  log_generations: {
    line: "stat -L -c '%d %i %s %Y %n' {stem}",
    parameters: { stem: 'stem' },
    output: 'text',
  },
  /** From a block on, and then the first bytes again: they prove that the file was the same one all the time. */
  log_read: {
    line: 'dd if={path} bs={block} skip={skip} count={count}; dd if={path} bs={head} count=1',
    parameters: { path: 'path', block: 'number', skip: 'number', count: 'number', head: 'number' },
    output: 'text',
    timeoutMs: 2 * MINUTE_MS,
  },
  /** Blocks of a rotated file, and then which file that name stands for: names move on when the next one is rotated. */
  log_blocks: {
    line: "dd if={path} bs={block} skip={skip} count={count}; stat -L -c '%d %i %s %Y %n' {path}",
    parameters: { path: 'path', block: 'number', skip: 'number', count: 'number' },
    output: 'text',
    timeoutMs: 2 * MINUTE_MS,
  },
} as const satisfies Readonly<Record<string, CommandSpec>>;

/** Name of a command that an ESXi host may be sent. */
export type EsxiCommandName = keyof typeof ESXI_COMMANDS;
