/**
 * What is read of which class of device, and how often. Names and OIDs are those of the MIB modules named beside them;
 * a group of scalars is walked like a table. Periods are seconds.
 */

/** One table, or one group of scalars, as it is read. */
export interface TablePlan {
  /** Columns to walk together; scalars by their OID without `.0`. */
  readonly roots: readonly string[];
  readonly everySeconds: number;
  /** Rows of one column at most, where the general limit is too much. */
  readonly rowCap?: number;
  /** Read once per VLAN of the device (`vtpVlanTable` says which) besides the default context. */
  readonly perVlan?: true;
}

const columns = (row: string, ...ids: readonly number[]): readonly string[] => ids.map((id) => `${row}.${id}`);

/** The table that names the VLANs of a Cisco switch: vtpVlanState, index domain and VLAN (CISCO-VTP-MIB). */
export const VLAN_TABLE = 'vtpVlanTable';

/** All tables by name. */
export const TABLE_PLANS = {
  // SNMPv2-MIB (RFC 3418): sysDescr, sysObjectID, sysUpTime, sysName, sysORLastChange.
  system: { roots: columns('1.3.6.1.2.1.1', 1, 2, 3, 5, 8), everySeconds: 300 },
  sysORTable: { roots: columns('1.3.6.1.2.1.1.9.1', 2), everySeconds: 86_400 },
  // SNMP-FRAMEWORK-MIB (RFC 3411): engine id, boots, time.
  snmpEngine: { roots: columns('1.3.6.1.6.3.10.2.1', 1, 2, 3), everySeconds: 3600 },
  // IF-MIB (RFC 2863): descr, type, physical address, operational status; name, HC octets, speed, alias; stack; last change.
  ifTable: { roots: columns('1.3.6.1.2.1.2.2.1', 2, 3, 6, 8), everySeconds: 600 },
  ifXTable: { roots: columns('1.3.6.1.2.1.31.1.1.1', 1, 6, 10, 15, 18), everySeconds: 600 },
  ifStackTable: { roots: columns('1.3.6.1.2.1.31.1.2.1', 3), everySeconds: 3600 },
  ifChanges: { roots: columns('1.3.6.1.2.1.31.1', 5, 6), everySeconds: 300 },
  // IP-MIB (RFC 4293 and its deprecated tables), CISCO-IETF-IP-MIB, IPV6-MIB (RFC 2465).
  ipAddressTable: { roots: columns('1.3.6.1.2.1.4.34.1', 3, 4, 5), everySeconds: 3600 },
  ipAddrTable: { roots: columns('1.3.6.1.2.1.4.20.1', 2, 3), everySeconds: 3600 },
  ipNetToPhysicalTable: { roots: columns('1.3.6.1.2.1.4.35.1', 4, 5, 6, 7), everySeconds: 300 },
  ipNetToMediaTable: { roots: columns('1.3.6.1.2.1.4.22.1', 2, 4), everySeconds: 300 },
  cInetNetToMediaTable: { roots: columns('1.3.6.1.4.1.9.10.86.1.1.3.1', 3, 5, 6), everySeconds: 300 },
  ipv6NetToMediaTable: { roots: columns('1.3.6.1.2.1.55.1.12.1', 2, 3, 4), everySeconds: 300 },
  // IP-FORWARD-MIB (RFC 4292): a full routing table has a million rows, so no class reads it: name it in `periods`.
  inetCidrRouteTable: { roots: columns('1.3.6.1.2.1.4.24.7.1', 7, 8, 9), everySeconds: 21_600, rowCap: 5000 },
  // TCP-MIB (RFC 4022), UDP-MIB (RFC 4113), HOST-RESOURCES-MIB (RFC 2790).
  tcpConnectionTable: { roots: columns('1.3.6.1.2.1.6.19.1', 7, 8), everySeconds: 120 },
  tcpListenerTable: { roots: columns('1.3.6.1.2.1.6.20.1', 4), everySeconds: 600 },
  udpEndpointTable: { roots: columns('1.3.6.1.2.1.7.7.1', 8), everySeconds: 600 },
  hrSWRunTable: { roots: columns('1.3.6.1.2.1.25.4.2.1', 2, 4, 5), everySeconds: 300, rowCap: 5000 },
  // BRIDGE-MIB (RFC 4188), Q-BRIDGE-MIB (RFC 4363), IEEE8021-BRIDGE-MIB and IEEE8021-Q-BRIDGE-MIB.
  dot1dBasePortTable: { roots: columns('1.3.6.1.2.1.17.1.4.1', 2), everySeconds: 1800, perVlan: true },
  dot1dTpFdbTable: { roots: columns('1.3.6.1.2.1.17.4.3.1', 2, 3), everySeconds: 600, perVlan: true },
  dot1qTpFdbTable: { roots: columns('1.3.6.1.2.1.17.7.1.2.2.1', 2, 3), everySeconds: 600 },
  dot1qVlanCurrentTable: { roots: columns('1.3.6.1.2.1.17.7.1.4.2.1', 3), everySeconds: 1800 },
  ieee8021BridgeBasePortTable: { roots: columns('1.3.111.2.802.1.1.2.1.1.4.1', 3), everySeconds: 1800 },
  ieee8021QBridgeTpFdbTable: { roots: columns('1.3.111.2.802.1.1.4.1.2.2.1', 2, 3), everySeconds: 600 },
  [VLAN_TABLE]: { roots: columns('1.3.6.1.4.1.9.9.46.1.3.1.1', 2), everySeconds: 1800 },
  // LLDP-MIB and LLDP-V2-MIB (IEEE 802.1AB), CISCO-CDP-MIB, MIKROTIK-MIB.
  lldpLocal: { roots: columns('1.0.8802.1.1.2.1.3', 1, 2, 3), everySeconds: 3600 },
  lldpLocPortTable: { roots: columns('1.0.8802.1.1.2.1.3.7.1', 2, 3, 4), everySeconds: 3600 },
  lldpRemTable: { roots: columns('1.0.8802.1.1.2.1.4.1.1', 4, 5, 6, 7, 8, 9), everySeconds: 900 },
  lldpRemManAddrTable: { roots: columns('1.0.8802.1.1.2.1.4.2.1', 3, 4), everySeconds: 3600 },
  lldpV2RemTable: { roots: columns('1.3.111.2.802.1.1.13.1.4.1.1', 5, 6, 7, 8, 9, 10), everySeconds: 900 },
  cdpCacheTable: { roots: columns('1.3.6.1.4.1.9.9.23.1.2.1.1', 3, 4, 6, 7, 8), everySeconds: 900 },
  mtxrNeighborTable: { roots: columns('1.3.6.1.4.1.14988.1.1.11.1.1', 2, 3, 5, 6, 8), everySeconds: 900 },
  // ENTITY-MIB (RFC 6933).
  entPhysicalTable: {
    roots: columns('1.3.6.1.2.1.47.1.1.1.1', 2, 4, 5, 7, 10, 11, 12, 13),
    everySeconds: 86_400,
    rowCap: 2000,
  },
  entAliasMappingTable: { roots: columns('1.3.6.1.2.1.47.1.3.2.1', 2), everySeconds: 86_400, rowCap: 5000 },
  // VMWARE-PRODUCTS-MIB, VMWARE-VMINFO-MIB.
  vmwProduct: { roots: columns('1.3.6.1.4.1.6876.1', 1, 2, 4, 5), everySeconds: 3600 },
  vmwVmTable: { roots: columns('1.3.6.1.4.1.6876.2.1.1', 2, 3, 4, 6, 8, 10), everySeconds: 300 },
  vmwVmNetTable: { roots: columns('1.3.6.1.4.1.6876.2.4.1', 3, 4, 6, 7), everySeconds: 300 },
  // CISCO-CONFIG-MAN-MIB, JUNIPER-CFGMGMT-MIB, ARISTA-CONFIG-MAN-MIB: when the configuration changed, and by whom.
  ccmHistory: { roots: columns('1.3.6.1.4.1.9.9.43.1.1', 1, 2, 3), everySeconds: 120 },
  ccmHistoryEventTable: {
    roots: columns('1.3.6.1.4.1.9.9.43.1.1.6.1', 2, 3, 4, 5, 8, 11, 16, 17),
    everySeconds: 900,
    rowCap: 500,
  },
  jnxCmCfgChgLatest: { roots: columns('1.3.6.1.4.1.2636.3.18.1', 1, 2, 3, 4, 5), everySeconds: 120 },
  jnxCmCfgChgEventTable: {
    roots: columns('1.3.6.1.4.1.2636.3.18.1.7.1', 2, 3, 4, 5, 6),
    everySeconds: 900,
    rowCap: 500,
  },
  aristaCmdHistoryEventTable: {
    roots: columns('1.3.6.1.4.1.30065.3.9.1.1.2.1', 2, 3, 4, 5, 6, 7),
    everySeconds: 900,
    rowCap: 500,
  },
  // CISCO-IPSEC-FLOW-MONITOR-MIB, FORTINET-FORTIGATE-MIB.
  cikeTunnelTable: {
    roots: columns('1.3.6.1.4.1.9.9.171.1.2.3.1', 4, 5, 7, 8, 9, 35),
    everySeconds: 300,
    rowCap: 5000,
  },
  cipSecTunnelTable: { roots: columns('1.3.6.1.4.1.9.9.171.1.3.2.1', 2, 4, 5, 51), everySeconds: 300, rowCap: 5000 },
  cipSecEndPtTable: { roots: columns('1.3.6.1.4.1.9.9.171.1.3.3.1', 4, 10), everySeconds: 900, rowCap: 5000 },
  fgVpnTunTable: { roots: columns('1.3.6.1.4.1.12356.101.12.2.2.1', 2, 3, 4, 6, 20), everySeconds: 300 },
  fgFwPolStatsTable: { roots: columns('1.3.6.1.4.1.12356.101.5.1.2.1.1', 2, 3, 4, 5, 6), everySeconds: 900 },
  // JUNIPER-IPSEC-FLOW-MON-MIB.
  jnxIkeTunnelMonTable: {
    roots: columns('1.3.6.1.4.1.2636.3.52.1.1.2.1', 4, 6, 14),
    everySeconds: 300,
    rowCap: 5000,
  },
  jnxIpSecTunnelMonTable: {
    roots: columns('1.3.6.1.4.1.2636.3.52.1.2.2.1', 5, 6, 7),
    everySeconds: 300,
    rowCap: 5000,
  },
  // CISCO-REMOTE-ACCESS-MONITOR-MIB, FORTINET-FORTIGATE-MIB: users of remote access VPN.
  crasSessionTable: { roots: columns('1.3.6.1.4.1.9.9.392.1.3.21.1', 2, 8, 10), everySeconds: 300, rowCap: 20_000 },
  fgVpnSslTunnelTable: {
    roots: columns('1.3.6.1.4.1.12356.101.12.2.4.1', 2, 3, 4, 5),
    everySeconds: 300,
    rowCap: 20_000,
  },
  // PAN-COMMON-MIB: how many sessions; PAN-OS shows none of them by SNMP.
  panSessions: { roots: columns('1.3.6.1.4.1.25461.2.1.2.3', 1, 2, 3, 4, 5, 6, 7), everySeconds: 300 },
  // One recorded device has 441,153 sessions, so no class reads this table: name it in `periods` to have it.
  fgIpSessTable: {
    roots: columns('1.3.6.1.4.1.12356.101.11.2.1.1', 2, 3, 4, 5, 6, 7, 8),
    everySeconds: 300,
    rowCap: 20_000,
  },
} as const satisfies Record<string, TablePlan>;

