/**
 * How the bytes of an interactive session are to be read, for whoever takes them and whoever parses them later: part of the contract.
 * It is what a terminal shows for them: a pager's `--More--` is erased by backspaces, by
 * `\r` and blanks, or by `ESC [ K`, and what was typed is redrawn. Raw bytes stay with the caller; this says which text they made.
 *
 * Control functions are those of ECMA-48 that command lines use: BS, HT, LF, CR, CSI CUB/CUF/CHA/EL/ED, NEL; colours, titles
 * and everything else are passed over. One line at a time is kept, so hostile output cannot make it grow.
 */

/** One finished line: its text without line ending, and where its bytes begin and end in the stream. */
export interface ScreenLine {
  readonly text: string;
  readonly start: number;
  /** Just past its LF. */
  readonly end: number;
}

const ETX = 0x03;
const BS = 0x08;
const HT = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const ESC = 0x1b;
const BEL = 0x07;
const SPACE = 0x20;
const DEL = 0x7f;

/** Cells of a line beyond this are not shown. */
const MOST_CELLS = 262_144;
/** Control sequences longer than this are taken for text. */
const MOST_SEQUENCE = 64;
/** Questions of pagers that are erased by going back to the beginning of the line. */
const PAGER =
  /(?: ?-- ?[Mm]ore ?--(?: ?\([^()]{0,16}\))? ?|<--- More ---> ?|---\(more[^()]{0,16}\)--- ?|-- \[[^[\]]{1,48}\] ?)$/;
const LONGEST_PAGER = 64;

type State = 'text' | 'escape' | 'csi' | 'osc' | 'osc_escape' | 'charset';

/** A screen of one line that never ends. */
export class TerminalScreen {
  readonly #onLine: (line: ScreenLine, cells: Uint8Array) => void;
  #cells = new Uint8Array(256);
  #length = 0;
  #cursor = 0;
  /** Whether the line was drawn over: then blanks at its end are what erased something. */
  #redrawn = false;
  /** Where CR leads: past the text that stood before a pager's question within its line. */
  #home = 0;
  /** CR came; before LF it is part of the line's ending and moves nothing. */
  #returned = false;
  #state: State = 'text';
  #sequence = '';
  #offset = 0;
  #lineStart = 0;

  /** `cells` are the line's bytes as shown; valid until the next `feed`. */
  constructor(onLine: (line: ScreenLine, cells: Uint8Array) => void) {
    this.#onLine = onLine;
  }

  /** The line that has no ending yet. */
  get current(): string {
    return this.#text();
  }

  /** Offset in the stream at which the current line begins. */
  get currentStart(): number {
    return this.#lineStart;
  }

  /** Bytes fed since the beginning, or since `rebase`. */
  get offset(): number {
    return this.#offset;
  }

  /** Counts offsets from here on; the current line is forgotten. */
  rebase(): void {
    this.#offset = 0;
    this.#startLine();
  }

