import type { VendorParser } from '../contract';
import { parseIosFamily } from './cisco-ios';
import { NXOS_FACILITIES, XR_FACILITIES } from './cisco-ios.data';
import { ciscoHead } from './cisco-mnemonic';

/** Cisco IOS-XR: facilities in two parts, the process before the mnemonic. */
export const CISCO_IOSXR: VendorParser = {
  name: 'cisco_iosxr',
  vendor: 'Cisco',
  product: 'IOS-XR',
  summary: 'Cisco IOS-XR: commits, logins, access lists, interfaces, neighbours',
  stability: 'stable',
  example:
    "<190>40: xr1 RP/0/RP0/CPU0:Nov 24 02:10:00.441 : config[67310]: %MGBL-CONFIG-6-DB_COMMIT : Configuration committed by user 'admin'. Use 'show configuration commit changes 1000000093' to view the changes.",
  recognizes: ({ content }) => {
    const facility = content.startsWith('%') ? ciscoHead(content, 0)?.facility : undefined;
    return facility !== undefined && XR_FACILITIES.some((prefix) => facility.startsWith(prefix));
  },
  parse: parseIosFamily,
};

/** Cisco NX-OS: the year first in the header, facilities of its own. */
export const CISCO_NXOS: VendorParser = {
  name: 'cisco_nxos',
  vendor: 'Cisco',
  product: 'NX-OS',
  summary: 'Cisco NX-OS: accounting, configuration, logins, MAC moves, access list flows, interfaces',
  stability: 'stable',
  example:
    '<189>: 2026 Nov 24 02:10:00 UTC: %VSHD-5-VSHD_SYSLOG_CONFIG_I: Configured from vty by admin on 192.0.2.10@pts/0',
  recognizes: ({ content, grammar }) => {
    const head = content.startsWith('%') ? ciscoHead(content, 0) : undefined;
    if (head === undefined) return false;
    const dash = head.facility.indexOf('-');
    return grammar === 'cisco_nxos' || NXOS_FACILITIES.has(dash < 0 ? head.facility : head.facility.slice(0, dash));
  },
  parse: parseIosFamily,
};

/** Arista EOS: IOS's messages behind the name of the agent that wrote them. */
export const ARISTA_EOS: VendorParser = {
  name: 'arista_eos',
  vendor: 'Arista',
  product: 'EOS',
  summary: 'Arista EOS: configuration, logins, interfaces, neighbours, agents',
  stability: 'beta',
  example:
    '<165>Nov 24 02:10:00 leaf1 ConfigAgent: %SYS-5-CONFIG_I: Configured from console by admin on vty3 (192.0.2.10)',
  recognizes: ({ content, appName }) =>
    appName !== undefined && content.startsWith('%') && ciscoHead(content, 0) !== undefined,
  parse: parseIosFamily,
};

/** Cisco IOS and IOS-XE, and every other device that writes `%FACILITY-SEVERITY-MNEMONIC:`. */
export const CISCO_IOS: VendorParser = {
  name: 'cisco_ios',
  vendor: 'Cisco',
  product: 'IOS / IOS-XE',
  summary: 'Cisco IOS and IOS-XE: access lists, zone-based firewall, NAT, configuration, commands, logins, interfaces',
  stability: 'stable',
  example:
    '<190>29: rtr1: Nov 24 02:10:00.123 UTC: %SEC-6-IPACCESSLOGP: list OUT permitted tcp 192.0.2.10(50514) -> 198.51.100.7(443), 1 packet',
  recognizes: ({ content }) => content.startsWith('%') && ciscoHead(content, 0) !== undefined,
  parse: parseIosFamily,
};
