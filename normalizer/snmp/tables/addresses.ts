import type { ObjectName, TableName } from '../built-in.data';
import { withExtra, type Decoding } from '../decoding';
import { IndexReader } from '../index-reader';
import type { Row } from '../table-rows';

/** ipAddressStatus (RFC 4293): invalid, tentative, duplicate: not the device's own. */
const NOT_OWN: ReadonlySet<number> = new Set([3, 6, 7]);
const UNICAST = 1;

/** ipAddrTable and ipAddressTable: the device's own addresses. */
export function decodeOwnAddresses(decoding: Decoding): void {
  for (const row of decoding.rows.rows('ipAddrTable')) {
    const ip = new IndexReader(row.index).address(4) ?? row.address('ipAdEntAddr');
    own(decoding, row, ip, row.integer('ipAdEntIfIndex'));
  }
  for (const row of decoding.rows.rows('ipAddressTable')) {
    if ((row.integer('ipAddressType') ?? UNICAST) !== UNICAST) continue;
    if (NOT_OWN.has(row.integer('ipAddressStatus') ?? UNICAST)) continue;
    own(decoding, row, new IndexReader(row.index).inetAddress(0)?.ip, row.integer('ipAddressIfIndex'));
  }
}

function own(decoding: Decoding, row: Row, ip: string | undefined, ifIndex: number | undefined): void {
  if (ip === undefined) {
    if (!isDummy(row)) decoding.refuse('snmp_bad_index', row.key);
    return;
  }
  // Every device has these: they name none.
  if (ip.startsWith('127.') || ip === '::1' || isLinkLocal(ip)) return;
  decoding.binding('ip-device', ip, decoding.base.device, interfaceExtra(decoding, ifIndex));
}

interface NeighbourTable {
  readonly table: TableName;
  readonly mac: ObjectName;
  readonly type: ObjectName;
  readonly state?: ObjectName;
  /** The row's index: interface and address; undefined when it cannot be told. */
  readonly read: (row: Row) => Neighbour | undefined;
}

interface Neighbour {
  readonly ifIndex: number | undefined;
  readonly ip: string;
  readonly zone?: number | undefined;
}

/** ipNetToMediaType and the types of the other tables that have its values. */
const TYPES = ['', 'other', 'invalid', 'dynamic', 'static', 'local'];
const INVALID = 2;
/** ipNetToPhysicalState: reachable, stale, delay, probe, invalid, unknown, incomplete. */
const STATES = ['', 'reachable', 'stale', 'delay', 'probe', 'invalid', 'unknown', 'incomplete'];

const NEIGHBOUR_TABLES: readonly NeighbourTable[] = [
  {
    table: 'ipNetToPhysicalTable',
    mac: 'ipNetToPhysicalPhysAddress',
    type: 'ipNetToPhysicalType',
    state: 'ipNetToPhysicalState',
    read: inetNeighbour,
  },
  {
    table: 'cInetNetToMediaTable',
    mac: 'cInetNetToMediaPhysAddress',
    type: 'cInetNetToMediaType',
    state: 'cInetNetToMediaState',
    read: inetNeighbour,
  },
  { table: 'ipNetToMediaTable', mac: 'ipNetToMediaPhysAddress', type: 'ipNetToMediaType', read: mediaNeighbour },
  {
    table: 'ipv6NetToMediaTable',
    mac: 'ipv6NetToMediaPhysAddress',
    type: 'ipv6NetToMediaType',
    state: 'ipv6IfNetToMediaState',
    read: ipv6Neighbour,
  },
];

/** ARP and neighbour discovery: which MAC address an IP address had. */
export function decodeNeighbours(decoding: Decoding): void {
  for (const source of NEIGHBOUR_TABLES) {
    for (const row of decoding.rows.rows(source.table)) neighbour(decoding, source, row);
  }
}

function neighbour(decoding: Decoding, source: NeighbourTable, row: Row): void {
  const type = row.integer(source.type);
  const state = source.state === undefined ? undefined : STATES[row.integer(source.state) ?? 0];
  if (type === INVALID || state === 'invalid' || state === 'incomplete') return;
  const found = source.read(row);
  if (found === undefined) {
    if (!isDummy(row)) decoding.refuse('snmp_bad_index', row.key);
    return;
  }
  const mac = row.mac(source.mac);
  if (mac === undefined) {
    if ((row.octets(source.mac)?.length ?? 0) > 0) decoding.refuse('snmp_bad_value', row.key);
    return;
  }
  decoding.emit({
    ...decoding.base,
    fact: 'binding',
    relation: 'ip-mac',
    key: found.ip,
    value: mac,
    state: 'seen',
    ...withExtra({
      ...interfaceExtra(decoding, found.ifIndex),
      'ascribe.zone': found.zone,
      'ascribe.neighbour.type': TYPES[type ?? 0] || undefined,
      'ascribe.neighbour.state': state || undefined,
      'ascribe.snmp.table': source.table,
    }),
  });
}

/** ifIndex, InetAddressType, InetAddress. */
function inetNeighbour({ index }: Row): Neighbour | undefined {
  const reader = new IndexReader(index);
  const ifIndex = reader.take();
  const found = reader.inetAddress(0);
  return found?.ip === undefined ? undefined : { ifIndex, ip: found.ip, zone: found.zone };
}

/**
 * ifIndex and four octets. FortiGate leaves out the ifIndex; some agents write the address type between the two, which
 * is taken for one only where the column repeats the address.
 */
function mediaNeighbour(row: Row): Neighbour | undefined {
  const { index } = row;
  if (index.length < 4 || index.length > 6) return undefined;
  const ip = new IndexReader(index.slice(-4)).address(4);
  if (ip === undefined) return undefined;
  if (index.length === 4) return { ifIndex: row.integer('ipNetToMediaIfIndex'), ip };
  if (index.length === 6 && (index[1] !== 1 || (row.address('ipNetToMediaNetAddress') ?? ip) !== ip)) return undefined;
  return { ifIndex: index[0], ip };
}

/** ifIndex and sixteen octets. */
function ipv6Neighbour({ index }: Row): Neighbour | undefined {
  const reader = new IndexReader(index);
  const ifIndex = reader.take();
  if (reader.left === 17 && index[1] === 16) reader.take();
  const ip = reader.left === 16 ? reader.address(16) : undefined;
  return ip === undefined ? undefined : { ifIndex, ip };
}

/** Agents without entries answer one row with one or two sub-identifiers: nothing, not an error. */
function isDummy({ index }: Row): boolean {
  return index.length <= 2 || index.slice(1).every((part) => part === 0);
}

function isLinkLocal(ip: string): boolean {
  return /^fe[89ab][0-9a-f]:/.test(ip);
}

/** Index and name of an interface, where they are known. */
export function interfaceExtra({ device }: Decoding, ifIndex: number | undefined): Record<string, string | number> {
  if (ifIndex === undefined || ifIndex <= 0) return {};
  const name = device.portName(ifIndex);
  return {
    'observer.ingress.interface.id': ifIndex,
    ...(name === `#${ifIndex}` ? {} : { 'observer.ingress.interface.name': name }),
  };
}