/** Name of a table that can be read. */
export type TableName = keyof typeof TABLE_PLANS;

const EVERY: readonly TableName[] = [
  'system',
  'snmpEngine',
  'sysORTable',
  'ifChanges',
  'ifTable',
  'ifXTable',
  'ifStackTable',
  'ipAddressTable',
  'ipAddrTable',
  'entPhysicalTable',
];
const NEIGHBOURS: readonly TableName[] = ['ipNetToPhysicalTable', 'ipNetToMediaTable', 'ipv6NetToMediaTable'];
const BRIDGE: readonly TableName[] = [
  'dot1dBasePortTable',
  'dot1dTpFdbTable',
  'dot1qTpFdbTable',
  'dot1qVlanCurrentTable',
];
const BRIDGE_IEEE: readonly TableName[] = ['ieee8021BridgeBasePortTable', 'ieee8021QBridgeTpFdbTable'];
const LLDP: readonly TableName[] = [
  'lldpLocal',
  'lldpLocPortTable',
  'lldpRemTable',
  'lldpRemManAddrTable',
  'lldpV2RemTable',
];
/** Processes first, as sockets name theirs; then listeners, as they tell which side began. */
const SOCKETS: readonly TableName[] = ['hrSWRunTable', 'tcpListenerTable', 'tcpConnectionTable', 'udpEndpointTable'];
const CISCO: readonly TableName[] = [
  'cInetNetToMediaTable',
  'cdpCacheTable',
  'ccmHistory',
  'ccmHistoryEventTable',
  'entAliasMappingTable',
];
const CISCO_VPN: readonly TableName[] = [
  'cikeTunnelTable',
  'cipSecTunnelTable',
  'cipSecEndPtTable',
  'crasSessionTable',
];

