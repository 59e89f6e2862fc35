import { encodeAddress, type Field, type Template } from './flow-encoder';

/**
 * NetFlow Secure Event Logging of an ASA: NetFlow v9 records for the creation and the end of a connection, with both sides of its
 * translation ("Cisco Secure Firewall ASA NetFlow Implementation Guide", templates 256 and following).
 */
export interface NselRecord {
  readonly event: 'created' | 'deleted';
  readonly connection: number;
  readonly src: string;
  readonly srcPort: number;
  readonly dst: string;
  readonly dstPort: number;
  readonly protocol: number;
  readonly natSrc: string;
  readonly natSrcPort: number;
  /** UTC milliseconds by the device's clock: of the event, and of the connection's beginning. */
  readonly at: number;
  readonly start: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Hash of the access list's name, and of its entry. */
  readonly acl: number;
  readonly ace: number;
}

const INSIDE_IF = 3;
const OUTSIDE_IF = 4;

const COMMON: readonly Field<NselRecord>[] = [
  { id: 148, length: 4, value: ({ connection }) => connection },
  { id: 8, length: 4, value: ({ src }) => encodeAddress(src) },
  { id: 7, length: 2, value: ({ srcPort }) => srcPort },
  { id: 10, length: 2, value: () => INSIDE_IF },
  { id: 12, length: 4, value: ({ dst }) => encodeAddress(dst) },
  { id: 11, length: 2, value: ({ dstPort }) => dstPort },
  { id: 14, length: 2, value: () => OUTSIDE_IF },
  { id: 4, length: 1, value: ({ protocol }) => protocol },
  { id: 176, length: 1, value: () => 0 },
  { id: 177, length: 1, value: () => 0 },
  { id: 225, length: 4, value: ({ natSrc }) => encodeAddress(natSrc) },
  { id: 226, length: 4, value: ({ dst }) => encodeAddress(dst) },
  { id: 227, length: 2, value: ({ natSrcPort }) => natSrcPort },
  { id: 228, length: 2, value: ({ dstPort }) => dstPort },
  { id: 233, length: 1, value: ({ event }) => (event === 'created' ? 1 : 2) },
  // Extended event: 0 for a creation, 2030 "TCP FIN" for an end.
  { id: 33_002, length: 2, value: ({ event }) => (event === 'created' ? 0 : 2030) },
  { id: 323, length: 8, value: ({ at }) => BigInt(at) },
  { id: 152, length: 8, value: ({ start }) => BigInt(start) },
];

const TAIL: readonly Field<NselRecord>[] = [
  { id: 33_000, length: 12, value: aclId },
  { id: 33_001, length: 12, value: () => Buffer.alloc(12) },
  { id: 40_000, length: 20, value: () => Buffer.alloc(20) },
];

const OCTETS: readonly Field<NselRecord>[] = [
  { id: 231, length: 4, value: ({ bytesUp }) => Math.min(bytesUp, 0xffff_ffff) },
  { id: 232, length: 4, value: ({ bytesDown }) => Math.min(bytesDown, 0xffff_ffff) },
];

export const NSEL_TEMPLATES: readonly Template<NselRecord>[] = [
  { id: 256, fits: ({ event }) => event === 'created', fields: [...COMMON, ...TAIL] },
  { id: 263, fits: ({ event }) => event === 'deleted', fields: [...COMMON, ...OCTETS, ...TAIL] },
];

function aclId({ acl, ace }: NselRecord): Buffer {
  const out = Buffer.alloc(12);
  out.writeUInt32BE(acl, 0);
  out.writeUInt32BE(ace, 4);
  return out;
}
