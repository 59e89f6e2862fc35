/*
 * A RELP frame (rsyslog/librelp doc/relp.html): TXNR SP COMMAND SP DATALEN [SP DATA] LF
 * TXNR and DATALEN are decimal, up to nine digits; the data may hold anything.
 */

export interface RelpFrame {
  readonly number: number;
  readonly command: string;
  readonly data: string;
}

/** Answers are short; an answer beyond this is not RELP. */
const LARGEST_ANSWER = 128 * 1024;
const HEAD = /^(\d{1,9}) ([A-Za-z]{1,32}) (\d{1,9})([ \n])/u;
const LONGEST_HEAD = 64;

/** One frame, as text: what is in it is UTF-8. */
export function relpFrame(number: number, command: string, data: string): string {
  const length = Buffer.byteLength(data);
  return length === 0 ? `${number} ${command} 0\n` : `${number} ${command} ${length} ${data}\n`;
}

/** Frames from a stream of bytes. Bounded: what cannot be a frame is told as `malformed`, and nothing is read after it. */
export class RelpReader {
  #held: Buffer = Buffer.alloc(0);

  *take(bytes: Buffer): Generator<RelpFrame | 'malformed'> {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    for (;;) {
      const frame = this.#next();
      if (frame === undefined) return;
      yield frame;
      if (frame === 'malformed') return;
    }
  }

  #next(): RelpFrame | 'malformed' | undefined {
    const held = this.#held;
    if (held.length === 0) return undefined;
    const head = HEAD.exec(held.toString('latin1', 0, LONGEST_HEAD));
    if (head === null) return held.length < LONGEST_HEAD && isBeginning(held) ? undefined : 'malformed';
    const [whole, number, command = '', digits, separator] = head;
    const length = Number(digits);
    if (length > LARGEST_ANSWER) return 'malformed';
    // Without data the line feed follows the length, or, from some senders, a blank and the line feed.
    const dataAt = whole.length;
    const end = separator === '\n' ? dataAt : dataAt + length + 1;
    if (separator === '\n' && length > 0) return 'malformed';
    if (held.length < end) return undefined;
    if (held[end - 1] !== 0x0a) return 'malformed';
    this.#held = held.subarray(end);
    return { number: Number(number), command, data: held.toString('utf8', dataAt, dataAt + length) };
  }
}

/** Whether more bytes can still make a head of it. */
function isBeginning(held: Buffer): boolean {
  return /^\d{1,9}(?: (?:[A-Za-z]{1,32}(?: (?:\d{1,9})?)?)?)?$/u.test(held.toString('latin1'));
}
