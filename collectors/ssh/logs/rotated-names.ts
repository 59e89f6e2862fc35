import type { FileStat } from './file-stat';

/** A path without `.log`: what the names of its rotated files begin with. */
export function stemOf(path: string): string {
  return path.replace(/\.log$/u, '');
}

/** How the rotated files of a log are named. */
const NUMBERED = /^\.(\d{1,4})(\.gz)?$|^\.log\.(\d{1,4})(\.gz)?$/u;
/** `vmware-3.log`: the higher the number, the newer. */
const DASHED = /^-(\d{1,6})\.log(\.gz)?$/u;

/** A rotated file of a log. */
export interface RotatedFile {
  readonly stat: FileStat;
  readonly isCompressed: boolean;
  /** Grows from older to newer among files that were changed within one second. */
  readonly rank: number;
}

/** The rotated files among what the shell made of a stem, the oldest first. */
export function rotatedFiles(stems: readonly string[], stats: Iterable<FileStat>): readonly RotatedFile[] {
  const found: RotatedFile[] = [];
  for (const stat of stats) {
    const stem = stems.find((one) => stat.path.startsWith(one));
    if (stem === undefined) continue;
    const rest = stat.path.slice(stem.length);
    const numbered = NUMBERED.exec(rest);
    const dashed = DASHED.exec(rest);
    if (numbered !== null) {
      // The higher the number, the older.
      const rank = -Number(numbered[1] ?? numbered[3]);
      found.push({ stat, isCompressed: rest.endsWith('.gz'), rank });
    } else if (dashed !== null) found.push({ stat, isCompressed: rest.endsWith('.gz'), rank: Number(dashed[1]) });
  }
  return found.sort((a, b) => a.stat.modifiedAt - b.stat.modifiedAt || a.rank - b.rank);
}
