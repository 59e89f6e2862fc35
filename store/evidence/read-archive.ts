import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import type { PackFault } from './contract';
import { pieces, type Stretch } from './spool';
import { BLOCK_BYTES, paddingOf, readTarHeader, TRAILER_BYTES } from './ustar';

/** A file in an archive. */
export interface ArchiveEntry extends Stretch {
  readonly sha256: string;
}

export interface Archive {
  /** By path below the root directory. */
  readonly entries: ReadonlyMap<string, ArchiveEntry>;
  /** SHA-256 of all of it, hex. */
  readonly sha256: string;
}

/** Reads an archive as `writePack` writes it, every byte of it once. What is not written so is a fault; then it ends there. */
export function readArchive(handle: number, size: number, faults: PackFault[]): Archive {
  const whole = createHash('sha256');
  const entries = new Map<string, ArchiveEntry>();
  const at = readEntries(handle, size, entries, whole, faults);
  for (const piece of pieces({ handle, offset: at, size: size - at })) whole.update(piece);
  return { entries, sha256: whole.digest('hex') };
}

/** Reads files as far as they are written as ours are; gives the place that `whole` has not taken yet. */
function readEntries(
  handle: number,
  size: number,
  entries: Map<string, ArchiveEntry>,
  whole: Sink,
  faults: PackFault[],
): number {
  let at = 0;
  let root: string | undefined;
  let previous = '';
  while (at < size - TRAILER_BYTES) {
    const block = readAt(handle, at, BLOCK_BYTES);
    const header = readTarHeader(block);
    if (header === undefined || header.name <= previous || at + BLOCK_BYTES + header.size > size) {
      const after = previous === '' ? 'at the beginning' : `after ${previous}`;
      faults.push({ file: '', text: `the archive's header ${after} (byte ${at}) was changed` });
      return at;
    }
    whole.update(block);
    const slash = header.name.indexOf('/');
    root ??= header.name.slice(0, slash);
    const name = header.name.slice(slash + 1);
    if (header.name.slice(0, slash) !== root) faults.push({ file: name, text: `lies outside ${root}` });
    previous = header.name;
    const stretch = { handle, offset: at + BLOCK_BYTES, size: header.size };
    entries.set(name, { ...stretch, sha256: digestOf(stretch, whole) });
    at = stretch.offset + header.size;
    const padding = readAt(handle, at, paddingOf(header.size));
    whole.update(padding);
    if (!isZero(padding)) faults.push({ file: name, text: 'the zeros after it were changed' });
    at += padding.length;
  }
  if (at !== size - TRAILER_BYTES || !isZero(readAt(handle, at, TRAILER_BYTES))) {
    faults.push({ file: '', text: 'the archive does not end as it was written: it was cut, added to or changed' });
  }
  return at;
}

/** All of a small file of the archive as text. */
export function textOf(entry: ArchiveEntry): string {
  return Buffer.concat([...pieces(entry)].map((piece) => Buffer.from(piece))).toString('utf8');
}

/** What takes bytes as they come. */
interface Sink {
  update(bytes: Uint8Array): unknown;
}

function digestOf(stretch: Stretch, whole: Sink): string {
  const digest = createHash('sha256');
  for (const piece of pieces(stretch)) {
    digest.update(piece);
    whole.update(piece);
  }
  return digest.digest('hex');
}

function readAt(handle: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const read = readSync(handle, bytes, done, length - done, offset + done);
    if (read === 0) return bytes.subarray(0, done);
    done += read;
  }
  return bytes;
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}
