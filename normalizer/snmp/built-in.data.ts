import aristaConfigManMib from '../../mibs/catalogue/arista-config-man.json';
import bridgeMib from '../../mibs/catalogue/bridge.json';
import ciscoCdpMib from '../../mibs/catalogue/cisco-cdp.json';
import ciscoConfigManMib from '../../mibs/catalogue/cisco-config-man.json';
import ciscoIetfIpMib from '../../mibs/catalogue/cisco-ietf-ip.json';
import ciscoIpsecFlowMonitorMib from '../../mibs/catalogue/cisco-ipsec-flow-monitor.json';
import ciscoRemoteAccessMonitorMib from '../../mibs/catalogue/cisco-remote-access-monitor.json';
import ciscoSyslogMib from '../../mibs/catalogue/cisco-syslog.json';
import ciscoVtpMib from '../../mibs/catalogue/cisco-vtp.json';
import entityMib from '../../mibs/catalogue/entity.json';
import fortinetFortigateMib from '../../mibs/catalogue/fortinet-fortigate.json';
import hostResourcesMib from '../../mibs/catalogue/host-resources.json';
import ieee8021BridgeMib from '../../mibs/catalogue/ieee8021-bridge.json';
import ieee8021QBridgeMib from '../../mibs/catalogue/ieee8021-q-bridge.json';
import ifMib from '../../mibs/catalogue/if.json';
import ipForwardMib from '../../mibs/catalogue/ip-forward.json';
import ipMib from '../../mibs/catalogue/ip.json';
import ipv6Mib from '../../mibs/catalogue/ipv6.json';
import juniperCfgmgmtMib from '../../mibs/catalogue/juniper-cfgmgmt.json';
import juniperIpsecFlowMonMib from '../../mibs/catalogue/juniper-ipsec-flow-mon.json';
import lldpV2Mib from '../../mibs/catalogue/lldp-v2.json';
import lldpMib from '../../mibs/catalogue/lldp.json';
import mikrotikMib from '../../mibs/catalogue/mikrotik.json';
import panCommonMib from '../../mibs/catalogue/pan-common.json';
import panTrapsMib from '../../mibs/catalogue/pan-traps.json';
import qBridgeMib from '../../mibs/catalogue/q-bridge.json';
import snmpFrameworkMib from '../../mibs/catalogue/snmp-framework.json';
import snmpv2Mib from '../../mibs/catalogue/snmpv2.json';
import tcpMib from '../../mibs/catalogue/tcp.json';
import udpMib from '../../mibs/catalogue/udp.json';
import vmwareSystemMib from '../../mibs/catalogue/vmware-system.json';
import vmwareVminfoMib from '../../mibs/catalogue/vmware-vminfo.json';

/** The catalogue that comes with ascribe, one module a file. Its types carry every name in it. */
export const BUILT_IN_MODULES = [
  aristaConfigManMib,
  bridgeMib,
  ciscoCdpMib,
  ciscoConfigManMib,
  ciscoIetfIpMib,
  ciscoIpsecFlowMonitorMib,
  ciscoRemoteAccessMonitorMib,
  ciscoSyslogMib,
  ciscoVtpMib,
  entityMib,
  fortinetFortigateMib,
  hostResourcesMib,
  ieee8021BridgeMib,
  ieee8021QBridgeMib,
  ifMib,
  ipForwardMib,
  ipMib,
  ipv6Mib,
  juniperCfgmgmtMib,
  juniperIpsecFlowMonMib,
  lldpV2Mib,
  lldpMib,
  mikrotikMib,
  panCommonMib,
  panTrapsMib,
  qBridgeMib,
  snmpFrameworkMib,
  snmpv2Mib,
  tcpMib,
  udpMib,
  vmwareSystemMib,
  vmwareVminfoMib,
] as const;

type Module = (typeof BUILT_IN_MODULES)[number];
type KeysOf<Part> = Part extends unknown ? keyof Part : never;
type ColumnsOf<Tables> = Tables extends unknown
  ? { [Name in keyof Tables]: Tables[Name] extends { columns: infer Columns } ? keyof Columns : never }[keyof Tables]
  : never;

/** Name of a table in the built-in catalogue. */
export type TableName = KeysOf<Module['tables']>;
/** Name of a column, a scalar, or an object that only notifications carry. */
export type ObjectName = ColumnsOf<Module['tables']> | KeysOf<Module['scalars']>;
/** Name of a notification. */
export type NotificationName = KeysOf<Module['notifications']>;
