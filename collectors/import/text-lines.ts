import type { ByteWindow } from './byte-window';
import { IMPORT_LIMITS, type ImportTruncated } from './import-model';

/** One line without its line ending. */
export interface TextLine {
  readonly bytes: Uint8Array;
  /** Longer than the limit: the rest is left out. */
  readonly isCut: boolean;
}

const LF = 10;
const CR = 13;

/** Yields lines as bytes, undecoded. Ends at LF or CR LF; a last line needs no ending. Returns why it ended early, if it did. */
export async function* readLines(window: ByteWindow): AsyncGenerator<TextLine, ImportTruncated | undefined> {
  for (;;) {
    const line = await nextLine(window);
    if (line === undefined) return window.available === 0 ? window.ending() : window.cutShort('a line');
    yield line;
  }
}

async function nextLine(window: ByteWindow): Promise<TextLine | undefined> {
  const limit = IMPORT_LIMITS.lineBytes;
  let searched = 0;
  for (;;) {
    const { bytes, start } = window;
    const found = bytes.indexOf(LF, start + searched);
    const length = found === -1 ? window.available : found - start;
    if (length > limit) return cutLine(window, limit);
    if (found !== -1) return wholeLine(window, length, length + 1);
    searched = length;
    if (await window.fill(length + 1)) continue;
    // The end of the file ends a line, unless the file broke there.
    if (length === 0 || window.ending() !== undefined) return undefined;
    return wholeLine(window, length, length);
  }
}

function wholeLine(window: ByteWindow, length: number, consumed: number): TextLine {
  const line = window.peek(length);
  window.skip(consumed);
  return { bytes: line.at(-1) === CR ? line.subarray(0, -1) : line, isCut: false };
}

async function cutLine(window: ByteWindow, limit: number): Promise<TextLine> {
  const bytes = window.peek(limit);
  for (;;) {
    const found = window.bytes.indexOf(LF, window.start);
    window.skip(found === -1 ? window.available : found - window.start + 1);
    if (found !== -1 || !(await window.fill(1))) return { bytes, isCut: true };
  }
}