/** Classes of devices and the tables read of each. */
export const DEVICE_CLASSES = {
  generic: [...EVERY, ...NEIGHBOURS, ...BRIDGE, ...LLDP],
  switch: [...EVERY, ...NEIGHBOURS, ...BRIDGE, ...BRIDGE_IEEE, ...LLDP],
  router: [...EVERY, ...NEIGHBOURS, ...LLDP, 'tcpConnectionTable'],
  'cisco-switch': [...EVERY, ...NEIGHBOURS, VLAN_TABLE, ...BRIDGE, ...LLDP, ...CISCO],
  'cisco-router': [...EVERY, ...NEIGHBOURS, ...LLDP, ...CISCO, ...CISCO_VPN, 'tcpConnectionTable'],
  'cisco-asa': [...EVERY, ...NEIGHBOURS, ...CISCO_VPN],
  arista: [...EVERY, ...NEIGHBOURS, ...BRIDGE, ...LLDP, 'aristaCmdHistoryEventTable'],
  juniper: [
    ...EVERY,
    ...NEIGHBOURS,
    ...BRIDGE,
    ...LLDP,
    'jnxCmCfgChgLatest',
    'jnxCmCfgChgEventTable',
    'jnxIkeTunnelMonTable',
    'jnxIpSecTunnelMonTable',
  ],
  fortigate: [...EVERY, ...NEIGHBOURS, ...LLDP, 'fgVpnTunTable', 'fgVpnSslTunnelTable', 'fgFwPolStatsTable'],
  paloalto: [...EVERY, 'lldpV2RemTable', 'lldpRemTable', 'lldpLocPortTable', 'panSessions'],
  mikrotik: [...EVERY, ...NEIGHBOURS, ...BRIDGE, ...LLDP, 'mtxrNeighborTable'],
  esxi: [
    ...EVERY,
    ...NEIGHBOURS,
    ...BRIDGE_IEEE,
    'lldpV2RemTable',
    ...SOCKETS,
    'vmwProduct',
    'vmwVmTable',
    'vmwVmNetTable',
  ],
  server: [...EVERY, ...NEIGHBOURS, ...SOCKETS, 'lldpRemTable', 'lldpLocPortTable'],
} as const satisfies Record<string, readonly TableName[]>;

/** Name of a class of devices. */
export type DeviceClass = keyof typeof DEVICE_CLASSES;
