import type { CapturedPacket } from './captured-packet';

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
/** 802.1Q, 802.1ad and the older tag types seen in front of them; each tag is 4 bytes. */
const VLAN_TAGS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100, 0x9200]);
const MOST_TAGS = 8;
/** Values of AF_INET and, on Linux, NetBSD, FreeBSD and Darwin, AF_INET6: what LINKTYPE_NULL headers hold. */
const ADDRESS_FAMILIES: ReadonlySet<number> = new Set([2, 10, 24, 28, 30]);

/** Where the IP header begins, or why there is none to be found. */
export type NetworkLayer = number | 'not_ip' | 'link_type_unknown' | 'too_short';

/** Finds the IP header behind the link-layer header. Link types: the LINKTYPE_ registry of tcpdump.org. */
export function networkLayer({ linkType, bytes, littleEndian }: CapturedPacket): NetworkLayer {
  switch (linkType) {
    case 0:
    case 108:
      return afterFamily(bytes, littleEndian && linkType === 0);
    case 1:
      return afterEtherType(bytes, 12);
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return 0;
    case 113:
      return afterEtherType(bytes, 14);
    case 276:
      // The protocol stands at the front of the 20-byte header; tags cannot follow it there.
      return bytes.length < 20 ? 'too_short' : isIp(uint16(bytes, 0)) ? 20 : 'not_ip';
    default:
      return 'link_type_unknown';
  }
}

function afterEtherType(bytes: Uint8Array, typeAt: number): NetworkLayer {
  let at = typeAt;
  for (let tags = 0; tags <= MOST_TAGS; tags += 1) {
    if (at + 2 > bytes.length) return 'too_short';
    const type = uint16(bytes, at);
    if (isIp(type)) return at + 2;
    if (!VLAN_TAGS.has(type)) return 'not_ip';
    at += 4;
  }
  return 'not_ip';
}

function afterFamily(bytes: Uint8Array, littleEndian: boolean): NetworkLayer {
  if (bytes.length < 4) return 'too_short';
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4);
  // The header is of the capturing host's order, which need not be the file's.
  const known =
    ADDRESS_FAMILIES.has(view.getUint32(0, littleEndian)) || ADDRESS_FAMILIES.has(view.getUint32(0, !littleEndian));
  return known ? 4 : 'not_ip';
}

function isIp(etherType: number): boolean {
  return etherType === ETHERTYPE_IPV4 || etherType === ETHERTYPE_IPV6;
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}
