import type { ObjectName } from '../built-in.data';
import { interfaceLabel, keep, type DeviceState, type LldpPort } from '../device-state';
import type { Decoding } from '../decoding';
import type { Row } from '../table-rows';
import { addressOfOctets, integerOf, macOfOctets, octetsOf, textOf, textOfOctets } from '../values';

/** LldpPortIdSubtype: interfaceAlias 1, portComponent 2, macAddress 3, networkAddress 4, interfaceName 5, agentCircuitId 6, local 7. */
const PORT = { alias: 1, mac: 3, address: 4, name: 5, local: 7 } as const;
/** LldpChassisIdSubtype: macAddress 4, networkAddress 5; the others are texts. */
const CHASSIS = { mac: 4, address: 5 } as const;

/** The device as LLDP names it: its neighbours know it by this chassis id. */
export function decodeLldpSelf(decoding: Decoding): void {
  const { rows } = decoding;
  if (!rows.hasScalar('lldpLocChassisId')) return;
  const subtype = integerOf(rows.scalar('lldpLocChassisIdSubtype'));
  const chassis = identifier(octetsOf(rows.scalar('lldpLocChassisId')), subtype, CHASSIS);
  if (chassis === undefined) return;
  const name = textOf(rows.scalar('lldpLocSysName'));
  if (!decoding.device.states('lldp', `${chassis}\n${name}`, decoding.receivedAt)) return;
  decoding.inventory('device', 'lldp', name, { 'ascribe.lldp.chassis': chassis });
}

/** lldpLocPortTable: LLDP numbers ports for itself; this names them. */
export function decodeLldpPorts(decoding: Decoding): void {
  if (!decoding.rows.has('lldpLocPortTable')) return;
  for (const row of decoding.rows.rows('lldpLocPortTable')) {
    const [number] = row.index;
    if (number === undefined || row.index.length !== 1) {
      decoding.refuse('snmp_bad_index', row.key);
      continue;
    }
    const subtype = row.integer('lldpLocPortIdSubtype');
    const id = row.text('lldpLocPortId');
    const descr = row.text('lldpLocPortDesc');
    keep(decoding.device.lldpPorts, number, {
      ...(subtype === undefined ? {} : { subtype }),
      ...(id === undefined || subtype === PORT.mac ? {} : { id }),
      ...(descr === undefined ? {} : { descr }),
    });
  }
  decoding.satisfied('lldp-ports');
}

/** Labels of all interfaces by each of their names. */
function labels({ interfaces }: DeviceState): ReadonlyMap<string, string> {
  const byName = new Map<string, string>();
  for (const state of interfaces.values()) {
    const label = interfaceLabel(state);
    if (label === undefined) continue;
    if (state.descr !== undefined) byName.set(state.descr, label);
    byName.set(label, label);
  }
  return byName;
}

/** The interface of a local port by whatever names it: its id, its description, or a local ifIndex. */
function localPort(
  { subtype, id, descr }: LldpPort,
  { interfaces }: DeviceState,
  byName: ReadonlyMap<string, string>,
): string | undefined {
  const named = byName.get(id ?? '') ?? byName.get(descr ?? '');
  if (named !== undefined) return named;
  const state = subtype === PORT.local ? interfaces.get(Number(id)) : undefined;
  const label = state === undefined ? undefined : interfaceLabel(state);
  return label ?? (subtype === PORT.name ? id : undefined) ?? descr;
}

/** Management addresses of neighbours: index TimeMark, local port, remote index, address family, length, address. */
export function decodeManagementAddresses({ rows, device }: Decoding): void {
  for (const { index } of rows.rows('lldpRemManAddrTable')) {
    const [, port, remote, family, length] = index;
    const size = family === 1 ? 4 : family === 2 ? 16 : 0;
    if (port === undefined || remote === undefined || size === 0) continue;
    const rest = index.length - 4;
    const octets = rest === size ? index.slice(4) : rest === size + 1 && length === size ? index.slice(5) : [];
    const ip = octets.every((octet) => octet <= 255) ? addressOfOctets(Uint8Array.from(octets)) : undefined;
    if (ip !== undefined) keep(device.managed, `${port}.${remote}`, ip);
  }
}

