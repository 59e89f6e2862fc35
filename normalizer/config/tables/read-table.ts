import type { ConfigPlatform } from '../platforms';
import { readArp } from './arp';
import { readMacTable } from './mac-table';
import { readCdp, readLldp } from './neighbours';
import { readSessions } from './sessions';
import { readSockets } from './sockets';
import type { TableReading } from './table-reading';
import { readTranslations } from './translations';
import { readLeases, readVpn } from './vpn';

/** State tables by command; the same name means the same kind of table on every platform. */
const TABLES: Readonly<Record<string, (table: TableReading, platform: ConfigPlatform) => void>> = {
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
};

/** Names of the tables that are read. */
export const TABLE_COMMANDS: readonly string[] = Object.keys(TABLES);

/** Facts of a state table; false for a command whose output is none. */
export function readTable(table: TableReading, platform: ConfigPlatform, command: string): boolean {
  const read = Object.hasOwn(TABLES, command) ? TABLES[command] : undefined;
  read?.(table, platform);
  return read !== undefined;
}
