import type { VendorParser } from './contract';
import { UNIX_LOGINS } from './vendors/unix-auth';
import { VMWARE_NSX } from './vendors/vmware-nsx';
import { VMWARE_VCENTER } from './vendors/vmware-vcenter';
import { VMWARE_ESXI } from './vendors/vmware-esxi';
import { MIKROTIK } from './vendors/mikrotik';
import { NETFILTER } from './vendors/netfilter';
import { JUNIPER_JUNOS } from './vendors/juniper-junos';
import { ARISTA_EOS, CISCO_IOS, CISCO_IOSXR, CISCO_NXOS } from './vendors/cisco-ios-products';
import { CISCO_FTD } from './vendors/cisco-ftd';
import { CISCO_ASA } from './vendors/cisco-asa';
import { FORTIGATE } from './vendors/fortigate';
import { PANOS } from './vendors/panos';
import { CHECKPOINT } from './vendors/checkpoint';
import { PFSENSE } from './vendors/pfsense';
import { DHCP } from './vendors/dhcp';
import { BIND } from './vendors/dns-bind';
import { DNSMASQ } from './vendors/dns-dnsmasq';
import { UNBOUND } from './vendors/dns-unbound';
import { WINDOWS_DNS } from './vendors/dns-windows';
import { ZEEK_DNS } from './vendors/dns-zeek';
import { MERAKI } from './vendors/meraki';
import { SQUID } from './vendors/squid';
import { SONICWALL } from './vendors/sonicwall';
import { SOPHOS } from './vendors/sophos';
import { SOPHOS_UTM } from './vendors/sophos-utm';
import { ULOGD } from './vendors/ulogd';
import { WATCHGUARD } from './vendors/watchguard';

/**
 * The vendors, one line each. The first whose `recognizes` is true reads the message, so a vendor that could be mistaken
 * for another stands before it, and the busiest stand first.
 */
export const VENDORS: readonly VendorParser[] = [
  CISCO_ASA,
  CISCO_FTD,
  FORTIGATE,
  PANOS,
  CHECKPOINT,
  PFSENSE,
  SONICWALL,
  SOPHOS,
  SOPHOS_UTM,
  WATCHGUARD,
  MERAKI,
  ULOGD,
  DHCP,
  DNSMASQ,
  UNBOUND,
  BIND,
  WINDOWS_DNS,
  ZEEK_DNS,
  SQUID,
  CISCO_IOSXR,
  CISCO_NXOS,
  ARISTA_EOS,
  CISCO_IOS,
  JUNIPER_JUNOS,
  NETFILTER,
  MIKROTIK,
  VMWARE_NSX,
  VMWARE_VCENTER,
  VMWARE_ESXI,
  UNIX_LOGINS,
];
