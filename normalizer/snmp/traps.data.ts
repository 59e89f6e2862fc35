import type { NotificationName, ObjectName } from './built-in.data';

/** How a notification becomes an event: the objects behind the event's fields, and what else is kept of it. */
export interface TrapRow {
  readonly category: string;
  readonly action: string;
  readonly outcome?: 'success' | 'failure';
  readonly user?: ObjectName;
  readonly sourceIp?: readonly ObjectName[];
  readonly message?: ObjectName;
  readonly command?: ObjectName;
  /** Name under which an object is kept. */
  readonly extra?: Readonly<Record<string, ObjectName>>;
}

const TUNNEL = { 'ascribe.tunnel.local': 'cikePeerLocalAddr', 'ascribe.tunnel.remote': 'cikePeerRemoteAddr' } as const;
const FORTINET_TUNNEL = {
  'ascribe.tunnel.local': 'fgVpnTrapLocalGateway',
  'ascribe.tunnel.remote': 'fgVpnTrapRemoteGateway',
  'ascribe.tunnel.name': 'fgVpnTrapPhase1Name',
} as const;
const VM = {
  'ascribe.vm.name': 'vmwVmDisplayName',
  'ascribe.vm.path': 'vmwVmConfigFilePath',
  'ascribe.vm.id': 'vmwVmID',
} as const;
const CISCO_CONFIG = {
  'ascribe.config.command_source': 'ccmHistoryEventCommandSource',
  'ascribe.config.source': 'ccmHistoryEventConfigSource',
  'ascribe.config.destination': 'ccmHistoryEventConfigDestination',
  'ascribe.config.terminal_type': 'ccmHistoryEventTerminalType',
} as const;
const CISCO_ADDRESS = ['ccmHistoryEventCommandSourceAddrRev1', 'ccmHistoryEventCommandSourceAddress'] as const;

/** Notifications with a meaning of their own; all others become `trap`. Objects as the catalogue's documents list them. */
export const TRAPS: Readonly<Partial<Record<NotificationName, TrapRow>>> = {
  coldStart: { category: 'host', action: 'device_restart' },
  warmStart: { category: 'host', action: 'device_restart' },
  linkDown: { category: 'network', action: 'interface_down' },
  linkUp: { category: 'network', action: 'interface_up' },
  authenticationFailure: { category: 'authentication', action: 'snmp_authentication', outcome: 'failure' },
  entConfigChange: { category: 'host', action: 'hardware_change' },
  ciscoConfigManEvent: {
    category: 'configuration',
    action: 'config_change',
    user: 'ccmHistoryEventTerminalUser',
    sourceIp: CISCO_ADDRESS,
    extra: CISCO_CONFIG,
  },
  ccmCLIRunningConfigChanged: {
    category: 'configuration',
    action: 'config_change',
    user: 'ccmHistoryEventTerminalUser',
    sourceIp: CISCO_ADDRESS,
    extra: CISCO_CONFIG,
  },
  clogMessageGenerated: {
    category: 'host',
    action: 'message',
    message: 'clogHistMsgText',
    extra: {
      'ascribe.message.facility': 'clogHistFacility',
      'ascribe.message.name': 'clogHistMsgName',
      'ascribe.message.severity': 'clogHistSeverity',
    },
  },
  cikeTunnelStart: { category: 'session', action: 'vpn_connect', extra: TUNNEL },
  cikeTunnelStop: { category: 'session', action: 'vpn_disconnect', extra: TUNNEL },
  cipSecTunnelStart: { category: 'session', action: 'vpn_connect', extra: TUNNEL },
  cipSecTunnelStop: { category: 'session', action: 'vpn_disconnect', extra: TUNNEL },
  jnxCmCfgChange: {
    category: 'configuration',
    action: 'config_change',
    user: 'jnxCmCfgChgEventUser',
    message: 'jnxCmCfgChgEventLog',
    extra: { 'ascribe.config.source': 'jnxCmCfgChgEventSource' },
  },
  aristaConfigManEvent: {
    category: 'configuration',
    action: 'config_change',
    extra: {
      'ascribe.config.command_source': 'aristaCmdHistoryEventCommandSource',
      'ascribe.config.source': 'aristaCmdHistoryEventConfigSource',
      'ascribe.config.destination': 'aristaCmdHistoryEventConfigDestination',
    },
  },
  fgTrapVpnTunUp: { category: 'session', action: 'vpn_connect', extra: FORTINET_TUNNEL },
  fgTrapVpnTunDown: { category: 'session', action: 'vpn_disconnect', extra: FORTINET_TUNNEL },
  fgFmTrapConfChange: { category: 'configuration', action: 'config_change' },
  panConfigTrap: {
    category: 'configuration',
    action: 'config_change',
    user: 'panConfigAdmin',
    command: 'panConfigCmd',
    extra: {
      'ascribe.config.path': 'panConfigPath',
      'ascribe.config.client': 'panConfigClient',
      'ascribe.config.result': 'panConfigResult',
      'panos.vsys': 'panVsys',
      'observer.serial_number': 'panSerial',
    },
  },
  vmwVmPoweredOn: { category: 'host', action: 'vm_power_on', extra: VM },
  vmwVmPoweredOff: { category: 'host', action: 'vm_power_off', extra: VM },
  vmwVmHBLost: { category: 'host', action: 'vm_heartbeat_lost', extra: VM },
  vmwVmHBDetected: { category: 'host', action: 'vm_heartbeat', extra: VM },
  vmwVmSuspended: { category: 'host', action: 'vm_suspend', extra: VM },
  lldpRemTablesChange: { category: 'network', action: 'neighbour_change' },
};

