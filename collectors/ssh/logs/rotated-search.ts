import type { FileStat } from './file-stat';
import type { LogSource } from './log-source';
import type { RotatedHeads } from './rotated-heads';
import { rotatedFiles, stemOf, type RotatedFile } from './rotated-names';

/** What a search is given. */
export interface SearchGround {
  readonly source: LogSource;
  readonly heads: RotatedHeads;
  /** Stems of places where rotated files may stand besides the file's own. */
  readonly otherStems: readonly string[];
}

/** Rotated files of a log, the oldest first. Undefined: could not be asked. */
export async function listRotated(path: string, ground: SearchGround): Promise<readonly RotatedFile[] | undefined> {
  const stems = [stemOf(path), ...ground.otherStems];
  const stats: FileStat[] = [];
  for (const stem of stems) {
    const listed = await ground.source.list(stem);
    if (listed === undefined) return undefined;
    stats.push(...listed.values());
  }
  return rotatedFiles(stems, stats);
}

/**
 * Index of the newest file whose beginning `matches`; a plain copy counts before a compressed one of the same content.
 * Undefined: none does; `failed`: one could not be looked at now.
 */
export async function findGeneration(
  files: readonly RotatedFile[],
  matches: (beginning: Buffer) => boolean,
  ground: SearchGround,
): Promise<number | undefined | 'failed'> {
  let found: number | undefined;
  for (let at = files.length - 1; at >= 0; at -= 1) {
    const file = files[at]!;
    const head = await ground.heads.of(file, ground.source);
    if (head === undefined) return 'failed';
    if (!matches(head)) {
      if (found !== undefined) break;
      continue;
    }
    if (found === undefined || !file.isCompressed) found = at;
  }
  return found;
}
