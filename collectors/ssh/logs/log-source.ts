import type { FileStat } from './file-stat';

/** How the files of a device are read: one implementation for each kind of device. */
export interface LogSource {
  /** Rotated files of the logs with these stems. Undefined: could not be asked. */
  list(stem: string): Promise<ReadonlyMap<string, FileStat> | undefined>;
  /**
   * Blocks of a rotated file, from its beginning. Empty when the name stands for another file by now; undefined when it
   * could not be read whole.
   */
  blocks(file: FileStat, block: number, count: number): Promise<Buffer | undefined>;
  /**
   * What `blocks` gives, and then the first `head` bytes read after it: when those are the ones they should be, the blocks
   * belong to the same generation.
   */
  proved(
    path: string,
    block: number,
    skip: number,
    count: number,
    head: number,
  ): Promise<{ readonly bytes: Buffer; readonly beginning: Buffer } | undefined>;
}

/** Where lines and gaps go. False: could not be handed over, nothing may be counted as read. */
export interface LogSink {
  lines(stretch: LogStretch): Promise<boolean>;
  gap(gap: LogGap): Promise<boolean>;
}

export interface LogStretch {
  readonly file: string;
  readonly generation: string;
  readonly head: number;
  readonly offset: number;
  readonly cut: boolean;
  readonly bytes: Buffer;
}

export interface LogGap {
  readonly file: string;
  readonly generation: string;
  readonly head: number;
  readonly offset: number;
  readonly reason: 'rotated_away' | 'truncated' | 'vanished' | 'damaged' | 'too_large';
  /** Epoch ms. */
  readonly from: number | undefined;
  readonly to: number;
}