/** LLDP (both MIBs), CDP and MikroTik's own: what is at the other end of a port. */
export function decodeTopology(decoding: Decoding): void {
  if (decoding.reads('lldpRemTable')) decodeLldp(decoding);
  const named = decoding.device.names === 2;
  if (decoding.reads('lldpV2RemTable') && (named || !decoding.waitFor('interfaces', 'lldpV2RemTable'))) {
    for (const row of decoding.rows.rows('lldpV2RemTable')) lldpV2(decoding, row);
  }
  if (decoding.reads('cdpCacheTable') && (named || !decoding.waitFor('interfaces', 'cdpCacheTable'))) {
    for (const row of decoding.rows.rows('cdpCacheTable')) cdp(decoding, row);
  }
  if (decoding.reads('mtxrNeighborTable') && (named || !decoding.waitFor('interfaces', 'mtxrNeighborTable'))) {
    for (const row of decoding.rows.rows('mtxrNeighborTable')) mikrotik(decoding, row);
  }
}

interface NeighbourColumns {
  readonly chassisSubtype: ObjectName;
  readonly chassis: ObjectName;
  readonly portSubtype: ObjectName;
  readonly port: ObjectName;
  readonly portDescr: ObjectName;
  readonly sysName: ObjectName;
  readonly sysDescr: ObjectName;
}

const LLDP: NeighbourColumns = {
  chassisSubtype: 'lldpRemChassisIdSubtype',
  chassis: 'lldpRemChassisId',
  portSubtype: 'lldpRemPortIdSubtype',
  port: 'lldpRemPortId',
  portDescr: 'lldpRemPortDesc',
  sysName: 'lldpRemSysName',
  sysDescr: 'lldpRemSysDesc',
};

const LLDP_V2: NeighbourColumns = {
  chassisSubtype: 'lldpV2RemChassisIdSubtype',
  chassis: 'lldpV2RemChassisId',
  portSubtype: 'lldpV2RemPortIdSubtype',
  port: 'lldpV2RemPortId',
  portDescr: 'lldpV2RemPortDesc',
  sysName: 'lldpV2RemSysName',
  sysDescr: 'lldpV2RemSysDesc',
};

function decodeLldp(decoding: Decoding): void {
  const { device, base } = decoding;
  if (device.lldpPorts.size === 0 && decoding.waitFor('lldp-ports', 'lldpRemTable')) return;
  if (device.names < 2 && decoding.waitFor('interfaces', 'lldpRemTable')) return;
  const byName = labels(device);
  for (const row of decoding.rows.rows('lldpRemTable')) {
    const [, number, remote] = row.index;
    if (row.index.length !== 3 || number === undefined) {
      decoding.refuse('snmp_bad_index', row.key);
      continue;
    }
    const own = device.lldpPorts.get(number);
    const port = own === undefined ? undefined : localPort(own, device, byName);
    // RouterOS has 0 for every local port.
    if (port === undefined) decoding.refuse('snmp_local_port_unknown', row.key);
    else neighbour(decoding, row, LLDP, `${base.device}:${port}`, device.managed.get(`${number}.${remote}`));
  }
}

/** Index TimeMark, ifIndex, destination address index, remote index. */
function lldpV2(decoding: Decoding, row: Row): void {
  const [, ifIndex] = row.index;
  if (row.index.length !== 4 || ifIndex === undefined) decoding.refuse('snmp_bad_index', row.key);
  else neighbour(decoding, row, LLDP_V2, decoding.port(ifIndex), undefined);
}

