import { beginsWithPriority, readHead, type FrameHead } from './frame-head';

/**
 * Cuts a TCP or TLS byte stream into syslog messages (RFC 6587, RFC 5425). Each frame decides for itself, because senders
 * mix both framings on one connection:
 *
 *     [1-9]\d{0,6} SP <\d{1,3}>   octet counting: so many octets from the `<` on
 *     anything else               a line, up to LF, CR LF or NUL
 *
 * The whole priority must follow the count: NX-OS lines begin with `2023 May …`. Tolerated: empty lines, a LF behind an
 * octet-counted frame, a blank before `<` (ASA ends a line with LF SP). A frame longer than the limit keeps its beginning
 * and the rest is skipped and counted. Whatever the chunks, the frames are the same, and memory stays within one frame.
 */
export interface FramerSettings {
  /** Octets of a message at most; the rest of a longer one is skipped. */
  readonly maxMessageBytes: number;
  /** A line without a priority continues the message before it (multi-line bodies). The last message then waits for `flush`. */
  readonly joinLines: boolean;
}

/** What a framer counted. Every octet pushed is in `messageBytes`, `framingBytes`, `truncatedBytes` or `held`. */
export interface FramerCounts {
  readonly messages: number;
  readonly messageBytes: number;
  /** Messages by counted octets; the others were lines. */
  readonly counted: number;
  /** Counts, line ends, blanks and empty lines. */
  readonly framingBytes: number;
  /** Messages that were cut at the limit, and octets skipped for it. */
  readonly truncated: number;
  readonly truncatedBytes: number;
  /** Counted frames that the end of the stream cut short, in their count too; delivered as far as they came. */
  readonly incomplete: number;
  /** Octets that wait for the rest of their frame. */
  readonly held: number;
}

const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;
const EMPTY = Buffer.alloc(0);
const FIRST_CAPACITY = 1024;

type State = 'begin' | 'counted' | 'line' | 'skip_counted' | 'skip_line';

/** Cuts one stream. See the top of the file. */
export class SyslogFramer {
  readonly #settings: FramerSettings;
  readonly #deliver: (message: Buffer) => void;
  readonly #head: FrameHead = { length: 0, count: 0 };
  #state: State = 'begin';
  /** Octets of the current frame that came in earlier chunks. */
  #kept = EMPTY;
  #keptLength = 0;
  /** Octets that a counted frame still lacks, and those beyond the limit behind it. */
  #missing = 0;
  #excess = 0;
  /** The last message, while the next line may continue it. */
  #open: Buffer[] = [];
  #openLength = 0;
  /** Next LF and NUL in the chunk: searched once, not once for each line. */
  #lfAt = -1;
  #nulAt = -1;
  #messages = 0;
  #messageBytes = 0;
  #counted = 0;
  #framingBytes = 0;
  #truncated = 0;
  #truncatedBytes = 0;
  #incomplete = 0;

  /** `deliver` gets each message, either a view of the chunk or memory of its own; the caller must not reuse chunks. */
  constructor(settings: FramerSettings, deliver: (message: Buffer) => void) {
    this.#settings = settings;
    this.#deliver = deliver;
  }

  push(chunk: Buffer): void {
    this.#lfAt = this.#nulAt = -1;
    let at = 0;
    while (at < chunk.length) at = this.#step(chunk, at);
  }

