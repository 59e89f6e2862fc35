import { SNMP_TAG, type SnmpVarbind } from '../snmp-record';
import type { LibraryVarbind } from './net-snmp-library';
import { SnmpRequestError } from './snmp-errors';

/** Turns a varbind of the library into ours. Throws `SnmpRequestError` for a value that was cut short or is of no SNMP type. */
export function varbindOf({ oid, type, value }: LibraryVarbind): SnmpVarbind {
  switch (type) {
    case SNMP_TAG.integer:
    case SNMP_TAG.counter32:
    case SNMP_TAG.gauge32:
    case SNMP_TAG.timeTicks:
      if (typeof value === 'number') return [oid, type, value];
      break;
    case SNMP_TAG.octetString:
    case SNMP_TAG.opaque:
      if (Buffer.isBuffer(value)) return [oid, type, value.toString('hex')];
      break;
    case SNMP_TAG.oid:
    case SNMP_TAG.ipAddress:
      // The library reads an empty OID as "0.NaN".
      if (typeof value === 'string' && !value.endsWith('NaN')) return [oid, type, value];
      break;
    case SNMP_TAG.counter64:
      if (Buffer.isBuffer(value)) return [oid, type, counter64(value)];
      break;
    case SNMP_TAG.null:
    case SNMP_TAG.noSuchObject:
    case SNMP_TAG.noSuchInstance:
    case SNMP_TAG.endOfMibView:
      return [oid, type, null];
  }
  throw new SnmpRequestError('transport', `unreadable value of type ${type}`);
}

/** Some agents leave the sign octet away and some send no octet for zero, so the octets are read as unsigned. */
function counter64(octets: Buffer): string {
  if (octets.length === 0) return '0';
  return BigInt.asUintN(64, BigInt(`0x${octets.toString('hex')}`)).toString();
}
