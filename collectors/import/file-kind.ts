import type { FileKind } from './import-model';

/** How much of a file `fileKind` wants to see. */
export const KIND_PREFIX_BYTES = 4096;

/** Files that are recognised only to be refused by name. */
const FOREIGN: readonly { readonly magic: readonly number[]; readonly at?: number; readonly name: string }[] = [
  { magic: [0x50, 0x4b, 0x03, 0x04], name: 'a zip archive' },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], name: 'xz-compressed' },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], name: 'zstd-compressed' },
  { magic: [0x42, 0x5a, 0x68], name: 'bzip2-compressed' },
  // nfdump's own file format (its header begins with 0xA50C).
  { magic: [0x0c, 0xa5], name: 'an nfdump file' },
  { magic: [0xa5, 0x0c], name: 'an nfdump file' },
  { magic: [0xff, 0xfe], name: 'UTF-16 text' },
  { magic: [0xfe, 0xff], name: 'UTF-16 text' },
];

/** `ustar` at 257: POSIX and GNU tar (POSIX.1-1988). */
const TAR_MAGIC: readonly number[] = [0x75, 0x73, 0x74, 0x61, 0x72];
const TAR_MAGIC_AT = 257;

const PCAP_MAGICS: ReadonlySet<number> = new Set([0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1]);
const PCAPNG_SECTION = 0x0a0d0d0a;
const FLOW_VERSIONS: ReadonlySet<number> = new Set([1, 5, 7, 8, 9, 10]);

/**
 * Tells what a file is from its first (uncompressed) bytes. An empty file is text without lines. Returns, for what
 * cannot be imported, what it is in words.
 */
export function fileKind(prefix: Uint8Array): FileKind | { readonly foreign: string } {
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  if (prefix.length >= 4) {
    const magic = view.getUint32(0);
    if (PCAP_MAGICS.has(magic)) return 'pcap';
    if (magic === PCAPNG_SECTION) return 'pcapng';
  }
  if (TAR_MAGIC.every((byte, index) => prefix[TAR_MAGIC_AT + index] === byte)) return 'esxi_bundle';
  const foreign = FOREIGN.find(({ magic, at = 0 }) => magic.every((byte, index) => prefix[at + index] === byte));
  if (foreign !== undefined) return { foreign: foreign.name };
  if (prefix.length >= 2 && FLOW_VERSIONS.has(view.getUint16(0))) return 'flow_payload';
  if (prefix.length >= 8 && view.getUint32(0) === 5) return 'flow_payload';
  // Text may be in any 8-bit encoding, but it has no zero byte.
  if (!prefix.includes(0)) return 'text';
  return { foreign: 'of an unknown kind' };
}
