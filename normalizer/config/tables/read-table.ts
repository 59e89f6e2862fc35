import type { ConfigPlatform } from '../platforms';
import { readArp } from './arp';
import { readInterfaceIndexes, readInterfaces, readVersion } from './device-facts';
import { readMacTable } from './mac-table';
import { readCdp, readLldp } from './neighbours';
import { readRuleCounters } from './rule-counters';
import { readSessions } from './sessions';
import { readSockets } from './sockets';
import type { TableReading } from './table-reading';
import { readSettings } from './settings';
import { readTranslations } from './translations';
import { readLeases, readVpn } from './vpn';

/** State tables by command; the same name means the same kind of table on every platform. */
const TABLES: Readonly<Record<string, (table: TableReading, platform: ConfigPlatform, command: string) => void>> = {
  arp: readArp,
  neighbours_ipv6: readArp,
  mac_table: readMacTable,
  neighbours_cdp: readCdp,
  neighbours_lldp: readLldp,
  neighbours: readLldp,
  nat_translations: readTranslations,
  connections: readSessions,
  sockets: readSockets,
  vpn_sessions: readVpn,
  ike_sa: readVpn,
  gateway_users: readVpn,
  ppp_sessions: readVpn,
  dhcp_leases: readLeases,
  version: readVersion,
  interfaces: readInterfaces,
  interface_indexes: readInterfaceIndexes,
  license: readSettings,
  call_home: readSettings,
  telemetry: readSettings,
  cloud_management: readSettings,
  panorama: readSettings,
  daemons: readSettings,
  nat_rules: readRuleCounters,
  policy: readRuleCounters,
};

/** Names of the tables that are read. */
export const TABLE_COMMANDS: readonly string[] = Object.keys(TABLES);

/** Facts of a state table; false for a command whose output is none. */
export function readTable(table: TableReading, platform: ConfigPlatform, command: string): boolean {
  const read = Object.hasOwn(TABLES, command) ? TABLES[command] : undefined;
  read?.(table, platform, command);
  return read !== undefined;
}
