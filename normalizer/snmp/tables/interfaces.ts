import { canonicalInterface, interfaceLabel, keep, type InterfaceState } from '../device-state';
import type { Decoding } from '../decoding';
import { esxiName } from '../esxi-interface';
import type { Row } from '../table-rows';

/** ifAdminStatus and ifOperStatus (RFC 2863). */
const STATUS = ['', 'up', 'down', 'testing', 'unknown', 'dormant', 'notPresent', 'lowerLayerDown'];

/** ifTable, ifXTable and ifStackTable into one interface each. Other tables take names from here. */
export function decodeInterfaces(decoding: Decoding): void {
  const { rows, device, read } = decoding;
  if (!rows.has('ifTable') && !rows.has('ifXTable') && !rows.has('ifStackTable')) {
    // The device has no ifXTable: ifDescr is all there will be.
    if (read.table === 'ifXTable' && read.complete && device.names === 1) namesKnown(decoding);
    return;
  }
  for (const row of rows.rows('ifTable')) take(decoding, row, takeBasic);
  for (const row of rows.rows('ifXTable')) take(decoding, row, takeExtended);
  if (rows.has('ifStackTable')) takeStack(decoding);
  if (rows.has('ifTable') && read.complete) dropAbsent(decoding);
  for (const [ifIndex, state] of device.interfaces) stateInterface(decoding, ifIndex, state);
  // Most devices have a shorter ifName, and one port must not have two names: wait for it, but only once.
  if (rows.has('ifXTable') || (rows.has('ifTable') && device.names > 0)) namesKnown(decoding);
  else if (rows.has('ifTable')) device.names = 1;
}

function namesKnown(decoding: Decoding): void {
  decoding.device.names = 2;
  decoding.satisfied('interfaces');
}

function take(decoding: Decoding, row: Row, into: (state: InterfaceState, row: Row) => void): void {
  const [ifIndex] = row.index;
  if (ifIndex === undefined || row.index.length !== 1) {
    decoding.refuse('snmp_bad_index', row.key);
    return;
  }
  const { interfaces } = decoding.device;
  const state = interfaces.get(ifIndex) ?? {};
  into(state, row);
  if (!keep(interfaces, ifIndex, state)) decoding.refuse('snmp_state_full', row.key);
}

function takeBasic(state: InterfaceState, row: Row): void {
  set(state, 'descr', row.text('ifDescr'));
  set(state, 'type', row.integer('ifType'));
  set(state, 'mac', row.mac('ifPhysAddress'));
  set(state, 'admin', row.integer('ifAdminStatus'));
  set(state, 'oper', row.integer('ifOperStatus'));
  const speed = row.integer('ifSpeed');
  // The greatest value of the gauge means "more than this"; ifHighSpeed has the truth.
  if (speed !== undefined && speed > 0 && speed < 0xffff_ffff && (state.speed ?? 0) <= 0xffff_ffff) state.speed = speed;
}

function takeExtended(state: InterfaceState, row: Row): void {
  set(state, 'name', row.text('ifName'));
  if (row.has('ifAlias')) {
    const alias = row.text('ifAlias');
    if (alias === undefined) delete state.alias;
    else state.alias = alias;
  }
  const mbits = row.integer('ifHighSpeed');
  // Below 1 Mbit/s it says 0 or 1, and ifSpeed is exact up to 4 Gbit/s.
  if (mbits !== undefined && (mbits > 4294 || (mbits > 0 && state.speed === undefined))) state.speed = mbits * 1e6;
}

function set<Key extends keyof InterfaceState>(state: InterfaceState, key: Key, value: InterfaceState[Key]): void {
  if (value !== undefined) state[key] = value;
}

/** Rows (higher, lower); 0 is the end of a stack. */
function takeStack(decoding: Decoding): void {
  const below = new Map<number, number[]>();
  for (const row of decoding.rows.rows('ifStackTable')) {
    const [higher = 0, lower = 0] = row.index;
    if (row.index.length !== 2) decoding.refuse('snmp_bad_index', row.key);
    else if (higher !== 0 && lower !== 0) below.set(higher, [...(below.get(higher) ?? []), lower]);
  }
  for (const [ifIndex, lowers] of below) {
    const state = decoding.device.interfaces.get(ifIndex) ?? {};
    state.below = lowers.sort((a, b) => a - b);
    keep(decoding.device.interfaces, ifIndex, state);
  }
  if (!decoding.read.complete) return;
  for (const [ifIndex, state] of decoding.device.interfaces) if (!below.has(ifIndex)) delete state.below;
}

function dropAbsent({ rows, device }: Decoding): void {
  const present = new Set<number>();
  for (const row of rows.rows('ifTable')) if (row.index[0] !== undefined) present.add(row.index[0]);
  for (const ifIndex of device.interfaces.keys()) {
    if (present.has(ifIndex)) continue;
    device.interfaces.delete(ifIndex);
    device.forgetStated(`if ${ifIndex}`);
  }
}

/** States the interface when it is new or has changed. */
function stateInterface(decoding: Decoding, ifIndex: number, state: InterfaceState): void {
  if (!decoding.device.states(`if ${ifIndex}`, JSON.stringify(canonicalInterface(state)), decoding.receivedAt)) return;
  const esxi = state.descr === undefined ? undefined : esxiName(state.descr);
  const name = interfaceLabel(state);
  decoding.inventory('interface', String(ifIndex), name, {
    'ascribe.if.descr': state.descr === name ? undefined : state.descr,
    'ascribe.if.alias': state.alias,
    'ascribe.if.type': state.type,
    'ascribe.if.mac': state.mac,
    'ascribe.if.speed': state.speed,
    'ascribe.if.admin': STATUS[state.admin ?? 0] || undefined,
    'ascribe.if.oper': STATUS[state.oper ?? 0] || undefined,
    'ascribe.if.below': state.below?.map((lower) => decoding.device.portName(lower)).join(','),
    'ascribe.if.dvport': esxi?.dvPort,
    'ascribe.if.switch': esxi?.switch,
    'ascribe.if.portgroup': esxi?.portGroup,
  });
}
