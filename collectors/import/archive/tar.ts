import type { ByteChunks, ByteDamage } from '../byte-chunks';
import type { ByteWindow } from '../byte-window';
import type { ImportTruncated } from '../import-model';

/*
 * A tar archive: headers of 512 bytes, each followed by its content, padded to 512. Header (POSIX.1-1988 ustar, and GNU):
 *   name 0..100 | mode 8 | uid 8 | gid 8 | size 124..136 | mtime 136..148 | checksum 148..156 | type 156 | link 157..257 |
 *   "ustar" 257..263 | … | prefix 345..500
 * Numbers are octal, or big-endian with the top bit set (GNU). Type L holds the next entry's long name (GNU), type x
 * `length key=value` records for the next entry (POSIX.1-2001 pax). Two zero blocks end the archive.
 */
const BLOCK = 512;
const NAME_BYTES = 65_536;

/** What an entry is; only files have content that matters. */
export type TarKind = 'file' | 'directory' | 'link' | 'other';

export interface TarEntry {
  readonly name: string;
  readonly kind: TarKind;
  /** Bytes. */
  readonly size: number;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  /** Where its header is in the archive, bytes. */
  readonly offset: number;
}

/** Reads entries one after the other. The content of an entry must be read, if at all, before the next is asked for. */
export class TarReader {
  readonly #window: ByteWindow;
  #left = 0;
  /** Counts entries, so that the content of one cannot be taken for another's. */
  #serial = 0;
  #padding = 0;
  #name = '';

  constructor(window: ByteWindow) {
    this.#window = window;
  }

