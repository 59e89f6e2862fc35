import { SNMP_TAG, type SnmpVarbind } from '../snmp-record';
import { BerError, oidText } from './ber-reader';

/** Where the OID of an earlier varbind of the same column stands, and its text up to the last dot. */
interface Prefix {
  at: number;
  length: number;
  text: string;
}

const NO_PREFIX = -1;

/**
 * Reads a list of varbinds: the hot path of polling, so nothing is made per varbind but the varbind. Within one answer the
 * OIDs of a column mostly differ in their last arc only; the text before it is taken over from the row above.
 *
 * Layout: SEQUENCE { OBJECT IDENTIFIER, value } for each. Every length is checked before it is used. Throws `BerError`.
 */
export class VarbindReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The varbinds between two offsets; `columns` of them are one row. */
  read(start: number, end: number, columns: number): SnmpVarbind[] {
    const prefixes = Array.from({ length: columns }, (): Prefix => ({ at: NO_PREFIX, length: 0, text: '' }));
    const varbinds: SnmpVarbind[] = [];
    this.#at = start;
    for (let column = 0; this.#at < end; column = column + 1 === columns ? 0 : column + 1) {
      const varbindEnd = this.#open(0x30, end);
      const oidEnd = this.#open(SNMP_TAG.oid, varbindEnd);
      const oid = this.#oid(oidEnd, prefixes[column]!);
      varbinds.push(this.#value(oid, varbindEnd));
      this.#at = varbindEnd;
    }
    return varbinds;
  }

  /** Goes to the content of the next value, which must have this tag, and returns where the content ends. */
  #open(tag: number, end: number): number {
    if (this.#at >= end || this.#bytes[this.#at] !== tag) throw new BerError(`no value of type ${tag}`);
    return this.#length(end);
  }

  /** Goes behind tag and length. */
  #length(end: number): number {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    if (at >= end) throw new BerError('cut short');
    let length = bytes[at++]!;
    if (length >= 0x80) {
      const count = length - 0x80;
      if (count < 1 || count > 4 || count > end - at) throw new BerError(`a length of ${count} octets`);
      length = bytes.readUIntBE(at, count);
      at += count;
    }
    if (length > end - at) throw new BerError(`a length of ${length} with ${end - at} octets left`);
    this.#at = at;
    return at + length;
  }

  #oid(end: number, prefix: Prefix): string {
    const bytes = this.#bytes;
    const start = this.#at;
    this.#at = end;
    let last = end - 1;
    while (last > start && (bytes[last - 1]! & 0x80) !== 0) last -= 1;
    if (last - start === prefix.length && last > start && bytes[end - 1]! < 0x80 && this.#same(start, prefix)) {
      prefix.at = start;
      return `${prefix.text}${arcOf(bytes, last, end)}`;
    }
    const text = oidText(bytes, start, end);
    prefix.at = last === start ? NO_PREFIX : start;
    prefix.length = last - start;
    prefix.text = text.slice(0, text.lastIndexOf('.') + 1);
    return text;
  }

  #same(start: number, { at, length }: Prefix): boolean {
    if (at === NO_PREFIX) return false;
    const bytes = this.#bytes;
    for (let i = length - 1; i >= 0; i -= 1) if (bytes[start + i] !== bytes[at + i]) return false;
    return true;
  }

  #value(oid: string, varbindEnd: number): SnmpVarbind {
    if (this.#at >= varbindEnd) throw new BerError('cut short');
    const tag = this.#bytes[this.#at]!;
    const end = this.#length(varbindEnd);
    const start = this.#at;
    switch (tag) {
      case SNMP_TAG.integer:
        return [oid, tag, this.#integer(start, end)];
      case SNMP_TAG.counter32:
      case SNMP_TAG.gauge32:
      case SNMP_TAG.timeTicks:
        return [oid, tag, unsigned(this.#integer(start, end))];
      case SNMP_TAG.octetString:
      case SNMP_TAG.opaque:
        return [oid, tag, this.#bytes.toString('hex', start, end)];
      case SNMP_TAG.counter64:
        return [oid, tag, this.#counter64(start, end)];
      case SNMP_TAG.oid:
        // Agents that have none send no octet; net-snmp reads that as 0.0 too.
        return [oid, tag, start === end ? '0.0' : oidText(this.#bytes, start, end)];
      case SNMP_TAG.ipAddress:
        return [oid, tag, this.#ipAddress(start, end)];
      case SNMP_TAG.null:
      case SNMP_TAG.noSuchObject:
      case SNMP_TAG.noSuchInstance:
      case SNMP_TAG.endOfMibView:
        return [oid, tag, null];
      default:
        throw new BerError(`a value of type ${tag}`);
    }
  }

  /** Of at most six octets, so that every type of 32 bits fits whatever padding was added. */
  #integer(start: number, end: number): number {
    const length = end - start;
    if (length < 1 || length > 6) throw new BerError(`an integer of ${length} octets`);
    return this.#bytes.readIntBE(start, length);
  }

  /** Some agents leave the sign octet away and some send no octet for zero, so the octets are read as unsigned. */
  #counter64(start: number, end: number): string {
    if (end - start > 9) throw new BerError('a Counter64 of more than nine octets');
    const bytes = this.#bytes;
    let high = 0;
    let low = 0;
    for (let at = Math.max(start, end - 8); at < end; at += 1) {
      high = (high * 256 + (low >>> 24)) >>> 0;
      low = ((low << 8) | bytes[at]!) >>> 0;
    }
    if (high < 0x20_0000) return String(high * 2 ** 32 + low);
    return ((BigInt(high) << 32n) | BigInt(low)).toString();
  }

  #ipAddress(start: number, end: number): string {
    if (end - start !== 4) throw new BerError(`an address of ${end - start} octets`);
    const bytes = this.#bytes;
    return `${bytes[start]}.${bytes[start + 1]}.${bytes[start + 2]}.${bytes[start + 3]}`;
  }
}

function arcOf(bytes: Buffer, start: number, end: number): number {
  let arc = 0;
  for (let at = start; at < end; at += 1) arc = arc * 128 + (bytes[at]! & 0x7f);
  if (arc > 0xffff_ffff) throw new BerError('an arc of more than 32 bits');
  return arc;
}

/** Some agents leave the sign octet of an unsigned number away. */
export function unsigned(value: number): number {
  return value < 0 ? value >>> 0 : value;
}
