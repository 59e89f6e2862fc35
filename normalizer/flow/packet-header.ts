/** What a packet's first bytes tell. Offsets are -1, numbers 0, where it is not told. */
export interface PacketHeader {
  srcMacAt: number;
  dstMacAt: number;
  vlan: number;
  /** Where the addresses stand, and their length (0: no IP packet in it). */
  srcAt: number;
  dstAt: number;
  addressLength: number;
  /** Length of the IP packet; 0 when the header does not tell. */
  ipLength: number;
  protocol: number;
  tos: number;
  ttl: number;
  srcPort: number;
  dstPort: number;
  tcpFlags: number;
  icmp: number;
}

export function emptyPacketHeader(): PacketHeader {
  return {
    srcMacAt: -1,
    dstMacAt: -1,
    vlan: 0,
    srcAt: -1,
    dstAt: -1,
    addressLength: 0,
    ipLength: 0,
    protocol: 0,
    tos: 0,
    ttl: 0,
    srcPort: 0,
    dstPort: 0,
    tcpFlags: 0,
    icmp: 0,
  };
}

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
/** Tags in front of the real type: 802.1Q, 802.1ad, and its older number. */
const VLAN_TAGS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);
/** Header protocols of sFlow. */
const ETHERNET_HEADER = 1;
const IPV4_HEADER = 11;
const IPV6_HEADER = 12;
const MOST_TAGS = 4;
const MOST_EXTENSIONS = 8;

/** Reads the sampled bytes between `from` and `to` as far as they go, into `into`. */
export function readPacketHeader(view: DataView, from: number, to: number, kind: number, into: PacketHeader): void {
  Object.assign(into, EMPTY);
  if (kind === IPV4_HEADER) readIPv4(view, from, to, into);
  else if (kind === IPV6_HEADER) readIPv6(view, from, to, into);
  else if (kind === ETHERNET_HEADER) readEthernet(view, from, to, into);
}

const EMPTY = emptyPacketHeader();

function readEthernet(view: DataView, from: number, to: number, into: PacketHeader): void {
  if (to - from < 14) return;
  into.dstMacAt = from;
  into.srcMacAt = from + 6;
  let at = from + 12;
  let type = view.getUint16(at);
  for (let tags = 0; VLAN_TAGS.has(type) && tags < MOST_TAGS && at + 6 <= to; tags++) {
    if (tags === 0) into.vlan = view.getUint16(at + 2) & 0xfff;
    at += 4;
    type = view.getUint16(at);
  }
  if (type === IPV4) readIPv4(view, at + 2, to, into);
  else if (type === IPV6) readIPv6(view, at + 2, to, into);
}

function readIPv4(view: DataView, at: number, to: number, into: PacketHeader): void {
  if (to - at < 20 || view.getUint8(at) >> 4 !== 4) return;
  into.srcAt = at + 12;
  into.dstAt = at + 16;
  into.addressLength = 4;
  into.tos = view.getUint8(at + 1);
  into.ipLength = view.getUint16(at + 2);
  into.ttl = view.getUint8(at + 8);
  into.protocol = view.getUint8(at + 9);
  const fragment = view.getUint16(at + 6) & 0x1fff;
  if (fragment === 0) readTransport(view, at + (view.getUint8(at) & 0xf) * 4, to, into);
}

function readIPv6(view: DataView, at: number, to: number, into: PacketHeader): void {
  if (to - at < 40 || view.getUint8(at) >> 4 !== 6) return;
  into.srcAt = at + 8;
  into.dstAt = at + 24;
  into.addressLength = 16;
  into.tos = (view.getUint16(at) >> 4) & 0xff;
  into.ipLength = view.getUint16(at + 4) + 40;
  into.ttl = view.getUint8(at + 7);
  let next = view.getUint8(at + 6);
  let p = at + 40;
  for (let i = 0; i < MOST_EXTENSIONS && p + 8 <= to; i++) {
    // Hop-by-hop, routing, destination options: 8 bytes and 8 more for each unit; fragment header: 8 bytes.
    if (next === 44) {
      if ((view.getUint16(p + 2) & 0xfff8) !== 0) {
        into.protocol = view.getUint8(p);
        return;
      }
    } else if (next !== 0 && next !== 43 && next !== 60) break;
    const length = next === 44 ? 8 : (view.getUint8(p + 1) + 1) * 8;
    next = view.getUint8(p);
    p += length;
  }
  into.protocol = next;
  readTransport(view, p, to, into);
}

function readTransport(view: DataView, at: number, to: number, into: PacketHeader): void {
  if (at + 4 > to) return;
  const { protocol } = into;
  if (protocol === 1 || protocol === 58) into.icmp = view.getUint16(at);
  if (protocol !== 6 && protocol !== 17 && protocol !== 132) return;
  into.srcPort = view.getUint16(at);
  into.dstPort = view.getUint16(at + 2);
  if (protocol === 6 && at + 14 <= to) into.tcpFlags = view.getUint16(at + 12) & 0x1ff;
}
