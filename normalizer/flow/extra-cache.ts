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
  readonly #words: number;
  readonly #current: Int32Array;
  #kept: Int32Array | undefined;
  #values: (Readonly<Record<string, ExtraValue>> | undefined)[] = [];

  constructor(fields: readonly ExtraField[]) {
    this.#fields = fields;
    this.#words = fields.reduce((sum, { length }) => sum + Math.floor(length / 4) + (length % 4), 0);
    this.#current = new Int32Array(this.#words <= MOST_WORDS ? this.#words : 0);
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
    let hash = 0;
    let w = 0;
    for (let f = 0; f < this.#fields.length; f++) {
      const { offset, length } = this.#fields[f]!;
      let p = at + offset;
      const end = p + length;
      for (; p + 4 <= end; p += 4) {
        const word = view.getInt32(p);
        hash = Math.imul(hash ^ word, 0x9e37_79b1);
        words[w++] = word;
      }
      for (; p < end; p++) {
        const byte = view.getUint8(p);
        hash = Math.imul(hash ^ byte, 0x9e37_79b1);
        words[w++] = byte;
      }
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
