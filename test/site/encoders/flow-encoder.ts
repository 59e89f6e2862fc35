import { isIPv4 } from 'node:net';
import type { FlowRecord } from './flow-records';

/**
 * NetFlow v9 (RFC 3954) and IPFIX (RFC 7011) as a router writes them. Written from the RFCs and on purpose without a
 * line of the product's decoder; checked against tshark and nfdump.
 */
export interface FlowEncoder<R> {
  /** The template datagram. */
  templates(now: number): Buffer;
  /** Data datagrams of at most 1,400 bytes for these records, and which records are in each. `now`: the device's UTC time, ms. */
  data(records: readonly R[], now: number): readonly Encoded<R>[];
}

export interface Encoded<R> {
  readonly bytes: Buffer;
  readonly records: readonly R[];
}

/** One element of a template: IANA number, length in bytes, and how a record says it. Times are UTC of the device, ms. */
export interface Field<R> {
  readonly id: number;
  readonly length: number;
  /** Private enterprise number. */
  readonly enterprise?: number;
  readonly value: (record: R, device: FlowDevice) => number | bigint | Uint8Array;
}

/** What fields may ask of their device: UTC ms at which its uptime clock was 0. */
export interface FlowDevice {
  readonly boot: number;
}

export interface Template<R> {
  readonly id: number;
  readonly fits: (record: R) => boolean;
  readonly fields: readonly Field<R>[];
}

const MOST_BYTES = 1_400;
const MOST_RECORDS = 18;

export class NetflowV9Encoder<R> implements FlowEncoder<R>, FlowDevice {
  #sequence: number;

  /** `boot`: UTC ms at which the exporter's uptime clock was 0. */
  constructor(
    readonly sourceId: number,
    readonly boot: number,
    readonly kinds: readonly Template<R>[],
    sequence = 0,
  ) {
    this.#sequence = sequence;
  }

