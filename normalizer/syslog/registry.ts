import type { VendorParser } from './contract';
import { JUNIPER_JUNOS } from './vendors/juniper-junos';
import { ARISTA_EOS, CISCO_IOS, CISCO_IOSXR, CISCO_NXOS } from './vendors/cisco-ios-products';
import { CISCO_FTD } from './vendors/cisco-ftd';
import { CISCO_ASA } from './vendors/cisco-asa';
import { FORTIGATE } from './vendors/fortigate';
import { PANOS } from './vendors/panos';
import { CHECKPOINT } from './vendors/checkpoint';
import { PFSENSE } from './vendors/pfsense';
import { DHCP } from './vendors/dhcp';

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
  DHCP,
  CISCO_IOSXR,
  CISCO_NXOS,
  ARISTA_EOS,
  CISCO_IOS,
  JUNIPER_JUNOS,
];
