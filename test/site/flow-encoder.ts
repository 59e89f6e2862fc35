import { isIPv4 } from 'node:net';
import type { FlowRecord } from './flow-records';

/**
 * NetFlow v9 (RFC 3954) and IPFIX (RFC 7011) as a router writes them. Written from the RFCs and on purpose without a
 * line of the product's decoder; checked against tshark and nfdump.
 */
export interface FlowEncoder {
  /** The template datagram. */
  templates(now: number): Buffer;
  /** Data datagrams of at most 1,400 bytes for these records; `epoch` is the UTC time of site time 0. */
  data(records: readonly FlowRecord[], epoch: number, now: number): Buffer[];
}

type Field = readonly [id: number, length: number];

const COMMON: readonly Field[] = [
  [7, 2],
  [11, 2],
  [4, 1],
  [6, 1],
  [10, 4],
  [14, 4],
  [61, 1],
];
const V9_TAIL: readonly Field[] = [
  [1, 8],
  [2, 8],
  [22, 4],
  [21, 4],
];
const IPFIX_TAIL: readonly Field[] = [
  [1, 8],
  [2, 8],
  [152, 8],
  [153, 8],
];
const ADDRESSES_V4: readonly Field[] = [
  [8, 4],
  [12, 4],
];
const ADDRESSES_V6: readonly Field[] = [
  [27, 16],
  [28, 16],
];
const TEMPLATE_V4 = 256;
const TEMPLATE_V6 = 257;
const RECORDS_PER_DATAGRAM = 18;

export class NetflowV9Encoder implements FlowEncoder {
  #sequence = 0;

  /** `boot`: UTC ms at which the exporter's uptime clock was 0. */
  constructor(
    readonly sourceId: number,
    readonly boot: number,
  ) {}

  templates(now: number): Buffer {
    const body = templateSet(0, V9_TAIL);
    return Buffer.concat([this.#header(now, 2), body]);
  }

  data(records: readonly FlowRecord[], epoch: number, now: number): Buffer[] {
    const times = (record: FlowRecord): Buffer => {
      const out = Buffer.alloc(8);
      out.writeUInt32BE((epoch + record.start - this.boot) >>> 0, 0);
      out.writeUInt32BE((epoch + record.end - this.boot) >>> 0, 4);
      return out;
    };
    return dataSets(records, times).map(({ set, count }) => Buffer.concat([this.#header(now, count), set]));
  }

  #header(now: number, count: number): Buffer {
    const header = Buffer.alloc(20);
    header.writeUInt16BE(9, 0);
    header.writeUInt16BE(count, 2);
    header.writeUInt32BE((now - this.boot) >>> 0, 4);
    header.writeUInt32BE(Math.floor(now / 1000), 8);
    header.writeUInt32BE(this.#sequence++, 12);
    header.writeUInt32BE(this.sourceId, 16);
    return header;
  }
}

export class IpfixEncoder implements FlowEncoder {
  #sequence = 0;

  constructor(readonly domain: number) {}

  templates(now: number): Buffer {
    return this.#message(now, templateSet(2, IPFIX_TAIL), 0);
  }

  data(records: readonly FlowRecord[], epoch: number, now: number): Buffer[] {
    const times = (record: FlowRecord): Buffer => {
      const out = Buffer.alloc(16);
      out.writeBigUInt64BE(BigInt(epoch + record.start), 0);
      out.writeBigUInt64BE(BigInt(epoch + record.end), 8);
      return out;
    };
    return dataSets(records, times).map(({ set, count }) => this.#message(now, set, count));
  }

  #message(now: number, set: Buffer, records: number): Buffer {
    const header = Buffer.alloc(16);
    header.writeUInt16BE(10, 0);
    header.writeUInt16BE(16 + set.length, 2);
    header.writeUInt32BE(Math.floor(now / 1000), 4);
    header.writeUInt32BE(this.#sequence >>> 0, 8);
    header.writeUInt32BE(this.domain, 12);
    this.#sequence += records;
    return Buffer.concat([header, set]);
  }
}

function templateSet(setId: 0 | 2, tail: readonly Field[]): Buffer {
  const record = (id: number, fields: readonly Field[]): Buffer => {
    const out = Buffer.alloc(4 + fields.length * 4);
    out.writeUInt16BE(id, 0);
    out.writeUInt16BE(fields.length, 2);
    fields.forEach(([element, length], i) => {
      out.writeUInt16BE(element, 4 + i * 4);
      out.writeUInt16BE(length, 6 + i * 4);
    });
    return out;
  };
  const v4 = record(TEMPLATE_V4, [...ADDRESSES_V4, ...COMMON, ...tail]);
  const v6 = record(TEMPLATE_V6, [...ADDRESSES_V6, ...COMMON, ...tail]);
  return withSetHeader(setId, Buffer.concat([v4, v6]));
}

function dataSets(
  records: readonly FlowRecord[],
  times: (record: FlowRecord) => Buffer,
): { set: Buffer; count: number }[] {
  const out: { set: Buffer; count: number }[] = [];
  for (const v4 of [true, false]) {
    const family = records.filter((record) => isIPv4(record.src) === v4);
    for (let i = 0; i < family.length; i += RECORDS_PER_DATAGRAM) {
      const chunk = family.slice(i, i + RECORDS_PER_DATAGRAM);
      const body = Buffer.concat(chunk.map((record) => encodeRecord(record, times(record))));
      out.push({ set: withSetHeader(v4 ? TEMPLATE_V4 : TEMPLATE_V6, body), count: chunk.length });
    }
  }
  return out;
}

function encodeRecord(record: FlowRecord, times: Buffer): Buffer {
  const fixed = Buffer.alloc(2 + 2 + 1 + 1 + 4 + 4 + 1 + 8 + 8);
  fixed.writeUInt16BE(record.srcPort, 0);
  fixed.writeUInt16BE(record.dstPort, 2);
  fixed.writeUInt8(record.protocol, 4);
  fixed.writeUInt8(record.tcpFlags, 5);
  fixed.writeUInt32BE(record.inIf, 6);
  fixed.writeUInt32BE(record.outIf, 10);
  fixed.writeUInt8(0, 14);
  fixed.writeBigUInt64BE(BigInt(record.bytes), 15);
  fixed.writeBigUInt64BE(BigInt(record.packets), 23);
  return Buffer.concat([encodeAddress(record.src), encodeAddress(record.dst), fixed, times]);
}

function encodeAddress(text: string): Buffer {
  if (isIPv4(text)) return Buffer.from(text.split('.').map(Number));
  const [head = '', tail = ''] = text.split('::');
  const front = head.split(':').filter((group) => group !== '');
  const back = tail.split(':').filter((group) => group !== '');
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => '0');
  return Buffer.from([...front, ...zeros, ...back].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** Set header and padding to a multiple of four. */
function withSetHeader(id: number, body: Buffer): Buffer {
  const padding = (4 - (body.length % 4)) % 4;
  const header = Buffer.alloc(4);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(4 + body.length + padding, 2);
  return Buffer.concat([header, body, Buffer.alloc(padding)]);
}