function neighbour(
  decoding: Decoding,
  row: Row,
  columns: NeighbourColumns,
  key: string,
  address: string | undefined,
): void {
  const chassis = identifier(row.octets(columns.chassis), row.integer(columns.chassisSubtype), CHASSIS);
  const sysName = row.text(columns.sysName);
  const name = sysName ?? chassis;
  if (name === undefined) {
    decoding.refuse('snmp_bad_value', row.key);
    return;
  }
  const port = identifier(row.octets(columns.port), row.integer(columns.portSubtype), PORT);
  decoding.binding('port-neighbour', key, port === undefined ? name : `${name}:${port}`, {
    'ascribe.neighbour.protocol': 'lldp',
    'ascribe.neighbour.system': sysName,
    'ascribe.neighbour.chassis': chassis,
    'ascribe.neighbour.port': port,
    'ascribe.neighbour.port_description': row.text(columns.portDescr),
    'ascribe.neighbour.description': row.text(columns.sysDescr),
    'ascribe.neighbour.address': address,
  });
}

/** A chassis or port id: MAC address, network address (family, octets) or text. */
function identifier(
  octets: Uint8Array | undefined,
  subtype: number | undefined,
  kinds: { readonly mac: number; readonly address: number },
): string | undefined {
  if (octets === undefined || octets.length === 0) return undefined;
  if (subtype === kinds.mac && octets.length === 6) return macOfOctets(octets);
  if (subtype === kinds.address) {
    const size = octets[0] === 1 ? 4 : octets[0] === 2 ? 16 : 0;
    if (size > 0 && octets.length === size + 1) return addressOfOctets(octets.subarray(1));
    if (octets.length === 4 || octets.length === 16) return addressOfOctets(octets);
  }
  return textOfOctets(octets);
}

/** Index ifIndex, device index. */
function cdp(decoding: Decoding, row: Row): void {
  const [ifIndex] = row.index;
  const name = row.text('cdpCacheDeviceId');
  if (row.index.length !== 2 || ifIndex === undefined) {
    decoding.refuse('snmp_bad_index', row.key);
    return;
  }
  if (name === undefined) {
    decoding.refuse('snmp_bad_value', row.key);
    return;
  }
  const port = row.text('cdpCacheDevicePort');
  const ipFamily = row.integer('cdpCacheAddressType') ?? 1;
  decoding.binding('port-neighbour', decoding.port(ifIndex), port === undefined ? name : `${name}:${port}`, {
    'ascribe.neighbour.protocol': 'cdp',
    'ascribe.neighbour.system': name,
    'ascribe.neighbour.port': port,
    'ascribe.neighbour.platform': row.text('cdpCachePlatform'),
    'ascribe.neighbour.description': row.text('cdpCacheVersion'),
    // CiscoNetworkProtocol: ip 1, ipv6 20; other protocols' addresses are no IP addresses.
    'ascribe.neighbour.address': ipFamily === 1 || ipFamily === 20 ? row.address('cdpCacheAddress') : undefined,
  });
}

function mikrotik(decoding: Decoding, row: Row): void {
  const ifIndex = row.integer('mtxrNeighborInterfaceID');
  const mac = row.mac('mtxrNeighborMacAddress');
  const name = row.text('mtxrNeighborIdentity') ?? mac;
  if (ifIndex === undefined || ifIndex <= 0) decoding.refuse('snmp_local_port_unknown', row.key);
  else if (name === undefined) decoding.refuse('snmp_bad_value', row.key);
  else {
    decoding.binding('port-neighbour', decoding.port(ifIndex), name, {
      'ascribe.neighbour.protocol': 'mndp',
      'ascribe.neighbour.system': row.text('mtxrNeighborIdentity'),
      'ascribe.neighbour.chassis': mac,
      'ascribe.neighbour.platform': row.text('mtxrNeighborPlatform'),
      'ascribe.neighbour.address': row.address('mtxrNeighborIpAddress'),
    });
  }
}