  templates(now: number): Buffer {
    return Buffer.concat([this.#header(now, this.kinds.length), templateSet(0, this.kinds)]);
  }

  data(records: readonly R[], now: number): readonly Encoded<R>[] {
    return dataSets(this.kinds, records, this).map(({ set, members }) => ({
      bytes: Buffer.concat([this.#header(now, members.length), set]),
      records: members,
    }));
  }

  #header(now: number, count: number): Buffer {
    const header = Buffer.alloc(20);
    header.writeUInt16BE(9, 0);
    header.writeUInt16BE(count, 2);
    header.writeUInt32BE((now - this.boot) >>> 0, 4);
    header.writeUInt32BE(Math.floor(now / 1000), 8);
    header.writeUInt32BE(this.#sequence++ >>> 0, 12);
    header.writeUInt32BE(this.sourceId, 16);
    return header;
  }
}

export class IpfixEncoder<R> implements FlowEncoder<R>, FlowDevice {
  readonly boot = 0;
  #sequence = 0;

  constructor(
    readonly domain: number,
    readonly kinds: readonly Template<R>[],
  ) {}

  templates(now: number): Buffer {
    return this.#message(now, templateSet(2, this.kinds), 0);
  }

  data(records: readonly R[], now: number): readonly Encoded<R>[] {
    return dataSets(this.kinds, records, this).map(({ set, members }) => ({
      bytes: this.#message(now, set, members.length),
      records: members,
    }));
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

/** The elements of a metered flow that both versions share. */
const COMMON: readonly Field<FlowRecord>[] = [
  { id: 7, length: 2, value: ({ srcPort }) => srcPort },
  { id: 11, length: 2, value: ({ dstPort }) => dstPort },
  { id: 4, length: 1, value: ({ protocol }) => protocol },
  { id: 6, length: 1, value: ({ tcpFlags }) => tcpFlags },
  { id: 10, length: 4, value: ({ inIf }) => inIf },
  { id: 14, length: 4, value: ({ outIf }) => outIf },
  { id: 61, length: 1, value: () => 0 },
  { id: 1, length: 8, value: ({ bytes }) => BigInt(bytes) },
  { id: 2, length: 8, value: ({ packets }) => BigInt(packets) },
];
const V9_TIMES: readonly Field<FlowRecord>[] = [
  { id: 22, length: 4, value: ({ start }, { boot }) => (start - boot) >>> 0 },
  { id: 21, length: 4, value: ({ end }, { boot }) => (end - boot) >>> 0 },
];
const IPFIX_TIMES: readonly Field<FlowRecord>[] = [
  { id: 152, length: 8, value: ({ start }) => BigInt(start) },
  { id: 153, length: 8, value: ({ end }) => BigInt(end) },
];
/** Sampling interval and algorithm (2: random), for exporters that say it in every record. */
const SAMPLING: readonly Field<FlowRecord>[] = [
  { id: 34, length: 4, value: ({ sampling }) => sampling ?? 1 },
  { id: 35, length: 1, value: () => 2 },
];
const INGRESS_VRF: readonly Field<FlowRecord>[] = [{ id: 234, length: 4, value: ({ vrf }) => vrf ?? 0 }];

/** What goes into the templates of a metering device beyond the least. */
export interface FlowTemplateOptions {
  readonly sampling?: boolean;
  readonly vrf?: boolean;
}

/** The templates of a device that meters packets: one for IPv4, one for IPv6. */
export function flowTemplates(
  version: 'v9' | 'ipfix',
  { sampling = false, vrf = false }: FlowTemplateOptions = {},
): readonly Template<FlowRecord>[] {
  const tail = [
    ...COMMON,
    ...(version === 'v9' ? V9_TIMES : IPFIX_TIMES),
    ...(sampling ? SAMPLING : []),
    ...(vrf ? INGRESS_VRF : []),
  ];
  const addresses = (ids: readonly [number, number], length: number): readonly Field<FlowRecord>[] => [
    { id: ids[0], length, value: ({ src }) => encodeAddress(src) },
    { id: ids[1], length, value: ({ dst }) => encodeAddress(dst) },
  ];
  return [
    { id: 256, fits: ({ src }) => isIPv4(src), fields: [...addresses([8, 12], 4), ...tail] },
    { id: 257, fits: ({ src }) => !isIPv4(src), fields: [...addresses([27, 28], 16), ...tail] },
  ];
}

function templateSet<R>(setId: 0 | 2, templates: readonly Template<R>[]): Buffer {
  const records = templates.map(({ id, fields }) => {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(id, 0);
    head.writeUInt16BE(fields.length, 2);
    return Buffer.concat([head, ...fields.map(fieldSpecifier)]);
  });
  return withSetHeader(setId, Buffer.concat(records));
}

function fieldSpecifier<R>({ id, length, enterprise }: Field<R>): Buffer {
  const out = Buffer.alloc(enterprise === undefined ? 4 : 8);
  out.writeUInt16BE(enterprise === undefined ? id : id | 0x8000, 0);
  out.writeUInt16BE(length, 2);
  if (enterprise !== undefined) out.writeUInt32BE(enterprise, 4);
  return out;
}

function dataSets<R>(
  templates: readonly Template<R>[],
  records: readonly R[],
  device: FlowDevice,
): { set: Buffer; members: readonly R[] }[] {
  const out: { set: Buffer; members: readonly R[] }[] = [];
  for (const { id, fits, fields } of templates) {
    const members = records.filter(fits);
    const size = fields.reduce((sum, { length }) => sum + length, 0);
    const most = Math.min(MOST_RECORDS, Math.floor((MOST_BYTES - 24) / size));
    for (let i = 0; i < members.length; i += most) {
      const chunk = members.slice(i, i + most);
      const body = Buffer.concat(chunk.map((record) => encodeRecord(record, fields, size, device)));
      out.push({ set: withSetHeader(id, body), members: chunk });
    }
  }
  return out;
}

function encodeRecord<R>(record: R, fields: readonly Field<R>[], size: number, device: FlowDevice): Buffer {
  const out = Buffer.alloc(size);
  let offset = 0;
  for (const { length, value } of fields) {
    const given = value(record, device);
    if (typeof given === 'bigint') out.writeBigUInt64BE(given, offset);
    else if (typeof given === 'number') out.writeUIntBE(given, offset, length);
    else out.set(given.subarray(0, length), offset);
    offset += length;
  }
  return out;
}

/** 4 or 16 bytes of an address. */
export function encodeAddress(text: string): Buffer {
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
