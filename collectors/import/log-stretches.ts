import type { ByteWindow } from './byte-window';
import type { ImportTruncated } from './import-model';

/** Whole lines of a log file, with their place in it. */
export interface ImportStretch {
  readonly bytes: Uint8Array;
  /** Place in the uncompressed file. */
  readonly offset: number;
  /** The last line has no end: it is longer than a stretch, or the file ends within it. */
  readonly isCut: boolean;
}

/** Large enough that cutting costs nothing, small enough for one record of the journal. */
const STRETCH_BYTES = 256 * 1024;
const LF = 10;

/** Yields the file in stretches of whole lines. Returns why it ended early, if it did. */
export async function* readStretches(window: ByteWindow): AsyncGenerator<ImportStretch, ImportTruncated | undefined> {
  for (;;) {
    const isMore = await window.fill(STRETCH_BYTES);
    const { available, offset } = window;
    if (available === 0) return window.ending();
    const taken = window.peek(Math.min(available, STRETCH_BYTES));
    const end = taken.lastIndexOf(LF) + 1;
    // The end of the file ends a line; a line longer than a stretch goes on in the next.
    const length = isMore && end > 0 ? end : taken.length;
    const bytes = taken.subarray(0, length);
    window.skip(length);
    yield { bytes, offset, isCut: bytes.at(-1) !== LF };
  }
}
