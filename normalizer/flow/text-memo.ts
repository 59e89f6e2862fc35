const PLACES = 256;
/** Longer texts hardly repeat. */
const MOST_BYTES = 64;
const MOST_WORDS = MOST_BYTES / 4 + 3;

/** Texts read before, by their bytes: names repeat from record to record, and a known one is not made again. */
export class TextMemo {
  readonly #texts: (string | undefined)[] = Array.from<string | undefined>({ length: PLACES });
  readonly #lengths = new Int32Array(PLACES);
  readonly #kept = new Int32Array(PLACES * MOST_WORDS);
  readonly #current = new Int32Array(MOST_WORDS);

  /** As `readText`. */
  get(view: DataView, at: number, length: number): string | undefined {
    if (length > MOST_BYTES) return readText(view, at, length);
    const words = this.#current;
    const whole = length >> 2;
    const count = whole + (length & 3);
    let hash = 0;
    for (let i = 0; i < count; i++) {
      const word = i < whole ? view.getInt32(at + i * 4) : view.getUint8(at + length - count + i);
      hash = Math.imul(hash ^ word, 0x9e37_79b1);
      words[i] = word;
    }
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    const from = place * MOST_WORDS;
    if (this.#lengths[place] === length && this.#isKept(from, count)) return this.#texts[place];
    for (let i = 0; i < count; i++) this.#kept[from + i] = words[i]!;
    this.#lengths[place] = length;
    return (this.#texts[place] = readText(view, at, length));
  }

  #isKept(from: number, count: number): boolean {
    for (let i = 0; i < count; i++) if (this.#kept[from + i] !== this.#current[i]) return false;
    return true;
  }
}

/** UTF-8 up to the first NUL; undefined when empty. */
export function readText(view: DataView, at: number, length: number): string | undefined {
  let ascii = '';
  for (let i = 0; i < length; i++) {
    const byte = view.getUint8(at + i);
    if (byte === 0) break;
    if (byte >= 0x80) return utf8(view, at, length);
    ascii += String.fromCharCode(byte);
  }
  return ascii === '' ? undefined : ascii;
}

function utf8(view: DataView, at: number, length: number): string {
  const bytes = Buffer.from(view.buffer, view.byteOffset + at, length);
  const nul = bytes.indexOf(0);
  return bytes.toString('utf8', 0, nul < 0 ? length : nul);
}
