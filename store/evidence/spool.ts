import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { EvidenceError } from './errors';

const CHUNK_BYTES = 1 << 18;
/** The longest line a pack may hold: a record of the longest kind, in base64. */
const MOST_LINE_BYTES = 512 << 20;

/** A file of a pack that is written line by line and hashed on the way. */
export class SpoolFile {
  readonly #handle: number;
  readonly #hash: Hash = createHash('sha256');
  #held: string[] = [];
  #heldLength = 0;
  #size = 0;

  /** `name` is the path in the pack, `path` where it is kept until the pack is put together. */
  constructor(
    readonly name: string,
    readonly path: string,
  ) {
    this.#handle = openSync(path, 'wx', 0o600);
  }

  /** Bytes that are written to disk. */
  get size(): number {
    return this.#size;
  }

  line(text: string): void {
    this.text(`${text}\n`);
  }

  text(text: string): void {
    this.#held.push(text);
    this.#heldLength += text.length;
    if (this.#heldLength >= CHUNK_BYTES) this.#write();
  }

  /** Ends the file and gives its SHA-256 in hex. */
  close(): string {
    this.#write();
    closeSync(this.#handle);
    return this.#hash.digest('hex');
  }

  /** Gives the file up. */
  abandon(): void {
    closeSync(this.#handle);
  }

  #write(): void {
    const bytes = Buffer.from(this.#held.join(''), 'utf8');
    this.#held = [];
    this.#heldLength = 0;
    this.#hash.update(bytes);
    for (let done = 0; done < bytes.length;) done += writeSync(this.#handle, bytes, done);
    this.#size += bytes.length;
  }
}

/** A stretch of an open file. */
export interface Stretch {
  readonly handle: number;
  readonly offset: number;
  readonly size: number;
}

/** The bytes of a stretch, in pieces that are valid until the next is asked for. */
export function* pieces({ handle, offset, size }: Stretch): Generator<Buffer> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let done = 0; done < size;) {
    const read = readSync(handle, chunk, 0, Math.min(CHUNK_BYTES, size - done), offset + done);
    if (read === 0) return;
    done += read;
    yield chunk.subarray(0, read);
  }
}

/** The lines of a stretch, without their line feeds. Throws `EvidenceError` for a line beyond all measure. */
export function* lines(stretch: Stretch): Generator<string> {
  let held: Buffer[] = [];
  let length = 0;
  for (const piece of pieces(stretch)) {
    let from = 0;
    for (let at = piece.indexOf(0x0a); at >= 0; at = piece.indexOf(0x0a, from)) {
      if (held.length === 0) yield piece.toString('utf8', from, at);
      else yield Buffer.concat([...held, piece.subarray(from, at)]).toString('utf8');
      held = [];
      length = 0;
      from = at + 1;
    }
    if (from === piece.length) continue;
    held.push(Buffer.from(piece.subarray(from)));
    length += piece.length - from;
    if (length > MOST_LINE_BYTES) throw new EvidenceError('evidence_too_large', 'a line is longer than 512 MiB');
  }
  if (length > 0) yield Buffer.concat(held).toString('utf8');
}

/** SHA-256 of a file, hex. */
export function sha256OfFile(path: string): string {
  const digest = createHash('sha256');
  const handle = openSync(path, 'r');
  try {
    for (const piece of pieces({ handle, offset: 0, size: fstatSync(handle).size })) digest.update(piece);
  } finally {
    closeSync(handle);
  }
  return digest.digest('hex');
}
