import type { Decoding } from '../decoding';

/** entPhysicalClass (RFC 6933). */
const CLASSES = [
  '',
  'other',
  'unknown',
  'chassis',
  'backplane',
  'container',
  'powerSupply',
  'fan',
  'sensor',
  'module',
  'port',
  'stack',
  'cpu',
  'energyObject',
  'battery',
  'storageDrive',
];
const CHASSIS = 3;
const IF_INDEX = '1.3.6.1.2.1.2.2.1.1.';

/**
 * entAliasMappingTable: which port of the chassis is which interface. Index physical and logical entity (0: any); the value
 * is the instance of ifIndex.
 */
export function decodeEntityPorts(decoding: Decoding): void {
  for (const row of decoding.rows.rows('entAliasMappingTable')) {
    const [physical, logical] = row.index;
    const instance = row.oid('entAliasMappingIdentifier');
    if (physical === undefined || logical === undefined || row.index.length !== 2) {
      decoding.refuse('snmp_bad_index', row.key);
      continue;
    }
    if (instance?.startsWith(IF_INDEX) !== true) continue;
    const ifIndex = Number(instance.slice(IF_INDEX.length));
    if (!Number.isInteger(ifIndex) || ifIndex <= 0) continue;
    const name = decoding.device.portName(ifIndex);
    const extra = { 'ascribe.entity.index': physical, 'observer.ingress.interface.id': ifIndex };
    if (!decoding.device.states(`alias ${row.key}`, `${name} ${ifIndex}`, decoding.receivedAt)) continue;
    decoding.inventory('device', `entity port ${row.key}`, name, extra);
  }
}

/** entPhysicalTable: every part that has a serial number, and every chassis. */
export function decodeEntities(decoding: Decoding): void {
  for (const row of decoding.rows.rows('entPhysicalTable')) {
    const [index] = row.index;
    const serial = row.text('entPhysicalSerialNum');
    const kind = row.integer('entPhysicalClass') ?? 0;
    if (index === undefined || row.index.length !== 1) {
      decoding.refuse('snmp_bad_index', row.key);
      continue;
    }
    if (serial === undefined && kind !== CHASSIS) continue;
    const name = row.text('entPhysicalName') ?? row.text('entPhysicalDescr');
    const extra = {
      'ascribe.entity.class': CLASSES[kind] || undefined,
      'ascribe.entity.serial': serial,
      'ascribe.entity.model': row.text('entPhysicalModelName'),
      'ascribe.entity.vendor': row.text('entPhysicalMfgName'),
      'ascribe.entity.description': row.text('entPhysicalDescr'),
      'ascribe.entity.software': row.text('entPhysicalSoftwareRev'),
      'ascribe.entity.uris': row.text('entPhysicalUris'),
    };
    const text = `${name}\n${JSON.stringify(extra)}`;
    if (!decoding.device.states(`entity ${index}`, text, decoding.receivedAt)) continue;
    decoding.inventory('device', `entity ${index}`, name, extra);
  }
}
