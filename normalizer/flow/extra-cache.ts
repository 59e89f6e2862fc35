import type { ExtraField } from './column-plan';
import { addExtra, type ExtraValue } from './extra-values';

/** Bytes of extras up to which repetition is looked for; longer ones hardly repeat. */
const MOST_WORDS = 24;
const PLACES = 64;

/**
 * Extras repeat from record to record (ACL ids, application names, flags that are always zero): equal bytes give the same
 * object, so that a record costs a comparison instead of an object with strings. Only for fixed-length records.
 */
export class ExtraCache {
  readonly #fields: readonly ExtraField[];
  /** Where in a record the bytes of the fields stand: whole words first, then what is left of each field. */
  readonly #offsets: Int32Array;
  readonly #wholeWords: number;
  readonly #words: number;
  readonly #current: Int32Array;
  #kept: Int32Array | undefined;
  #values: (Readonly<Record<string, ExtraValue>> | undefined)[] = [];

  constructor(fields: readonly ExtraField[]) {
    this.#fields = fields;
    const whole = fields.flatMap(({ offset, length }) => steps(offset, offset + length - (length % 4), 4));
    const rest = fields.flatMap(({ offset, length }) => steps(offset + length - (length % 4), offset + length, 1));
    this.#offsets = Int32Array.from(whole.concat(rest));
    this.#wholeWords = whole.length;
    this.#words = this.#offsets.length;
    this.#current = new Int32Array(this.#words);
  }

  /** The extras of the record at `at`. */
  get(view: DataView, at: number): Readonly<Record<string, ExtraValue>> {
    if (this.#words > MOST_WORDS) return this.#make(view, at);
    const place = this.#gather(view, at) & (PLACES - 1);
    this.#kept ??= new Int32Array(PLACES * this.#words);
    const from = place * this.#words;
    const known = this.#values[place];
    if (known !== undefined && this.#same(this.#kept, from)) return known;
    this.#kept.set(this.#current, from);
    return (this.#values[place] = this.#make(view, at));
  }

  /** Collects the bytes of all fields, in words where they go, and returns their hash. */
  #gather(view: DataView, at: number): number {
    const words = this.#current;
    const offsets = this.#offsets;
    let hash = 0;
    for (let w = 0; w < this.#wholeWords; w++) {
      const word = view.getInt32(at + offsets[w]!);
      hash = Math.imul(hash ^ word, 0x9e37_79b1);
      words[w] = word;
    }
    for (let w = this.#wholeWords; w < offsets.length; w++) {
      const byte = view.getUint8(at + offsets[w]!);
      hash = Math.imul(hash ^ byte, 0x9e37_79b1);
      words[w] = byte;
    }
    return hash ^ (hash >>> 16);
  }

  #same(kept: Int32Array, from: number): boolean {
    for (let w = 0; w < this.#words; w++) if (kept[from + w] !== this.#current[w]) return false;
    return true;
  }

  #make(view: DataView, at: number): Readonly<Record<string, ExtraValue>> {
    const extra: Record<string, ExtraValue> = {};
    for (const field of this.#fields) addExtra(extra, field, view, at + field.offset, field.length);
    return extra;
  }
}

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / by)) }, (_, i) => from + i * by);
}
