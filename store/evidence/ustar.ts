import { EvidenceError } from './errors';

/*
 * POSIX ustar (IEEE Std 1003.1, pax): a header of 512 bytes, the content, zeros to the next multiple of 512; two blocks of
 * zeros at the end. Everything but name and size is fixed here, so that the same files give the same archive.
 *
 *   0 name 100 | 100 mode 8 | 108 uid 8 | 116 gid 8 | 124 size 12 | 136 mtime 12 | 148 checksum 8 | 156 type 1 |
 *   157 link 100 | 257 "ustar\0" | 263 "00" | 265 user 32 | 297 group 32 | 329 device 16 | 345 prefix 155
 */

export const BLOCK_BYTES = 512;
/** Zeros that end an archive. */
export const TRAILER_BYTES = 2 * BLOCK_BYTES;

const NAME_BYTES = 100;
const MOST_BYTES = 0o77777777777;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/;

/** Header of a plain file. `name` is ASCII of at most 100 bytes. Throws `EvidenceError` from 8 GiB on. */
export function tarHeader(name: string, size: number): Buffer {
  if (size > MOST_BYTES || name.length > NAME_BYTES) {
    throw new EvidenceError(
      'evidence_too_large',
      `${name} has ${size} bytes: a file in a pack may have 8 GiB; ask for less at once`,
    );
  }
  const header = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, at: number, width: number): void => {
    header.write(value.toString(8).padStart(width - 1, '0'), at, 'latin1');
  };
  header.write(name, 0, 'latin1');
  octal(0o444, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  header.fill(0x20, 148, 156);
  header.write('0', 156, 'latin1');
  header.write('ustar\u000000', 257, 'latin1');
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  header[154] = 0;
  return header;
}

/** Zeros between the end of a content and the next block. */
export function paddingOf(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** Name and size of a header that `tarHeader` could have written; undefined for every other block. */
export function readTarHeader(block: Buffer): { readonly name: string; readonly size: number } | undefined {
  const name = block.toString('latin1', 0, NAME_BYTES).split('\0')[0] ?? '';
  const digits = block.toString('latin1', 124, 135);
  if (!NAME.test(name) || !/^[0-7]{11}$/.test(digits)) return undefined;
  const size = Number.parseInt(digits, 8);
  return tarHeader(name, size).equals(block) ? { name, size } : undefined;
}
