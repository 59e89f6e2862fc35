import ipaddr from 'ipaddr.js';
import { FragmentAssembler } from './fragment-assembler';
import type { SkipReason } from './import-model';

/** One UDP datagram out of a capture. */
export interface UdpDatagram {
  /** Sender, canonical text; an IPv4-mapped one as IPv4. */
  readonly address: string;
  readonly port: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

/** A datagram, a fragment kept until the rest comes, or why there is none. */
export type IpOutcome = UdpDatagram | 'held' | SkipReason;

/** One IP packet in the bytes of a capture. */
interface IpPacket {
  readonly bytes: Uint8Array;
  /** Where the IP header begins. */
  readonly at: number;
  /** The capture has less of it than was on the wire. */
  readonly cut: boolean;
  readonly time: number;
}

const UDP = 17;
const FRAGMENT_HEADER = 44;
const AUTHENTICATION_HEADER = 51;
/** Headers that say their length in units of eight bytes (RFC 8200 section 4, RFC 6275, RFC 7401, RFC 5533). */
const PLAIN_EXTENSIONS: ReadonlySet<number> = new Set([0, 43, 60, 135, 139, 140]);
const MOST_EXTENSIONS = 16;

/** Reads UDP out of IPv4 (RFC 791) and IPv6 (RFC 8200) packets, fragmented ones included. Checksums are not looked at. */
export class IpUdpReader {
  readonly #fragments: FragmentAssembler;

  constructor(skip: (reason: SkipReason) => void) {
    this.#fragments = new FragmentAssembler(() => skip('fragment_incomplete'));
  }

  /** `at`: where the IP header begins; `cut`: the capture has less than was on the wire; `time`: epoch milliseconds. */
  read(bytes: Uint8Array, at: number, cut: boolean, time: number): IpOutcome {
    const packet: IpPacket = { bytes, at, cut, time };
    const version = (bytes[at] ?? 0) >> 4;
    if (version === 4) return this.#readV4(packet);
    if (version === 6) return this.#readV6(packet);
    return at < bytes.length ? 'not_ip' : tooShort(packet);
  }

  /** Counts the datagrams of which fragments are still missing. */
  finish(): void {
    this.#fragments.finish();
  }

  #readV4(packet: IpPacket): IpOutcome {
    const { bytes, at } = packet;
    if (bytes.length < at + 20) return tooShort(packet);
    const headerLength = (bytes[at]! & 15) * 4;
    // Segmentation offload leaves the total length zero; the capture's own length then counts.
    const totalLength = uint16(bytes, at + 2) || bytes.length - at;
    if (headerLength < 20 || totalLength < headerLength) return 'malformed_packet';
    if (bytes[at + 9] !== UDP) return 'not_udp';
    const end = at + totalLength;
    if (end > bytes.length) return tooShort(packet);
    const address = bytes.subarray(at + 12, at + 16).join('.');
    const flags = uint16(bytes, at + 6);
    const payload = bytes.subarray(at + headerLength, end);
    // More fragments (0x2000) or an offset: a part of a datagram.
    if ((flags & 0x3fff) === 0) return udp(payload, address);
    const key = `4 ${hex(bytes, at + 12, 8)} ${uint16(bytes, at + 4)}`;
    const outcome = this.#fragments.add(key, (flags & 0x1fff) * 8, (flags & 0x2000) !== 0, payload, packet.time);
    return typeof outcome === 'string' ? outcome : udp(outcome.whole, address);
  }

  #readV6(packet: IpPacket): IpOutcome {
    const { bytes, at } = packet;
    if (bytes.length < at + 40) return tooShort(packet);
    const payloadLength = uint16(bytes, at + 4) || bytes.length - at - 40;
    const end = at + 40 + payloadLength;
    const found = walkExtensions(bytes, at + 40, Math.min(end, bytes.length), bytes[at + 6]!);
    if (found === 'too_short') return end > bytes.length ? tooShort(packet) : 'malformed_packet';
    if (typeof found === 'string') return found;
    if (end > bytes.length) return tooShort(packet);
    const address = v6Text(bytes.subarray(at + 8, at + 24));
    const payload = bytes.subarray(found.at, end);
    if (found.fragment === undefined) return udp(payload, address);
    const { offset, more, id } = found.fragment;
    const key = `6 ${hex(bytes, at + 8, 32)} ${id}`;
    const outcome = this.#fragments.add(key, offset, more, payload, packet.time);
    return typeof outcome === 'string' ? outcome : udp(outcome.whole, address);
  }
}

/** Where UDP begins, or the fragment of it. */
interface UpperLayer {
  readonly at: number;
  readonly fragment?: { readonly offset: number; readonly more: boolean; readonly id: number };
}

function walkExtensions(
  bytes: Uint8Array,
  from: number,
  end: number,
  first: number,
): UpperLayer | 'not_udp' | 'too_short' {
  let at = from;
  let next = first;
  for (let count = 0; count < MOST_EXTENSIONS; count += 1) {
    if (next === UDP) return { at };
    const isKnown = PLAIN_EXTENSIONS.has(next) || next === AUTHENTICATION_HEADER || next === FRAGMENT_HEADER;
    if (!isKnown) return 'not_udp';
    if (at + 8 > end) return 'too_short';
    const following = bytes[at]!;
    if (next === FRAGMENT_HEADER) {
      const field = uint16(bytes, at + 2);
      // A fragment that is the whole datagram (RFC 6946) is read on; extension headers inside real ones are not.
      if ((field & 0xfff9) !== 0 && following !== UDP) return 'not_udp';
      if ((field & 0xfff9) !== 0) {
        const id = uint16(bytes, at + 4) * 65_536 + uint16(bytes, at + 6);
        return { at: at + 8, fragment: { offset: field & 0xfff8, more: (field & 1) === 1, id } };
      }
      at += 8;
    } else {
      at += next === AUTHENTICATION_HEADER ? (bytes[at + 1]! + 2) * 4 : (bytes[at + 1]! + 1) * 8;
    }
    next = following;
  }
  return 'not_udp';
}

function udp(segment: Uint8Array, address: string): UdpDatagram | 'malformed_packet' {
  if (segment.length < 8) return 'malformed_packet';
  // Zero: a jumbogram or a segment left to the network card.
  const length = uint16(segment, 4) || segment.length;
  if (length < 8 || length > segment.length) return 'malformed_packet';
  return {
    address,
    port: uint16(segment, 0),
    destinationPort: uint16(segment, 2),
    payload: segment.subarray(8, length),
  };
}

function tooShort(packet: IpPacket): SkipReason {
  return packet.cut ? 'cut_by_snaplen' : 'malformed_packet';
}

function v6Text(bytes: Uint8Array): string {
  const address = ipaddr.fromByteArray([...bytes]);
  if (!(address instanceof ipaddr.IPv6)) return address.toString();
  return address.isIPv4MappedAddress() ? address.toIPv4Address().toString() : address.toRFC5952String();
}

function hex(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('hex');
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}
