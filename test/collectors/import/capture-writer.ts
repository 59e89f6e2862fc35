/** Writes small captures for the tests: frames, classic pcap and pcapng, in every byte order. */

export interface UdpPacket {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

export const LINK = { null: 0, ethernet: 1, raw: 101, loop: 108, sll: 113, ipv4: 228, ipv6: 229, sll2: 276 } as const;

function u16(value: number): Buffer {
  return Buffer.from([(value >> 8) & 255, value & 255]);
}

function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value >>> 0);
  return buffer;
}

/** UDP header and payload, without a checksum (RFC 768 allows zero over IPv4). */
export function udpSegment(packet: UdpPacket): Buffer {
  const length = 8 + packet.payload.length;
  return Buffer.concat([u16(packet.sourcePort), u16(packet.destinationPort), u16(length), u16(0), packet.payload]);
}

export interface V4Options {
  readonly protocol?: number;
  /** IP options, a multiple of four bytes. */
  readonly options?: Uint8Array;
  readonly id?: number;
  /** Fragment offset in bytes and whether more follow. */
  readonly offset?: number;
  readonly more?: boolean;
  readonly totalLength?: number;
}

export function ipv4(source: string, destination: string, body: Uint8Array, how: V4Options = {}): Buffer {
  const options = how.options ?? new Uint8Array(0);
  const headerLength = 20 + options.length;
  const flags = (how.more === true ? 0x2000 : 0) | ((how.offset ?? 0) >> 3);
  const header = Buffer.concat([
    Buffer.from([0x40 | (headerLength / 4), 0]),
    u16(how.totalLength ?? headerLength + body.length),
    u16(how.id ?? 0),
    u16(flags),
    Buffer.from([64, how.protocol ?? 17, 0, 0]),
    Buffer.from(source.split('.').map(Number)),
    Buffer.from(destination.split('.').map(Number)),
    options,
  ]);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, body]);
}

/** `source` and `destination` as 32 hexadecimal digits. */
export function ipv6(source: string, destination: string, body: Uint8Array, nextHeader = 17): Buffer {
  const first = Buffer.from([0x60, 0, 0, 0]);
  const rest = Buffer.from([nextHeader, 64]);
  return Buffer.concat([
    first,
    u16(body.length),
    rest,
    Buffer.from(source, 'hex'),
    Buffer.from(destination, 'hex'),
    body,
  ]);
}

export function v6Fragment(next: number, offset: number, more: boolean, id: number, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([next, 0]), u16(offset | (more ? 1 : 0)), u32(id), body]);
}

export function udpOverV4(packet: UdpPacket, how?: V4Options): Buffer {
  return ipv4(packet.source, packet.destination, udpSegment(packet), how);
}

/** Puts a link-layer header of the type before an IP packet. */
export function linkFrame(linkType: number, ip: Uint8Array, littleEndian = true): Buffer {
  const isV6 = ip[0]! >> 4 === 6;
  const etherType = u16(isV6 ? 0x86dd : 0x0800);
  const family = Buffer.alloc(4);
  if (linkType === LINK.null && littleEndian) family.writeUInt32LE(isV6 ? 10 : 2);
  else family.writeUInt32BE(isV6 ? 30 : 2);
  switch (linkType) {
    case LINK.null:
    case LINK.loop:
      return Buffer.concat([family, ip]);
    case LINK.ethernet:
      return Buffer.concat([Buffer.alloc(12, 2), etherType, ip]);
    case LINK.sll:
      return Buffer.concat([u16(0), u16(1), u16(6), Buffer.alloc(8, 2), etherType, ip]);
    case LINK.sll2:
      return Buffer.concat([etherType, u16(0), u32(1), u16(1), Buffer.from([0, 6]), Buffer.alloc(8, 2), ip]);
    default:
      return Buffer.from(ip);
  }
}

/** An Ethernet frame with tags, outermost first: pairs of tag type and VLAN id. */
export function taggedFrame(tags: readonly (readonly [number, number])[], ip: Uint8Array): Buffer {
  const tagBytes = tags.flatMap(([type, id]) => [u16(type), u16(id)]);
  return Buffer.concat([Buffer.alloc(12, 2), ...tagBytes, u16(0x0800), ip]);
}

export interface WrittenPacket {
  readonly bytes: Uint8Array;
  /** Epoch nanoseconds. */
  readonly time: bigint;
  readonly originalLength?: number;
}

export interface PcapOptions {
  readonly littleEndian?: boolean;
  readonly nanoseconds?: boolean;
  readonly linkType?: number;
}

export function pcapFile(packets: readonly WrittenPacket[], how: PcapOptions = {}): Buffer {
  const { littleEndian = true, nanoseconds = false, linkType = LINK.ethernet } = how;
  const w = writer(littleEndian);
  const magic = nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4;
  const header = [w.u32(magic), w.u16(2), w.u16(4), w.u32(0), w.u32(0), w.u32(65_535), w.u32(linkType)];
  const body = packets.map(({ bytes, time, originalLength }) => {
    const fraction = (time % 1_000_000_000n) / (nanoseconds ? 1n : 1000n);
    const stamp = [w.u32(Number(time / 1_000_000_000n)), w.u32(Number(fraction))];
    return Buffer.concat([...stamp, w.u32(bytes.length), w.u32(originalLength ?? bytes.length), bytes]);
  });
  return Buffer.concat([...header, ...body]);
}

