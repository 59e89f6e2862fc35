import type { ObjectName, TableName } from '../built-in.data';
import { keep } from '../device-state';
import type { Decoding } from '../decoding';
import { macOfOctets } from '../values';
import type { Row } from '../table-rows';

/** dot1dTpFdbStatus (RFC 4188): other, invalid, learned, self, mgmt. */
const LEARNED = 3;
const MANAGED = 5;

/** A bridge port of IEEE8021-BRIDGE-MIB is known by component and number. */
const COMPONENT = 0x1_0000;

interface PortTable {
  readonly table: TableName;
  readonly ifIndex: ObjectName;
  /** Begins the name of the map; the context follows. */
  readonly map: 'dot1d' | 'ieee8021';
  /** Sub-identifiers of the index: the port, with its component before it where there are two. */
  readonly parts: 1 | 2;
}

const PORT_TABLES: readonly PortTable[] = [
  { table: 'dot1dBasePortTable', ifIndex: 'dot1dBasePortIfIndex', map: 'dot1d', parts: 1 },
  { table: 'ieee8021BridgeBasePortTable', ifIndex: 'ieee8021BridgeBasePortIfIndex', map: 'ieee8021', parts: 2 },
];

/** Bridge port numbers are not interface indexes: dot1dBasePortIfIndex maps them, per context. */
export function decodeBridgePorts(decoding: Decoding): void {
  const { rows, read, device } = decoding;
  for (const source of PORT_TABLES) {
    // A complete read without rows says that there are no ports.
    if (!rows.has(source.table) && !(read.table === source.table && read.complete)) continue;
    const name = `${source.map} ${read.context}`;
    const known = device.basePorts.get(name);
    const ports = known === undefined || read.complete ? new Map<number, number>() : known;
    for (const row of rows.rows(source.table)) port(decoding, ports, row, source);
    keep(device.basePorts, name, ports);
    decoding.satisfied(`bridge-ports ${name}`);
  }
}

function port(decoding: Decoding, ports: Map<number, number>, row: Row, { parts, ifIndex }: PortTable): void {
  const [first = 0, second = 0] = row.index;
  const value = row.integer(ifIndex);
  if (row.index.length !== parts) decoding.refuse('snmp_bad_index', row.key);
  else if (value !== undefined && value > 0) keep(ports, parts === 1 ? first : first * COMPONENT + second, value);
}

/** dot1qVlanFdbId: which VLAN learns into which filtering database. */
export function decodeVlans({ rows, device, read }: Decoding): void {
  if (!rows.has('dot1qVlanCurrentTable')) return;
  const vlans = new Map<number, number>();
  for (const row of rows.rows('dot1qVlanCurrentTable')) {
    const [, vlan = 0] = row.index;
    const fdb = row.integer('dot1qVlanFdbId');
    if (fdb === undefined || row.index.length !== 2 || vlan < 1 || vlan > 4094) continue;
    const other = vlans.get(fdb);
    vlans.set(fdb, other === undefined || other === vlan ? vlan : 0);
  }
  if (read.complete) device.fdbVlans.clear();
  for (const [fdb, vlan] of vlans) keep(device.fdbVlans, fdb, vlan);
}

interface FdbTable {
  readonly table: TableName;
  readonly port: ObjectName;
  readonly status: ObjectName;
  /** Sub-identifiers before the MAC address; the last of them is the filtering database. */
  readonly lead: number;
  readonly map: PortTable['map'];
}

const FDB_TABLES: readonly FdbTable[] = [
  { table: 'dot1dTpFdbTable', port: 'dot1dTpFdbPort', status: 'dot1dTpFdbStatus', lead: 0, map: 'dot1d' },
  { table: 'dot1qTpFdbTable', port: 'dot1qTpFdbPort', status: 'dot1qTpFdbStatus', lead: 1, map: 'dot1d' },
  {
    table: 'ieee8021QBridgeTpFdbTable',
    port: 'ieee8021QBridgeTpFdbPort',
    status: 'ieee8021QBridgeTpFdbStatus',
    lead: 2,
    map: 'ieee8021',
  },
];

/** Learned MAC addresses and the ports behind which they are. */
export function decodeForwarding(decoding: Decoding): void {
  for (const source of FDB_TABLES) {
    const { table } = source;
    if (!decoding.reads(table)) continue;
    const { context } = decoding.read;
    const ports = decoding.device.basePorts.get(`${source.map} ${context}`);
    if (ports === undefined && decoding.waitFor(`bridge-ports ${source.map} ${context}`, table)) continue;
    // Without the map no row is read: names would not help.
    if (ports !== undefined && decoding.device.names < 2 && decoding.waitFor('interfaces', table)) continue;
    for (const row of decoding.rows.rows(source.table)) learned(decoding, source, row, ports);
  }
}

function learned(
  decoding: Decoding,
  { port: portColumn, status: statusColumn, lead }: FdbTable,
  row: Row,
  ports: ReadonlyMap<number, number> | undefined,
): void {
  const status = row.integer(statusColumn) ?? LEARNED;
  const bridgePort = row.integer(portColumn);
  // Port 0: learned, but the bridge does not say where.
  if ((status !== LEARNED && status !== MANAGED) || bridgePort === undefined || bridgePort <= 0) return;
  const mac = macAt(row, lead);
  if (mac === undefined) {
    decoding.refuse('snmp_bad_index', row.key);
    return;
  }
  if (isGroup(mac)) return;
  const component = lead === 2 ? (row.index[0] ?? 0) * COMPONENT : 0;
  const ifIndex = ports?.get(component + bridgePort);
  if (ifIndex === undefined) {
    decoding.refuse('snmp_bridge_port_unknown', row.key);
    return;
  }
  const fdb = lead === 0 ? undefined : row.index[lead - 1];
  const vlan = vlanOf(decoding, fdb);
  decoding.binding('mac-switchport', mac, decoding.port(ifIndex), {
    'network.vlan.id': vlan,
    'observer.ingress.interface.id': ifIndex,
    'ascribe.fdb_id': vlan === undefined ? fdb : undefined,
    'ascribe.fdb_status': status === MANAGED ? 'mgmt' : undefined,
  });
}

/** The MAC address behind `lead` sub-identifiers. One sub-identifier more is a length of 6, or not to be trusted. */
function macAt({ index }: Row, lead: number): string | undefined {
  const extra = index.length - lead - 6;
  if (extra !== 0 && !(extra === 1 && index[lead] === 6)) return undefined;
  return macOfOctets(index.slice(lead + extra));
}

function isGroup(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}

/** The VLAN of a filtering database, or that of the context the table was read in (`vlan-10`). */
function vlanOf({ device, read }: Decoding, fdb: number | undefined): number | undefined {
  if (fdb !== undefined) return device.fdbVlans.get(fdb) || undefined;
  const vlan = read.context.startsWith('vlan-') ? Number(read.context.slice(5)) : Number.NaN;
  return Number.isInteger(vlan) && vlan >= 1 && vlan <= 4094 ? vlan : undefined;
}