/** Traps of ESX before 4.0 (VMWARE-TRAPS-MIB): enterprise 6876, specific 1 to 5. */
export const TRAP_ALIASES: Readonly<Record<string, NotificationName>> = {
  '1.3.6.1.4.1.6876.0.1': 'vmwVmPoweredOn',
  '1.3.6.1.4.1.6876.0.2': 'vmwVmPoweredOff',
  '1.3.6.1.4.1.6876.0.3': 'vmwVmHBLost',
  '1.3.6.1.4.1.6876.0.4': 'vmwVmHBDetected',
  '1.3.6.1.4.1.6876.0.5': 'vmwVmSuspended',
};

/** HistoryEventMedium (CISCO-CONFIG-MAN-MIB). */
const MEDIUM = [
  '',
  'erase',
  'commandSource',
  'running',
  'startup',
  'local',
  'networkTftp',
  'networkRcp',
  'networkFtp',
  'networkScp',
];
/** ConfigHistoryEventMedium (ARISTA-CONFIG-MAN-MIB). */
const ARISTA_MEDIUM = ['none', 'erase', 'commandSource', 'running', 'startup', 'url', 'session'];
const COMMAND_SOURCE = ['', 'commandLine', 'snmp'];

/** Names of enumerated values, by object. Sources: the objects' documents in the catalogue. */
export const ENUMERATIONS: Readonly<Partial<Record<ObjectName, readonly string[]>>> = {
  ccmHistoryEventCommandSource: COMMAND_SOURCE,
  ccmHistoryEventConfigSource: MEDIUM,
  ccmHistoryEventConfigDestination: MEDIUM,
  ccmHistoryEventTerminalType: ['', 'notApplicable', 'unknown', 'console', 'terminal', 'virtual', 'auxiliary'],
  aristaCmdHistoryEventCommandSource: ['commandLine', 'snmp'],
  aristaCmdHistoryEventConfigSource: ARISTA_MEDIUM,
  aristaCmdHistoryEventConfigDestination: ARISTA_MEDIUM,
  jnxCmCfgChgEventSource: ['', 'other', 'cli', 'junoscript', 'synchronize', 'snmp', 'button', 'autoinstall', 'unknown'],
};