  /** The next entry; undefined at the end. Why the archive ends early, when it does. */
  async next(): Promise<TarEntry | ImportTruncated | undefined> {
    let longName: string | undefined;
    let stated: PaxFields = {};
    for (;;) {
      if (!(await this.#skipContent())) return this.#window.cutShort(this.#name);
      const offset = this.#window.offset;
      const header = await this.#header();
      if (header === undefined || 'reason' in header) return header;
      const type = String.fromCharCode(header.type);
      this.#enter(header.size, header.name);
      if (type === 'L' || type === 'x' || type === 'g') {
        const content = await this.#small();
        if (content === undefined) return this.#window.cutShort('the long name of an entry', offset);
        if (type === 'L') longName = withoutZeros(content);
        else if (type === 'x') stated = paxFields(content);
        continue;
      }
      const name = stated.path ?? longName ?? header.name;
      const size = stated.size ?? header.size;
      this.#enter(size, name);
      return { name, kind: kindOf(type), size, modifiedAt: stated.modifiedAt ?? header.modifiedAt, offset };
    }
  }

  /** The content of the entry that `next` gave last, piece by piece. Closing it closes nothing: the archive goes on. */
  content(): ByteChunks {
    const window = this.#window;
    const serial = this.#serial;
    let damage: ByteDamage | undefined;
    const next = async (): Promise<Uint8Array | undefined> => {
      if (this.#left === 0 || this.#serial !== serial) return undefined;
      if (window.available === 0 && !(await window.fill(1))) {
        const { reason, detail } = window.cutShort(this.#name);
        damage = { reason, detail };
        return undefined;
      }
      const piece = window.peek(Math.min(this.#left, window.available));
      window.skip(piece.length);
      this.#left -= piece.length;
      return piece;
    };
    return {
      next,
      get damage() {
        return damage;
      },
      close: () => Promise.resolve(),
    };
  }

  #enter(size: number, name: string): void {
    this.#serial += 1;
    this.#left = size;
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
    this.#name = name;
  }

  async #skipContent(): Promise<boolean> {
    let rest = this.#left + this.#padding;
    this.#left = 0;
    this.#padding = 0;
    while (rest > 0) {
      if (this.#window.available === 0 && !(await this.#window.fill(1))) return false;
      const step = Math.min(rest, this.#window.available);
      this.#window.skip(step);
      rest -= step;
    }
    return true;
  }

  async #header(): Promise<Header | ImportTruncated | undefined> {
    const window = this.#window;
    if (!(await window.fill(BLOCK))) {
      return window.available === 0 && window.ending() === undefined ? undefined : window.cutShort('a tar header');
    }
    const block = window.peek(BLOCK);
    if (block.every((byte) => byte === 0)) return undefined;
    const header = readHeader(block);
    if (header === undefined)
      return { offset: window.offset, reason: 'corrupt', detail: 'no tar header where one must be' };
    window.skip(BLOCK);
    return header;
  }

  async #small(): Promise<Uint8Array | undefined> {
    const size = this.#left;
    if (size > NAME_BYTES || !(await this.#window.fill(size))) return undefined;
    const content = this.#window.peek(size);
    this.#window.skip(size);
    this.#left = 0;
    return content;
  }
}

interface Header {
  readonly name: string;
  readonly size: number;
  readonly modifiedAt: number;
  readonly type: number;
}

/** Reads a header whose checksum is right. */
function readHeader(block: Uint8Array): Header | undefined {
  const size = numberAt(block, 124, 12);
  const checksum = numberAt(block, 148, 8);
  if (size === undefined || checksum !== checksumOf(block)) return undefined;
  const magic = textAt(block, 257, 5);
  const prefix = magic === 'ustar' && block[262] === 0 ? textAt(block, 345, 155) : '';
  const name = textAt(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size,
    modifiedAt: (numberAt(block, 136, 12) ?? 0) * 1000,
    type: block[156] ?? 0,
  };
}

/** The sum of all bytes, those of the checksum itself taken for blanks. */
function checksumOf(block: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += at >= 148 && at < 156 ? 0x20 : (block[at] ?? 0);
  return sum;
}

function numberAt(block: Uint8Array, at: number, length: number): number | undefined {
  if (((block[at] ?? 0) & 0x80) !== 0) {
    let value = (block[at] ?? 0) & 0x7f;
    for (let i = at + 1; i < at + length; i += 1) value = value * 256 + (block[i] ?? 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const text = textAt(block, at, length).trim();
  if (text === '') return 0;
  return /^[0-7]{1,12}$/u.test(text) ? Number.parseInt(text, 8) : undefined;
}

function textAt(block: Uint8Array, at: number, length: number): string {
  return withoutZeros(block.subarray(at, at + length));
}

function withoutZeros(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end)).toString('utf8');
}

interface PaxFields {
  readonly path?: string;
  readonly size?: number;
  readonly modifiedAt?: number;
}

/** `length key=value\n`, repeated; the length counts itself. */
function paxFields(content: Uint8Array): PaxFields {
  const fields = new Map<string, string>();
  const buffer = Buffer.from(content);
  for (let at = 0; at < buffer.length;) {
    const blank = buffer.indexOf(0x20, at);
    const length = blank === -1 ? Number.NaN : Number(buffer.subarray(at, blank).toString('latin1'));
    if (!Number.isInteger(length) || length <= blank - at || at + length > buffer.length) break;
    const [key = '', ...value] = buffer
      .subarray(blank + 1, at + length - 1)
      .toString('utf8')
      .split('=');
    fields.set(key, value.join('='));
    at += length;
  }
  const path = fields.get('path');
  const size = Number(fields.get('size') ?? Number.NaN);
  const modified = Number(fields.get('mtime') ?? Number.NaN);
  return {
    ...(path !== undefined && { path }),
    ...(Number.isSafeInteger(size) && size >= 0 && { size }),
    ...(Number.isFinite(modified) && { modifiedAt: Math.floor(modified * 1000) }),
  };
}

function kindOf(type: string): TarKind {
  if (type === '0' || type === '\0' || type === '7') return 'file';
  if (type === '5') return 'directory';
  return type === '1' || type === '2' ? 'link' : 'other';
}
