import ipaddr from 'ipaddr.js';

/** What a meter needs to know of a packet. */
export interface HeaderFields {
  /** Canonical text. */
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  /** 0 for protocols without, and for fragments behind the first. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** TCP flags; 0 for other protocols. */
  readonly flags: number;
  /** Bytes of the packet from its IP header on, as on the wire. */
  readonly length: number;
}

const TCP = 6;
const WITH_PORTS: ReadonlySet<number> = new Set([TCP, 17, 132]);
/** Extension headers that say their length in units of eight bytes (RFC 8200 section 4). */
const EXTENSIONS: ReadonlySet<number> = new Set([0, 43, 60, 135, 139, 140]);
const FRAGMENT = 44;
const MOST_EXTENSIONS = 8;

/**
 * Reads IPv4 (RFC 791), IPv6 (RFC 8200) and the ports and flags of TCP (RFC 9293), UDP and SCTP. `at`: where the IP header begins;
 * `original`: length of the captured packet on the wire.
 */
export function readIpHeader(
  bytes: Uint8Array,
  at: number,
  original: number,
): HeaderFields | 'not_ip' | 'cut_by_snaplen' {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = (bytes[at] ?? 0) >> 4;
  if (version === 4) return bytes.length < at + 20 ? 'cut_by_snaplen' : readV4(view, at, original);
  if (version === 6) return bytes.length < at + 40 ? 'cut_by_snaplen' : readV6(view, at, original);
  return 'not_ip';
}

function readV4(view: DataView, at: number, original: number): HeaderFields {
  const address = (offset: number): string => [0, 1, 2, 3].map((i) => view.getUint8(at + offset + i)).join('.');
  const protocol = view.getUint8(at + 9);
  const isFirst = (view.getUint16(at + 6) & 0x1fff) === 0;
  return {
    source: address(12),
    destination: address(16),
    protocol,
    ...upperLayer(view, isFirst ? at + (view.getUint8(at) & 15) * 4 : view.byteLength, protocol),
    // Segmentation offload leaves the length zero: then the capture's own counts.
    length: view.getUint16(at + 2) || original - at,
  };
}

function readV6(view: DataView, at: number, original: number): HeaderFields {
  const bytes = (offset: number): number[] => Array.from({ length: 16 }, (_, i) => view.getUint8(at + offset + i));
  let next = view.getUint8(at + 6);
  let place = at + 40;
  let isFirst = true;
  for (let i = 0; i < MOST_EXTENSIONS && place + 8 <= view.byteLength; i++) {
    if (next === FRAGMENT) isFirst = (view.getUint16(place + 2) & 0xfff8) === 0;
    else if (!EXTENSIONS.has(next)) break;
    const length = next === FRAGMENT ? 8 : (view.getUint8(place + 1) + 1) * 8;
    next = view.getUint8(place);
    place += length;
  }
  const payload = view.getUint16(at + 4);
  return {
    source: ipaddr.fromByteArray(bytes(8)).toString(),
    destination: ipaddr.fromByteArray(bytes(24)).toString(),
    protocol: next,
    ...upperLayer(view, isFirst ? place : view.byteLength, next),
    length: payload === 0 ? original - at : payload + 40,
  };
}

function upperLayer(
  view: DataView,
  at: number,
  protocol: number,
): Pick<HeaderFields, 'sourcePort' | 'destinationPort' | 'flags'> {
  const hasPorts = WITH_PORTS.has(protocol) && at + 4 <= view.byteLength;
  return {
    sourcePort: hasPorts ? view.getUint16(at) : 0,
    destinationPort: hasPorts ? view.getUint16(at + 2) : 0,
    flags: protocol === TCP && at + 14 <= view.byteLength ? view.getUint8(at + 13) : 0,
  };
}