  /** Delivers a message that only waits whether a line continues it. */
  flush(): void {
    if (this.#open.length === 0) return;
    const message = this.#open.length === 1 ? this.#open[0]! : Buffer.concat(this.#open);
    this.#open = [];
    this.#openLength = 0;
    this.#emit(message);
  }

  /** The stream is over: delivers what there is of the last frame. */
  end(): void {
    const counted = this.#state === 'counted' || this.#state === 'skip_counted';
    // A head that could not be decided yet is the beginning of a count.
    const headOnly = this.#state === 'begin' && this.#keptLength > 0;
    if (counted || headOnly) this.#incomplete++;
    if (this.#state === 'counted') this.#emitCounted(this.#takeKept());
    else if (this.#keptLength > 0) this.#finishLine(this.#takeKept(), false);
    this.#state = 'begin';
    this.#missing = this.#excess = 0;
    this.flush();
  }

  counts(): FramerCounts {
    return {
      messages: this.#messages,
      messageBytes: this.#messageBytes,
      counted: this.#counted,
      framingBytes: this.#framingBytes,
      truncated: this.#truncated,
      truncatedBytes: this.#truncatedBytes,
      incomplete: this.#incomplete,
      held: this.#keptLength + this.#openLength,
    };
  }

  #step(chunk: Buffer, at: number): number {
    switch (this.#state) {
      case 'begin':
        return this.#keptLength > 0 ? this.#beginKept(chunk, at) : this.#begin(chunk, at);
      case 'counted':
        return this.#readCounted(chunk, at);
      case 'line':
        return this.#readLine(chunk, at);
      case 'skip_counted':
        return this.#skipCounted(chunk, at);
      case 'skip_line':
        return this.#skipLine(chunk, at);
    }
  }

  /** Decides the framing of the next frame; keeps what cannot be decided yet. */
  #begin(chunk: Buffer, at: number): number {
    const byte = chunk[at]!;
    if (byte === LF || byte === CR || byte === NUL) {
      this.#framingBytes++;
      return at + 1;
    }
    switch (readHead(chunk, at, chunk.length, this.#head)) {
      case 'undecided':
        return this.#keep(chunk, at, chunk.length);
      case 'line':
        this.#state = 'line';
        return at;
      case 'counted':
        this.#startCounted(0);
        break;
      case 'blank':
        break;
    }
    this.#framingBytes += this.#head.length;
    return at + this.#head.length;
  }

  /** Goes on with a head from earlier chunks, octet by octet: it is 13 long at most. */
  #beginKept(chunk: Buffer, at: number): number {
    this.#keep(chunk, at, at + 1);
    switch (readHead(this.#kept, 0, this.#keptLength, this.#head)) {
      case 'undecided':
        return at + 1;
      case 'line':
        // The octet that decided belongs to the line, and may end it.
        this.#keptLength--;
        this.#state = 'line';
        return at;
      case 'blank':
        this.#keptLength = 0;
        this.#framingBytes++;
        return at;
      case 'counted':
        break;
    }
    const { length } = this.#head;
    this.#framingBytes += length;
    this.#kept.copyWithin(0, length, this.#keptLength);
    this.#keptLength -= length;
    this.#startCounted(this.#keptLength);
    return at + 1;
  }

  #startCounted(have: number): void {
    const wanted = Math.min(this.#head.count, this.#settings.maxMessageBytes);
    this.#missing = wanted - have;
    this.#excess = this.#head.count - wanted;
    this.#state = 'counted';
  }

  #readCounted(chunk: Buffer, at: number): number {
    const end = at + this.#missing;
    if (end > chunk.length) {
      this.#missing -= chunk.length - at;
      return this.#keep(chunk, at, chunk.length);
    }
    this.#missing = 0;
    if (this.#excess > 0) this.#truncated++;
    this.#state = this.#excess > 0 ? 'skip_counted' : 'begin';
    this.#emitCounted(this.#withKept(chunk, at, end));
    return end;
  }

  #skipCounted(chunk: Buffer, at: number): number {
    const skipped = Math.min(this.#excess, chunk.length - at);
    this.#excess -= skipped;
    this.#truncatedBytes += skipped;
    if (this.#excess === 0) this.#state = 'begin';
    return at + skipped;
  }

  #readLine(chunk: Buffer, at: number): number {
    const end = this.#lineEnd(chunk, at);
    // One more than the limit is kept: a CR does not count.
    const room = this.#settings.maxMessageBytes + 1 - this.#keptLength;
    if (end - at > room) {
      const stop = at + room;
      this.#finishLine(this.#withKept(chunk, at, stop), false);
      this.#state = 'skip_line';
      return stop;
    }
    if (end === chunk.length) return this.#keep(chunk, at, end);
    this.#framingBytes++;
    this.#state = 'begin';
    this.#finishLine(this.#withKept(chunk, at, end), chunk[end] === LF);
    return end + 1;
  }

  #skipLine(chunk: Buffer, at: number): number {
    const end = this.#lineEnd(chunk, at);
    this.#truncatedBytes += end - at;
    if (end === chunk.length) return end;
    this.#framingBytes++;
    this.#state = 'begin';
    return end + 1;
  }

  /** Place of the next LF or NUL, or the chunk's length. */
  #lineEnd(chunk: Buffer, at: number): number {
    if (this.#lfAt < at) this.#lfAt = orEnd(chunk.indexOf(LF, at), chunk);
    if (this.#nulAt < at) this.#nulAt = orEnd(chunk.indexOf(NUL, at), chunk);
    return Math.min(this.#lfAt, this.#nulAt);
  }

  /** A line without its end; up to one octet longer than the limit. */
  #finishLine(line: Buffer, byLf: boolean): void {
    let { length } = line;
    if (byLf && length > 0 && line[length - 1] === CR) {
      this.#framingBytes++;
      length--;
    }
    if (length > this.#settings.maxMessageBytes) {
      this.#truncated++;
      this.#truncatedBytes += length - this.#settings.maxMessageBytes;
      length = this.#settings.maxMessageBytes;
    }
    if (length === 0) return;
    const message = line.subarray(0, length);
    if (this.#settings.joinLines) this.#joinLine(message);
    else this.#emit(message);
  }

  #joinLine(line: Buffer): void {
    const joined = this.#openLength + 1 + line.length;
    if (this.#open.length === 0 || beginsWithPriority(line) || joined > this.#settings.maxMessageBytes) {
      this.flush();
      this.#open = [line];
      this.#openLength = line.length;
      return;
    }
    this.#open.push(LINE_END, line);
    this.#openLength = joined;
    // The LF in between is part of the message now.
    this.#framingBytes--;
  }

  #emitCounted(message: Buffer): void {
    this.flush();
    this.#counted++;
    this.#emit(message);
  }

  #emit(message: Buffer): void {
    this.#messages++;
    this.#messageBytes += message.length;
    this.#deliver(message);
  }

  /** Appends to what is kept and returns `to`. */
  #keep(chunk: Buffer, from: number, to: number): number {
    const length = this.#keptLength + to - from;
    if (length > this.#kept.length) this.#grow(length);
    chunk.copy(this.#kept, this.#keptLength, from, to);
    this.#keptLength = length;
    return to;
  }

  #grow(length: number): void {
    const most = this.#settings.maxMessageBytes + 1;
    const larger = Buffer.allocUnsafe(Math.min(most, Math.max(length, this.#kept.length * 2, FIRST_CAPACITY)));
    this.#kept.copy(larger, 0, 0, this.#keptLength);
    this.#kept = larger;
  }

  /** What is kept with a piece of the chunk behind it. */
  #withKept(chunk: Buffer, from: number, to: number): Buffer {
    if (this.#keptLength === 0) return chunk.subarray(from, to);
    this.#keep(chunk, from, to);
    return this.#takeKept();
  }

  #takeKept(): Buffer {
    const taken = this.#kept.subarray(0, this.#keptLength);
    this.#kept = EMPTY;
    this.#keptLength = 0;
    return taken;
  }
}

const LINE_END = Buffer.from([LF]);

function orEnd(position: number, chunk: Buffer): number {
  return position < 0 ? chunk.length : position;
}
