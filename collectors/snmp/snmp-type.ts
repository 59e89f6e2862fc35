import type { CollectorType } from '../contract';
import { SnmpCollector } from './snmp-collector';
import { snmpConfig } from './snmp-config';
import type { SnmpEvent } from './snmp-events';
import { probeSnmp } from './snmp-probe';
import type { SnmpSettings } from './snmp-settings';

/**
 * Declares the SNMP collector. The configuration names secrets by reference only: whoever creates the collector, or
 * probes, replaces `secrets` in the settings by a function that resolves them.
 */
export const snmpType: CollectorType<SnmpSettings, SnmpEvent, SnmpCollector> = {
  type: 'snmp',
  stability: 'stable',
  summary: 'Polls network devices and hypervisors with SNMP v1, v2c and v3, and receives traps and informs.',
  config: snmpConfig,
  example: `credentials:
  - name: core
    version: v3
    user: ascribe
    auth: { protocol: sha256, password: "cred:snmp-auth" }
    priv: { protocol: aes, password: "cred:snmp-priv" }
    subnets: ["192.0.2.0/24", "2001:db8::/32"]
  - name: old
    version: v2c
    community: "cred:snmp-community"
devices:
  - name: esx-01
    address: 192.0.2.11
    class: esxi
  - name: access-01
    address: 192.0.2.21
    class: cisco-switch
    credential: old
    periods: { dot1dTpFdbTable: 300 }
traps:
  listen: ["*:5162"]
  allow: ["192.0.2.0/24"]
`,
  create: (settings, context) => new SnmpCollector(settings, context),
  probe: probeSnmp,
};
