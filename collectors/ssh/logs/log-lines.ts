const LINE_FEED = 0x0a;

/** Bytes of a log in one record, and of the longest line that is kept whole. */
export const MOST_RECORD_BYTES = 2 ** 20;

/** A stretch of whole lines, or of a line that is too long to be taken at once. */
export interface Stretch {
  /** Place in what was cut up. */
  readonly start: number;
  readonly end: number;
  readonly cut: boolean;
}

/**
 * Cuts bytes into stretches that end with a line. What is left behind the last line feed is not covered, unless
 * `isEnd`, which makes it a cut line.
 */
export function stretches(bytes: Buffer, isEnd: boolean): readonly Stretch[] {
  const found: Stretch[] = [];
  let start = 0;
  while (start < bytes.length) {
    const limit = Math.min(bytes.length, start + MOST_RECORD_BYTES);
    const feed = bytes.subarray(start, limit).lastIndexOf(LINE_FEED);
    const end = feed < 0 ? limit : start + feed + 1;
    // No line feed: the line is longer than a record, the generation ended within it, or its end is not there yet.
    if (feed < 0 && limit - start < MOST_RECORD_BYTES && !isEnd) break;
    found.push({ start, end, cut: feed < 0 });
    start = end;
  }
  return found;
}

/** Lines in a stretch; a cut one counts. */
export function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines += 1;
  return bytes.length > 0 && bytes.at(-1) !== LINE_FEED ? lines + 1 : lines;
}