export interface NgInterface {
  readonly linkType: number;
  /** The byte of if_tsresol; left out: microseconds. */
  readonly resolution?: number;
  /** Seconds of if_tsoffset. */
  readonly offset?: bigint;
  readonly snapLength?: number;
}

/** Writes the blocks of pcapng in one byte order. */
export class NgWriter {
  readonly #w: ReturnType<typeof writer>;

  constructor(littleEndian = true) {
    this.#w = writer(littleEndian);
  }

  section(): Buffer {
    const { u32, u16 } = this.#w;
    return this.block(0x0a0d0d0a, Buffer.concat([u32(0x1a2b3c4d), u16(1), u16(0), Buffer.alloc(8, 255)]));
  }

  interface(how: NgInterface): Buffer {
    const { u32, u16, u64 } = this.#w;
    const parts = [u16(how.linkType), u16(0), u32(how.snapLength ?? 0)];
    // An option that is not asked about, of odd length, comes first.
    parts.push(u16(2), u16(3), Buffer.from('en0\0'));
    if (how.resolution !== undefined) parts.push(u16(9), u16(1), Buffer.from([how.resolution, 0, 0, 0]));
    if (how.offset !== undefined) parts.push(u16(14), u16(8), u64(how.offset));
    parts.push(u16(0), u16(0));
    return this.block(1, Buffer.concat(parts));
  }

  enhanced(bytes: Uint8Array, stamp: bigint, interfaceId = 0, originalLength = bytes.length): Buffer {
    const { u32 } = this.#w;
    const head = [u32(interfaceId), u32(Number(stamp >> 32n)), u32(Number(stamp & 0xffffffffn))];
    return this.block(6, Buffer.concat([...head, u32(bytes.length), u32(originalLength), bytes]));
  }

  old(bytes: Uint8Array, stamp: bigint, interfaceId = 0): Buffer {
    const { u32, u16 } = this.#w;
    const head = [u16(interfaceId), u16(0), u32(Number(stamp >> 32n)), u32(Number(stamp & 0xffffffffn))];
    return this.block(2, Buffer.concat([...head, u32(bytes.length), u32(bytes.length), bytes]));
  }

  simple(bytes: Uint8Array, originalLength = bytes.length): Buffer {
    return this.block(3, Buffer.concat([this.#w.u32(originalLength), bytes]));
  }

  block(type: number, body: Uint8Array): Buffer {
    const { u32 } = this.#w;
    const padding = Buffer.alloc((4 - (body.length % 4)) % 4);
    const length = u32(12 + body.length + padding.length);
    return Buffer.concat([u32(type), length, body, padding, length]);
  }
}

/** One NetFlow v9 message with one data set of `length` bytes. */
export function v9Message(sequence: number, length = 8): Buffer {
  const set = Buffer.concat([u16(256), u16(4 + length), Buffer.alloc(length, sequence)]);
  return Buffer.concat([u16(9), u16(1), u32(1000), u32(1_700_000_000), u32(sequence), u32(1), set]);
}

/** One IPFIX message with one data set of `length` bytes. */
export function ipfixMessage(sequence: number, length = 8): Buffer {
  const set = Buffer.concat([u16(256), u16(4 + length), Buffer.alloc(length, sequence)]);
  return Buffer.concat([u16(10), u16(16 + set.length), u32(1_700_000_000), u32(sequence), u32(1), set]);
}

/** One NetFlow message of fixed layout, `records` records of zeros. */
export function fixedMessage(version: 1 | 5 | 7, records: number): Buffer {
  const [header, record] = { 1: [16, 52], 5: [24, 48], 7: [24, 52] }[version] as [number, number];
  const message = Buffer.alloc(header + record * records);
  message.writeUInt16BE(version, 0);
  message.writeUInt16BE(records, 2);
  return message;
}

/** One sFlow v5 datagram with samples of the given body lengths. */
export function sflowMessage(samples: readonly number[]): Buffer {
  const bodies = samples.map((length) => Buffer.concat([u32(1), u32(length), Buffer.alloc(length)]));
  return Buffer.concat([u32(5), u32(1), u32(0xc0000201), u32(0), u32(7), u32(1000), u32(samples.length), ...bodies]);
}

function writer(littleEndian: boolean) {
  const flip = (bytes: Buffer) => (littleEndian ? bytes.reverse() : bytes);
  return {
    u16: (value: number) => flip(u16(value)),
    u32: (value: number) => flip(u32(value)),
    u64: (value: bigint) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(value);
      return flip(bytes);
    },
  };
}

function checksum(header: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < header.length; at += 2) sum += (header[at]! << 8) | header[at + 1]!;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}
