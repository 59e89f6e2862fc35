import type { EsxiCommandName } from '../../../collectors/ssh/commands/esxi.data';
import type { EsxcliAnswer, EsxcliRow } from './esxcli-format';
import { RELEASES, type EsxiHost, type EsxiVm } from './esxi-world';

const columns = (type: string, rows: readonly EsxcliRow[]): EsxcliAnswer => ({ type, layout: 'columns', rows });
const blocks = (type: string, rows: readonly EsxcliRow[]): EsxcliAnswer => ({ type, layout: 'blocks', rows });
const single = (type: string, fields: EsxcliRow['fields']): EsxcliAnswer => ({
  type,
  layout: 'single',
  rows: [{ fields }],
});

/** VMs that run. */
export function running(host: EsxiHost): readonly EsxiVm[] {
  return host.vms.filter(({ worldId }) => worldId > 0);
}

/** `564d…` as esxcli writes it: `56 4d c4 d7 de eb 77 81-dc 69 4e 96 d4 c6 18 4f`. */
function spacedUuid(uuid: string): string {
  const pairs = uuid.match(/../gu) ?? [];
  return `${pairs.slice(0, 8).join(' ')}-${pairs.slice(8).join(' ')}`;
}

/** What an esxcli command answers; undefined: this version does not have it. `now` is the host's clock, epoch ms. */
export function esxcliAnswer(
  host: EsxiHost,
  command: EsxiCommandName,
  parameters: Readonly<Record<string, string>>,
  now: number,
): EsxcliAnswer | undefined {
  const major = Number.parseInt(host.version, 10);
  switch (command) {
    case 'system_version':
      return single('VersionGet', [
        ['Product', 'VMware ESXi'],
        ['Version', RELEASES[host.version].full],
        ['Build', `Releasebuild-${host.build}`],
        ['Update', 3],
        ['Patch', 70],
      ]);
    case 'system_hostname':
      return single('HostnameGet', [
        ['Domain Name', 'example.net'],
        ['Fully Qualified Domain Name', `${host.name}.example.net`],
        ['Host Name', host.name],
      ]);
    case 'netstack_list':
      return blocks(
        'NetStackInstance',
        host.netstacks.map((name) => ({
          title: name,
          fields: [
            ['Key', name],
            ['Name', name],
            ['State', 4660],
          ],
        })),
      );
    case 'connection_list':
      return columns(
        'IpConnection',
        host.sockets
          .filter(({ netstack }) => netstack === parameters['netstack'])
          .map((socket) => ({
            fields: [
              ['Proto', socket.protocol],
              ['Recv Q', 0],
              ['Send Q', 0],
              ['Local Address', socket.local],
              ['Foreign Address', socket.foreign],
              ['State', socket.state],
              ['World ID', socket.worldId],
              ['CC Algo', socket.protocol === 'tcp' && socket.worldId !== 0 ? 'newreno' : ''],
              ['World Name', socket.worldName.slice(0, 15)],
            ],
          })),
      );
    case 'neighbor_list':
      return columns(
        'NeighborEntry',
        parameters['netstack'] === host.netstacks[0]
          ? host.neighbours.map(({ address, mac, vmk }) => ({
              fields: [
                ['Neighbor', address],
                ['Mac Address', mac],
                ['Vmknic', vmk],
                ['Expiry', '1185 sec'],
                ['State', ''],
                ['Type', 'Unknown'],
              ],
            }))
          : [],
      );
    case 'interface_list':
      return blocks(
        'NetworkInterface',
        host.vmkernels
          .filter(({ netstack }) => netstack === parameters['netstack'])
          .map((vmk) => ({
            title: vmk.name,
            fields: [
              ['Name', vmk.name],
              ['MAC Address', vmk.mac],
              ['Enabled', true],
              ['Portset', vmk.vswitch],
              ['Portgroup', vmk.portgroup],
              ['Netstack Instance', vmk.netstack],
              ['VDS Name', 'N/A'],
              ['VDS UUID', 'N/A'],
              ['VDS Port', 'N/A'],
              ['VDS Connection', -1],
              ['Opaque Network ID', 'N/A'],
              ['Opaque Network Type', 'N/A'],
              ['External ID', 'N/A'],
              ['MTU', 1500],
              ['TSO MSS', 65_535],
              ['Port ID', vmk.portId],
            ],
          })),
      );
    case 'interface_ipv4':
      return columns(
        'IPv4Interface',
        host.vmkernels
          .filter(({ netstack }) => netstack === parameters['netstack'])
          .map((vmk) => ({
            fields: [
              ['Name', vmk.name],
              ['IPv4 Address', vmk.address],
              ['IPv4 Netmask', vmk.netmask],
              ['IPv4 Broadcast', vmk.address.replace(/\.\d+$/u, '.255')],
              ['Address Type', 'STATIC'],
              ['Gateway', '0.0.0.0'],
              ['DHCP DNS', false],
            ],
          })),
      );
    case 'vm_process_list':
      return blocks(
        'VirtualMachine',
        running(host).map((vm) => ({
          title: vm.name,
          fields: [
            ['World ID', vm.worldId],
            ['Process ID', 0],
            ['VMX Cartel ID', vm.worldId - 1],
            ['UUID', spacedUuid(vm.uuid)],
            ['Display Name', vm.name],
            ['Config File', vm.vmx],
          ],
        })),
      );
    case 'network_vm_list':
      return columns(
        'VirtualMachine',
        running(host).map((vm) => ({
          fields: [
            ['World ID', vm.worldId],
            ['Name', vm.name],
            ['Num Ports', vm.nics.length],
            ['Networks', vm.nics.map(({ portgroup }) => portgroup)],
          ],
        })),
      );
    case 'vm_port_list': {
      const vm = running(host).find(({ worldId }) => String(worldId) === parameters['world']);
      if (vm === undefined) return undefined;
      return blocks(
        'Port',
        vm.nics.map((nic) => ({
          fields: [
            ['Port ID', nic.portId],
            ['vSwitch', nic.vswitch],
            ['Portgroup', nic.portgroup],
            ['DVPort ID', nic.dvPort === undefined ? '' : String(nic.dvPort)],
            ['MAC Address', nic.mac],
            ['IP Address', host.guestIpHack ? (nic.addresses[0] ?? '0.0.0.0') : '0.0.0.0'],
            ['Team Uplink', nic.uplink],
            ['Uplink Port ID', 33_554_434],
            ['Active Filters', []],
          ],
        })),
      );
    }
    case 'portgroup_list': {
      const names = new Map<string, string>();
      for (const { portgroup, vswitch } of host.vmkernels) names.set(portgroup, vswitch);
      for (const { nics } of host.vms) for (const nic of nics) names.set(nic.portgroup, nic.vswitch);
      return columns(
        'PortGroup',
        [...names].map(([name, vswitch]) => ({
          fields: [
            ['Name', name],
            ['Virtual Switch', vswitch],
            ['Active Clients', 1],
            ['VLAN ID', 0],
          ],
        })),
      );
    }
    case 'vswitch_list':
      return blocks('VirtualSwitch', [
        {
          title: 'vSwitch0',
          fields: [
            ['Name', 'vSwitch0'],
            ['Class', 'cswitch'],
            ['Num Ports', 2560],
            ['Used Ports', 8],
            ['Configured Ports', 128],
            ['MTU', 1500],
            ['CDP Status', 'listen'],
            ['Beacon Enabled', false],
            ['Uplinks', ['vmnic0']],
            ['Portgroups', ['VM Network', 'Management Network']],
          ],
        },
      ]);
    case 'nic_list':
      return columns('NetworkInterface', [
        {
          fields: [
            ['Name', 'vmnic0'],
            ['PCI Device', '0000:0b:00.0'],
            ['Driver', 'nvmxnet3'],
            ['Admin Status', 'Up'],
            ['Link Status', 'Up'],
            ['Speed', 10_000],
            ['Duplex', 'Full'],
            ['MAC Address', '00:50:56:aa:00:01'],
            ['MTU', 1500],
            ['Description', 'VMware Inc. vmxnet3 Virtual Ethernet Controller'],
          ],
        },
      ]);
    case 'firewall_get':
      return single('FirewallGet', [
        ['Default Action', 'DROP'],
        ['Enabled', true],
        ['Loaded', true],
      ]);
    case 'firewall_ruleset_list':
      return columns(
        'Ruleset',
        host.rulesets.map(({ name, enabled }) => ({
          fields: [
            ['Name', name],
            ['Enabled', enabled],
          ],
        })),
      );
    case 'firewall_rule_list':
      return columns(
        'Rule',
        host.rulesets.map(({ name }) => ({
          fields: [
            ['Ruleset', name],
            ['Direction', name === 'syslog' ? 'Outbound' : 'Inbound'],
            ['Protocol', 'TCP'],
            ['Port Type', 'Dst'],
            ['Port Begin', name === 'syslog' ? 1514 : 22],
            ['Port End', name === 'syslog' ? 1514 : 22],
          ],
        })),
      );
    case 'firewall_allowedip_list':
      return columns(
        'AllowedIP',
        host.rulesets.map(({ name, allowed }) => ({
          fields: [
            ['Ruleset', name],
            ['Allowed IP Addresses', allowed],
          ],
        })),
      );
    case 'vib_list':
      return columns(
        'VIBExt',
        host.vibs.map(({ name, version, acceptance }) => ({
          fields: [
            ['Name', name],
            ['Version', version],
            ['Vendor', 'VMware'],
            ['Acceptance Level', acceptance],
            ['Install Date', '2026-01-02'],
          ],
        })),
      );
    case 'account_list':
      return columns(
        'Account',
        host.accounts.map((name) => ({
          fields: [
            ['User ID', name],
            ['Description', 'a user'],
          ],
        })),
      );
    case 'permission_list':
      return columns(
        'Permission',
        host.accounts.map((name) => ({
          fields: [
            ['Principal', name],
            ['Is Group', false],
            ['Role', name === 'ascribe' ? 'ReadOnly' : 'Admin'],
            ['Role Description', ''],
          ],
        })),
      );
    case 'syslog_config':
      return single('SyslogConfig', [
        ['Default Network Retry Timeout', 180],
        ['Dropped Log File Rotation Size', 100],
        ['Dropped Log File Rotations', 10],
        ['Enforce SSLCertificates', true],
        ['Local Log Output', '/scratch/log'],
        ['Local Log Output Is Configured', false],
        ['Local Log Output Is Persistent', true],
        ['Local Logging Default Rotation Size', 1024],
        ['Local Logging Default Rotations', 8],
        ['Log To Unique Subdirectory', false],
        ['Message Queue Drop Mark', 90],
        ['Remote Host', host.remoteSyslog],
      ]);
    case 'audit_records':
      if (major < 7) return undefined;
      return single('AuditRecords', [
        ['Audit Record Storage Active', false],
        ['Audit Remote Host Enabled', false],
      ]);
    case 'ssh_server_config':
      if (major < 8) return undefined;
      return columns('SshConfig', [
        {
          fields: [
            ['Key', 'allowtcpforwarding'],
            ['Value', 'no'],
          ],
        },
      ]);
    case 'guest_ip_hack':
      return blocks('Option', [
        {
          fields: [
            ['Path', '/Net/GuestIPHack'],
            ['Type', 'integer'],
            ['Int Value', host.guestIpHack ? 1 : 0],
            ['Default Int Value', 0],
          ],
        },
      ]);
    case 'acceptance_get':
      return single('Acceptance', [['Acceptance Level', 'PartnerSupported']]);
    case 'process_list':
      return columns(
        'Process',
        host.sockets
          .filter(({ worldId }) => worldId > 0)
          .map(({ worldId, worldName }) => ({
            fields: [
              ['Id', worldId],
              ['Security Domain', 0],
              ['System Container', 'host/vim'],
              ['Description', worldName],
            ],
          })),
      );
    case 'time_get':
    case 'hardware_clock':
      return single('Time', [['Time', new Date(now).toISOString().replace(/\.\d+Z$/u, 'Z')]]);
    case 'ntp_get':
      return single('Ntp', [
        ['Enabled', true],
        ['Server', ['10.0.0.1']],
      ]);
    case 'system_uuid':
    case 'system_uptime':
    case 'hardware_platform':
    case 'interface_ipv6':
    case 'route_ipv4':
    case 'route_ipv6':
    case 'dvs_list':
    case 'profile_get':
    case 'advanced_settings':
    case 'kernel_settings':
    case 'encryption_get':
    case 'dns_servers':
      return columns('Nothing', []);
    case 'vib_signature':
      return columns(
        'VIB',
        host.vibs.map(({ name, acceptance }) => ({
          fields: [
            ['Name', name],
            ['Acceptance Level', acceptance],
            ['Signature Check Result', acceptance === 'CommunitySupported' ? 'Failed: no signature' : 'Succeeded'],
          ],
        })),
      );
    case 'service_list':
    case 'open_files':
    case 'net_dvs':
    case 'startup_files':
    case 'boot_files':
    case 'probe':
    case 'net_stats':
    case 'all_vms':
    case 'guest_info':
    case 'vmx_file':
    case 'log_stat':
    case 'log_generations':
    case 'log_read':
    case 'log_blocks':
      return undefined;
  }
}

/** Answers that are one value, without a name in every form but XML. */
export function plainAnswer(host: EsxiHost, command: EsxiCommandName, now: number): string | undefined {
  if (command === 'system_uuid') return `${host.uuid}\n`;
  if (command === 'system_uptime') return `${Math.max(0, now - host.bootedAt) * 1000}\n`;
  return undefined;
}
