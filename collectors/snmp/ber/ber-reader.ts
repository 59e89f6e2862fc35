/** Octets that are not the BER that SNMP allows (RFC 3417 section 8): definite lengths, single-octet tags. */
export class BerError extends Error {
  readonly code = 'snmp_ber';
}

/**
 * Reads BER within bounds: a child reader never sees past the content it was opened on, and every length is checked
 * before it is used. Octets are views of the input. Throws `BerError`, nothing else.
 *
 * Layout of a value: tag (1 octet), length (1 octet below 128, or 0x80+n and n octets), content.
 */
export class BerReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #offset: number;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#offset = start;
    this.#end = end;
  }

  /** Whether nothing is left. */
  get done(): boolean {
    return this.#offset >= this.#end;
  }

  /** Where the next value begins, in the whole input. */
  get offset(): number {
    return this.#offset;
  }

  /** The tag of the next value; -1 at the end. */
  peek(): number {
    return this.done ? -1 : this.#bytes[this.#offset]!;
  }

  /** A reader of the content of the next value, which must have this tag; goes behind the value. */
  enter(tag: number): BerReader {
    const start = this.#content(tag);
    return new BerReader(this.#bytes, start, this.#offset);
  }

  /** The content of the next value, which must have this tag. */
  octets(tag = 0x04): Buffer {
    const start = this.#content(tag);
    return this.#bytes.subarray(start, this.#offset);
  }

  /** The next value with its tag and length; it must have this tag. */
  whole(tag: number): Buffer {
    const start = this.#offset;
    this.#content(tag);
    return this.#bytes.subarray(start, this.#offset);
  }

  /** An integer of at most six octets, signed, so that every SNMP type of 32 bits fits whatever padding was added. */
  integer(tag = 0x02): number {
    const start = this.#content(tag);
    const length = this.#offset - start;
    if (length < 1 || length > 6) throw new BerError(`an integer of ${length} octets`);
    return this.#bytes.readIntBE(start, length);
  }

  /** Dotted text. Arcs have at most 32 bits (RFC 2578 section 3.5); at most 128 of them. */
  oid(tag = 0x06): string {
    const start = this.#content(tag);
    return oidText(this.#bytes, start, this.#offset);
  }

  /** Goes behind the next value, whatever it is. */
  skip(): void {
    this.#content(this.peek());
  }

  #content(tag: number): number {
    if (this.peek() !== tag || tag === -1) throw new BerError(`tag ${this.peek()} where ${tag} was expected`);
    const first = this.#octet(this.#offset + 1);
    let start = this.#offset + 2;
    let length = first;
    if (first >= 0x80) {
      const count = first - 0x80;
      if (count < 1 || count > 4) throw new BerError(`a length of ${count} octets`);
      length = 0;
      for (let index = 0; index < count; index += 1) length = length * 256 + this.#octet(start + index);
      start += count;
    }
    if (length > this.#end - start) throw new BerError(`a length of ${length} with ${this.#end - start} octets left`);
    this.#offset = start + length;
    return start;
  }

  #octet(at: number): number {
    if (at >= this.#end) throw new BerError('cut short');
    return this.#bytes[at]!;
  }
}

/** Dotted text of the content of an OBJECT IDENTIFIER, as `BerReader.oid` reads it. Throws `BerError`. */
export function oidText(bytes: Buffer, start: number, end: number): string {
  if (start === end) throw new BerError('an empty object identifier');
  if ((bytes[end - 1]! & 0x80) !== 0) throw new BerError('an object identifier cut short');
  const arcs: number[] = [];
  let arc = 0;
  for (let at = start; at < end; at += 1) {
    const octet = bytes[at]!;
    arc = arc * 128 + (octet & 0x7f);
    if (arc > 0xffff_ffff) throw new BerError('an arc of more than 32 bits');
    if ((octet & 0x80) !== 0) continue;
    if (arcs.length === 0) {
      const top = Math.min(Math.floor(arc / 40), 2);
      arcs.push(top, arc - top * 40);
    } else arcs.push(arc);
    arc = 0;
  }
  if (arcs.length > 128) throw new BerError('an object identifier of more than 128 arcs');
  return arcs.join('.');
}
