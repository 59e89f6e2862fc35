import { createHash } from 'node:crypto';

/** Bytes at the beginning of a file that tell one generation from another. */
export const HEAD_BYTES = 4096;

/** Name of a generation, made of its first bytes: see `SshLogHeader.generation`. */
export function generationName(head: Uint8Array): string {
  return createHash('sha256').update(head).digest('hex').slice(0, 16);
}

/** Whether bytes begin as a generation does of which the first `length` bytes have this name. */
export function isBeginning(bytes: Buffer, length: number, name: string): boolean {
  return bytes.length >= length && generationName(bytes.subarray(0, length)) === name;
}

/**
 * What is known of one generation of a log file: its name, how far it is in the journal, and as much of its beginning as
 * has been seen, up to `HEAD_BYTES`. A file is the same generation as long as it begins with these bytes.
 */
export class Generation {
  readonly name: string;
  /** Bytes the name was made of. */
  readonly head: number;
  offset: number;
  #seen: Buffer | undefined;

  private constructor(name: string, head: number, offset: number, seen: Buffer | undefined) {
    this.name = name;
    this.head = head;
    this.offset = offset;
    this.#seen = seen;
  }

  /** From the first bytes of a file. */
  static of(head: Buffer): Generation {
    const seen = Buffer.from(head.subarray(0, HEAD_BYTES));
    return new Generation(generationName(seen), seen.length, 0, seen);
  }

  /** From what the journal says: of its beginning only the name is known. */
  static resumed(name: string, head: number, offset: number): Generation {
    return new Generation(name, head, offset, undefined);
  }

  /** Bytes to read again from the beginning in order to know the generation. */
  get proof(): number {
    return this.#seen?.length ?? this.head;
  }

  /** All that is known of its beginning, as a length and the name of so many bytes. */
  get beginning(): { readonly length: number; readonly name: string } {
    const seen = this.#seen;
    return seen === undefined
      ? { length: this.head, name: this.name }
      : { length: seen.length, name: generationName(seen) };
  }

  /** Whether a file that begins so is this generation. Shorter than what is known: it is not. */
  matches(beginning: Buffer): boolean {
    if (this.#seen !== undefined) return this.#seen.equals(beginning.subarray(0, this.#seen.length));
    if (!isBeginning(beginning, this.head, this.name)) return false;
    this.#seen = Buffer.from(beginning.subarray(0, this.head));
    return true;
  }

  /** Bytes from `offset` on were read of it. */
  learn(bytes: Buffer): void {
    const seen = this.#seen;
    if (seen === undefined || seen.length >= HEAD_BYTES || this.offset > seen.length) return;
    const more = bytes.subarray(seen.length - this.offset, HEAD_BYTES - this.offset);
    if (more.length > 0) this.#seen = Buffer.concat([seen, more]);
  }
}
