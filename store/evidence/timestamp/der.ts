/*
 * The part of DER (X.690) that RFC 3161 needs: low tag numbers, definite lengths of at most four octets.
 *
 *   identifier (1) | length: 0..127, or 0x80 + n and n octets | content
 */

export const DER = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
} as const;

/** Bytes are not what they must be, or go on where they must end. */
export class DerError extends Error {
  readonly code = 'der';

  constructor(message: string) {
    super(message);
    this.name = 'DerError';
  }
}

/** One element with its content. */
export function derElement(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tag, body.length), body]);
  const digits = body.length.toString(16);
  const length = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.of(tag, 0x80 + length.length), length, body]);
}

/** A non-negative integer of these octets, the most significant first. */
export function derInteger(octets: Uint8Array): Buffer {
  let from = 0;
  while (from < octets.length - 1 && octets[from] === 0) from += 1;
  const shortest = octets.subarray(from);
  return (shortest[0] ?? 0) >= 0x80
    ? derElement(DER.integer, Buffer.of(0), shortest)
    : derElement(DER.integer, shortest);
}

/** An object identifier as its dotted text. */
export function derOid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift(0x80 + (left % 128));
    return groups;
  });
  return derElement(DER.oid, Buffer.from(octets));
}

export interface DerValue {
  readonly tag: number;
  readonly content: Buffer;
  /** With identifier and length. */
  readonly whole: Buffer;
}

/** Reads one element after another. Every method throws `DerError` for what is not there. */
export class DerReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Whether the next element has this tag. */
  has(tag: number): boolean {
    return this.#bytes[this.#at] === tag;
  }

  /** The next element, which must have `tag` where one is given. */
  next(tag?: number): DerValue {
    const bytes = this.#bytes;
    const from = this.#at;
    const found = bytes[from];
    const first = bytes[from + 1];
    if (found === undefined || first === undefined) throw new DerError('ends too early');
    if ((found & 0x1f) === 0x1f || (tag !== undefined && found !== tag)) throw new DerError(`tag ${found} at ${from}`);
    let length = first;
    let begin = from + 2;
    if (first >= 0x80) {
      const octets = first - 0x80;
      if (octets === 0 || octets > 4 || begin + octets > bytes.length) throw new DerError(`length at ${from}`);
      length = bytes.readUIntBE(begin, octets);
      begin += octets;
    }
    const end = begin + length;
    if (end > bytes.length) throw new DerError('ends too early');
    this.#at = end;
    return { tag: found, content: bytes.subarray(begin, end), whole: bytes.subarray(from, end) };
  }

  /** Reads into the next element. */
  into(tag: number): DerReader {
    return new DerReader(this.next(tag).content);
  }

  /** The next element when it has this tag. */
  optional(tag: number): DerValue | undefined {
    return this.has(tag) ? this.next(tag) : undefined;
  }

  oid(): string {
    const { content } = this.next(DER.oid);
    const arcs: number[] = [];
    let value = 0;
    for (const octet of content) {
      value = value * 128 + (octet & 0x7f);
      if (!Number.isSafeInteger(value)) throw new DerError('an arc of an object identifier is too large');
      if (octet < 0x80) {
        arcs.push(value);
        value = 0;
      }
    }
    const [head = 0, ...rest] = arcs;
    const first = Math.min(2, Math.floor(head / 40));
    return [first, head - first * 40, ...rest].join('.');
  }
}