  feed(bytes: Uint8Array): void {
    for (const byte of bytes) {
      this.#offset += 1;
      if (this.#returned && byte !== LF && byte !== CR) this.#return();
      if (this.#state === 'text') this.#plain(byte);
      else this.#control(byte);
    }
  }

  /** The current line, as cells. */
  currentCells(): Uint8Array {
    return this.#cells.subarray(0, this.#shownLength());
  }

  #plain(byte: number): void {
    if (byte >= SPACE && byte !== DEL) this.#put(byte);
    else if (byte === LF) this.#endLine();
    else if (byte === CR) this.#returned = true;
    else if (byte === HT) this.#put(HT);
    // IOS keeps the end of a banner as the character that was typed.
    else if (byte === ETX) this.#put(ETX);
    else if (byte === BS) this.#cursor = Math.max(this.#home, this.#cursor - 1);
    else if (byte === ESC) this.#state = 'escape';
  }

  /** CR that is not before LF. What it draws over may be a pager's question: that goes, the text before it stays. */
  #return(): void {
    this.#returned = false;
    const tail = Buffer.from(
      this.#cells.buffer,
      Math.max(0, this.#length - LONGEST_PAGER),
      Math.min(this.#length, LONGEST_PAGER),
    );
    const question = PAGER.exec(tail.toString('latin1'))?.[0];
    if (question !== undefined) {
      this.#home = this.#length - question.length;
      this.#length = this.#home;
      this.#redrawn = true;
    }
    this.#cursor = this.#home;
  }

  #put(byte: number): void {
    if (this.#cursor >= MOST_CELLS) return;
    if (this.#cursor < this.#length) this.#redrawn = true;
    if (this.#cursor >= this.#cells.length) {
      const larger = new Uint8Array(this.#cells.length * 2);
      larger.set(this.#cells);
      this.#cells = larger;
    }
    // The cursor may stand beyond what was written.
    while (this.#length < this.#cursor) this.#cells[this.#length++] = SPACE;
    this.#cells[this.#cursor++] = byte;
    if (this.#cursor > this.#length) this.#length = this.#cursor;
  }

  #control(byte: number): void {
    switch (this.#state) {
      case 'text':
        return;
      case 'escape':
        this.#escaped(byte);
        return;
      case 'csi':
        this.#sequence += String.fromCharCode(byte);
        if (byte >= 0x40 && byte <= 0x7e) {
          this.#apply(this.#sequence);
          this.#state = 'text';
        } else if (this.#sequence.length > MOST_SEQUENCE) this.#state = 'text';
        return;
      case 'osc':
        this.#sequence += ' ';
        if (byte === ESC) this.#state = 'osc_escape';
        else if (byte === BEL || byte === LF || this.#sequence.length > MOST_SEQUENCE * 8) this.#state = 'text';
        return;
      case 'osc_escape':
      case 'charset':
        this.#state = 'text';
    }
  }

  #escaped(byte: number): void {
    this.#sequence = '';
    const character = String.fromCharCode(byte);
    this.#state = 'text';
    if (character === '[') this.#state = 'csi';
    else if (character === ']') this.#state = 'osc';
    else if ('()*+#%'.includes(character)) this.#state = 'charset';
    else if (character === 'E') this.#endLine();
    else if (byte === LF) this.#endLine();
  }

  #apply(sequence: string): void {
    const amount = Number.parseInt(sequence, 10);
    const count = Number.isNaN(amount) ? 1 : Math.min(amount, MOST_CELLS);
    const final = sequence.slice(-1);
    if (final === 'D') this.#cursor = Math.max(this.#home, this.#cursor - count);
    else if (final === 'C') this.#cursor = Math.min(MOST_CELLS, this.#cursor + count);
    else if (final === 'G') this.#cursor = Math.max(this.#home, count - 1);
    else if (final === 'K' || final === 'J') this.#erase(Number.isNaN(amount) ? 0 : amount);
  }

  #erase(what: number): void {
    this.#redrawn = true;
    if (what === 0) this.#length = Math.min(this.#length, this.#cursor);
    else if (what === 1)
      this.#cells.fill(SPACE, this.#home, Math.max(this.#home, Math.min(this.#cursor + 1, this.#length)));
    else this.#length = this.#home;
  }

  #endLine(): void {
    const line = { text: this.#text(), start: this.#lineStart, end: this.#offset };
    this.#onLine(line, this.currentCells());
    this.#startLine();
  }

  #startLine(): void {
    this.#length = 0;
    this.#cursor = 0;
    this.#home = 0;
    this.#returned = false;
    this.#redrawn = false;
    this.#lineStart = this.#offset;
  }

  #shownLength(): number {
    let length = this.#length;
    if (this.#redrawn) while (length > 0 && this.#cells[length - 1] === SPACE) length -= 1;
    return length;
  }

  #text(): string {
    return Buffer.from(this.#cells.buffer, 0, this.#shownLength()).toString('utf8');
  }
}

/** How many CR stand before LF, where a terminal shows everything else as it is; -1 where something is drawn. */
function plainReturns(bytes: Uint8Array): number {
  let returns = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte >= SPACE ? byte !== DEL : byte === LF || byte === HT || byte === ETX) continue;
    if (byte !== CR || bytes[at + 1] !== LF) return -1;
    returns += 1;
  }
  return returns;
}

/** Most output is this: no more than line endings to be changed. */
function withoutReturns(bytes: Uint8Array, returns: number): Uint8Array {
  if (returns === 0) return bytes;
  const text = new Uint8Array(bytes.length - returns);
  let length = 0;
  for (const byte of bytes) if (byte !== CR) text[length++] = byte;
  return text;
}

/**
 * The text that a terminal shows for the output of a command, with LF line endings: what a parser wants of a raw
 * `command` record of a network device. Output without control functions comes out as it is, but for CR before LF.
 */
export function terminalText(bytes: Uint8Array): Uint8Array {
  const returns = plainReturns(bytes);
  if (returns >= 0) return withoutReturns(bytes, returns);
  const pieces: Uint8Array[] = [];
  const newline = Uint8Array.of(LF);
  const screen = new TerminalScreen((_line, cells) => pieces.push(Uint8Array.from(cells), newline));
  screen.feed(bytes);
  pieces.push(Uint8Array.from(screen.currentCells()));
  return Buffer.concat(pieces);
}
